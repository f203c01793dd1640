"""A table of how texts are returned: what was sent, what came back, and the name of the difference."""

import pytest

from probe import text
from probe.sample import Compare

SPACED = '{"Id": "a b", "Version": "1"}'


def condition(value: str) -> str:
    return f'{{"Statement": [{{"Condition": {{"Bool": {{"aws:SecureTransport": {value}}}}}}}]}}'


@pytest.mark.parametrize(
    ("compare", "sent", "kept", "answer"),
    [
        (text.id_reading, SPACED, SPACED, "kept"),
        (text.id_reading, SPACED, '{"Version": "1"}', "dropped"),
        (text.id_reading, SPACED, '{"Id": "c"}', "changed"),
        (text.white_space_reading, SPACED, SPACED, "kept"),
        (text.white_space_reading, SPACED, '{"Id":"a b","Version":"1"}', "stripped"),
        (text.white_space_reading, SPACED, '{\n"Id":"a b"}', "changed"),
        (text.key_order_reading, SPACED, SPACED, "kept"),
        (text.key_order_reading, SPACED, '{"Version": "1"}', "kept"),
        (text.key_order_reading, SPACED, '{"Version": "1", "Id": "a b"}', "kept"),
        (text.key_order_reading, '{"a": 1, "b": {"c": 1, "d": 2}}', '{"a": 1, "b": {"d": 2, "c": 1}}', "changed"),
        (text.key_order_reading, '[{"a": 1, "b": 2}]', '[{"b": 2, "a": 1}]', "changed"),
        (text.escapes_reading, "", '"Caf\\u00E9"', "kept"),
        (text.escapes_reading, "", '"Caf\u00e9"', "letter"),
        (text.escapes_reading, "", '"Caf?"', "changed"),
        (text.booleans_reading, "", condition("true"), "kept"),
        (text.booleans_reading, "", condition('"true"'), "string"),
        (text.booleans_reading, "", condition('["true"]'), "changed"),
        (text.booleans_reading, "", "no JSON", "changed"),
    ],
)
def test_it_says_what_became_of_a_text(compare: Compare, sent: str, kept: str, answer: str) -> None:
    assert compare(sent, kept) == answer


@pytest.mark.parametrize("compare", [compare for _, compare in text.COMPARES])
def test_no_text_is_too_strange_for_it(compare: Compare) -> None:
    for kept in ("", "{", "null", "[]", '{"Statement": 1}', '{"Statement": []}', "1e999"):
        compare(SPACED, kept)

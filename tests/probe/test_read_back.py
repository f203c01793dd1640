"""A table of how policies are returned: what was sent, what came back, and the name of the difference."""

import pytest

from probe import read_back, stale
from probe.sample import Compare
from probe.stale import Seen

ROOT = "arn:aws:iam::222222222222:root"


def principal(value: str) -> str:
    return f'{{"Statement": [{{"Principal": {{"AWS": {value}}}}}]}}'


def statement(words: str) -> str:
    return f'{{"Statement": {words}}}'


LISTED = statement('[{"Action": ["a"], "Resource": "r"}]')
TWICE = principal(f'["{ROOT}", "{ROOT}"]')


@pytest.mark.parametrize(
    ("compare", "sent", "kept", "answer"),
    [
        (read_back.lists_reading, LISTED, LISTED, "kept"),
        (read_back.lists_reading, LISTED, statement('[{"Action": "a", "Resource": "r"}]'), "scalars"),
        (read_back.lists_reading, LISTED, statement('[{"Action": ["a"], "Resource": ["r"]}]'), "lists"),
        (read_back.lists_reading, LISTED, statement('[{"Action": "a", "Resource": ["r"]}]'), "changed"),
        (read_back.lists_reading, LISTED, statement('[{"Action": ["a"]}]'), "changed"),
        (read_back.lists_reading, LISTED, statement('{"Action": ["a"], "Resource": "r"}'), "changed"),
        (read_back.version_reading, LISTED, LISTED, "kept"),
        (read_back.version_reading, LISTED, '{"Version": "2008-10-17"}', "default"),
        (read_back.version_reading, LISTED, '{"Version": "2012-10-17"}', "changed"),
        (read_back.twice_reading, TWICE, TWICE, "kept"),
        (read_back.twice_reading, TWICE, principal(f'"{ROOT}"'), "once"),
        (read_back.twice_reading, TWICE, principal(f'["{ROOT}"]'), "once"),
        (read_back.twice_reading, TWICE, principal('["AIDAEXAMPLE"]'), "changed"),
        (read_back.twice_reading, TWICE, "no JSON", "changed"),
        (read_back.account_reading, principal('"222222222222"'), principal('"222222222222"'), "kept"),
        (read_back.account_reading, principal('"222222222222"'), principal(f'"{ROOT}"'), "arn"),
        (read_back.account_reading, principal('"222222222222"'), principal('"AIDAEXAMPLE"'), "changed"),
        (read_back.effect_reading, "", statement('[{"Effect": "allow"}]'), "kept"),
        (read_back.effect_reading, "", statement('[{"Effect": "Allow"}]'), "capital"),
        (read_back.effect_reading, "", statement('[{"Effect": "ALLOW"}]'), "changed"),
        (read_back.lone_reading, "", statement("{}"), "kept"),
        (read_back.lone_reading, "", statement("[{}]"), "list"),
        (read_back.lone_reading, "", "no JSON", "changed"),
    ],
)
def test_it_says_in_which_words_a_policy_came_back(compare: Compare, sent: str, kept: str, answer: str) -> None:
    assert compare(sent, kept) == answer


@pytest.mark.parametrize("compare", [compare for _, compare in read_back.COMPARES])
def test_no_text_is_too_strange_for_it(compare: Compare) -> None:
    for kept in ("", "{", "null", "[]", '{"Statement": 1}', '{"Statement": []}', "1e999"):
        compare(TWICE, kept)


@pytest.mark.parametrize(
    ("seen", "answer"),
    [
        ([], "unanswered"),
        ([Seen(0, is_before=False), Seen(1.1, is_before=False)], "none"),
        ([Seen(0, is_before=True), Seen(1.1, is_before=False)], "three-seconds"),
        # The next server may be further behind than this one.
        ([Seen(0, is_before=False), Seen(1.1, is_before=True), Seen(2.2, is_before=False)], "three-seconds"),
        ([Seen(0, is_before=False), Seen(3.0, is_before=True)], "longer"),
        ([Seen(2.99, is_before=True)], "three-seconds"),
    ],
)
def test_it_says_for_how_long_reads_showed_what_was_before(seen: list[Seen], answer: str) -> None:
    assert stale.stale_reading(seen) == answer

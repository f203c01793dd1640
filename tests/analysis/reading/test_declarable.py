"""What cannot be declared in a template."""

from typing import Any

import pytest

from ses_sending_policy.analysis.reading.declarable import undeclarable
from tests.analysis.findings.examples import MANAGING, SENDING


@pytest.mark.parametrize("document", [*SENDING.values(), *(document for document, _ in MANAGING.values())])
def test_the_examples_of_aws_can_be_declared(document: dict[str, Any]) -> None:
    assert list(undeclarable(document)) == []


@pytest.mark.parametrize(
    "value", ["${aws:username}", "${Name}", "{{name}}", "{{ resolved }}", "$", "\U0001f4e8", "", "it's\n", "#{x}"]
)
def test_a_text_that_stays_one(value: str) -> None:
    assert list(undeclarable({"Condition": [value]})) == []


@pytest.mark.parametrize("value", [14, 1.5, True])
def test_a_number_comes_as_its_text(value: Any) -> None:
    assert list(undeclarable({"Condition": [value]})) == []


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (None, "it has a null, which a template cannot carry"),
        (
            "{{resolve:secretsmanager:prod/db}}",
            "it has '{{resolve:secretsmanager:prod/db}}', which CloudFormation would take for a reference to a secret",
        ),
        ("${Token[TOKEN.1]}", "it has '${Token[TOKEN.1]}', which the CDK would take for a token"),
        ("#{Token[TOKEN.1]}", "it has '#{Token[TOKEN.1]}', which the CDK would take for a token"),
        ("\ud800", r"it has '\ud800', which is not a text: it has half a character"),
        ({"Ref": "Role"}, "it has the key 'Ref', which a template cannot carry"),
        ({"Fn::GetAtt": "Role.Arn"}, "it has the key 'Fn::GetAtt', which a template cannot carry"),
        ({"__proto__": "x"}, "it has the key '__proto__', which a template cannot carry"),
        ({"$jsii.byref": "x"}, "it has the key '$jsii.byref', which a template cannot carry"),
        ({"": "x"}, "it has the key '', which a template cannot carry"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("place", [lambda value: value, lambda value: {"Condition": [{"a": value}]}])
def test_what_would_come_to_ses_as_something_else(value: Any, fault: str, place: Any) -> None:
    assert list(undeclarable(place(value))) == [fault]


def test_a_key_is_a_text_as_well() -> None:
    assert len(list(undeclarable({"a{{resolve:ssm:x}}": {"b${Token[x.1]}": "x"}}))) == 2

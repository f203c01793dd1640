"""What the deploy is assumed to answer, and the fingerprints of its questions."""

from typing import Any, Final

import pytest

from ses_sending_policy.analysis.reading.identities import answered
from ses_sending_policy.analysis.reading.questions import NAMED, DeployQuestion
from ses_sending_policy.analysis.reading.resolver import Evaluation
from ses_sending_policy.analysis.reading.scope import Scope
from ses_sending_policy.rules.document import compact

OPEN: Final = {"Ref": "Open"}
STRING: Final = {"Open": {"Type": "String"}}
NUMBER: Final = {"Open": {"Type": "Number"}}


def asked(what: Any, text: str | None = None, **sections: Any) -> str:
    """Return the fingerprint of a question."""
    scope = Scope(sections) if sections else None
    question = DeployQuestion("Mail", compact(what), text, "IsProd", scope)
    [[told, answer, words]] = answered(Evaluation({question: True}))
    assert (answer, words) == (True, "IsProd")
    assert isinstance(told, str)
    return told


def named(name: str, value: str, of: Any = STRING) -> str:
    """Return the fingerprint of a question that is a condition's name."""
    return asked([NAMED, name], Conditions={name: {"Fn::Equals": [OPEN, value]}}, Parameters=of)


OTHER: Final = {
    "a text": (asked(OPEN, "a", Parameters=STRING), asked(OPEN, "b", Parameters=STRING)),
    "a definition": (asked(OPEN, "a", Parameters=STRING), asked(OPEN, "a", Parameters=NUMBER)),
    "a function": (asked({"Ref": "AWS::Region"}, "a"), asked({"Ref": "AWS::AccountId"}, "a")),
    "a condition's name": (named("Is", "a"), named("Was", "a")),
    "a condition": (named("Is", "a"), named("Is", "b")),
    "what a condition depends on": (named("Is", "a"), named("Is", "a", NUMBER)),
}
SAME: Final = {
    "the value of a function": (asked(OPEN, "a", Parameters=STRING), asked(OPEN, "a", Parameters=STRING)),
    "without a template": (asked(OPEN, "a"), asked(OPEN, "a", Parameters={})),
    "no name of a condition": (
        asked(["else", "Is"], Conditions={"Is": 1}),
        asked(["else", "Is"], Conditions={"Is": 2}),
    ),
    "a condition": (named("Is", "a"), named("Is", "a")),
}


@pytest.mark.parametrize(("one", "other"), OTHER.values(), ids=OTHER)
def test_another_question(one: str, other: str) -> None:
    assert one != other


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_the_same_question(one: str, other: str) -> None:
    assert one == other


def test_without_an_assumption_nothing_is_answered() -> None:
    assert answered(Evaluation()) == ()

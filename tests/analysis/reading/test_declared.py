"""How a declared policy and its stack are named in reports, and the condition that it depends on."""

import pytest

from ses_sending_policy.analysis.reading.declared import Declared, only_if
from ses_sending_policy.analysis.reading.home import Home
from tests.analysis.findings.declare import policy


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("IsProd", "only if IsProd is true at the deploy"),
        ("IsProd and not IsTest", "only if IsProd and not IsTest are true at the deploy"),
    ],
)
def test_when_it_is_so(condition: str, words: str) -> None:
    assert only_if(condition) == words


@pytest.mark.parametrize(
    ("default", "shown"),
    [("plain", "plain"), ("two words", '"two words"'), ("", '""'), ("a,b", '"a,b"'), ("é è", '"é è"')],
)
def test_a_default_is_clear_where_it_ends(default: str, shown: str) -> None:
    assert Declared("Mail", "P", "", "", {}, defaults={"Name": default}).provisos == [
        f"with the default {shown} of parameter Name"
    ]


def test_what_people_call_it() -> None:
    [named] = policy(PolicyName={"Fn::Sub": "${Name}-partner"})
    [nameless] = policy(PolicyName=None)
    assert (named.name, nameless.name) == ("${Name}-partner", "(without a name)")


@pytest.mark.parametrize(
    ("stack", "home", "root"),
    [("Mail/Inner", Home("Mail"), "Mail"), ("Mail", Home(), "Mail"), ("Mail", Home("M"), "M")],
)
def test_the_stack_that_is_deployed_with_it(stack: str, home: Home, root: str) -> None:
    assert Declared(stack, "P", "", "", {}, home=home).root == root

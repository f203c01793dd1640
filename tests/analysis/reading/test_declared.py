"""How a declared policy and its stack are named in reports, and the condition that it depends on."""

import pytest

from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment, only_if
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


EVERYWHERE = KnownEnvironment("aws", "eu-west-1", "111111111111")
IN_REGION, IN_ACCOUNT = KnownEnvironment(region="eu-west-1"), KnownEnvironment(account="111111111111")


@pytest.mark.parametrize(
    ("environment", "sent", "away", "place"),
    [
        (EVERYWHERE, set(), (), ("111111111111", "eu-west-1")),
        (EVERYWHERE, {"account"}, (), ("111111111111", "eu-west-1")),
        (IN_REGION, set(), (), ("App",)),
        (IN_ACCOUNT, set(), (), ("App",)),
        (IN_REGION, {"account"}, ("account ${Who}",), ("App", "Mail", "", "eu-west-1", "account ${Who}")),
        (IN_ACCOUNT, {"account"}, (), ("App", "Mail", "111111111111", "")),
        (KnownEnvironment(), {"region"}, ("region ${Where}",), ("App", "Mail", "", "", "region ${Where}")),
    ],
)
def test_where_it_is(
    environment: KnownEnvironment, sent: set[str], away: tuple[str, ...], place: tuple[str, ...]
) -> None:
    known, unknown = (
        Declared("Mail", "P", name, "", {}, environment, home=Home("App"), sent=frozenset(sent), away=away)
        for name in ("Example.com", "${Name}")
    )
    assert known.place == unknown.place == place
    assert known.identity_key == (*place, "example.com")
    assert unknown.identity_key == ("Mail", *(place if sent else ()), "", '"${Name}"')

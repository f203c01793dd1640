"""If an address loses its last policy, those of its domain count: of which domain, and how certain that is."""

from collections.abc import Sequence
from typing import Any

import pytest

from ses_sending_policy.analysis.grants.difference import difference
from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from tests.analysis.findings.declare import HERE, REF, resource, template
from tests.analysis.grants.changes import ACCOUNT, deny, like, one

NOWHERE = KnownEnvironment()
ELSEWHERE = KnownEnvironment("aws", "eu-west-1", "999999999999")
# What the address's own policy allowed.
ITS = one(Principal={"AWS": "333333333333"})
# A domain, although its text has an "@".
DOMAIN_OF = {"Fn::Select": [1, {"Fn::Split": ["@", {"Ref": "Sender"}]}]}


def on(identity: Any, *statements: Any, stack: str = "Mail", environment: KnownEnvironment = HERE) -> list[Declared]:
    """Return a policy on an identity."""
    # The identity's ARN would tell the stack's account and region.
    whole = [each | {"Resource": "*"} for each in statements]
    return template(stack, environment, P=resource(*whole, EmailIdentity=identity))


def dev(identity: Any, *statements: Any) -> list[Declared]:
    return on(identity, *statements, stack="Dev", environment=NOWHERE)


def prod(identity: Any, *statements: Any) -> list[Declared]:
    return on(identity, *statements, stack="Prod", environment=NOWHERE)


def said(goes: Sequence[Declared], stays: Sequence[Declared], doubtful: Sequence[Declared] = ()) -> list[str]:
    """Return the changes when an address's policy is removed, except that removal itself."""
    found = difference([*goes, *stays, *doubtful], stays, doubtful)
    return [f"{each.kind}, {each.verdict}: {each.identity}" for each in found.changes if each.kind != "removed"]


ADDRESS = "a@news.example.com"
ITS_OWN = on(ADDRESS, ITS)
ITS_OWN_IN_DEV = dev(ADDRESS, ITS)
# One condition with two values, and a condition with each value alone.
ALONE = [{"StringLike": {"ses:FromAddress": each}} for each in ("a*", "b*")]
EITHER = {"Condition": {"StringLike": {"ses:FromAddress": ["a*", "b*"]}}}
# Whoever the domain allows the same keeps it, if SES looks up the policies of the From address.
BY_DOMAIN = [f"narrowed, narrowed: {ADDRESS}"]
SURE, PERHAPS, NOTHING = [f"added, broadened: {ADDRESS}"], [f"added, changed: {ADDRESS}"], list[str]()

CASES: dict[str, tuple[list[Declared], list[Declared], list[str]]] = {
    "its own domain": (ITS_OWN, on("news.example.com", one()), SURE),
    "the domain above": (ITS_OWN, on("example.com", one()), SURE),
    "the nearest of two": (ITS_OWN, [*on("example.com", one()), *on("news.example.com", ITS)], BY_DOMAIN),
    "its domain, and another": (ITS_OWN, [*on("example.com", ITS), *on("b.example", one())], BY_DOMAIN),
    "another domain": (ITS_OWN, on("b.example", one()), NOTHING),
    "its domain in another account": (ITS_OWN, on("example.com", one(), environment=ELSEWHERE), NOTHING),
    "another address": (ITS_OWN, on("b@news.example.com", one()), NOTHING),
    "its domain in a stack that may be elsewhere": (ITS_OWN_IN_DEV, prod("example.com", one()), PERHAPS),
    "what is denied there may be no more here": (ITS_OWN_IN_DEV, prod("example.com", deny()), NOTHING),
    "an effect that only the deploy knows": (ITS_OWN_IN_DEV, prod("example.com", one(Effect=REF)), PERHAPS),
    "a domain that only the deploy knows": (ITS_OWN, on(REF, one()), PERHAPS),
    "one that may be nearer": (ITS_OWN, [*on("example.com", ITS), *on(REF, one())], [*PERHAPS, *BY_DOMAIN]),
    "none behind the nearest, whatever may be there": (
        ITS_OWN,
        [*on("news.example.com", ITS), *on("example.com", one()), *on(REF, ITS)],
        BY_DOMAIN,
    ),
    "a subdomain has the domain above": (
        on("news.example.com", ITS),
        on("example.com", one()),
        ["added, broadened: news.example.com"],
    ),
    "a domain has none that only the deploy knows": (on("example.com", ITS), on(REF, one()), NOTHING),
}


@pytest.mark.parametrize("name", CASES)
def test_whose_policies_hold_for_an_address_without_one(name: str) -> None:
    goes, stays, expected = CASES[name]
    assert said(goes, stays) == expected


UNNAMED = {"Ref": "Other"}
OF_UNNAMED: dict[str, tuple[Any, Any, list[str]]] = {
    "any domain": (UNNAMED, "example.com", ["${Other}"]),
    "one that only the deploy knows": (UNNAMED, REF, ["${Other}"]),
    "a domain, though there is an @ in its words": (
        UNNAMED,
        DOMAIN_OF,
        ["${Other}"],
    ),
    "no address": (UNNAMED, "a@example.com", []),
    "no address with a name that only the deploy knows": (UNNAMED, {"Fn::Sub": "${Parameter}@example.com"}, []),
    "the one that it ends with": ({"Fn::Sub": "${Other}@example.com"}, "example.com", ["${Other}@example.com"]),
    "one of its parts": ({"Fn::Sub": "${Other}${Parameter}"}, REF, ["${Other}${Parameter}"]),
}


@pytest.mark.parametrize("name", OF_UNNAMED)
def test_whose_policies_may_hold_for_what_may_be_an_address(name: str) -> None:
    goes, stays, expected = OF_UNNAMED[name]
    assert said(on(goes, ITS), on(stays, one())) == [f"added, changed: {each}" for each in expected]


def test_the_domain_behind_the_at_is_its_domain_though_only_the_deploy_knows_both() -> None:
    address = on({"Fn::Sub": "${Other}@${Parameter}"}, ITS)
    assert said(address, on(REF, one())) == ["added, broadened: ${Other}@${Parameter}"]


def test_a_policy_of_the_domain_that_may_stay_may_hold() -> None:
    assert said(ITS_OWN, [], on("example.com", one())) == PERHAPS


def test_a_policy_of_the_address_that_may_stay_may_hide_the_domain_s() -> None:
    again = on(ADDRESS, one(Principal={"Service": "ses.amazonaws.com"}))
    assert said(ITS_OWN, on("example.com", one()), again) == PERHAPS


def test_a_policy_of_the_domain_that_may_stay_beside_one_that_does() -> None:
    domain = on("example.com", ITS)
    assert said(ITS_OWN, domain, on("example.com", one(), stack="Other")) == [*PERHAPS, *BY_DOMAIN]


def test_what_others_already_had_at_the_address_is_not_new() -> None:
    assert said(on(ADDRESS, one(Principal=ACCOUNT)), on("example.com", one())) == BY_DOMAIN
    assert said(on(ADDRESS, like("a@news.example.com")), on("example.com", one())) == [f"changed, broadened: {ADDRESS}"]


def test_an_address_s_policy_that_allows_nothing_takes_away_what_its_domain_s_allows() -> None:
    domain, dead = on("example.com", one()), on(ADDRESS, one(Condition={"Null": {"aws:CurrentTime": "true"}}))
    found = difference(domain, [*domain, *dead])
    assert [f"{each.kind}, {each.verdict}" for each in found.changes] == ["removed, narrowed"]


def test_a_denial_that_its_domain_alone_still_has_may_be_gone() -> None:
    """The sender may name the address's own ARN, which then has no policy."""
    domain = on("example.com", deny())
    assert difference([*on(ADDRESS, deny()), *domain], domain).verdict == "changed"


def under(*names: str) -> list[Declared]:
    """Return a domain's policy, and policies of its address that each depend on a condition."""
    policies = {
        name: resource(ITS | {"Resource": "*"}, EmailIdentity=ADDRESS, PolicyName=name) | {"Condition": name}
        for name in names
    }
    return template(more=policies, D=resource(one(Resource="*"), EmailIdentity="news.example.com"))


@pytest.mark.parametrize("names", [("IsProd",), ("IsProd", "IsEurope")])
def test_one_more_policy_under_a_condition_hides_the_domain_s_more_often(names: tuple[str, ...]) -> None:
    fewer, more = under(*names), under(*names, "IsBig")
    hidden, shown = (
        [each.verdict for each in difference(*sides).changes if "by the policy of news" in each.sentence]
        for sides in ((fewer, more), (more, fewer))
    )
    assert (hidden, shown) == (["narrowed"], ["broadened"])


def test_a_denial_of_the_domain_in_other_words_hides_what_it_hid() -> None:
    """AWS lists no From address for some actions, so it is unclear on both sides whether SES finds the domain."""

    def of(*domain: Any) -> list[Declared]:
        policies = {"P": resource(ITS | {"Resource": "*"}, EmailIdentity=ADDRESS) | {"Condition": "IsProd"}}
        whole = [each | {"Resource": "*", "Action": "*"} for each in domain]
        return template(more=policies, D=resource(*whole, EmailIdentity="news.example.com"))

    whole, parts = of(deny(**EITHER)), of(*(deny(**{**EITHER, "Condition": each}) for each in ALONE))
    assert difference(whole, parts).verdict == difference(parts, whole).verdict == "unchanged"
    assert difference(whole, of(deny(Condition=ALONE[0]))).verdict == "changed"


def test_a_denial_that_may_hold_on_both_sides_may_hold_for_a_witness() -> None:
    """What may be the nearest domain denies mail without a display name, and may allow somebody else."""
    named = deny(Resource="*", Condition={"StringNotLike": {"ses:FromDisplayName": "News"}})
    stays = on(REF, named, stack="Nearer")
    address = template(P=resource(ITS | {"Resource": "*"}, EmailIdentity=ADDRESS) | {"Condition": "IsProd"})
    after = [*on("example.com", one(), stack="Domain"), *on({"Ref": "Other"}, ITS, stack="Other")]
    found = difference([*address, *stays], [*address, *stays, *after])
    [witness] = [each.witness for each in found.changes if each.identity == ADDRESS and each.witness]
    assert witness.keys["ses:FromDisplayName"] == "News"

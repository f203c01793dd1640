"""Stacks that may be in the same place, and policies that may stay: what is certainly new, and what perhaps."""

from typing import Any

import pytest

from ses_sending_policy.analysis.grants.difference import Difference, difference, with_witnesses
from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from tests.analysis.findings.declare import HERE, REF, resource, template
from tests.analysis.grants.changes import BOTH, JANE, deny, like, one

NOWHERE = KnownEnvironment()
EVERYBODY = one(Principal="*", Action="ses:*")
THERE = KnownEnvironment("aws", "eu-west-1", "999999999999")


def of(stack: str, *statements: Any, at: KnownEnvironment = NOWHERE, **properties: Any) -> list[Declared]:
    # The identity's ARN would tell the stack's account and region.
    whole = [each | {"Resource": "*"} for each in statements]
    return template(stack, at, P=resource(*whole, **properties))


def mail(*statements: Any) -> list[Declared]:
    return of("Mail", *statements, at=HERE)


def told(found: Difference) -> list[str]:
    return [f"{each.kind}, {each.verdict}" for each in found.changes]


SURE, PERHAPS = ["added, broadened"], ["added, changed"]

# The policy of another stack, the new one of this stack, and the expected changes.
ELSEWHERE: dict[str, tuple[list[Declared], list[Declared], list[str]]] = {
    "the same": (of("Dev", one()), of("Prod", one()), PERHAPS),
    "the same, in a place that is known": (of("Dev", one(), at=HERE), of("Prod", one()), PERHAPS),
    "more": (of("Dev", one()), of("Prod", like("a@example.com")), PERHAPS),
    "less": (of("Dev", like("a@example.com")), of("Prod", one()), SURE),
    "the same for somebody else": (of("Dev", one(Principal=JANE)), of("Prod", one()), SURE),
    "the same in another account": (of("Dev", one(), at=HERE), of("Prod", one(), at=THERE), SURE),
    "the same at another identity": (of("Dev", one(), EmailIdentity="b.example"), of("Prod", one()), SURE),
    "the same at what is called the same": (
        of("Dev", one(), EmailIdentity=REF),
        of("Prod", one(), EmailIdentity=REF),
        SURE,
    ),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_another_stack_has_that_may_be_in_the_same_place(name: str) -> None:
    there, comes, expected = ELSEWHERE[name]
    assert told(difference(there, [*there, *comes])) == expected


def test_a_denial_that_another_stack_keeps_may_hold_here() -> None:
    dev, prod = of("Dev", deny()), of("Prod", EVERYBODY)
    assert told(difference([*dev, *of("Prod", EVERYBODY, deny())], [*dev, *prod])) == ["removed, changed"]
    more = of("Prod", EVERYBODY, deny(Principal="*"))
    assert told(difference([*dev, *more], [*dev, *prod])) == ["removed, broadened"]


def test_what_may_be_there_and_was_not_is_perhaps_new() -> None:
    here = of("Mail", one(), at=HERE)
    assert told(difference([], [], here)) == PERHAPS
    assert told(difference([], of("Mail", one(Effect=REF), at=HERE))) == PERHAPS
    assert told(difference([], [], of("Mail", one(Effect=REF), at=HERE))) == PERHAPS


def test_what_is_there_for_sure_is_new_whatever_else_may_be() -> None:
    here = of("Mail", one(), at=HERE)
    assert told(difference([], here, here)) == SURE


def test_what_may_be_denied_is_no_more_denied_for_sure() -> None:
    denied = of("Mail", deny(), at=HERE)
    assert told(difference(denied, [], denied)) == ["removed, changed"]
    assert told(difference([], [], denied)) == []


def other(*statements: Any) -> list[Declared]:
    return of("Other", *statements, at=HERE)


OPEN, LESS = mail(EVERYBODY), mail(EVERYBODY, deny())
# The policies before, the policies after, those that may stay as well, and the expected changes.
WHATEVER_STAYS: dict[str, tuple[list[Declared], list[Declared], list[Declared], list[str]]] = {
    "a denial that may stay elsewhere": (LESS, OPEN, other(deny()), ["removed, changed"]),
    "a larger one": (LESS, OPEN, other(deny(Principal="*")), ["removed, changed"]),
    "a part of it": (LESS, OPEN, other(deny(Principal=JANE)), ["removed, broadened"]),
    "a denial that may stay of what is new": ([], mail(one()), other(deny()), PERHAPS),
    "one of somebody else": ([], mail(one()), other(deny(Principal={"AWS": "333333333333"})), SURE),
    "a grant that may stay of what is denied no longer": (
        mail(deny()),
        [],
        other(one()),
        [*PERHAPS, "removed, changed"],
    ),
}


@pytest.mark.parametrize("name", WHATEVER_STAYS)
def test_what_is_surely_new_is_so_whatever_stays(name: str) -> None:
    before, after, may_stay, expected = WHATEVER_STAYS[name]
    assert told(difference(before, after, may_stay)) == expected


def test_sides_may_be_read_but_once() -> None:
    before, after, more = of("Mail", one()), of("Mail", one()), of("Mail", one(Principal={"AWS": "333333333333"}))
    assert told(difference(iter(before), iter(after), iter(more))) == PERHAPS


def test_what_a_default_shows_to_be_new_stands_beside_what_is_proven() -> None:
    new = difference([], mail(one()))
    less = difference(mail(one()), [])
    other = difference(mail(like("a@b.c")), mail(like("b@b.c")))
    assert told(with_witnesses(less, new)) == ["added, broadened", "removed, narrowed"]
    assert told(with_witnesses(other, new)) == ["added, broadened", "changed, changed"]
    assert told(with_witnesses(new, less)) == ["added, broadened"]
    assert isinstance(with_witnesses(less, new).changes, tuple)


def test_what_is_proven_is_not_told_a_second_time() -> None:
    new, narrower = difference([], mail(one())), difference([], mail(like("a@example.com")))
    assert with_witnesses(new, narrower) == new
    # Only what is certainly new is reported already.
    no_longer = difference(mail(EVERYBODY, deny(Action=BOTH)), mail(EVERYBODY))
    assert told(with_witnesses(difference(mail(one()), []), no_longer)) == [
        "removed, broadened",
        "removed, narrowed",
    ]
    elsewhere = difference([], of("Other", one(), at=HERE))
    assert told(with_witnesses(new, elsewhere)) == ["added, broadened", "added, broadened"]
    laxer = difference(mail(EVERYBODY, deny()), mail(EVERYBODY))
    assert told(with_witnesses(laxer, difference([], mail(deny(Effect="Allow"))))) == [
        "added, broadened",
        "removed, broadened",
    ]

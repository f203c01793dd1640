"""Which live statement is compared with which declared one, and what is said of those that are left."""

from itertools import permutations
from typing import Any

import pytest

from tests.rules.test_differences import ACCOUNT, BASE, DENIAL, SERVICE, from_addresses, told, without

MANY: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]], list[str]]] = {
    "one more": (
        [BASE, DENIAL],
        [BASE],
        ["Deny statement for everybody is live and not declared: 'Deny' 'ses:SendEmail' and 'ses:SendRawEmail'"],
    ),
    "for principals of two kinds": (
        [BASE, SERVICE | {"Principal": {"Service": "ses.amazonaws.com", "AWS": "333333333333"}}],
        [BASE],
        [
            (
                "statement for account 333333333333 and service 'ses.amazonaws.com' is live and not declared: "
                "'Allow' 'ses:SendBounce'"
            )
        ],
    ),
    "an empty list on both sides": (
        [BASE | {"Resource": [], "Action": "ses:SendBounce"}],
        [BASE | {"Resource": [], "Action": "ses:SendEmail"}],
        [f"{ACCOUNT}: Action is 'ses:SendBounce' live and 'ses:SendEmail' declared"],
    ),
    "each beside its like": (
        [BASE | from_addresses("a@example.com"), DENIAL | from_addresses("c@example.com"), SERVICE],
        [SERVICE, DENIAL | {"Sid": "Other"}, BASE],
        [
            (
                "Deny statement for everybody: StringEquals ses:FromAddress is 'c@example.com' live "
                "and 'b@example.com' declared"
            ),
            f"{ACCOUNT}: StringEquals ses:FromAddress is 'a@example.com' live and 'b@example.com' declared",
        ],
    ),
    "the same account twice": (
        [BASE, BASE | {"Action": "ses:SendBounce"} | from_addresses("c@example.com")],
        [BASE | {"Action": "ses:SendBounce"}, BASE | from_addresses("a@example.com")],
        [
            f"{ACCOUNT}: StringEquals ses:FromAddress is 'b@example.com' live and 'a@example.com' declared",
            f"{ACCOUNT}: StringEquals ses:FromAddress is 'c@example.com' live and 'b@example.com' declared",
        ],
    ),
    "one for two": (
        [BASE | from_addresses("a@example.com"), BASE | {"Action": "ses:SendBounce"}],
        [BASE],
        [
            f"{ACCOUNT} is live and not declared: 'Allow' 'ses:SendBounce'",
            f"{ACCOUNT}: StringEquals ses:FromAddress is 'a@example.com' live and 'b@example.com' declared",
        ],
    ),
    "one of many accounts, and the account": (
        [BASE | from_addresses("a@example.com")],
        [BASE | from_addresses("a@example.com") | {"Principal": {"AWS": ["222222222222", "1", "2", "3"]}}, BASE],
        [
            (
                "statement for '1', '2', '3' and 1 more is declared and not live: "
                "'Allow' 'ses:SendEmail' and 'ses:SendRawEmail'"
            ),
            f"{ACCOUNT}: StringEquals ses:FromAddress is 'a@example.com' live and 'b@example.com' declared",
        ],
    ),
    "an account into a list": (
        [BASE | {"Principal": {"AWS": ["222222222222", "333333333333"]}}],
        [BASE | {"Principal": {"AWS": "444444444444"}}, BASE],
        [
            f"{ACCOUNT}: Principal AWS has account 333333333333 live and not declared",
            (
                "statement for account 444444444444 is declared and not live: "
                "'Allow' 'ses:SendEmail' and 'ses:SendRawEmail'"
            ),
        ],
    ),
}


@pytest.mark.parametrize(("live", "declared", "sentences"), MANY.values(), ids=MANY)
def test_many_statements(live: list[Any], declared: list[Any], sentences: list[str]) -> None:
    for there in permutations(live):
        for here in permutations(declared):
            assert sorted(told(list(there), list(here))) == sentences


def accounts(*numbers: int) -> dict[str, Any]:
    return {"AWS": [f"{number:012}" for number in numbers]}


# A live statement, the declared one that is most similar by one element, and another declared one that is less similar.
ALIKE: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "NotPrincipal counts more than the action and the effect": (
        {"Effect": "Allow", "NotPrincipal": accounts(1), "Action": "ses:SendEmail", "Resource": "r"},
        {"Effect": "Deny", "NotPrincipal": accounts(1), "Action": "ses:SendBounce", "Resource": "s"},
        {"Effect": "Allow", "NotPrincipal": accounts(2), "Action": "ses:SendEmail", "Resource": "r"},
    ),
    "NotAction counts more than the effect and few of the accounts": (
        {"Effect": "Allow", "Principal": accounts(1, 2, 3, 4), "NotAction": "ses:SendEmail", "Resource": "r"},
        {"Effect": "Deny", "Principal": accounts(9), "NotAction": "ses:SendEmail", "Resource": "s"},
        {"Effect": "Allow", "Principal": accounts(1, 5, 6, 7), "NotAction": "ses:SendBounce", "Resource": "r"},
    ),
    "the more of the accounts, the more similar": (
        without("Effect") | {"Principal": accounts(1, 2, 3, 4)},
        {"Effect": "Deny", "Principal": accounts(1, 2, 9)},
        {"Effect": "Allow", "Principal": accounts(1)},
    ),
    "the effect counts more than two others": (
        BASE | {"Principal": accounts(1, 2, 3, 4)},
        {"Effect": "Allow", "Principal": accounts(1, 5, 6, 7), "Action": "ses:SendBounce", "Resource": "s"},
        BASE | {"Effect": "Deny", "Principal": accounts(1, 5, 6, 7), "Action": "ses:SendBounce"},
    ),
}


@pytest.mark.parametrize(("live", "like", "unlike"), ALIKE.values(), ids=ALIKE)
def test_the_most_similar_are_compared(live: dict[str, Any], like: dict[str, Any], unlike: dict[str, Any]) -> None:
    for declared in ([like, unlike], [unlike, like]):
        sentences = told([live], declared)
        assert like["Effect"] != unlike["Effect"]
        assert [each for each in sentences if f"is declared and not live: '{unlike['Effect']}'" in each]
        assert not [each for each in sentences if f"is declared and not live: '{like['Effect']}'" in each]

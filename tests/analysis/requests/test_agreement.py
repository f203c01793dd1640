"""Keys that describe the same caller, source or network, and how contradicting values are made to agree."""

from collections.abc import Mapping
from typing import Any

import pytest

from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.agreement import agree
from ses_sending_policy.analysis.requests.key_condition import Assumptions, comparison
from ses_sending_policy.analysis.requests.keys import Presence
from ses_sending_policy.analysis.requests.pattern import like
from ses_sending_policy.analysis.requests.solution import Domain, Requirement, Values

ASSUMED = Assumptions(references_differ=True)
PRINCIPAL, SOURCE = ("aws:principalarn", "aws:principalaccount"), ("aws:sourcearn", "aws:sourceaccount")
ONE, OTHER = "222222222222", "333333333333"
JANE = "arn:aws:iam::222222222222:user/Jane"
TOPIC = "arn:aws:sns:eu-west-1:222222222222:topic"


def asked(key: str, operator: str, *values: str) -> frozenset[Requirement]:
    """Return the only requirement about a key."""
    return frozenset({(comparison(Condition("", operator, key, values), values, ASSUMED, has_variables=False), True)})


def agreed(
    values: Mapping[str, Values | None], **requirements: frozenset[Requirement]
) -> dict[str, Values | None] | None:
    """Return the values after they were made to agree, or None if they cannot be."""
    found = dict(values)
    of_keys = {f"aws:{key}": each for key, each in requirements.items()}
    is_so = agree(of_keys, found, lambda _: Domain(Presence.ALWAYS), ASSUMED)
    assert is_so in (True, False)
    return found if is_so else None


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"aws:sourceip": ("10.0.0.1",)},
        {
            "aws:sourceip": (),
            "aws:sourcevpce": ("vpce-1",),
            "aws:sourcevpc": ("vpc-1",),
            "aws:vpcsourceip": ("10.0.0.1",),
        },
        {"aws:sourceip": ("10.0.0.1",), "aws:sourcevpc": (), "aws:sourcevpce": None, "aws:vpcsourceip": ()},
        {"aws:username": ("Jane",), "aws:principalarn": (JANE,)},
        {"aws:username": ("Jane",), "aws:principalarn": ("arn:aws:iam::222222222222:user/path/Jane",)},
        {"aws:username": ("Jane",)},
        {"aws:username": (), "aws:principalarn": (JANE,)},
        {"aws:principalarn": (JANE,)},
        {"aws:principalarn": (JANE,), "aws:principalaccount": (ONE,)},
        {"aws:principalarn": (JANE,), "aws:principalaccount": None},
        {"aws:principalaccount": (ONE,)},
        {"aws:sourcearn": ("arn:aws:s3:::bucket",), "aws:sourceaccount": (ONE,)},
        {"aws:sourcearn": (TOPIC,), "aws:sourceaccount": (ONE,)},
        {"aws:sourcearn": ("no ARN",), "aws:sourceaccount": (ONE,)},
    ],
    ids=str,
)
def test_what_agrees_is_left_as_it_is(values: dict[str, Values | None]) -> None:
    assert agreed(values) == values


@pytest.mark.parametrize("key", ["aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"])
def test_a_request_comes_from_an_address_or_out_of_a_network_of_its_own(key: str) -> None:
    assert agreed({"aws:sourceip": ("10.0.0.1",), key: ("x",)}) is None


def test_a_user_has_one_name() -> None:
    assert agreed({"aws:username": ("Joe",), "aws:principalarn": (JANE,)}) is None


@pytest.mark.parametrize(("arn", "account"), [PRINCIPAL, SOURCE])
@pytest.mark.parametrize(
    ("of_arn", "of_account", "made"),
    [
        # No other condition: the ARN follows the account.
        ((), (), ("arn::::333333333333:", OTHER)),
        (("ArnLike", "arn:aws:iam::*:user/*"), ("StringEquals", OTHER), ("arn:aws:iam::333333333333:user/", OTHER)),
        # If the ARN cannot be in another account, the account follows the ARN.
        (("ArnLike", "arn:aws:iam::222222222222:*"), ("StringLike", "*"), (JANE, ONE)),
        (("ArnLike", "arn:aws:iam::222222222222:*"), ("StringNotEquals", OTHER), (JANE, ONE)),
        # Neither can change.
        (("ArnLike", "arn:aws:iam::222222222222:*"), ("StringEquals", OTHER), None),
    ],
)
def test_an_arn_and_its_account_are_made_one(arn: str, account: str, of_arn: Any, of_account: Any, made: Any) -> None:
    requirements = {
        key.removeprefix("aws:"): asked(key, *asks) for key, asks in ((arn, of_arn), (account, of_account)) if asks
    }
    found = agreed({arn: (JANE,), account: (OTHER,)}, **requirements)
    assert found == (None if made is None else {arn: (made[0],), account: (made[1],)})


@pytest.mark.parametrize(
    ("arns", "accounts", "made"),
    [
        ("arn:aws:iam::*:user/?*", "*", ("arn:aws:iam::333333333333:user/x", OTHER)),
        ("arn:aws:iam::222222222222:user/J*", "*", (JANE, ONE)),
        ("arn:aws:iam::222222222222:user/J*", OTHER, None),
    ],
)
def test_each_key_stays_what_it_may_be(arns: str, accounts: str, made: Any) -> None:
    values: dict[str, Values | None] = {"aws:principalarn": (JANE,), "aws:principalaccount": (OTHER,)}
    domains = dict(
        zip(values, (Domain(Presence.ALWAYS, patterns=(like(each),)) for each in (arns, accounts)), strict=True)
    )
    is_so = agree({}, values, domains.__getitem__, ASSUMED)
    assert (tuple(each[0] for each in values.values() if each) if is_so else None) == made

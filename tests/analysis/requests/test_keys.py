"""Which callers' requests have a condition key, and how many values it has."""

from collections.abc import Callable

import pytest

from ses_sending_policy.analysis.requests.keys import (
    TIME,
    Count,
    Key,
    Presence,
    is_documented,
    is_unlisted,
    key_of,
    one_name,
)
from ses_sending_policy.rules.actions import MESSAGE_KEYS, V2_KEYS
from ses_sending_policy.rules.condition_keys import GLOBAL_KEYS

ALWAYS, PERHAPS, NEVER = Presence.ALWAYS, Presence.PERHAPS, Presence.NEVER
SEND = "ses:sendemail"


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("AWS:SourceIp", "aws:sourceip"),
        ("aws:CurrentTime", TIME),
        ("aws:EpochTime", TIME),
        ("aws:PrincipalTag/Team", "aws:principaltag/Team"),
        ("aws:PrincipalTag/A/B", "aws:principaltag/A/B"),
    ],
)
def test_one_name_of_a_key(key: str, name: str) -> None:
    assert one_name(key) == name


@pytest.mark.parametrize(
    ("name", "action", "key"),
    [
        ("aws:principalarn", SEND, Key(ALWAYS, NEVER)),
        ("aws:username", SEND, Key(PERHAPS, NEVER)),
        ("aws:principaltag/team", SEND, Key(PERHAPS, NEVER)),
        ("aws:principalorgpaths", SEND, Key(PERHAPS, NEVER, Count.MANY)),
        ("aws:sourcearn", SEND, Key(NEVER, PERHAPS)),
        ("aws:sourceorgpaths", SEND, Key(NEVER, PERHAPS, Count.MANY)),
        ("aws:principalservicename", SEND, Key(NEVER, ALWAYS)),
        ("aws:principalservicenameslist", SEND, Key(NEVER, ALWAYS, Count.MANY)),
        (TIME, SEND, Key(ALWAYS, ALWAYS)),
        ("aws:sourceip", SEND, Key()),
        ("aws:tagkeys", SEND, Key(count=Count.MANY)),
        ("ses:fromaddress", SEND, Key(ALWAYS, ALWAYS)),
        ("ses:recipients", SEND, Key(count=Count.MANY)),
        ("ses:feedbackaddress", SEND, Key()),
        ("ses:fromaddress", "ses:deleteemailidentity", Key(NEVER, NEVER)),
        ("ses:recipients", "ses:tagresource", Key(NEVER, NEVER, Count.MANY)),
        ("aws:sourceip", "ses:deleteemailidentity", Key()),
        ("ses:fromaddress", "ses:other", Key()),
        ("a:b", SEND, Key(count=Count.MANY)),
    ],
)
def test_what_is_known_of_a_key(name: str, action: str, key: Key) -> None:
    assert key_of(name, action) == key


def test_a_key_that_aws_tells_of() -> None:
    assert is_documented("aws:sourceip")
    assert is_documented("aws:principaltag/x")
    assert not any(map(is_documented, ("aws:principaltag", "a:b", "aws:sourceip/x")))


def test_every_key_of_a_request_is_one_that_aws_tells_of() -> None:
    keys = GLOBAL_KEYS | MESSAGE_KEYS | V2_KEYS
    assert [key for key in keys if not is_documented(one_name(key))] == []


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
_OF_PRINCIPALS = """
    AssumedRoot CalledVia CalledViaFirst CalledViaLast ChatbotSourceArn Ec2InstanceSourcePrivateIPv4
    Ec2InstanceSourceVpc FederatedProvider MultiFactorAuthAge MultiFactorAuthPresent PrincipalAccount PrincipalArn
    PrincipalOrgID PrincipalOrgPaths PrincipalTag/ SourceIdentity TokenIssueTime userid username
"""
_OF_SERVICES = """
    PrincipalServiceName PrincipalServiceNamesList SourceAccount SourceArn SourceOrgID SourceOrgPaths SourceOwner
"""
_ALWAYS_OF_ALL = "CurrentTime EpochTime PrincipalIsAWSService ResourceAccount SecureTransport"
_LISTS = """
    CalledVia PrincipalOrgPaths PrincipalServiceNamesList ResourceOrgPaths SourceOrgPaths TagKeys VpceOrgPaths
"""


@pytest.mark.parametrize(
    ("has", "names"),
    [
        (lambda key: key.service is NEVER, _OF_PRINCIPALS),
        (lambda key: key.aws is NEVER, _OF_SERVICES),
        (lambda key: key.aws is ALWAYS, f"{_ALWAYS_OF_ALL} PrincipalAccount PrincipalArn PrincipalType userid"),
        (lambda key: key.service is ALWAYS, f"{_ALWAYS_OF_ALL} PrincipalServiceName PrincipalServiceNamesList"),
        (lambda key: key.count is Count.MANY, _LISTS),
    ],
    ids=["no service's", "services'", "always there", "always a service's", "lists"],
)
def test_which_keys_of_all_services_are_so(has: Callable[[Key], bool], names: str) -> None:
    found = {key for key in GLOBAL_KEYS if has(key_of(one_name(key), SEND))}
    assert found == {f"aws:{name}" for name in names.split()}


@pytest.mark.parametrize(
    ("name", "action", "is_so"),
    [
        ("ses:fromaddress", SEND, False),
        ("ses:fromdisplayname", "ses:sendbulkemail", True),
        ("ses:fromdisplayname", "ses:sendrawemail", False),
        ("ses:fromdisplayname", "ses:senddkim", True),
        ("ses:tenantname", "ses:sendrawemail", False),
        ("aws:sourceip", "ses:sendbulkemail", False),
        ("ses:fromdisplayname", "ses:deleteemailidentity", False),
    ],
)
def test_a_key_of_messages_that_aws_does_not_list(name: str, action: str, *, is_so: bool) -> None:
    assert is_unlisted(name, action) is is_so

"""Whose requests carry a condition key, and how many values it has."""

import pytest

from ses_sending_policy.analysis.requests.keys import TIME, Count, Key, Presence, is_documented, key_of, one_name

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

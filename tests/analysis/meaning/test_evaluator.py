"""The evaluator against what AWS's pages say of their own examples, and against itself."""

from itertools import product
from random import Random
from typing import Any, Final

import pytest

from tests.analysis.meaning.aws_reading import JANE, AwsReading, aws_readings
from tests.analysis.meaning.callers import Caller
from tests.analysis.meaning.evaluator import OWNER, Policy, Request, is_allowed, judge
from tests.analysis.meaning.every_request import ACTIONS, CALLERS, Side, said, space
from tests.analysis.meaning.identities import covers
from tests.analysis.meaning.keys import MAILS, is_there
from tests.analysis.meaning.pairs import pair

PARTNER: Final = "222222222222"
COGNITO: Final = "cognito-idp.amazonaws.com"
POOL: Final = "arn:aws:cognito-idp:us-east-1:222222222222:userpool/your-user-pool-id-goes-here"


def policy(principal: Any, condition: Any = None, *, effect: str = "Allow", **others: Any) -> Policy:
    """Return a policy of one statement."""
    statement = {"Effect": effect, "Principal": principal, "Action": others.get("action", ["ses:SendEmail"])}
    document = {
        "Version": others.get("version", "2012-10-17"),
        "Statement": [statement | {"Condition": condition or {}}],
    }
    return Policy(OWNER, others.get("identity", "example.com"), document)


def request(name: str = JANE, *, own_iam: bool = True, **keys: Any) -> dict[str, Any]:
    """Return a request as a witness describes it."""
    kind = "Service" if name.endswith("amazonaws.com") else "AWS"
    has = {"ses:FromAddress": "sender@example.com"} | {key.replace("__", ":"): value for key, value in keys.items()}
    account = name.split(":")[4] if kind == "AWS" else ""
    caller = {"kind": kind, "name": name, "account": account, "own_iam": own_iam}
    return {"caller": caller, "action": "ses:SendEmail", "identity": "example.com", "keys": has}


ADMIN: Final = f"arn:aws:iam::{OWNER}:user/Admin"
SESSION: Final = "arn:aws:sts::333333333333:assumed-role/Sender/deploy"
_FROM: Final = {"StringLike": {"ses:FromAddress": "${aws:username}@example.com"}}
_OF_POOL: Final = {"StringEquals": {"aws:SourceAccount": PARTNER, "aws:SourceArn": POOL}}
_ORGANIZATION: Final = {"StringEquals": {"aws:PrincipalOrgID": "o-xxxxxxxxxxx"}}

# What a request may do, quoted from AWS or derived from it.
ALLOWED: Final[list[tuple[str, Policy, dict[str, Any], bool]]] = [
    ("an account's user", policy({"AWS": PARTNER}), request(), True),
    ("another account's user", policy({"AWS": "333333333333"}), request(), False),
    (
        "marketing+.*@example.com is like marketing+.x@example.com",
        policy({"AWS": PARTNER}, {"StringLike": {"ses:FromAddress": "marketing+.*@example.com"}}),
        request(ses__FromAddress="marketing+.x@example.com"),
        True,
    ),
    (
        "Marketing without wildcards is not like Our Marketing",
        policy({"AWS": PARTNER}, {"StringLike": {"ses:FromDisplayName": "Marketing"}}),
        request(ses__FromDisplayName="Our Marketing"),
        False,
    ),
    (
        "*admin*example.com disallows admin+1@example.com",
        policy({"AWS": PARTNER}, {"StringNotLike": {"ses:FromAddress": "*admin*example.com"}}),
        request(ses__FromAddress="admin+1@example.com"),
        False,
    ),
    ("Cognito for a pool", policy({"Service": COGNITO}, _OF_POOL), request(COGNITO, aws__SourceArn=POOL), False),
    (
        "Cognito for a pool of an account",
        policy({"Service": COGNITO}, _OF_POOL),
        request(COGNITO, aws__SourceArn=POOL, aws__SourceAccount=PARTNER),
        True,
    ),
    ("a member of the organization", policy("*", _ORGANIZATION), request(aws__PrincipalOrgID="o-xxxxxxxxxxx"), True),
    ("somebody of no organization", policy("*", _ORGANIZATION), request(), False),
    ("a variable", policy("*", _FROM), request(aws__username="Jane", ses__FromAddress="Jane@example.com"), True),
    (
        "no variable under 2008-10-17",
        policy("*", _FROM, version="2008-10-17"),
        request(aws__username="Jane", ses__FromAddress="Jane@example.com"),
        False,
    ),
    ("a variable without a value", policy("*", _FROM), request(SESSION), False),
    ("a session by its role", policy({"AWS": "arn:aws:iam::333333333333:role/Sender"}), request(SESSION), True),
    ("a session by another's name", policy({"AWS": f"{SESSION}s"}), request(SESSION), False),
    ("an own user by its own IAM", policy({"AWS": PARTNER}), request(ADMIN), True),
    ("an own user without IAM", policy({"AWS": OWNER}), request(ADMIN, own_iam=False), False),
    ("an own user that is named", policy({"AWS": ADMIN}), request(ADMIN, own_iam=False), True),
    ("an own user that is denied", policy({"AWS": ADMIN}, effect="Deny"), request(ADMIN), False),
    (
        "a missing key and a negation",
        policy("*", {"StringNotEquals": {"aws:PrincipalOrgID": "o-xxxxxxxxxxx"}}),
        request(),
        True,
    ),
    (
        "a missing key and IfExists",
        policy("*", {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-xxxxxxxxxxx"}}),
        request(),
        True,
    ),
    ("a missing key and Null", policy("*", {"Null": {"aws:PrincipalOrgID": "true"}}), request(), True),
    (
        "a missing key and ForAllValues",
        policy("*", {"ForAllValues:StringLike": {"ses:Recipients": "*@example.com"}}),
        request(),
        True,
    ),
    (
        "a missing key and ForAnyValue, negated",
        policy("*", {"ForAnyValue:StringNotLike": {"ses:Recipients": "*@example.com"}}),
        request(),
        False,
    ),
    (
        "one recipient elsewhere",
        policy("*", {"ForAllValues:StringLike": {"ses:Recipients": "*@example.com"}}),
        request(ses__Recipients=["a@example.com", "b@other.example"]),
        False,
    ),
    ("everybody, and a service", policy("*"), request(COGNITO), False),
    ("an address's policy", policy("*", identity="sender@example.com"), request(), True),
    ("a network", policy("*", {"IpAddress": {"aws:SourceIp": "10.0.0.1"}}), request(aws__SourceIp="10.0.0.1"), True),
]


@pytest.mark.parametrize(("what", "one", "witness", "allowed"), ALLOWED, ids=[row[0] for row in ALLOWED])
def test_what_is_allowed(what: str, one: Policy, witness: dict[str, Any], allowed: bool) -> None:
    assert is_allowed([one], OWNER, Request.of(witness), AwsReading()) is allowed, what


# What cannot be a request, and why.
_ASKS: Final = policy("*", {"Bool": {"aws:SecureTransport": "true"}})
IMPOSSIBLE: Final[list[tuple[dict[str, Any], str]]] = [
    (request(COGNITO, aws__PrincipalOrgID="o-a1b2c3d4e5"), "by a service has no aws:principalorgid"),
    (request(COGNITO, aws__PrincipalArn=JANE), "by a service has no aws:principalarn"),
    (request(aws__SourceAccount=PARTNER), "by a user has no aws:sourceaccount"),
    (request(SESSION, aws__username="Sender"), "by a session has no aws:username"),
    (request(aws__PrincipalAccount="333333333333"), "is 222222222222, and not 333333333333"),
    (request(SESSION, aws__PrincipalArn=SESSION), "is arn:aws:iam::333333333333:role/Sender"),
    (request(ses__FromAddress="x@exampel.com"), "is no address of example.com"),
    (request(ses__FromAddress="example.com"), "is no address of example.com"),
    (request(ses__FromAddress=["a@example.com", "b@example.com"]), "has one value"),
    (request(aws__SourceIp="10.0.0.1", aws__SourceVpce="vpce-1"), "from an address or through a VPC endpoint"),
    (request(aws__SourceVpce="1"), "is never"),
    (request(ses__FromAdress="a@example.com"), "no key ses:fromadress is documented"),
    (request(), "a policy asks for aws:securetransport, which every such request has"),
    (request() | {"action": "ses:*"}, "ses:* is no action"),
    (request("arn:aws:iam::222222222222:user/x") | {"identity": "other.example"}, "is no address of other.example"),
]


@pytest.mark.parametrize(("witness", "why"), IMPOSSIBLE, ids=[row[1] for row in IMPOSSIBLE])
def test_what_no_request_is(witness: dict[str, Any], why: str) -> None:
    assert why in judge([], [_ASKS], witness, AwsReading()).why_not


def test_a_witness_is_judged_before_and_after() -> None:
    witness = request(aws__SecureTransport="true")
    assert judge([policy({"AWS": "333333333333"})], [_ASKS], witness, AwsReading()) == ("", False, True)
    assert judge([_ASKS], [_ASKS], witness, AwsReading()) == ("", True, True)


def test_a_policy_of_an_address_hides_those_of_its_domain() -> None:
    some = [policy("*", effect="Deny"), policy("*", identity="sender@example.com")]
    assert is_allowed(some, OWNER, Request.of(request()), AwsReading())
    assert not is_allowed(some, OWNER, Request.of(request()), AwsReading(by_given_arn=True))
    assert not is_allowed(some, OWNER, Request.of(request(ses__FromAddress="other@example.com")), AwsReading())


def test_bits_and_requests_agree() -> None:
    """For each caller and action, and random requests of theirs, in random worlds."""
    seen = {False: 0, True: 0}
    for seed in range(60):
        random = Random(seed)
        some, _ = pair(random)
        for world in aws_readings(random):
            identities = sorted({each.identity for each in some})
            requests = space(some, [world])
            for account, caller, action in product({each.account for each in some}, CALLERS, ACTIONS):
                side = Side(some, account, world, requests)
                senders = side.senders(action, identities)
                of_each = dict(zip(senders, side.allowed(caller, action, senders), strict=True))
                keys, bit = _some_keys(random, requests, caller, action)
                for identity, (_, every) in of_each.items():
                    if senders[identity] & bit and keys is not None:
                        asked = Request(caller, action, identity, {**said(caller, account), **keys})
                        found = is_allowed(some, account, asked, _of_bits(world))
                        assert found == bool(every & bit), (seed, asked, world)
                        seen[found] += 1
    assert min(seen.values()) > 1000


def _of_bits(world: AwsReading) -> AwsReading:
    # The bits cover return paths of all sorts.
    return AwsReading(**{**vars(world), "return_path_is_own": False})


def _some_keys(random: Random, requests: Any, caller: Caller, action: str) -> tuple[dict[str, Any] | None, int]:
    """Return the keys of a random request and its bit; None for the keys if there can be no such request."""
    has: dict[str, Any] = dict(caller.says())
    bit = requests.all
    for dimension, masks in zip(requests.dimensions, requests.masks, strict=True):
        number = random.randrange(len(dimension))
        bit &= masks[number]
        for key, value in dimension[number].items():
            may, must = is_there(key, caller.sort, action)
            if must and not value:
                return None, bit
            if may and value:
                has[key] = value
    if action.lower() not in MAILS:
        has = {key: value for key, value in has.items() if not key.startswith("ses:") or key == "ses:apiversion"}
    return has, bit


@pytest.mark.parametrize(
    ("identity", "address", "is_its"),
    [
        ("example.com", "a@example.com", True),
        ("example.com", "a@EXAMPLE.com", True),
        ("example.com", "a@b.example.com", True),
        ("example.com", "a@bexample.com", False),
        ("b.example.com", "a@example.com", False),
        ("example.com", "example.com", False),
        ("example.com", "a@example.com,b@example.com", False),
        ("a@example.com", "a@example.com", True),
        ("a@example.com", "A@example.com", False),
        ("a@example.com", "b@example.com", False),
    ],
)
def test_the_addresses_of_an_identity(identity: str, address: str, is_its: bool) -> None:
    assert covers(identity, address) is is_its

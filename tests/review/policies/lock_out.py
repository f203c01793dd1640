"""Denies of the policy operations: with SES v2 the identity is their resource, so its policies count for the owner.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html names the
resource of each operation, and no key of a message for the policy operations.
"""

from typing import Any

from tests.review.policies.cases import (
    DEPLOYER,
    EVERYBODY,
    FROM,
    NEWS,
    OTHER,
    OWNER,
    PARTNER,
    Check,
    account,
    allow,
    deny,
    found,
    of,
    silent,
    when,
)

ONE = account(PARTNER)
OPERATIONS = [f"ses:{verb}EmailIdentityPolicy" for verb in ("Create", "Update", "Delete")]
BOTH = "SES010 SES120"


def _keeps(who: Any = EVERYBODY, action: Any = "ses:*", condition: Any = None) -> dict[str, Any]:
    return deny(who, condition, Action=action)


def _without(element: str, instead: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in _keeps().items() if key != element} | instead


_SHUT = [
    ("ses:*", "it is every operation of SES"),
    ("*", "it is every operation"),
    ("ses:*Policy", "it is the policy operations"),
    ("ses:*EmailIdentityPolicy", "it is the policy operations"),
    ("ses:*Email*", "the policy operations are among them"),
    ("ses:UpdateEmailIdentityPolicy", "nobody changes it any more"),
    ("ses:DeleteEmailIdentityPolicy", "nobody takes it away any more"),
    ("ses:Delete*", "nobody takes it away any more"),
    ("ses:?pdateEmailIdentityPolicy", "nobody changes it any more"),
    ("SES:*", "an action's case does not count"),
    ("ses:updateemailidentitypolicy", "an action's case does not count"),
    (OPERATIONS, "nobody changes it any more"),
    ([*OPERATIONS, "ses:SendEmail"], "nobody changes it any more"),
]

_OPEN = [
    ("ses:SendEmail", "it is sending alone"),
    ("ses:Send*", "it is sending alone"),
    (["ses:SendEmail", "ses:SendRawEmail", "ses:SendTemplatedEmail"], "it is sending alone"),
    ("ses:SendBulk*", "it is sending alone"),
    ("ses:DeleteEmailIdentity", "it is the identity, and not its policies"),
    ("ses:PutEmailIdentity*", "these are settings of the identity"),
]

_SAFE_CONDITIONS = [
    (when("StringNotEquals", "aws:PrincipalAccount", OWNER), "the owner's account is let through"),
    (when("StringNotEquals", "aws:PrincipalAccount", "${aws:ResourceAccount}"), "the owner's account is let through"),
    (when("ArnNotLike", "aws:PrincipalArn", f"arn:aws:iam::{OWNER}:*"), "the owner's account is let through"),
    (when("StringEquals", "aws:PrincipalAccount", OTHER), "it is a foreign account alone"),
    (of("*@example.com"), "a policy operation has no From address"),
    (when("StringEquals", "ses:FromDisplayName", "News"), "a policy operation has no display name"),
]

_MAYBE = [
    (when("ArnNotEquals", "aws:PrincipalArn", DEPLOYER), "all but one role"),
    (when("ArnNotLike", "aws:PrincipalArn", DEPLOYER), "all but one role"),
    (when("StringNotEquals", "aws:PrincipalArn", DEPLOYER), "all but one role"),
    (when("ArnNotLike", "aws:PrincipalArn", f"arn:aws:iam::{OWNER}:role/admin-*"), "all but some roles"),
    (when("StringNotLike", "aws:userid", "AROAEXAMPLE1234567890:*"), "all but one role"),
    (when("StringNotEquals", "aws:PrincipalTag/admin", "yes"), "all without a tag"),
    (when("BoolIfExists", "aws:MultiFactorAuthPresent", "false"), "a function has no second factor"),
    (when("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"), "a function calls from elsewhere"),
    (when("StringNotEquals", "aws:SourceVpce", "vpce-1a2b3c4d"), "a function calls from elsewhere"),
    (when("DateGreaterThan", "aws:CurrentTime", "2099-01-01T00:00:00Z"), "it begins one day"),
    (when("StringEquals", "aws:PrincipalType", "AssumedRole"), "a function has a role"),
]

_ALWAYS = [
    (when("StringNotLike", FROM, "news-*"), "without the key a negation holds, and no policy operation has it"),
    (when("StringNotEquals", "aws:PrincipalAccount", PARTNER), "the owner is not that account"),
    (when("StringEquals", "aws:PrincipalAccount", OWNER), "the owner is that account"),
    (when("Null", FROM, "true"), "no policy operation has that key"),
]

LOCKED: list[Check] = [
    *(
        found("SES010", f"a Deny of {action} to everybody", why, allow(ONE, NEWS), _keeps(action=action))
        for action, why in _SHUT
    ),
    *(
        found("SES010", f"a Deny of ses:* to {who}", why, allow(ONE, NEWS), _keeps(who))
        for who, why in (
            ({"AWS": "*"}, "it is everybody"),
            ({"AWS": ["*"]}, "it is everybody"),
            ({"AWS": OWNER}, "it is the owner's account"),
            ({"AWS": f"arn:aws:iam::{OWNER}:root"}, "it is the owner's account"),
            ({"AWS": [PARTNER, OWNER]}, "it is the owner's account as well"),
        )
    ),
    *(
        found(
            "SES010|SES120",
            f"a Deny of ses:* to everybody where {condition}",
            why,
            allow(ONE, NEWS),
            _keeps(condition=condition),
        )
        for condition, why in _ALWAYS
    ),
    *(
        found(
            "SES120",
            f"a Deny of ses:* to everybody where {condition}",
            why,
            allow(ONE, NEWS),
            _keeps(condition=condition),
        )
        for condition, why in _MAYBE
    ),
    found(
        "SES120",
        "a Deny of the operations to all but one role",
        "the function has another role",
        allow(ONE, NEWS),
        _keeps(action=OPERATIONS, condition=when("ArnNotEquals", "aws:PrincipalArn", DEPLOYER)),
    ),
    found(
        "SES006",
        "a Deny of ses:* with NotPrincipal",
        "SES documents no NotPrincipal",
        allow(ONE, NEWS),
        _without("Principal", {"NotPrincipal": {"AWS": DEPLOYER}}),
    ),
    found(
        "SES010|SES120",
        "a Deny of ses:* to all but one role by NotPrincipal",
        "where it is taken, the function is not that role",
        allow(ONE, NEWS),
        _without("Principal", {"NotPrincipal": {"AWS": DEPLOYER}}),
    ),
    found(
        "SES006|SES010",
        "a Deny of all but sending by NotAction",
        "where it is taken, the policy operations are denied",
        allow(ONE, NEWS),
        _without("Action", {"NotAction": "ses:Send*"}),
    ),
    found(
        "SES010",
        "a Deny alone",
        "nobody has to be allowed for that",
        _keeps(),
    ),
]

UNLOCKED: list[Check] = [
    *(
        silent(BOTH, f"a Deny of {action} is no lock-out", why, allow(ONE, NEWS), _keeps(account(OTHER, OWNER), action))
        for action, why in _OPEN
    ),
    *(
        silent(
            BOTH,
            f"a Deny of ses:* where {condition} is no lock-out",
            why,
            allow(ONE, NEWS),
            _keeps(condition=condition),
        )
        for condition, why in _SAFE_CONDITIONS
    ),
    *(
        silent(BOTH, f"a Deny of ses:* to {who} is no lock-out", why, allow(ONE, NEWS), _keeps(who))
        for who, why in (
            ({"AWS": OTHER}, "it is a foreign account"),
            ({"AWS": f"arn:aws:iam::{OTHER}:role/x"}, "it is a foreign role"),
            ({"Service": "ses.amazonaws.com"}, "it is a service"),
        )
    ),
    silent(
        "SES010",
        "a Deny of ses:* to one user of the owner's",
        "all others are left",
        allow(ONE, NEWS),
        _keeps({"AWS": f"arn:aws:iam::{OWNER}:user/bob"}),
    ),
    silent(
        "SES010",
        "a Deny of ses:* to all but one role",
        "that role is left",
        allow(ONE, NEWS),
        _keeps(condition=_MAYBE[0][0]),
    ),
]

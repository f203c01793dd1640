"""What a Version does: there are policy variables only under 2012-10-17.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
"""

from typing import Any

from tests.review.policies.cases import (
    EVERYBODY,
    FROM,
    NEWS,
    OTHER,
    PARTNER,
    Change,
    Check,
    Policy,
    account,
    allow,
    both,
    deny,
    found,
    on,
    silent,
    when,
)

ONE, THREE = account(PARTNER), account(OTHER)
MORE, LESS, SAME = ("broadened", "changed"), ("narrowed",), ("unchanged",)
TAG = "news@${aws:PrincipalTag/site}.example.com"
BY_TAG = when("StringEquals", FROM, TAG)
NOT_BY_TAG = when("StringNotEquals", FROM, TAG)
OLD, NEW = "2008-10-17", "2012-10-17"
PLAIN = "it is plain text in the old Version, and no domain is called so"


def as_version(version: str | None, *statements: Any) -> Policy:
    return on("example.com", *statements, version=version)


def _ruled(
    name: str, why: str, verdicts: tuple[str, ...], *statements: Any, old: str | None = OLD, new: str | None = NEW
) -> Change:
    return Change(name, why, (as_version(old, *statements),), (as_version(new, *statements),), verdicts)


VERSIONS: list[Change] = [
    _ruled("a variable of an Allow, to the new Version", PLAIN, MORE, allow(ONE, BY_TAG)),
    _ruled("a variable of an Allow, from no Version", PLAIN, MORE, allow(ONE, BY_TAG), old=None),
    _ruled("a variable of an Allow, to the old Version", PLAIN, LESS, allow(ONE, BY_TAG), old=NEW, new=OLD),
    _ruled("a variable of an Allow, to no Version", PLAIN, LESS, allow(ONE, BY_TAG), old=NEW, new=None),
    _ruled("a variable of a Deny, to the old Version", PLAIN, MORE, allow(ONE), deny(ONE, BY_TAG), old=NEW, new=OLD),
    _ruled("a variable of a Deny, to no Version", PLAIN, MORE, allow(ONE), deny(ONE, BY_TAG), old=NEW, new=None),
    _ruled("a variable of a negated Deny, to the new Version", PLAIN, MORE, allow(ONE), deny(EVERYBODY, NOT_BY_TAG)),
    _ruled("a variable of a negated Allow, to the old Version", PLAIN, MORE, allow(ONE, NOT_BY_TAG), old=NEW, new=OLD),
    _ruled(
        "an organization by variable, to the new Version",
        "in the old one it is nobody's",
        MORE,
        allow(EVERYBODY, both(NEWS, when("StringEquals", "aws:PrincipalOrgID", "${aws:ResourceOrgID}"))),
    ),
    _ruled(
        "an account by itself, to the new Version",
        "in the new one it is everybody",
        MORE,
        allow(EVERYBODY, when("StringEquals", "aws:PrincipalAccount", "${aws:PrincipalAccount}")),
    ),
    _ruled("no variable, from no Version to the old", "both read alike", SAME, allow(ONE, NEWS), old=None, new=OLD),
    _ruled(
        "a variable, from no Version to the old",
        "in both it is plain text",
        SAME,
        allow(ONE, BY_TAG),
        old=None,
        new=OLD,
    ),
]

VERSIONED: list[Check] = [
    found("SES121", "an account's tag in the old Version", PLAIN, as_version(OLD, allow(ONE, BY_TAG))),
    found("SES121", "an account's tag without a Version", PLAIN, as_version(None, allow(ONE, BY_TAG))),
    silent(
        "SES121",
        "an account's tag in the new Version",
        "it is the tag of who calls",
        as_version(NEW, allow(ONE, BY_TAG)),
    ),
    found("SES122", "a Deny by a tag in the old Version", PLAIN, as_version(OLD, allow(ONE, NEWS), deny(ONE, BY_TAG))),
    silent(
        "SES122",
        "a Deny by a tag in the new Version",
        "it is the tag of who calls",
        as_version(NEW, allow(ONE, NEWS), deny(ONE, BY_TAG)),
    ),
    found(
        "SES001",
        "everybody but a variable's text in the old Version",
        "no caller is called so",
        as_version(OLD, allow(EVERYBODY, when("StringNotEquals", "aws:PrincipalAccount", "${aws:ResourceAccount}"))),
    ),
]

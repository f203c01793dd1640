"""Asks SES what it does if a policy or an identity does not exist, or if a policy exists already."""

from collections.abc import Iterator
from typing import Final

from probe.port import Operation
from probe.reading import ALREADY_EXISTS, NOT_FOUND, REFUSED, ProbeReading, SesAnswer, Subject
from probe.scratch_calls import ScratchCalls

# "This API returns successfully even if a policy with the specified name does not exist": does that create it?
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_UpdateEmailIdentityPolicy.html
# A report has a 404: https://github.com/floci-io/floci/pull/1750
UPDATE_MISSING: Final = Subject(
    "update-missing",
    "UpdateEmailIdentityPolicy of a policy that is not there",
    {"not-found": "refused as not found", "upsert": "it is made", "no-op": "success, and nothing is made"},
)

# AWS has the same sentence about a Delete, and the same report has a 404.
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_DeleteEmailIdentityPolicy.html
DELETE_MISSING: Final = Subject(
    "delete-missing",
    "DeleteEmailIdentityPolicy of a policy that is not there",
    {"not-found": "refused as not found", "ok": "success"},
)

# "NotFoundException: The resource you attempted to access doesn't exist": only the message can tell a missing identity
# from a missing policy.
_OF_NO_IDENTITY: Final[tuple[Operation, ...]] = (
    "CreateEmailIdentityPolicy",
    "UpdateEmailIdentityPolicy",
    "DeleteEmailIdentityPolicy",
    "GetEmailIdentityPolicies",
)
NO_IDENTITY: Final = tuple(
    Subject(
        f"{operation.partition('Email')[0].lower()}-without-identity",
        f"{operation} of an identity that is not there",
        {"not-found": "refused as not found", "ok": "success"},
    )
    for operation in _OF_NO_IDENTITY
)

# "AlreadyExistsException: The resource specified in your request already exists."
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentityPolicy.html
CREATE_TAKEN: Final = Subject(
    "create-taken",
    "CreateEmailIdentityPolicy of a name that is taken",
    {"already-exists": "refused as there already", "ok": "success"},
)

_NAMED: Final = {NOT_FOUND: "not-found", ALREADY_EXISTS: "already-exists", "": "ok"}


def _reading(subject: Subject, said: SesAnswer) -> ProbeReading:
    answer = _NAMED.get(said.code, REFUSED)
    return ProbeReading(subject, answer if answer in subject.answers else REFUSED, said=(said,))


def update_missing(ses: ScratchCalls) -> Iterator[ProbeReading]:
    """Update a policy that does not exist, and read whether that created it."""
    name = "updated"
    said = ses.ask("UpdateEmailIdentityPolicy", PolicyName=name, Policy=ses.text())
    if said.code:
        yield _reading(UPDATE_MISSING, said)
        return
    seen = ses.read(name)
    yield ProbeReading(UPDATE_MISSING, "upsert" if name in seen.policies else "no-op", said=(said, seen))


def delete_missing(ses: ScratchCalls) -> Iterator[ProbeReading]:
    """Delete a policy that does not exist."""
    yield _reading(DELETE_MISSING, ses.ask("DeleteEmailIdentityPolicy", PolicyName="deleted"))


def no_identity(ses: ScratchCalls) -> Iterator[ProbeReading]:
    """Call all four policy operations for an identity that does not exist."""
    text = ses.text(Resource=ses.place.identity(ses.missing))
    parameters: tuple[dict[str, str], ...] = (
        {"PolicyName": "lost", "Policy": text},
        {"PolicyName": "lost", "Policy": text},
        {"PolicyName": "lost"},
        {},
    )
    for subject, operation, own in zip(NO_IDENTITY, _OF_NO_IDENTITY, parameters, strict=True):
        yield _reading(subject, ses.ask(operation, identity=ses.missing, **own))


def create_taken(ses: ScratchCalls) -> Iterator[ProbeReading]:
    """Create a policy that exists already."""
    said = ses.ask("CreateEmailIdentityPolicy", PolicyName=ses.policy_there(), Policy=ses.text())
    yield _reading(CREATE_TAKEN, said)

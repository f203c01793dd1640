"""Asks SES how many policies an identity can have, and which error one more gets."""

from collections.abc import Iterator
from typing import Final

from probe.reading import ALREADY_EXISTS, REFUSED, ProbeReading, Subject
from probe.scratch_calls import ScratchCalls

# "You can attach up to 20 policies to each identity."
# https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-identity-owner-tasks-policy.html
DOCUMENTED: Final = 20

LIMIT: Final = Subject(
    "limit",
    "how many policies an identity takes",
    {
        "as-documented": f"{DOCUMENTED}, the next is refused as one too many",
        "fewer": f"fewer than {DOCUMENTED}",
        "more": f"more than {DOCUMENTED}",
    },
)

# AWS does not say which error a Create gets if its name exists and the identity has 20 policies. The Lambda function
# reads the policies after either error.
FULL_TAKEN: Final = Subject(
    "create-taken-when-full",
    "CreateEmailIdentityPolicy of a taken name where there is no room",
    {"already-exists": "refused as there already", "limit-exceeded": "refused as one too many"},
)

CALLS: Final = DOCUMENTED + 4

_TOO_MANY: Final = "LimitExceededException"
_NAMED: Final = {ALREADY_EXISTS: "already-exists", _TOO_MANY: "limit-exceeded"}


def limit(ses: ScratchCalls) -> Iterator[ProbeReading]:
    """Create policies until one is refused, and then a policy with a name that exists already."""
    taken = ses.policy_there()
    count = len(ses.read(taken).policies)
    while True:
        said = ses.ask("CreateEmailIdentityPolicy", PolicyName=f"number-{count + 1}", Policy=ses.text())
        if said.code or count == DOCUMENTED:
            break
        count += 1
    if not said.code:
        yield ProbeReading(LIMIT, "more", f"there are {count + 1}", (said,))
        return
    if said.code != _TOO_MANY:
        yield ProbeReading(LIMIT, REFUSED, f"there are {count}", (said,))
        return
    yield ProbeReading(LIMIT, "as-documented" if count == DOCUMENTED else "fewer", f"there are {count}", (said,))
    again = ses.ask("CreateEmailIdentityPolicy", PolicyName=taken, Policy=ses.text())
    yield ProbeReading(FULL_TAKEN, _NAMED.get(again.code, REFUSED), said=(again,))

"""Asks SES by which spellings of an identity's name it finds the identity."""

from collections.abc import Iterator
from typing import Final

from probe.port import PREFIX
from probe.reading import NOT_FOUND, REFUSED, ProbeReading, Subject
from probe.scratch_calls import ScratchCalls

# "Domain names are case-insensitive. If you verify example.com, you can send from EXAMPLE.com also." That is about
# sending; AWS says nowhere whether a policy operation finds the identity by both spellings. This package writes each
# domain in lower case.
# https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
CASE: Final = Subject(
    "name-case",
    "GetEmailIdentityPolicies of the identity, with capitals in its name",
    {"same": "its policies come back", "another": "there is none of that name"},
)

# "If the domain part of an address contains non-ASCII characters, they must be encoded using Punycode." That is about
# recipients; AWS says nowhere whether `bücher.example` and `xn--bcher-kva.example` are one identity. They are not if
# SES refuses the first as a name. The probe creates no identity with such a name, because it would have to remove that
# one as well.
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Destination.html
UNICODE: Final = Subject(
    "name-unicode",
    "GetEmailIdentityPolicies of a name that is not ASCII, of no identity",
    {
        "not-found": "a name like others: refused as not found",
        "bad-request": "no name: refused as a bad request",
        "ok": "success",
    },
)

SUBJECTS: Final = (CASE, UNICODE)

_NAMED: Final = {NOT_FOUND: "not-found", "BadRequestException": "bad-request", "": "ok"}


def name(ses: ScratchCalls) -> Iterator[ProbeReading]:
    """Read the policies of an identity by its name in capitals, and those of a missing one whose name is not ASCII."""
    there = ses.policy_there()
    # The prefix stays in small letters: the probe's IAM policy allows only names with it, and IAM is case-sensitive.
    said = ses.read(there, identity=PREFIX + ses.identity.removeprefix(PREFIX).upper())
    is_refused = said.code not in {"", NOT_FOUND}
    yield ProbeReading(CASE, REFUSED if is_refused else "same" if there in said.policies else "another", said=(said,))
    said = ses.ask("GetEmailIdentityPolicies", identity=ses.unicode)
    yield ProbeReading(UNICODE, _NAMED.get(said.code, REFUSED), said=(said,))

"""Asks SES which mistakes in a policy it refuses, and with which messages."""

from collections.abc import Iterator
from typing import Final

from probe.port import PREFIX
from probe.reading import REFUSED, ProbeReading, Subject
from probe.scratch_calls import ScratchCalls

# "Policies can't exceed 4 kilobytes (KB) in size": of how many bytes, or characters, with or without white space?
# https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html
DOCUMENTED_BYTES: Final = 4096

_TAKEN: Final = {"accepted": "success"}


def _subject(name: str, asks: str) -> Subject:
    return Subject(name, asks, _TAKEN)


BAD_JSON: Final = _subject("bad-json", "a policy that is no JSON")
LARGEST: Final = _subject("largest", f"a policy of {DOCUMENTED_BYTES:,} bytes")
TOO_LARGE: Final = _subject("too-large", f"a policy of {DOCUMENTED_BYTES + 1:,} bytes")
SPACIOUS: Final = _subject("too-large-with-white-space", f"{DOCUMENTED_BYTES + 1:,} bytes, most of them white space")
CHARACTERS: Final = _subject("too-large-in-bytes", f"more than {DOCUMENTED_BYTES:,} bytes in fewer characters")
# "that resource has to be the ARN of the identity that the policy is attached to"
OTHER_RESOURCE: Final = _subject("other-resource", "the ARN of another identity as resource")
UNKNOWN_ACTION: Final = _subject("unknown-action", "an action that there is not")
# Reported for a key in upper case: https://github.com/awsdocs/amazon-cognito-developer-guide/pull/41
KEY_CASE: Final = _subject("key-case", "the condition key AWS:SourceAccount, in upper case")
# Reported as "invalid principal" for a new IAM user: the Lambda function repeats such a call for a while.
# https://github.com/hashicorp/terraform-provider-aws/issues/22549
UNKNOWN_PRINCIPAL: Final = _subject("unknown-principal", "a user that there is not as principal")
# "Policy names ... can only include alphanumeric characters, dashes, and underscores."
POLICY_NAME: Final = _subject("policy-name", "a policy name with a space in it")

SUBJECTS: Final = (
    BAD_JSON,
    LARGEST,
    TOO_LARGE,
    SPACIOUS,
    CHARACTERS,
    OTHER_RESOURCE,
    UNKNOWN_ACTION,
    KEY_CASE,
    UNKNOWN_PRINCIPAL,
    POLICY_NAME,
)

# Into how many values a long text is split. SES may refuse a single value of that length for another reason than the
# policy's size.
_VALUES: Final = 40


def _of_length(ses: ScratchCalls, characters: int, letter: str = "x") -> str:
    """Return the text of a policy, made of `letter`, that has as many characters as `characters` says."""

    def text(names: list[str]) -> str:
        return ses.text(Condition={"StringEquals": {"ses:FromDisplayName": names}})

    letters = characters - len(text([""] * _VALUES))
    return text([letter * (letters // _VALUES + (index < letters % _VALUES)) for index in range(_VALUES)])


def _trials(ses: ScratchCalls) -> tuple[tuple[Subject, str], ...]:
    """Return for each subject the text of a policy that SES may refuse."""
    place = ses.place
    nobody = place.principal(f"user/{PREFIX}nobody")
    upper = {"StringEquals": {"AWS:SourceAccount": place.account}}
    return (
        (BAD_JSON, "{"),
        (LARGEST, _of_length(ses, DOCUMENTED_BYTES)),
        (TOO_LARGE, _of_length(ses, DOCUMENTED_BYTES + 1)),
        (SPACIOUS, ses.text().ljust(DOCUMENTED_BYTES + 1)),
        (CHARACTERS, _of_length(ses, DOCUMENTED_BYTES - _VALUES, "\u00e9")),
        (OTHER_RESOURCE, ses.text(Resource=place.identity(ses.missing))),
        (UNKNOWN_ACTION, ses.text(Action="ses:SendNothing")),
        (KEY_CASE, ses.text(Condition=upper)),
        (UNKNOWN_PRINCIPAL, ses.text(Principal={"AWS": nobody})),
        (POLICY_NAME, ses.text()),
    )


def validation(ses: ScratchCalls) -> Iterator[ProbeReading]:
    """Create a policy for each subject, and see whether SES refuses it."""
    for subject, text in _trials(ses):
        name = "no such name" if subject is POLICY_NAME else subject.name
        said = ses.ask("CreateEmailIdentityPolicy", PolicyName=name, Policy=text)
        yield ProbeReading(subject, REFUSED if said.code else "accepted", said=(said,))

"""Failures of a deploy: the codes that a user looks up, the sentences, and how these are cut to fit an answer."""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.errors import SendingPolicyError
from ses_sending_policy.rules.limits import POLICIES_PER_IDENTITY
from ses_sending_policy.rules.ownership import StackId, Target

# Of a reason over 256 characters, crhelper keeps only the last 240, which would cut off the code in front.
REASON_LENGTH = 250
_CUT = "… (whole in the log)"


class Reason(StrEnum):
    """The codes that a FAILED answer begins with."""

    INVALID_DECLARATION = "InvalidDeclaration"
    POLICY_EXISTS = "PolicyExists"
    NOT_EQUIVALENT = "NotEquivalent"
    IDENTITY_NOT_FOUND = "IdentityNotFound"
    POLICY_LIMIT = "PolicyLimit"
    POLICY_VANISHED = "PolicyVanished"
    ACCESS_DENIED = "AccessDenied"
    INVALID_PRINCIPAL = "InvalidPrincipal"
    REFUSED_BY_SES = "RefusedBySes"
    THROTTLED = "Throttled"
    SES_UNAVAILABLE = "SesUnavailable"
    OUT_OF_TIME = "OutOfTime"
    OVERTAKEN = "Overtaken"
    CRASHED = "Crashed"
    IMPORT_FAILED = "ImportFailed"


def fitting(text: str, length: int = REASON_LENGTH) -> str:
    """Return `text`, cut at its end to `length` characters, by default to what fits an answer."""
    return text if len(text) <= length else text[: length - len(_CUT)] + _CUT


class Failure(SendingPolicyError):  # noqa: N818 - what CloudFormation calls it
    """The deploy of this resource fails; CloudFormation shows the text to the user.

    :param reason: the code.
    :param sentence: what happened, with its values, and what to do.
    :param advice: what to do, if the sentence is AWS's and may be long. Default: - the sentence tells what to do.
    :param cut: shortens the sentence to fit in front of the advice. Default: - the end is cut off.
    """

    def __init__(
        self, reason: Reason, sentence: str, advice: str = "", cut: Callable[[str, int], str] = fitting
    ) -> None:
        self.whole = "; ".join(part for part in (f"{reason.value}: {sentence}", advice) if part)
        """The text without any cut, for the log."""
        super().__init__(_fitted(reason, sentence, advice, cut) if cut is not fitting else self.whole)
        self.reason = reason
        self.sentence = sentence
        self._cut = cut
        self.doubtful = False
        """Whether the failed call may have been carried out all the same."""

    def with_rest(self, rest: str) -> "Failure":
        """Return the same failure with `rest`, which tells what was left behind, in place of the advice."""
        # SES's message may be long, and only `rest` tells what was left behind. So it gets the room of the advice.
        failure = Failure(self.reason, _shortened(self.reason, self.sentence, rest, self._cut) + f"; {rest}")
        failure.whole = f"{self.whole}; {rest}"
        return failure

    def with_note(self, note: str) -> "Failure":
        """Return the same failure with a note at its end, if it fits; the text for the log has it in any case."""
        told = f"{self}; {note}"
        failure = Failure(self.reason, told.partition(": ")[2]) if len(told) <= REASON_LENGTH else self
        failure.whole = f"{self.whole}; {note}"
        return failure


def _shortened(reason: Reason, sentence: str, rest: str, cut: Callable[[str, int], str]) -> str:
    room = REASON_LENGTH - len(f"{reason.value}: ") - (len(f"; {rest}") if rest else 0)
    return cut(sentence, max(room, len(_CUT)))


def _fitted(reason: Reason, sentence: str, advice: str, cut: Callable[[str, int], str]) -> str:
    words = _shortened(reason, sentence, advice, cut)
    return fitting("; ".join(part for part in (f"{reason.value}: {words}", advice) if part))


def without_middle(sentence: str, length: int) -> str:
    """Return `sentence`, shortened to `length` characters in its middle if it is longer."""
    if len(sentence) <= length:
        return sentence
    head = length * 3 // 5
    return f"{sentence[:head]}…{sentence[head + 1 - length :]}"


_ARN: Final = re.compile(r"arn:[^\s,;'\"]+")
# "User: arn:... is not authorized to perform: ses:X on resource: arn:... with an explicit deny in a service control
# policy", or "because no identity-based policy allows the ses:X action".
# https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
_DENIAL: Final = re.compile(r"(?:\w+: )?User: (\S+) .*?\b((?:with an explicit deny|because) .*)", re.DOTALL)


def with_denial(sentence: str, length: int) -> str:
    """Shorten AWS's access denied message to who is denied, by a short name, and what denies it."""
    if len(sentence) <= length:
        return sentence
    short = _ARN.sub(lambda arn: _short(arn[0]), sentence)
    if len(short) > length:
        short = _DENIAL.sub(r"\1 … \2", short)
    return without_middle(short, length)


def _short(arn: str) -> str:
    """Return the name at the end of an ARN; for the ARN of a role's session, the role's name."""
    parts = arn.split("/")
    return parts[1] if ":assumed-role" in parts[0] and len(parts) > 1 else parts[-1].rpartition(":")[2]


# The principal in a message of SES: an ARN, an account id or a service.
_PRINCIPAL: Final = re.compile(r"arn:[^\s,;'\"]+|\b\d{12}\b|\b[\w-]+(?:\.[\w-]+)*\.amazonaws\.com(?:\.cn)?\b")


def with_principal(sentence: str, length: int) -> str:
    """Shorten a refusal of a principal, but keep the whole principal, even if that takes more than `length`."""
    if len(sentence) <= length:
        return sentence
    operation, _, words = sentence.partition(": ")
    principal = _PRINCIPAL.search(words)
    if principal is None:
        return without_middle(sentence, length)
    rest = f"{operation}: … {words[principal.start() :]}"
    return rest if len(rest) <= length else f"{operation}: … {principal[0]} …"


def policy_limit(target: Target) -> Failure:
    """Return the failure of a policy whose identity already has the most policies that SES allows."""
    return Failure(
        Reason.POLICY_LIMIT,
        f"{target.identity.name!r} has {POLICIES_PER_IDENTITY} policies already, and SES allows no more; "
        f"put {target.policy_name!r} together with another, or delete one",
    )


def no_identity(target: Target, place: StackId) -> Failure:
    """Return the failure of a policy whose identity is not in the account and region of its stack."""
    return Failure(
        Reason.IDENTITY_NOT_FOUND,
        f"account {place.account} has no identity {target.identity.name!r} in {place.region}; "
        "make it there first, or deploy the policy where it is",
    )


def policy_exists(target: Target, live: LivePolicy) -> Failure:
    """Return the failure of a policy whose name is taken by another policy."""
    owner = f"belongs to {live.marker.owner}" if live.marker else "was not made by a SendingPolicy"
    return Failure(
        Reason.POLICY_EXISTS,
        f"{target} exists and {owner}",
        "choose another policy_name, or say when_exists ADOPT or OVERWRITE",
    )


def not_equivalent(target: Target, different: list[str]) -> Failure:
    """Return the failure to adopt a policy that is not equivalent: `different` has a sentence for each difference."""
    return Failure(
        Reason.NOT_EQUIVALENT,
        f"{target} cannot be adopted: {'; '.join(different)}",
        "declare what is there, or say when_exists OVERWRITE",
        without_middle,
    )


def adopted_and_unasked(target: Target, place: StackId, logical_id: str) -> Failure:
    """Return the failure of a Delete of an adopted policy, if it is not known whether the stack is rolling back."""
    doubt = f"{target} was adopted, and CloudFormation cannot be asked whether a rollback gives it back"
    return _unasked(doubt, "DescribeStacks and DescribeStackEvents", place, logical_id)


def unmarked_and_unasked(target: Target, place: StackId, logical_id: str) -> Failure:
    """Return the failure of a late Delete of a policy without a marker, if CloudFormation cannot be asked."""
    doubt = f"{target} has no marker any more, and CloudFormation cannot be asked whether it is to go"
    return _unasked(doubt, "DescribeStackResource", place, logical_id)


def _unasked(doubt: str, rights: str, place: StackId, logical_id: str) -> Failure:
    return Failure(
        Reason.ACCESS_DENIED,
        f"{doubt}; allow cloudformation:{rights} to the function's role, or keep it: aws cloudformation delete-stack "
        f"--stack-name {place.stack_name} --retain-resources {logical_id}",
    )

"""Asks whether SES rewrites a policy to an equivalent form before it returns it, as other services do."""

import json
from collections.abc import Iterator
from typing import Final

from probe.reading import ProbeReading, Subject
from probe.sample import Compare, Sample, at, compared
from probe.scratch_calls import ScratchCalls

_KEPT: Final = "it comes back as it was sent"
_CHANGED: Final = "it comes back, and not as it was sent"

# Other services were seen to rewrite resource policies in each of these ways. AWS documents none of them for SES.
LISTS: Final = Subject(
    "lists",
    "a list of one, and one without a list",
    {
        "kept": _KEPT,
        "scalars": "the list becomes its element",
        "lists": "the other becomes a list",
        "changed": _CHANGED,
    },
)
# "If you do not include a Version element, the value defaults to 2008-10-17".
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
DEFAULT_VERSION: Final = "2008-10-17"
VERSION: Final = Subject(
    "version",
    "a policy without a Version",
    {"kept": "it comes back without one", "default": f"it comes back with {DEFAULT_VERSION}", "changed": _CHANGED},
)
TWICE: Final = Subject(
    "principal-twice", "a principal that stands twice", {"kept": _KEPT, "once": "it stands once", "changed": _CHANGED}
)
ACCOUNT: Final = Subject(
    "account-principal",
    "an account as principal, by its 12 digits",
    {"kept": _KEPT, "arn": "it becomes the ARN of its root", "changed": _CHANGED},
)
# "Effect ... Valid values: "Allow" or "Deny"."
# https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html
EFFECT: Final = Subject(
    "effect-case",
    "the Effect allow, in small letters",
    {"kept": _KEPT, "capital": "it becomes Allow", "changed": _CHANGED},
)
LONE: Final = Subject(
    "lone-statement",
    "a statement without its list",
    {"kept": _KEPT, "list": "it becomes a list of one", "changed": _CHANGED},
)


def lists_reading(_: str, kept: str) -> str:
    """Return the answer for `LISTS`: how SES returned an action in a list and a resource without a list."""
    action, resource = (at(kept, "Statement", 0, element) for element in ("Action", "Resource"))
    if action is None or resource is None:
        return "changed"
    answers = {(True, False): "kept", (False, False): "scalars", (True, True): "lists"}
    return answers.get((isinstance(action, list), isinstance(resource, list)), "changed")


def version_reading(_: str, kept: str) -> str:
    """Return the answer for `VERSION`: what SES returned for a missing `Version`."""
    found = at(kept, "Version")
    return "kept" if found is None else "default" if found == DEFAULT_VERSION else "changed"


def twice_reading(sent: str, kept: str) -> str:
    """Return the answer for `TWICE`: how SES returned a principal that was named twice."""
    before, after = (at(text, "Statement", 0, "Principal", "AWS") for text in (sent, kept))
    if after == before:
        return "kept"
    first = before[0] if isinstance(before, list) else before
    return "once" if after is not None and after in (first, [first]) else "changed"


def account_reading(sent: str, kept: str) -> str:
    """Return the answer for `ACCOUNT`: how SES returned a principal that was written as 12 digits."""
    before, after = (at(text, "Statement", 0, "Principal", "AWS") for text in (sent, kept))
    if after == before:
        return "kept"
    return "arn" if str(after).endswith(f"::{before}:root") else "changed"


def effect_reading(_: str, kept: str) -> str:
    """Return the answer for `EFFECT`: how SES returned the Effect `allow`, which was written in small letters."""
    return {"allow": "kept", "Allow": "capital"}.get(str(at(kept, "Statement", 0, "Effect")), "changed")


def lone_reading(_: str, kept: str) -> str:
    """Return the answer for `LONE`: how SES returned a single statement that was not in a list."""
    found = at(kept, "Statement")
    return "kept" if isinstance(found, dict) else "list" if isinstance(found, list) else "changed"


_DOCUMENTED: Final[tuple[tuple[Subject, Compare], ...]] = (
    (LISTS, lists_reading),
    (VERSION, version_reading),
    (TWICE, twice_reading),
)
COMPARES: Final = (*_DOCUMENTED, (ACCOUNT, account_reading), (EFFECT, effect_reading), (LONE, lone_reading))

SUBJECTS: Final = tuple(subject for subject, _ in COMPARES)


def _samples(ses: ScratchCalls) -> tuple[Sample, ...]:
    """Return the policies to write: one with forms that AWS documents, and one for each form that SES may refuse."""
    root = ses.place.principal("root")
    documented = ses.statement(Action=["ses:SendEmail"], Principal={"AWS": [root, root]})
    lone = {"Version": "2012-10-17", "Statement": ses.statement()}
    return (
        Sample("rewritten", json.dumps({"Statement": [documented]}), _DOCUMENTED),
        Sample("account", ses.text(Principal={"AWS": ses.place.account}), ((ACCOUNT, account_reading),)),
        Sample("effect", ses.text(Effect="allow"), ((EFFECT, effect_reading),)),
        Sample("lone", json.dumps(lone), ((LONE, lone_reading),)),
    )


def read_back(ses: ScratchCalls) -> Iterator[ProbeReading]:
    """Write each policy, and compare it with what a read returns."""
    return compared(ses, _samples(ses))

"""Write docs/reference/limits.md from the numbers in the code, and the sentences of AWS that they stand under.

`python docs/limits.py` writes it; a test fails where the page is older than the code.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from provider.failures import REASON_LENGTH, Reason
from provider.retry_policy import PATIENCE

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "limits.md"

_HEAD = """\
# Limits

<!-- written by docs/limits.py from the numbers in the code: change them there -->

What is limited, by whom, and what happens there.

## AWS's

"""

_NUMBERS: Final = (
    ("ses_sending_policy/rules/limits.py", "POLICIES_PER_IDENTITY", "policies of an identity",
     "[SES008](findings.md#ses008) at synth, [`PolicyLimit`](../lifecycle.md#policylimit) at the deploy"),
    ("ses_sending_policy/rules/limits.py", "POLICY_BYTES", "bytes of a document, with the owner's marker",
     ("the line that adds to it fails, else the synth; at the deploy, where only that knows it, "
     "[`InvalidDeclaration`](../lifecycle.md#invaliddeclaration); of policies that others write, "
     "[SES005](findings.md#ses005) of `sending-policy check`")),
    ("ses_sending_policy/rules/limits.py", "POLICY_NAME_LENGTH", "characters of a policy's name",
     "the line that names it fails; a token, [`InvalidDeclaration`](../lifecycle.md#invaliddeclaration) at the deploy"),
    ("ses_sending_policy/rules/drift_check.py", "MOST_FUNCTION_SECONDS", "seconds of the function for one policy",
     "[`OutOfTime`](../lifecycle.md#outoftime) or [`Throttled`](../lifecycle.md#throttled)"),
    ("ses_sending_policy/construct/timeouts.py", "_SERVICE_SECONDS",
     "seconds that CloudFormation waits, at most; 1200 by default", "the deploy fails, if nobody answered"),
    ("ses_sending_policy/construct/role_policy.py", "_ROLE_CHARACTERS",
     "characters of a role's own policies, of which a provider's list of `identities` takes half at most",
     ("the line that makes the provider fails: "
     "[some sixty identities](../howto/choose-a-provider.md#for-some-identities-only)")),
    ("provider/answer.py", "BODY_BYTES", "bytes of an answer to CloudFormation",
     f"a reason is cut to {REASON_LENGTH} characters, and whole in [the log](log.md)"),
)  # fmt: skip
"""The file and the name of each number, what it counts, and what happens where it is passed."""


def _sources(file: str, name: str) -> tuple[str, str, str]:
    """Return a number, and the sentence and address in the comment above it."""
    text = (ROOT / file).read_text(encoding="utf-8")
    found = re.search(rf"((?:^#.*\n)+){name}(?:: Final)? = (\d+)$", text, re.MULTILINE)
    if not found:
        raise ValueError(f"{file} has no number {name} with a comment above it")
    comment = re.sub(r"^# ?", "", found[1], flags=re.MULTILINE)
    # The sentences that are AWS's stand between quotes, those of one limit next to each other.
    said = re.search(r'"(.*)"', comment, re.DOTALL)
    address = re.search(r"^https://\S+$", comment, re.MULTILINE)
    if not said or not address:
        raise ValueError(f"{name} in {file} has no sentence of AWS's and its address above it")
    return found[2], " ".join(said[1].split()).replace('", "', " "), address[0]


def _ours() -> Iterator[str]:
    """Yield a row for each fault that is met with another try."""
    for fault, patience in PATIENCE.items():
        create, delete = (
            "all the time there is" if each == float("inf") else f"{each:g} s"
            for each in (patience.seconds, patience.to_delete)
        )
        reason = patience.reason.value
        yield f"| {fault.value} | {create} | {delete} | [`{reason}`](../lifecycle.md#{reason.lower()}) |\n"


_OURS = f"""
SES takes each of the four calls about once a second, for the whole account and region; this is no number in the code,
for nobody is counting: [every function waits its turn](../pace.md). Some 430 at once would be too many for
its time, so [those of a larger stack wait for each other](../howto/many-policies.md).

## Ours

How long the function tries again, from the first time that it met a fault; on a Delete longer where only SES is at
fault, for one that fails may leave access behind.

| SES says | create, update | delete | then |
| --- | --- | --- | --- |
{{}}
The time there is ends with the function's, or with CloudFormation's patience, whichever is first. No call starts that
could outlast it. What SES refuses for any other reason is
[`{Reason.REFUSED_BY_SES}`](../lifecycle.md#refusedbyses) at once.
"""


def written() -> str:
    """Return the page as the code has it now."""
    rows = ["| limit | of | what happens there | AWS says |\n| --- | --- | --- | --- |\n"]
    for file, name, counts, happens in _NUMBERS:
        number, said, address = _sources(file, name)
        rows.append(f"| {number} | {counts} | {happens} | [{said}]({address}) |\n")
    return _HEAD + "".join(rows) + _OURS.format("".join(_ours()))


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} is written\n")

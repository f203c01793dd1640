"""Write docs/reference/log.md from the lines that the function writes and the reasons that it fails for.

`python docs/log.py` writes it; a test fails where the page is older than the code, and the script where the function
writes a line, or a field of one, that has no meaning here.
"""

import ast
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from provider.failures import Reason
from ses_sending_policy.rules.decisions import Drop, Take
from ses_sending_policy.rules.drift import State
from ses_sending_policy.rules.drift_check import DIMENSION, DRIFT, METRICS, NAMESPACE, UNREAD

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "log.md"
_LIFECYCLE: Final = ROOT / "docs" / "lifecycle.md"

_HEAD = """\
# The log

<!-- written by docs/log.py from provider/: change it there -->

The function writes one JSON line a decision to its log group, which outlives the stack unless
[the first deploy fails](cdk-commands.md#when-a-first-deploy-fails). The URL of an answer is in no line: whoever has it
could answer in the function's place. The group of the stack `Mail` is found by

    aws logs describe-log-groups --log-group-name-prefix Mail-SendingPolicyProvider

A create, for example:

    {"message": "Create Partner776273A3: policy created", "event": "policy created", "request": "Create",
     "logical_id": "Partner776273A3", "age": 1.2, "stack": "Mail", "token": "3709feb27d9890ae",
     "identity": "example.com", "policy": "partner"}
    {"message": "Create Partner776273A3: answer: status SUCCESS, physical_id example.com|partner|3709feb27d9890ae",
     "event": "answer", ... "calls": 2, "seconds": 0.15, "status": "SUCCESS", "reason": "",
     "physical_id": "example.com|partner|3709feb27d9890ae"}

The `message` tells it all in one sentence, for the CDK's command line shows nothing else of a line when a deploy fails;
its wording is for people and may change. The `event` is always the same words, to look for.

With CloudWatch Logs Insights, what became of one policy, and who was written over:

    filter policy = "partner" | fields @timestamp, event, found, owner, status, reason | sort @timestamp
    filter event = "overwrites" | fields @timestamp, identity, policy, owner, document

"""

_MESSAGES: Final = {
    "policy created": "SES has a policy that it did not have before.",
    "policy written": "Its own policy says something else now.",
    "policy unchanged": "It says already what it is to say: nothing was written.",
    "policy adopted": "A policy that was there says the same, and has the marker now.",
    "policy overwritten": "A policy that was there says something else now; the line before has the old one.",
    "overwrites": "It is about to write over a policy: `document` is the whole old text.",
    "not adopted": "A policy that was there says something else than what is declared; `document` is its whole text.",
    "policy is gone, made again": "Somebody deleted it by hand.",
    "policy deleted": "Teardown removed it.",
    "policy released": "Teardown left it at SES, without the marker.",
    "policy left": "It is not this resource's, or SES refused to release it.",
    "policy absent": "There was nothing to delete.",
    "release refused": "SES did not take the document without the marker; it is left.",
    "taken back: deleted": "The deploy failed, and what it had made is gone again.",
    "taken back: written as before": "The deploy failed, and what it had adopted or overwritten is as it was.",
    "taken back: nothing there": "The deploy failed, and what it had made is gone already.",
    "taken back: not ours any more": "The deploy failed, and somebody else has the policy by now.",
    "not taken back": "The deploy failed, and so did taking this back. The reason names it as left behind.",
    "the properties name no policy": "A Delete that names nothing: there is nothing to do.",
    "OnDelete cannot be read, releases what was adopted": "A Delete whose `OnDelete` is neither word.",
    "released without the marker of its former owner": (
        "That one is in the line: only the rollback of the operation that adopted the policy gives it back."
    ),
    "CloudFormation has its answer already, nothing done": "Lambda delivered a Delete once more.",
    "the rollback is refused, and has nothing to do": (
        "SES has what is to be there again, or somebody else's policy: the stack is not to be stuck for it."
    ),
    "rules refuse it": "Only the deploy knew a part of the document; `findings` has all that is wrong with it.",
    "goes on: SES holds it, or a rollback puts it back": "What rules refuse is there already, or is to be there again.",
    "reconciles with what CloudFormation completed": (
        "An Update wrote while CloudFormation went on without it: what that completed is written, unless it is there."
    ),
    "not reconciled yet": "CloudFormation went on once more meanwhile.",
    "not reconciled": "SES did not do it.",
    "an overtaken event wrote last: look at what SES holds": (
        "What CloudFormation completed could not be read, or not be written: the policies of the line may be of the "
        "Update that was rolled back."
    ),
    "another stack's event, which may be of a policy that was moved, goes on": (
        "The function was made for another stack than the event's, and CloudFormation did not say whose the policy is."
    ),
    "could not ask CloudFormation, goes on": "Is it still wanted? `about` says which of three questions had no answer.",
    "call failed, tried again": "SES did not do it, and may yet; told once for each kind of failure of a call.",
    "botocore is another one, goes on as boto3 does": "It lacks what `error` says: look for a newer release of ours.",
    "declared wrongly": "The declaration is nothing that SES takes.",
    "failed": "The deploy of this resource fails; `reason` is the whole of what CloudFormation may show cut.",
    "crashed": "A fault of the function itself, with its trace.",
    "the function could not be loaded": "The same, before anything was done.",
    "answer": "What CloudFormation is told.",
    "answer not accepted": "CloudFormation did not take the answer; it is sent again unless `gives_up` is true.",
    "event is older than CloudFormation waits, nothing done": "It came too late to be anybody's.",
}

_FIELDS: Final = {
    "message": "the line as a sentence",
    "event": "what was decided, see below",
    "request": "`Create`, `Update` or `Delete`",
    "logical_id": "the resource's",
    "stack": "the stack's name",
    "token": "the owner's, as in [the physical id and the marker](wire.md)",
    "identity": "the identity at SES",
    "policy": "the policy's name at SES",
    "age": "seconds from CloudFormation's sending to the function's beginning",
    "calls": "how often SES was called, refusals included",
    "seconds": "how long that took",
    "found": "whose the live policy was: `ours`, `ours, adopted`, `foreign`, `unmarked` or `absent`",
    "owner": "the stack and logical id on a policy's marker; `null` without one",
    "document": "the text of a policy at SES",
    "differences": "what a policy says otherwise than what is declared",
    "findings": "what rules find in a document, each with its id",
    "of": "which policy it is about",
    "former": "the `Id` that a policy had before it was adopted",
    "about": "what was asked for: the resource, its events, or the stack",
    "status": "`SUCCESS` or `FAILED`",
    "reason": "why, beginning with one of the words below; empty on success",
    "physical_id": "what CloudFormation keeps",
    "outcome": "what became of one try to answer",
    "tries": "how often it was tried",
    "gives_up": "whether that was the last one",
    "birth": "when CloudFormation sent the event, in seconds since 1970",
    "error": "what went wrong",
    "operation": "the call of SES that failed",
    "fault": "what is wrong with the declaration, or what kind of failure a call met",
    "trace": "where in the code",
}

_ALARMS: Final = """
## Alarms

The function's `Errors` in CloudWatch count the events that nobody answered, not deploys that fail with a reason:

```python
import aws_cdk as cdk
from ses_sending_policy import SendingPolicy, SendingPolicyProvider

stack = cdk.Stack(cdk.App(), "Mail")
provider = SendingPolicyProvider.of(stack)
provider.function.metric_errors().create_alarm(stack, "Unanswered", threshold=1, evaluation_periods=1)
SendingPolicy(stack, "Partner", identity="example.com").allow_account("222222222222")
```

And a metric of your own out of the log, as for each policy that is written over:

```python
import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from ses_sending_policy import SendingPolicy, SendingPolicyProvider

stack = cdk.Stack(cdk.App(), "Mail")
logs.MetricFilter(
    stack,
    "Overwritten",
    log_group=SendingPolicyProvider.of(stack).log_group,
    filter_pattern=logs.FilterPattern.string_value("$.event", "=", "overwrites"),
    metric_namespace="SendingPolicy",
    metric_name="Overwritten",
)
SendingPolicy(stack, "Partner", identity="example.com").allow_account("222222222222")
```
"""


_CHECK: Final = [ROOT / "provider" / f"{name}.py" for name in ("drift", "drift_notifications", "policy_reader")]

_CHECK_HEAD: Final = """
## The drift check

A [drift check](../howto/watch-for-drift.md) has a function and a log group of its own, and writes a line for each
policy that is not as it was deployed.

"""

_CHECK_FIELDS: Final = {
    "message": "the line as a sentence",
    "event": "what was found",
    "check": "the check's name",
    "stack": "the stack's name",
    "identity": "the identity at SES",
    "policy": "the policy's name at SES",
    "reason": "why an identity could not be read, beginning with one of the words above",
    "number": "how many policies",
    "error": "what went wrong",
}

_CHECK_MESSAGES: Final = {
    "policy is changed": "It says something else than what was deployed.",
    "policy is missing": "Somebody deleted it.",
    "policy is foreign": "It carries the marker of another owner.",
    "policy is undeclared": "Nobody's marker is on it, and the stack did not make it.",
    "identity could not be read": "SES refused, or the time was up.",
    "told of new drift": "The topic has a message that names what it was not told of before.",
    "told of before is not known, tells of all": "The last look's line could not be read in the log.",
}


def _calls(paths: Iterable[Path]) -> Iterator[ast.Call]:
    """Yield each place where a line is written, or something is noted for all later ones."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(
                        attr="write" | "crash" | "knows",
                        value=ast.Name(id="log") | ast.Attribute(attr="log" | "_log"),
                    )
                ):
                    yield node
                case ast.Call(func=ast.Name(id="JsonLog")):
                    yield node


_WORDS: Final = {
    "how": [each.value for each in Drop],
    # A refused one is no line of its own, it fails.
    "what": [*(each.value for each in Take if each is not Take.REFUSE), "unchanged"],
    "done": ["deleted", "written as before", "nothing there", "not ours any more"],
    "state": [each.value for each in METRICS if each is not State.IN_SYNC],
}
"""What may stand in a message in place of a variable."""


def _texts(message: ast.expr) -> list[str]:
    """Return what a line's message may be: one of a table's words may stand in it."""
    match message:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(
            values=[
                ast.Constant(value=str(text)),
                ast.FormattedValue(value=ast.Name(id=name) | ast.Attribute(value=ast.Name(id=name))),
            ]
        ):
            return [f"{text}{word}" for word in _WORDS[name]]
    raise ValueError(f"{ast.unparse(message)} is no message that this script can read")


def _written(paths: Iterable[Path]) -> tuple[set[str], set[str]]:
    """Return the messages of all lines that may be written there, and the names of their fields."""
    messages: set[str] = set()
    fields = {"message", "event"}
    for call in _calls(paths):
        messages |= {text for message in call.args[:1] for text in _texts(message)}
        # What it adds itself.
        fields |= {"error", "trace"} if isinstance(call.func, ast.Attribute) and call.func.attr == "crash" else set()
        fields |= {word.arg for word in call.keywords if word.arg}
    return messages, fields


def _table(head: str, meanings: Mapping[str, str], there: Collection[str]) -> Iterator[str]:
    """Yield the rows of a table, or raise `ValueError` where it is not about exactly what is there."""
    strange = sorted(meanings.keys() ^ there)
    if strange:
        raise ValueError(f"{head}: {', '.join(strange)}: on the page or in the code, but not in both")
    yield f"| {head} | meaning |\n| --- | --- |\n"
    yield from (f"| `{name}` | {meaning} |\n" for name, meaning in meanings.items())


def _reasons() -> Iterator[str]:
    """Yield a row for each reason, with the first sentence that docs/lifecycle.md says about it."""
    page = _LIFECYCLE.read_text(encoding="utf-8")
    yield "| reason | meaning |\n| --- | --- |\n"
    for reason in Reason:
        section = re.search(rf"^### {reason.value}\n\n(.*?)\n\n", page, re.MULTILINE | re.DOTALL)
        if not section:
            raise ValueError(f"docs/lifecycle.md has no section about {reason.value}")
        first, _, _ = " ".join(section[1].split()).partition(". ")
        yield f"| [`{reason.value}`](../lifecycle.md#{reason.value.lower()}) | {first.rstrip('.')}. |\n"


def written() -> str:
    """Return the page as the code has it now."""
    messages, fields = _written(path for path in sorted((ROOT / "provider").glob("*.py")) if path not in _CHECK)
    parts = [_HEAD, "## Fields\n\n", *_table("field", _FIELDS, fields)]
    parts += ["\n## Events\n\n", *_table("event", _MESSAGES, messages)]
    parts += ["\n## Reasons\n\nEach leads to what to do.\n\n", *_reasons(), _ALARMS, _CHECK_HEAD]
    messages, fields = _written(_CHECK)
    parts += [*_table("field", _CHECK_FIELDS, fields), "\n", *_table("event", _CHECK_MESSAGES, messages), "\n"]
    parts += [f"Its metrics are in the namespace `{NAMESPACE}`, with the dimension `{DIMENSION}`:\n\n"]
    parts += [f"- `{metric}`: policies that are {state.value}\n" for state, metric in METRICS.items()]
    parts += [f"- `{UNREAD}`: policies of an identity that could not be read\n- `{DRIFT}`: all but the first\n"]
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} is written\n")

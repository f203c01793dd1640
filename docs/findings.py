"""Write docs/reference/findings.md from the rules.

`python docs/findings.py` writes it; a test fails where the page is older than the rules.
"""

import sys
from pathlib import Path

from ses_sending_policy.analysis.findings.catalogue import RULES
from ses_sending_policy.analysis.findings.finding import Rule, Severity

PAGE = Path(__file__).parent / "reference" / "findings.md"

_HEAD = """\
# Findings

<!-- written by docs/findings.py from ses_sending_policy/analysis/findings: change it there -->

Every synth looks at the templates for what a reviewer should see. An *error* fails it; a *warning* is told, and fails
only under `--strict`. Both are in `cdk.out/validation-report.json`. What only the deploy knows is never held against a
policy; each branch of a condition that it decides is looked at, and so is the default of a parameter.

If what was found is meant, say so with a reason, on the policy or on any construct around it:

```python
import aws_cdk as cdk
from ses_sending_policy import SendingPolicy

stack = cdk.Stack(cdk.App(), "Mail")
policy = SendingPolicy(stack, "Partner", identity="example.com")
policy.allow_account("222222222222")
cdk.Validations.of(policy).acknowledge(
    cdk.Acknowledgment(id="ses-sending-policy::SES001", reason="public relay, agreed in SEC-12")
)
```

The report then has it among its suppressed violations, with the reason. What is acknowledged can be deployed; whether
SES takes it is SES's to say.

Where only the deploy knows a part of a document, as a parameter, the function looks for
[some of these](../lifecycle.md#what-only-the-deploy-knows) once it is known, and the deploy fails.

`SES000` is no rule: it tells of a rule, or a template, that could not be looked at. That is an error, because nobody
knows what would have been found.

`SES100` is none either: it tells of what may carry a sending policy and was not read, as another's custom resource with
a statement about SES, or a nested stack whose template is elsewhere. At synth that is a warning. To the
[command line](command-line.md#what-is-not-read) it is no finding: it exits with 2, until somebody acknowledges it.

"""


def _table() -> str:
    lines = ["| id | severity | what |\n| --- | --- | --- |\n"]
    lines += [f"| [{rule.id}](#{rule.id.lower()}) | {rule.severity.value} | {rule.title} |\n" for rule in RULES]
    return "".join(lines)


_EFFECT = {Severity.ERROR: "Error", Severity.WARNING: "Warning"}


def _section(rule: Rule) -> str:
    elsewhere = f"- Elsewhere: {rule.elsewhere}\n" if rule.elsewhere else ""
    return (
        f"\n## {rule.id}\n\n"
        f"{_EFFECT[rule.severity]}: {rule.title}.\n\n"
        f"{rule.reason}\n\n"
        f"- Fix: {rule.fix}.\n"
        f"- Source: <{rule.source}>\n"
        f"{elsewhere}"
        f'- Acknowledge: `cdk.Acknowledgment(id="ses-sending-policy::{rule.id}", reason="...")`\n'
    )


def written() -> str:
    """Return the page as the rules have it now."""
    return _HEAD + _table() + "".join(_section(rule) for rule in RULES)


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(written(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} is written\n")

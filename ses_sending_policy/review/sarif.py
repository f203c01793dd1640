"""A check as SARIF 2.1.0, which code scanning shows in the files of a pull request.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import os
from collections.abc import Sequence
from hashlib import sha256
from urllib.parse import quote

import ses_sending_policy
from ses_sending_policy.analysis.findings.catalogue import RULES
from ses_sending_policy.analysis.findings.finding import Rule
from ses_sending_policy.analysis.reading.files import on_disk
from ses_sending_policy.review.check import Check, Checked
from ses_sending_policy.review.json_text import json_text
from ses_sending_policy.review.paper import shown
from ses_sending_policy.rules.document import Json


def check_sarif(check: Check) -> str:
    """Return the findings as one run of SARIF."""
    found = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver()},
                "columnKind": "unicodeCodePoints",
                "results": [_result(each) for each in check.findings],
            }
        ],
    }
    return json_text(found)


def _driver() -> Json:
    return {
        "name": "sending-policy",
        "semanticVersion": ses_sending_policy.__version__,
        "rules": [_rule(rule) for rule in RULES],
    }


def _rule(rule: Rule) -> Json:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.reason},
        "help": {"text": rule.fix},
        "helpUri": rule.source,
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(checked: Checked) -> Json:
    finding = checked.finding
    result: dict[str, Json] = {
        "ruleId": finding.rule,
        "ruleIndex": [rule.id for rule in RULES].index(finding.rule),
        "level": finding.severity.value,
        "message": {"text": shown(f"{finding.message}; {finding.fix}")},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(checked.place.file),
                    "region": {"startLine": checked.place.line},
                },
                "logicalLocations": [
                    {"fullyQualifiedName": f"{checked.origin}/{checked.location}", "kind": "resource"}
                ],
            }
        ],
        # Not the place: a finding is the same when lines are added above it, or statements before it.
        "partialFingerprints": {"sendingPolicyFinding/v1": _digest((finding.rule, checked.origin, finding.message))},
    }
    if checked.acknowledgement:
        reason = shown(checked.acknowledgement.reason)
        result["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": reason}]
    return result


def _artifact(file: str) -> Json:
    path = on_disk(file)
    # Code scanning takes what is relative for a file of the repository, and refuses other addresses than files'.
    return {"uri": path.as_uri()} if path.is_absolute() else {"uri": quote(os.fsencode(path)), "uriBaseId": "%SRCROOT%"}


def _digest(parts: Sequence[str]) -> str:
    return sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()

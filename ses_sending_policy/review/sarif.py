"""Writes a check as SARIF 2.1.0, which code scanning shows in the files of a pull request.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import os
from collections.abc import Sequence
from hashlib import sha256
from typing import Final
from urllib.parse import quote

import ses_sending_policy
from ses_sending_policy.analysis.findings.catalogue import RULES, UNREAD
from ses_sending_policy.analysis.findings.finding import Rule
from ses_sending_policy.analysis.reading.files import on_disk
from ses_sending_policy.review.check import Checked, CheckResult, UnreadAt
from ses_sending_policy.review.constructs import Acknowledgement
from ses_sending_policy.review.json_text import json_text
from ses_sending_policy.review.source_location import SourceLocation
from ses_sending_policy.review.text_output import shown
from ses_sending_policy.rules.document import Json


def check_sarif(check: CheckResult) -> str:
    """Return the findings as one run of SARIF."""
    found = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver()},
                "columnKind": "unicodeCodePoints",
                "results": [*map(_result, check.findings), *map(_unread, check.unread)],
            }
        ],
    }
    return json_text(found)


_UNREAD: Final = {
    "id": UNREAD,
    "shortDescription": {"text": "what may carry a sending policy was not read"},
    "fullDescription": {"text": "A policy in there was not checked."},
    "help": {"text": f"look at it, and then acknowledge {UNREAD} on it"},
    "defaultConfiguration": {"level": "warning"},
}


def _driver() -> Json:
    return {
        "name": "sending-policy",
        "semanticVersion": ses_sending_policy.__version__,
        "rules": [*map(_rule, RULES), _UNREAD],
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
        "locations": [_location(checked.place, f"{checked.origin}/{checked.location}")],
        # Without the place, so that a finding stays the same if lines or statements are added before it.
        "partialFingerprints": {"sendingPolicyFinding/v1": _digest((finding.rule, checked.origin, finding.message))},
    }
    return result | _suppressed(checked.acknowledgement)


def _unread(found: UnreadAt) -> Json:
    unread = found.unread
    result: dict[str, Json] = {
        "ruleId": UNREAD,
        "ruleIndex": len(RULES),
        "level": "warning",
        "message": {"text": shown(f"{unread.message}; {unread.advice}")},
        "locations": [_location(found.place, unread.origin)],
        "partialFingerprints": {"sendingPolicyFinding/v1": _digest((UNREAD, unread.part.owner, unread.part.what))},
    }
    return result | _suppressed(unread.acknowledgement)


def _location(place: SourceLocation, name: str) -> Json:
    return {
        "physicalLocation": {"artifactLocation": _artifact(place.file), "region": {"startLine": place.line}},
        "logicalLocations": [{"fullyQualifiedName": name, "kind": "resource"}],
    }


def _suppressed(acknowledgement: Acknowledgement | None) -> dict[str, Json]:
    if acknowledgement is None:
        return {}
    justification = shown(acknowledgement.reason)
    return {"suppressions": [{"kind": "inSource", "status": "accepted", "justification": justification}]}


def _artifact(file: str) -> Json:
    path = on_disk(file)
    # Code scanning takes a relative path for a file of the repository, and refuses URIs that are not of files.
    return {"uri": path.as_uri()} if path.is_absolute() else {"uri": quote(os.fsencode(path)), "uriBaseId": "%SRCROOT%"}


def _digest(parts: Sequence[str]) -> str:
    return sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()

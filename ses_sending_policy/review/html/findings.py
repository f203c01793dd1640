"""The section of the review page with the findings, how to fix each, and which are acknowledged."""

from collections.abc import Mapping, Sequence
from typing import Final

from ses_sending_policy.analysis.findings.finding import Severity
from ses_sending_policy.review.html.badge import Badge, badge
from ses_sending_policy.review.html.layout import muted, row, rows, section
from ses_sending_policy.review.html.markup import Html, element
from ses_sending_policy.review.html.page_json import AcknowledgementJson, FindingJson
from ses_sending_policy.review.html.policy_labels import named, owner, written

_BADGES: Final = {Severity.ERROR: Badge.MORE, Severity.WARNING: Badge.UNSURE}


def unacknowledged(found: Sequence[FindingJson], severity: Severity | None = None) -> list[FindingJson]:
    """Return the findings that are not acknowledged.

    :param severity: return only those of this severity. Default: - of any severity.
    """
    return [each for each in found if each["acknowledged"] is None and severity in (None, each["severity"])]


def findings(found: Sequence[FindingJson], anchors: Mapping[str, str]) -> Html:
    """Return the section: the unacknowledged findings first, or a sentence that nothing was found.

    :param anchors: for each policy, by its stack and logical id, the name of its link target (anchor) on the page.
    """
    if not found:
        return section("findings", "Findings", element("p", "Nothing was found."))
    ordered = sorted(found, key=_order)
    settled = [each for each in ordered if each["acknowledged"] is not None]
    parts = [rows(*(_entry(each, anchors) for each in unacknowledged(ordered)))] if len(settled) < len(found) else []
    if settled:
        parts += [element("h3", "Acknowledged"), rows(*(_entry(each, anchors) for each in settled))]
    return section("findings", "Findings", *parts)


def _order(finding: FindingJson) -> tuple[str, ...]:
    # Sorted by severity: in alphabetical order, "error" comes before "warning".
    return finding["severity"], finding["rule"], owner(finding), finding["location"], finding["message"]


def _entry(finding: FindingJson, anchors: Mapping[str, str]) -> Html:
    accepted = finding["acknowledged"]
    link = element("a", named(finding), href=f"#{anchors[owner(finding)]}")
    kind_of_badge = Badge.SAME if accepted else _BADGES[finding["severity"]]
    return row(
        element("p", badge(kind_of_badge, finding["severity"].capitalize()), " ", element("code", finding["rule"])),
        element("p", finding["message"], class_="clause"),
        *([element("p", element("b", "Reason:"), " ", _reason(accepted))] if accepted else []),
        element("p", element("b", "Fix:"), " ", finding["fix"]),
        muted(link, finding["location"], f"{finding['file']}:{finding['line']}"),
    )


def _reason(accepted: AcknowledgementJson) -> str:
    return f"{accepted['reason'] or 'none given'}, said on {written(accepted['at']) or 'the app'}"

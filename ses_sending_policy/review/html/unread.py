"""The first section of the review page: the parts that may contain a sending policy and were not read."""

from collections.abc import Sequence

from ses_sending_policy.review.html.badge import Badge, badge
from ses_sending_policy.review.html.layout import counted, muted, row, rows, section
from ses_sending_policy.review.html.markup import Html, element
from ses_sending_policy.review.html.page_json import (
    ComparedPartJson,
    UnreadPartJson,
)
from ses_sending_policy.review.html.policy_labels import owner, written

UnreadPartsJson = Sequence[UnreadPartJson] | Sequence[ComparedPartJson]
"""The unread parts of one app, or of the two that are compared."""


def open_parts(parts: UnreadPartsJson) -> list[UnreadPartJson | ComparedPartJson]:
    """Return the unread parts without an acknowledgement."""
    return [each for each in parts if each["acknowledged"] is None]


def counted_parts(parts: UnreadPartsJson) -> str:
    """Return the number of unread parts without an acknowledgement, in words."""
    return f"{counted(len(open_parts(parts)), 'part')} not read"


def unread(parts: UnreadPartsJson) -> Html:
    """Return the section: the unread parts, those without an acknowledgement first."""
    ordered = sorted(parts, key=lambda each: (each["acknowledged"] is not None, owner(each)))
    return section("unread", "Not read", rows(*map(_entry, ordered)))


def _entry(part: UnreadPartJson | ComparedPartJson) -> Html:
    said = part["acknowledged"]
    kind_of_badge, word = (Badge.UNSURE, "Not read") if said is None else (Badge.SAME, "Acknowledged")
    reason = [element("p", element("b", "Reason:"), " ", said["reason"] or "none given")] if said else []
    return row(
        element("p", badge(kind_of_badge, word)),
        element("p", f"{part['what']} may carry a sending policy, and was not read: {part['why']}", class_="clause"),
        *reason,
        muted(owner(part), written(part["path"] or ""), _sides(part)),
    )


def _sides(part: UnreadPartJson | ComparedPartJson) -> str:
    if "before" not in part or part["before"] == part["after"]:
        return ""
    return "only before" if part["before"] else "only after, or not as before"

"""Writes the unread parts as text, Markdown and JSON, for an explanation, a check or a comparison."""

from collections.abc import Iterator, Sequence

from ses_sending_policy.review.markdown import code, prose
from ses_sending_policy.review.text_output import TextOutput
from ses_sending_policy.review.unread import Unread
from ses_sending_policy.rules.document import Json


def counted_unread(parts: Sequence[Unread]) -> str:
    """Return how many parts were not read and are not acknowledged, as "2 not read"; empty if none."""
    count = sum(each.acknowledgement is None for each in parts)
    return f"{count} not read" if count else ""


def unread_text(parts: Sequence[Unread], output: TextOutput) -> Iterator[str]:
    """Yield a block of text for each part."""
    for each in parts:
        kind = "acknowledged" if each.acknowledgement else "not read"
        title = output.styled(kind, "acknowledged" if each.acknowledgement else "error")
        lines = [output.lines(text, indent=2) for text in (each.message, each.advice)]
        yield "\n".join([f"{title} {output.lines(each.origin)}", *lines])


def unread_markdown(parts: Sequence[Unread]) -> Iterator[str]:
    """Yield the parts as a list in Markdown."""
    if parts:
        yield from ("", "**Not read**", "")
    for each in parts:
        kind = "acknowledged" if each.acknowledgement else "not read"
        yield f"- **{kind}** {code(each.origin)}<br>"
        yield f"  {prose(each.message)}<br>"
        yield f"  {prose(each.advice)}"


def unread_json(parts: Sequence[Unread]) -> dict[str, Json]:
    """Return the keys `complete` and `unread` of a command's JSON, with their values."""
    is_complete = all(each.acknowledgement for each in parts)
    return {"complete": is_complete, "unread": [part_json(each) for each in parts]}


def part_json(unread: Unread) -> dict[str, Json]:
    """Return one part as the schemas describe it."""
    part, said = unread.part, unread.acknowledgement
    return {
        "stack": part.stack,
        "logical_id": part.logical_id,
        "path": unread.path or None,
        "what": part.what,
        "why": part.why,
        "acknowledged": {"reason": said.reason, "at": said.at} if said else None,
    }

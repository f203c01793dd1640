"""Two owners, and the text of a policy as either of them writes it."""

import json
from typing import Any

from ses_sending_policy.rules.ownership import owner_token
from tests.support.events import Resource, document

PARTNER = Resource()
TOKEN = owner_token(PARTNER.stack_id, PARTNER.logical_id)
CLAIMED = f"example.com|partner|{TOKEN}"
MADE = f"{CLAIMED}|made"
ADOPTED = f"{CLAIMED}|adopted"
UNCLAIMED = "example.com|partner|unclaimed"
MARKER = f"Mail/Partner1A2B3C4D/{TOKEN}"

OTHER = Resource("Other", "Theirs")
OTHERS_MARKER = f"Other/Theirs/{owner_token(OTHER.stack_id, OTHER.logical_id)}"


def text(*statements: dict[str, Any], marker: str | None = None) -> str:
    """Return the text of a policy of `statements`, or of one by default, as the owner of `marker` writes it."""
    whole = document(*statements)
    return json.dumps({"Version": whole["Version"]} | ({"Id": marker} if marker else {}) | whole)


def parsed(live: str | None) -> Any:
    """Return the text of a live policy, parsed; fail if there is none."""
    assert live is not None
    return json.loads(live)


def declared(marker: str = MARKER, *statements: dict[str, Any]) -> Any:
    """Return what `parsed` gives for a policy that its owner wrote."""
    return json.loads(text(*statements, marker=marker))

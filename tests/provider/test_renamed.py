"""The physical id after a rename to a name that the resource had before."""

from typing import Any, Final

import pytest

from provider.cloudformation import ResourceEvent
from tests.support.clocks import BEGIN
from tests.support.inside import READ, Inside
from tests.support.owners import CLAIMED, MARKER, OTHERS_MARKER, PARTNER, TOKEN, text

NEW: Final = f"example.com|renamed|{TOKEN}"
ADOPTS: Final[dict[str, Any]] = {"PolicyName": "renamed", "WhenExists": "ADOPT", "OnDelete": "RELEASE"}


def had(aws: Inside, *ids: str) -> None:
    """Let the resource have had these physical ids, the newest first."""
    aws.stack.happened = lambda: [ResourceEvent("UPDATE_COMPLETE", each, BEGIN - 60, None) for each in ids]


def test_what_was_adopted_then_keeps_the_id_of_then(aws: Inside) -> None:
    aws.seed(text(marker=f"{MARKER}/adopted"), "renamed")
    had(
        aws,
        f"{CLAIMED}|adopted=another%20name",
        "example.com|renamed|0123456789abcdef|adopted=another%20owner",
        f"{NEW}|adopted",
        f"{NEW}|adopted=mail%20team",
        f"{NEW}|adopted=earlier",
    )
    assert aws.handle(PARTNER.update("", CLAIMED, **ADOPTS)).physical_id == f"{NEW}|adopted=mail%20team"


def test_where_nothing_tells_there_is_none(aws: Inside) -> None:
    aws.seed(text(marker=f"{MARKER}/adopted"), "renamed")
    assert aws.handle(PARTNER.update("", CLAIMED, **ADOPTS)).physical_id == f"{NEW}|adopted"


def test_what_is_made_now_has_none(aws: Inside) -> None:
    had(aws, f"{NEW}|adopted=mail%20team")
    assert aws.handle(PARTNER.update("", CLAIMED, **ADOPTS)).physical_id == f"{NEW}|made"


def test_what_is_adopted_now_has_the_id_of_now(aws: Inside) -> None:
    aws.seed(text(marker=OTHERS_MARKER), "renamed")
    had(aws, f"{NEW}|adopted=mail%20team")
    renamed = aws.handle(PARTNER.update("", CLAIMED, **ADOPTS)).physical_id
    assert renamed == f"{NEW}|adopted={OTHERS_MARKER}"


@pytest.mark.parametrize(("when", "marker"), [("ADOPT", None), ("OVERWRITE", OTHERS_MARKER)])
def test_what_is_taken_now_without_an_id_has_none_of_then(aws: Inside, when: str, marker: str | None) -> None:
    aws.seed(text(marker=marker), "renamed")
    had(aws, f"{NEW}|adopted=mail%20team")
    assert aws.handle(PARTNER.update("", CLAIMED, **ADOPTS | {"WhenExists": when})).physical_id == f"{NEW}|adopted"


def test_what_it_made_and_has_still_has_no_id_of_then(aws: Inside) -> None:
    aws.seed(text(marker=MARKER), "renamed")
    had(aws, f"{NEW}|adopted=mail%20team")
    assert aws.handle(PARTNER.update("", CLAIMED, **ADOPTS)).physical_id == f"{NEW}|made"


def test_what_another_delivery_adopts_meanwhile_has_the_id_of_now(aws: Inside) -> None:
    aws.seed(text(marker=OTHERS_MARKER), "renamed")
    had(aws, f"{NEW}|adopted=mail%20team")
    adopted = text(marker=f"{MARKER}/adopted")
    aws.before(READ, lambda: aws.seed(adopted, "renamed") if aws.clock.slept else None, times=2)
    renamed = aws.handle(PARTNER.update("", CLAIMED, **ADOPTS)).physical_id
    assert renamed == f"{NEW}|adopted={OTHERS_MARKER}"

"""How earlier releases read what this one writes: their functions stay deployed, in other stacks and in this one.

The two readers below are those of the last release whose physical ids did not say how a policy came to its owner.
They stay as they are, even if the rules change.
"""

import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ses_sending_policy.rules.decisions import Found
from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.identity import Identity
from ses_sending_policy.rules.ownership import Marker, Origin, PhysicalId, Target

TOKEN: Final = "0123456789abcdef"
OTHER: Final = "fedcba9876543210"

_MARKER: Final = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,127})/([A-Za-z0-9]{1,255})/([0-9a-f]{16})(/adopted)?")


def found_before(given_id: object, token: str) -> str:
    """Return what a policy with this `Id` was to the owner with this token."""
    parts = _MARKER.fullmatch(given_id) if isinstance(given_id, str) else None
    if parts is None:
        return "unmarked"
    if parts[3] != token:
        return "foreign"
    return "ours, adopted" if parts[4] else "ours"


_IDENTITY: Final = re.compile(r"(?:[^\s\x00-\x1f\x7f]{1,64}@)?[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+")


def parsed_before(text: str) -> tuple[str, str, str] | None:
    """Return identity, policy and token of a physical id, or None if CloudFormation or somebody else made it up."""
    parts = text.rsplit("|", 2)
    if len(parts) != 3:
        return None
    identity, name, token = parts
    is_token = token == "unclaimed" or re.fullmatch(r"[0-9a-f]{16}", token)
    is_name = re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name)
    return (identity, name, token) if is_token and is_name and _IDENTITY.fullmatch(identity) else None


MARKERS: Final = st.builds(
    Marker,
    st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,127}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9]{1,255}", fullmatch=True),
    st.sampled_from([TOKEN, OTHER]),
    st.booleans(),
)


@given(MARKERS)
def test_every_marker_is_ours_or_foreign_to_every_release(marker: Marker) -> None:
    now = Found.of(LivePolicy(f'{{"Id":"{marker}"}}'), TOKEN)
    assert found_before(str(marker), TOKEN) == now.value
    assert now is not Found.UNMARKED


LOCALS: Final = st.from_regex(r"[a-z|+.]{1,20}", fullmatch=True)
NAMES: Final = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)


@given(LOCALS, NAMES, st.sampled_from(list(Origin)), st.text(max_size=40))
def test_a_physical_id_that_tells_more_is_an_invented_one_to_them(
    local: str, name: str, origin: Origin, former: str
) -> None:
    """They compute the token then, read the properties, and delete what has the marker; no other policy is affected."""
    for identity in ("example.com", f"{local}@example.com"):
        written = PhysicalId(Target(Identity(identity), name), TOKEN, origin, former)
        assert parsed_before(str(written)) is None


@given(LOCALS, NAMES, st.sampled_from([TOKEN, None]))
def test_theirs_is_read_as_it_was(local: str, name: str, token: str | None) -> None:
    text = f"{local}@example.com|{name}|{token or 'unclaimed'}"
    assert parsed_before(text) == tuple(text.rsplit("|", 2))
    read = PhysicalId.parse(text)
    assert read == PhysicalId(Target(Identity(f"{local}@example.com"), name), token)
    assert str(read) == text


@given(LOCALS, NAMES, st.sampled_from(list(Origin)), st.text(max_size=40))
def test_ours_is_read_as_it_was_written(local: str, name: str, origin: Origin, former: str) -> None:
    written = PhysicalId(Target(Identity(f"{local}@example.com"), name), TOKEN, origin, former)
    read = PhysicalId.parse(str(written))
    assert read is not None
    assert (read.target, read.token, read.origin) == (written.target, TOKEN, origin)
    assert len(str(written).encode()) <= 1024
    if not any("\ud800" <= each <= "\udfff" for each in former):
        assert read.former == former


@pytest.mark.parametrize("former", ["x" * 2000, "ü" * 200])
def test_an_id_is_never_longer_than_a_kilobyte(former: str) -> None:
    written = PhysicalId(Target(Identity(f"{'a' * 64}@{'b' * 60}.example"), "p" * 64), TOKEN, Origin.ADOPTED, former)
    assert str(written).endswith("|adopted")


@pytest.mark.parametrize("tail", ["made", "adopted", "adopted=", "adopted=a%7Cb"])
def test_an_id_without_a_token_is_nobody_s(tail: str) -> None:
    assert PhysicalId.parse(f"example.com|partner|{tail}") is None
    assert PhysicalId.parse(f"partner|{TOKEN}|{tail}") is None

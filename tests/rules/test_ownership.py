"""Whom a policy belongs to."""

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.identity import Identity
from ses_sending_policy.rules.ownership import Marker, Origin, PhysicalId, StackId, Target, owner_token

STACK = "arn:aws:cloudformation:eu-west-1:111111111111:stack/Mail/0a1b2c3d"
TOKEN = "3709feb27d9890ae"
TARGET = Target(Identity("example.com"), "partner")

TOKENS = st.text("0123456789abcdef", min_size=16, max_size=16)
NAMES = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)
LOCALS = st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=64)


def test_the_token_is_the_same_in_every_release() -> None:
    """It is in markers and physical ids: another token would disown every deployed policy."""
    assert owner_token(STACK, "Partner1A2B3C4D") == TOKEN


@given(LOCALS, NAMES, st.none() | TOKENS)
def test_a_physical_id_is_read_as_it_was_written(local: str, name: str, token: str | None) -> None:
    made = PhysicalId(Target(Identity(f"{local}@example.com"), name), token)
    assert PhysicalId.parse(str(made)) == made


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mail-Partner1A2B3C4D-1Q2W3E4R5T6Z",
        "example.com|partner",
        "example.com|partner|UNCLAIMED",
        f"example.com|no such name|{TOKEN}",
        f"nowhere|partner|{TOKEN}",
        "example.com|partner|3709FEB27D9890AE",
        f"example.com|partner|{TOKEN}0",
    ],
)
def test_an_id_that_somebody_made_up_is_none_of_ours(text: str) -> None:
    assert PhysicalId.parse(text) is None


def test_the_longest_physical_id_fits_into_the_kilobyte_that_cloudformation_keeps() -> None:
    """AWS says: "The physical resource ID [...] can be up to 1 KB in size".

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
    """
    # Letters with four bytes each before the @.
    identity = Identity(f"{chr(0x10428) * 64}@{'.'.join(['d' * 63] * 3 + ['c' * 61])}")
    longest = PhysicalId(Target(identity, "p" * 64), TOKEN)
    assert len(str(longest).encode()) <= 1024
    assert PhysicalId.parse(str(longest)) == longest


def test_an_address_may_hold_what_parts_an_id() -> None:
    made = PhysicalId(Target(Identity("a|b|c@example.com"), "partner"), TOKEN)
    assert PhysicalId.parse(f"a|b|c@example.com|partner|{TOKEN}") == made


def test_the_forms_of_a_physical_id() -> None:
    assert str(PhysicalId(TARGET, TOKEN)) == f"example.com|partner|{TOKEN}"
    assert str(PhysicalId(TARGET, None)) == "example.com|partner|unclaimed"


@pytest.mark.parametrize("token", ["", "unclaimed", "3709FEB27D9890AE", TOKEN * 2])
def test_a_token_is_checked(token: str) -> None:
    for makes in (lambda: PhysicalId(TARGET, token), lambda: Marker("Mail", "Partner", token)):
        with pytest.raises(DeclarationError) as refusal:
            makes()
        assert str(refusal.value) == f"owner token {token!r} is not 16 hex digits"


@given(
    st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,127}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9]{1,255}", fullmatch=True),
    TOKENS,
    st.booleans(),
)
def test_a_marker_is_read_as_it_was_written(stack: str, logical_id: str, token: str, adopted: bool) -> None:
    made = Marker(stack, logical_id, token, adopted=adopted)
    assert Marker.parse(str(made)) == made


@pytest.mark.parametrize(
    "text",
    [
        None,
        12,
        "",
        "my policy",
        f"Mail/Partner/{TOKEN}/adopted/adopted",
        f"Mail/Partner/{TOKEN}/",
        f" Mail/Partner/{TOKEN}",
        f"Mail/Partner/{TOKEN}\n",
        f"Mail/Part-ner/{TOKEN}",
        f"Mail/{TOKEN}",
        "Mail/Partner/unclaimed",
        f"{'S' * 129}/Partner/{TOKEN}",
        f"Mail/{'L' * 256}/{TOKEN}",
    ],
)
def test_a_users_own_id_is_no_marker(text: object) -> None:
    assert Marker.parse(text) is None


def test_a_marker_for_people() -> None:
    marker = Marker("Mail", "Partner", TOKEN)
    assert marker.owner == "stack Mail (Partner)"
    assert str(marker.as_adopted()) == f"Mail/Partner/{TOKEN}/adopted"
    with pytest.raises(DeclarationError) as refusal:
        Marker("Mail/Evil", "Partner", TOKEN)
    assert str(refusal.value) == "'Mail/Evil' and 'Partner' cannot stand in a marker"


def test_a_target_for_people() -> None:
    assert str(TARGET) == "policy 'partner' on 'example.com'"
    with pytest.raises(DeclarationError, match="policy name 'a b' is not allowed"):
        Target(Identity("example.com"), "a b")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (STACK, ("aws", "eu-west-1", "111111111111", "Mail")),
        (
            "arn:aws-us-gov:cloudformation:us-gov-west-1:222222222222:stack/M/x",
            ("aws-us-gov", "us-gov-west-1", "222222222222", "M"),
        ),
    ],
)
def test_a_stacks_arn(text: str, parts: tuple[str, str, str, str]) -> None:
    assert StackId.parse(text) == StackId(text, *parts)


@pytest.mark.parametrize(
    "text",
    [
        "Mail",
        STACK.removesuffix("0a1b2c3d"),
        STACK.replace("eu-west-1", ""),
        STACK.replace("111111111111", "1" * 13),
        STACK.replace("111111111111", chr(0x661) * 12),
        STACK.replace("Mail", ""),
        STACK.replace("Mail", "1Mail"),
        STACK.replace("cloudformation", "ses"),
        STACK.replace("aws", "Aws"),
        STACK.replace("eu-west-1", "EU_1"),
    ],
)
def test_what_is_no_stacks_arn(text: str) -> None:
    with pytest.raises(DeclarationError) as refusal:
        StackId.parse(text)
    assert str(refusal.value) == f"StackId {text!r} is not the ARN of a stack"


ADOPTED: Final = PhysicalId(TARGET, TOKEN, Origin.ADOPTED)


@pytest.mark.parametrize("former", ["Mail/Partner/0123", "mail team", "a|b=c", "é", "%"])
def test_the_former_id_of_what_was_adopted_comes_back(former: str) -> None:
    made = replace(ADOPTED, former=former)
    assert (PhysicalId.parse(str(made)), made.is_whole) == (made, True)


def test_half_a_character_in_the_former_id_is_a_question_mark() -> None:
    assert PhysicalId.parse(str(replace(ADOPTED, former="a\ud800"))) == replace(ADOPTED, former="a?")


@pytest.mark.parametrize(("spare", "is_whole"), [(0, True), (-1, False)])
def test_a_former_id_that_is_too_long_is_left_out(spare: int, *, is_whole: bool) -> None:
    """CloudFormation's limit is 1024 bytes."""
    made = replace(ADOPTED, former="x" * (1024 - len(f"{ADOPTED}=") - spare))
    assert (made.is_whole, len(str(made))) == (is_whole, 1024 if is_whole else len(str(ADOPTED)))

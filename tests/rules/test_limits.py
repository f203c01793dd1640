"""SES's numbers."""

import pytest

from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.limits import POLICIES_PER_IDENTITY, check_policy_name, check_policy_size


@pytest.mark.parametrize("name", ["a", "A-b_9", "n" * 64])
def test_a_name_that_ses_takes(name: str) -> None:
    assert check_policy_name(name) == name


@pytest.mark.parametrize("name", ["", "n" * 65, "a b", "a.b", "a/b", "a\n", "\N{LATIN SMALL LETTER U WITH DIAERESIS}"])
def test_a_name_that_ses_refuses(name: str) -> None:
    with pytest.raises(DeclarationError) as refusal:
        check_policy_name(name)
    assert str(refusal.value) == f"policy name {name!r} is not allowed: use 1 to 64 letters, digits, '-' or '_'"


def test_the_size_is_counted_in_bytes() -> None:
    assert check_policy_size("x" * 4096)
    for text, size in (("x" * 4097, 4097), ("\N{SNOWMAN}" * 1366, 4098)):
        with pytest.raises(DeclarationError) as refusal:
            check_policy_size(text)
        assert str(refusal.value) == (
            f"policy document is too large: {size} bytes with the owner's marker, 4096 are allowed; "
            "spread its statements over several policies"
        )


def test_how_many_policies_an_identity_can_have() -> None:
    assert POLICIES_PER_IDENTITY == 20

"""SES's limits."""

import pytest

from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.limits import (
    POLICIES_PER_IDENTITY,
    POLICY_BYTES,
    check_policy_name,
    check_policy_size,
    oversize,
)


@pytest.mark.parametrize("name", ["a", "A-b_9", "n" * 64])
def test_a_name_that_ses_takes(name: str) -> None:
    assert check_policy_name(name) == name


@pytest.mark.parametrize("name", ["", "n" * 65, "a b", "a.b", "a/b", "a\n", "\N{LATIN SMALL LETTER U WITH DIAERESIS}"])
def test_a_name_that_ses_refuses(name: str) -> None:
    with pytest.raises(DeclarationError) as refusal:
        check_policy_name(name)
    assert str(refusal.value) == f"policy name {name!r} is not allowed: use 1 to 64 letters, digits, '-' or '_'"


def test_a_document_may_be_as_large_as_ses_takes() -> None:
    assert oversize(POLICY_BYTES) is None
    assert oversize(POLICY_BYTES + 1) == oversize(POLICY_BYTES + 1, has_marker=True)
    check_policy_size(POLICY_BYTES)


@pytest.mark.parametrize(("has_marker", "counted"), [(True, " with the owner's marker"), (False, "")])
def test_a_document_that_is_too_large(has_marker: bool, counted: str) -> None:
    size = POLICY_BYTES + 1
    fault = f"policy document is too large: {size} bytes{counted}, {POLICY_BYTES} are allowed"
    assert oversize(size, has_marker=has_marker) == fault
    with pytest.raises(DeclarationError) as refusal:
        check_policy_size(size, has_marker=has_marker)
    assert str(refusal.value) == f"{fault}; spread its statements over several policies"


def test_the_numbers_of_ses() -> None:
    assert (POLICY_BYTES, POLICIES_PER_IDENTITY) == (4096, 20)

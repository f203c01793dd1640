"""Ids of accounts and organizations."""

import pytest

from ses_sending_policy.rules.accounts import check_account, check_organization, is_organization
from ses_sending_policy.rules.arns import is_account
from ses_sending_policy.rules.errors import DeclarationError


@pytest.mark.parametrize("text", ["111111111111", "000000000001"])
def test_an_account(text: str) -> None:
    assert is_account(text)
    assert check_account(text) == text


@pytest.mark.parametrize("text", ["", "11111111111", "1111111111111", "11111111111a", "111111111111\n", "\u0661" * 12])
def test_no_account(text: str) -> None:
    assert not is_account(text)
    with pytest.raises(DeclarationError) as refusal:
        check_account(text)
    assert str(refusal.value) == f"account {text!r} is not an account's id: give its 12 digits"


def test_what_is_no_text_is_no_account() -> None:
    assert not is_account(111111111111)


@pytest.mark.parametrize("text", ["o-a1b2c3d4e5", "o-" + "a" * 32])
def test_an_organization(text: str) -> None:
    assert is_organization(text)
    assert check_organization(text) == text


@pytest.mark.parametrize("text", ["", "o-a1b2c3d4e", "o-" + "a" * 33, "o-A1B2C3D4E5", "a1b2c3d4e5", "o-a1b2c3d4e5\n"])
def test_no_organization(text: str) -> None:
    assert not is_organization(text)
    with pytest.raises(DeclarationError) as refusal:
        check_organization(text)
    assert str(refusal.value) == f"organization {text!r} is not an organization's id: it looks like o-a1b2c3d4e5"

"""Actions on an identity: those that SES has, and suggestions for others."""

import pytest

from ses_sending_policy.rules.action_names import ACTION_NAMES, check_action
from ses_sending_policy.rules.actions import IDENTITY_ACTIONS, is_identity_action
from ses_sending_policy.rules.errors import DeclarationError

SENDING = "use ses:SendEmail, ses:SendRawEmail, ses:SendTemplatedEmail, ses:SendBulkTemplatedEmail"


@pytest.mark.parametrize(
    "action",
    ["ses:SendEmail", "SES:sendrawemail", "ses:Send*", "ses:*", "*", "ses:SendBulkEmail", "ses:GetEmailIdentity"],
)
def test_an_action_of_ses(action: str) -> None:
    assert is_identity_action(action)
    assert check_action(action) == action


@pytest.mark.parametrize(
    ("action", "suggestion"),
    [
        ("SendEmail", "did you mean 'ses:SendEmail'?"),
        ("sendrawemail", "did you mean 'ses:SendRawEmail'?"),
        ("ses:SendEmial", "did you mean 'ses:SendEmail'?"),
        ("ses:SendEmails", "did you mean 'ses:SendEmail'?"),
        ("ses.SendRawEmail", "did you mean 'ses:SendRawEmail'?"),
        ("sesv2:SendEmail", "did you mean 'ses:SendEmail'?"),
        ("ses:SendTemplateEmail", "did you mean 'ses:SendTemplatedEmail'?"),
        ("ses:UpdateIdentityPolicy", "did you mean 'ses:UpdateEmailIdentityPolicy'?"),
        ("ses:Sned*", SENDING),
        ("sns:Publish", SENDING),
        ("ses:", SENDING),
        ("", SENDING),
    ],
)
def test_another_is_refused_with_what_may_be_meant(action: str, suggestion: str) -> None:
    assert not is_identity_action(action)
    with pytest.raises(DeclarationError) as refusal:
        check_action(action)
    assert str(refusal.value) == f"action {action!r} is none that SES has for an identity: {suggestion}"


def test_the_actions_of_an_identity_are_among_all_that_ses_has() -> None:
    assert [each for each in ACTION_NAMES if not each.startswith("ses:")] == []
    assert set(IDENTITY_ACTIONS) < set(ACTION_NAMES)

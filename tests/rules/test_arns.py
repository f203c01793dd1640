"""The parts of an ARN."""

import pytest

from ses_sending_policy.rules.arns import Arn, is_partition


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("arn:aws:s3:::bucket", ("aws", "s3", "", "", "bucket")),
        ("arn:aws:s3:::", ("aws", "s3", "", "", "")),
        ("arn:aws:iam::222222222222:role/a:b", ("aws", "iam", "", "222222222222", "role/a:b")),
        ("arn:aws:ses:eu-west-1:1:identity/a\nb", ("aws", "ses", "eu-west-1", "1", "identity/a\nb")),
        (
            "arn:${AWS::Partition}:iam::${AWS::AccountId}:root",
            ("${AWS::Partition}", "iam", "", "${AWS::AccountId}", "root"),
        ),
        ("arn:aws:iam::1${A:B}2:root", ("aws", "iam", "", "1${A:B}2", "root")),
        ("arn:${Token[AWS.Partition.3]}:ses:r:1:x", ("${Token[AWS.Partition.3]}", "ses", "r", "1", "x")),
    ],
)
def test_the_parts(text: str, parts: tuple[str, ...]) -> None:
    arn = Arn.parse(text)
    assert arn == Arn(*parts)
    assert str(arn) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "arn:aws:s3::",
        "arn::iam::222222222222:root",
        "x:arn:aws:s3:::bucket",
        "222222222222",
        "${A}",
        "arn:${A:B}",
    ],
)
def test_what_is_no_arn(text: str) -> None:
    assert Arn.parse(text) is None


@pytest.mark.parametrize(
    ("rest", "account", "member", "is_principal"),
    [
        ("iam::222222222222:root", "222222222222", None, True),
        ("iam::${A}:root", "${A}", None, True),
        ("iam::222222222222:root/x", "", None, True),
        ("iam:eu-west-1:222222222222:root", "", None, False),
        ("sts::222222222222:root", "", None, True),
        ("iam::222222222222:role/a/b", "", ("role", "a/b"), True),
        ("iam::222222222222:user/", "", None, True),
        ("iam::222222222222:group/a", "", None, True),
        ("iam:::user/a", "", None, True),
        ("iam:eu-west-1:222222222222:user/a", "", None, False),
        ("sts::222222222222:user/a", "", None, True),
        ("sts::222222222222:assumed-role/a/b", "", ("assumed-role", "a/b"), True),
        ("sts::222222222222:federated-user/a", "", ("federated-user", "a"), True),
        ("iam::222222222222:assumed-role/a", "", None, True),
        ("s3:::root", "", None, False),
    ],
)
def test_what_a_principal_is(rest: str, account: str, member: tuple[str, str] | None, is_principal: bool) -> None:
    arn = Arn.parse(f"arn:aws:{rest}")
    assert arn
    assert (arn.whole_account, arn.member, arn.is_principal) == (account, member, is_principal)


@pytest.mark.parametrize("text", ["aws", "aws-cn", "aws-us-gov", "aws-iso-b"])
def test_what_is_a_partition(text: str) -> None:
    assert is_partition(text)


@pytest.mark.parametrize("text", ["", "Aws", "aws_cn", "*", "${AWS::Partition}", "xaws"])
def test_what_is_no_partition(text: str) -> None:
    assert not is_partition(text)

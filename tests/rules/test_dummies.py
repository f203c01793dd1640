"""The CDK's placeholders for values that it has not looked up, and values that only look like one."""

import pytest

from ses_sending_policy.rules.lookups import dummies


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("vpc-12345", ["vpc-12345"]),
        ("vpc-12345678", []),
        ("dummy-value-for-", ["dummy-value-for-"]),
        ("arn:aws:iam::123456789012:role/DUMMY_ARN", ["123456789012:role/DUMMY_ARN"]),
        ("arn:aws:iam::123456789012:/DUMMY_ARN", []),
        ("arn:aws:iam::123456789012:1/DUMMY_ARN", []),
        ("dummy-value-for-arn:aws:ssm:a:1:parameter/p", ["dummy-value-for-arn:aws:ssm:a:1:parameter/p"]),
        ("dummy-value-for-arn:aws:ssm:::parameter/p", ["dummy-value-for-arn:aws:ssm:::parameter/p"]),
        ("dummy-value-for-arn::ssm:a:1:parameter/p", ["dummy-value-for-arn"]),
        ("1.2.3.4/5", ["1.2.3.4/5"]),
        ("11.2.3.4/5", []),
        ("1.2.3.4/56", []),
        ("key/1234abcd-12ab-34cd-56ef-1234567890ab", ["1234abcd-12ab-34cd-56ef-1234567890ab"]),
        ("key/1234abcd-12ab-34cd-56ef-1234567890ac", []),
    ],
)
def test_what_no_account_has_was_never_looked_up(text: str, found: list[str]) -> None:
    assert list(dummies({"StringEquals": {"aws:SourceVpc": [text]}})) == found

"""The output does not reveal the account."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probe.port import Operation
from probe.reading import ProbeReading, SesAnswer, Subject
from probe.redaction import Redaction
from tests.probe.conftest import HERE, IDENTITY, NAMES, OTHER

REDACTION = Redaction(HERE, NAMES)

SECRETS = [
    HERE.account,
    HERE.identity(IDENTITY),
    HERE.identity(NAMES.missing),
    HERE.principal("root"),
    HERE.principal("user/alice"),
    f"arn:aws:sts::{HERE.account}:assumed-role/Admin/alice@example.com",
    "arn:aws-us-gov:ses:us-gov-west-1:999999999999:identity/example.com",
    IDENTITY,
    IDENTITY.upper(),
    OTHER,
    NAMES.missing,
    NAMES.unicode,
    HERE.identity(NAMES.unicode),
    NAMES.token,
    "999999999999",
    "AKIAIOSFODNN7EXAMPLE",
    "AIDACKCEVSQ6C2EXAMPLE",
    "203.0.113.7",
    "https://email.internal.example.com:8443/v2",
    "5d4f0a3c-0b0a-4c8f-9f3e-8e1c2f0a9b7d",
]
INSIDE = re.compile(
    r"[0-9]{12}|AKIA|AIDA|alice|203\.0|internal|5d4f0a3c|us-gov|sending-policy-probe|" + NAMES.token, re.IGNORECASE
)


@given(st.lists(st.sampled_from(SECRETS), min_size=1), st.sampled_from([" ", ", ", "'", '"', "<", "> is not ", ": ("]))
def test_no_message_tells_of_the_account(secrets: list[str], between: str) -> None:
    told = REDACTION.text(between + between.join(secrets) + between)
    assert INSIDE.findall(told) == []


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("Policy <there> already exists", "Policy <there> already exists"),
        ("Invalid ARN: ARNs must start with 'arn:': *", "Invalid ARN: ARNs must start with 'arn:': *"),
        (f"Email identity <{IDENTITY}> does not exist.", "Email identity <<identity>> does not exist."),
        (f"Email identity <{NAMES.missing}> does not exist.", "Email identity <<missing identity>> does not exist."),
        (
            f"Email identity <{NAMES.unicode}> does not exist.",
            "Email identity <<missing unicode identity>> does not exist.",
        ),
        (f"{HERE.identity(IDENTITY)}.", "<identity arn>."),
        (f"invalid principal {HERE.principal('root')}", "invalid principal <root arn>"),
        ("User: arn:aws:iam::111111111111:user/me is not authorized", "User: <arn> is not authorized"),
        ("Policy is 4097 bytes long", "Policy is 4097 bytes long"),
    ],
)
def test_what_tells_of_the_rule_stays(message: str, told: str) -> None:
    assert REDACTION.text(message) == told


def test_every_word_of_a_reading_is_looked_at() -> None:
    operation: Operation = "GetEmailIdentityPolicies"
    said = SesAnswer(operation, "Denied", HERE.account, policies={"p": HERE.account})
    reading = ProbeReading(Subject("n", "a", {"ok": ""}), "ok", HERE.account, (said,), HERE.account, HERE.account)
    assert HERE.account not in repr(REDACTION.reading(reading))

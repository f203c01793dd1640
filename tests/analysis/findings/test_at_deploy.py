"""The rules of the deploy against those of the synth: the synth finds everything that the deploy refuses."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ses_sending_policy.analysis.findings.at_deploy import AT_DEPLOY, refusals
from ses_sending_policy.analysis.findings.catalogue import RULES
from ses_sending_policy.analysis.findings.reach import DeadGrant
from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment

ARN = "arn:aws:ses:eu-west-1:111111111111:identity/example.com"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HERE = KnownEnvironment("aws", "eu-west-1", "111111111111")

CONDITIONS = [
    ("StringLike", "ses:FromAddress", ["*@news.example.com", "*"]),
    ("StringEquals", "aws:PrincipalOrgID", ["o-a1b2c3d4e5"]),
    ("StringLike", "aws:PrincipalOrgID", ["o-a1b2c3d4e5", "*", "o-*"]),
    ("StringEqualsIfExists", "aws:PrincipalOrgID", ["o-a1b2c3d4e5"]),
    ("StringEquals", "aws:PrincipalAccount", ["222222222222"]),
    ("StringNotEquals", "aws:PrincipalAccount", ["222222222222"]),
    ("ArnLike", "aws:PrincipalArn", ["arn:aws:iam::222222222222:role/*", "arn:aws:iam::*:role/Sender"]),
    ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", ["o-a1b2c3d4e5/*", "*"]),
    ("StringLike", "aws:PrincipalAccount", ["222222222222", "2*", "22222222222?"]),
    ("StringLike", "aws:PrincipalArn", ["arn:*", "*:role/Sender", "arn:aws:iam::2*:role/Sender"]),
    ("StringLike", "aws:SourceVpce", ["vpce-1", "vpce-*"]),
    ("StringLike", "aws:userid", ["*:deploy", "AROAEXAMPLE:*"]),
    ("ArnLike", "aws:SourceArn", ["arn:aws:s3:::*", "arn:aws:s3:::mine", "arn:aws:sns:*:222222222222:*"]),
    ("StringNotLike", "aws:PrincipalArn", ["arn:aws:iam::222222222222:role/*"]),
    ("IpAddress", "aws:SourceIp", ["203.0.113.0/24"]),
    ("Bool", "aws:SecureTransport", ["true"]),
    ("DateLessThan", "aws:CurrentTime", ["2031-01-01T00:00Z"]),
    ("Null", "aws:PrincipalOrgID", ["true"]),
    ("Null", "aws:PrincipalOrgID", ["false"]),
]


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for operator, key, values in draw(st.lists(st.sampled_from(CONDITIONS), max_size=3)):
        chosen = st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)
        found.setdefault(operator, {})[key] = draw(chosen)
    return found


PRINCIPALS = st.sampled_from(
    ["*", "222222222222", "111111111111", "12345", "arn:aws:iam::*:root", "arn:aws:iam::111111111111:root"]
)
ACTIONS = st.sampled_from(
    ["ses:SendEmail", "ses:SendRawEmail", "ses:*", "*", "ses:DeleteEmailIdentityPolicy", "ses:Send*"]
)


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    narrowed, names = draw(conditions()), st.lists(PRINCIPALS, min_size=1, max_size=2)
    return {
        "Effect": draw(st.sampled_from(["Allow", "Allow", "Allow", "Deny"])),
        "Principal": draw(st.one_of(st.just("*"), st.fixed_dictionaries({"AWS": names}))),
        "Action": draw(st.lists(ACTIONS, min_size=1, max_size=2)),
        "Resource": ARN,
    } | ({"Condition": narrowed} if narrowed else {})


# Keys that no request has together: services have a source, and principals do not; an endpoint hides the address.
APART = [("aws:SourceArn", "aws:Principal"), ("aws:SourceArn", "aws:userid"), ("aws:SourceVpce", "aws:SourceIp")]


def mixes_callers(statement: dict[str, Any]) -> bool:
    keys = {key for each in statement.get("Condition", {}).values() for key in each}
    return any(one in keys and any(key.startswith(other) for key in keys) for one, other in APART)


# One condition requires the key, and the other one its value.
TOGETHER = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": ["ses:SendEmail"],
    "Resource": ARN,
    "Condition": {
        "StringEqualsIfExists": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5"]},
        "StringLike": {"aws:PrincipalOrgID": ["*"]},
    },
}


@given(st.lists(statements(), min_size=1, max_size=2))
@example([TOGETHER])
@settings(max_examples=400)
def test_what_the_deploy_refuses_synth_finds(given_statements: list[dict[str, Any]]) -> None:
    document = {"Version": "2012-10-17", "Statement": given_statements}
    policy = Declared("Mail", "Partner", "example.com", "partner", document, HERE)
    found = {finding.rule for rule in RULES if rule.id in AT_DEPLOY for finding in rule.findings([policy], NOW)}
    refused = {each.rule for each in refusals(document, "example.com", ["Statement"], [])}
    dead = {finding.rule for finding in DeadGrant().findings([policy], NOW)}
    # If a grant holds for nobody, the synth reports that or nothing, and the deploy cannot know it.
    assert refused - found <= ({"SES001"} if dead or any(map(mixes_callers, given_statements)) else set())
    assert found - refused <= {"SES001", "SES010"}, "all else is the same rule"


def test_a_public_principal_is_refused_with_a_narrowed_message() -> None:
    """Conditions on the message do not narrow who sends it."""
    for condition, is_refused in (
        ({}, True),
        ({"StringLike": {"ses:FromAddress": "*@news.example.com"}}, True),
        ({"StringLike": {"aws:PrincipalOrgID": "*"}}, True),
        ({"StringLike": {"aws:PrincipalOrgID": "o-*"}}, True),
        ({"StringLike": {"aws:PrincipalOrgPaths": "o-*/r-ab12/*"}}, True),
        ({"StringLike": {"aws:PrincipalAccount": "2*"}}, True),
        ({"StringLike": {"aws:SourceVpce": "vpce-*"}}, True),
        ({"StringLike": {"aws:userid": "*:deploy"}}, True),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}, True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::2*:role/Sender"}}, True),
        ({"StringLike": {"aws:PrincipalArn": "arn:*"}}, True),
        ({"StringLike": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5", "o-*"]}}, True),
        ({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}, True),
        ({"StringNotEquals": {"aws:PrincipalAccount": "222222222222"}}, True),
        ({"Null": {"aws:PrincipalOrgID": "false"}}, True),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}, False),
        ({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*"}}, False),
        ({"StringLike": {"aws:userid": "AROAEXAMPLE:*"}}, False),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:222222222222:*"}}, False),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::222222222222:role/*"}}, False),
    ):
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": "ses:SendEmail",
            "Resource": ARN,
            "Condition": condition,
        }
        found = refusals({"Statement": [statement]}, "example.com", ["Statement/0/Principal/AWS"], [])
        assert [each.rule for each in found] == ["SES001"] * is_refused, condition


OVER = {"DateLessThan": {"aws:CurrentTime": "soon"}}


def refused(*of_statements: dict[str, Any], unknown: str = "", acknowledged: str = "") -> list[str]:
    """Return the refusals of some statements, each given by what differs from a good one."""
    usual = {"Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Action": "ses:SendEmail", "Resource": ARN}
    document = {"Version": "2012-10-17", "Statement": [usual | each for each in of_statements]}
    return [each.sentence for each in refusals(document, "example.com", unknown.split(), acknowledged.split())]


@pytest.mark.parametrize(
    ("elements", "message", "fix"),
    [
        (
            {"Principal": "*"},
            "SES001: principal '*' lets every AWS account send as 'example.com'",
            "name the accounts in Principal, or add a condition on aws:PrincipalOrgID",
        ),
        (
            {"Effect": "Deny", "Principal": "*", "Action": "*"},
            "SES010: nobody can call ses:UpdateEmailIdentityPolicy on 'example.com' any more",
            "deny the actions that send, as ses:SendEmail, or name in Principal whom it is about",
        ),
        # One with a fix of the finding's own, and one with its rule's.
        (
            {"Principal": {"aws": "222222222222"}},
            "SES013: principal kind 'aws' is in the wrong case: allowed are AWS, Service, Federated, CanonicalUser",
            "write AWS",
        ),
        (
            {"Principal": {"Account": "222222222222"}},
            "SES013: principal kind 'Account' is unknown: allowed are AWS, Service, Federated, CanonicalUser",
            "put accounts, users and roles under AWS, and services under Service",
        ),
    ],
)
def test_what_the_deploy_says(elements: dict[str, Any], message: str, fix: str) -> None:
    assert refused(elements) == [f"{message}; {fix}"]


def test_what_nothing_is_wrong_with_is_not_refused() -> None:
    assert refused({}, unknown="Statement") == []


@pytest.mark.parametrize(
    ("unknown", "is_refused"),
    [
        ("", False),
        ("Statement/0/Condition/DateLessThan/aws:CurrentTime", True),
        ("Statement/0/Condition", True),
        ("Statement", True),
        ("Statement/0/Principal Statement/0/Condition", True),
        ("Statement/0/Principal", False),
        ("Statement/1", False),
    ],
)
def test_a_value_that_synth_knew_was_warned_of_there(unknown: str, *, is_refused: bool) -> None:
    assert len(refused({"Condition": OVER}, unknown=unknown)) == is_refused


def test_another_statement_whose_number_begins_alike_was_known() -> None:
    eleven = [*([{}] * 10), {"Condition": OVER}]
    assert refused(*eleven, unknown="Statement/1") == []
    assert len(refused(*eleven, unknown="Statement/10")) == 1


def test_what_is_acknowledged_is_not_refused() -> None:
    partner = {"Principal": {"AWS": "partner"}, "Condition": OVER}
    assert [each[:6] for each in refused(partner, unknown="Statement")] == ["SES014", "SES111"]
    assert [each[:6] for each in refused(partner, unknown="Statement", acknowledged="SES014 SES001")] == ["SES111"]

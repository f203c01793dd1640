"""What a reviewer reads of a policy."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ses_sending_policy.analysis.grants.grant import grants_of
from ses_sending_policy.analysis.grants.sentence import sentence
from ses_sending_policy.rules.document import Document, LivePolicy, compact
from ses_sending_policy.rules.equivalence import differences
from tests.analysis.findings.declare import resource, statement, template, unknown
from tests.analysis.findings.examples import SENDING

JANE = "arn:aws:iam::222222222222:user/team/Jane"
ACCOUNT = {"AWS": "222222222222"}
USER_POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_xxxxxxxxx"
BOTH = ["ses:SendEmail", "ses:SendRawEmail"]
ALL = [*BOTH, "ses:SendTemplatedEmail", "ses:SendBulkTemplatedEmail"]


def sentences(*statements: Any, **properties: Any) -> list[str]:
    """Return what is read of a policy of these statements."""
    (policy,) = template(P=resource(*statements, **properties))
    return [sentence(grant) for grant in grants_of(policy.document, policy.identity_text)]


def said(**elements: Any) -> str:
    """Return what is read of a policy of one statement with one principal."""
    (found,) = sentences(statement(**({"Action": BOTH} | elements)))
    return found


def test_aws_s_examples() -> None:
    read = {name: sentences(Policy=document) for name, document in SENDING.items()}
    john = "user John of account 111122223333 may send"
    anywhere = "as any address of example.com"
    assert read == {
        "an account, from some addresses": ["account 123456789012 may send as marketing+.*@example.com"],
        "two users": [f"{john} {anywhere}", f"user Jane of account 444455556666 may send {anywhere}"],
        "a Cognito user pool": [
            f"service cognito-idp.amazonaws.com may send {anywhere}, for account 123456789012, for {USER_POOL}"
        ],
        "an organization": [f"everybody of organization o-xxxxxxxxxx may send {anywhere}"],
        "one From address": [f"{john} as sender@example.com"],
        "a window of time": [f"{john} {anywhere}, after 2021-08-31T12:00Z, before 2021-10-31T12:00Z"],
        "one action": [f"{john} with ses:SendRawEmail {anywhere}"],
        "a display name": [f"{john} {anywhere}, with the display name Marketing"],
        "two statements": [
            "account 111111111111 may send as *@example.com, with bounces to *@example.com",
            "account 222222222222 may send as *@example.com, with bounces to *@example.com",
            f"user Internal of account 333333333333 may send {anywhere}, only to *@example.com",
        ],
    }


@pytest.mark.parametrize(
    ("principal", "who"),
    [
        ({"AWS": "222222222222"}, "account 222222222222"),
        ({"AWS": "arn:aws:iam::222222222222:root"}, "account 222222222222"),
        ({"AWS": "arn:aws-us-gov:iam::222222222222:root"}, "account 222222222222 in aws-us-gov"),
        ({"AWS": JANE}, "user team/Jane of account 222222222222"),
        ({"AWS": "arn:aws:sts::222222222222:assumed-role/R/S"}, "assumed-role R/S of account 222222222222"),
        ({"AWS": "arn:aws:iam::222222222222:user/"}, "principal arn:aws:iam::222222222222:user/"),
        ({"AWS": "arn:aws:sts::222222222222:assumed-role/"}, "principal arn:aws:sts::222222222222:assumed-role/"),
        ({"AWS": "AROAEXAMPLEID"}, "principal AROAEXAMPLEID"),
        ({"AWS": {"Fn::GetAtt": ["Sender", "Arn"]}}, "principal ${Sender.Arn}"),
        ({"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${Other}:root"}}, "account ${Other}"),
        ({"AWS": {"Fn::Transform": ["A"]}}, "principal \"${Fn::Transform 'A'}\""),
        ({"Ref": "Who"}, "whoever ${Who} is"),
        ([], "somebody whom only the deploy knows"),
        ({"Service": "ses.amazonaws.com"}, "service ses.amazonaws.com"),
        ({"Service": "222222222222"}, "service 222222222222"),
        ({"Service": "*"}, "service *"),
        ({"CanonicalUser": "79a59df900b949e5"}, "CanonicalUser 79a59df900b949e5"),
        ({"*": "*"}, "everybody"),
        ("*", "everybody"),
        ({"AWS": "*"}, "everybody"),
    ],
)
def test_who(principal: Any, who: str) -> None:
    assert said(Principal=principal) == f"{who} may send as any address of example.com"


@pytest.mark.parametrize(
    ("principal", "who"),
    [
        ("arn:aws:iam::222222222222:role/a b", 'principal "arn:aws:iam::222222222222:role/a b"'),
        ("arn:aws:iam::222222222222:group/a", "principal arn:aws:iam::222222222222:group/a"),
    ],
    ids=str,
)
def test_who_is_called_as_he_is_written(principal: Any, who: str) -> None:
    assert said(Principal={"AWS": principal}) == f"{who} may send as any address of example.com"


def test_the_own_account_of_a_stack_that_may_be_deployed_anywhere() -> None:
    [policy] = unknown(statement(Principal={"AWS": {"Ref": "AWS::AccountId"}}, Action=BOTH))
    [grant] = grants_of(policy.document, "example.com")
    assert sentence(grant) == "account ${AWS::AccountId} may send as any address of example.com"


def test_the_partition_of_a_stack_that_may_be_deployed_anywhere_is_not_told() -> None:
    root = {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::222222222222:root"}}
    [policy] = unknown(statement(Principal=root, Action=BOTH))
    [grant] = grants_of(policy.document, "example.com")
    assert grant.principal == "arn:${AWS::Partition}:iam::222222222222:root"
    assert sentence(grant) == "account 222222222222 may send as any address of example.com"


@pytest.mark.parametrize(
    ("elements", "read"),
    [
        ({"Effect": "Deny", "Principal": ACCOUNT, "Action": ALL}, "account 222222222222 may not send"),
        ({"Effect": "Deny", "Principal": "*", "Action": ALL[::-1]}, "nobody may send"),
        # What is left could still be sent with.
        ({"Effect": "Deny", "Principal": "*"}, "nobody may send with ses:SendEmail and ses:SendRawEmail"),
        (
            {"Principal": ACCOUNT, "Action": ALL},
            f"account 222222222222 may send with {' and '.join(sorted(ALL))}",
        ),
        ({"Effect": {"Ref": "Effect"}, "Principal": ACCOUNT}, "account 222222222222 may or may not send"),
        ({"Principal": None, "NotPrincipal": ACCOUNT}, "everybody but account 222222222222 may send"),
        (
            {"Effect": "Deny", "Principal": None, "NotPrincipal": ACCOUNT, "Action": ALL},
            "everybody but account 222222222222 may not send",
        ),
        ({"Principal": ACCOUNT, "Action": "SES:sendemail"}, "account 222222222222 may send with ses:SendEmail"),
        ({"Principal": ACCOUNT, "Action": "ses:*"}, "account 222222222222 may call ses:*"),
        (
            {"Principal": ACCOUNT, "Action": ["ses:SendEmail", "ses:DeleteEmailIdentity"]},
            "account 222222222222 may call ses:DeleteEmailIdentity and ses:SendEmail",
        ),
        (
            {"Principal": ACCOUNT, "Action": None, "NotAction": "ses:SendEmail"},
            "account 222222222222 may call everything but ses:SendEmail",
        ),
        (
            {"Principal": ACCOUNT, "Action": None, "NotAction": ["ses:SendRawEmail", "ses:SendEmail"]},
            "account 222222222222 may call everything but ses:SendEmail and ses:SendRawEmail",
        ),
    ],
)
def test_what(elements: dict[str, Any], read: str) -> None:
    assert said(**elements) == f"{read} as any address of example.com"


@pytest.mark.parametrize(
    ("condition", "read"),
    [
        ({"StringLike": {"ses:FromAddress": ["b@example.com", "a@example.com"]}}, "as a@example.com or b@example.com"),
        (
            {"StringEquals": {"ses:FromAddress": "*@example.com"}},
            "as any address of example.com, where ses:FromAddress StringEquals *@example.com",
        ),
        (
            {
                "StringLike": {"ses:FromAddress": "a*@example.com"},
                "StringEquals": {"ses:FromAddress": "ab@example.com"},
            },
            "as ab@example.com, where ses:FromAddress StringLike a*@example.com",
        ),
        (
            {"StringNotLike": {"ses:FromAddress": "*admin*"}},
            "as any address of example.com, where ses:FromAddress StringNotLike *admin*",
        ),
        (
            {"ForAnyValue:StringLike": {"ses:Recipients": "*@example.com"}},
            "as any address of example.com, with *@example.com among the recipients",
        ),
        (
            {"StringEquals": {"ses:FromDisplayName": ["News, daily", "Support"]}},
            'as any address of example.com, with the display name "News, daily" or Support',
        ),
        (
            {"StringEquals": {"ses:FromDisplayName": ["Börse heute", ""]}},
            'as any address of example.com, with the display name "" or "Börse heute"',
        ),
        ({"StringEquals": {"ses:FromAddress": ["a@example.com", "a@example.com"]}}, "as a@example.com"),
        *(
            ({operator: {"aws:SourceArn": "arn:aws:s3:::b"}}, "as any address of example.com, for arn:aws:s3:::b")
            for operator in ("StringEquals", "StringLike", "ArnEquals", "ArnLike")
        ),
        ({"ArnEquals": {"aws:SourceArn": "arn:aws:s3:::*"}}, "as any address of example.com, for arn:aws:s3:::*"),
        (
            {"StringEquals": {"aws:SourceAccount": "222222222222"}, "StringLike": {"aws:SourceAccount": "2*"}},
            "as any address of example.com, for account 222222222222, for account 2*",
        ),
        (
            {"DateGreaterThanEquals": {"aws:CurrentTime": "2026-01-01"}},
            "as any address of example.com, from 2026-01-01T00:00Z on",
        ),
        (
            {"DateLessThanEquals": {"aws:CurrentTime": "2026-01-01"}},
            "as any address of example.com, until 2026-01-01T00:00Z",
        ),
        (
            {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}, "StringLike": {"aws:SourceArn": "arn:*"}},
            "as any address of example.com, for arn:aws:s3:::*, where aws:SourceArn StringLike arn:*",
        ),
        (
            {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
            "as any address of example.com, where aws:PrincipalOrgID StringEqualsIfExists o-a1b2c3d4e5",
        ),
        (
            {"IpAddress": {"aws:SourceIp": ["::1/8"]}, "Bool": {"aws:SecureTransport": True}},
            "as any address of example.com, where aws:SecureTransport Bool true, where aws:SourceIp IpAddress ::1/8",
        ),
        ({"StringEquals": {"ses:FromAddress": []}}, "as nothing"),
        (
            {"StringEquals": {"ses:FromAddress": {"Ref": "Sender"}}},
            "as ${Sender}",
        ),
        ({"Ref": "When"}, "as any address of example.com, under conditions that only the deploy knows: ${When}"),
        (
            {"Bool": {"Ref": "When"}, "Null": {"Ref": "Never"}},
            "as any address of example.com, under conditions that only the deploy knows: ${Never} and ${When}",
        ),
        ("x", "as any address of example.com, under conditions that only the deploy knows"),
    ],
)
def test_under_which_conditions(condition: dict[str, Any], read: str) -> None:
    assert said(Principal=ACCOUNT, Condition=condition) == f"account 222222222222 may send {read}"


def test_an_address_has_no_others() -> None:
    assert sentences(statement(Principal=ACCOUNT, Action=BOTH), EmailIdentity="a@example.com") == [
        "account 222222222222 may send as a@example.com"
    ]
    imported = {"Fn::ImportValue": "Identity"}
    assert sentences(statement(Principal=ACCOUNT, Action=BOTH), EmailIdentity=imported) == [
        "account 222222222222 may send as ${Fn::ImportValue Identity}"
    ]


PRINCIPALS = st.sampled_from(["*", ACCOUNT, {"AWS": JANE}, {"Service": "ses.amazonaws.com"}, {"Service": JANE}])
KEYS = ["ses:FromAddress", "ses:Recipients", "aws:SourceArn", "aws:CurrentTime", "aws:PrincipalOrgID", "aws:SourceIp"]
OPERATORS = [
    f"{quantifier}{operator}"
    for quantifier in ("", "ForAllValues:", "ForAnyValue:")
    for operator in ("StringLike", "StringEquals", "StringNotEquals", "ArnLike", "DateLessThan", "StringLikeIfExists")
]
VALUES = st.lists(
    st.sampled_from(["a@example.com", "*@example.com", "a or b", "or", ", ", ""]), min_size=1, unique=True
)
STATEMENTS = st.builds(
    statement,
    Effect=st.sampled_from(["Allow", "Deny"]),
    Principal=PRINCIPALS,
    Action=st.lists(st.sampled_from([*ALL, "ses:SendBulkEmail", "ses:*"]), min_size=1, unique=True),
    Condition=st.dictionaries(
        st.sampled_from(OPERATORS), st.dictionaries(st.sampled_from(KEYS), VALUES, min_size=1), max_size=3
    ),
)


def _means_the_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    live, declared = ({"Statement": [_plain(each)]} for each in (one, other))
    return not differences(LivePolicy(compact(live)), Document(declared), "aws")


def _plain(each: dict[str, Any]) -> dict[str, Any]:
    """Return a statement with one operator for each set of those that compare the same where there is no wildcard."""
    condition: dict[str, Any] = {}
    for operator, keys in each["Condition"].items():
        for key, values in keys.items():
            literal = not any("*" in value for value in values)
            arn = key == "aws:SourceArn" and operator in ("StringLike", "StringEquals", "ArnLike")
            like = operator.endswith("StringLike")
            name = (
                "ArnLike" if arn and literal else operator.replace("Like", "Equals") if like and literal else operator
            )
            condition.setdefault(f"{key} {name}", set()).add(frozenset(values))
    return each | {"Condition": {key: sorted(map(sorted, sets)) for key, sets in condition.items()}}


@given(STATEMENTS, STATEMENTS)
def test_what_gives_something_else_reads_otherwise(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (sentences(one) == sentences(other)) == _means_the_same(one, other)


@given(STATEMENTS, st.data())
def test_one_change_changes_the_sentence(one: dict[str, Any], data: st.DataObject) -> None:
    element = data.draw(st.sampled_from(["Effect", "Principal", "Action", "Condition"]))
    other = one | {element: data.draw(STATEMENTS)[element]}
    assert (sentences(one) == sentences(other)) == _means_the_same(one, other)

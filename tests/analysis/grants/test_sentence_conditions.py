"""How a sentence expresses each condition: in words if there are any, else as the document has it."""

from typing import Any, Final

import pytest

from tests.analysis.grants.test_sentence import ACCOUNT, said

ANY: Final = "as any address of example.com"
ORGANIZATION, OTHER = "o-a1b2c3d4e5", "o-f6g7h8i9j0"
PATH: Final = f"{ORGANIZATION}/r-ab12/ou-ab12-11111111/*"
ROLE: Final = "arn:aws:iam::222222222222:role/News"
NETWORK: Final = "10.0.0.0/8"


@pytest.mark.parametrize(
    ("operator", "key", "values", "who"),
    [
        # These had the same words in earlier releases.
        ("StringEquals", "aws:PrincipalOrgID", ORGANIZATION, f"everybody of organization {ORGANIZATION}"),
        ("StringLike", "aws:PrincipalOrgID", "o-a*", "everybody of organization o-a*"),
        ("StringEquals", "AWS:principalorgid", ORGANIZATION, f"everybody of organization {ORGANIZATION}"),
        ("StringNotEquals", "aws:PrincipalOrgID", ORGANIZATION, f"everybody outside organization {ORGANIZATION}"),
        (
            "StringNotEquals",
            "aws:PrincipalOrgID",
            [OTHER, ORGANIZATION],
            f"everybody outside organization {ORGANIZATION} or {OTHER}",
        ),
        (
            "StringNotEqualsIfExists",
            "aws:PrincipalOrgID",
            ORGANIZATION,
            f"everybody outside organization {ORGANIZATION}",
        ),
        ("StringEquals", "aws:PrincipalOrgID", "${aws:ResourceOrgID}", "everybody of the owner's organization"),
        ("StringNotEquals", "aws:PrincipalOrgID", "${aws:ResourceOrgID}", "everybody outside the owner's organization"),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", PATH, f"everybody of organization path {PATH}"),
        (
            "ForAllValues:StringNotLike",
            "aws:PrincipalOrgPaths",
            PATH,
            f"everybody outside organization path {PATH}",
        ),
        ("StringEquals", "aws:PrincipalAccount", "222222222222", "everybody of account 222222222222"),
        ("StringEquals", "aws:PrincipalAccount", "${aws:ResourceAccount}", "everybody of the owner's account"),
        ("StringNotEquals", "aws:PrincipalAccount", "222222222222", "everybody outside account 222222222222"),
    ],
)
def test_of_whom_a_condition_leaves_some(operator: str, key: str, values: Any, who: str) -> None:
    assert said(Principal="*", Condition={operator: {key: values}}) == f"{who} may send {ANY}"


@pytest.mark.parametrize(
    ("operator", "key", "values", "words"),
    [
        ("StringNotEquals", "ses:FromAddress", "a@example.com", " but a@example.com"),
        ("StringNotLike", "ses:FromAddress", "*admin*", " but *admin*"),
        ("StringNotLikeIfExists", "ses:FromAddress", ["b*", "a*"], " but a* or b*"),
        ("StringNotEqualsIgnoreCase", "ses:FromAddress", "CEO@example.com", " but ceo@example.com in any case"),
        ("StringNotEquals", "ses:FromAddress", "*x", ", where ses:FromAddress StringNotEquals *x"),
        ("ForAllValues:StringLike", "ses:Recipients", "*@b.com", ", only to *@b.com"),
        ("ForAllValues:StringLikeIfExists", "ses:Recipients", "*@b.com", ", only to *@b.com"),
        ("ForAllValues:StringNotLike", "ses:Recipients", "*@b.com", ", with no *@b.com among the recipients"),
        ("ForAnyValue:StringLike", "ses:Recipients", "*@b.com", ", with *@b.com among the recipients"),
        ("ForAnyValue:StringNotLike", "ses:Recipients", "*@b.com", ", with others than *@b.com among the recipients"),
        ("StringLike", "ses:Recipients", "*@b.com", ", where ses:Recipients StringLike *@b.com"),
        ("StringNotLike", "ses:Recipients", "*@b.com", ", where ses:Recipients StringNotLike *@b.com"),
        ("StringNotEquals", "ses:FromDisplayName", "CEO", ", not with the display name CEO"),
        ("StringNotLike", "ses:FeedbackAddress", "*@b.com", ", not with bounces to *@b.com"),
        ("StringEqualsIgnoreCase", "ses:FromDisplayName", "News", ", with the display name news in any case"),
        ("StringEquals", "ses:ApiVersion", "2", ", through version 2 of the API"),
        ("StringNotEquals", "ses:ApiVersion", "1", ", not through version 1 of the API"),
        ("StringEquals", "ses:TenantName", "news", ", for tenant news"),
        ("StringNotEquals", "ses:TenantName", "news", ", not for tenant news"),
        ("StringEquals", "ses:MultiRegionEndpointId", "abc", ", through multi-region endpoint abc"),
        ("IpAddress", "aws:SourceIp", NETWORK, f", from network {NETWORK}"),
        ("IpAddress", "aws:sourceip", NETWORK, f", from network {NETWORK}"),
        ("IpAddress", "aws:SourceIp", ["203.0.113.5/32", "203.0.113.5"], ", from network 203.0.113.5"),
        ("IpAddress", "aws:SourceIp", "2001:DB8::/32", ", from network 2001:db8::/32"),
        ("NotIpAddress", "aws:SourceIp", NETWORK, f", from outside {NETWORK}"),
        (
            "IpAddressIfExists",
            "aws:SourceIp",
            NETWORK,
            f", from network {NETWORK} or where the request has no aws:SourceIp",
        ),
        ("IpAddress", "aws:VpcSourceIp", NETWORK, f", from private network {NETWORK}"),
        ("NotIpAddress", "aws:VpcSourceIp", NETWORK, f", from outside private network {NETWORK}"),
        ("StringEquals", "aws:SourceVpc", "vpc-1", ", through VPC vpc-1"),
        ("StringNotEquals", "aws:SourceVpc", "vpc-1", ", not through VPC vpc-1"),
        ("StringEquals", "aws:SourceVpce", "vpce-1", ", through VPC endpoint vpce-1"),
        ("StringLike", "aws:SourceVpce", "vpce-*", ", through VPC endpoint vpce-*"),
        ("StringNotEquals", "aws:SourceVpce", "vpce-1", ", not through VPC endpoint vpce-1"),
        ("StringEquals", "aws:VpceAccount", "222222222222", ", through a VPC endpoint of account 222222222222"),
        ("StringEquals", "aws:VpceOrgID", "o-1", ", through a VPC endpoint of organization o-1"),
        ("ArnLike", "aws:PrincipalArn", ROLE, ", by role News of account 222222222222"),
        ("StringEquals", "aws:PrincipalArn", ROLE, ", by role News of account 222222222222"),
        ("ArnNotEquals", "aws:PrincipalArn", ROLE, ", not by role News of account 222222222222"),
        ("StringNotEquals", "aws:PrincipalArn", ROLE, ", not by role News of account 222222222222"),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/x", ", by role x of account *"),
        # The root user is not the same as the account.
        (
            "ArnLike",
            "aws:PrincipalArn",
            "arn:aws:iam::222222222222:root",
            ", by arn:aws:iam::222222222222:root",
        ),
        ("StringLike", "aws:PrincipalArn", f"{ROLE}*", f", where aws:PrincipalArn StringLike {ROLE}*"),
        ("ArnNotLike", "aws:SourceArn", "arn:aws:s3:::b*", ", not for arn:aws:s3:::b*"),
        ("StringNotEquals", "aws:SourceAccount", "222222222222", ", not for account 222222222222"),
        ("StringEquals", "aws:SourceOrgID", "o-1", ", for organization o-1"),
        ("ForAnyValue:StringLike", "aws:SourceOrgPaths", PATH, f", for organization path {PATH}"),
        ("StringLike", "aws:userid", "AROAEXAMPLEID:*", ", with the user id AROAEXAMPLEID:*"),
        ("StringNotEquals", "aws:username", "jane", ", not with the user name jane"),
        ("StringEquals", "aws:SourceIdentity", "jane", ", with the source identity jane"),
        ("StringEquals", "aws:UserAgent", "a b", ', with the user agent "a b"'),
        ("StringEquals", "aws:RequestedRegion", "eu-west-1", ", in region eu-west-1"),
        ("StringEquals", "aws:PrincipalTag/Team", ["red", "blue"], ", where the caller's tag team is blue or red"),
        ("StringNotEquals", "aws:PrincipalTag/a b{}", "x", ', where the caller\'s tag "a b{}" is not x'),
        ("StringEquals", "aws:ResourceTag/env", "prod", ", where the identity's tag env is prod"),
        ("Bool", "aws:SecureTransport", "true", ", over TLS"),
        ("Bool", "aws:SecureTransport", "false", ", without TLS"),
        ("BoolIfExists", "aws:SecureTransport", True, ", over TLS or where the request has no aws:SecureTransport"),
        (
            "Bool",
            "aws:SecureTransport",
            ["true", "false"],
            ", where aws:SecureTransport Bool false or true",
        ),
        ("Bool", "aws:MultiFactorAuthPresent", "true", ", with MFA"),
        (
            "BoolIfExists",
            "aws:MultiFactorAuthPresent",
            "false",
            ", without MFA or where the request has no aws:MultiFactorAuthPresent",
        ),
        ("NumericLessThan", "aws:MultiFactorAuthAge", "3600.0", ", with MFA less than 3600 seconds ago"),
        ("Bool", "aws:ViaAWSService", "true", ", by way of an AWS service"),
        ("Bool", "aws:PrincipalIsAWSService", "false", ", not by an AWS service itself"),
        ("Null", "aws:PrincipalTag/team", "true", ", where the request has no aws:PrincipalTag/team"),
        ("Null", "ses:fromaddress", "false", ", where the request has ses:FromAddress"),
        ("Null", "aws:SourceVpce", "x", ", where aws:SourceVpce Null x"),
        (
            "StringEqualsIfExists",
            "ses:FromAddress",
            "a@example.com",
            ", and only as a@example.com or where the request has no ses:FromAddress",
        ),
        (
            "StringEqualsIfExists",
            "aws:PrincipalOrgID",
            ORGANIZATION,
            f", of organization {ORGANIZATION} or where the request has no aws:PrincipalOrgID",
        ),
        ("DateNotEquals", "aws:CurrentTime", "2026-01-01", ", at any time but 2026-01-01T00:00Z"),
        ("DateEquals", "aws:EpochTime", "1767225600", ", at 2026-01-01T00:00Z"),
        # Keys that have no words.
        ("StringEquals", "aws:CalledVia", "a", ", where aws:CalledVia StringEquals a"),
        ("ForAllValues:StringLike", "ses:FromAddress", "a*", ", where ses:FromAddress ForAllValues:StringLike a*"),
        ("Odd operator", "odd, key", "a b", ', where "odd, key" "Odd operator" "a b"'),
        ("stringequals", "ses:FromAddress", "a", ", where ses:FromAddress stringequals a"),
        ("StringEquals", "aws:PrincipalType", "nothing", ', where aws:PrincipalType StringEquals "nothing"'),
    ],
)
def test_a_condition_in_words(operator: str, key: str, values: Any, words: str) -> None:
    condition = {operator: {key: values}}
    assert said(Principal=ACCOUNT, Condition=condition) == f"account 222222222222 may send {ANY}{words}"


@pytest.mark.parametrize(
    ("elements", "read"),
    [
        (
            {"Effect": "Deny", "Principal": "*", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}},
            f"nobody outside organization o-1 may send with ses:SendEmail and ses:SendRawEmail {ANY}",
        ),
        (
            {
                "Principal": "*",
                "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1", "aws:PrincipalAccount": "222222222222"}},
            },
            f"everybody of organization o-1 and of account 222222222222 may send {ANY}",
        ),
        (
            {
                "Principal": "*",
                "Condition": {
                    "StringLike": {"ses:FromAddress": "*@example.com"},
                    "StringNotLike": {"ses:FromAddress": "ceo@*"},
                    "StringEqualsIgnoreCase": {"ses:FromAddress": "news@example.com"},
                },
            },
            "everybody may send as news@example.com in any case but ceo@*, and only as *@example.com",
        ),
        ({"Principal": ACCOUNT, "Action": "*"}, f"account 222222222222 may send {ANY} and manage the identity"),
        (
            {"Principal": ACCOUNT, "Action": ["ses:*", "ses:SendEmail"]},
            f"account 222222222222 may send {ANY} and manage the identity",
        ),
        (
            {"Principal": "*", "Effect": "Deny", "Action": "SES:*"},
            f"nobody may send {ANY} or manage the identity",
        ),
        (
            {"Principal": ACCOUNT, "Effect": "Deny", "Action": "ses:*"},
            f"account 222222222222 may not send {ANY} or manage the identity",
        ),
        (
            {"Principal": ACCOUNT, "Action": ["ses:Send*", "ses:SendEmail"]},
            f"account 222222222222 may call ses:Send* {ANY}",
        ),
        (
            {"Principal": ACCOUNT, "Effect": "allow"},
            f"account 222222222222 may send {ANY}",
        ),
        (
            {"Principal": ACCOUNT, "Effect": "audit"},
            f"account 222222222222 may or may not by the Effect audit send {ANY}",
        ),
        ({"Principal": {"aws": "222222222222"}}, f"principal of kind aws 222222222222 may send {ANY}"),
        (
            {"Principal": {"service": "ses.amazonaws.com"}},
            f"principal of kind service ses.amazonaws.com may send {ANY}",
        ),
        (
            {
                "Principal": None,
                "NotPrincipal": {"AWS": ["222222222222", "333333333333"], "Service": "a.amazonaws.com"},
            },
            f"everybody but account 222222222222 and account 333333333333 and service a.amazonaws.com may send {ANY}",
        ),
        (
            {"Principal": ACCOUNT, "Resource": "*"},
            f"account 222222222222 may send {ANY}, on resource *",
        ),
        (
            {"Principal": ACCOUNT, "Resource": None, "NotResource": ["b", "a"]},
            f"account 222222222222 may send {ANY}, on any resource but a or b",
        ),
    ],
)
def test_a_statement_in_words(elements: dict[str, Any], read: str) -> None:
    assert said(**elements) == read

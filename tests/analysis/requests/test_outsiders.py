"""Who counts as a stranger in a question about everybody: what strangers cannot have, and what the deployer has."""

import pytest

from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.caller import OWN_ORGANIZATION, Caller, TargetIdentity
from ses_sending_policy.analysis.requests.outsiders import by_service, deployer, strangers
from ses_sending_policy.analysis.requests.pattern import exactly
from tests.analysis.requests.clauses import ACCOUNT, DOMAIN, OWNER, ROLE
from tests.analysis.requests.test_caller import may_be

OTHER = "333333333333"
BUCKET = "arn:aws:s3:::bucket"


def named(*conditions: tuple[str, ...]) -> list[Condition]:
    return [Condition("", "StringLike", key, tuple(values)) for key, *values in conditions]


@pytest.mark.parametrize(
    ("conditions", "theirs", "anybody_s"),
    [
        # An account named in one key counts as a partner's in every key.
        (
            named(("aws:PrincipalAccount", ACCOUNT)),
            {
                "PrincipalAccount SourceAccount SourceOwner VpceAccount": [ACCOUNT, OWNER],
                "PrincipalArn": [ROLE, f"arn:aws:iam::{OWNER}:user/x"],
                "SourceArn": [f"arn:aws:sns:eu-west-1:{ACCOUNT}:x", f"arn:aws:sns:eu-west-1:{OWNER}:x"],
                "SourceVpcArn": [f"arn:aws:ec2:eu-west-1:{ACCOUNT}:vpc/x"],
                "PrincipalOrgID SourceOrgID VpceOrgID": [OWN_ORGANIZATION],
                "PrincipalOrgPaths SourceOrgPaths VpceOrgPaths": [f"{OWN_ORGANIZATION}/r-a1/"],
            },
            {
                "PrincipalAccount SourceAccount SourceOwner VpceAccount": [OTHER],
                "PrincipalArn": [f"arn:aws:iam::{OTHER}:user/x"],
                "SourceArn": [f"arn:aws:sns:eu-west-1:{OTHER}:x", BUCKET],
                "SourceVpcArn": [f"arn:aws:ec2:eu-west-1:{OTHER}:vpc/x"],
                "PrincipalOrgID SourceOrgID VpceOrgID": ["o-a1"],
                "PrincipalOrgPaths SourceOrgPaths VpceOrgPaths": ["o-a1/r-b2/"],
                "UserAgent": [ACCOUNT, OWN_ORGANIZATION],
            },
        ),
        # An organization named in one key, alone or in a path, counts as a partner's in every key.
        *(
            (
                named(names),
                {
                    "PrincipalOrgID SourceOrgID VpceOrgID": ["o-a1", OWN_ORGANIZATION],
                    "PrincipalOrgPaths SourceOrgPaths VpceOrgPaths": ["o-a1/r-b2/", "o-a1/r-c3/ou-d/"],
                },
                {
                    "PrincipalOrgID SourceOrgID VpceOrgID": ["o-a2"],
                    "PrincipalOrgPaths SourceOrgPaths VpceOrgPaths": ["o-a2/r-b2/"],
                },
            )
            for names in (("aws:VpceOrgID", "o-a1"), ("aws:PrincipalOrgPaths", "o-a1/r-b2/*"))
        ),
        # Whatever a pattern leaves open, a stranger may have.
        (
            named(("aws:PrincipalOrgID", "o-*"), ("aws:PrincipalAccount", "2*"), ("aws:SourceVpce", "vpce-*")),
            {},
            {
                "PrincipalOrgID": ["o-a1"],
                "PrincipalOrgPaths": ["o-a1/r-b2/"],
                "PrincipalAccount": [ACCOUNT],
                "SourceVpce": ["vpce-1"],
            },
        ),
        (
            named(("aws:userid", "AROAX:*", "*:y", "AIDAZ"), ("aws:SourceVpce", "vpce-a:x*")),
            {"userid": ["AROAX:a", "AROAX:b", "AIDAZ"]},
            {"userid": ["AROAY:y", "AIDAY"], "SourceVpce": ["vpce-a:xy"]},
        ),
        (named(("aws:userid", "AROA?:*")), {}, {"userid": ["AROAX:a"]}),
        (named(("aws:userid", "AIDA*")), {}, {"userid": ["AIDAX"]}),
        # Unknown values count as the owner's or a partner's.
        (
            named(("aws:SourceVpce", "vpce-${Name}", "${Endpoint}")),
            {"SourceVpce": ["vpce-${Name}"]},
            {"SourceVpce": ["vpce-1"]},
        ),
        (named(("aws:SourceVpce", "vpce-${Name}*")), {"SourceVpce": ["vpce-${Name}1"]}, {"SourceVpce": ["vpce-1"]}),
        # Anybody can have a tag or a name.
        (named(("aws:PrincipalTag/team", "red")), {}, {"PrincipalTag/team": ["red"]}),
        (named(("aws:SourceArn", BUCKET)), {"SourceArn": [BUCKET]}, {"SourceArn": ["arn:aws:s3:::other"]}),
    ],
    ids=str,
)
def test_what_a_stranger_has(
    conditions: list[Condition], theirs: dict[str, list[str]], anybody_s: dict[str, list[str]]
) -> None:
    found = strangers(conditions, DOMAIN)
    for values, expected in ((theirs, False), (anybody_s, True)):
        names = {f"aws:{key}".lower(): some for keys, some in values.items() for key in keys.split()}
        asked = [(key, value) for key, some in names.items() for value in some]
        has = {(key, value): any(may_be(each, key, value) for each in found) for key, value in asked}
        assert has == dict.fromkeys(asked, expected)


def test_a_stranger_is_a_user_or_a_role_of_another_account_or_a_service() -> None:
    *people, service = strangers(named(("aws:PrincipalAccount", ACCOUNT, "2*")), DOMAIN)
    assert [(each.kind, each.sort, each.name, each.account) for each in people] == [
        ("AWS", "user", "", ""),
        ("AWS", "role", "", ""),
    ]
    assert all(each.but == {ACCOUNT, OWNER} for each in people)
    assert len({*people, service}) == len([*people, service])
    assert (service.kind, service.name, service.but) == ("Service", "", frozenset())
    assert strangers([], TargetIdentity("example.com", ""))[0].but == frozenset()
    assert by_service("s3.amazonaws.com", named(("aws:SourceArn", BUCKET)), DOMAIN) == Caller(
        "Service", "", "s3.amazonaws.com", "", never=strangers(named(("aws:SourceArn", BUCKET)), DOMAIN)[2].never
    )


def test_one_input_has_one_stranger() -> None:
    some = [str(each) * 12 for each in range(1, 10)]
    twice = named(("aws:PrincipalOrgID", "o-b2", "o-a1"), ("aws:PrincipalAccount", *some[::-1], *some))
    never = strangers(twice, DOMAIN)[0].never
    assert len(never) == len(set(never))
    accounts = [pattern.head for key, pattern in never if key == "aws:sourceaccount"]
    assert accounts == some
    organizations = [pattern.head for key, pattern in never if key == "aws:sourceorgid"]
    assert organizations == [OWN_ORGANIZATION, "o-a1", "o-b2"]


def test_who_deploys() -> None:
    found = deployer(named(("aws:SourceOrgID", "o-a1", "${Name}"), ("aws:UserAgent", "x")), DOMAIN)
    assert (found.kind, found.sort, found.name, found.account, found.is_owner) == ("AWS", "role", "", OWNER, True)
    assert dict(found.always) == {
        "aws:principalorgid": (exactly("o-a1"),),
        "aws:securetransport": (exactly("true"),),
        "aws:principalisawsservice": (exactly("false"),),
    }

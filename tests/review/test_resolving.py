"""A review looks at what a deploy makes of a template: values, branches, parameters, and what stays unknown."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ses_sending_policy.review.assembly import Reviewed, reviewed
from ses_sending_policy.review.check import CheckResult
from ses_sending_policy.review.comparison import Comparison
from ses_sending_policy.review.explanation import Explanation
from ses_sending_policy.review.source_location import Repository
from tests.review import looked_up, resolving
from tests.review.apps import app, nested
from tests.review.conftest import sending_policy
from tests.review.everybody import EVERYBODY, documents
from tests.review.resolving import (
    BY_PARAMETER,
    OTHER,
    PARTNER,
    REF,
    SSM,
    STAGES,
    chosen,
    made,
    mail,
    mapping,
    parameter,
)
from tests.review.templates import resource, write

PAIRS = resolving.PAIRS | looked_up.PAIRS
BY_ALL = EVERYBODY | documents() | looked_up.EVERYBODY


def read(folder: Path, template: Any) -> Reviewed:
    return reviewed([write(folder / "Mail.json", template)])


def compared(folder: Path, before: Any, after: Any) -> Comparison:
    return Comparison.of(read(folder / "before", before), read(folder / "after", after))


def rules(folder: Path, template: Any) -> list[str]:
    check = CheckResult.of(read(folder, template), Repository(folder), datetime.now(UTC))
    return [each.finding.rule for each in check.findings]


def said(folder: Path, template: Any) -> list[str]:
    """Return everything that is said of the policies of a template, each grant with its provisos."""
    policies = Explanation.of(read(folder, template)).policies
    return [", ".join([sentence, *each.policy.provisos]) for each in policies for sentence, *_ in each.grants]


@pytest.mark.parametrize("name", PAIRS)
def test_what_becomes_of_who_may_send(name: str, tmp_path: Path) -> None:
    before, after, verdict = PAIRS[name]
    assert compared(tmp_path, before, after).verdict == verdict


@pytest.mark.parametrize("name", PAIRS)
def test_no_two_sides_of_a_change_read_alike(name: str, tmp_path: Path) -> None:
    before, after, _ = PAIRS[name]
    for change in compared(tmp_path, before, after).difference.changes:
        assert "${}" not in change.sentence
        one, other = ([each.sentence for each in side] for side in (change.grants_before, change.grants_after))
        assert one != other or "in what these words do not say" in change.sentence


@pytest.mark.parametrize("name", BY_ALL)
def test_everybody_is_found_wherever_that_comes_from(name: str, tmp_path: Path) -> None:
    assert rules(tmp_path, BY_ALL[name]).count("SES001") == 1


def test_a_default_is_told(tmp_path: Path) -> None:
    template = mail(REF, Parameters=parameter(Default=PARTNER))
    who = f"account {PARTNER} may send with ses:SendEmail as any address of example.com"
    assert said(tmp_path, template) == [f"{who}, with the default {PARTNER} of parameter Who"]
    [change] = compared(
        tmp_path, mail(PARTNER), mail([PARTNER, REF], Parameters=parameter(Default=OTHER))
    ).difference.changes[:1]
    assert change.verdict == "broadened"


def test_a_witness_by_a_default_is_told_beside_the_proof(tmp_path: Path) -> None:
    before, after, _ = PAIRS["a default"]
    sentences = [each.sentence for each in compared(tmp_path, before, after).difference.changes]
    may = "may send with ses:SendEmail as any address of example.com"
    assert sentences == [
        f"from now on: account {OTHER} {may}, with the default {OTHER} of parameter Who",
        f"not as before, in what these words do not say: principal ${{Who}} {may}",
    ]


def test_each_branch_is_said_with_its_condition(tmp_path: Path) -> None:
    may = "may send with ses:SendEmail as any address of example.com"
    assert said(tmp_path, chosen(PARTNER, OTHER)) == [
        f"account {PARTNER} {may}, only if C is true at the deploy",
        f"account {OTHER} {may}, only if not C is true at the deploy",
    ]
    stages = mail(BY_PARAMETER, Parameters=parameter(**STAGES), Mappings=mapping(dev=PARTNER, prod=OTHER, x="*"))
    assert sorted(said(tmp_path, stages)) == [
        f"account {PARTNER} {may}, only if Who = dev is true at the deploy",
        f"account {OTHER} {may}, only if not Who = dev is true at the deploy",
    ]


@pytest.mark.parametrize(
    ("template", "name"),
    [
        (mail(REF, Parameters=parameter()), "${Who}"),
        (mail(REF, Parameters=parameter(**SSM, Default="/mail/partner")), "${ssm:/mail/partner}"),
        (mail("{{resolve:ssm:/mail/partner}}"), "${ssm:/mail/partner}"),
        (made("AWS::IAM::Role"), "${Made.Arn}"),
        (mail({"Fn::ImportValue": "Partner"}), "${Fn::ImportValue Partner}"),
        (mail({"Fn::Select": [0, {"Ref": "Several"}]}), "${Fn::Select '0' Several}"),
    ],
)
def test_an_unknown_value_has_a_name(template: Any, name: str, tmp_path: Path) -> None:
    [sentence] = said(tmp_path, template)
    assert name in json.loads(f'"{sentence}"' if '"' not in sentence else json.dumps(sentence))


def test_a_policy_without_a_name_says_so(tmp_path: Path) -> None:
    template = {"Resources": {"P": resource(PolicyName=None)}}
    assert [each.name for each in Explanation.of(read(tmp_path, template)).policies] == ["(without a name)"]


def test_conditions_of_one_resource_make_no_two_policies_of_a_name(tmp_path: Path) -> None:
    assert "SES009" not in rules(tmp_path, chosen(PARTNER, OTHER))
    twice = chosen(PARTNER, OTHER)
    twice["Resources"]["Q"] = mail(PARTNER)["Resources"]["P"]
    assert rules(tmp_path, twice).count("SES009") == 1


def many(number: int) -> dict[str, Any]:
    """Return a template whose policy has many branches that do not depend on each other."""
    names = [f"C{each}" for each in range(number)]
    return mail(
        [{"Fn::If": [name, PARTNER, OTHER]} for name in names],
        Parameters={name: {"Type": "String"} for name in names},
        Conditions={name: {"Fn::Equals": [{"Ref": name}, "x"]} for name in names},
    )


def test_more_branches_than_anybody_reviews_are_not_read(tmp_path: Path) -> None:
    assert len(read(tmp_path, many(6)).policies) == 64
    found = read(tmp_path, many(40) | {"Resources": many(40)["Resources"] | {"Q": mail(OTHER)["Resources"]["P"]}})
    assert [each.logical_id for each in found.policies] == ["Q"]
    [told] = found.unread
    assert told.part.logical_id == "P"
    assert told.part.why == (
        "the conditions of its template make more than 64 variants of it, or it is larger than any policy: "
        "split it into resources that depend on fewer conditions each"
    )


@pytest.mark.parametrize(("properties", "unread"), [({"Names": []}, []), ({"Effect": "Allow", "Action": "*"}, ["Q"])])
def test_what_turns_out_in_many_ways_and_is_nobodys_policy(
    tmp_path: Path, properties: dict[str, Any], unread: list[str]
) -> None:
    template = many(40)
    more = [{"Fn::If": [name, "a", "b"]} for name in template["Conditions"]]
    template["Resources"] = {"Q": {"Type": "Custom::Partner", "Properties": properties | {"More": more}}}
    assert [each.part.logical_id for each in read(tmp_path, template).unread] == unread


def exporting(value: Any, **more: Any) -> dict[str, Any]:
    export = {"Value": value, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-partner"}}}
    return {"Resources": more, "Outputs": {"Partner": export}}


IMPORTING = mail({"Fn::ImportValue": "Shared-partner"})


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (exporting(PARTNER), exporting(OTHER), "broadened"),
        (exporting(PARTNER), exporting(PARTNER), "unchanged"),
        (
            exporting({"Fn::GetAtt": ["R", "Arn"]}, R={"Type": "AWS::IAM::Role"}),
            exporting({"Fn::GetAtt": ["R", "Arn"]}, R={"Type": "AWS::IAM::Role", "Properties": {"Tags": []}}),
            "unchanged",
        ),
        (
            exporting({"Fn::GetAtt": ["R", "Arn"]}, R={"Type": "AWS::IAM::Role"}),
            exporting({"Fn::GetAtt": ["S", "Arn"]}, S={"Type": "AWS::IAM::Role"}),
            "broadened",
        ),
    ],
)
def test_an_export_is_followed_in_the_assembly(before: Any, after: Any, verdict: str, tmp_path: Path) -> None:
    old, new = (
        reviewed([app(tmp_path / name, Shared=shared, Mail=IMPORTING)])
        for name, shared in (("before", before), ("after", after))
    )
    assert Comparison.of(old, new).verdict == verdict


def test_an_export_of_another_place_is_another_one(tmp_path: Path) -> None:
    out = app(tmp_path, Shared=exporting(PARTNER), Mail=IMPORTING)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    manifest["artifacts"]["Shared"]["environment"] = "aws://111111111111/us-east-1"
    write(out / "manifest.json", manifest)
    assert "${Fn::ImportValue Shared-partner}" in json.dumps(Explanation.of(reviewed([out])).policies[0].grants[0][0])


ROLE = {"Fn::GetAtt": ["Role", "Arn"]}
INNER = mail(REF, Parameters=parameter()) | {"Outputs": {"Other": {"Value": OTHER}}}


def principals(out: Path) -> dict[str, str]:
    return {each.policy.owner: each.grants[0][1].principal for each in Explanation.of(reviewed([out])).policies}


def test_values_go_into_a_nested_stack_and_out_of_it(tmp_path: Path) -> None:
    assert principals(nested(tmp_path, INNER, PARTNER)) == {"Mail/P": OTHER, "Mail/Child/P": PARTNER}
    assert principals(nested(tmp_path, INNER, ROLE))["Mail/Child/P"] == "${Who}"
    place = {"Ref": "AWS::AccountId"}
    assert principals(nested(tmp_path, INNER, place))["Mail/Child/P"] == "111111111111"


def test_what_is_handed_to_a_nested_stack_makes_its_parameter_the_same(tmp_path: Path) -> None:
    one, same, other = (
        reviewed([nested(tmp_path / str(number), INNER, given)])
        for number, given in enumerate(({"Ref": "Role"}, {"Ref": "Role"}, {"Ref": "Other"}))
    )
    assert Comparison.of(one, same).verdict == "unchanged"
    assert Comparison.of(one, other).verdict == "broadened"


@pytest.mark.parametrize(
    ("condition", "there"),
    [
        ({"Fn::Equals": ["a", "b"]}, []),
        ({"Fn::Equals": ["a", "a"]}, [""]),
        ({"Fn::Equals": [{"Ref": "Open"}, "a"]}, ["C"]),
    ],
)
def test_the_condition_of_a_nested_stack_is_that_of_its_policies(
    condition: Any, there: list[str], tmp_path: Path
) -> None:
    found = reviewed([nested(tmp_path, INNER, PARTNER, condition)]).policies
    assert [each.condition for each in found if each.stack == "Mail/Child"] == there


def test_the_command_compares_both_readings(tmp_path: Path) -> None:
    before, after, _ = PAIRS["a default"]
    paths = [str(write(tmp_path / f"{name}.json", each)) for name, each in (("before", before), ("after", after))]
    done = sending_policy("diff", "--format", "json", *paths, folder=tmp_path)
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (1, "broadened")
    told = json.loads(sending_policy("explain", "--format", "json", paths[0], folder=tmp_path).stdout)["policies"]
    assert [(each["defaults"], each["condition"], each["conditional"]) for each in told] == [
        ({"Who": PARTNER}, None, False)
    ]

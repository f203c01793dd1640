"""What a template takes from another template of its app."""

from typing import Any

import pytest

from ses_sending_policy.analysis.reading.declared import KnownEnvironment
from ses_sending_policy.analysis.reading.resolver import Evaluation
from ses_sending_policy.analysis.reading.scope import Scope

HERE = KnownEnvironment(None, "eu-west-1", "111111111111")
OTHER_REGION = KnownEnvironment(None, "us-east-1", "111111111111")
OTHER_ACCOUNT = KnownEnvironment(None, "eu-west-1", "222222222222")


def exporting(value: Any, name: Any = "partner", where: KnownEnvironment = HERE, stack_name: str = "Shared") -> Scope:
    """Return a stack that exports an output."""
    output = {"Value": value, "Export": {"Name": name}}
    return Scope({"Outputs": {"Partner": output, "Own": {"Value": "own"}}}, stack_name, where, stack_name)


def given(function: Any, *others: Scope, **more: Any) -> Any:
    """Return the value of a function in a template that is deployed together with `others`."""
    found = resolved(function, *others, **more)
    return "unknown" if isinstance(found, dict) else found


def resolved(function: Any, *others: Scope, resources: Any = None, where: KnownEnvironment = HERE) -> Any:
    mine = Scope({"Resources": resources or {}}, "Mail", where, "Mail")
    for each in (mine, *others):
        each.app = [mine, *others]
    return Evaluation().of(mine).resolved(function)


def output(**more: Any) -> Any:
    """Return a function that reads an output of another stack."""
    return {"Fn::GetStackOutput": {"StackName": "Shared", "OutputName": "Partner"} | more}


@pytest.mark.parametrize(
    ("function", "others", "value"),
    [
        (output(), [exporting("one")], "one"),
        (output(OutputName="Own"), [exporting("one")], "own"),
        (output(), [exporting("one", stack_name="Other")], "unknown"),
        (output(), [], "unknown"),
        (output(StackName={"Ref": "Name"}), [exporting("one")], "unknown"),
        (output(StackName={"Fn::Join": ["", ["Sha", "red"]]}), [exporting("one")], "one"),
        (output(StackName={"Fn::Sub": "Shared"}), [exporting("one")], "one"),
        (output(StackName=""), [exporting("one", stack_name="")], "unknown"),
        (output(OutputName={"Ref": "Name"}), [exporting("one")], "unknown"),
        (output(OutputName="Nothing"), [exporting("one")], "unknown"),
        # A role may belong to any account.
        (output(RoleArn="arn:aws:iam::222222222222:role/Reader"), [exporting("one")], "unknown"),
        # Without a region it is the region of the reading stack.
        (output(), [exporting("one", where=OTHER_REGION)], "unknown"),
        (output(Region="us-east-1"), [exporting("one", where=OTHER_REGION)], "one"),
        (output(Region="us-east-1"), [exporting("one"), exporting("two", where=OTHER_REGION)], "two"),
        (output(Region={"Ref": "Region"}), [exporting("one")], "unknown"),
        (output(), [exporting("one", where=OTHER_ACCOUNT)], "unknown"),
        # Two stages may give two stacks the same name.
        (output(), [exporting("one"), exporting("one")], "unknown"),
    ],
)
def test_an_output_is_taken_by_the_name_of_its_stack(function: Any, others: list[Scope], value: str) -> None:
    assert given(function, *others) == value


@pytest.mark.parametrize(
    ("others", "value"),
    [
        ([exporting("one")], "one"),
        ([exporting("one", name={"Fn::Join": ["", ["part", "ner"]]})], "one"),
        ([exporting("one", name="other")], "unknown"),
        ([exporting("one", name={"Ref": "Name"})], "unknown"),
        ([exporting("one"), exporting("two", name="other")], "one"),
        ([exporting("one", where=OTHER_REGION)], "unknown"),
        ([exporting("one", where=OTHER_ACCOUNT)], "unknown"),
        ([exporting("one"), exporting("two", where=OTHER_REGION)], "one"),
        ([exporting("one"), exporting("two", stack_name="Other")], "unknown"),
        # What only one template knows means nothing in another.
        ([exporting({"Ref": "Role"})], "unknown"),
        # A name that depends on itself.
        ([exporting("one", name={"Fn::ImportValue": "partner"})], "unknown"),
    ],
)
def test_an_export_is_taken_by_its_name(others: list[Scope], value: str) -> None:
    assert given({"Fn::ImportValue": "partner"}, *others) == value


def test_an_export_is_taken_by_a_name_of_parts() -> None:
    assert given({"Fn::ImportValue": {"Fn::Join": ["", ["part", "ner"]]}}, exporting("one")) == "one"


def test_what_a_place_decides_is_taken_in_that_place_only() -> None:
    ireland, virginia = (KnownEnvironment("aws", region) for region in ("eu-west-1", "us-east-1"))
    function = output(Region="eu-west-1")
    of_account = {"Fn::Join": ["", ["of ", {"Ref": "AWS::AccountId"}]]}
    assert resolved(function, exporting(of_account, where=ireland), where=ireland) == of_account
    assert resolved(function, exporting(of_account, where=ireland), where=virginia) == function
    assert resolved(function, exporting("one", where=ireland), where=virginia) == "one"


READER = {
    "Type": "Custom::CrossRegionExportReader",
    "Properties": {"ReaderProps": {"imports": {"/who": "{{resolve:ssm:/who}}"}}},
}
WRITER = {
    "Type": "Custom::CrossRegionExportWriter",
    "Properties": {"WriterProps": {"region": "eu-west-1", "exports": {"/who": "one"}}},
}


def test_a_value_of_another_region_is_taken_as_the_cdk_hands_it_over() -> None:
    """Its custom resource stores the value in the Systems Manager, and another one there reads it."""
    writing = Scope({"Resources": {"Writer": WRITER}}, "Shared", OTHER_REGION, "Shared")
    reading = {"Reader": READER}
    function = {"Fn::GetAtt": ["Reader", "/who"]}
    assert resolved(function, writing, resources=reading) == "one"
    assert resolved(function, resources=reading) == {"Ref": "ssm:/who"}
    other = {"Fn::GetAtt": ["Reader", "/other"]}
    assert resolved(other, writing, resources=reading) == other

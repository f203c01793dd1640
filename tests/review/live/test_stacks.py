"""What is read from CloudFormation about a deployed stack."""

from collections.abc import Mapping
from typing import Any

import pytest

from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.declared_policies import DeclaredPolicy
from ses_sending_policy.review.live.stacks import deployed
from ses_sending_policy.rules.document import as_list
from ses_sending_policy.rules.faults import CallError
from ses_sending_policy.rules.ownership import owner_token
from tests.review.live.every_state import policy, statement
from tests.review.live.looking import looked
from tests.review.unread_cases import DOCUMENT, OWN, UNKNOWN, custom

PLACE = "arn:aws:cloudformation:eu-west-1:111111111111:stack"
MAIL = f"{PLACE}/Mail/0a1b"
NESTED = f"{PLACE}/Mail-Nested-1A2B/2c3d"
TOKEN = "0123456789abcdef"
IN_PLACE = "name a JSON file of it in place of --stack"


class Told:
    """An account whose CloudFormation has the given stacks, with one item on each page of an answer.

    :param stacks: the template of each stack, by the stack's ARN.
    :param physical_ids: the physical ids of all stacks, by logical id; a resource that is not in it has none.
    """

    region = "eu-west-1"

    def __init__(self, stacks: Mapping[str, Any], physical_ids: Mapping[str, str], **more: Mapping[str, Any]) -> None:
        self._stacks = stacks
        self._physical_ids = physical_ids
        self._more = more
        self.called: list[str] = []

    def once(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """See `Calls.once`."""
        return self.call(service, operation, **parameters)

    def call(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """See `Calls.call`."""
        self.called.append(operation)
        if operation == "GetCallerIdentity":
            return {"Account": "111111111111", "Arn": "arn:aws:iam::111111111111:user/reviewer"}
        assert service == "cloudformation"
        if operation == "ListExports":
            return self._page("Exports", [{"Name": "role", "Value": "arn:aws:iam::1:role/x"}], parameters)
        name = parameters["StackName"]
        arn = next((each for each in self._stacks if name in (each, each.split("/")[1])), None)
        if arn is None:
            raise CallError("ValidationError", f"Stack with id {name} does not exist")
        template = self._stacks[arn]
        resources = template["Resources"] if isinstance(template, dict) else {}
        match operation:
            case "DescribeStacks":
                return {"Stacks": [{"StackId": arn, **self._more.get(arn.split("/")[1].partition("-")[2], {})}]}
            case "GetTemplate":
                return {"TemplateBody": template}
        listed = [
            {
                "LogicalResourceId": logical_id,
                "ResourceType": resource["Type"],
                "ResourceStatus": "DELETE_COMPLETE" if logical_id == "Gone" else "CREATE_COMPLETE",
            }
            | ({"PhysicalResourceId": self._physical_ids[logical_id]} if logical_id in self._physical_ids else {})
            for logical_id, resource in resources.items()
            if logical_id != "Conditional"
        ]
        return self._page("StackResourceSummaries", listed, parameters)

    def _page(self, name: str, items: list[Any], parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        number = int(parameters.get("NextToken", 0))
        more = {"NextToken": str(number + 1)} if number + 1 < len(items) else {}
        return {name: items[number : number + 1], **more}


def found(told: Told, *names: str) -> dict[str, DeclaredPolicy]:
    return {each.policy.logical_id: each for each in deployed(told, names or ["Mail"])[0]}


def principals(declaration: DeclaredPolicy) -> list[Any]:
    [only] = as_list(declaration.policy.document["Statement"])
    return as_list(only["Principal"]["AWS"])


def for_(*principals_: Any, **more: Any) -> dict[str, Any]:
    return policy("example.com", "partner", statement("example.com", Principal={"AWS": list(principals_)}), **more)


def get(logical_id: str, attribute: str = "Arn") -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, attribute]}


def test_the_physical_id_tells_where_a_policy_is_and_whose() -> None:
    unclaimed = "a@example.com|two|unclaimed"
    resources = {each: policy({"Ref": "Identity"}, {"Ref": "Name"}) for each in ("One", "Two", "Three")}
    told = Told({MAIL: {"Resources": resources}}, {"One": f"a|b@example.com|one|{TOKEN}", "Two": unclaimed})
    stack = found(told)
    assert {name: (each.target, each.token) for name, each in stack.items()} == {
        "One": (("a|b@example.com", "one"), TOKEN),
        "Two": (("a@example.com", "two"), owner_token(MAIL, "Two")),
        "Three": (None, owner_token(MAIL, "Three")),
    }


def test_what_is_not_there_is_not_declared() -> None:
    resources = {each: policy("example.com", each.lower()) for each in ("There", "Conditional", "Gone")}
    resources["Conditional"]["Condition"] = resources["There"]["Condition"] = "IsProd"
    stack = found(Told({MAIL: {"Resources": resources}}, {"There": "x", "Gone": "x"}))
    assert {name: each.policy.is_conditional for name, each in stack.items()} == {"There": False}


def test_a_branch_that_the_deploy_did_not_tell_of_is_one_of_both() -> None:
    template = {
        "Parameters": {"Open": {"Default": "no"}, "Secret": {"Default": "no", "NoEcho": True}},
        "Conditions": {name: {"Fn::Equals": [{"Ref": name}, "yes"]} for name in ("Open", "Secret")},
        "Resources": {"Policy": for_({"Fn::If": ["Open", "1", "2"]}, {"Fn::If": ["Secret", "3", "4"]})},
    }
    parameters = [
        {"ParameterKey": "Open", "ParameterValue": "yes"},
        {"ParameterKey": "Secret", "ParameterValue": "****"},
    ]
    told = Told({MAIL: template}, {"Policy": f"example.com|partner|{TOKEN}"}, **{"": {"Parameters": parameters}})
    assert sorted(principals(each) for each in deployed(told, ["Mail"])[0]) == [["1", "3"], ["1", "4"]]


# Over 40 lines: a template with every kind of reference, and what each becomes, side by side.
def test_references_are_filled_in_as_far_as_they_are_known() -> None:
    kinds = {
        "Role": "AWS::IAM::Role",
        "User": "AWS::IAM::User",
        "Pool": "AWS::Cognito::UserPool",
        "Key": "AWS::KMS::Key",
    }
    resources: dict[str, Any] = {name: {"Type": kind} for name, kind in kinds.items()}
    resources["Role"]["Properties"] = {"Path": "/mail/"}
    resources["Hidden"] = {"Type": "AWS::IAM::Role", "Properties": {"Path": {"Ref": "Path"}}}
    open_ = [get("Key"), get("Hidden"), {"Ref": "Secret"}]
    resources["Policy"] = for_(
        get("Role"),
        get("User"),
        get("Pool"),
        {"Ref": "Key"},
        {"Ref": "Given"},
        {"Ref": "Anybody"},
        {"Ref": "Stored"},
        {"Fn::ImportValue": "role"},
        {"Fn::Sub": "${Role.Arn}/${AWS::StackName}"},
        {"Fn::Select": ["1", {"Ref": "Several"}]},
        *open_,
    )
    parameters = [
        {"ParameterKey": "Given", "ParameterValue": "222222222222"},
        {"ParameterKey": "Anybody", "ParameterValue": "*"},
        {"ParameterKey": "Stored", "ParameterValue": "/mail/partner", "ResolvedValue": "333333333333"},
        {"ParameterKey": "Secret", "ParameterValue": "****"},
        {"ParameterKey": "Several", "ParameterValue": "1,2"},
    ]
    definitions = {"Several": {"Type": "CommaDelimitedList"}, "Secret": {"Type": "String", "NoEcho": "true"}}
    template = {"Resources": resources, "Parameters": definitions}
    ids = dict.fromkeys(resources, "id") | {"Policy": f"example.com|partner|{TOKEN}"}
    told = Told({MAIL: template}, ids, **{"": {"Parameters": parameters}})
    role = "arn:aws:iam::111111111111:role/mail/id"
    assert principals(found(told)["Policy"]) == [
        role,
        "arn:aws:iam::111111111111:user/id",
        "arn:aws:cognito-idp:eu-west-1:111111111111:userpool/id",
        "id",
        "222222222222",
        "*",
        "333333333333",
        "arn:aws:iam::1:role/x",
        f"{role}/Mail",
        "2",
        *open_,
    ]


def test_nested_stacks_are_looked_at_once_and_their_outputs_are_known() -> None:
    outer = {
        "Nested": {"Type": "AWS::CloudFormation::Stack"},
        "Outer": for_(get("Nested", "Outputs.Role")),
    }
    told = Told(
        {MAIL: {"Resources": outer}, NESTED: {"Resources": {"Inner": for_("222222222222")}}},
        {"Nested": NESTED, "Outer": f"example.com|a|{TOKEN}", "Inner": f"example.com|b|{TOKEN}"},
        **{"Nested-1A2B": {"Outputs": [{"OutputKey": "Role", "OutputValue": "arn:aws:iam::1:role/y"}]}},
    )
    stacks, _ = deployed(told, ["Mail", NESTED])
    assert [(each.policy.stack, each.policy.logical_id) for each in stacks] == [
        ("Mail", "Outer"),
        ("Mail-Nested-1A2B", "Inner"),
    ]
    assert principals(stacks[0]) == ["arn:aws:iam::1:role/y"]
    assert "ListExports" not in told.called


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Nobody", "stack 'Nobody' could not be looked at: ValidationError: Stack with id Nobody does not exist"),
        ("Mail", f"the template of stack 'Mail' is YAML, and templates are read as JSON: {IN_PLACE}"),
    ],
)
def test_what_cannot_be_looked_at_is_one_sentence(name: str, sentence: str) -> None:
    with pytest.raises(ReviewError) as refused:
        found(Told({MAIL: "Resources: {}"}, {}), name)
    assert refused.value.faults == (sentence,)


def test_what_others_declare_is_read_or_named() -> None:
    resources = {
        "Read": custom(**OWN, PolicyDocument=DOCUMENT),
        "Unread": custom(Grants={"Statement": UNKNOWN}),
        "Conditional": custom(Grants={"Statement": UNKNOWN}),
        "Nested": {"Type": "AWS::CloudFormation::Stack"},
    }
    told = Told(
        {MAIL: {"Resources": resources, "Transform": "Macro"}, NESTED: {"Resources": {}}},
        {"Read": "x", "Unread": "x", "Nested": NESTED},
    )
    stacks, unread = deployed(told, ["Mail"])
    assert [(each.policy.logical_id, each.target) for each in stacks] == [("Read", ("example.com", "Partner"))]
    # The template is the one after the macro ran.
    assert [each.owner for each in unread] == ["Mail/Unread"]


def test_the_command_tells_what_was_not_read() -> None:
    told = Told({MAIL: {"Resources": {"Unread": custom(Grants={"Statement": UNKNOWN})}}}, {"Unread": "x"})
    answer = looked("--stack=Mail", aws=told)
    [note] = answer.notes
    what = "a resource of the type Custom::Partner may carry a sending policy, and was not read"
    assert note == f"'Mail/Unread': {what}: it has a statement about actions of SES's"
    assert answer.code == 0

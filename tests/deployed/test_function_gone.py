"""docs/lifecycle.md, "somebody deleted the function": the way out, with the network of the how-to around it."""

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import pytest

from tests.conftest import ROOT
from tests.deployed.conftest import Cdk
from tests.support.events import ACCOUNT

pytestmark = pytest.mark.xdist_group("deployed")

STACK: Final = "Networked"
PAGE: Final = (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8")


def flags(command: str) -> dict[str, str]:
    """Return the options of the command on the page, by their names in the API."""
    [found] = re.findall(rf"^ +aws lambda {command}((?:[^\n]*\\\n)*[^\n]*)$", PAGE, re.MULTILINE)
    given = re.findall(r"--([a-z-]+) (\S+)", found)
    return {"".join(part.title() for part in name.split("-")): value for name, value in given}


@dataclass(frozen=True)
class Networked:
    """The deployed stack.

    :param cli: the CLI.
    """

    cli: Cdk

    @cached_property
    def template(self) -> dict[str, Any]:
        """The template that it was deployed with."""
        told: dict[str, Any] = self._cloudformation.get_template(StackName=STACK)["TemplateBody"]
        return told

    @property
    def _cloudformation(self) -> Any:
        return self.cli.aws.client("cloudformation")

    def only(self, kind: str) -> str:
        """Return the logical id of the only resource of a type."""
        [found] = [name for name, each in self.template["Resources"].items() if each["Type"] == kind]
        return str(found)

    def physical_id(self, logical_id: str) -> str:
        """Return the physical id of a resource."""
        told = self._cloudformation.describe_stack_resource(StackName=STACK, LogicalResourceId=logical_id)
        return str(told["StackResourceDetail"]["PhysicalResourceId"])

    def resolved(self, value: Any) -> Any:
        """Return a value of the template, resolved as a person writes it into a command."""
        match value:
            case {"Ref": "AWS::StackId"}:
                return self._cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]["StackId"]
            case {"Ref": name} | {"Fn::GetAtt": [name, "GroupId"]}:
                return self.physical_id(name)
            case {"Fn::GetAtt": [name, "Arn"]}:
                return f"arn:aws:iam::{ACCOUNT}:role/{self.physical_id(name)}"
            case dict():
                return {name: self.resolved(each) for name, each in value.items()}
            case list():
                return [self.resolved(each) for each in value]
        return value

    def says(self, account: str) -> str:
        """Let another account send by the policy; return the status of the stack at the end."""
        changed = json.dumps(self.template).replace("222222222222", account)
        capabilities = ["CAPABILITY_NAMED_IAM"]
        self._cloudformation.update_stack(StackName=STACK, TemplateBody=changed, Capabilities=capabilities)
        return self._settled()

    def goes_on(self, skipped: str) -> str:
        """Continue the rollback without a resource; return the status of the stack at the end."""
        self._cloudformation.continue_update_rollback(StackName=STACK, ResourcesToSkip=[skipped])
        return self._settled()

    def ends(self) -> None:
        """Delete the stack."""
        self._cloudformation.delete_stack(StackName=STACK)
        self._cloudformation.get_waiter("stack_delete_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})

    def _settled(self) -> str:
        while True:
            status = self._cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"]
            if not status.endswith("IN_PROGRESS"):
                return str(status)
            time.sleep(0.1)

    @property
    def senders(self) -> list[str]:
        """Who may send, from the policies that SES holds."""
        held = [
            json.loads(each.document) for each in self.cli.aws.ses.policies() if each.identity == "networked.example"
        ]
        return [str(each["Statement"][0]["Principal"]["AWS"]) for each in held]


@pytest.fixture
def networked(cdk: Cdk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Networked]:
    """Deploy the stack of the page, and delete it afterwards."""
    home = tmp_path_factory.mktemp("networked")
    made = Networked(replace(cdk, folder=home / "cdk.out", home=home, app="tests/deployed/network.py"))
    made.cli.deploy()
    yield made
    made.ends()
    assert made.senders == []


def properties_of(stack: Networked, kind: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = stack.template["Resources"][stack.only(kind)]["Properties"]
    return found


def test_a_function_that_somebody_deleted_is_given_back(networked: Networked) -> None:
    kinds = [each["Type"] for each in networked.template["Resources"].values()]
    assert (kinds.count("AWS::EC2::NatGateway"), kinds.count("AWS::EC2::EIP")) == (2, 2)
    assert networked.senders == ["arn:aws:iam::222222222222:root"]
    functions = networked.cli.aws.client("lambda")
    name = networked.physical_id(networked.only("AWS::Lambda::Function"))
    functions.delete_function(FunctionName=name)

    assert networked.says("333333333333") == "UPDATE_ROLLBACK_FAILED"
    assert networked.goes_on(networked.only("Custom::SendingPolicy")) == "UPDATE_ROLLBACK_COMPLETE"
    assert networked.senders == ["arn:aws:iam::222222222222:root"], "what SES holds stays"

    # The page has every property except those that its text is about.
    own = properties_of(networked, "AWS::Lambda::Function")
    assert own.keys() == flags("create-function").keys() - {"FunctionName"} | {"VpcConfig", "Description"}
    functions.create_function(FunctionName=name, **networked.resolved(own))
    asked = properties_of(networked, "AWS::Lambda::EventInvokeConfig")
    counts = {each: value for each, value in asked.items() if isinstance(value, int)}
    assert counts.keys() == flags("put-function-event-invoke-config").keys() - {"FunctionName"}
    functions.put_function_event_invoke_config(FunctionName=name, **counts)
    assert networked.says("333333333333") == "UPDATE_COMPLETE"
    assert networked.senders == ["arn:aws:iam::333333333333:root"]

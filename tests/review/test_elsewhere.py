"""What a policy takes from another stack of its app: every stack that may be its source is looked at."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from tests.review.conftest import sending_policy
from tests.review.diffed import ANYWHERE, HERE, PARTNER, THERE, policy, told, written

ONE, OTHER = "333333333333", "444444444444"
TEXT: Final = {"Type": "String"}
# One account is exported if C is true, another one if not.
UNKNOWN_C: Final = {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}
BOTH: Final = {"C": UNKNOWN_C, "D": {"Fn::Not": [{"Condition": "C"}]}}
KEY: Final = "/cdk/exports/mail/Partner"

# They may be two different ones, and they may also be the same.
PERHAPS: Final = "perhaps"

Case = tuple[Callable[[str], Any], str]
"""An app in which an account may send, and the verdict if that account becomes another one."""


def app(**stacks: tuple[str, Any]) -> dict[str, Any]:
    return {"assembly": {name: (where, {"Resources": {}, **each}) for name, (where, each) in stacks.items()}}


def exports(value: Any, name: Any = "partner", **sections: Any) -> dict[str, Any]:
    return {"Outputs": {"Who": {"Value": value, "Export": {"Name": name}}}, **sections}


def either(value: Any, condition: Any) -> dict[str, Any]:
    """Return a template that exports one value if a condition is true, and another one under the same name if not."""
    name = {"Export": {"Name": "partner"}}
    outputs = {
        "Who": {"Value": value, "Condition": "C", **name},
        "Else": {"Value": "555555555555", "Condition": "D", **name},
    }
    return {"Parameters": {"Stage": TEXT}, "Conditions": BOTH | {"C": condition}, "Outputs": outputs}


def sends(who: Any, **sections: Any) -> dict[str, Any]:
    return {"Resources": {"P": policy(PARTNER | {"Principal": {"AWS": who}})}, **sections}


def imports(name: Any = "partner", **sections: Any) -> dict[str, Any]:
    return sends({"Fn::ImportValue": name}, **sections)


def asks(**argument: Any) -> dict[str, Any]:
    return sends({"Fn::GetStackOutput": {"StackName": "made", "OutputName": "Who"} | argument})


def stored(value: Any, name: Any = "/mail/partner", **more: Any) -> dict[str, Any]:
    properties = {"Type": "String", "Value": value} | ({"Name": name} if name else {})
    return {"Resources": {"Stored": {"Type": "AWS::SSM::Parameter", "Properties": properties, **more}}}


def given(**definition: Any) -> dict[str, Any]:
    """Return a policy for what a parameter of the Systems Manager holds at the deploy."""
    return sends({"Ref": "Who"}, Parameters={"Who": {"Type": "AWS::SSM::Parameter::Value<String>", **definition}})


def writes(value: Any, region: str = "eu-west-1") -> dict[str, Any]:
    """Return a template in which the CDK writes a value into another region."""
    properties = {"ServiceToken": "x", "WriterProps": {"region": region, "exports": {KEY: value}}}
    return {"Resources": {"Writer": {"Type": "Custom::CrossRegionExportWriter", "Properties": properties}}}


def reads() -> dict[str, Any]:
    """Return a policy for what the CDK wrote in another region."""
    template = sends({"Fn::GetAtt": ["ExportsReader", KEY]})
    properties = {"region": "eu-west-1", "prefix": "mail", "imports": {KEY: f"{{{{resolve:ssm:{KEY}}}}}"}}
    reader = {"Type": "Custom::CrossRegionExportReader", "Properties": {"ReaderProps": properties}}
    return template | {"Resources": template["Resources"] | {"ExportsReader": reader}}


def stage(default: str | None = None) -> dict[str, Any]:
    return {"Parameters": {"Stage": TEXT | ({"Default": default} if default else {})}}


def together(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {"Resources": one["Resources"] | other["Resources"]}


BY_STAGE: Final = {"Fn::Sub": "${Stage}-partner"}
BY_REGION: Final = {"Fn::Sub": "${AWS::Region}-partner"}
AWAY: Final = "aws://111111111111/us-east-1"
DYNAMIC: Final = sends("{{resolve:ssm:/mail/partner}}")
SAME: Final = {"Fn::Equals": ["a", "a"]}

CASES: Final[dict[str, Case]] = {
    # Exports
    "one of two whose conditions are known": (
        lambda who: app(made=(HERE, either(who, SAME)), mail=(HERE, imports())),
        "broadened",
    ),
    "one of two whose conditions are not known": (
        lambda who: app(made=(HERE, either(who, UNKNOWN_C)), mail=(HERE, imports())),
        "broadened",
    ),
    "two exports in places that may be one": (
        lambda who: app(dev=(ANYWHERE, exports(ONE)), prod=(ANYWHERE, exports(who)), mail=(ANYWHERE, imports())),
        PERHAPS,
    ),
    "an export in a place that nobody knows": (
        lambda who: app(made=(ANYWHERE, exports(who)), mail=(HERE, imports())),
        PERHAPS,
    ),
    "an import in a place that nobody knows": (
        lambda who: app(made=(HERE, exports(who)), mail=(ANYWHERE, imports())),
        PERHAPS,
    ),
    "one of two exports may be in the same place": (
        lambda who: app(dev=(ANYWHERE, exports(ONE)), prod=(HERE, exports(who)), mail=(ANYWHERE, imports())),
        PERHAPS,
    ),
    "one of two exports is in the same place": (
        lambda who: app(dev=(ANYWHERE, exports(ONE)), prod=(HERE, exports(who)), mail=(HERE, imports())),
        "broadened",
    ),
    "a name with a region that nobody knows": (
        lambda who: app(made=(ANYWHERE, exports(who, BY_REGION)), mail=(ANYWHERE, imports(BY_REGION))),
        "broadened",
    ),
    "a name of an export by a default": (
        lambda who: app(made=(HERE, exports(who, BY_STAGE, **stage("prod"))), mail=(HERE, imports("prod-partner"))),
        "broadened",
    ),
    "a name of an export by a parameter": (
        lambda who: app(made=(HERE, exports(who, BY_STAGE, **stage())), mail=(HERE, imports("prod-partner"))),
        PERHAPS,
    ),
    "a name of an import by a parameter": (
        lambda who: app(made=(HERE, exports(who, "prod-partner")), mail=(HERE, imports(BY_STAGE, **stage()))),
        PERHAPS,
    ),
    "names of both by a parameter": (
        lambda who: app(made=(HERE, exports(who, BY_STAGE, **stage())), mail=(HERE, imports(BY_STAGE, **stage()))),
        PERHAPS,
    ),
    "an export in another place": (lambda who: app(made=(THERE, exports(who)), mail=(HERE, imports())), "unchanged"),
    "an export of another name": (
        lambda who: app(made=(HERE, exports(who, {"Fn::Sub": "${Stage}-other"}, **stage())), mail=(HERE, imports())),
        "unchanged",
    ),
    # Outputs of stacks
    "an output that a role reads": (
        lambda who: app(made=(THERE, exports(who)), mail=(HERE, asks(RoleArn="arn:aws:iam::222222222222:role/R"))),
        PERHAPS,
    ),
    "an output of an account that nobody knows": (
        lambda who: app(made=("aws://unknown-account/eu-west-1", exports(who)), mail=(HERE, asks())),
        PERHAPS,
    ),
    "an output of a name that nobody knows": (
        lambda who: app(made=(HERE, exports(who)), mail=(HERE, asks(OutputName={"Ref": "Stage"}))),
        PERHAPS,
    ),
    "an output of a region that nobody knows": (
        lambda who: app(made=(HERE, exports(who)), mail=(HERE, asks(Region={"Ref": "Stage"}))),
        PERHAPS,
    ),
    "an output of another region": (lambda who: app(made=(AWAY, exports(who)), mail=(HERE, asks())), "unchanged"),
    # Parameters of the Systems Manager
    "a stored value by a parameter": (
        lambda who: app(made=(HERE, stored(who)), mail=(HERE, given(Default="/mail/partner"))),
        PERHAPS,
    ),
    "a stored value by any parameter": (lambda who: app(made=(HERE, stored(who)), mail=(HERE, given())), PERHAPS),
    "a stored value by its name": (lambda who: app(made=(HERE, stored(who)), mail=(HERE, DYNAMIC)), PERHAPS),
    "a version of a stored value": (
        lambda who: app(made=(HERE, stored(who)), mail=(HERE, sends("{{resolve:ssm:/mail/partner:1}}"))),
        PERHAPS,
    ),
    "a stored value whose name has a parameter": (
        lambda who: app(made=(HERE, stored(who, {"Fn::Sub": "/${Stage}/partner"}) | stage()), mail=(HERE, DYNAMIC)),
        PERHAPS,
    ),
    "a stored value by a name with a parameter": (
        lambda who: app(
            made=(HERE, stored(who)), mail=(HERE, sends({"Fn::Sub": "{{resolve:ssm:/${Stage}/partner}}"}, **stage()))
        ),
        PERHAPS,
    ),
    "a stored value by its ARN": (
        lambda who: app(
            made=(THERE, stored(who)),
            mail=(HERE, given(Default="arn:aws:ssm:eu-west-1:222222222222:parameter/mail/partner")),
        ),
        PERHAPS,
    ),
    "a stored value of the same template": (lambda who: app(mail=(HERE, together(stored(who), DYNAMIC))), PERHAPS),
    "a stored value in a file alone": (lambda who: together(stored(who), DYNAMIC), PERHAPS),
    "a stored value in a place that nobody knows": (
        lambda who: app(made=(ANYWHERE, stored(who)), mail=(HERE, DYNAMIC)),
        PERHAPS,
    ),
    "a stored value in another place": (lambda who: app(made=(AWAY, stored(who)), mail=(HERE, DYNAMIC)), "unchanged"),
    "a stored value of another name": (
        lambda who: app(made=(HERE, stored(who, "/mail/other")), mail=(HERE, DYNAMIC)),
        "unchanged",
    ),
    # The CDK's references across regions
    "from another region": (lambda who: app(made=(AWAY, writes(who)), mail=(HERE, reads())), "broadened"),
    "from another region, twice": (
        lambda who: app(made=(AWAY, writes(who)), more=(HERE, writes(ONE)), mail=(HERE, reads())),
        PERHAPS,
    ),
    "from another region to a third one": (
        lambda who: app(made=(AWAY, writes(who, "eu-central-1")), mail=(HERE, reads())),
        "unchanged",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_taken_from_elsewhere_becomes_another_one(tmp_path: Path, name: str) -> None:
    make, verdict = CASES[name]
    found = told(tmp_path, make(ONE), make(OTHER))
    assert found["verdict"] == ("broadened" if verdict == PERHAPS else verdict)
    # By then no account can be named.
    assert all(OTHER not in each["sentence"] for each in found["changes"]) is (verdict != "broadened")
    assert told(tmp_path / "again", make(ONE), make(ONE))["verdict"] == "unchanged"


@pytest.mark.parametrize("name", [name for name, (_, verdict) in CASES.items() if verdict == "broadened"])
def test_everybody_is_found_elsewhere(tmp_path: Path, name: str) -> None:
    folder = written(tmp_path / "cdk.out", CASES[name][0]("*"))
    assert sending_policy("check", str(folder), folder=tmp_path).stdout.count("SES001") == 1


def test_a_default_that_names_an_export_is_told(tmp_path: Path) -> None:
    [change] = [
        each
        for each in told(tmp_path, *map(CASES["a name of an export by a default"][0], (ONE, OTHER)))["changes"]
        if OTHER in each["sentence"]
    ]
    assert change["verdict"] == "broadened"
    assert "with the default prod of parameter Stage" in change["sentence"]


def test_two_stages_that_swap_what_they_export(tmp_path: Path) -> None:
    def swapping(one: str, other: str) -> Any:
        return app(dev=(ANYWHERE, exports(one)), prod=(ANYWHERE, exports(other)), mail=(ANYWHERE, imports()))

    assert told(tmp_path, swapping(ONE, OTHER), swapping(OTHER, ONE))["verdict"] == "broadened"

"""The fingerprints of one value in templates that differ in one thing."""

from typing import Any, Final

from ses_sending_policy.analysis.reading.declared import KnownEnvironment
from ses_sending_policy.analysis.reading.identities import identities
from ses_sending_policy.analysis.reading.resolver import Evaluation
from ses_sending_policy.analysis.reading.scope import Scope

HERE: Final = KnownEnvironment("aws", "eu-west-1", "111111111111")
REF: Final = {"Ref": "Who"}
ARN: Final = {"Fn::GetAtt": ["Who", "Arn"]}
IN_PART: Final = {"Fn::Sub": "{{resolve:ssm:/${Who}}}"}
STRING: Final = {"Type": "String"}
BY_PATH: Final = {"Type": "AWS::SSM::Parameter::Value<String>"}
HASHES: Final = ("0123456789abcdef" * 4, "fedcba9876543210" * 4)
IMPORT: Final = {"Fn::ImportValue": {"Fn::Sub": "${Who}-id"}}


def scope_of(stack: str = "Mail", **sections: Any) -> Scope:
    return Scope(sections, stack, HERE, stack)


def prints(value: Any, *others: Scope, inner: Scope | None = None, **sections: Any) -> dict[str, str]:
    """Return the fingerprints in a value: of a template, or of the one that it nests."""
    outer = scope_of(**sections)
    if inner:
        inner.parent, outer.children = (outer, "Inner"), {"Inner": inner}
    app = [outer, *others, *([inner] if inner else [])]
    for each in app:
        each.app = app
    scope, evaluation = inner or outer, Evaluation()
    return identities([evaluation.of(scope).resolved(value)], scope, evaluation)


def parameter(**definition: Any) -> dict[str, str]:
    return prints(REF, Parameters={"Who": STRING | definition})


def asset(number: int) -> dict[str, str]:
    name = f"AssetParameters{HASHES[number]}"
    return {"": prints({"Ref": name}, Parameters={name: STRING})[name]}


def of_asset(number: int) -> dict[str, str]:
    name = f"AssetParameters{HASHES[number]}"
    return prints(
        ARN, Resources={"Who": {"Type": "Custom::A", "Properties": {"Key": {"Ref": name}}}}, Parameters={name: STRING}
    )


def resource(kind: Any = "AWS::IAM::Role", /, **properties: Any) -> dict[str, str]:
    resources = {"Who": {"Type": kind, "Properties": properties}}
    return prints(ARN, Resources=resources, Parameters={"Open": STRING})


def mapped(name: Any, mappings: Any, **definition: Any) -> dict[str, str]:
    parameters = {"Who": STRING | definition}
    return prints({"Fn::FindInMap": [name, REF, "id"]}, Mappings=mappings, Parameters=parameters)


def chosen(condition: Any, **conditions: Any) -> dict[str, str]:
    parameters = {"Who": STRING, "Open": STRING | conditions.pop("Open", {})}
    found = prints({"Fn::If": [condition, "a", "b"]}, Conditions=conditions, Parameters=parameters)
    return {"": "".join(found.values())}


def handed(given: Any, *others: Scope, definition: Any = STRING, name: str = "Who", **more: Any) -> dict[str, str]:
    """Return the fingerprints of a nested template's parameter that its parent gives."""
    stack = {"Type": "AWS::CloudFormation::Stack", "Properties": {"Parameters": {name: given}}}
    inner = scope_of("Mail/Inner", Parameters={name: definition})
    return prints({"Ref": name}, *others, inner=inner, Resources={"Inner": stack}, Parameters=more)


def output(value: Any, name: str = "Outputs.Who", **parameters: Any) -> dict[str, str]:
    """Return the fingerprints of an output of a nested template, as its parent has it."""
    resources = {"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": {}}}
    inner = scope_of("Mail/Inner", Outputs={"Who": {"Value": value}}, Parameters=parameters)
    outer = scope_of(Resources=resources)
    inner.parent, outer.children = (outer, "Inner"), {"Inner": inner}
    evaluation = Evaluation()
    function = {"Fn::GetAtt": ["Inner", name]}
    return identities([evaluation.of(outer).resolved(function)], outer, evaluation)


def exported(
    *values: Any,
    names: tuple[Any, ...] = ("a-id", "1-id"),
    keys: str = "ABC",
    condition: Any = None,
    stack: str = "Shared",
    turned: bool = False,
) -> dict[str, str]:
    """Return the fingerprints of an import by a name that only the deploy knows, from these exports."""
    own = {} if condition is None else {"Condition": "Is"}
    outputs = {
        key: {"Value": value, "Export": {"Name": name}} | own
        for key, value, name in zip(keys, values, names, strict=False)
    }
    if turned:
        outputs = dict(reversed(outputs.items()))
    sections = {"Outputs": outputs, "Parameters": {"Open": STRING}}
    shared = scope_of(stack, **sections, Conditions={"Is": condition or {}})
    return prints(IMPORT, shared, Parameters={"Who": STRING})


def storing(value: str) -> Scope:
    """Return a template that stores a value in the Systems Manager."""
    path = {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/who", "Value": value}}
    return scope_of("Shared", Resources={"P": path})


def stored(value: str, definition: Any = BY_PATH, function: Any = REF) -> dict[str, str]:
    """Return the fingerprints of a parameter by a path that only the deploy knows."""
    return prints(function, storing(value), Parameters={"Who": definition})


def by_default(name: str = "Who", stored: str = "1", beside: str = "a", **definition: Any) -> dict[str, str]:
    """Return the fingerprints of a parameter's value by its default path; another one has another path."""
    parameters = {name: BY_PATH | {"Default": "/who"} | definition, "Beside": BY_PATH | {"Default": "/b", "Is": beside}}
    scope, evaluation = scope_of(Parameters=parameters), Evaluation(takes_defaults=True)
    scope.app = [scope, storing(stored)]
    [value, _] = evaluation.of(scope).resolved([{"Ref": name}, {"Ref": "Beside"}])
    return identities([value], scope, evaluation)


def equals(one: Any, other: Any) -> dict[str, Any]:
    return {"Fn::Equals": [one, other]}

"""Pairs of templates that a deploy resolves to something else, and how that changes who may send."""

from typing import Any, Final

from tests.review.templates import STATEMENT, resource

PARTNER: Final = "222222222222"
OTHER: Final = "333333333333"


def mail(principal: Any, more: dict[str, Any] | None = None, **sections: Any) -> dict[str, Any]:
    """Return a template with a policy for one principal.

    :param more: resources beside the policy.
    :param sections: as `Parameters`.
    """
    policy = resource(STATEMENT | {"Principal": {"AWS": principal}})
    return {"Resources": {"P": policy, **(more or {})}, **sections}


def when(condition: Any, **sections: Any) -> dict[str, Any]:
    """Return a template with a policy that exists under a condition."""
    template = mail(PARTNER, Conditions={"C": condition}, **sections)
    template["Resources"]["P"]["Condition"] = "C"
    return template


def parameter(**definition: Any) -> dict[str, Any]:
    """Return a template's `Parameters` with one parameter."""
    return {"Who": {"Type": "String", **definition}}


def mapping(**stages: str) -> dict[str, Any]:
    """Return a template's `Mappings` with one mapping."""
    return {"Who": {stage: {"id": account} for stage, account in stages.items()}}


def made(kind: str, attribute: str = "Arn", resource_: Any = None, **properties: Any) -> dict[str, Any]:
    """Return a template whose policy is for an attribute of one of its own resources."""
    principal = {"Fn::GetAtt": ["Made", attribute]} if attribute else {"Ref": "Made"}
    return mail(principal, {"Made": {"Type": kind, "Properties": properties} | (resource_ or {})})


def chosen(yes: Any, no: Any, condition: Any = None, **sections: Any) -> dict[str, Any]:
    """Return a template whose policy is for one principal or the other, by a condition."""
    conditions = {"C": condition or {"Fn::Equals": [REF, "yes"]}}
    return mail({"Fn::If": ["C", yes, no]}, Conditions=conditions, **{"Parameters": parameter(), **sections})


REF: Final = {"Ref": "Who"}
FIND: Final = {"Fn::FindInMap": ["Who", "prod", "id"]}
BY_PARAMETER: Final = {"Fn::FindInMap": ["Who", REF, "id"]}
SSM: Final = {"Type": "AWS::SSM::Parameter::Value<String>"}
NOTHING: Final = {"Ref": "AWS::NoValue"}
ROLE, CUSTOM = "AWS::IAM::Role", "Custom::Partner"
ASSET: Final = "0" * 64
STAGES: Final = {"Type": "String", "AllowedValues": ["dev", "prod"]}

# The principal is one of the two if this is true.
EITHER: Final = {"C": {"Fn::Or": [{"Fn::Equals": [REF, PARTNER]}, {"Fn::Equals": [REF, OTHER]}]}}


def identity(default: str) -> dict[str, Any]:
    """Return a template with a policy on an identity that a parameter names."""
    arn = {"Fn::Sub": "arn:aws:ses:eu-west-1:111111111111:identity/${Who}"}
    policy = resource(STATEMENT | {"Resource": arn}, EmailIdentity=REF)
    return {"Resources": {"P": policy}, "Parameters": parameter(Default=default)}


PAIRS: Final[dict[str, tuple[Any, Any, str]]] = {
    # What the template itself decides
    "a mapping": (mail(FIND, Mappings=mapping(prod=PARTNER)), mail(FIND, Mappings=mapping(prod=OTHER)), "broadened"),
    "the same by a mapping": (mail(PARTNER), mail(FIND, Mappings=mapping(prod=PARTNER)), "unchanged"),
    "a selection": (
        mail({"Fn::Select": [0, [PARTNER, OTHER]]}),
        mail({"Fn::Select": [1, [PARTNER, OTHER]]}),
        "broadened",
    ),
    "a division": (
        mail({"Fn::Select": [0, {"Fn::Split": [",", f"{PARTNER},{OTHER}"]}]}),
        mail({"Fn::Select": [1, {"Fn::Split": [",", f"{PARTNER},{OTHER}"]}]}),
        "broadened",
    ),
    "a variable of a text": (
        mail({"Fn::Sub": ["${a}", {"a": PARTNER}]}),
        mail({"Fn::Sub": ["${a}", {"a": OTHER}]}),
        "broadened",
    ),
    "a branch": (
        mail({"Fn::If": ["C", PARTNER, OTHER]}, Conditions={"C": {"Fn::Equals": ["a", "a"]}}),
        mail({"Fn::If": ["C", PARTNER, OTHER]}, Conditions={"C": {"Fn::Equals": ["a", "b"]}}),
        "broadened",
    ),
    "a name": (made("AWS::IAM::User", UserName="Jane"), made("AWS::IAM::User", UserName="Joan"), "broadened"),
    "a path": (made(ROLE, RoleName="R"), made(ROLE, RoleName="R", Path="/other/"), "broadened"),
    "a stored value": (
        made("AWS::SSM::Parameter", "Value", Value=PARTNER),
        made("AWS::SSM::Parameter", "Value", Value=OTHER),
        "broadened",
    ),
    "a condition of keys that are made": (
        made("Custom::AWSCDKCfnJson", "Value", Value=f'["{PARTNER}"]'),
        made("Custom::AWSCDKCfnJson", "Value", Value=f'["{OTHER}"]'),
        "broadened",
    ),
    "a list that becomes nothing": (mail([PARTNER, OTHER]), mail([PARTNER, NOTHING]), "narrowed"),
    "another way to write it": (
        mail({"Fn::Sub": "arn:${AWS::Partition}:iam::${Who}:root"}, Parameters=parameter()),
        mail({"Fn::Join": [":", ["arn", {"Ref": "AWS::Partition"}, "iam:", REF, "root"]]}, Parameters=parameter()),
        "unchanged",
    ),
    # Conditions
    "a condition that comes true": (when({"Fn::Equals": ["a", "b"]}), when({"Fn::Equals": ["a", "a"]}), "broadened"),
    "a condition that comes false": (
        when({"Fn::Equals": ["a", "a"]}),
        when({"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}),
        "unchanged",
    ),
    "a condition that is no more": (
        when({"Fn::Equals": [REF, "x"]}, Parameters=parameter()),
        mail(PARTNER),
        "broadened",
    ),
    "a condition that is there now": (
        mail(PARTNER),
        when({"Fn::Equals": [REF, "x"]}, Parameters=parameter()),
        "narrowed",
    ),
    "a condition that says something else": (
        when({"Fn::Equals": [REF, "x"]}, Parameters=parameter()),
        when({"Fn::Equals": [REF, "y"]}, Parameters=parameter()),
        "broadened",
    ),
    "a condition that is negated": (
        when({"Fn::Equals": [REF, "x"]}, Parameters=parameter()),
        when({"Fn::Not": [{"Fn::Equals": [REF, "x"]}]}, Parameters=parameter()),
        "broadened",
    ),
    "a parameter of another kind behind a condition": (
        when({"Fn::Equals": [REF, "x"]}, Parameters=parameter()),
        when({"Fn::Equals": [REF, "x"]}, Parameters=parameter(Default="x")),
        "broadened",
    ),
    "what is not allowed is not so": (
        when({"Fn::Equals": [REF, "x"]}, Parameters=parameter(AllowedValues=["y", "z"])),
        mail(PARTNER),
        "broadened",
    ),
    "the same in each branch": (mail(PARTNER), chosen(PARTNER, PARTNER), "unchanged"),
    "each branch for itself": (chosen(PARTNER, PARTNER), mail(PARTNER), "unchanged"),
    "branches that change places": (chosen(PARTNER, OTHER), chosen(OTHER, PARTNER), "broadened"),
    "both of two branches": (chosen(PARTNER, OTHER), mail([PARTNER, OTHER]), "broadened"),
    "either of two": (mail([PARTNER, OTHER]), chosen(PARTNER, OTHER), "narrowed"),
    "everybody in a branch": (chosen(PARTNER, OTHER), chosen(PARTNER, "*"), "broadened"),
    "a branch by a condition of the same meaning": (
        chosen(PARTNER, OTHER),
        mail({"Fn::If": ["D", PARTNER, OTHER]}, Conditions={"D": {"Fn::Equals": ["yes", REF]}}, Parameters=parameter()),
        "unchanged",
    ),
    "what holds by one of two answers holds not by the other": (
        mail({"Fn::If": ["C", REF, PARTNER]}, Parameters=parameter(), Conditions=EITHER),
        mail({"Fn::If": ["C", OTHER, PARTNER]}, Parameters=parameter(), Conditions=EITHER),
        "broadened",
    ),
    "one condition for two branches": (
        mail(
            [{"Fn::If": ["C", PARTNER, OTHER]}, {"Fn::If": ["C", OTHER, PARTNER]}],
            Conditions={"C": {"Fn::Equals": [REF, "x"]}},
            Parameters=parameter(),
        ),
        mail([PARTNER, OTHER]),
        "unchanged",
    ),
    # Parameters
    "a default": (
        mail(REF, Parameters=parameter(Default=PARTNER)),
        mail(REF, Parameters=parameter(Default=OTHER)),
        "broadened",
    ),
    "a default is no proof": (mail(REF, Parameters=parameter(Default=PARTNER)), mail(PARTNER), "broadened"),
    "a parameter is no default": (mail(PARTNER), mail(REF, Parameters=parameter(Default=PARTNER)), "broadened"),
    "the same default": (
        mail(REF, Parameters=parameter(Default=PARTNER)),
        mail(REF, Parameters=parameter(Default=PARTNER)),
        "unchanged",
    ),
    "a description": (
        mail(REF, Parameters=parameter()),
        mail(REF, Parameters=parameter(Description="Who")),
        "unchanged",
    ),
    "one value is allowed": (mail(PARTNER), mail(REF, Parameters=parameter(AllowedValues=[PARTNER])), "unchanged"),
    "more values are allowed": (
        mail(REF, Parameters=parameter(AllowedValues=[PARTNER, OTHER])),
        mail(REF, Parameters=parameter(AllowedValues=[PARTNER, OTHER, "*"])),
        "broadened",
    ),
    "a list's default": (
        mail(REF, Parameters=parameter(Type="CommaDelimitedList", Default=PARTNER)),
        mail(REF, Parameters=parameter(Type="CommaDelimitedList", Default=f"{PARTNER},{OTHER}")),
        "broadened",
    ),
    "another path": (
        mail(REF, Parameters=parameter(**SSM, Default="/mail/a")),
        mail(REF, Parameters=parameter(**SSM, Default="/mail/b")),
        "broadened",
    ),
    "the same path": (
        mail(REF, Parameters=parameter(**SSM, Default="/mail/a")),
        mail(REF, Parameters=parameter(**SSM, Default="/mail/a")),
        "unchanged",
    ),
    "a list in a list": (
        mail([REF, PARTNER], Parameters=parameter(Type="CommaDelimitedList", Default=PARTNER)),
        mail([REF, PARTNER], Parameters=parameter(Type="CommaDelimitedList", Default=OTHER)),
        "broadened",
    ),
    "an identity's default": (identity("example.com"), identity("example.org"), "broadened"),
    "the same default of an identity": (identity("example.com"), identity("example.com"), "unchanged"),
    "a secret by another version": (mail("{{resolve:ssm:/a:1}}"), mail("{{resolve:ssm:/a:2}}"), "broadened"),
    "a mapping by a parameter": (
        mail(BY_PARAMETER, Parameters=parameter(), Mappings=mapping(dev=PARTNER, prod=PARTNER)),
        mail(BY_PARAMETER, Parameters=parameter(), Mappings=mapping(dev=PARTNER, prod=OTHER)),
        "broadened",
    ),
    "a mapping by a parameter of one value": (
        mail(PARTNER),
        mail(BY_PARAMETER, Parameters=parameter(), Mappings=mapping(dev=PARTNER, prod=PARTNER)),
        "unchanged",
    ),
    # What stays unknown
    "another logical id": (made(ROLE), mail({"Fn::GetAtt": ["New", "Arn"]}, {"New": {"Type": ROLE}}), "broadened"),
    "a tag": (made(ROLE), made(ROLE, Tags=[{"Key": "a", "Value": "b"}]), "unchanged"),
    "a role that gets a name": (made(ROLE), made(ROLE, RoleName="Sender"), "broadened"),
    "a role that another user has the name of": (made(ROLE), made("AWS::IAM::User"), "broadened"),
    "a role's trust": (made(ROLE), made(ROLE, AssumeRolePolicyDocument={"Statement": []}), "unchanged"),
    "a path of an unnamed role": (made(ROLE), made(ROLE, Path="/other/"), "broadened"),
    "a custom resource": (made(CUSTOM, "Account", Name="a"), made(CUSTOM, "Account", Name="b"), "broadened"),
    "a custom resource's function": (
        made(CUSTOM, "Account", ServiceToken="a", Name="a"),
        made(CUSTOM, "Account", ServiceToken="b", Name="a"),
        "unchanged",
    ),
    "a custom resource's code": (
        made(CUSTOM, "Account", Code=f"{ASSET}.zip"),
        made(CUSTOM, "Account", Code=f"{ASSET[1:]}1.zip"),
        "unchanged",
    ),
    "a custom resource of a parameter": (
        made(CUSTOM, "Account", Name=REF) | {"Parameters": parameter(Default="a")},
        made(CUSTOM, "Account", Name=REF) | {"Parameters": parameter(Default="b")},
        "broadened",
    ),
    "an unknown resource": (made("AWS::Odd::Thing", A="a"), made("AWS::Odd::Thing", A="b"), "broadened"),
    "a macro": (mail({"Fn::Transform": {"Name": "A"}}), mail({"Fn::Transform": {"Name": "B"}}), "broadened"),
    "the same macro": (mail({"Fn::Transform": {"Name": "A"}}), mail({"Fn::Transform": {"Name": "A"}}), "unchanged"),
}

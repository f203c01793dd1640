"""Pairs of templates that differ in something looked up by a name that the template does not fully tell."""

from typing import Any, Final

from tests.review.resolving import CUSTOM, OTHER, PARTNER, REF, SSM, mail, mapping, parameter

EXTENDED: Final[dict[str, Any]] = {"Transform": "AWS::LanguageExtensions"}
BY_NAME: Final = {"Fn::FindInMap": [REF, "prod", "id"]}
BY_NAME_OR: Final = {"Fn::FindInMap": [REF, "prod", "id", {"DefaultValue": PARTNER}]}
BY_KEY_OR: Final = {"Fn::FindInMap": ["Who", REF, "id", {"DefaultValue": PARTNER}]}
BY_LAST_KEY_OR: Final = {"Fn::FindInMap": ["Who", "prod", REF, {"DefaultValue": PARTNER}]}
IF_PROD: Final = {"Fn::If": ["IsProd", PARTNER, OTHER]}


def first(text: Any) -> dict[str, Any]:
    """Return a function that gives the first account of a comma-separated text."""
    return {"Fn::Select": [0, {"Fn::Split": [",", text]}]}


def found(function: Any, mappings: Any, **definition: Any) -> dict[str, Any]:
    """Return a template whose principal is looked up in the mappings by a function."""
    return mail(function, Parameters=parameter(**definition), Mappings=mappings, **EXTENDED)


def two(one: str, other: str) -> dict[str, Any]:
    """Return two mappings."""
    return mapping(prod=one) | {"Other": {"prod": {"id": other}}}


def hidden(function: Any, account: str) -> dict[str, Any]:
    """Return a template whose principal is in a mapping that only a parameter of the Systems Manager names."""
    return found(function, two(PARTNER, account), **SSM, Default="/mail/map")


def brought(place: str, *names: str) -> dict[str, Any]:
    """Return a template in which an included file adds to the mappings, or to one of them."""
    told: dict[str, Any] = {"dev": {"id": OTHER}}
    told["Fn::Transform"] = {"Name": "AWS::Include", "Parameters": {"Location": f"s3://bucket/{place}.json"}}
    for name in names:
        told = {name: told}
    return found({"Fn::FindInMap": ["Who", "prod", "id", {"DefaultValue": PARTNER}]}, told)


def looped(answer: str, over: Any = ("Prod", "Dev"), **definition: Any) -> dict[str, Any]:
    """Return a template whose policy depends on a condition that a loop makes."""
    loop = ["S", over if isinstance(over, dict) else [*over], {"Is${S}": {"Fn::Equals": ["a", answer]}}]
    parameters = parameter(Type="CommaDelimitedList", **definition)
    return conditional("IsProd", {"Fn::ForEach::All": loop}, Parameters=parameters, **EXTENDED)


def conditional(name: str, conditions: Any, **sections: Any) -> dict[str, Any]:
    """Return a template whose policy depends on one of its conditions."""
    template = mail(PARTNER, Conditions=conditions, **sections)
    template["Resources"]["P"]["Condition"] = name
    return template


def included(place: str) -> dict[str, Any]:
    """Return a template whose policy depends on a condition from an included file."""
    return conditional("Open", {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": place}}})


def beside(function: Any, template: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a template with somebody else's resource that is not read, and that gets what a function gives."""
    unread = {"Type": CUSTOM, "Properties": {"Effect": "Allow", "Action": "*", "Principal": function}}
    return template | {"Resources": {"Q": unread | more}}


PAIRS: Final[dict[str, tuple[Any, Any, str]]] = {
    "the only mapping by an unknown name": (
        found(BY_NAME, mapping(prod=PARTNER)),
        found(BY_NAME, mapping(prod=OTHER)),
        "broadened",
    ),
    "one of two mappings by an unknown name": (
        found(BY_NAME, two(PARTNER, PARTNER)),
        found(BY_NAME, two(PARTNER, OTHER)),
        "broadened",
    ),
    "the same of two mappings": (found(BY_NAME, two(PARTNER, OTHER)), found(BY_NAME, two(PARTNER, OTHER)), "unchanged"),
    "a mapping of a name in the Systems Manager": (hidden(BY_NAME, PARTNER), hidden(BY_NAME, OTHER), "broadened"),
    "a mapping by a default name": (
        found(BY_NAME, two(PARTNER, OTHER), Default="Who"),
        found(BY_NAME, two(PARTNER, OTHER), Default="Other"),
        "broadened",
    ),
    "another value that a default stands in for": (
        mail(PARTNER),
        found(BY_NAME_OR, mapping(prod=OTHER)),
        "broadened",
    ),
    "another value of an unknown name that has a default": (
        found(BY_NAME_OR, mapping(prod=PARTNER)),
        found(BY_NAME_OR, mapping(prod=OTHER)),
        "broadened",
    ),
    "another value of an unknown key that has a default": (
        found(BY_KEY_OR, mapping(prod=PARTNER)),
        found(BY_KEY_OR, mapping(prod=OTHER)),
        "broadened",
    ),
    "another value of an unknown last key that has a default": (
        found(BY_LAST_KEY_OR, mapping(prod=PARTNER)),
        found(BY_LAST_KEY_OR, mapping(prod=OTHER)),
        "broadened",
    ),
    "the same value of an unknown key and of its default": (
        mail(PARTNER),
        found(BY_KEY_OR, mapping(prod=PARTNER)),
        "unchanged",
    ),
    "another macro in the mappings": (brought("a"), brought("b"), "broadened"),
    "the same macro in the mappings": (brought("a"), brought("a"), "unchanged"),
    "another macro in a mapping": (brought("a", "Who"), brought("b", "Who"), "broadened"),
    "a condition of a loop that comes true": (looped("b"), looped("a"), "broadened"),
    "a condition of a loop that is true": (mail(PARTNER), looped("a"), "unchanged"),
    "a condition of a loop that nobody knows": (looped("b", REF), looped("a", REF), "broadened"),
    "the same condition of a loop that nobody knows": (looped("b", REF), looped("b", REF), "unchanged"),
    "a condition of a loop over another list": (looped("a", REF), looped("a", REF, Default="a"), "broadened"),
    "a condition that another macro brings": (included("a.json"), included("b.json"), "broadened"),
    "the same condition of a macro": (included("a.json"), included("a.json"), "unchanged"),
    "what is not read by an unknown name": (
        beside(BY_NAME, found("*", two(PARTNER, PARTNER))),
        beside(BY_NAME, found("*", two(PARTNER, OTHER))),
        "changed",
    ),
    "the same that is not read by an unknown name": (
        beside(BY_NAME, found("*", two(PARTNER, OTHER))),
        beside(BY_NAME, found("*", two(PARTNER, OTHER))),
        "unchanged",
    ),
    "what is not read by a condition of a loop": (
        beside(IF_PROD, looped("b", REF)),
        beside(IF_PROD, looped("a", REF)),
        "changed",
    ),
    "what is not read and is there by a condition of a loop": (
        beside(PARTNER, looped("b", REF), Condition="IsProd"),
        beside(PARTNER, looped("a", REF), Condition="IsProd"),
        "changed",
    ),
    "the same that is not read by a condition of a loop": (
        beside(IF_PROD, looped("b", REF)),
        beside(IF_PROD, looped("b", REF)),
        "unchanged",
    ),
    "a part of a fixed path becomes one of a parameter's path": (
        mail(first("{{resolve:ssm:/mail/all}}")),
        mail(first(REF), Parameters=parameter(**SSM, Default="/mail/all")),
        "broadened",
    ),
    "the same part of a parameter's path": (
        mail(first(REF), Parameters=parameter(**SSM, Default="/mail/all")),
        mail(first(REF), Parameters=parameter(**SSM, Default="/mail/all")),
        "unchanged",
    ),
}
EVERYBODY: Final[dict[str, Any]] = {
    "any of the mappings": found(BY_NAME, two(PARTNER, "*")),
    "any of the mappings beside a default": found(BY_NAME_OR, mapping(prod="*")),
    "any key beside a default": found(BY_KEY_OR, mapping(prod="*")),
    "the default of an unknown key": found(
        {"Fn::FindInMap": ["Who", REF, "id", {"DefaultValue": "*"}]}, mapping(prod=PARTNER)
    ),
    "the default of an unknown name": found(
        {"Fn::FindInMap": [REF, "prod", "id", {"DefaultValue": "*"}]}, mapping(prod=PARTNER)
    ),
}

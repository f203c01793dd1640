"""Assemblies whose policies depend on many other parts of their templates, as the growth of a review is counted on."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from tests.review.templates import STATEMENT, resource, stack, template, write

Templates = Mapping[str, Mapping[str, Any]]


def _policy(number: int, address: str, principal: Any = None, identity: str = "", **more: Any) -> dict[str, Any]:
    domain = identity or f"d{number}.example"
    statement = STATEMENT | {
        "Principal": {"AWS": principal or f"arn:aws:iam::{number:012}:root"},
        "Resource": f"arn:aws:ses:eu-west-1:111111111111:identity/{domain}",
        "Condition": {"StringLike": {"ses:FromAddress": address}},
    }
    return resource(statement, EmailIdentity=domain, PolicyName=f"p{number}") | more


def _conditions(count: int, address: str) -> Templates:
    """Each policy has a condition and a parameter of its own."""
    resources = {
        f"P{each}": _policy(each, address, {"Fn::Sub": f"arn:aws:iam::${{Q{each}}}:root"}, Condition=f"C{each}")
        for each in range(count)
    }
    parameters = {f"Q{each}": {"Type": "String", "Default": "333333333333"} for each in range(count)}
    conditions = {f"C{each}": {"Fn::Equals": [{"Ref": f"Q{each}"}, "x"]} for each in range(count)}
    return {"Mail": template(**resources) | {"Parameters": parameters, "Conditions": conditions}}


def _mappings(count: int, address: str) -> Templates:
    """Each policy takes its principal from a mapping."""
    resources = {f"P{each}": _policy(each, address, {"Fn::FindInMap": ["M", f"k{each}", "v"]}) for each in range(count)}
    return {"Mail": template(**resources) | {"Mappings": {"M": {f"k{each}": {"v": PARTNER} for each in range(count)}}}}


def _exports(count: int, address: str) -> Templates:
    """Each stack takes its principal from an export of the next stack."""
    return {
        f"Mail{each}": template(P=_policy(each, address, {"Fn::ImportValue": f"e{(each + 1) % count}"}))
        | {"Outputs": {"O": {"Value": PARTNER, "Export": {"Name": f"e{each}"}}}}
        for each in range(count)
    }


def _roles(count: int, address: str) -> Templates:
    """Each policy is for a role of its stack."""
    roles = {f"R{each}": {"Type": "AWS::IAM::Role", "Properties": {}} for each in range(count)}
    policies = {f"P{each}": _policy(each, address, {"Fn::GetAtt": [f"R{each}", "Arn"]}) for each in range(count)}
    return {"Mail": template(**roles, **policies)}


def _addresses(count: int, address: str) -> Templates:
    """There is a policy on a domain, and one on each of many addresses of it."""
    policies = {f"P{each}": _policy(each, address, identity=f"u{each}@d.example") for each in range(count)}
    return {"Mail": template(D=_policy(count, address, identity="d.example"), **policies)}


PARTNER: Final = "222222222222"
WAYS: Final[Mapping[str, Callable[[int, str], Templates]]] = {
    "conditions": _conditions,
    "mappings": _mappings,
    "exports": _exports,
    "roles": _roles,
    "addresses": _addresses,
}
"""The ways in which policies depend on other parts, each for a number of policies and a From address."""


def many_ways(way: str, count: int, address: str, folder: Path) -> Path:
    """Write an assembly of so many policies, and return its folder."""
    templates = WAYS[way](count, address)
    for name, each in templates.items():
        write(folder / f"{name}.template.json", each)
    artifacts = {name: stack(f"{name}.template.json") | {"displayName": name} for name in templates}
    write(folder / "manifest.json", {"version": "55.0.0", "artifacts": artifacts})
    return folder

"""Nested stacks: read as they are deployed, with their parents' parameters, in their root's account and region."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tests.review.resolved.required import Case, check, diff, finds, finds_none
from tests.review.resolved.words import (
    EVERYBODY,
    EXTENDED,
    MORE,
    NOWHERE,
    PARTNER,
    PLACE,
    Json,
    allow,
    here,
    parameter,
    policy,
    whole,
)
from tests.review.templates import stack, write

OTHER: Final = allow("333333333333")


def link(name: str, **given: Any) -> Json:
    """Return a nested stack, as the CDK writes it."""
    parts = ["https://s3.eu-west-1.", {"Ref": "AWS::URLSuffix"}, f"/assets/{key(name)}.json"]
    properties = {"TemplateURL": {"Fn::Join": ["", parts]}} | ({"Parameters": given} if given else {})
    return {"Type": "AWS::CloudFormation::Stack", "Properties": properties}


def key(name: str) -> str:
    """Return the hash of a nested template."""
    return f"{int.from_bytes(name.encode()):064x}"


def app(environment: str = PLACE, nested: Json | None = None, **roots: Json) -> Callable[[Path], Path]:
    """Return a function that writes an assembly of stacks and their nested templates."""

    def make(folder: Path) -> Path:
        artifacts = {name: stack(f"{name}.template.json", environment) | {"displayName": name} for name in roots}
        write(folder / "manifest.json", {"version": "55.0.0", "artifacts": artifacts})
        files = {key(name): {"source": {"path": f"{name}.nested.template.json"}} for name in nested or {}}
        for name, root in roots.items():
            write(folder / f"{name}.template.json", root)
            write(folder / f"{name}.assets.json", {"files": files})
        for name, template in (nested or {}).items():
            write(folder / f"{name}.nested.template.json", template)
        return folder

    return make


def root(name: str, **given: Any) -> Json:
    """Return a template with a nested stack."""
    return {"Resources": {"Nested": link(name, **given)}}


def given(value: Any) -> Callable[[Path], Path]:
    """Return an app whose stack passes a partner's account to its nested stack."""
    inner = whole(allow({"Ref": "Who"}), sections=parameter("222222222222"))
    return app(nested={"Inner": inner}, Mail=root("Inner", Who=value))


def branched(value: Any) -> Callable[[Path], Path]:
    """Return the same app with the parameters in a branch that is known to be taken."""
    inner = whole(allow({"Ref": "Who"}), sections=parameter("222222222222"))
    outer = root("Inner")
    taken = {"Fn::If": ["C", {"Who": value}, {"Ref": "AWS::NoValue"}]}
    outer["Resources"]["Nested"]["Properties"]["Parameters"] = taken
    return app(nested={"Inner": inner}, Mail=outer | {"Conditions": {"C": {"Fn::Equals": ["a", "a"]}}})


def included(location: str, **beside: Any) -> Callable[[Path], Path]:
    """Return the same app with parameters from an Include."""
    inner = whole(allow({"Ref": "Who"}), sections=parameter("222222222222"))
    include = {"Name": "AWS::Include", "Parameters": {"Location": f"s3://parts/{location}.json"}}
    return app(nested={"Inner": inner}, Mail=root("Inner", **{"Fn::Transform": include}, **beside))


def stages(dev: Json, prod: Json) -> Callable[[Path], Path]:
    """Return an app of two stages without an environment, each with a nested stack."""
    return app(NOWHERE, {"D": whole(here(dev)), "P": whole(here(prod))}, Dev=root("D"), Prod=root("P"))


def output(account: str) -> Callable[[Path], Path]:
    """Return an app whose principal is an output of a nested stack, where a loop makes the outputs."""
    loop = ["S", ["A", "B"], {"Out${S}": {"Value": account}}]
    inner = EXTENDED | {"Resources": {}, "Outputs": {"Fn::ForEach::All": loop}}
    outer = {"P": policy(allow({"Fn::GetAtt": ["Nested", "Outputs.OutA"]}))}
    return app(nested={"Inner": inner}, Mail={"Resources": outer | root("Inner")["Resources"]})


CASES: Final[tuple[Case, ...]] = (
    check(
        "everybody in a nested stack",
        app(nested={"Inner": whole(EVERYBODY)}, Mail=root("Inner")),
        finds("SES001"),
        why="its template is in the assembly",
        control=True,
    ),
    check(
        "everybody in a stack that is nested in a nested one",
        app(nested={"Outer": root("Inner"), "Inner": whole(EVERYBODY)}, Mail=root("Outer")),
        finds("SES001"),
        why="the CDK lists all templates with the root's assets",
    ),
    check(
        "everybody in a nested stack that is never made",
        app(
            nested={"Inner": whole(EVERYBODY)},
            Mail={
                "Conditions": {"C": {"Fn::Equals": ["a", "b"]}},
                "Resources": {"Nested": link("Inner") | {"Condition": "C"}, "P": policy(PARTNER)},
            },
        ),
        finds_none(),
        why="the condition is not so, and there is no such stack",
    ),
    check(
        "everybody in what a nested stack is given",
        given("*"),
        finds("SES001"),
        why="what the parent gives is taken, and not the default",
        control=True,
    ),
    check(
        "everybody by default, and somebody in what is given",
        app(
            nested={"Inner": whole(allow({"Ref": "Who"}), sections=parameter("*"))},
            Mail=root("Inner", Who="222222222222"),
        ),
        finds_none("SES001"),
        why="what the parent gives is taken, and not the default",
        control=True,
    ),
    check(
        "everybody in what a nested stack is given by a mapping",
        app(
            nested={"Inner": whole(allow({"Ref": "Who"}), sections=parameter("222222222222"))},
            Mail={"Mappings": {"Map": {"a": {"b": "*"}}}} | root("Inner", Who={"Fn::FindInMap": ["Map", "a", "b"]}),
        ),
        finds("SES001"),
        why="the mapping is the parent's, and known",
    ),
    diff(
        "another account is given to a nested stack",
        given("222222222222"),
        given("333333333333"),
        "broadened",
        why="a value that is given is no default",
        control=True,
    ),
    diff(
        "another account is given to a nested stack by a branch of all parameters",
        branched("222222222222"),
        branched("333333333333"),
        "broadened",
        why="the condition is known, and what is given is no default",
    ),
    check(
        "everybody in a branch of all parameters",
        branched("*"),
        finds("SES001"),
        why="the condition is known, and what is given is no default",
    ),
    diff(
        "a nested stack gets what another Include gives",
        included("one"),
        included("two"),
        *MORE,
        why="nobody knows what it gives, and the default is not it",
    ),
    diff(
        "a nested stack gets what another Include gives beside a parameter",
        included("one", Who="222222222222"),
        included("two", Who="222222222222"),
        *MORE,
        why="a macro gets its siblings, and may give something else for them",
    ),
    diff(
        "production's nested stack gets what development's has",
        stages(PARTNER, OTHER),
        stages(PARTNER, PARTNER),
        *MORE,
        why="nested stacks are where their root is, and nobody knows that the roots are in one place",
    ),
    diff(
        "nested stacks stay as they are",
        stages(PARTNER, OTHER),
        stages(PARTNER, OTHER),
        "unchanged",
        why="a stack of the same name is the same",
        control=True,
    ),
    check(
        "everybody between the commas of a list that is given in part",
        app(
            NOWHERE,
            {"Inner": whole(allow({"Ref": "Who"}, None), sections=parameter(None, Type="CommaDelimitedList"))},
            Mail=root("Inner", Who={"Fn::Join": [",", [{"Ref": "AWS::AccountId"}, "*"]]}),
        ),
        finds("SES001"),
        why="an account has no comma",
    ),
    diff(
        "a nested stack's output of a loop",
        output("222222222222"),
        output("333333333333"),
        "broadened",
        why="a loop over texts that stand there makes outputs as well as resources",
    ),
)

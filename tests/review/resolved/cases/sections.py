"""What a template takes from its sections: mappings by name, and loops and macros in conditions and outputs."""

from typing import Any, Final

from tests.review.resolved.required import Case, check, diff, explain, finds, says
from tests.review.resolved.words import EXTENDED, MORE, Json, allow, parameter, stacks, whole

FROM_MAP: Final = {"Fn::FindInMap": [{"Ref": "Who"}, "prod", "account"]}


def by_map(account: str, default: Any = None, **more: Any) -> Json:
    """Return a template whose account is in a mapping that a parameter names.

    :param default: the value if there is no such mapping. Default: - no default.
    """
    mappings = {"Mappings": {"Partners": {"prod": {"account": account}}, "Others": {"prod": {"account": "1" * 12}}}}
    argument = [*FROM_MAP["Fn::FindInMap"], *([{"DefaultValue": default}] if default else [])]
    sections = EXTENDED | mappings | parameter(None, **more)
    return whole(allow({"Fn::FindInMap": argument}), sections=sections)


def loop(body: Json, collection: Any) -> Json:
    """Return a section with a loop."""
    return {"Fn::ForEach::Loop": ["Name", collection, body]}


def by_condition(other: str, collection: Any = ("Prod",)) -> Json:
    """Return a template with a branch whose condition a loop makes."""
    conditions = loop({"Is${Name}": {"Fn::Equals": ["prod", other]}}, list(collection))
    branch = {"Fn::If": ["IsProd", "222222222222", "333333333333"]}
    return whole(allow(branch), sections=EXTENDED | {"Conditions": conditions})


def by_output(account: str, collection: Any) -> Json:
    """Return an assembly in which one stack exports from a loop what another one imports."""
    output = {"Value": account, "Export": {"Name": "partner-${Name}"}}
    exporting = EXTENDED | {"Outputs": loop({"Out${Name}": output}, collection), "Resources": {}}
    return stacks(Accounts=exporting, Mail=whole(allow({"Fn::ImportValue": "partner-A"})))


CASES: Final[tuple[Case, ...]] = (
    diff(
        "an account in a mapping that a parameter names",
        by_map("222222222222"),
        by_map("333333333333"),
        *MORE,
        why="that mapping may be the one",
    ),
    check(
        "everybody in a mapping that a parameter names",
        by_map("*"),
        finds("SES001"),
        why="that mapping may be the one",
    ),
    check(
        "everybody in a mapping that a parameter names, with a default for none",
        by_map("*", "222222222222"),
        finds("SES001"),
        why="that mapping may be the one, and the default is for what is in none",
    ),
    check(
        "everybody by default where a parameter names no mapping",
        by_map("222222222222", "*"),
        finds("SES001"),
        why="a parameter may name a mapping that is not there",
    ),
    diff(
        "another account in a mapping that cannot be the one",
        by_map("222222222222", AllowedValues=["Others"]),
        by_map("333333333333", AllowedValues=["Others"]),
        "unchanged",
        why="the parameter may name the other mapping alone",
    ),
    diff(
        "a condition that a loop makes comes out otherwise",
        by_condition("prod"),
        by_condition("dev"),
        "broadened",
        why="the loop goes over texts that stand there",
    ),
    explain(
        "a condition that a loop makes",
        by_condition("dev"),
        must=(says('"condition": null'), says("333333333333")),
        why="the loop goes over texts that stand there, and the condition is known",
    ),
    diff(
        "an output that a loop makes is of another account",
        by_output("222222222222", ["A", "B"]),
        by_output("333333333333", ["A", "B"]),
        "broadened",
        why="the loop goes over texts that stand there",
    ),
    diff(
        "an output of a loop over what only the deploy knows is of another account",
        by_output("222222222222", {"Ref": "Names"}),
        by_output("333333333333", {"Ref": "Names"}),
        *MORE,
        why="the loop may make that output",
    ),
    diff(
        "a condition of a loop over what only the deploy knows is another one",
        by_condition("prod", [{"Ref": "Names"}]),
        by_condition("dev", [{"Ref": "Names"}]),
        *MORE,
        why="the loop may make that condition",
    ),
)

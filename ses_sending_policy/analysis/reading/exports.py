"""What one template of an app takes from another one, by an export or by the name of its stack."""

from typing import TYPE_CHECKING

from ses_sending_policy.analysis.reading.scope import Scope, at
from ses_sending_policy.rules.document import Json

if TYPE_CHECKING:
    from ses_sending_policy.analysis.reading.resolver import Resolver

Output = tuple[Scope, str]
"""A template, and the name of one of its outputs."""


def export(resolver: "Resolver", name: str) -> Output | None:
    """Return the output that is exported to a template under a name, or None where there is none, or more than one.

    "For each AWS account, Export names must be unique within a Region."
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html
    """
    found = [(each, key) for each in resolver.scope.neighbours() for key in _exported(resolver, each).get(name, ())]
    return found[0] if len(found) == 1 else None


def _exported(resolver: "Resolver", scope: Scope) -> dict[str, list[str]]:
    """Return the outputs of a template that it exports, by the name that it does so under."""
    if "exports" not in scope.kept:
        # Who asks for one while they are read asks for a name that depends on itself.
        found: dict[str, list[str]] = {}
        scope.kept["exports"] = found
        for key, output in scope.section("Outputs"):
            name = resolver.unassuming(scope).resolved(at(output, "Export", "Name"))
            if isinstance(name, str):
                found.setdefault(name, []).append(key)
    exports: dict[str, list[str]] = scope.kept["exports"]
    return exports


def stack_output(resolver: "Resolver", argument: Json) -> Output | None:
    """Return the output that `Fn::GetStackOutput` asks for, or None where that cannot be told.

    "RoleArn: The ARN of an IAM role [...]. Use this parameter when referencing stacks across different AWS accounts."
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
    """
    name, output = at(argument, "StackName"), at(argument, "OutputName")
    if not isinstance(output, str) or not name or at(argument, "RoleArn") is not None:
        return None
    here = resolver.scope.environment
    there = (here.account, at(argument, "Region") or here.region)
    stacks = [each for each in resolver.scope.app if each.stack_name == name]
    found = [each for each in stacks if (each.environment.account, each.environment.region) == there]
    return (found[0], output) if len(found) == 1 else None

"""Find the value that one template takes from another by its name: an export, an output, or a stored parameter.

"For each AWS account, Export names must be unique within a Region."
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ses_sending_policy.analysis.reading.endings import ByEnding
from ses_sending_policy.analysis.reading.functions import PLAIN
from ses_sending_policy.analysis.reading.intrinsics import name_of, unknown_functions
from ses_sending_policy.analysis.reading.macros import MACRO, is_made
from ses_sending_policy.analysis.reading.scope import Scope, at
from ses_sending_policy.analysis.reading.texts import STAYS, concatenated, may_be_equal
from ses_sending_policy.rules.arns import Arn
from ses_sending_policy.rules.document import Json, compact

if TYPE_CHECKING:
    from ses_sending_policy.analysis.reading.resolver import Evaluation, Resolver

STORED: Final = "ssm:"
"""The prefix of references to the Systems Manager. As a function's name, it looks a value up by a partly known name."""

# References that mean the same in all templates of one account and region.
_EVERYWHERE: Final = ("AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix")

Where = tuple[Json, Json]
"""An account and a region. None means that the stack sets none; a function may stand for either of them."""


def is_of_everywhere(value: Json) -> bool:
    """Return whether `value` means the same in another template that is deployed to the same account and region."""
    return all(map(_is_of_everywhere, unknown_functions(value)))


def _is_of_everywhere(function: Mapping[str, Json]) -> bool:
    [(kind, argument)] = function.items()
    name = name_of(function)
    return name in _EVERYWHERE or name.startswith(STORED) or (kind in PLAIN and is_of_everywhere(argument))


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A value in a template that other templates of the app may take by a name.

    :param scope: the template.
    :param path: the keys that lead to the value in the template.
    :param name: the name by which other templates take the value.
    :param where: the account and region in which the name is valid.
    """

    scope: Scope
    path: tuple[str, ...]
    name: Json
    where: Where

    @property
    def value(self) -> Json:
        """The value, as the template has it."""
        return at(self.scope.elements, *self.path)

    def conditions(self) -> Iterator[tuple[Scope, Json]]:
        """Yield the conditions that the value depends on: its own, and those of the stacks that nest its template."""
        scope, element = self.scope, at(self.scope.elements, *self.path[:2])
        while True:
            condition = at(element, "Condition")
            if condition is not None:
                yield scope, condition
            if scope.parent is None:
                return
            scope, logical_id = scope.parent
            element = at(scope.elements, "Resources", logical_id)

    def is_there(self, reader: "Callable[[Scope], Resolver]") -> bool | None:
        """Return whether the value exists, by its conditions; None if only the deploy knows."""
        truths = [reader(scope).is_so(condition) for scope, condition in self.conditions()]
        return False if False in truths else None if None in truths else True


def here(scope: Scope) -> Where:
    """Return the account and region in which a template is deployed."""
    return scope.environment.account, scope.environment.region


def _made(scope: Scope) -> Iterator[Source]:
    """Yield one source with an unknown name that stands for all outputs that a macro or a loop may make."""
    if is_made(scope, "Outputs"):
        yield Source(scope, ("Outputs",), {"Ref": MACRO}, here(scope))


def _exports(scope: Scope) -> Iterator[Source]:
    yield from _made(scope)
    for key, output in scope.section("Outputs"):
        name = at(output, "Export", "Name")
        if name is not None:
            yield Source(scope, ("Outputs", key, "Value"), name, here(scope))


def _outputs(scope: Scope) -> Iterator[Source]:
    yield from _made(scope)
    for key, _ in scope.section("Outputs") if scope.stack_name else ():
        yield Source(scope, ("Outputs", key, "Value"), f"{scope.stack_name}/{key}", here(scope))


def _stored(scope: Scope) -> Iterator[Source]:
    """Yield the values that a template writes into the Systems Manager.

    The CDK takes values to another region like this: a custom resource writes them there, each under a name, and a
    custom resource of the other stack has these names as its attributes.
    https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.StackProps.html#crossregionreferences
    """
    for key, resource in scope.section("Resources"):
        if resource.get("Type") == "AWS::SSM::Parameter":
            name = at(resource, "Properties", "Name")
            if name is not None:
                yield Source(scope, ("Resources", key, "Properties", "Value"), name, here(scope))
        elif resource.get("Type") == "Custom::CrossRegionExportWriter":
            told = at(resource, "Properties", "WriterProps")
            written = at(told, "exports")
            for name in written if isinstance(written, Mapping) else ():
                path = ("Resources", key, "Properties", "WriterProps", "exports", name)
                yield Source(scope, path, name, (scope.environment.account, at(told, "region")))


def _wanted(function: Json, scope: Scope) -> tuple[Callable[[Scope], Iterator[Source]], Json, Where] | None:
    """Return where a function takes its value from: the kind of source, its name, and account and region.

    None if the function takes no value from another template.
    """
    match function:
        case {"Fn::ImportValue": name}:
            return _exports, name, here(scope)
        case {"Ref": str(name)} if name.startswith(STORED):
            return _stored, *_named_or_by_arn(name.removeprefix(STORED).strip(), here(scope))
        case {"ssm:": name}:
            return _stored, name, here(scope)
        case {"Fn::GetStackOutput": argument}:
            name = concatenated([at(argument, "StackName"), "/", at(argument, "OutputName")])
            account, region = here(scope)
            # "RoleArn: The ARN of an IAM role [...]. Use this parameter when referencing stacks across different AWS
            # accounts."
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
            role = at(argument, "RoleArn")
            where = (account if role is None else {"RoleArn": role}, at(argument, "Region") or region)
            return _outputs, function if name is STAYS else name, where
    return None


def _named_or_by_arn(text: str, where: Where) -> tuple[Json, Where]:
    """Return name, account and region of a Systems Manager parameter.

    `text` is its ARN, or its name, perhaps with a version.

    "{{resolve:ssm:parameter-name:version}}"
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html
    """
    arn = Arn.parse(text)
    if arn is None:
        return text.partition(":")[0], where
    # The name may begin with a slash or not: in an ARN, that slash is the one after `parameter`.
    name = arn.resource.removeprefix("parameter/").partition(":")[0]
    return concatenated([{"Ref": "/"}, name]), (arn.account, arn.region)


def sources(function: Json, resolver: "Resolver") -> list[Source]:
    """Return all values in the app that a resolved function may take, whatever parameters the deploy is given."""
    wanted = _wanted(function, resolver.scope)
    if wanted is None:
        return []
    kind, name, where = wanted
    found = _index(kind, resolver).of(name)
    return [each for each in found if may_be_equal(each.name, name) and _may_be_at(each.where, where)]


def _may_be_at(one: Where, other: Where) -> bool:
    return all(
        mine == its or not (isinstance(mine, str) and isinstance(its, str))
        for mine, its in zip(one, other, strict=True)
    )


def _index(kind: Callable[[Scope], Iterator[Source]], resolver: "Resolver") -> ByEnding[Source]:
    """Return an index of all sources of one kind in the app, by their names."""
    app = resolver.scope.app or [resolver.scope]
    # Templates of the app are added one by one, so there is an index for each number of them.
    kept, key = app[0].kept, (kind, len(app))
    if key not in kept:
        # Empty for the time being: a name may depend on another name, and looking that one up here finds nothing.
        kept[key] = ByEnding()
        reading = type(resolver.evaluation)()
        found = []
        for each in (each for scope in app for each in kind(scope)):
            name, account, region = map(reading.of(each.scope).resolved, (each.name, *each.where))
            found.append((name, replace(each, name=name, where=(account, region))))
        kept[key] = ByEnding(found)
    index: ByEnding[Source] = kept[key]
    return index


def source(function: Json, resolver: "Resolver") -> Source | None:
    """Return the source from which a resolved function takes its value; None if there is none, or it is unclear."""
    wanted = _wanted(function, resolver.scope)
    if wanted is None:
        return None
    _, name, where = wanted
    left = [
        each for each in _named(sources(function, resolver), resolver.evaluation) if may_be_equal(each[0].name, name)
    ]
    left = [each for each in left if each[0].is_there(resolver.unassuming) is not False]
    if len(left) > 1:
        left = [each for each in left if each[0].is_there(resolver.evaluation.of) is not False]
    alike = [each for each in left if each[0].where == where and _is_same(each[0].name, name)]
    if len(alike) != 1:
        return None
    [(found, defaults)] = alike
    if len(left) > 1 and not _is_the_one(found, [each for each, _ in left], resolver.evaluation):
        return None
    resolver.evaluation.defaults.update(defaults)
    return found


def _is_the_one(found: Source, left: list[Source], evaluation: "Evaluation") -> bool:
    """Return whether `found` is the only source with its name: it surely exists, and names are unique in one place."""
    is_one_place = all(isinstance(each, str) for each in found.where) or all(each.where == found.where for each in left)
    return is_one_place and found.is_there(evaluation.of) is True


def _is_same(one: Json, other: Json) -> bool:
    return compact(one) == compact(other) and is_of_everywhere(one)


def _named(found: list[Source], evaluation: "Evaluation") -> Iterator[tuple[Source, Mapping[str, str]]]:
    """Yield each source, with its name as `evaluation` resolves it, and the parameter defaults that it uses."""
    for each in found:
        if isinstance(each.name, str) or not evaluation.takes_defaults:
            yield each, {}
            continue
        kept, key = each.scope.kept, ("by default", compact(each.name))
        if key not in kept:
            reading = type(evaluation)(takes_defaults=True)
            kept[key] = reading.of(each.scope).resolved(each.name), reading.defaults
        name, defaults = kept[key]
        yield replace(each, name=name), defaults

"""Find the value that one template of an app takes from another by name: an export, an output or a stored parameter.

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
"""The prefix of references to the Systems Manager; as a function's name, a look-up there by a partly known name."""

# What means the same in each template that is deployed to one account and region.
_EVERYWHERE: Final = ("AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix")

Where = tuple[Json, Json]
"""Account and region. None stands for those of a stack that sets none; a function may stand for either of them."""


def is_of_everywhere(value: Json) -> bool:
    """Return whether `value` means the same in another template that is deployed to the same account and region."""
    return all(map(_is_of_everywhere, unknown_functions(value)))


def _is_of_everywhere(function: Mapping[str, Json]) -> bool:
    [(kind, argument)] = function.items()
    name = name_of(function)
    return name in _EVERYWHERE or name.startswith(STORED) or (kind in PLAIN and is_of_everywhere(argument))


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A value of a template that other templates may take by its name.

    :param scope: the template.
    :param path: where the value stands in the template.
    :param name: the name that other templates use.
    :param where: the account and region in which the value has that name.
    """

    scope: Scope
    path: tuple[str, ...]
    name: Json
    where: Where

    @property
    def value(self) -> Json:
        """The value, as it is written."""
        return at(self.scope.elements, *self.path)

    def conditions(self) -> Iterator[tuple[Scope, Json]]:
        """Yield the conditions that the value depends on: its own, and those of the stacks around it."""
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
        """Return whether the value exists; None if only the deploy knows."""
        truths = [reader(scope).is_so(condition) for scope, condition in self.conditions()]
        return False if False in truths else None if None in truths else True


def here(scope: Scope) -> Where:
    """Return where a template is deployed."""
    return scope.environment.account, scope.environment.region


def _made(scope: Scope) -> Iterator[Source]:
    """Yield one source, under any name, for all outputs that a macro or a loop may make."""
    if is_made(at(scope.elements, "Outputs")):
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

    This is how the CDK takes values to another region: a custom resource writes them there, each under a name, and a
    custom resource of the other stack has the names as its attributes.
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
    """Return which kind of sources a function looks up, which name, and where; None if it looks nothing up."""
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
    """Return name and place of a Systems Manager parameter; `text` is its ARN, or its name, perhaps with a version.

    "{{resolve:ssm:parameter-name:version}}"
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html
    """
    arn = Arn.parse(text)
    if arn is None:
        return text.partition(":")[0], where
    # If the name begins with a slash, that is the one after `parameter` in the ARN.
    name = arn.resource.removeprefix("parameter/").partition(":")[0]
    return concatenated([{"Ref": "/"}, name]), (arn.account, arn.region)


def sources(function: Json, resolver: "Resolver") -> list[Source]:
    """Return all sources in the app that a resolved function may take its value from, whatever parameters are given."""
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
    """Return all sources of one kind in the app, by name."""
    app = resolver.scope.app or [resolver.scope]
    # The app's templates are read one by one: the index is made anew when there are more.
    kept, key = app[0].kept, (kind, len(app))
    if key not in kept:
        # A look-up while the index is made is for a name that depends on another name. It finds nothing.
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
    """Return the source that a resolved function takes its value from, or None if there is none, or it is unclear."""
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
    """Return whether `found` is the only one with its name: it surely exists, and in one place names are unique."""
    is_one_place = all(isinstance(each, str) for each in found.where) or all(each.where == found.where for each in left)
    return is_one_place and found.is_there(evaluation.of) is True


def _is_same(one: Json, other: Json) -> bool:
    return compact(one) == compact(other) and is_of_everywhere(one)


def _named(found: list[Source], evaluation: "Evaluation") -> Iterator[tuple[Source, Mapping[str, str]]]:
    """Yield each source with its name in a reading, and the parameter defaults that the name depends on."""
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

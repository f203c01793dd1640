"""The deployed stacks of an assembly, read back as an assembly, to compare them with the one that is to be deployed."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from ses_sending_policy.analysis.reading.declared import KnownEnvironment
from ses_sending_policy.analysis.reading.files import UnreadableError
from ses_sending_policy.analysis.reading.intrinsics import text_of
from ses_sending_policy.analysis.reading.parameters import default_of, is_by_path
from ses_sending_policy.analysis.reading.scope import Scope, at
from ses_sending_policy.analysis.reading.template import Template
from ses_sending_policy.analysis.reading.template_policies import resources
from ses_sending_policy.review.assembly import Reviewed, reviewed
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.calls import Calls
from ses_sending_policy.review.live.declared_policies import DeclaredPolicy
from ses_sending_policy.review.live.stacks import DeployedStack, written_stack
from ses_sending_policy.rules.document import Json

StackKey = tuple[str, str]
"""A deployed stack: its name and an empty text. A nested stack: the name of its outermost stack, and the logical ids
that lead from there to it, for instance `Campaign/Inner`."""

_SETTLED: Final = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE")


@dataclass(frozen=True, slots=True)
class DeployedAssembly:
    """The deployed stacks.

    :param stacks: each stack, and the stacks nested in it.
    """

    stacks: Mapping[StackKey, DeployedStack]

    @classmethod
    def of(cls, calls: Calls, names: Iterable[str]) -> "DeployedAssembly":
        """Return the deployed stacks among `names`, with nested ones; raise `ReviewError` if one cannot be read."""
        found: dict[StackKey, DeployedStack] = {}
        left = [((name, ""), name) for name in names]
        while left:
            (name, within), asked = left.pop(0)
            stack = written_stack(calls, asked)
            if stack:
                found[name, within] = stack
                left += [((name, f"{within}/{each}".lstrip("/")), arn) for each, arn in stack.nested()]
        return cls(found)

    @property
    def unsettled(self) -> Iterator[str]:
        """A sentence for each stack whose status allows no prediction of a deploy, for instance during an update."""
        for (name, within), stack in self.stacks.items():
            if not within and stack.status and not stack.status.startswith(_SETTLED):
                yield f"stack {name!r} is in {stack.status}: wait until it has ended, or repair it, and plan again"

    def declarations(self) -> Iterator[tuple[StackKey, DeclaredPolicy]]:
        """Yield the policies that the stacks declare, as deployed; raise `ReviewError` if a template cannot be read."""
        for key, stack in self.stacks.items():
            try:
                yield from ((key, each) for each in stack.read()[0])
            except UnreadableError as fault:
                raise ReviewError([str(fault)]) from fault

    def given(self, templates: Mapping[str, Mapping[str, Json]]) -> dict[str, dict[str, Json]]:
        """Return the values that `cdk deploy` gives to template parameters: the deployed stack's, else the default.

        "Use previous values for existing parameters" is what it does by default, says `cdk deploy --help`.

        :param templates: the templates to deploy, by the name of their stack.
        """
        return {name: dict(self._given(name, elements)) for name, elements in templates.items()}

    def keeps(self, name: str, parameter: str) -> bool:
        """Return whether the deployed stack already has this parameter: the deploy then keeps the parameter's value."""
        stack = self.stacks.get((name, ""))
        return stack is not None and at(stack.template, "Parameters", parameter) is not None

    def _given(self, name: str, elements: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
        for parameter, definition in Scope(elements).section("Parameters"):
            is_kept = self.keeps(name, parameter)
            # The value of a secret parameter is not known, but the deploy keeps it, whatever the new default is.
            secret = {"Ref": f"{parameter} as it is"}
            kept = self.stacks[name, ""].parameters.get(parameter, secret) if is_kept else default_of(definition)
            if kept is not None and not is_by_path(definition):
                yield parameter, kept

    def reviewed(self, new: Reviewed) -> Reviewed:
        """Return the deployed policies as `diff` would read them from an assembly, with the stack labels of `new`."""
        given = self.given({name: stack.template for (name, within), stack in self.stacks.items() if not within})
        with TemporaryDirectory(prefix="sending-policy-") as folder:
            self._write(Path(folder), {each.home.name: each for each in new.templates if not each.home.within})
            return reviewed([Path(folder)], given=given)

    def _write(self, folder: Path, new: Mapping[str, Template]) -> None:
        artifacts: dict[str, Json] = {}
        for number, ((name, within), stack) in enumerate(self.stacks.items()):
            if within:
                continue
            file = f"{number}.template.json"
            metadata = dict(_metadata(stack, file))
            assets: dict[str, Json] = {}
            for asset, nested in self._nested(name):
                path = f"{number}.nested{len(assets)}.json"
                assets[asset] = {"source": {"path": path}}
                _write(folder / path, nested.template)
                metadata |= _metadata(nested, path)
            _write(folder / file, stack.template)
            _write(folder / f"{number}.assets.json", {"files": assets})
            # As a manifest has them: a part that is None stays unknown.
            place = new[name].environment
            artifacts[f"{number}"] = {
                "type": "aws:cloudformation:stack",
                "environment": f"aws://{place.account or 'unknown-account'}/{place.region or 'unknown-region'}",
                "displayName": new[name].home.label,
                "properties": {"templateFile": file, "stackName": name},
                "metadata": metadata,
            }
        _write(folder / "manifest.json", {"artifacts": artifacts})

    def _nested(self, name: str) -> Iterator[tuple[str, DeployedStack]]:
        """Yield the stacks nested in the stack `name`, each with the name of the asset that is its template."""
        for (root, within), stack in self.stacks.items():
            if root == name and within:
                outer, _, logical_id = within.rpartition("/")
                around = self.stacks[name, outer].template
                url = at(around, "Resources", logical_id, "Properties", "TemplateURL")
                text = text_of(Template("", name, KnownEnvironment(), around, name).resolved(url))
                yield text.rpartition("/")[2].removesuffix(".json"), stack


def _write(path: Path, content: Json) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")


def _metadata(stack: DeployedStack, file: str) -> Iterator[tuple[str, Json]]:
    """Yield the metadata that an assembly would have, for each construct whose path is in the stack's template."""
    for logical_id, resource in resources(stack.template):
        path = at(resource, "Metadata", "aws:cdk:path")
        if isinstance(path, str):
            kinds = {"aws:cdk:logicalId": logical_id, "aws:cdk:templateFile": file}
            yield f"/{path}", [{"type": kind, "data": data} for kind, data in kinds.items()]

"""What an assembly says of the constructs that its resources come from: their paths, their lines, what was accepted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ses_sending_policy.rules.document import Json
from ses_sending_policy.rules.reading.declared import Declared
from ses_sending_policy.rules.reading.files import at

_LOGICAL_ID: Final = "aws:cdk:logicalId"
_TEMPLATE: Final = "aws:cdk:templateFile"
_TRACE: Final = "aws:cdk:creationStack"
_ACKNOWLEDGED: Final = "aws:cdk:acknowledged-rules"

# What stands before the id of a rule in an acknowledgement.
_PLUGIN: Final = "ses-sending-policy"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Somebody accepted what a rule finds.

    :param reason: why.
    :param at: the path of the construct that it was said on, and holds for with all that is in there.
    """

    reason: str
    at: str


@dataclass(slots=True)
class Constructs:
    """The constructs of an assembly. Without one there are none, and nobody knows anything about a resource."""

    _paths: dict[tuple[str, str], str] = field(default_factory=dict)
    _traces: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _said: dict[tuple[str, str], Acknowledgement] = field(default_factory=dict)
    _reported: dict[tuple[str, str], Acknowledgement] = field(default_factory=dict)

    def path(self, policy: Declared) -> str:
        """Return the path of the construct that a policy's resource is, or nothing where that is not known."""
        return self._paths.get((policy.template, policy.logical_id), "")

    def trace(self, policy: Declared) -> tuple[str, ...]:
        """Return the calls that made the construct, innermost first, or nothing where they were not kept."""
        return self._traces.get(self.path(policy), ())

    def acknowledgement(self, policy: Declared, rule: str) -> Acknowledgement | None:
        """Return who accepts what a rule finds in a policy, or None where nobody does."""
        path = self.path(policy)
        said = (self._said[scope, rule] for scope in _scopes(path) if (scope, rule) in self._said)
        return next(said, self._reported.get((path, rule)))

    def add_metadata(self, metadata: Json, folder: Path, template: str) -> None:
        """Take in what is told of one stack's constructs.

        :param metadata: entries by path, as the CDK writes them.
        :param folder: that the templates' files are in.
        :param template: the file of the stack's own template.
        """
        entries = list(_entries(metadata))
        # The constructs of a nested stack are told of together with its parent's, and ids repeat.
        files = {path: data for path, kind, data in entries if kind == _TEMPLATE and isinstance(data, str)}
        for path, kind, data in entries:
            if kind == _LOGICAL_ID and isinstance(data, str):
                file = next((files[scope] for scope in _scopes(path) if scope in files), template)
                self._paths[str(folder / file), data] = path
            elif kind == _TRACE and isinstance(data, list):
                self._traces[path] = tuple(map(str, data))
            elif kind == _ACKNOWLEDGED and isinstance(data, Mapping):
                for rule, reason in data.items():
                    plugin, _, rule_id = rule.partition("::")
                    if plugin == _PLUGIN:
                        self._said[path, rule_id] = Acknowledgement(str(reason), path)

    def add_report(self, report: Json) -> None:
        """Take in what the synth found accepted: only here stands what was said on a whole stage, or on the app."""
        for plugin in _list(report, "pluginReports"):
            if at(plugin, "pluginName") != _PLUGIN:
                continue
            for found in _list(plugin, "suppressedViolations"):
                acknowledgement = Acknowledgement(
                    str(at(found, "reason") or ""), str(at(found, "acknowledgedAt") or "")
                )
                for construct in _list(found, "violatingConstructs"):
                    place = (str(at(construct, "constructPath")), str(at(found, "ruleName")))
                    self._reported[place] = acknowledgement


def _entries(metadata: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield the path of a construct, the kind of an entry and its data, for each entry."""
    for path, entries in metadata.items() if isinstance(metadata, Mapping) else ():
        for entry in entries if isinstance(entries, list) else ():
            yield path.removeprefix("/"), str(at(entry, "type")), at(entry, "data")


def _scopes(path: str) -> Iterator[str]:
    """Yield a construct's path and those of what it is in, from within."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def _list(value: Json, name: str) -> list[Json]:
    found = at(value, name)
    return found if isinstance(found, list) else []

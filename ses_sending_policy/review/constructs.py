"""What an assembly says of the constructs that its resources come from: their paths, their lines, what was accepted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ses_sending_policy.analysis.findings.catalogue import PLUGIN
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.scope import at
from ses_sending_policy.analysis.reading.unread import UnreadPart
from ses_sending_policy.rules.document import Json

_LOGICAL_ID: Final = "aws:cdk:logicalId"
_TEMPLATE: Final = "aws:cdk:templateFile"
_TRACE: Final = "aws:cdk:creationStack"
_ACKNOWLEDGED: Final = "aws:cdk:acknowledged-rules"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Somebody accepted what a rule finds.

    :param reason: why.
    :param at: the path of the construct that it was said on, and holds for with all that is in there.
    """

    reason: str
    at: str


class Constructs:
    """The constructs of assemblies. A template alone has none, and nobody knows where its resources come from."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], tuple[Path, str]] = {}
        self._stacks: dict[str, tuple[Path, str]] = {}
        self._traces: dict[tuple[Path, str], tuple[str, ...]] = {}
        self._said: dict[tuple[Path, str, str], Acknowledgement] = {}
        self._reported: dict[tuple[Path, str, str], Acknowledgement] = {}

    def path(self, policy: Declared | UnreadPart) -> str:
        """Return the path of the construct that a resource is, or nothing where that is not known."""
        return self._place(policy)[1]

    def trace(self, policy: Declared | UnreadPart) -> tuple[str, ...]:
        """Return the calls that made the construct, innermost first, or nothing where they were not kept."""
        return self._traces.get(self._place(policy), ())

    def acknowledgement(self, policy: Declared | UnreadPart, rule: str) -> Acknowledgement | None:
        """Return who accepts what a rule finds in a resource, or None where nobody does.

        What no construct is known of is accepted on the stack that it is in, or around that.
        """
        app, path = self._place(policy)
        if not path:
            app, path = self._stacks.get(policy.template, (app, path))
        said = (self._said[app, scope, rule] for scope in _scopes(path) if (app, scope, rule) in self._said)
        return next(said, self._reported.get((app, path, rule)))

    def _place(self, policy: Declared | UnreadPart) -> tuple[Path, str]:
        return self._places.get((policy.template, policy.logical_id), (Path(), ""))

    def add_metadata(self, metadata: Json, app: Path, folder: Path, template: str) -> None:
        """Take in what is told of one stack's constructs.

        :param metadata: entries by path, as the CDK writes them.
        :param app: the folder of the whole assembly: two apps may have constructs of the same path.
        :param folder: that the templates' files are in.
        :param template: the file of the stack's own template.
        """
        entries = list(_entries(metadata))
        # The constructs of a nested stack are told of together with its parent's, and ids repeat.
        files = {path: data for path, kind, data in entries if kind == _TEMPLATE and isinstance(data, str)}
        self._stacks.update({str(folder / file): (app, path) for path, file in files.items()})
        for path, kind, data in entries:
            if kind == _LOGICAL_ID and isinstance(data, str):
                file = next((files[scope] for scope in _scopes(path) if scope in files), template)
                self._places[str(folder / file), data] = (app, path)
            elif kind == _TRACE and isinstance(data, list):
                self._traces[app, path] = tuple(map(str, data))
            elif kind == _ACKNOWLEDGED and isinstance(data, Mapping):
                for rule, reason in data.items():
                    plugin, _, rule_id = rule.partition("::")
                    if plugin == PLUGIN:
                        self._said[app, path, rule_id] = Acknowledgement(str(reason), path)

    def add_report(self, report: Json, app: Path) -> None:
        """Take in what the synth found accepted: only here stands what was said on a whole stage, or on the app.

        :param report: what the CDK writes of its validation.
        :param app: as in `add_metadata`.
        """
        for plugin in _list(report, "pluginReports"):
            if at(plugin, "pluginName") != PLUGIN:
                continue
            for found in _list(plugin, "suppressedViolations"):
                acknowledgement = Acknowledgement(
                    str(at(found, "reason") or ""), str(at(found, "acknowledgedAt") or "")
                )
                for construct in _list(found, "violatingConstructs"):
                    place = (app, str(at(construct, "constructPath")), str(at(found, "ruleName")))
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

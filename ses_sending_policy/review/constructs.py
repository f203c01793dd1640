"""The constructs that the resources of an assembly come from: their paths, source lines and acknowledgements."""

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
    """The app's acknowledgement of a finding.

    :param reason: the reason that the app gives.
    :param at: the path of the construct that acknowledges the finding, for itself and all constructs in it.
    """

    reason: str
    at: str


class Constructs:
    """The constructs of assemblies: their paths, source lines and acknowledgements. A template alone has none."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], tuple[Path, str]] = {}
        self._stacks: dict[str, tuple[Path, str]] = {}
        self._traces: dict[tuple[Path, str], tuple[str, ...]] = {}
        self._said: dict[tuple[Path, str, str], Acknowledgement] = {}
        self._reported: dict[tuple[Path, str, str], Acknowledgement] = {}

    def path(self, policy: Declared | UnreadPart) -> str:
        """Return the path of the construct of a resource, or empty if it is not known."""
        return self._place(policy)[1]

    def trace(self, policy: Declared | UnreadPart) -> tuple[str, ...]:
        """Return the stack trace of a resource's construct, innermost call first; empty if the synth recorded none."""
        return self._traces.get(self._place(policy), ())

    def acknowledgement(self, policy: Declared | UnreadPart, rule: str) -> Acknowledgement | None:
        """Return the acknowledgement of a rule's finding in a resource, or None.

        If the resource's construct is not known, an acknowledgement on its stack, or on a construct around the stack,
        counts.
        """
        app, path = self._place(policy)
        if not path:
            app, path = self._stacks.get(policy.template, (app, path))
        said = (self._said[app, scope, rule] for scope in _scopes(path) if (app, scope, rule) in self._said)
        return next(said, self._reported.get((app, path, rule)))

    def _place(self, policy: Declared | UnreadPart) -> tuple[Path, str]:
        return self._places.get((policy.template, policy.logical_id), (Path(), ""))

    def add_metadata(self, metadata: Json, app: Path, folder: Path, template: str) -> None:
        """Add the metadata of one stack's constructs.

        :param metadata: entries by path, as the CDK writes them.
        :param app: the folder of the whole assembly: two apps may have constructs of the same path.
        :param folder: the folder of the template files.
        :param template: the file of the stack's own template.
        """
        entries = list(_entries(metadata))
        # A logical id does not suffice: the metadata also has the constructs of nested stacks, which may use it too.
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
        """Add the acknowledgements of a validation report: only it has those made on a stage or on the app.

        :param report: the validation report that the CDK writes.
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
    """Yield the path of the construct, the type and the data of each metadata entry."""
    for path, entries in metadata.items() if isinstance(metadata, Mapping) else ():
        for entry in entries if isinstance(entries, list) else ():
            yield path.removeprefix("/"), str(at(entry, "type")), at(entry, "data")


def _scopes(path: str) -> Iterator[str]:
    """Yield the path of a construct, then those of the constructs around it, innermost first."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def _list(value: Json, name: str) -> list[Json]:
    found = at(value, name)
    return found if isinstance(found, list) else []

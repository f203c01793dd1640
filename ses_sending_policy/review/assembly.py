"""Reads what is reviewed: cloud assemblies with all their stages, and template files."""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR
from typing import Final

from ses_sending_policy.analysis.reading.calls import called_policies
from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from ses_sending_policy.analysis.reading.files import Files, UnreadableError, is_there, on_disk
from ses_sending_policy.analysis.reading.foreign import foreign_policies
from ses_sending_policy.analysis.reading.intrinsics import text_of
from ses_sending_policy.analysis.reading.scope import Scope, at
from ses_sending_policy.analysis.reading.strict import OddJsonError, brief
from ses_sending_policy.analysis.reading.template import Template
from ses_sending_policy.analysis.reading.template_policies import resources
from ses_sending_policy.analysis.reading.unread import UnreadPart, unread_parts
from ses_sending_policy.review.artifacts import check_other, environment_of, file_of
from ses_sending_policy.review.constructs import Constructs
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.unread import Unread, never_looked_up
from ses_sending_policy.rules.document import Json
from ses_sending_policy.rules.wire import RESOURCE_TYPE, WIRE

_MANIFEST: Final = "manifest.json"
_REPORT: Final = "validation-report.json"
_YAML: Final = (".yaml", ".yml")
# How deep stages may be nested. Apps have one or two levels.
_MOST_LEVELS: Final = 64
_NOWHERE: Final = KnownEnvironment()

Given = Mapping[str, Mapping[str, Json]]
"""The values of template parameters, by the names of the stack and the parameter."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The declared policies of some assemblies and templates.

    :param policies: the declared policies, sorted as reports list them. A template parameter without a value is
        assumed to have its default, although the deploy may give it another value.
    :param constructs: the constructs that the policies come from, as far as the assembly tells.
    :param unread: the parts of templates that may contain a policy too and could not be read. Default: - none.
    :param templates: the templates that the policies were read from. Default: - not known.
    :param unassuming: the same policies, but with parameters without a value left unknown. So what holds for them holds
        for every value of the parameters. Default: - the same as `policies`.
    :param unproven: the unread parts if parameters without a value are left unknown. Default: - none.
    """

    policies: Sequence[Declared]
    constructs: Constructs
    unread: tuple[Unread, ...] = ()
    templates: Sequence[Template] = ()
    unassuming: Sequence[Declared] | None = None
    unproven: tuple[Unread, ...] = ()

    @property
    def proven(self) -> Sequence[Declared]:
        """The declared policies, with template parameters left unknown instead of assumed to have their defaults."""
        return self.policies if self.unassuming is None else self.unassuming


def reviewed(paths: Iterable[Path], accepted: Collection[str] = (), given: Given | None = None) -> Reviewed:
    """Return what cloud assemblies and template files declare, or raise `ReviewError` if one could not be read.

    A template without a policy is no error. A template that is named in addition to its assembly is read only once.

    :param accepted: the unread parts that the user accepts, each as `STACK/ID`. Default: - none.
    :param given: the values of template parameters. Default: - not known.
    """
    paths = list(paths)
    reading = _Reading(given or {})
    # Assemblies first: they tell more about their templates (account, region, constructs) than the files do.
    for path in sorted(paths, key=lambda path: not _is_folder(path)):
        reading.add(path)
    policies, proven = (sorted(each, key=_order) for each in reading.policies())
    if reading.faults:
        raise ReviewError(dict.fromkeys(reading.faults))
    unread, unproven = (
        tuple(Unread.of(part, reading.constructs, accepted) for part in dict.fromkeys(sorted(parts, key=_owner)))
        for parts in (reading.unread, reading.unproven)
    )
    # If no policy depends on a parameter's default, both lists of policies are the same.
    unassuming = proven if any(each.defaults for each in policies) else None
    return Reviewed(policies, reading.constructs, unread, reading.templates(), unassuming, unproven)


def _is_folder(path: Path) -> bool:
    try:
        return S_ISDIR(path.stat().st_mode)
    except OSError:
        # Treated as a file: reading it reports the error.
        return False


def _order(policy: Declared) -> tuple[str, ...]:
    environment = policy.environment
    place = (environment.account or "", environment.region or "", policy.root, policy.stack)
    return (policy.identity_text, *place, text_of(policy.policy_name), policy.logical_id, policy.condition, policy.call)


def _owner(part: UnreadPart) -> str:
    return part.owner


class _Reading:
    """Reads all given paths. Collects errors and goes on, so that one run reports all of them."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self.constructs = Constructs()
        self.faults: list[str] = []
        self.unread: list[UnreadPart] = []
        self.unproven: list[UnreadPart] = []
        self._missing: list[UnreadPart] = []
        self._folders: set[Path] = set()
        self._wholes: dict[Path, list[Template]] = {}

    def add(self, path: Path) -> None:
        """Read the assembly or the template at `path`."""
        with self._noting_faults():
            if _is_folder(path):
                self._add_assembly(path)
            elif not is_there(path):
                raise UnreadableError(
                    f"{str(path)!r} does not exist: write an assembly with `npx cdk synth`, or name a template's file"
                )
            elif path.suffix.lower() in _YAML:
                raise UnreadableError(
                    f"{str(path)!r} is YAML, and templates are read as JSON: get it with `npx cdk synth --json`"
                )
            elif path.name == _MANIFEST:
                # If a manifest were read as a template, it would declare no policy and so pass every check.
                folder = str(path.parent)
                raise UnreadableError(
                    f"{str(path)!r} is the manifest of an assembly, and not a template: name its folder {folder!r}"
                )
            else:
                # What reports call the stack of a template file: the file's path without its suffix.
                label = path.with_name(path.name.removesuffix(".json").removesuffix(".template"))
                self._add_template(path, str(label))

    def policies(self) -> tuple[list[Declared], list[Declared]]:
        """Return the declared policies twice: with the defaults of parameters, and with these parameters unknown.

        Also collects the parts that could not be read, in `unread` and `unproven`.
        """
        templates = self.templates()
        app: list[Scope] = [each.scope for each in templates]
        for template in templates:
            template.scope.app = app
        found: list[Declared] = []
        proven: list[Declared] = []
        for template in templates:
            with self._noting_faults():
                given = list(_policies(template, takes_defaults=True))
                found += given
                is_the_same = not any(each.defaults for each in given)
                unassuming = given if is_the_same else list(_policies(template, takes_defaults=False))
                proven += unassuming
                self.unread += _unread(template, given, takes_defaults=True)
                self.unproven += _unread(template, unassuming, takes_defaults=False)
        # Context lookups without a value matter only if there is a policy that may contain such a value.
        if found or self.unread:
            self.unread += self._missing
            self.unproven += self._missing
        return found, proven

    def templates(self) -> list[Template]:
        """Return each template that was read once, also that of a nested stack that was named as a file too."""
        nested = {Path(os.path.realpath(on_disk(each.path))) for whole in self._wholes.values() for each in whole[1:]}
        return [each for top, whole in self._wholes.items() if top not in nested for each in whole]

    def _add_assembly(self, app: Path) -> None:
        files = Files(app)
        folders = [app]
        for _ in range(_MOST_LEVELS):
            stages: list[Path] = []
            for folder in folders:
                with self._noting_faults():
                    stages += self._add_folder(app, folder, files)
            folders = stages
        if folders:
            self.faults.append(
                f"{str(folders[0])!r} is in more than {_MOST_LEVELS} stages: is {str(app)!r} an assembly at all?"
            )

    def _add_folder(self, app: Path, folder: Path, files: Files) -> Iterator[Path]:
        """Read one folder of an assembly, and yield the folders of its stages."""
        # The folder was read already if the user names a stage on the command line in addition to its app.
        if files.inside(folder) in self._folders:
            return
        self._folders.add(files.inside(folder))
        manifest = folder / _MANIFEST
        if not files.has(manifest):
            raise UnreadableError(
                f"{str(folder)!r} is not a cloud assembly, it has no {_MANIFEST}: write one with `npx cdk synth`"
            )
        artifacts = files.entry(manifest, "artifacts")
        if not isinstance(artifacts, Mapping):
            raise UnreadableError(f"{str(manifest)!r} has no artifacts: write it anew with `npx cdk synth`")
        with self._noting_faults():
            if files.has(folder / _REPORT):
                self.constructs.add_report(files.whole(folder / _REPORT), app)
        self._missing += never_looked_up(manifest, files.entry(manifest, "missing"))
        for name, artifact in artifacts.items():
            with self._noting_faults():
                match at(artifact, "type"):
                    case "aws:cloudformation:stack":
                        self._add_stack(app, folder, files, (name, artifact))
                    case "cdk:cloud-assembly":
                        yield folder / file_of(manifest, artifact, "directoryName")
                    case _:
                        check_other(manifest, name, artifact)

    def _add_stack(self, app: Path, folder: Path, files: Files, named: tuple[str, Json]) -> None:
        artifact_name, artifact = named
        file = file_of(folder / _MANIFEST, artifact, "templateFile")
        label, stack_name = at(artifact, "displayName"), at(artifact, "properties", "stackName")
        self._add_template(
            folder / file,
            str(label or artifact_name),
            environment_of(artifact),
            str(stack_name or artifact_name),
            files,
        )
        more = at(artifact, "additionalMetadataFile")
        metadata = files.whole(folder / more) if isinstance(more, str) else at(artifact, "metadata")
        self.constructs.add_metadata(metadata, app, folder, file)

    def _add_template(
        self,
        path: Path,
        stack: str,
        environment: KnownEnvironment = _NOWHERE,
        stack_name: str = "",
        files: Files | None = None,
    ) -> None:
        around = files or Files.beside(path)
        key = around.inside(path)
        if key not in self._wholes:
            given = self._given.get(stack_name)
            top = Template.read(str(path), stack, environment, stack_name, given, files=around)
            with _one_reading(str(path)):
                self._wholes[key] = list(top.whole(self.faults))

    @contextmanager
    def _noting_faults(self) -> Iterator[None]:
        try:
            yield
        except UnreadableError as fault:
            self.faults.append(str(fault))
        except OSError as fault:
            # The error has no file name if the path is relative and the working directory does not exist any more.
            gone = "the working directory does not exist any more: change to one that does"
            self.faults.append(f"{str(fault.filename)!r} cannot be read: {fault.strerror}" if fault.filename else gone)


def _policies(template: Template, *, takes_defaults: bool) -> Iterator[Declared]:
    for logical_id, resource in resources(template.elements):
        wire = at(resource, "Properties", "Wire")
        if resource.get("Type") == RESOURCE_TYPE and wire is not None and str(wire) != WIRE:
            raise UnreadableError(
                f"{brief(logical_id)} in {template.path!r} has Wire {brief(wire)}, and only {WIRE!r} can be read: "
                "use the release of ses-sending-policy that wrote it"
            )
    with _one_reading(template.path):
        yield from template.policies(takes_defaults=takes_defaults)
        yield from called_policies(template, takes_defaults=takes_defaults)
        yield from foreign_policies(template, takes_defaults=takes_defaults)


def _unread(template: Template, policies: Sequence[Declared], *, takes_defaults: bool) -> list[UnreadPart]:
    with _one_reading(template.path):
        return list(unread_parts(template, policies, takes_defaults=takes_defaults))


@contextmanager
def _one_reading(path: str) -> Iterator[None]:
    """Raise `UnreadableError` for JSON in a text of a template, if parsers cannot read it or differ in how they do."""
    try:
        yield
    except OddJsonError as fault:
        raise UnreadableError(f"a text in {path!r} {fault}") from fault
    except RecursionError:
        raise UnreadableError(f"{path!r} is nested deeper than can be read: is it a template at all?") from None

"""Templates in files, with those of the stacks that are nested in them."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG
from typing import Final

from ses_sending_policy.analysis.reading.declared import Declared, Environment
from ses_sending_policy.analysis.reading.dummies import without_dummies
from ses_sending_policy.analysis.reading.home import Home
from ses_sending_policy.analysis.reading.intrinsics import filled, text_of
from ses_sending_policy.analysis.reading.literal import literally
from ses_sending_policy.analysis.reading.loops import unrolled
from ses_sending_policy.analysis.reading.removal import kept
from ses_sending_policy.analysis.reading.shapes import resource_faults
from ses_sending_policy.analysis.reading.strict import OddJsonError, brief, parsed
from ses_sending_policy.analysis.reading.templates import declared_policies, known_references, resources
from ses_sending_policy.rules.document import Json
from ses_sending_policy.rules.errors import SendingPolicyError

NESTED: Final = "AWS::CloudFormation::Stack"
"""The type of a nested stack."""

# CloudFormation takes templates of 1 MiB. What the CDK writes beside them, traces and all, may have more.
_MOST_BYTES: Final = 64 * 2**20

# How many stacks may be around one. Apps have two or three.
_MOST_LEVELS: Final = 64

# A file may be nested in many stacks, and each with other parameters. What is read again counts, however small it is:
# two links in each of thirty files would else be a billion templates. That is room for more than CloudFormation has:
# "Nested stacks: Maximum number of CloudFormation resources a nested stack can create, update, or delete per
# operation. 2500 resources"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
_MOST_BYTES_AGAIN: Final = 16 * 2**20
_LEAST_BYTES: Final = 2 * 2**10

# "Parameter values: Maximum size of a parameter value. 4,096 bytes", on the same page.
_MOST_CHARACTERS: Final = 4096


class UnreadableError(SendingPolicyError):
    """A file is not what it should be; the text says which, and what to do."""


def on_disk(path: Path | str) -> Path:
    """Return `path`, of which a part may come from a JSON file, as Python names that file in the locale it runs in.

    The CDK writes names as UTF-8. Where the locale is another one, Python has other words for what it finds on a disk.
    """
    return Path(os.fsdecode(str(path).encode("utf-8", "surrogateescape")))


def is_there(path: Path | str) -> bool:
    """Return whether there is anything at `path`, or raise `OSError` where that cannot be told.

    `Path.exists` raises, or says no, as the release of Python has it.
    """
    try:
        on_disk(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def read_json(path: Path | str) -> Json:
    """Return what the file at `path` holds, or raise `UnreadableError` where that is no JSON that can be read."""
    try:
        file = on_disk(path)
        status = file.stat()
        # An assembly of somebody else's may name a pipe or a device, which has no end.
        if not S_ISREG(status.st_mode):
            raise UnreadableError(f"{str(path)!r} is not a file: write it anew with `npx cdk synth`")
        size = status.st_size
        if size > _MOST_BYTES:
            raise UnreadableError(f"{str(path)!r} has {size} bytes, {_MOST_BYTES} are read: is it a template at all?")
        with file.open("rb") as stream:
            # Some files of Linux have no size, and no end either.
            return parsed(stream.read(_MOST_BYTES))
    except FileNotFoundError:
        raise UnreadableError(f"{str(path)!r} does not exist: write it anew with `npx cdk synth`") from None
    except OSError as fault:
        raise UnreadableError(f"{str(path)!r} cannot be read: {fault.strerror}") from fault
    except OddJsonError as fault:
        raise UnreadableError(f"{str(path)!r} {fault}") from fault
    except ValueError as fault:
        raise UnreadableError(f"{str(path)!r} is not JSON: {fault}: write it anew with `npx cdk synth`") from fault


class Files:
    """One look at files that name one another, none of which may lead out of their folder.

    :param folder: that they are in: an assembly, or what is around a template's file.
    :param folders: others that they may be in. Default: - none.
    """

    def __init__(self, folder: Path, *folders: Path) -> None:
        self._folder = folder
        self._roots = [os.path.realpath(on_disk(each)) for each in (folder, *folders)]
        self._inside: dict[str, Path] = {}
        self._read: dict[Path, Json] = {}
        self._again = 0
        self._often = ""

    @classmethod
    def beside(cls, path: Path | str) -> "Files":
        """Return those around a file that somebody named, which may be a link."""
        file = on_disk(path)
        return cls(file.parent, Path(os.path.realpath(file)).parent)

    def inside(self, path: Path | str) -> Path:
        """Return the file or folder at `path` without links, or raise `UnreadableError` where that is outside."""
        if str(path) in self._inside:
            return self._inside[str(path)]
        try:
            real = Path(os.path.realpath(on_disk(path)))
        except ValueError:
            # No file system has a name with half a surrogate pair or a NUL in it.
            raise UnreadableError(f"{str(path)!r} is no name of a file: write it anew with `npx cdk synth`") from None
        if not any(real.is_relative_to(root) for root in self._roots):
            raise UnreadableError(
                f"{str(path)!r} is outside of {str(self._folder)!r}, where nothing is read: "
                "write it anew with `npx cdk synth`"
            )
        self._inside[str(path)] = real
        return real

    def has(self, path: Path | str) -> bool:
        """Return whether there is anything at `path`, or raise `UnreadableError` where that cannot be told."""
        try:
            return is_there(self.inside(path))
        except OSError as fault:
            raise UnreadableError(f"{str(path)!r} cannot be read: {fault.strerror}") from fault

    def entry(self, path: Path | str, *names: str) -> Json:
        """Return what stands under `names` in the file at `path`; raise as `inside` and `read_json` do."""
        real = self.inside(path)
        if real not in self._read:
            self._read[real] = read_json(path)
        return at(self._read[real], *names)

    def whole(self, path: Path | str) -> Json:
        """Return all that is in the file at `path`, for who goes through it; raise where that is done too often."""
        real = self.inside(path)
        if real in self._read:
            self._again += max(real.stat().st_size, _LEAST_BYTES)
        if self._again > _MOST_BYTES_AGAIN:
            # One sentence, however many more there are.
            self._often = self._often or str(path)
            raise UnreadableError(
                f"{self._often!r} is named so often that more than {_MOST_BYTES_AGAIN} bytes would be read again: "
                "split the app, or write it anew with `npx cdk synth`"
            )
        return self.entry(path)


def at(value: Json, *names: str) -> Json:
    """Return what stands under `names`, one in the other, or None where nothing does."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was read from a file.

    :param path: of the file.
    :param stack: what people call the stack: its path in the app, or its name.
    :param environment: where it is deployed, as far as that is known.
    :param elements: the template as parsed JSON.
    :param stack_name: the stack's name, where it is known. Default: - it is not.
    :param parameters: the values of the template's parameters that are known. Default: - none is.
    :param files: those that it may name. Default: - those beside it.
    :param home: the stack that is deployed with it. Default: - none that is known.
    """

    path: str
    stack: str
    environment: Environment
    elements: Mapping[str, Json]
    stack_name: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    files: Files | None = field(default=None, compare=False, repr=False)
    home: Home = field(default_factory=Home)

    @classmethod
    def read(
        cls,
        path: str,
        stack: str,
        environment: Environment,
        stack_name: str = "",
        parameters: Mapping[str, str] | None = None,
        *,
        files: Files | None = None,
        home: Home | None = None,
    ) -> "Template":
        """Return the template in the file at `path`, or raise `UnreadableError` where none is in there."""
        around = files or Files.beside(path)
        elements = without_dummies(around.whole(path))
        if not isinstance(elements, dict):
            raise UnreadableError(f"{path!r} is not a template: it holds no JSON object")
        # The CDK leaves the section out where a stack has no resources.
        if not isinstance(elements.get("Resources", {}), dict):
            raise UnreadableError(f"{path!r} is not a template: its Resources are not a JSON object")
        for fault in resource_faults(elements):
            raise UnreadableError(f"{path!r} is not a template: {fault}")
        home = home or Home(stack, stack_name)
        return cls(path, stack, environment, unrolled(elements), stack_name, parameters or {}, around, home)

    def whole(self, faults: list[str] | None = None) -> Iterator["Template"]:
        """Yield this template and those of the stacks that are nested in it, or raise `UnreadableError`.

        :param faults: takes a sentence for each nested one that cannot be read, and the others are yielded. Default: -
            the first of them is raised.
        """
        files = self.files or Files.beside(self.path)
        left: list[tuple[Template, tuple[Path, ...]]] = [(self, ())]
        while left:
            template, around = left.pop()
            yield template
            inner = (*around, files.inside(template.path))
            nested: list[Template] = []
            for link in template._links():  # noqa: SLF001 - another of this class
                try:
                    nested += template._linked(link, files, inner)  # noqa: SLF001 - the same
                except UnreadableError as fault:
                    if faults is None:
                        raise
                    faults.append(str(fault))
            left += [(each, inner) for each in reversed(nested)]

    def policies(self) -> Iterator[Declared]:
        """Yield the policies that this template declares, without those of nested stacks."""
        return declared_policies(
            self.elements,
            stack=self.stack,
            environment=self.environment,
            path=self.path,
            stack_name=self.stack_name,
            parameters=self.parameters,
            home=self.home,
        )

    def resolved(self, value: Json) -> Json:
        """Return a value of this template with what is known of it filled in."""
        return filled(value, self.known)

    @property
    def known(self) -> Mapping[str, str]:
        """What a `Ref` in it gives, by name, as far as that is known before a deploy."""
        return known_references(self.elements, self.environment, self.parameters)

    def nested_ids(self) -> Iterator[str]:
        """Yield the logical ids of the nested stacks whose templates are at hand, or raise `UnreadableError`."""
        files = self.files or Files.beside(self.path)
        yield from (logical_id for logical_id, url, _ in self._links() if self._asset(files, url))

    def _links(self) -> Iterator[tuple[str, str, Json]]:
        """Yield logical id, address and parameters of each nested stack: to the CDK they are but files."""
        known = self.known
        for logical_id, resource in resources(self.elements):
            properties = resource.get("Properties")
            if resource.get("Type") != NESTED or not isinstance(properties, Mapping):
                continue
            if literally(self.elements, resource.get("Condition")) is not False:
                yield logical_id, text_of(properties.get("TemplateURL")), filled(properties.get("Parameters"), known)

    def _linked(self, link: tuple[str, str, Json], files: Files, around: tuple[Path, ...]) -> Iterator["Template"]:
        """Yield the template of a nested stack, where it is one of this app's."""
        logical_id, url, parameters = link
        file = self._asset(files, url)
        if file is None:
            return
        path = str(Path(self.path).parent / file)
        if files.inside(path) in around:
            raise UnreadableError(f"{path!r} is nested in itself: write it anew with `npx cdk synth`")
        if len(around) > _MOST_LEVELS:
            raise UnreadableError(f"{path!r} is nested in more than {_MOST_LEVELS} stacks: is it a template at all?")
        given, home = self._given(logical_id, parameters), self._home_of(logical_id)
        yield Template.read(
            path, f"{self.stack}/{logical_id}", self.environment, parameters=given, files=files, home=home
        )

    def _home_of(self, logical_id: str) -> Home:
        """Return that of a nested stack; a condition that is always true counts for nothing."""
        resource = at(self.elements, "Resources", logical_id)
        condition = resource.get("Condition", "")
        name = "" if literally(self.elements, condition) else text_of(condition)
        return self.home.nested(logical_id, kept(resource, "DeletionPolicy"), name)

    def _given(self, logical_id: str, parameters: Json) -> dict[str, str]:
        """Return the known values of a nested stack's parameters; each may be twice as long as that of its parent."""
        texts = parameters.items() if isinstance(parameters, Mapping) else ()
        known = {name: value for name, value in texts if isinstance(value, str)}
        for name, value in known.items():
            if len(value) > _MOST_CHARACTERS:
                raise UnreadableError(
                    f"{brief(logical_id)} in {self.path!r} is given {len(value)} characters as its parameter "
                    f"{brief(name)}, and CloudFormation takes {_MOST_CHARACTERS}: is it a template at all?"
                )
        return known

    def _asset(self, files: Files, url: str) -> str | None:
        """Return the file that the asset at `url` is made of, or None where it is none of this app's."""
        manifest = self.path.removesuffix(".template.json") + ".assets.json"
        if not files.has(manifest):
            return None
        name = url.rpartition("/")[2].removesuffix(".json")
        file = files.entry(manifest, "files", name, "source", "path")
        return file if isinstance(file, str) else None

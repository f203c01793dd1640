"""Templates in files, with those of the stacks that are nested in them."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG
from typing import Final

from ses_sending_policy.analysis.reading.calls import called_policies
from ses_sending_policy.analysis.reading.declared import Declared, Environment
from ses_sending_policy.analysis.reading.intrinsics import text_of
from ses_sending_policy.analysis.reading.scope import Scope, at
from ses_sending_policy.analysis.reading.templates import policies_of, resources
from ses_sending_policy.rules.document import Json
from ses_sending_policy.rules.errors import SendingPolicyError

# CloudFormation takes templates of 1 MiB. What the CDK writes beside them, traces and all, may have more.
_MOST_BYTES: Final = 64 * 2**20


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
        return json.loads(file.read_bytes())
    except FileNotFoundError:
        raise UnreadableError(f"{str(path)!r} does not exist: write it anew with `npx cdk synth`") from None
    except OSError as fault:
        raise UnreadableError(f"{str(path)!r} cannot be read: {fault.strerror}") from fault
    except RecursionError:
        raise UnreadableError(f"{str(path)!r} is nested deeper than can be read: is it a template at all?") from None
    except ValueError as fault:
        raise UnreadableError(f"{str(path)!r} is not JSON: {fault}: write it anew with `npx cdk synth`") from fault


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was read from a file.

    :param path: of the file.
    :param stack: what people call the stack: its path in the app, or its name.
    :param environment: where it is deployed, as far as that is known.
    :param elements: the template as parsed JSON.
    :param stack_name: the stack's name, where it is known. Default: - it is not.
    :param parameters: what references in it give, by what stands between the brackets of `${...}`, as far as a deploy
        told. Default: - nothing is.
    """

    path: str
    stack: str
    environment: Environment
    elements: Mapping[str, Json]
    stack_name: str = ""
    parameters: Mapping[str, Json] = field(default_factory=dict)
    scope: Scope = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        found = Scope(self.elements, self.stack, self.environment, self.stack_name, self.parameters)
        object.__setattr__(self, "scope", found)

    @classmethod
    def read(
        cls,
        path: str,
        stack: str,
        environment: Environment,
        stack_name: str = "",
        parameters: Mapping[str, Json] | None = None,
    ) -> "Template":
        """Return the template in the file at `path`, or raise `UnreadableError` where none is in there."""
        elements = read_json(path)
        if not isinstance(elements, dict):
            raise UnreadableError(f"{path!r} is not a template: it holds no JSON object")
        # The CDK leaves the section out where a stack has no resources.
        if not isinstance(elements.get("Resources", {}), dict):
            raise UnreadableError(f"{path!r} is not a template: its Resources are not a JSON object")
        return cls(path, stack, environment, elements, stack_name, parameters or {})

    def whole(self) -> Iterator["Template"]:
        """Yield this template and those of the stacks that are nested in it, or raise `UnreadableError`."""
        yield from self._whole(())

    def _whole(self, around: tuple[str, ...]) -> Iterator["Template"]:
        if self.path in around:
            raise UnreadableError(f"{self.path!r} is nested in itself: write it anew with `npx cdk synth`")
        yield self
        for nested in self._nested():
            yield from nested._whole((*around, self.path))  # noqa: SLF001 - another of this class

    def policies(self, *, takes_defaults: bool) -> Iterator[Declared]:
        """Yield the policies that this template declares, without those of nested stacks.

        :param takes_defaults: whether a parameter that nobody gives a value has its default. Else it is unknown.
        """
        yield from policies_of(self.scope, self.path, takes_defaults=takes_defaults)

    def called(self, *, takes_defaults: bool) -> Iterator[Declared]:
        """Yield the policies that this template has written by calls; see `policies`."""
        yield from called_policies(self.scope, self.path, takes_defaults=takes_defaults)

    def _nested(self) -> Iterator["Template"]:
        """Yield the templates of nested stacks: to the CDK they are but files that the parent's template links to."""
        for logical_id, resource in resources(self.elements):
            properties = resource.get("Properties")
            if resource.get("Type") != "AWS::CloudFormation::Stack" or not isinstance(properties, Mapping):
                continue
            file = self._asset(text_of(properties.get("TemplateURL")))
            if file:
                path = str(Path(self.path).parent / file)
                nested = Template.read(path, f"{self.stack}/{logical_id}", self.environment)
                nested.scope.parent = (self.scope, logical_id)
                nested.scope.app = self.scope.app
                self.scope.children[logical_id] = nested.scope
                yield nested

    def _asset(self, url: str) -> str | None:
        """Return the file that the asset at `url` is made of, or None where it is none of this app's."""
        manifest = self.path.removesuffix(".template.json") + ".assets.json"
        if not is_there(manifest):
            return None
        file = at(read_json(manifest), "files", url.rpartition("/")[2].removesuffix(".json"), "source", "path")
        return file if isinstance(file, str) else None

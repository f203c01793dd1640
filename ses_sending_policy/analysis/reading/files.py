"""Read JSON files that name one another, without leaving their folder and without reading forever."""

import os
from pathlib import Path
from stat import S_ISREG
from typing import Final

from ses_sending_policy.analysis.reading.scope import at
from ses_sending_policy.analysis.reading.strict import OddJsonError, parsed
from ses_sending_policy.rules.document import Json
from ses_sending_policy.rules.errors import SendingPolicyError

# CloudFormation takes templates of up to 1 MiB. Other files of the CDK, with traces in them, may be larger.
_MOST_BYTES: Final = 64 * 2**20

# Many stacks may nest the same file, each with other parameters, so that it is read again. The bytes of that are
# limited, and a small file counts as some more: two links in each of thirty files would make a billion templates. The
# limit leaves room for more than CloudFormation takes:
# "Nested stacks: Maximum number of CloudFormation resources a nested stack can create, update, or delete per
# operation. 2500 resources"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
_MOST_BYTES_AGAIN: Final = 16 * 2**20
_LEAST_BYTES: Final = 2 * 2**10


class UnreadableError(SendingPolicyError):
    """A file cannot be read; the error's text says which one, and what to do."""


def on_disk(path: Path | str) -> Path:
    """Return `path`, part of which may come from a JSON file, as Python names that file in the current locale.

    The CDK writes file names as UTF-8. In another locale, Python decodes the names on a disk to other texts.
    """
    return Path(os.fsdecode(str(path).encode("utf-8", "surrogateescape")))


def is_there(path: Path | str) -> bool:
    """Return whether there is anything at `path`, or raise `OSError` if that cannot be told.

    `Path.exists` would raise or return False, depending on the release of Python.
    """
    try:
        on_disk(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def read_bytes(path: Path | str) -> bytes:
    """Return the bytes of the file at `path`; raise `UnreadableError` if it is no regular file, or `OSError`."""
    file = on_disk(path)
    # This is checked before the opening, which already has an effect on some devices. It is checked again afterwards:
    # by then the file may be a pipe, and without O_NONBLOCK, opening one would wait for a writer.
    _check_file(path, file.stat())
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        _check_file(path, status)
        # No more than its size: virtual files of Linux have the size 0, and reading some of them never ends.
        return stream.read(status.st_size)


def _check_file(path: Path | str, status: os.stat_result) -> None:
    # An assembly from elsewhere may name a pipe or a device, which could be read without end.
    if not S_ISREG(status.st_mode):
        raise UnreadableError(f"{str(path)!r} is not a file: write it anew with `npx cdk synth`")
    if status.st_size > _MOST_BYTES:
        raise UnreadableError(
            f"{str(path)!r} has {status.st_size} bytes, {_MOST_BYTES} are read: is it a template at all?"
        )


def read_json(path: Path | str) -> Json:
    """Return the JSON in the file at `path`, or raise `UnreadableError` if it cannot be read."""
    try:
        return parsed(read_bytes(path))
    except FileNotFoundError:
        raise UnreadableError(f"{str(path)!r} does not exist: write it anew with `npx cdk synth`") from None
    except OSError as fault:
        raise UnreadableError(f"{str(path)!r} cannot be read: {fault.strerror}") from fault
    except OddJsonError as fault:
        raise UnreadableError(f"{str(path)!r} {fault}") from fault
    except ValueError as fault:
        raise UnreadableError(f"{str(path)!r} is not JSON: {fault}: write it anew with `npx cdk synth`") from fault


class Files:
    """Reads files that name one another, each file once, and refuses those outside of their folder.

    :param folder: the folder that the files are in: an assembly, or the folder of a template's file.
    :param folders: other folders that they may be in. Default: - none.
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
        """Return the files around a file that the user named, which may be a link."""
        file = on_disk(path)
        return cls(file.parent, Path(os.path.realpath(file)).parent)

    def inside(self, path: Path | str) -> Path:
        """Return the file or folder at `path` with links resolved, or raise `UnreadableError` if that is outside."""
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
        """Return whether there is anything at `path`, or raise `UnreadableError` if that cannot be told."""
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
        """Return the whole JSON in the file at `path`; raise `UnreadableError` if too much is read again."""
        real = self.inside(path)
        if real in self._read:
            self._again += max(real.stat().st_size, _LEAST_BYTES)
        if self._again > _MOST_BYTES_AGAIN:
            # Every further error names the first file, so that all of them are one sentence.
            self._often = self._often or str(path)
            raise UnreadableError(
                f"{self._often!r} is named so often that more than {_MOST_BYTES_AGAIN} bytes would be read again: "
                "split the app, or write it anew with `npx cdk synth`"
            )
        return self.entry(path)

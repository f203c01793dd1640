"""JSON in files that name one another, none of which is to lead anywhere else, or to go on without end."""

import os
from pathlib import Path
from stat import S_ISREG
from typing import Final

from ses_sending_policy.analysis.reading.scope import at
from ses_sending_policy.analysis.reading.strict import OddJsonError, parsed
from ses_sending_policy.rules.document import Json
from ses_sending_policy.rules.errors import SendingPolicyError

# CloudFormation takes templates of 1 MiB. What the CDK writes beside them, traces and all, may have more.
_MOST_BYTES: Final = 64 * 2**20

# A file may be nested in many stacks, and each with other parameters. What is read again counts, however small it is:
# two links in each of thirty files would else be a billion templates. That is room for more than CloudFormation has:
# "Nested stacks: Maximum number of CloudFormation resources a nested stack can create, update, or delete per
# operation. 2500 resources"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
_MOST_BYTES_AGAIN: Final = 16 * 2**20
_LEAST_BYTES: Final = 2 * 2**10


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


def read_bytes(path: Path | str) -> bytes:
    """Return the bytes of the file at `path`, or raise `UnreadableError` where that is none, and `OSError`."""
    file = on_disk(path)
    # To open some devices does something already, so it is looked at before; and what was a file may be a pipe by the
    # time that it is opened, which would wait for somebody to write.
    _check_file(path, file.stat())
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        _check_file(path, status)
        # No more than its size: the files that Linux makes up have none, and some of them no end, or no beginning.
        return stream.read(status.st_size)


def _check_file(path: Path | str, status: os.stat_result) -> None:
    # An assembly of somebody else's may name a pipe or a device, which has no end.
    if not S_ISREG(status.st_mode):
        raise UnreadableError(f"{str(path)!r} is not a file: write it anew with `npx cdk synth`")
    if status.st_size > _MOST_BYTES:
        raise UnreadableError(
            f"{str(path)!r} has {status.st_size} bytes, {_MOST_BYTES} are read: is it a template at all?"
        )


def read_json(path: Path | str) -> Json:
    """Return what the file at `path` holds, or raise `UnreadableError` where that is no JSON that can be read."""
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

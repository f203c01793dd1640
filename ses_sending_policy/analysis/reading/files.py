"""Read JSON files that refer to one another, but no file outside their folder, and not without limit."""

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

# Many stacks may nest the same file with other parameters each, so it is read again for each of them. This limits the
# bytes that are read again, and counts a small file as `_LEAST_BYTES`: with two links in each of thirty files, there
# would be a billion templates. The limit leaves room for more than CloudFormation takes:
# "Nested stacks: Maximum number of CloudFormation resources a nested stack can create, update, or delete per
# operation. 2500 resources"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
_MOST_BYTES_AGAIN: Final = 16 * 2**20
_LEAST_BYTES: Final = 2 * 2**10


class UnreadableError(SendingPolicyError):
    """A file cannot be read; the error's text says which file, and what to do."""


def on_disk(path: Path | str) -> Path:
    """Return `path` in the spelling in which Python finds the file on this machine.

    Parts of `path` may come from a JSON file of the CDK, which writes file names as UTF-8. In a locale with another
    encoding, Python reads the names on a disk as other texts.
    """
    return Path(os.fsdecode(str(path).encode("utf-8", "surrogateescape")))


def is_there(path: Path | str) -> bool:
    """Return whether there is a file or folder at `path`, or raise `OSError` if that cannot be found out.

    `Path.exists` is not used, because it raises in some releases of Python and returns False in others.
    """
    try:
        on_disk(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def read_bytes(path: Path | str) -> bytes:
    """Return the bytes of the file at `path`.

    Raises `UnreadableError` if it is no regular file or is too large, and `OSError` if it cannot be read.
    """
    file = on_disk(path)
    # Checked before the file is opened, because opening some devices has an effect. Checked again after that, because
    # by then it may be a pipe; with O_NONBLOCK, opening a pipe does not wait for a writer.
    _check_file(path, file.stat())
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        _check_file(path, status)
        # Reads no more than the file's size: virtual files of Linux have the size 0, and some of them never end.
        return stream.read(status.st_size)


def _check_file(path: Path | str, status: os.stat_result) -> None:
    # The path may come from a foreign assembly, and name a pipe or a device that never ends.
    if not S_ISREG(status.st_mode):
        raise UnreadableError(f"{str(path)!r} is not a file: write it anew with `npx cdk synth`")
    if status.st_size > _MOST_BYTES:
        raise UnreadableError(
            f"{str(path)!r} has {status.st_size} bytes, {_MOST_BYTES} are read: is it a template at all?"
        )


def read_json(path: Path | str) -> Json:
    """Return the JSON in the file at `path`, or raise `UnreadableError` if there is none that can be read."""
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
    """Reads files that refer to one another, each file once. It refuses files outside their folder.

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
        """Return a reader of the files in the folder of `path`, and in the folder that it links to if it is a link."""
        file = on_disk(path)
        return cls(file.parent, Path(os.path.realpath(file)).parent)

    def inside(self, path: Path | str) -> Path:
        """Return `path` with links resolved, or raise `UnreadableError` if that is outside the folders."""
        if str(path) in self._inside:
            return self._inside[str(path)]
        try:
            real = Path(os.path.realpath(on_disk(path)))
        except ValueError:
            # The path has a NUL or half a surrogate pair in it, which no file system allows in a name.
            raise UnreadableError(f"{str(path)!r} is no name of a file: write it anew with `npx cdk synth`") from None
        if not any(real.is_relative_to(root) for root in self._roots):
            raise UnreadableError(
                f"{str(path)!r} is outside of {str(self._folder)!r}, where nothing is read: "
                "write it anew with `npx cdk synth`"
            )
        self._inside[str(path)] = real
        return real

    def has(self, path: Path | str) -> bool:
        """Return whether there is a file or folder at `path`, or raise `UnreadableError` if that is not known."""
        try:
            return is_there(self.inside(path))
        except OSError as fault:
            raise UnreadableError(f"{str(path)!r} cannot be read: {fault.strerror}") from fault

    def entry(self, path: Path | str, *names: str) -> Json:
        """Return the value under the keys `names`, one inside the other, in the JSON file at `path`.

        Raises `UnreadableError` if the file is outside the folders or cannot be read.
        """
        real = self.inside(path)
        if real not in self._read:
            self._read[real] = read_json(path)
        return at(self._read[real], *names)

    def whole(self, path: Path | str) -> Json:
        """Return all JSON in the file at `path`; raise `UnreadableError` if files were read again too often."""
        real = self.inside(path)
        if real in self._read:
            self._again += max(real.stat().st_size, _LEAST_BYTES)
        if self._again > _MOST_BYTES_AGAIN:
            # Every later error names the same file as the first one, so that equal errors are reported once.
            self._often = self._often or str(path)
            raise UnreadableError(
                f"{self._often!r} is named so often that more than {_MOST_BYTES_AGAIN} bytes would be read again: "
                "split the app, or write it anew with `npx cdk synth`"
            )
        return self.entry(path)

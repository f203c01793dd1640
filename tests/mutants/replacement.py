"""Replaces a text of a module, in one process and in no file."""

import importlib
import sys
from dataclasses import dataclass
from importlib.util import find_spec, module_from_spec
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Replacement:
    """A text of a module, and its replacement.

    :param name: its name in a table.
    :param module: the module's name.
    :param text: the text, which is in the module once.
    :param instead: what replaces it.
    """

    name: str
    module: str
    text: str
    instead: str = ""

    def changed(self) -> str:
        """Return the module's changed source; fail if the text is not there exactly once."""
        source = _file_of(self.module).read_text(encoding="utf-8")
        count = source.count(self.text)
        assert count == 1, f"{self.name!r}: its text is {count} times in {self.module}"
        return source.replace(self.text, self.instead)

    def load(self) -> None:
        """Load the changed module instead of the one on disk, before anything else loads it."""
        assert self.module not in sys.modules, f"{self.module} is loaded already"
        spec = find_spec(self.module)
        assert spec is not None
        assert spec.origin is not None
        module = module_from_spec(spec)
        sys.modules[self.module] = module
        exec(compile(self.changed(), spec.origin, "exec"), vars(module))  # noqa: S102 - our own source
        package, _, name = self.module.rpartition(".")
        setattr(importlib.import_module(package), name, module)


def _file_of(module: str) -> Path:
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin)

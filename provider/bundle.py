"""The import hook that the asset has as `provider/__init__.py`: it loads all other modules from one file.

A zip archive compresses each file alone, and the modules share most of their words: as one file they take a
quarter less, and are read in one go. Python's own `zipimport` would compile each module twice.
"""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType


class Bundle:
    """Finds and loads the modules of `modules.txt`, in which a line with its path stands above each module.

    :param folder: the folder of that file; tracebacks show the modules under it.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        with open(f"{folder}/modules.txt", encoding="utf-8") as file:  # noqa: PTH123 - pathlib is slow to import
            self._sources = dict(part.split("\n", 1) for part in file.read().split("\f")[1:])

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a module; None if `modules.txt` does not contain the module."""
        place = self._place(name)
        if place not in self._sources:
            return None
        spec = ModuleSpec(name, self, origin=f"{self._folder}/{place}", is_package=place.endswith("/__init__.py"))  # type: ignore[arg-type]  # no subclass of importlib.abc.Loader, which is slow to import
        spec.has_location = True
        return spec

    def create_module(self, _spec: ModuleSpec) -> None:
        """Let Python make the module."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the module."""
        code = compile(self.get_source(module.__name__), str(module.__file__), "exec", dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102 - that is how a module is loaded

    def get_source(self, name: str) -> str:
        """Return the source of a module, so that a traceback in the log can show its lines."""
        return self._sources[self._place(name)]

    def _place(self, name: str) -> str:
        module = f"{name.replace('.', '/')}.py"
        return module if module in self._sources else f"{module[:-3]}/__init__.py"


sys.meta_path.insert(0, Bundle(__file__.replace("\\", "/").rpartition("/provider/")[0]))

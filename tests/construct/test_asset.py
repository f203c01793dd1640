"""The Lambda's asset: what is in it, and that every checkout gives the same one."""

import ast
import io
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import aws_cdk as cdk
import pytest

from ses_sending_policy.construct import asset, crhelper
from tests.conftest import ROOT
from tests.support.staged import modules

HANDLERS = (asset.HANDLER, asset.DRIFT_HANDLER)


def files(directory: Path) -> list[Path]:
    return sorted(path for path in directory.rglob("*") if path.is_file())


def imported(module: str, code: str) -> set[str]:
    """Return the modules that a module with this `code` imports when it runs, including imports inside functions."""
    found = set()
    left: list[ast.AST] = [ast.parse(code)]
    while left:
        node = left.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            around = ".".join(module.split(".")[: -node.level]) if node.level else ""
            name = ".".join(part for part in (around, node.module) if part)
            found |= {name, *(f"{name}.{alias.name}" for alias in node.names)}
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            left += node.orelse
        else:
            left += ast.iter_child_nodes(node)
    return found


@pytest.mark.parametrize(
    "code",
    [
        "import provider.new",
        "from provider import new",
        "from provider.new import x",
        "from . import new",
        "from .new import x",
        "def f():\n    from provider.new import x",
        "if TYPE_CHECKING:\n    pass\nelse:\n    import provider.new",
    ],
)
def test_an_import_is_seen_however_it_is_written(code: str) -> None:
    assert "provider.new" in imported("provider.old", code)


def test_what_only_the_type_checker_imports_is_not_needed() -> None:
    assert imported("provider.old", "if TYPE_CHECKING:\n    import provider.new") == set()


def needed(name: str, known: dict[str, Path]) -> set[str]:
    """Return the modules that importing `name` loads, including the packages around them."""
    found: set[str] = set()
    left = {name}
    while left:
        name = left.pop()
        if name in known and name not in found:
            found.add(name)
            left |= imported(name, known[name].read_text(encoding="utf-8")) | {name.rpartition(".")[0]}
    return found


@pytest.mark.parametrize("handler", HANDLERS)
def test_it_takes_what_the_function_imports_and_nothing_else(handler: str) -> None:
    """Over all files of the folders, so that a file missing from the asset is noticed as well."""
    folders = {"provider": ROOT / "provider", "ses_sending_policy": ROOT / "ses_sending_policy"}
    known = {
        ".".join((name, *path.relative_to(folder).with_suffix("").parts)).removesuffix(".__init__"): path
        for name, folder in folders.items()
        for path in folder.rglob("*.py")
    }
    wanted = {str(known[name].relative_to(ROOT)) for name in needed(handler.rpartition(".")[0], known)}
    frame = {f"crhelper/{name}" for name in crhelper.FILES} if handler == asset.HANDLER else set()
    # The package's own `__init__` finds the other modules, and is written as a file beside them.
    staged = modules(asset.asset_directory(handler))
    assert set(staged) | {"provider/__init__.py"} == wanted | frame
    assert set(staged) == set(asset.MODULES[handler])


@pytest.mark.parametrize("handler", HANDLERS)
def test_the_archive_has_the_modules_in_one_file_and_whose_they_are(handler: str) -> None:
    folder = asset.asset_directory(handler)
    found = {path.relative_to(folder).as_posix() for path in files(folder)}
    notices = {f"crhelper-{crhelper.RELEASE}.dist-info/{name}" for name in ("LICENSE", "NOTICE")}
    assert found == {"modules.txt", "provider/__init__.py"} | (notices if handler == asset.HANDLER else set())


def test_it_is_laid_out_once_in_a_process() -> None:
    assert asset.asset_directory() is asset.asset_directory()


def test_it_fits_into_fifty_six_kibibytes() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        for path in files(asset.asset_directory()):
            written.write(path, path.relative_to(asset.asset_directory()))
    assert archive.tell() <= 56 * 1024


def is_told(node: ast.stmt) -> bool:
    """Return whether a statement in a class only holds text for a reader."""
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("title", "reason", "source", "elsewhere")


def is_said(node: ast.stmt) -> bool:
    """Return whether a statement is only a string."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


class Silent(ast.NodeTransformer):
    """Leaves out docstrings, and the texts that a rule has for its reader; a block with nothing else becomes empty."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Return a block without its docstrings."""
        super().generic_visit(node)
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [each for each in body if not is_said(each)] or [ast.Expr(ast.Constant(""))]  # type: ignore[attr-defined]  # it has one
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Return the class without its texts for a reader."""
        node.body = [each for each in node.body if not is_told(each)]
        return self.generic_visit(node)


@pytest.mark.parametrize("place", [place for place, _ in asset.sources() if place.parts[0] != "crhelper"], ids=str)
def test_every_statement_is_in_the_line_that_it_was_in(place: Path) -> None:
    source = dict(asset.sources())[place].read_text(encoding="utf-8")
    staged = modules(asset.asset_directory())[place.as_posix()]
    assert ast.dump(ast.parse(staged)) == ast.dump(Silent().visit(ast.parse(source)))
    statements = [
        [
            (node.lineno, type(node))
            for node in ast.walk(ast.parse(code))
            if isinstance(node, ast.stmt) and not is_told(node) and not is_said(node)
        ]
        for code in (source, staged)
    ]
    assert statements[0] == statements[1]


TALKATIVE = '''"""Module."""

x = "# no comment"  # a comment


class C:
    """Only

    this."""


def f():
    # a comment

    """Doc."""
    return """not\x20
# prose"""
'''

SILENT = '''

x = "# no comment"


class C:
    ""




def f():



    return """not\x20
# prose"""
'''


def test_prose_is_left_out_and_nothing_else() -> None:
    assert asset.without_prose(TALKATIVE) == SILENT


WIDE = """if x:
    y = [
        f(
            1),
      2]
    if y:
        z = '''of
    four'''
    t = ("one"
        f"{y}")
"""

NARROW = """if x:
 y = [
  f(
   1),
 2]
 if y:
  z = '''of
    four'''
 t = ("one"
        f"{y}")
"""


def test_an_indent_is_narrow_and_a_text_stays_as_it_is() -> None:
    assert asset.narrowed(WIDE) == NARROW
    assert ast.dump(ast.parse(NARROW)) == ast.dump(ast.parse(WIDE))


def test_lambda_can_read_every_file() -> None:
    """Lambda runs as another user than the one who wrote the archive, and some machines' umask would forbid reading."""
    check = (
        "import os, sys; os.umask(0o077)\n"
        "from ses_sending_policy.construct.asset import asset_directory\n"
        "print(*{oct(p.stat().st_mode & 0o777) for p in asset_directory().rglob('*') if p.is_file()})"
    )
    found = subprocess.run(
        [sys.executable, "-c", check], check=True, capture_output=True, encoding="utf-8", cwd=ROOT, timeout=60
    )
    assert found.stdout.split() == ["0o644"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files(asset.asset_directory())} == {0o644}


def test_nothing_is_left_behind() -> None:
    check = "from ses_sending_policy.construct.asset import asset_directory; print(asset_directory())"
    # Warnings are errors in this process: if Python itself must clean up a folder, our code has forgotten it.
    command = [sys.executable, "-W", "error", "-c", check]
    found = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", cwd=ROOT, timeout=60)
    assert found.stderr == ""
    assert not Path(found.stdout.strip()).exists()


def fingerprint(directory: Path) -> str:
    """Return the hash that the CDK gives the folder."""
    return cdk.FileSystem.fingerprint(str(directory))


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Return another machine's checkout: other times, modes and line ends, and caches of a Python that ran there."""
    for name in ("provider", "ses_sending_policy"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in files(tmp_path):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        path.chmod(0o600)
        os.utime(path, (0, 0))
    for folder in ("provider", "ses_sending_policy/rules"):
        cache = tmp_path / folder / "__pycache__"
        cache.mkdir()
        (cache / "x.cpython-311.pyc").write_bytes(b"x")
        (tmp_path / folder / "notes.txt").write_text("x", encoding="utf-8")
    return tmp_path


def test_another_checkout_gives_the_same_bytes(elsewhere: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    copy = tmp_path_factory.mktemp("copy") / "asset"
    check = (
        "import shutil, sys; sys.path.insert(0, sys.argv[1])\n"
        "from ses_sending_policy.construct.asset import asset_directory\n"
        "shutil.copytree(asset_directory(), sys.argv[2])"
    )
    subprocess.run(
        [sys.executable, "-I", "-c", check, str(elsewhere), str(copy)], check=True, cwd=copy.parent, timeout=60
    )
    there = {path.relative_to(copy): path.read_bytes() for path in files(copy)}
    here = {path.relative_to(asset.asset_directory()): path.read_bytes() for path in files(asset.asset_directory())}
    assert there == here
    assert not [place for place, code in here.items() if b"\r" in code]
    assert fingerprint(copy) == fingerprint(asset.asset_directory())


def test_crhelper_is_found_without_being_imported() -> None:
    check = "import sys, ses_sending_policy.construct.asset as a; a.asset_directory(); print('crhelper' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", check], check=True, capture_output=True, encoding="utf-8", cwd=ROOT, timeout=60
    )
    assert found.stdout.strip() == "False"

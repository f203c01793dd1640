"""CI runs what the README tells a user to run, in an environment that nobody has prepared for it."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

# Each target writes down its name, its folder, Python's default encoding, and its environment.
MAKEFILE = """\
browser docs audit test-all:
	@{ echo "$@"; pwd; python3 -c 'import locale; print(locale.getpreferredencoding(False))'; env; } >"$(TOLD)/$@"
	@! grep -qx "$@" "$(TOLD)/fail"
"""

POLLUTION = {
    "PYTHONUNBUFFERED": "1",
    "PYTHONPATH": "/nowhere",
    "PYTHONUTF8": "1",
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
    "AWS_REGION": "us-east-1",
    "LC_ALL": "C.UTF-8",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "TERM": "xterm",
    "COLUMNS": "40",
    "CI": "true",
    "FOO": "bar",
}
CLIENTS = {
    "https_proxy": "http://127.0.0.1:9",
    "SSL_CERT_FILE": "/etc/ssl/cert.pem",
    "PIP_FIND_LINKS": "/some/wheels",
    "npm_config_cafile": "/etc/ssl/cert.pem",
}
SECRET = {"PIP_INDEX_URL": "http://me:secret@127.0.0.1:9/simple"}
# Without the git settings of whoever runs the tests, which may sign commits or have hooks.
GIT = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull}


@dataclass(frozen=True)
class Run:
    """The result of CI in a project with nothing but a Makefile.

    :param code: its exit code.
    :param log: its output.
    :param told: the lines that each target wrote.
    :param left: the files that remain in its temporary folder.
    """

    code: int
    log: str
    told: dict[str, list[str]]
    left: list[str]

    def environment(self, target: str) -> dict[str, str]:
        """Return the variables that a target was run with."""
        return dict(line.split("=", 1) for line in self.told[target][3:])


def run(folder: Path, *failing: str) -> Run:
    """Run CI with some targets failing, in a shell with variables that a test must not depend on."""
    project, told, work = folder / "project", folder / "told", folder / "work"
    for each in (project / ".ci", told, work):
        each.mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "run", project / ".ci")
    (project / "Makefile").write_text(f"TOLD := {told}\n{MAKEFILE}", encoding="utf-8")
    (told / "fail").write_text("".join(f"{each}\n" for each in failing), encoding="utf-8")
    for words in ("init --quiet", "add .", "-c user.name=a -c user.email=a@example.com commit --quiet --message=a"):
        subprocess.run(["git", *words.split()], cwd=project, env=GIT, check=True, timeout=60)
    done = subprocess.run(
        ["bash", ".ci/run"],
        cwd=project,
        env={"HOME": os.environ["HOME"], "PATH": os.environ["PATH"], "TMPDIR": str(work)}
        | POLLUTION
        | CLIENTS
        | SECRET,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    files = {each.name: each.read_text(encoding="utf-8").splitlines() for each in told.iterdir() if each.name != "fail"}
    return Run(done.returncode, done.stdout, files, [each.name for each in work.iterdir()])


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(tmp_path_factory.mktemp("ci"))


def test_it_runs_the_command_of_the_readme_and_leaves_nothing(done: Run) -> None:
    """`make test-all` runs every test of `make test`: see tests/conventions/test_slow.py."""
    assert done.code == 0, done.log
    assert done.told.keys() == {"browser", "docs", "audit", "test-all"}
    assert "    make test " in (ROOT / "README.md").read_text(encoding="utf-8")
    assert done.left == []


@pytest.mark.parametrize("target", ["browser", "docs", "audit", "test-all"])
def test_nothing_of_the_shell_around_arrives(done: Run, target: str) -> None:
    there = done.environment(target)
    assert {name for name, value in POLLUTION.items() if there.get(name) == value} == set()
    ours = {"LC_ALL", "PYTHONUTF8", "PYTHONCOERCECLOCALE", "TZ"}
    of_make_and_the_shell = {
        "MAKEFLAGS",
        "MFLAGS",
        "MAKELEVEL",
        "MAKE_TERMOUT",
        "MAKE_TERMERR",
        "PWD",
        "OLDPWD",
        "SHLVL",
        "_",
    }
    assert there.keys() - of_make_and_the_shell == {"HOME", "PATH"} | ours | CLIENTS.keys()
    assert {name: there[name] for name in ("HOME", "PATH")} == {name: os.environ[name] for name in ("HOME", "PATH")}


@pytest.mark.parametrize("target", ["browser", "docs", "audit", "test-all"])
def test_it_is_elsewhere(done: Run, target: str) -> None:
    """In a path with a space, with ASCII as the encoding, and in a time zone other than UTC."""
    _, place, encoding, *_ = done.told[target]
    assert " " in place
    assert encoding.lower() in {"ascii", "us-ascii", "ansi_x3.4-1968", "646"}
    assert done.environment(target)["TZ"].endswith(":45")


def test_it_tells_the_environment_and_no_password(done: Run) -> None:
    for name in ("HOME", "PATH", "LC_ALL", "TZ"):
        assert f"\n  {name}={done.environment('test-all')[name]}\n" in done.log
    assert "\n  https_proxy\n" in done.log
    assert "left out, for it may have a password: PIP_INDEX_URL" in done.log
    assert "secret" not in done.log


@pytest.mark.parametrize(
    ("failing", "fails"), [("browser", False), ("docs", False), ("audit", False), ("test-all", True)]
)
def test_it_fails_where_the_tests_do_and_nowhere_else(tmp_path: Path, failing: str, fails: bool) -> None:
    done = run(tmp_path, failing)
    assert (done.code != 0) == fails
    assert done.told.keys() == {"browser", "docs", "audit", "test-all"}
    assert done.left == []

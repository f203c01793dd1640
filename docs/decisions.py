"""Write docs/decisions/README.md, the list of what was decided, from the headings of the decisions.

`python docs/decisions.py` writes it; a test fails where one is missing on it.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent / "decisions"
PAGE = FOLDER / "README.md"

_HEAD = """\
# Why it is as it is

<!-- written by docs/decisions.py from the decisions beside it -->

A page for each choice that somebody will question: what was chosen, why, and what was measured. A number that is not
here was never given.

"""


def _rows() -> Iterator[str]:
    for page in sorted(FOLDER.glob("[0-9]*.md")):
        heading = re.match(r"# (\d+)\. (.+)\n", page.read_text(encoding="utf-8"))
        if not heading or int(heading[1]) != int(page.name[:4]):
            raise ValueError(f"{page.name} does not begin with '# {int(page.name[:4])}. ' and what was decided")
        yield f"- [{heading[1]}. {heading[2]}]({page.name})\n"


def written() -> str:
    """Return the page as the decisions are now."""
    return _HEAD + "".join(_rows())


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} is written\n")

"""Copies of botocore in which a name is missing, for a process that must do without it."""

import re
from pathlib import Path

import botocore

_REAL = Path(botocore.__file__).parent


def botocore_without(folder: Path, name: str) -> Path:
    """Return a folder with a copy of botocore in which the identifier `name` is called otherwise, everywhere.

    Of its data files only those on partitions and endpoints are changed. All other files are links to the real ones.

    :param folder: where the copy is made.
    """
    word = re.compile(rf"\b{re.escape(name)}\b")
    data = [_REAL / "data" / each for each in ("partitions.json", "endpoints.json")]
    texts = {path: path.read_text(encoding="utf-8") for path in (*_REAL.rglob("*.py"), *data)}
    changed = {path: word.sub(f"another_{name}", text) for path, text in texts.items() if word.search(text)}
    assert changed, f"botocore has no {name} already: what leaned on it?"

    def lay(real: Path, made: Path) -> None:
        made.mkdir()
        for each in real.iterdir():
            place = made / each.name
            if each in changed:
                place.write_text(changed[each], encoding="utf-8")
            elif any(path.is_relative_to(each) for path in changed):
                lay(each, place)
            else:
                place.symlink_to(each)

    lay(_REAL, folder / "botocore")
    return folder

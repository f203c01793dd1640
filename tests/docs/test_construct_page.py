"""The page of the construct leaves nothing out."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest

import ses_sending_policy
from ses_sending_policy import Narrowing
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "reference" / "construct.md"
CLASSES: list[type] = [
    getattr(ses_sending_policy, name)
    for name in ses_sending_policy.__all__
    if isinstance(getattr(ses_sending_policy, name), type)
]

# Public for the other folders of the package, and of no use to users.
BETWEEN_US = {
    *(f"SendingPolicyProvider.{name}" for name in ("check_serves", "keep_log", "serve")),
    "DeclarationError.of",
}


def section(name: str) -> str:
    found = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found, f"no section about {name}"
    return found[1]


def members(cls: type) -> Iterator[tuple[str, Any]]:
    """Yield the public methods and properties that this package defines, not those of its base classes elsewhere."""
    for base in inspect.getmro(cls):
        if base.__module__.startswith("ses_sending_policy."):
            for name, member in vars(base).items():
                is_code = inspect.isfunction(member) or isinstance(member, classmethod | staticmethod | property)
                if is_code and not name.startswith("_") and f"{cls.__name__}.{name}" not in BETWEEN_US:
                    yield name, member


def rows(text: str) -> dict[str, list[str]]:
    """Return the cells of each parameter's row, by its name."""
    lines = [re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines() if line.startswith("| `")]
    return {line[0].strip(" `*"): [cell.strip() for cell in line[1:]] for line in lines}


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_member_has_a_section_of_its_own(cls: type) -> None:
    headings = re.findall(r"^### (\w+)\n+(.+)", section(cls.__name__), re.MULTILINE)
    assert {name for name, _ in members(cls)} == {name for name, _ in headings}


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_parameter_has_a_type_and_a_meaning(cls: type) -> None:
    page = section(cls.__name__)
    parts = {name: re.split(rf"^### {name}$", page, flags=re.MULTILINE)[-1] for name, _ in members(cls)}
    functions = {name: getattr(cls, name) for name, member in members(cls) if not isinstance(member, property)}
    if "__init__" in vars(cls):
        functions["__init__"], parts["__init__"] = cls.__init__, page  # type: ignore[misc]
    for name, function in functions.items():
        told = rows(parts[name].split("\n### ")[0])
        asked = [parameter for parameter in inspect.signature(function).parameters if parameter not in {"self", "cls"}]
        assert list(told) == asked
        assert [parameter for parameter, cells in told.items() if not all(cells)] == []


def test_every_part_of_a_narrowing_has_a_row() -> None:
    told = rows(section("Narrowing"))
    assert list(told) == list(Narrowing.__annotations__)
    assert [name for name, cells in told.items() if not all(cells)] == []


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_only_a_policy_is_called_one(cls: type) -> None:
    called = set(re.findall(r"^(?: {4}|- `)([a-z]+)\.", section(cls.__name__), re.MULTILINE))
    expected = {
        "SendingPolicy": {"policy"},
        "SendingPolicyProvider": {"provider"},
        "SendingPolicyDriftCheck": {"check"},
        "DelegatedIdentity": {"delegated"},
    }
    assert called == expected.get(cls.__name__, set())


def test_each_module_of_a_type_is_named_before() -> None:
    page = PAGE.read_text(encoding="utf-8")
    head, *rest = page.partition("\n## ")
    types = re.findall(r"^\| `[^`]+` \| `([^`]+)`|-> (\S+)$", "".join(rest), re.MULTILINE)
    used = {module for pair in types for module in re.findall(r"\b([a-z][a-z0-9_]*)\.", " ".join(pair))}
    assert {"cdk", "iam"} <= used <= set(re.findall(r"`(\w+)`", head))

"""What other tools' tests say of a policy, applied to SES, with our verdict, and the reason if ours differs."""

from dataclasses import dataclass
from typing import Any

from tests.review.policies.cases import EVERYBODY, IDS, Check, Condition, allow

OPEN = {"SES001", "SES006", "SES101"}
"""The findings which say that somebody may send whom nobody meant."""


@dataclass(frozen=True)
class Fact:
    """A case from another tool: what it says, empty for nothing; what is right here; and why that differs."""

    theirs: str
    ours: Check
    differs: str = ""
    counts: frozenset[str] = frozenset(OPEN)

    def __post_init__(self) -> None:
        told = {rule for each in self.ours.finds for rule in each.split("|")}
        if (bool(told & self.counts) != bool(self.theirs)) is not bool(self.differs):
            raise ValueError(f"{self.ours.name}: a verdict that differs has a reason, and no other has")

    @property
    def name(self) -> str:
        """Return the name of the case."""
        return self.ours.name


def public(name: str, why: str, *statements: Any, rule: str = "SES001", differs: str = "") -> Fact:
    """Return a policy that the other tool calls public; we do as well, unless `differs` says why not."""
    finds, lacks = ((), ("SES001",)) if differs else ((rule,), ())
    return Fact("public", Check(name, why, statements, finds, lacks), differs)


def closed(name: str, why: str, *statements: Any, rule: str = "SES001", differs: str = "") -> Fact:
    """Return a policy that the other tool does not call public; neither do we, unless `differs` says why."""
    finds, lacks = ((rule,), ()) if differs else ((), (rule,))
    return Fact("", Check(name, why, statements, finds, lacks), differs)


def refused(name: str, why: str, *statements: Any, rule: str) -> Fact:
    """Return a policy that the other tool does not call public, and that has another finding here."""
    return Fact("", Check(name, why, statements, (rule,)))


def spoken(theirs: str, name: str, why: str, *statements: Any, ours: str, differs: str = "") -> Fact:
    """Return a policy from a tool that looks for faults, with its finding and ours; either is empty for none."""
    finds, lacks = ((ours,), ()) if ours else ((), ("*",))
    return Fact(theirs, Check(name, why, statements, finds, lacks), differs, frozenset(IDS))


def to_all(condition: Condition | None = None, **more: Any) -> dict[str, Any]:
    """Return a grant to everybody under a condition."""
    return allow(EVERYBODY, condition, **more)

"""What the command must say of a template, or of two."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.review.resolved.words import Input, Json


@dataclass(frozen=True)
class Told:
    """What the command said of a case."""

    code: int
    output: str
    complaints: str

    @property
    def json(self) -> Json:
        """The output as JSON; empty if it is none."""
        found = json.loads(self.output) if self.output.startswith("{") else {}
        return found if isinstance(found, dict) else {}


Must = Callable[[list[Told]], str | None]
"""Returns what is wrong with what the command said of the inputs; None if nothing is."""


@dataclass(frozen=True)
class Case:
    """A template or two, and what the command must say of them.

    :param control: whether the command already said so when the case was written.
    """

    name: str
    why: str
    command: str
    inputs: tuple[Input, ...]
    must: tuple[Must, ...]
    options: tuple[str, ...] = ()
    control: bool = False


def diff(
    name: str,
    before: Input,
    after: Input,
    *verdicts: str,
    why: str,
    options: tuple[str, ...] = (),
    control: bool = False,
) -> Case:
    """Return a case of `diff`, whose verdict must be one of these."""
    return Case(name, why, "diff", (before, after), (verdict_is(*verdicts),), options, control)


def check(name: str, given: Input, *must: Must, why: str, options: tuple[str, ...] = (), control: bool = False) -> Case:
    """Return a case of `check`."""
    return Case(name, why, "check", (given,), must, options, control)


def explain(name: str, *inputs: Input, must: tuple[Must, ...], why: str, control: bool = False) -> Case:
    """Return a case of `explain`, which must not contain an empty name."""
    return Case(name, why, "explain", inputs, (*must, says_not(r"\$\{\}")), (), control)


def verdict_is(*verdicts: str) -> Must:
    """Require one of the verdicts."""

    def must(told: list[Told]) -> str | None:
        found = told[0].json.get("verdict")
        return None if found in verdicts else f"the verdict is {found}, and one of {verdicts} is right"

    return must


def exits(*codes: int) -> Must:
    """Require an exit code."""
    return lambda told: next((f"exit {each.code} instead of {codes}" for each in told if each.code not in codes), None)


def found_by(told: Told) -> set[str]:
    """Return the rules of the findings."""
    return {each["rule"] for each in told.json.get("findings", ())}


def finds(*rules: str) -> Must:
    """Require these findings, and that everything was looked at."""

    def must(told: list[Told]) -> str | None:
        missing = {*rules} - found_by(told[0])
        return f"not found: {missing}" if missing or told[0].code == 2 else None

    return must


def finds_none(*rules: str) -> Must:
    """Require that these rules find nothing (all, if none is named), and that everything was looked at."""

    def must(told: list[Told]) -> str | None:
        found = found_by(told[0]) & {*rules} if rules else found_by(told[0])
        return f"exit {told[0].code}, and found: {found}" if found or told[0].code == 2 or not told[0].json else None

    return must


def is_unread(*names: str) -> Must:
    """Require that these are reported as unread, and that the rest of the output is there."""

    def must(told: list[Told]) -> str | None:
        for each in told:
            listed = {part.get("logical_id") for part in each.json.get("unread", ())}
            if each.code != 2 or each.json.get("complete") is not False or not {*names} <= listed:
                return f"exit {each.code}, and not looked at: {listed}"
            if "Traceback" in each.complaints:
                return each.complaints
        return None

    return must


def either(one: Must, other: Must) -> Must:
    """Require one of two: for instance, that something is read or is reported as unread."""

    def must(told: list[Told]) -> str | None:
        faults = [one(told), other(told)]
        return " and ".join(map(str, faults)) if all(faults) else None

    return must


def differ(told: list[Told]) -> str | None:
    """Require that two explanations differ."""
    one, other = ([each["sentence"] for p in told.json["policies"] for each in p["grants"]] for told in told)
    names = [[(p["identity"], p["policy_name"]) for p in each.json["policies"]] for each in told]
    return f"of both is said {one}" if one == other and names[0] == names[1] else None


def lists(*names: str) -> Must:
    """Require that these are listed as unread, whether accepted or not."""

    def must(told: list[Told]) -> str | None:
        missing = [name for name in names if f'"{name}"' not in told[0].output]
        return f"not listed: {missing}" if missing else None

    return must


def finds_any(told: list[Told]) -> str | None:
    """Require that something is found."""
    return None if found_by(told[0]) else "nothing is found"


def says(pattern: str) -> Must:
    """Require that the output for each input matches a pattern."""
    return lambda told: next(
        (f"it does not say {pattern!r}: {each.output}" for each in told if not re.search(pattern, each.output)), None
    )


def says_not(pattern: str) -> Must:
    """Require that no output matches a pattern."""
    return lambda told: next((f"it says {pattern!r}" for each in told if re.search(pattern, each.output)), None)


def one_sentence(told: list[Told]) -> str | None:
    """Require one sentence about what cannot be looked at."""
    lines = told[0].complaints.splitlines()
    is_told = len(lines) == 1 and lines[0].startswith("sending-policy: ") and told[0].code == 2
    return None if is_told else f"exit {told[0].code}: {told[0].complaints or told[0].output}"

"""Which stack of OLD is which stack of NEW in a `diff`: by `--pair` and `--destroyed`, else by equal names."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ses_sending_policy.analysis.grants.environments import completed, told
from ses_sending_policy.analysis.grants.staying import NAMELESS, ORPHANED, Deployment, renamed
from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from ses_sending_policy.analysis.reading.removal import Stay
from ses_sending_policy.review.assembly import Reviewed
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.unread import Unread

# Names with "=" are used here for stacks without one common name. No real stack has such a name: CloudFormation allows
# no "=" in it.
_FILE = "OLD=NEW"
_NO_NAME = "a template's file has no stack's name, and two files are compared as one stack: leave the option out"


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line tells about stacks: which of OLD are which of NEW, and which are destroyed.

    :param pairs: each `OLD=NEW`, two names of stacks, or patterns with `*`.
    :param destroyed: the stacks of OLD that are going to be destroyed, by their names or paths.
    """

    pairs: Sequence[str] = ()
    destroyed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides of a comparison: OLD is the side before, NEW the side after.

    A stack that is known to be the same on both sides has the same name on both.

    :param old: the policies of OLD.
    :param new: the policies of NEW.
    :param before: the templates of OLD.
    :param after: the templates of NEW.
    :param destroyed: the names of the stacks that the user says are going to be destroyed.
    :param orphaned: the reason why a policy stays at SES if its stack is not in NEW.
    :param unread_old: the unread parts of OLD.
    :param unread_new: the unread parts of NEW.
    """

    old: Sequence[Declared]
    new: Sequence[Declared]
    before: Deployment
    after: Deployment
    destroyed: Sequence[str]
    orphaned: Stay
    unread_old: Sequence[Unread]
    unread_new: Sequence[Unread]

    @classmethod
    def of(cls, old: Reviewed, new: Reviewed, options: Options) -> "Sides":
        """Return both sides, or raise `ReviewError` if the options name no stack or contradict each other."""
        mine, theirs = _Stacks.of(old), _Stacks.of(new)
        pairs = _paired(options.pairs, mine, theirs)
        destroyed = _destroyed(options.destroyed, mine, theirs, pairs)
        names = _Names.of(mine, theirs, pairs)
        before, after = (
            Deployment.of((names.of_side(side, each.home.label), each) for each in reviewed.templates)
            for side, reviewed in (("OLD", old), ("NEW", new))
        )
        earlier, later = (
            [renamed(each, names.of_side(side, each.root)) for each in reviewed.proven]
            for side, reviewed in (("OLD", old), ("NEW", new))
        )
        return cls(
            list(_moved(earlier, later, pairs, names, after)),
            later,
            before,
            after,
            [names.of_side("OLD", label) for label in destroyed],
            NAMELESS if mine.has_files or theirs.has_files else ORPHANED,
            [names.of_unread("OLD", each) for each in old.unproven],
            [names.of_unread("NEW", each) for each in new.unproven],
        )


@dataclass(frozen=True, slots=True)
class _Stacks:
    """The stacks of one side, by the labels that reports use for them.

    :param names: the name of each stack at CloudFormation; empty for a template file, which has none.
    :param environments: the account and region of each stack, as far as they are known.
    :param labels: the labels by the name.
    """

    names: Mapping[str, str]
    environments: Mapping[str, KnownEnvironment]
    labels: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, reviewed: Reviewed) -> "_Stacks":
        roots = {each.home.label: each for each in reviewed.templates if not each.home.within}
        found = told(reviewed.proven, lambda policy: policy.root)
        labels: dict[str, list[str]] = {}
        for label, each in roots.items():
            labels.setdefault(each.home.name, []).append(label)
        return cls(
            {label: each.home.name for label, each in roots.items()},
            {label: completed(each.environment, label, found) for label, each in roots.items()},
            labels,
        )

    @property
    def has_files(self) -> bool:
        return "" in self.names.values()

    @property
    def listed(self) -> str:
        return ", ".join(sorted(self.names.values())) or "none"

    def like(self, pattern: str) -> dict[str, tuple[str, ...]]:
        """Return the labels of the stacks whose names match a pattern, each with the texts that `*` stands for."""
        parts = re.compile("(.*)".join(map(re.escape, pattern.split("*"))), re.DOTALL)
        found = {label: parts.fullmatch(name) for label, name in self.names.items()}
        return {label: match.groups() for label, match in found.items() if match}


def _paired(pairs: Iterable[str], mine: _Stacks, theirs: _Stacks) -> dict[str, str]:
    """Return for the label of each stack of OLD the label of the stack of NEW that `--pair` pairs it with."""
    faults: list[str] = []
    found: list[tuple[str, str, str]] = []
    for pair in dict.fromkeys(pairs):
        fault = _fault(pair, mine, theirs)
        if fault:
            faults.append(f"--pair {pair!r} {fault}")
        else:
            found += [(pair, one, other) for one, other in _of_pair(pair, mine, theirs)]
    faults += _doubled(found, mine, theirs)
    if faults:
        raise ReviewError(faults)
    return {one: other for _, one, other in found}


def _doubled(found: Sequence[tuple[str, str, str]], mine: _Stacks, theirs: _Stacks) -> Iterator[str]:
    """Yield a sentence for each stack that is paired with two stacks of the other side."""
    for own, place in ((1, 2), (2, 1)):
        groups: dict[str, list[tuple[str, str, str]]] = {}
        for each in found:
            groups.setdefault(each[own], []).append(each)
        for group in groups.values():
            if len({each[place] for each in group}) > 1:
                pairs = " and ".join(dict.fromkeys(f"--pair {each[0]!r}" for each in group))
                ones, others = (
                    ", ".join(sorted({side.names[each[which]] for each in group}))
                    for side, which in ((mine, 1), (theirs, 2))
                )
                yield f"{pairs} pairs {ones} with {others}: a stack can be paired with one stack only"


def _fault(pair: str, mine: _Stacks, theirs: _Stacks) -> str:
    """Return what is wrong with a `--pair`, as the second half of a sentence; empty if nothing is."""
    old, _, new = pair.partition("=")
    if not old or not new or "=" in new:
        return "is no pair: give OLD=NEW, two names of stacks or patterns with '*'"
    if mine.has_files or theirs.has_files:
        return f"cannot be used: {_NO_NAME}"
    stars = (old.count("*"), new.count("*"))
    if all(stars) and stars[0] != stars[1]:
        return f"has {stars[0]} '*' for OLD and {stars[1]} for NEW: give as many on both sides, or none on one side"
    for side, pattern, stacks in (("OLD", old, mine), ("NEW", new, theirs)):
        if not stacks.like(pattern):
            return f"names no stack of {side}, which has {stacks.listed}"
    if not list(_of_pair(pair, mine, theirs)):
        return f"pairs no stack of OLD with one of NEW: OLD has {mine.listed}, NEW has {theirs.listed}"
    return ""


def _of_pair(pair: str, mine: _Stacks, theirs: _Stacks) -> Iterator[tuple[str, str]]:
    """Yield the pairs of stacks that `OLD=NEW` matches. If both patterns have `*`, it must stand for the same texts."""
    old, _, new = pair.partition("=")
    others: dict[tuple[str, ...], list[str]] = {}
    for other, texts in theirs.like(new).items():
        others.setdefault(texts, []).append(other)
    everyone = [each for group in others.values() for each in group]
    for one, texts in mine.like(old).items():
        for other in others.get(texts, ()) if texts and "*" in new else everyone:
            yield one, other


def _destroyed(named: Iterable[str], mine: _Stacks, theirs: _Stacks, pairs: Mapping[str, str]) -> list[str]:
    """Return the labels of the stacks of OLD that `--destroyed` names; raise `ReviewError` if it names a wrong one."""
    faults, found = [], []
    for each in dict.fromkeys(named):
        labels = [label for label, name in mine.names.items() if each in (label, name)]
        if mine.has_files:
            faults.append(f"--destroyed {each!r} cannot be used: {_NO_NAME}")
        elif not labels:
            faults.append(f"--destroyed {each!r} names no stack of OLD, which has {mine.listed}")
        elif each in (*theirs.names, *theirs.names.values()) or not pairs.keys().isdisjoint(labels):
            faults.append(f"--destroyed {each!r} is a stack of NEW as well, so it stays deployed: leave the option out")
        found += labels
    if faults:
        raise ReviewError(faults)
    return found


@dataclass(frozen=True, slots=True)
class _Names:
    """A name for each stack, the same on both sides if the stack is known to be the same.

    :param names: the names, by the side (`OLD` or `NEW`) and the label that the stack has on this side.
    """

    names: Mapping[tuple[str, str], str]

    @classmethod
    def of(cls, mine: _Stacks, theirs: _Stacks, pairs: Mapping[str, str]) -> "_Names":
        names: dict[tuple[str, str], str] = {}
        is_file = all(set(side.names.values()) == {""} and len(side.names) == 1 for side in (mine, theirs))
        paired = {("OLD", old): f"{old}={new}" for old, new in pairs.items()}
        paired |= {("NEW", new): f"{old}={new}" for old, new in pairs.items()}
        for side, stacks in (("OLD", mine), ("NEW", theirs)):
            for label, name in stacks.names.items():
                if (side, label) in paired:
                    names[side, label] = paired[side, label]
                elif not name:
                    names[side, label] = _FILE if is_file else f"{side}={label}"
                elif _is_elsewhere(name, mine, theirs):
                    names[side, label] = f"{side}={label}"
                else:
                    names[side, label] = name if _is_one(name, mine, theirs) else f"{name}={label}"
        return cls(names)

    def of_side(self, side: str, label: str) -> str:
        """Return the common name of the stack that has this label on this side."""
        return self.names.get((side, label), f"{side}={label}")

    def of_unread(self, side: str, unread: Unread) -> Unread:
        """Return an unread part of this side, with its stack renamed to the common name."""
        if not unread.part.home.label:
            # The part belongs to the whole assembly, not to one stack.
            return unread
        home = replace(unread.part.home, name=self.of_side(side, unread.part.home.label))
        return replace(unread, part=replace(unread.part, home=home))


def _is_one(name: str, *sides: _Stacks) -> bool:
    """Return whether at most one stack on each side has this name. Two stages may use it in two accounts."""
    return all(len(side.labels.get(name, ())) <= 1 for side in sides)


def _is_elsewhere(name: str, mine: _Stacks, theirs: _Stacks) -> bool:
    """Return whether the two sides mean different stacks by a name: stacks known to be in two accounts or regions."""
    if not _is_one(name, mine, theirs):
        return False
    places = [stacks.environments[label] for stacks in (mine, theirs) for label in stacks.labels.get(name, ())]
    return len({each.account for each in places} - {None}) > 1 or len({each.region for each in places} - {None}) > 1


def _moved(
    earlier: Iterable[Declared],
    later: Sequence[Declared],
    pairs: Mapping[str, str],
    names: _Names,
    after: Deployment,
) -> Iterator[Declared]:
    """Yield the policies of OLD. Those of a paired stack get the account and region of its counterpart in NEW."""
    places: dict[str, KnownEnvironment] = {}
    environments: dict[str, set[KnownEnvironment]] = {}
    for each in later if pairs else ():
        if not each.sent:
            environments.setdefault(each.home.name, set()).add(each.environment)
    for label in pairs.values():
        name = names.of_side("NEW", label)
        found = environments.get(name, set())
        root = after.templates.get((name, ""))
        places[name] = next(iter(found)) if len(found) == 1 else root.environment if root else KnownEnvironment()
    for policy in earlier:
        place = places.get(policy.home.name)
        own = {"account", "region"} - policy.sent
        known = {part: value for part in own if place and (value := getattr(place, part))}
        yield replace(policy, environment=replace(policy.environment, **known)) if known else policy

"""What was not read of what is reviewed, where it is, and whether somebody stands for it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ses_sending_policy.analysis.findings.catalogue import UNREAD
from ses_sending_policy.analysis.reading.scope import at
from ses_sending_policy.analysis.reading.strict import brief
from ses_sending_policy.analysis.reading.unread import UnreadPart
from ses_sending_policy.review.constructs import Acknowledgement, Constructs
from ses_sending_policy.review.options import ACCEPT_UNREAD
from ses_sending_policy.rules.document import Json, compact
from ses_sending_policy.rules.lookups import TOLD


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that may carry a sending policy, and was not read.

    :param part: what it is.
    :param path: that of its construct, or nothing where that is not known.
    :param acknowledgement: who stands for it, or None where nobody does.
    """

    part: UnreadPart
    path: str
    acknowledgement: Acknowledgement | None

    @classmethod
    def of(cls, part: UnreadPart, constructs: Constructs, accepted: Collection[str] = ()) -> "Unread":
        """Return the part with what the assembly knows of it.

        :param accepted: what the command line accepts, each as `STACK/ID`. Default: - nothing.
        """
        said = constructs.acknowledgement(part, UNREAD)
        if said is None and part.owner in accepted:
            said = Acknowledgement(f"accepted by {ACCEPT_UNREAD}", "")
        return cls(part, constructs.path(part), said)

    @property
    def origin(self) -> str:
        """Where a person looks for it: in the app, or else in the stack."""
        return self.path or self.part.owner

    @property
    def message(self) -> str:
        """What it is, and why it was not read."""
        return f"{self.part.what} may carry a sending policy, and was not read: {self.part.why}"

    @property
    def advice(self) -> str:
        """What to do about it, or why nothing is done."""
        if self.acknowledgement is None:
            return f"look at it, and then acknowledge {UNREAD} on it, or pass {ACCEPT_UNREAD} {self.part.owner!r}"
        at, reason = self.acknowledgement.at, self.acknowledgement.reason
        return f"accepted on {at}: {reason}" if at else reason

    @property
    def sentence(self) -> str:
        """All of that in a line."""
        return f"{self.part.owner!r}: {self.message}; {self.advice}"


def never_looked_up(manifest: Path, missing: Json) -> Iterator[UnreadPart]:
    """Yield what is to be said of the lookups in an assembly that have no value yet: any text may stand for one.

    :param manifest: that of the assembly, or of a stage in it.
    :param missing: what it lists of them.
    """
    lookups = missing if isinstance(missing, list) else []
    keys = [brief(at(each, "key")) for each in lookups if str(at(each, "provider")) not in TOLD]
    if keys:
        others = f", and {len(keys) - 1} more," if keys[1:] else ""
        why = f"{keys[0]}{others} was never looked up: run `npx cdk synth` where it may ask the account"
        what = "what is made of lookups"
        yield UnreadPart(str(manifest.parent), "missing", what, why, str(manifest), compact(missing))


def unseen(parts: Iterable[Unread]) -> list[str]:
    """Return a sentence for each part that nobody stands for."""
    return [each.sentence for each in parts if each.acknowledgement is None]


def noted(parts: Iterable[Unread]) -> list[str]:
    """Return the same for who compares what was read alone, and need not stand for the rest."""
    return [f"{each.part.owner!r}: {each.message}" for each in parts if each.acknowledgement is None]


@dataclass(frozen=True, slots=True)
class Compared:
    """Something that was not read on one side of a comparison, or is the same on both.

    :param unread: the part, of the side after where it is there.
    :param before: whether it is there before.
    :param after: whether it is there after.
    """

    unread: Unread
    before: bool
    after: bool

    @property
    def may_change(self) -> bool:
        """Whether it may change what is allowed, and nobody stands for it."""
        return self.unread.acknowledgement is None and self.before != self.after


def compared(old: Sequence[Unread], new: Sequence[Unread]) -> list[Compared]:
    """Return what was not read of two sides, once where both have the same.

    :param old: that of before; its deployed stacks have one name with those of after that they are.
    :param new: that of after.
    """
    before, after = ([(_key(each), each) for each in side] for side in (old, new))
    accepted = {key[:3]: each.acknowledgement for key, each in after if each.acknowledgement}
    return [*_of_after(before, after), *_gone(before, after, accepted)]


_Key = tuple[str, str, str, str]


def _key(unread: Unread) -> _Key:
    part = unread.part
    return part.home.name, part.home.within, part.logical_id, part.content


def _of_after(before: list[tuple[_Key, Unread]], after: list[tuple[_Key, Unread]]) -> Iterator[Compared]:
    left = Counter(key for key, _ in before)
    for key, each in after:
        yield Compared(each, before=left[key] > 0, after=True)
        left[key] -= 1


def _gone(
    before: list[tuple[_Key, Unread]],
    after: list[tuple[_Key, Unread]],
    accepted: dict[tuple[str, str, str], Acknowledgement],
) -> Iterator[Compared]:
    left = Counter(key for key, _ in after)
    for key, each in before:
        left[key] -= 1
        if left[key] < 0:
            # Who stands for what is there now stands for what it was as well.
            said = each.acknowledgement or accepted.get(key[:3])
            yield Compared(replace(each, acknowledgement=said), before=True, after=False)

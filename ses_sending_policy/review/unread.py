"""The parts that may contain a sending policy and were not read: where each is, and whether it is acknowledged."""

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
from ses_sending_policy.rules.lookups import PROVIDERS_OF_KNOWN_DUMMIES


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a template that may contain a sending policy, and was not read.

    :param part: the part.
    :param path: the path of its construct, or empty if it is not known.
    :param acknowledgement: the acknowledgement that it need not be read, or None.
    """

    part: UnreadPart
    path: str
    acknowledgement: Acknowledgement | None

    @classmethod
    def of(cls, part: UnreadPart, constructs: Constructs, accepted: Collection[str] = ()) -> "Unread":
        """Return a part with its construct and acknowledgement.

        :param accepted: the parts that the command line accepts, each as `STACK/ID`. Default: - none.
        """
        said = constructs.acknowledgement(part, UNREAD)
        if said is None and part.owner in accepted:
            said = Acknowledgement(f"accepted by {ACCEPT_UNREAD}", "")
        return cls(part, constructs.path(part), said)

    @property
    def origin(self) -> str:
        """Where a reader finds the part: the path of its construct, or else its stack and logical id."""
        return self.path or self.part.owner

    @property
    def message(self) -> str:
        """A sentence: what the part is, and why it was not read."""
        return f"{self.part.what} may carry a sending policy, and was not read: {self.part.why}"

    @property
    def advice(self) -> str:
        """What to do about the part, or if it is acknowledged, the reason for that."""
        if self.acknowledgement is None:
            return f"look at it, and then acknowledge {UNREAD} on it, or pass {ACCEPT_UNREAD} {self.part.owner!r}"
        at, reason = self.acknowledgement.at, self.acknowledgement.reason
        return f"accepted on {at}: {reason}" if at else reason

    @property
    def sentence(self) -> str:
        """The part, why it was not read and what to do, in one line."""
        return f"{self.part.owner!r}: {self.message}; {self.advice}"


def never_looked_up(manifest: Path, missing: Json) -> Iterator[UnreadPart]:
    """Yield one unread part for all context lookups that have no value yet, and whose value may be any text.

    :param manifest: the manifest of the assembly, or of a stage in it.
    :param missing: the lookups without a value, as the manifest lists them.
    """
    lookups = missing if isinstance(missing, list) else []
    keys = [brief(at(each, "key")) for each in lookups if str(at(each, "provider")) not in PROVIDERS_OF_KNOWN_DUMMIES]
    if keys:
        others = f", and {len(keys) - 1} more," if keys[1:] else ""
        why = f"{keys[0]}{others} was never looked up: run `npx cdk synth` where it may ask the account"
        what = "a value from a context lookup"
        yield UnreadPart(str(manifest.parent), "missing", what, why, str(manifest), compact(missing))


def unseen(parts: Iterable[Unread]) -> list[str]:
    """Return a sentence for each part that is not acknowledged."""
    return [each.sentence for each in parts if each.acknowledgement is None]


def noted(parts: Iterable[Unread]) -> list[str]:
    """Return a sentence without advice for each part that is not acknowledged."""
    return [f"{each.part.owner!r}: {each.message}" for each in parts if each.acknowledgement is None]


@dataclass(frozen=True, slots=True)
class Compared:
    """An unread part in a comparison. It is on the side before, on the side after, or the same on both.

    :param unread: the part; if it is on both sides, that of the side after.
    :param before: whether it is on the side before.
    :param after: whether it is on the side after.
    """

    unread: Unread
    before: bool
    after: bool

    @property
    def may_change(self) -> bool:
        """Whether the part is on one side only, so that it may change what is allowed, and is not acknowledged."""
        return self.unread.acknowledgement is None and self.before != self.after


def compared(old: Sequence[Unread], new: Sequence[Unread]) -> list[Compared]:
    """Return the unread parts of two sides; one that is the same on both sides only once.

    :param old: the parts before. A stack that is on both sides must have the same name in `old` and `new`.
    :param new: the parts after.
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
            # If a part changed, an acknowledgement of the part after also holds for the part before.
            said = each.acknowledgement or accepted.get(key[:3])
            yield Compared(replace(each, acknowledgement=said), before=True, after=False)

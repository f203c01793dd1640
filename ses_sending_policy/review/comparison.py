"""The result of `diff`: what changes between the policies of two assemblies or templates."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import Final

from ses_sending_policy.analysis.grants.change import Change, ComparedGrant, Verdict
from ses_sending_policy.analysis.grants.difference import Difference, difference, with_witnesses
from ses_sending_policy.analysis.grants.environments import settled
from ses_sending_policy.analysis.grants.staying import Aftermath, Staying
from ses_sending_policy.review.assembly import Reviewed
from ses_sending_policy.review.explanation import place_of
from ses_sending_policy.review.pairing import Options, Sides
from ses_sending_policy.review.unread import Compared, compared


class DifferenceFailOn(StrEnum):
    """The changes that make a comparison fail."""

    BROADENED = "broadened"
    """More is allowed than before, or may be."""
    ANY = "any"
    """Any change of what is allowed."""
    NEVER = "never"


_FAILING: Final = {
    DifferenceFailOn.BROADENED: frozenset(each for each in Verdict if each.may_allow_more),
    DifferenceFailOn.ANY: frozenset(Verdict) - {Verdict.UNCHANGED},
    DifferenceFailOn.NEVER: frozenset(),
}


_NOTHING: Final = Options()


def _compared(sides: Sides) -> tuple[Difference, list[Staying]]:
    """Return the changes between both sides, and the policies that stay at SES or may be deleted.

    A policy that is known to stay counts as still there. One that may stay, or that the deploy may not write, counts as
    possibly there.
    """
    earlier, later = settled(sides.old, sides.new)
    aftermath = Aftermath(sides.before, sides.after, later, sides.destroyed, sides.orphaned)
    stays = [*aftermath.staying(earlier), *aftermath.endangered(earlier)]
    unwritten = [*aftermath.unwritten(earlier), *(each.policy for each in stays if each.is_declared)]
    there = [each for each in later if each not in unwritten]
    there += [each.policy for each in stays if each.stay.is_sure]
    doubtful = [*unwritten, *(each.policy for each in stays if not each.stay.is_sure)]
    return difference(earlier, there, doubtful), stays


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes between two assemblies or templates (the sides before and after), and which constructs it is in.

    :param difference: the changes.
    :param old: the policies before.
    :param new: the policies after.
    :param stays: the policies that are no longer declared but may stay at SES, and the declared ones that may be
        deleted at SES.
    :param unread: the parts of both sides that were not read. Default: - none.
    """

    difference: Difference
    old: Reviewed
    new: Reviewed
    stays: Sequence[Staying] = ()
    unread: Sequence[Compared] = ()

    @classmethod
    def of(cls, old: Reviewed, new: Reviewed, options: Options = _NOTHING) -> "Comparison":
        """Return what changes if `new` replaces `old`; raise `ReviewError` if the options name stacks wrongly.

        :param options: which stacks of `old` are which of `new`, and which are destroyed. Default: - stacks with equal
            names are the same.
        """
        sides = Sides.of(old, new, options)
        found, stays = _compared(sides)
        if old.proven is not old.policies or new.proven is not new.policies:
            likely = Sides.of(replace(old, unassuming=None), replace(new, unassuming=None), options)
            found = with_witnesses(found, _compared(likely)[0])
        # Some parts are unread only if parameters may have other values than their defaults. They are listed only if
        # they differ between the sides.
        told = {each.part.owner for side in (old, new) for each in side.unread}
        parts = compared(sides.unread_old, sides.unread_new)
        unread = [each for each in parts if each.before != each.after or each.unread.part.owner in told]
        return cls(found, old, new, stays, unread)

    @property
    def verdict(self) -> Verdict:
        """The verdict of all changes together: at least `changed` if an unread part may allow more than before."""
        verdicts = list(Verdict)
        least = Verdict.CHANGED if any(each.may_change for each in self.unread) else Verdict.UNCHANGED
        return min(self.difference.verdict, least, key=verdicts.index)

    def fails(self, fail_on: DifferenceFailOn) -> bool:
        """Return whether the verdict is one of those that `fail_on` includes."""
        return self.verdict in _FAILING[fail_on]

    @property
    def counts(self) -> list[tuple[Verdict, int]]:
        """The number of changes for each verdict that occurs."""
        found = Counter(change.verdict for change in self.difference.changes)
        return [(verdict, found[verdict]) for verdict in Verdict if found[verdict]]

    def by_identity(self) -> Iterator[tuple[str, list[Change]]]:
        """Yield a heading for each identity, with its account and region, and the changes of its grants."""
        for _, group in groupby(self.difference.changes, lambda change: change.place):
            changes = list(group)
            yield f"{changes[0].identity} in {place_of(changes[0].policy)}", changes

    def staying_by_identity(self) -> Iterator[tuple[str, list[Staying]]]:
        """Yield a heading for each identity, with its account and region, and its policies in `stays`."""
        headings: dict[str, list[Staying]] = {}
        for each in self.stays:
            headings.setdefault(f"{each.policy.identity_text} in {place_of(each.policy)}", []).append(each)
        yield from headings.items()

    def origin_of(self, staying: Staying) -> str:
        """Return the path of the construct of a policy in `stays`, or else the policy's stack and logical id."""
        return self.path_of(staying) or staying.policy.owner

    def path_of(self, staying: Staying) -> str:
        """Return the path of the construct of a policy in `stays`, or empty if it is not known."""
        return (self.new if staying.is_declared else self.old).constructs.path(staying.policy)

    def compared_grants(self, change: Change) -> Iterator[tuple[str, ComparedGrant, str]]:
        """Yield each grant of a change: `before` or `after`, the grant, and the path of its policy's construct."""
        for side, constructs, grants in (
            ("before", self.old.constructs, change.grants_before),
            ("after", self.new.constructs, change.grants_after),
        ):
            for entry in grants:
                yield side, entry, constructs.path(entry.policy)

    def path(self, change: Change) -> str:
        """Return the path of the construct whose policy a change is about; empty if it is not known.

        It is taken from the side after, unless the change has no grants there.
        """
        return (self.new if change.after else self.old).constructs.path(change.policy)

    def origin(self, change: Change) -> str:
        """Return where a reader finds the policy of a change: as `path`, or else its stack and logical id."""
        return self.path(change) or change.policy.owner

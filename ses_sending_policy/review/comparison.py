"""What changes between two reviews: who may send as what, before and after."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final

from ses_sending_policy.analysis.grants.change import Change, Standing, Verdict
from ses_sending_policy.analysis.grants.difference import Difference, difference, with_witnesses
from ses_sending_policy.review.assembly import Reviewed


class DifferenceFailOn(StrEnum):
    """What fails a comparison."""

    BROADENED = "broadened"
    """More is allowed than before, or may be."""
    ANY = "any"
    """Any change of what is allowed."""
    NEVER = "never"


_FAILING: Final = {
    DifferenceFailOn.BROADENED: frozenset({Verdict.BROADENED, Verdict.CHANGED}),
    DifferenceFailOn.ANY: frozenset(Verdict) - {Verdict.UNCHANGED},
    DifferenceFailOn.NEVER: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a change of policies changes, and where a person looks for it.

    :param difference: the changes.
    :param old: what there was before.
    :param new: what takes its place.
    """

    difference: Difference
    old: Reviewed
    new: Reviewed

    @classmethod
    def of(cls, old: Reviewed, new: Reviewed) -> "Comparison":
        """Return what `new` changes that takes the place of `old`."""
        proven = difference(old.proven, new.proven)
        if old.proven is old.policies and new.proven is new.policies:
            return cls(proven, old, new)
        return cls(with_witnesses(proven, difference(old.policies, new.policies)), old, new)

    @property
    def verdict(self) -> Verdict:
        """What all changes together mean."""
        return self.difference.verdict

    def fails(self, fail_on: DifferenceFailOn) -> bool:
        """Return whether that is what somebody wants to be stopped by."""
        return self.verdict in _FAILING[fail_on]

    @property
    def counts(self) -> list[tuple[Verdict, int]]:
        """How many changes there are of each verdict that there is one of."""
        found = Counter(change.verdict for change in self.difference.changes)
        return [(verdict, found[verdict]) for verdict in Verdict if found[verdict]]

    def by_identity(self) -> Iterator[tuple[str, list[Change]]]:
        """Yield the changes of each identity in one place, under what people call the two."""
        for place, group in groupby(self.difference.changes, lambda change: change.place):
            changes = list(group)
            account = f"account {place.account}" if place.account else ""
            where = ", ".join(filter(None, (account, place.region)))
            yield f"{changes[0].identity} in {where}" if where else changes[0].identity, changes

    def sides(self, change: Change) -> Iterator[tuple[str, Standing, str]]:
        """Yield each grant that a change is about: `before` or `after`, the grant, and where to look for its policy."""
        for side, constructs, grants in (
            ("before", self.old.constructs, change.standing_before),
            ("after", self.new.constructs, change.standing_after),
        ):
            for standing in grants:
                yield side, standing, constructs.path(standing.policy)

    def path(self, change: Change) -> str:
        """Return the path of the construct that a reviewer looks at first, or nothing where that is not known."""
        return (self.new if change.after else self.old).constructs.path(change.policy)

    def origin(self, change: Change) -> str:
        """Return where a reviewer looks first: in the app, or else in the stack."""
        return self.path(change) or change.policy.owner

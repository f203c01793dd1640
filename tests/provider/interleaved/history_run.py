"""Plays one history from its plan, and checks it."""

from collections import Counter
from dataclasses import dataclass, field

from tests.provider.interleaved.deliveries import Cloud
from tests.provider.interleaved.invariants import Invariants
from tests.provider.interleaved.ledger import Write
from tests.provider.interleaved.plan import ByHand, Deploy, Odd, Plan, Remove, Trouble, Unanswered
from tests.provider.interleaved.record import Answers, Record
from tests.provider.interleaved.rest import Rest
from tests.provider.interleaved.ses import Ses
from tests.provider.interleaved.stacks import Engine
from tests.provider.interleaved.timeline import Timeline
from tests.support.clocks import BEGIN

_MOST_STEPS = 20_000


@dataclass
class Played:
    """The result of a plan.

    :param lines: the history, as text.
    :param wrongs: the violations.
    """

    plan: Plan
    lines: list[str] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)
    residues: Counter[str] = field(default_factory=Counter)
    kinds: frozenset[str] = frozenset()
    steps: int = 0

    @property
    def story(self) -> str:
        """The history as one text, with its violations last."""
        return "\n".join([str(self.plan.reading), *map(str, self.plan.items), *self.lines, *self.wrongs])


class HistoryRun:
    """A history and everything in it.

    :param plan: what is to happen.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.lines: list[str] = []
        self.timeline = Timeline()
        self.invariants = Invariants(self.timeline, plan.reading, self.tells)
        records: dict[str, Record] = {}
        troubles = tuple(item for item in plan.items if isinstance(item, Trouble))
        self.ses = Ses(self.timeline, plan.reading, troubles, self.invariants.applied, plan.seed)
        spells = tuple(item for item in plan.items if isinstance(item, Unanswered))
        odds = tuple(item for item in plan.items if isinstance(item, Odd))
        cloud = Cloud(
            self.timeline,
            self.ses,
            Answers(records, plan.reading, spells, plan.seed),
            self.invariants,
            self.tells,
            reading=plan.reading,
            odds=odds,
            seed=plan.seed,
        )
        self.engine = Engine(
            self.timeline, cloud, self.invariants, self.tells, records=records, reading=plan.reading, seed=plan.seed
        )
        self._rest = Rest(self.invariants, self.ses, records)

    def tells(self, who: str, line: str) -> None:
        """Add a line to the history."""
        self.lines.append(f"{self.timeline.now - BEGIN:>10.3f} {who:<12} {line}")

    def play(self) -> None:
        """Let everything happen that is planned, and check the result."""
        by_stack: dict[str, list[Deploy | Remove]] = {}
        for item in self.plan.items:
            if isinstance(item, Deploy | Remove):
                by_stack.setdefault(item.stack, []).append(item)
            elif isinstance(item, ByHand):
                self.timeline.at(BEGIN + item.at, lambda item=item: self._by_hand(item))  # type: ignore[misc]  # mypy knows no defaults of a lambda
        for name, items in by_stack.items():
            self.engine.play(name, sorted(items, key=lambda item: item.at))
        self._to_rest()

    def tear_down(self) -> None:
        """Delete all stacks, and check what is left."""
        self.tells("everything", "is deleted")
        for name in list(self.engine.stacks):
            self.engine.play(name, [Remove(self.timeline.now - BEGIN, name)])
        self._to_rest()

    def _to_rest(self) -> None:
        if not self.timeline.run(_MOST_STEPS):
            self.invariants.wrong("it never comes to rest")
        elif self.engine.busy:
            self.invariants.wrong("CloudFormation waits for ever")
        else:
            self._rest.look()

    def _by_hand(self, item: ByHand) -> None:
        before = self.ses.live(item.place[0]).get(item.place[1])
        self.ses.by_hand(item.place, item.text)
        self.invariants.ledger.note(item.place, Write(self.timeline.now, "", "", before, item.text))
        self.tells("somebody", f"writes {item.place} by hand: {item.text}")

    @property
    def played(self) -> Played:
        """The result so far."""
        invariants = self.invariants
        return Played(
            self.plan,
            self.lines,
            invariants.wrongs,
            invariants.residues,
            frozenset(invariants.kinds),
            self.timeline.steps,
        )


def play(plan: Plan) -> Played:
    """Play a plan until everything is deleted; return the result."""
    world = HistoryRun(plan)
    world.play()
    if not world.invariants.wrongs:
        world.tear_down()
    return world.played

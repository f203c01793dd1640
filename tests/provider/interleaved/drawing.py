"""Random plans: small, so that their parts interact, and each with two kinds of faults that must come together."""

import json
from dataclasses import dataclass, field
from random import Random
from typing import Final

from tests.provider.interleaved.coverage import KINDS, PAIRS
from tests.provider.interleaved.plan import (
    ByHand,
    Declared,
    Deploy,
    Item,
    Odd,
    Place,
    Plan,
    Reading,
    Remove,
    Template,
    Trouble,
    Unanswered,
    document,
)

PLACES: Final[tuple[Place, ...]] = (("example.com", "partner"), ("example.com", "other"), ("other.example", "partner"))
NAMES: Final = ("A", "B", "C")
_STACKS: Final = ("Mail", "Other")
_WRITES: Final = ("update_email_identity_policy", "create_email_identity_policy", "delete_email_identity_policy")

# How often a kind is wanted that is not one of the pair; 0.2 by default. `drops-id` changes what all others can be held
# to, and overlaps come up by themselves.
_SHARES: Final = {
    "drops-id": 0.1,
    "stale-read": 0.3,
    "denied-cfn": 0.25,
    "overlap-create": 0.1,
    "overlap-delete": 0.1,
    "adoption-race": 0.1,
    "throttled-ses": 0.1,
    "doubtful-write": 0.3,
    "refused-write": 0.35,
}


def drawn(seed: int) -> Plan:
    """Return the plan of a seed."""
    return _Drawing(seed).plan()


@dataclass
class _Drawing:
    """Makes one random plan.

    :param seed: of the random numbers; it also selects the pair of kinds.
    """

    seed: int
    items: list[Item] = field(default_factory=list)
    templates: dict[str, dict[str, Declared]] = field(default_factory=lambda: {name: {} for name in _STACKS})
    sent: dict[str, int] = field(default_factory=dict)
    """About how many events each resource will have had."""

    def __post_init__(self) -> None:
        self.random = Random(f"plan {self.seed}")
        self.wants = set(PAIRS[self.seed % len(PAIRS)])
        self.wants |= {kind for kind in KINDS if self.random.random() < _SHARES.get(kind, 0.2)}

    def plan(self) -> Plan:
        """Return the plan."""
        reading = self._reading()
        if self.random.random() < 0.3:
            self._by_hand(0)
        at = {"Mail": self.random.uniform(0, 3), "Other": self.random.uniform(0, 40)}
        for number in range(self.random.choice((3, 4, 5, 6))):
            stack = _STACKS[number % 2] if number < 2 else self.random.choice(_STACKS)
            self._operation(stack, at[stack])
            at[stack] += self.random.choice((1.5, 8.0, 25.0, 60.0)) * self.random.uniform(0.7, 1.3)
        if self.wants & {"overlap-update", "rename"}:
            self._overtaken(max(at.values()))
        if self.wants & {"adoption-race", "overlap-delete"}:
            self._race(max(at.values()) + self.random.choice((0, 30, 90)))
        if self.random.random() < 0.1:
            self._by_hand(self.random.uniform(0, max(at.values())))
        self._oddities()
        self._troubles(max(at.values()) + 60)
        return Plan(self.seed, reading, tuple(self.items))

    def _by_hand(self, at: float) -> None:
        """Add a policy that is written or deleted by hand."""
        place = self.random.choice(PLACES) if at else PLACES[0]
        text = {"Id": "of a person"} | document(self.random.randrange(2), place[0])
        gone = bool(at) and self.random.random() < 0.3
        self.items.append(ByHand(at, place, None if gone else json.dumps(text, separators=(",", ":"))))

    def _reading(self) -> Reading:
        random = self.random
        stale = random.uniform(1.0, 3.0) if "stale-read" in self.wants or random.random() < 0.2 else 0.0
        denied: tuple[str, ...] = ()
        if "denied-cfn" in self.wants and random.random() < 0.7:
            denied = random.choice((("*",), ("describe_stack_events",), ("describe_stack_resource",)))
        return Reading(
            quota=random.choice(("over_all", "each")) if "throttled-ses" in self.wants else "",
            update_missing=random.choice(("not-found", "upsert", "no-op")),
            delete_missing=random.choice(("not-found", "ok")),
            drops_id="drops-id" in self.wants,
            canonical=random.random() < 0.2,
            stale=stale,
            stale_share=random.choice((0.4, 0.8, 1.0)) if stale else 0.0,
            denied=denied,
            updates_back=random.random() < 0.7,
            fillers=18 if random.random() < 0.03 else 0,
        )

    def _declared(self, name: str, stack: str) -> Declared:
        random = self.random
        before = self.templates[stack].get(name)
        place = random.choice(PLACES)
        if before is not None and not ("rename" in self.wants and random.random() < 0.6):
            place = before.place
        when = random.choice(("FAIL", "FAIL", "ADOPT", "OVERWRITE"))
        if "adoption-race" in self.wants and when == "FAIL":
            when = random.choice(("FAIL", "ADOPT"))
        return Declared(place, random.choice((0, 0, 1, 2, 3)), when, random.choice(("DELETE", "DELETE", "RELEASE")))

    def _operation(self, stack: str, at: float) -> None:
        """Deploy a stack with some of its resources changed, added or removed; or delete it."""
        random, template = self.random, self.templates[stack]
        if template and random.random() < 0.12:
            self.items.append(Remove(at, stack))
            self._hold(stack, list(template), at, 20)
            template.clear()
            return
        before = dict(template)
        for name in random.sample(NAMES, random.choice((1, 1, 2))):
            if name in template and random.random() < 0.15:
                del template[name]
            else:
                template[name] = self._declared(name, stack)
        overlaps = self.wants & {"overlap-update", "overlap-create", "overlap-delete"}
        fails = random.random() < (0.6 if overlaps else 0.25)
        after = random.choice((0.3, 2.0, 6.0, 14.0)) * random.uniform(0.5, 1.5) if fails else None
        self.items.append(Deploy(at, stack, _frozen(template), after, random.choice((0.1, 0.5, 3.0, 10.0))))
        changed = [name for name in template if before.get(name) != template[name]]
        if after is not None:
            if overlaps:
                self._hold(stack, changed, at, after + random.choice((0.5, 3.0, 12.0, 40.0)))
            self.templates[stack] = before
        for name in changed:
            self.sent[f"{stack}/{name}"] = self.sent.get(f"{stack}/{name}", 0) + (1 if after is None else 2)

    def _hold(self, stack: str, names: list[str], at: float, seconds: float) -> None:
        """Let SES delay the next event of some resources."""
        for name in names:
            who = f"{stack}/{name}#{self.sent.get(f'{stack}/{name}', 0) + 1}"
            kind = self.random.choice(("throttled", "throttled", "slow"))
            operation = self.random.choice(("", *_WRITES))
            self.items.append(Trouble(at, seconds, kind, operation, who, value=self.random.uniform(2, 9.9)))

    def _overtaken(self, at: float) -> None:
        """Let an Update be rolled back while its function waits."""
        random, template = self.random, self.templates["Mail"]
        before = template.setdefault("A", Declared(PLACES[0], 0, "OVERWRITE", random.choice(("DELETE", "RELEASE"))))
        self.items.append(Deploy(at, "Mail", _frozen(template)))
        others = [place for place in PLACES if place != before.place]
        place = random.choice(others) if "rename" in self.wants and random.random() < 0.7 else before.place
        changed = Declared(place, 2 if before.says != 2 else 0, random.choice(("FAIL", "ADOPT")), before.on_delete)
        at += random.choice((4.0, 20.0, 20.0))
        after, pause = random.choice((0.4, 2.0, 8.0, 14.0)), random.choice((0.1, 0.5, 3.0))
        self.items.append(Deploy(at, "Mail", _frozen(template | {"A": changed}), after, pause))
        kind, operation = random.choice(("throttled", "throttled", "slow")), random.choice(("", *_WRITES[:2]))
        until = after + pause + random.uniform(0, 4)
        self.items.append(Trouble(at, until, kind, operation, "Mail/A", value=random.uniform(3, 9.9)))
        self.sent["Mail/A"] = self.sent.get("Mail/A", 0) + 3
        if random.random() < 0.3:
            newer = Declared(before.place, 3, "FAIL", before.on_delete)
            self.items.append(Deploy(at + until, "Mail", _frozen(template | {"A": newer})))

    def _race(self, at: float) -> None:
        """Let both stacks deploy the same policy at once."""
        random, place = self.random, self.random.choice(PLACES)
        declared = Declared(place, 0, random.choice(("FAIL", "ADOPT")), random.choice(("DELETE", "RELEASE")))
        self.templates["Mail"]["A"] = declared
        self.items.append(Deploy(at, "Mail", _frozen(self.templates["Mail"])))
        taking = Declared(place, random.choice((0, 1, 2)), random.choice(("ADOPT", "OVERWRITE")), "RELEASE")
        self.templates["Other"]["B"] = taking
        begins = at + random.choice((0.0, 5.0, 30.0, 60.0))
        fails = random.choice((None, None, 2.0, 20.0))
        self.items.append(Deploy(begins, "Other", _frozen(self.templates["Other"]), fails, 0.5))
        narrowed = self.templates["Mail"] | {"A": Declared(place, 2, "FAIL")}
        close = begins + random.uniform(-3, 3)
        self.items.append(Remove(close, "Mail") if random.random() < 0.5 else Deploy(close, "Mail", _frozen(narrowed)))
        if random.random() < 0.7:
            who = random.choice(("Mail", "Other/B", "Mail/A"))
            self.items.append(Trouble(begins, random.uniform(5, 90), "throttled", random.choice(("", *_WRITES)), who))

    def _oddities(self) -> None:
        """Add oddities to the delivery of some events."""
        random = self.random
        values = {
            "clock-behind": ("clock", (-600.0, -60.0, -6.0)),
            "clock-ahead": ("clock", (600.0, 60.0, 6.0)),
            "lost-answer": ("lost", (1.0, 1.0, 2.0, 3.0)),
            "double-delivery": ("double", (0.0, 1.0, 20.0, 90.0, 300.0)),
            "killed": ("killed", (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 9.0)),
        }
        for want, (kind, choices) in values.items():
            for who in [each for each in self._whos() if want in self.wants and random.random() < 0.4]:
                odd = "taken" if kind == "lost" and random.random() < 0.3 else kind
                self.items.append(Odd(who, odd, random.choice(choices)))
        for who in self._whos():
            if random.random() < 0.03:
                self.items.append(Odd(who, "queued", random.uniform(2, 60)))

    def _whos(self) -> list[str]:
        return [f"{who}#{number}" for who, sent in sorted(self.sent.items()) for number in range(1, sent + 1)]

    def _troubles(self, end: float) -> None:
        """Add faults of SES and CloudFormation for some time."""
        random = self.random
        times = [item.at for item in self.items if isinstance(item, Deploy | Remove)]

        def spell(kind: str, operation: str = "", share: float = 1.0, *, long: bool = False) -> None:
            seconds = random.choice((1.0, 5.0, 30.0, 100.0) if long else (2.0, 8.0, 20.0))
            value = random.choice((0.5, 2.0, 6.0)) if kind == "late" else 5.0
            # Begins near an operation, because most of the time nothing happens.
            begin = max(0.0, random.choice(times) + random.uniform(-2, 6))
            self.items.append(Trouble(begin, seconds, kind, operation, "", share, value))

        if "throttled-ses" in self.wants:
            spell("throttled", share=0.9, long=True)
        if "doubtful-write" in self.wants:
            for _ in range(3):
                spell(random.choice(("lost", "late", "reset")), random.choice(_WRITES[:2]), 0.5, long=True)
        if "refused-write" in self.wants:
            for _ in range(2):
                spell("refused", random.choice(_WRITES), 0.8, long=True)
        if random.random() < 0.1:
            spell("unavailable", share=0.7)
        if random.random() < 0.15 or ("denied-cfn" in self.wants and random.random() < 0.5):
            kind = random.choice(("denied", "throttled", "unreachable"))
            self.items.append(Unanswered(random.uniform(0, end), random.choice((3.0, 30.0, 200.0)), kind, share=0.8))


def _frozen(template: dict[str, Declared]) -> Template:
    return tuple(sorted(template.items()))

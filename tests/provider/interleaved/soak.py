"""Plays the histories of many seeds, and counts what came up."""

import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.provider.interleaved.coverage import pairs_of, report
from tests.provider.interleaved.drawing import drawn
from tests.provider.interleaved.history_run import Played, play
from tests.provider.interleaved.residues import RESIDUES

LEAST = 200
"""How often a soak must reach each pair of faults."""


@dataclass
class Tally:
    """The counts over many histories."""

    histories: int = 0
    steps: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    residues: Counter[str] = field(default_factory=Counter)
    began: float = field(default_factory=time.monotonic)

    def plays(self, seed: int) -> Played:
        """Play the history of a seed, and count what came up."""
        played = play(drawn(seed))
        self.histories += 1
        self.steps += played.steps
        self.kinds.update(played.kinds)
        self.pairs.update(pairs_of(played.kinds))
        self.residues.update(played.residues)
        return played

    def tell(self) -> None:
        """Print the counts."""
        seconds = time.monotonic() - self.began
        lines = [f"{self.histories:>8} histories", f"{self.steps:>8} steps"]
        lines += [f"{count:>8} histories with {kind}" for kind, count in sorted(self.kinds.items())]
        lines += [f"{self.residues[residue.name]:>8} residue {residue.name}: {residue.when}" for residue in RESIDUES]
        lines += report(self.pairs, LEAST)
        sys.stdout.write("\n" + "\n".join([*lines, f"{seconds:>8.0f} s"]) + "\n")

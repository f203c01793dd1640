"""Plays many histories, and prints each kind of violation: `python -m tests.provider.interleaved 0 500`."""

import sys

from tests.provider.interleaved.drawing import drawn
from tests.provider.interleaved.history_run import play
from tests.provider.interleaved.shrinking import shortest, signature
from tests.provider.interleaved.soak import Tally


def main(first: int, last: int) -> None:
    """Play the seeds, and print each kind of violation with its shortest history."""
    tally = Tally()
    wrongs: dict[str, list[int]] = {}
    for seed in range(first, last):
        played = tally.plays(seed)
        if played.wrongs:
            wrongs.setdefault(signature(played.wrongs[0]), []).append(seed)
    for kind, seeds in sorted(wrongs.items(), key=lambda each: -len(each[1])):
        short = min((shortest(play(drawn(seed))) for seed in seeds[:2]), key=lambda each: len(each.lines))
        sys.stdout.write(f"\n{len(seeds)} of kind {kind!r}, seeds {seeds[:20]}\n{short.story}\n")
    tally.tell()
    sys.stdout.write(f"{sum(map(len, wrongs.values()))} of {tally.histories} histories went wrong\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

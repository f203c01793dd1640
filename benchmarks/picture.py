"""Draws the results as SVG that needs no other file and suits light and dark pages."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from benchmarks.burst import Burst

_WIDTH: Final = 760
_LEFT: Final = 64
_RIGHT: Final = 736

# The colours can be told apart even by people who cannot distinguish red and green.
_STYLE: Final = """
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
  .title { font-size: 16px; font-weight: 600 } .quiet { fill: #59636e }
  .grid { stroke: #d1d9e0; stroke-width: 1 } .axis { stroke: #818b98; stroke-width: 1 }
  .line { fill: none; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round }
  .limit { fill: none; stroke: #59636e; stroke-width: 1.5; stroke-dasharray: 5 4 }
  .c0 { stroke: #0969da } .t0 { fill: #0969da } .c1 { stroke: #bc4c00 } .t1 { fill: #bc4c00 }
  .c4 { stroke: #cf222e } .t4 { fill: #cf222e }
  .c2 { stroke: #8250df } .t2 { fill: #8250df } .c3 { stroke: #1a7f37 } .t3 { fill: #1a7f37 }
  .area { fill: #bc4c00; opacity: .75 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .quiet { fill: #9198a1 } .grid { stroke: #3d444d } .axis { stroke: #656c76 }
    .limit { stroke: #9198a1 }
    .c0 { stroke: #4493f8 } .t0 { fill: #4493f8 } .c1 { stroke: #f0883e } .t1 { fill: #f0883e }
    .c4 { stroke: #ff7b72 } .t4 { fill: #ff7b72 }
    .c2 { stroke: #ab7df8 } .t2 { fill: #ab7df8 } .c3 { stroke: #3fb950 } .t3 { fill: #3fb950 }
    .area { fill: #f0883e }
  }
"""


@dataclass(frozen=True, slots=True)
class _Panel:
    """A panel with two axes.

    :param top: the y coordinate of the largest value.
    :param bottom: the y coordinate of 0.
    :param most: the largest values of both axes.
    """

    top: float
    bottom: float
    most: tuple[float, float]

    def x(self, value: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * value / self.most[0]

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * value / self.most[1]

    def path(self, points: Iterable[tuple[float, float]]) -> str:
        return "M" + "L".join(f"{self.x(x):.1f} {self.y(y):.1f}" for x, y in points)

    def grid(self, steps: int) -> list[str]:
        """Return the horizontal lines with their labels."""
        parts = []
        for value in _ticks(self.most[1], steps):
            y = self.y(value)
            kind = "grid" if value else "axis"
            parts.append(f'<path class="{kind}" d="M{_LEFT} {y:.1f}H{_RIGHT}"/>')
            parts.append(_text(_LEFT - 8, y + 4, f"{value:,.0f}", "quiet", "end"))
        return parts


def _ticks(most: float, steps: int) -> list[float]:
    """Return round values from 0 to `most`, in `steps` steps or up to two and a half times as many."""
    rough = most / steps
    scale = 10 ** math.floor(math.log10(rough))
    step = max(scale * each for each in (1, 2, 5) if scale * each <= rough)
    return [number * step for number in range(int(most / step + 1e-9) + 1)]


def _text(x: float, y: float, words: str, classes: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{classes}" text-anchor="{anchor}">{escape(words)}</text>'


def _whole(height: int, title: str, about: str, parts: Iterable[str]) -> str:
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="t d">\n'
        f'<title id="t">{escape(title)}</title>\n<desc id="d">{escape(about)}</desc>\n<style>{_STYLE}</style>\n'
        f"{body}\n</svg>\n"
    )


def of_burst(burst: Burst, who: str) -> str:
    """Return the picture of a burst: accepted calls and the limit, and below the calls refused in each second.

    :param who: the handlers that made the calls.
    """
    accepted = [each.at for each in burst.tries if each.accepted]
    refused = len(burst.tries) - len(accepted)
    until = max(burst.limit, *(each.at for each in burst.tries), 1.0)
    title = f"{burst.creates} creates at once, {who}: {burst.landed} landed"
    about = (
        f"{burst.seconds:.0f} s, where one call a second takes {burst.limit:.0f} s; "
        f"{len(accepted):,} calls accepted, {refused:,} refused"
    )
    above = _Panel(
        88, 268, (until, max(len(accepted), burst.limit + 1 if burst.scope == "over_all" else len(accepted), 1))
    )
    a_second = _refused_a_second(burst, until)
    below = _Panel(318, 398, (until, max(*a_second, 1)))
    rate = 1 if burst.scope == "over_all" else 2
    limit = above.path([(0, 1), (min(burst.limit, until), min(burst.limit * rate + 1, above.most[1]))])
    steps = [(0.0, 0.0)]
    for number, at in enumerate(accepted, 1):
        steps += [(at, number - 1), (at, number)]
    parts = [
        _text(_LEFT, 28, title, "title"),
        _text(_LEFT, 50, about, "quiet"),
        *above.grid(2),
        _text(_LEFT, 78, "calls that SES accepted", "t0"),
        _text(_RIGHT, 78, "- - -  the limit", "quiet", "end"),
        f'<path class="line c0" d="{above.path(steps)}"/>',
        f'<path class="limit" d="{limit}"/>',
        *below.grid(2),
        _text(_LEFT, 308, "calls that it refused, each second", "t1"),
        f'<path class="area" d="{_bars(below, a_second)}"/>',
        *(_text(below.x(value), 418, f"{value:,.0f} s", "quiet", "middle") for value in _ticks(until, 4)),
    ]
    return _whole(430, title, about, parts)


def _refused_a_second(burst: Burst, until: float) -> list[int]:
    counts = [0] * (int(until) + 1)
    for each in burst.tries:
        counts[int(each.at)] += not each.accepted
    return counts


def _bars(panel: _Panel, counts: Sequence[int]) -> str:
    points = [(0.0, 0.0)]
    for second, count in enumerate(counts):
        points += [(float(second), float(count)), (min(second + 1.0, panel.most[0]), float(count))]
    return panel.path([*points, (panel.most[0], 0.0)]) + "Z"


def of_ways(title: str, about: str, ways: Mapping[str, Sequence[tuple[int, float]]]) -> str:
    """Return the picture of how long each way takes, as multiples of the limit, by the number of creates.

    :param ways: for each way, the numbers of creates and the multiples.
    """
    top, bottom, least, most, right = 84.0, 330.0, 1.0, 2.5, 520.0
    counts = sorted({count for points in ways.values() for count, _ in points})

    def x(count: float) -> float:
        return _LEFT + (right - _LEFT) * math.log(count / counts[0]) / math.log(counts[-1] / counts[0])

    def y(value: float) -> float:
        return bottom - (bottom - top) * (min(value, most) - least) / (most - least)

    parts = [_text(_LEFT, 28, title, "title"), _text(_LEFT, 50, about, "quiet")]
    for value in (1.0, 1.5, 2.0, 2.5):
        kind = "axis" if value == least else "grid"
        parts.append(f'<path class="{kind}" d="M{_LEFT} {y(value):.1f}H{right}"/>')
        parts.append(_text(_LEFT - 8, y(value) + 4, f"{value:g} x", "quiet", "end"))
    parts += [_text(x(count), bottom + 22, str(count), "quiet", "middle") for count in counts]
    parts.append(_text((_LEFT + right) / 2, bottom + 44, "creates at once", "quiet", "middle"))
    for number, points in reversed(list(enumerate(ways.values()))):
        path = "M" + "L".join(f"{x(count):.1f} {y(value):.1f}" for count, value in points)
        parts.append(f'<path class="line c{number}" d="{path}"/>')
    parts += _labels({name: y(points[-1][1]) for name, points in ways.items()}, right)
    return _whole(390, title, about, parts)


def of_growth(title: str, about: str, ways: Mapping[str, Sequence[tuple[int, float]]]) -> str:
    """Return the picture of how long each command takes by the number of policies, with logarithmic scales.

    :param ways: for each command, the numbers of policies and the seconds.
    """
    top, bottom, right = 84.0, 330.0, 560.0
    counts = sorted({count for points in ways.values() for count, _ in points})
    values = [value for points in ways.values() for _, value in points]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))

    def x(count: float) -> float:
        return _LEFT + (right - _LEFT) * math.log(count / counts[0]) / math.log(counts[-1] / counts[0])

    def y(value: float) -> float:
        return bottom - (bottom - top) * (math.log10(value) - low) / (high - low)

    parts = [_text(_LEFT, 28, title, "title"), _text(_LEFT, 50, about, "quiet")]
    for power in range(low, high + 1):
        parts.append(f'<path class="{"grid" if power > low else "axis"}" d="M{_LEFT} {y(10**power):.1f}H{right}"/>')
        parts.append(_text(_LEFT - 8, y(10**power) + 4, f"{10**power:g} s", "quiet", "end"))
        # A line of proportional growth, as far as it is within the picture.
        grown = min(counts[-1] / counts[0], 10.0 ** (high - power))
        line = f"M{_LEFT} {y(10**power):.1f}L{x(counts[0] * grown):.1f} {y(10**power * grown):.1f}"
        parts.append(f'<path class="limit" d="{line}"/>')
    parts += [_text(x(count), bottom + 22, f"{count:,}", "quiet", "middle") for count in counts]
    parts.append(_text((_LEFT + right) / 2, bottom + 44, "policies", "quiet", "middle"))
    for number, points in reversed(list(enumerate(ways.values()))):
        path = "M" + "L".join(f"{x(count):.1f} {y(value):.1f}" for count, value in points)
        parts.append(f'<path class="line c{number}" d="{path}"/>')
    parts += _labels({name: y(points[-1][1]) for name, points in ways.items()}, right)
    return _whole(390, title, about, parts)


def _labels(ends: Mapping[str, float], right: float) -> list[str]:
    """Return the labels at the ends of the lines, moved apart so that they do not overlap."""
    parts, lowest = [], math.inf
    for name, end in sorted(ends.items(), key=lambda each: -each[1]):
        lowest = min(end, lowest - 17)
        parts.append(_text(right + 10, lowest + 4, name, f"t{list(ends).index(name)}"))
    return parts

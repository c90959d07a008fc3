"""Lines over named places: curves by tenor, smiles by strike, shares by number of positions."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from riskmill.reporting.render.charts.axes import worded_axis
from riskmill.reporting.render.charts.scale import Scale, ticks
from riskmill.reporting.render.charts.svg import element, label, labels, picture, trail
from riskmill.reporting.views.numbers import SPACE, Number, fixed

_WIDTH, _HEIGHT = 360.0, 190.0
_TOP, _BOTTOM = 8.0, 24.0
_CHARACTER, _LINE = 6.2, 11.5
_STYLES = 8
"""Kinds of stroke, told apart by dashes as well as by colour."""
_LONGEST = 12
"""Characters of a label."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a chart; a figure without a value is a gap that is drawn over."""

    name: str
    figures: Sequence[Number]
    """One a place, in percent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LineChart:
    """What a chart of lines shows."""

    places: Sequence[str]
    lines: Sequence[Line]
    title: str
    description: str


def line_chart(chart: LineChart, *, name: str) -> Markup:
    """Draw the lines, each with its name at its end; nothing where there is nothing to draw."""
    values = [f.value for line in chart.lines for f in line.figures if f.value is not None]
    if not values:
        return Markup("")
    names = [_short(line.name) for line in chart.lines]
    right = 8.0 + _CHARACTER * max(map(len, names))
    right = max(right, _CHARACTER * len(_short(chart.places[-1])) / 2.0)
    low, high = min(values), max(values)
    margin = 0.06 * ((high - low) or abs(high) or 1.0)
    up = Scale(low=low - margin, high=high + margin, start=_HEIGHT - _BOTTOM, stop=_TOP)
    marks = _marks(up)
    left = 8.0 + _CHARACTER * max((len(text) for _, text in marks), default=0)
    across = Scale(
        low=0.0,
        high=float(max(len(chart.places) - 1, 1)),
        start=left + 6.0,
        stop=_WIDTH - right - 4.0,
    )
    ends = [(place, number_) for place, number_ in map(_end, chart.lines)]
    levels = _apart([up(value) for _, value in ends])
    body = worded_axis(up, marks, left + 2.0, across.stop) + _places(chart.places, across)
    for style, line in enumerate(chart.lines):
        body += _line(line, across, up, style % _STYLES)
        if names[style]:
            body += label(across(ends[style][0]) + 5.0, levels[style] + 3.5, names[style], "end")
    return picture(
        body,
        name=name,
        width=_WIDTH,
        height=_HEIGHT,
        title=chart.title,
        description=chart.description,
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _end(line: Line) -> tuple[int, float]:
    """Place and value of the last figure there is; nought where there is none."""
    known = [(place, f.value) for place, f in enumerate(line.figures) if f.value is not None]
    return known[-1] if known else (0, 0.0)


def _apart(levels: Sequence[float]) -> list[float]:
    """Heights of labels near the given ones, no two nearer than a line."""
    placed = [0.0] * len(levels)
    order = sorted(range(len(levels)), key=lambda at: levels[at])
    above = -_LINE
    for at in order:
        placed[at] = above = max(levels[at], above + _LINE)
    below = _HEIGHT - _BOTTOM + _LINE
    for at in reversed(order):
        placed[at] = below = min(placed[at], below - _LINE)
    return placed


def _line(line: Line, across: Scale, up: Scale, style: int) -> Markup:
    points = [
        (across(place), up(figure.value))
        for place, figure in enumerate(line.figures)
        if figure.value is not None
    ]
    if len(points) == 1:
        x, y = points[0]
        return element("circle", cx=x, cy=y, r=3.0, class_=f"dot s{style}")
    path = trail(points)
    return element("path", d=path, class_=f"line s{style}") if points else Markup("")


def _marks(up: Scale) -> list[tuple[float, str]]:
    """Round percentages within the scale, with their texts."""
    amounts = ticks(up.low, up.high, 4)
    step = amounts[1] - amounts[0] if len(amounts) > 1 else 1.0
    decimals = next((d for d in range(4) if abs(round(step, d) - step) < 1e-9), 4)
    return [(amount, f"{fixed(amount, decimals)}{SPACE}%") for amount in amounts]


def _places(places: Sequence[str], across: Scale) -> Markup:
    """Names below the axis, as many as there is room for."""
    widest = max((len(_short(place)) for place in places), default=1)
    room = (across(1.0) - across(0.0)) or 1.0
    every = max(1, -(-int(_CHARACTER * (widest + 1)) // max(int(room), 1)))
    words = [
        (across(float(at)), _HEIGHT - 7.0, _short(place))
        for at, place in enumerate(places)
        if at % every == 0
    ]
    return labels(words, "tick", "middle")

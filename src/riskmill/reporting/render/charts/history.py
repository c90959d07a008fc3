"""The P&L vector through time, a bar a scenario."""

from collections.abc import Iterable, Sequence
from datetime import date

from markupsafe import Markup

from riskmill.reporting.render.charts.axes import amount_axis, date_marks, level_lines
from riskmill.reporting.render.charts.scale import Scale, ticks
from riskmill.reporting.render.charts.svg import (
    element,
    filled,
    label,
    labels,
    number,
    picture,
    short,
)
from riskmill.reporting.views.pnl import PnlView

WIDE = 700.0
"""Width of the chart whose bars a narrower one can use."""
FEW_BARS = 12
"""Bars that are drawn as boxes: print loses strokes that are stretched as wide as these."""
_HEIGHT = 260.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 50.0, 8.0, 28.0, 36.0
FEW_QUARTERS = 2
"""Quarters up to which days are named instead."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def history(view: PnlView, *, width: float, name: str, drawn: str = "") -> Markup:
    """
    Draw every scenario in order of date, losses beyond VaR set apart, the worst numbered.

    *drawn* names a wider chart of the same view on the same page: its bars are used again.
    """
    if not view.values:
        return Markup("")
    low, high = min(view.values), max(view.values)
    marks = [mark.pnl for mark in view.markers[:1]]
    low, high = min([low, 0.0, *marks]), max(high, 0.0)
    margin = 0.09 * ((high - low) or 1.0)
    up = Scale(low=low - margin, high=high, start=_HEIGHT - _BOTTOM, stop=_TOP + 6.0)
    across = Scale(low=0.0, high=float(len(view.values)), start=_LEFT, stop=width - _RIGHT)
    step = (across.stop - across.start) / across.high
    again = element("use", href=f"#{drawn}-bars") if drawn else _bars(view, up, step)
    body = amount_axis(up, ticks(up.low, up.high, 5), _LEFT, width - _RIGHT)
    body += date_axis(view.scenarios, across, width, _HEIGHT, "Scenario date")
    body += placed(across, up(0.0), again, f"{name}-bars")
    body += _var_line(view, up, width) + _numbers(view, across, up)
    return picture(
        body,
        name=name,
        width=width,
        height=_HEIGHT,
        title="P&L by scenario",
        description=view.history,
    )


def placed(across: Scale, zero: float, children: Markup, name: str) -> Markup:
    """Strokes as `strokes` draws them, put in their place; another chart may use them by *name*."""
    step = (across.stop - across.start) / across.high
    matrix = f"matrix({step:.5f} 0 0 1 {number(across.start + step / 2)} {number(zero)})"
    return element("g", element("g", children, id=name), transform=matrix)


def strokes(
    values: Sequence[float], places: Iterable[int], up: Scale, css: str, thick: float
) -> Markup:
    """
    A stroke a place from nought to its value, a unit apart.

    *thick* is in units too; `placed` says where nought is and how wide a unit.
    """
    zero = up(0.0)
    if len(values) <= FEW_BARS:
        heights = [(i, short(up(values[i]) - zero)) for i in places]
        wide = f"{thick:.3f}"
        boxes = [f"M{i - thick / 2:.3f} 0h{wide}V{height}h-{wide}z" for i, height in heights]
        return filled((css, path) for path in boxes)
    path = "".join([f"M{i} 0V{short(up(values[i]) - zero)}" for i in places])
    if not path:
        return Markup("")
    return element("path", d=path, class_=f"stroke-{css}", stroke_width=f"{thick:.2f}")


def _bars(view: PnlView, up: Scale, step: float) -> Markup:
    """A stroke a scenario, from nought, in units of the distance between two of them."""
    limit = view.markers[0].pnl if view.markers else float("-inf")
    inside = [i for i, pnl in enumerate(view.values) if pnl >= limit]
    beyond = [i for i, pnl in enumerate(view.values) if pnl < limit]
    thick = min(0.85, 24.0 / step)
    return strokes(view.values, inside, up, "body", thick) + strokes(
        view.values, beyond, up, "tail", max(thick, 1.6 / step)
    )


def _var_line(view: PnlView, up: Scale, width: float) -> Markup:
    if not view.markers:
        return Markup("")
    mark = view.markers[0]
    y = up(mark.pnl)
    words = f"{mark.label}  {mark.short}"
    apart = _LEFT + 42.0 + 6.4 * len(words)
    return Markup("").join(
        [
            element("line", x1=_LEFT, x2=width - _RIGHT, y1=y, y2=y, class_="var"),
            element("line", x1=_LEFT, x2=_LEFT + 18.0, y1=10.0, y2=10.0, class_="var"),
            label(_LEFT + 23.0, 14.0, words, "mark var-text"),
            element("rect", x=apart, y=5.0, width=8.0, height=9.0, class_="tail"),
            label(apart + 13.0, 14.0, "loss beyond VaR", "mark"),
        ]
    )


def _numbers(view: PnlView, across: Scale, up: Scale) -> Markup:
    taken: list[tuple[float, float]] = []
    drawn = []
    for rank, place in enumerate(view.worst, start=1):
        x, y = across(place + 0.5), up(min(view.values[place], 0.0)) + 11.0
        if all(abs(x - a) > 9.0 or abs(y - b) > 11.0 for a, b in taken):
            taken.append((x, y))
            drawn.append((x, y, str(rank)))
    return labels(drawn, "rank", "middle")


def date_axis(
    texts: tuple[str, ...], across: Scale, width: float, height: float, title_: str
) -> Markup:
    """An axis at the bottom whose ticks say where quarters begin, as far as texts are dates."""
    floor = height - _BOTTOM
    marked = _date_ticks(texts, across, width)
    axis = title_ if marked else title_.removesuffix(" date")
    title = label((_LEFT + width) / 2, height - 5.0, axis, "tick", "middle")
    return level_lines([floor], _LEFT, width - _RIGHT) + date_marks(marked, floor) + title


def _date_ticks(texts: tuple[str, ...], across: Scale, width: float) -> list[tuple[float, str]]:
    """Where a quarter begins, or each day of a few weeks, as far apart as their texts need."""
    ticks_found: list[tuple[float, str]] = []
    previous = ""
    named = _quarter if len({*map(_quarter, texts)}) > FEW_QUARTERS else _day
    for place, text in enumerate(texts):
        words = named(text)
        x = across(float(place))
        room = not ticks_found or x - ticks_found[-1][0] > 54.0
        if words and words != previous and room and x < width - 50.0:
            ticks_found.append((x, words))
        previous = words
    return ticks_found


def _quarter(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    return f"{_MONTHS[(day.month - 1) // 3 * 3]} {day.year}"


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    return f"{day.day} {_MONTHS[day.month - 1]}"

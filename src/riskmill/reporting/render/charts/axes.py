"""Axes that several charts have alike."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from riskmill.reporting.render.charts.scale import Scale, tick_texts
from riskmill.reporting.render.charts.svg import element, labels, number

_APART = 6.0
"""Pixels between the words of an amount and its line."""


def amount_axis(up: Scale, amounts: tuple[float, ...], left: float, right: float) -> Markup:
    """A line an amount from *left* to *right*, its words in one common unit before it."""
    return worded_axis(up, list(zip(amounts, tick_texts(amounts), strict=True)), left, right)


def worded_axis(
    up: Scale, amounts: Sequence[tuple[float, str]], left: float, right: float
) -> Markup:
    """Do the same for amounts that come with their words."""
    words = labels(
        [(left - _APART, up(amount) + 3.5, text) for amount, text in amounts], "tick", "end"
    )
    return level_lines([up(amount) for amount, _ in amounts if amount], left, right) + (
        level_lines([up(amount) for amount, _ in amounts if not amount], left, right, "axis")
        + words
    )


def level_lines(levels: Iterable[float], left: float, right: float, css: str = "grid") -> Markup:
    """Level lines, all of them one path."""
    path = "".join([f"M{number(left)} {number(y)}H{number(right)}" for y in levels])
    return element("path", d=path, class_=css) if path else Markup("")


def date_marks(places: Sequence[tuple[float, str]], floor: float, anchor: str = "start") -> Markup:
    """A mark below *floor* a place, and its words under it."""
    path = "".join([f"M{number(x)} {number(floor)}v4" for x, _ in places])
    words = labels([(x, floor + 16.0, text) for x, text in places], "tick", anchor)
    return element("path", d=path, class_="axis") + words if path else Markup("")

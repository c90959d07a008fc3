"""A waterfall: from one level to the next, each part standing on the one before it."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from riskmill.reporting.render.charts.axes import amount_axis
from riskmill.reporting.render.charts.scale import Scale, ticks
from riskmill.reporting.render.charts.svg import (
    box,
    element,
    filled,
    label,
    labels,
    number,
    picture,
)
from riskmill.reporting.views.day_on_day import Step, Waterfall
from riskmill.reporting.views.numbers import compact, signed

_HEIGHT = 240.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 8.0, 26.0, 40.0
_ROOMY = 60.0
"""Width of a step from which its texts do not touch its neighbours'."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Bar:
    """A step as it is drawn."""

    css: str
    path: str
    amount: tuple[float, float, str]
    """Where its amount stands, above it, and the words."""
    name: tuple[float, float, str]
    """The same of its label, below all bars."""


def waterfall(view: Waterfall, *, width: float, name: str) -> Markup:
    """Draw the steps from left to right; levels stand on nought, changes float between."""
    if not view.steps:
        return Markup("")
    spans = _spans(view.steps)
    low, high = _window([edge for span in spans for edge in span], view.steps)
    up = Scale(low=low, high=high, start=_HEIGHT - _BOTTOM, stop=_TOP)
    slot = (width - _LEFT - _RIGHT) / len(view.steps)
    bars = [
        _bar(step, span, place, slot, up, view.losses)
        for place, (step, span) in enumerate(zip(view.steps, spans, strict=True))
    ]
    axis = amount_axis(up, ticks(up.low, up.high, 4), _LEFT, width - _RIGHT)
    return picture(
        axis
        + _beginning(up, view)
        + filled((bar.css, bar.path) for bar in bars)
        + _links(spans, slot, up)
        + _words(bars),
        name=name,
        width=width,
        height=_HEIGHT,
        title=view.title,
        description=view.description,
    )


def _beginning(up: Scale, view: Waterfall) -> Markup:
    """A note where the axis begins above nought, so that bars are not compared by their height."""
    if up.low <= 0.0:
        return Markup("")
    unit = view.steps[0].amount.unit
    words = f"Axis from {compact(up.low, unit).text}, not from 0: levels are cut"
    return label(_LEFT, 12.0, words, "tick")


def _spans(steps: Sequence[Step]) -> list[tuple[float, float]]:
    """Where each step begins and ends; a level begins at nought."""
    spans: list[tuple[float, float]] = []
    height = 0.0
    for step in steps:
        amount = step.amount.value or 0.0
        start = 0.0 if step.level else height
        height = amount if step.level else height + amount
        spans.append((start, height))
    return spans


def _window(edges: Sequence[float], steps: Sequence[Step]) -> tuple[float, float]:
    """
    Amounts that the axis shows; of two levels that differ little, not the whole height.

    Where the axis does not begin at nought a note says so, and levels are cut at the bottom.
    """
    levels = [step.amount.value or 0.0 for step in steps if step.level]
    inner = [edge for edge in edges if edge]
    low, high = min(edges, default=0.0), max(edges, default=0.0)
    if len(levels) > 1 and min(levels) > 0.0 and inner and min(inner) > 0.0:
        spread = max(inner) - min(inner)
        if spread < 0.5 * max(inner):
            low = max(0.0, min(inner) - 0.6 * (spread or max(inner)))
    margin = 0.1 * ((high - low) or 1.0)
    return (low - margin if low < 0.0 else low), high + margin


def _bar(
    step: Step, span: tuple[float, float], place: int, slot: float, up: Scale, losses: str
) -> _Bar:
    """A bar with its amount and label, every second one's apart from its neighbours' if need be."""
    x, apart = _LEFT + slot * place, 11.0 * (slot < _ROOMY and place % 2 == 1)
    floor = max(min(span), up.low)
    top, bottom = up(max(*span, floor)), up(floor)
    change = step.amount.value or 0.0
    bad = change > 0 if losses == "positive" else change < 0
    text = (
        compact(change, "").text if step.level else f"{'+' if change > 0 else ''}{_short(change)}"
    )
    return _Bar(
        css="level" if step.level else "tail" if bad else "body",
        path=box(x + slot * 0.16, top, slot * 0.68, max(bottom - top, 1.0)),
        amount=(x + slot / 2, top - 5.0 - apart, text),
        name=(
            x + slot / 2,
            _HEIGHT - 24.0 + 1.3 * apart,
            step.label if slot >= _ROOMY else step.short,
        ),
    )


def _words(bars: Sequence[_Bar]) -> Markup:
    amounts = labels([bar.amount for bar in bars], "amount", "middle")
    return amounts + labels([bar.name for bar in bars], "step", "middle")


def _short(change: float) -> str:
    return compact(change, "").text if round(change, 2) else signed(0.0, 0)


def _links(spans: Sequence[tuple[float, float]], slot: float, up: Scale) -> Markup:
    """Lines from where each step ends to where the next begins."""
    path = "".join(
        [
            f"M{number(_LEFT + slot * (place - 0.16))} {number(up(end))}h{number(slot * 0.32)}"
            for place, (_, end) in enumerate(spans[:-1], start=1)
        ]
    )
    return element("path", d=path, class_="link") if path else Markup("")

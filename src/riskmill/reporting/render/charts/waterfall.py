"""A waterfall: from one level to the next, each part standing on the one before it."""

from collections.abc import Sequence

from markupsafe import Markup

from riskmill.reporting.render.charts.scale import Scale, tick_texts, ticks
from riskmill.reporting.render.charts.svg import element, label, picture
from riskmill.reporting.views.day_on_day import Step, Waterfall
from riskmill.reporting.views.numbers import compact, signed

_HEIGHT = 240.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 8.0, 26.0, 40.0
_ROOMY = 60.0
"""Width of a step from which its texts do not touch its neighbours'."""


def waterfall(view: Waterfall, *, width: float, name: str) -> Markup:
    """Draw the steps from left to right; levels stand on nought, changes float between."""
    if not view.steps:
        return Markup("")
    spans = _spans(view.steps)
    low, high = _window([edge for span in spans for edge in span], view.steps)
    up = Scale(low=low, high=high, start=_HEIGHT - _BOTTOM, stop=_TOP)
    slot = (width - _LEFT - _RIGHT) / len(view.steps)
    drawn = [_grid(up, width)]
    for place, (step, span) in enumerate(zip(view.steps, spans, strict=True)):
        low = slot < _ROOMY and place % 2 == 1
        drawn.append(_step(step, span, _LEFT + slot * place, slot, up, view.losses, 11.0 * low))
        if place:
            drawn.append(_link(spans[place - 1][1], _LEFT + slot * place, slot, up))
    return picture(
        Markup("").join(drawn),
        name=name,
        width=width,
        height=_HEIGHT,
        title=view.title,
        description=view.description,
    )


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

    Where the axis does not begin at nought its ticks say so, and levels are cut at the bottom.
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


def _grid(up: Scale, width: float) -> Markup:
    amounts = ticks(up.low, up.high, 4)
    lines = [
        element(
            "line", x1=_LEFT, x2=width - _RIGHT, y1=up(a), y2=up(a), class_="grid" if a else "axis"
        )
        + label(_LEFT - 6.0, up(a) + 3.5, words, "tick", "end")
        for a, words in zip(amounts, tick_texts(amounts), strict=True)
    ]
    return Markup("").join(lines)


def _step(
    step: Step,
    span: tuple[float, float],
    x: float,
    slot: float,
    up: Scale,
    losses: str,
    apart: float,
) -> Markup:
    """A bar with its amount above and its label below, both moved *apart* from neighbours'."""
    floor = max(min(span), up.low)
    top, bottom = up(max(*span, floor)), up(floor)
    change = step.amount.value or 0.0
    bad = change > 0 if losses == "positive" else change < 0
    css = "level" if step.level else "tail" if bad else "body"
    text = (
        compact(change, "").text if step.level else f"{'+' if change > 0 else ''}{_short(change)}"
    )
    words = step.label if slot >= _ROOMY else step.short
    return (
        element(
            "rect",
            x=x + slot * 0.16,
            y=top,
            width=slot * 0.68,
            height=max(bottom - top, 1.0),
            class_=css,
        )
        + label(x + slot / 2, top - 5.0 - apart, text, "amount", "middle")
        + label(x + slot / 2, _HEIGHT - 24.0 + 1.3 * apart, words, "step", "middle")
    )


def _short(change: float) -> str:
    return compact(change, "").text if round(change, 2) else signed(0.0, 0)


def _link(height: float, x: float, slot: float, up: Scale) -> Markup:
    y = up(height)
    return element("line", x1=x - slot * 0.16, x2=x + slot * 0.16, y1=y, y2=y, class_="link")

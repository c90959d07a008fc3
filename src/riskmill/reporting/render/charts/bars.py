"""Bars inside table cells: the figure stands beside them, so they say nothing of their own."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from riskmill.reporting.render.charts.scale import Scale
from riskmill.reporting.render.charts.svg import box, element
from riskmill.reporting.views.limits import LimitRow
from riskmill.reporting.views.numbers import Number

_WIDTH, _HEIGHT = 100.0, 10.0
_FULL = 140.0


def usage_bar(row: LimitRow) -> Markup:
    """How much of a limit is used: a long mark at the limit, a short one at its warning."""
    across = Scale(low=0.0, high=_FULL, start=0.0, stop=_WIDTH)
    used = min(max(row.utilisation.value or 0.0, 0.0), _FULL)
    warning = across(min(row.warning.value or 0.0, _FULL))
    return _inline(
        element("path", d=box(0.0, 2.0, _WIDTH, 6.0), class_="track"),
        element("path", d=box(0.0, 2.0, across(used), 6.0), class_=f"use-{_known(row.status)}"),
        element("path", d=box(warning - 0.4, 2.0, 0.8, 6.0), class_="warn-mark"),
        element("path", d=box(across(100.0) - 0.6, 0.0, 1.2, 10.0), class_="limit-mark"),
    )


def diverging_bars(figures: Sequence[Number], *, losses: str) -> tuple[Markup, ...]:
    """
    Bars on one scale around nought, one a figure.

    *losses* says which sign is a loss and takes its colour: `negative` for P&L,
    `positive` for VaR, ES and their components.
    """
    values = [figure.value or 0.0 for figure in figures]
    across = Scale(low=min([0.0, *values]), high=max([0.0, *values]), start=0.5, stop=_WIDTH - 0.5)
    return tuple(_diverging(value, across, losses) for value in values)


def _diverging(value: float, across: Scale, losses: str) -> Markup:
    zero, end = across(0.0), across(value)
    loss = value < 0 if losses == "negative" else value > 0
    return _inline(
        element(
            "path",
            d=box(min(zero, end), 1.0, max(abs(end - zero), 0.3), 8.0),
            class_="tail" if loss else "body",
        ),
        element("path", d=box(zero - 0.3, 0.0, 0.6, 10.0), class_="zero"),
    )


def heat(figures: Iterable[Number], largest: float) -> tuple[str, ...]:
    """Shade of each figure against the largest magnitude: `l1`..`l5` losses, `g1`..`g5` gains."""
    return tuple(_shade(figure.value or 0.0, largest) for figure in figures)


def _shade(value: float, largest: float) -> str:
    strength = min(round(abs(value) / largest * 5), 5) if largest else 0
    return f"{'l' if value < 0 else 'g'}{strength}" if strength else ""


def _known(status: str) -> str:
    return status if status in ("breach", "warning") else "ok"


def _inline(*children: Markup) -> Markup:
    return element(
        "svg",
        *children,
        viewBox=f"0 0 {_WIDTH:.0f} {_HEIGHT:.0f}",
        aria_hidden="true",
        class_="bar",
    )

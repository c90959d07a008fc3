"""Histogram of the P&L vector with VaR and ES marked."""

from markupsafe import Markup

from riskmill.reporting.render.charts.axes import level_lines
from riskmill.reporting.render.charts.scale import Scale, tick_texts, ticks
from riskmill.reporting.render.charts.svg import box, element, filled, label, labels, picture
from riskmill.reporting.views.pnl import Marker, PnlView

_HEIGHT = 260.0
_LEFT, _RIGHT, _BOTTOM = 34.0, 10.0, 36.0
_ROW = 17.0


def distribution(view: PnlView, *, width: float, name: str) -> Markup:
    """Draw the bins; each mark has a row of its own above them, so no label meets another."""
    if not view.bins:
        return Markup("")
    top = 8.0 + _ROW * len(view.markers)
    across = _across(view, width)
    up = Scale(
        low=0.0,
        high=max(b.scenarios for b in view.bins) * 1.04,
        start=_HEIGHT - _BOTTOM,
        stop=top + 4.0,
    )
    body = _grid(up, width) + _axis(across, view.currency, width)
    body += _bars(view, across, up) + _marks(view.markers, across, width)
    return picture(
        body,
        name=name,
        width=width,
        height=_HEIGHT,
        title="Distribution of P&L",
        description=view.distribution,
    )


def _across(view: PnlView, width: float) -> Scale:
    low = min([view.bins[0].low, *(mark.pnl for mark in view.markers)])
    high = max([view.bins[-1].high, *(mark.pnl for mark in view.markers)])
    return Scale(low=low, high=high, start=_LEFT, stop=width - _RIGHT)


def _grid(up: Scale, width: float) -> Markup:
    amounts = tuple(a for a in ticks(0.0, up.high, 4) if a == int(a))
    counts = zip(amounts, tick_texts(amounts), strict=True)
    words = [(_LEFT - 6.0, up(amount) + 3.5, text) for amount, text in counts]
    return level_lines(map(up, amounts), _LEFT, width - _RIGHT) + labels(words, "tick", "end")


def _axis(across: Scale, currency: str, width: float) -> Markup:
    amounts = ticks(across.low, across.high, int((width - _LEFT) / 72.0))
    floor = _HEIGHT - _BOTTOM
    words = [
        (min(across(amount), width - 18.0), floor + 15.0, text)
        for amount, text in zip(amounts, tick_texts(amounts), strict=True)
    ]
    title = ((_LEFT + width) / 2, _HEIGHT - 5.0, f"P&L, {currency}")
    base = level_lines([floor], _LEFT, width - _RIGHT, "axis")
    return base + labels([*words, title], "tick", "middle")


def _bars(view: PnlView, across: Scale, up: Scale) -> Markup:
    limit = view.markers[0].pnl if view.markers else float("-inf")
    floor = _HEIGHT - _BOTTOM
    return filled(
        (
            "tail" if part.high <= limit else "body",
            box(
                across(part.low) + 0.5,
                up(part.scenarios),
                max(across(part.high) - across(part.low) - 1.0, 0.8),
                floor - up(part.scenarios),
            ),
        )
        for part in view.bins
        if part.scenarios
    )


def _marks(markers: tuple[Marker, ...], across: Scale, width: float) -> Markup:
    drawn = []
    leftmost_first = sorted(markers, key=lambda mark: mark.pnl)
    for row, mark in enumerate(leftmost_first):
        x, y = across(mark.pnl), 14.0 + _ROW * row
        css = "var" if mark is markers[0] else "es"
        drawn.append(element("line", x1=x, x2=x, y1=y - 8, y2=_HEIGHT - _BOTTOM, class_=css))
        words = f"{mark.label}  {mark.short}"
        fits = x + 6.0 + 6.4 * len(words) < width
        drawn.append(
            label(x + 5.0, y, words, f"mark {css}-text")
            if fits
            else label(x - 5.0, y, words, f"mark {css}-text", "end")
        )
    return Markup("").join(drawn)

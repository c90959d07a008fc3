"""Past days of the firm: VaR as a line, P&L as bars, exceptions marked and counted."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from riskmill.reporting.render.charts.history import date_axis
from riskmill.reporting.render.charts.scale import Scale, tick_texts, ticks
from riskmill.reporting.render.charts.svg import element, label, number, picture
from riskmill.reporting.views.backtests import BacktestTrack
from riskmill.reporting.views.history import HistoryView

_HEIGHT = 260.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 50.0, 8.0, 28.0, 36.0
_TRACK_HEIGHT = 190.0
_ZONES = ((0.0, 4.5, "green"), (4.5, 9.5, "yellow"), (9.5, 99.0, "red"))
"""Basel's zones of 250 days at 99 %, between whole numbers of exceptions."""


def past_days(view: HistoryView, *, width: float, name: str) -> Markup:
    """Draw P&L as bars between VaR and ES below nought, losses beyond VaR set apart."""
    if not view.dates:
        return Markup("")
    losses = [-v for series in (view.value_at_risk, view.stated) for v in series if v is not None]
    gains = [v for v in view.pnl if v is not None]
    low, high = min([*losses, *gains, 0.0]), max([*gains, 0.0])
    margin = 0.06 * ((high - low) or 1.0)
    up = Scale(low=low - margin, high=high + margin, start=_HEIGHT - _BOTTOM, stop=_TOP + 6.0)
    across = Scale(low=0.0, high=float(len(view.dates)), start=_LEFT, stop=width - _RIGHT)
    body = _grid(up, width) + date_axis(view.dates, across, width, _HEIGHT, "Business date")
    body += _bars(view, across, up) + _line(view.value_at_risk, across, up, "var-line")
    body += _legend(view)
    return picture(
        body,
        name=name,
        width=width,
        height=_HEIGHT,
        title=f"{view.var} and P&L of past days",
        description=view.description,
    )


def _grid(up: Scale, width: float) -> Markup:
    amounts = ticks(up.low, up.high, 5)
    return Markup("").join(
        element(
            "line", x1=_LEFT, x2=width - _RIGHT, y1=up(a), y2=up(a), class_="grid" if a else "axis"
        )
        + label(_LEFT - 6.0, up(a) + 3.5, words, "tick", "end")
        for a, words in zip(amounts, tick_texts(amounts), strict=True)
    )


def _bars(view: HistoryView, across: Scale, up: Scale) -> Markup:
    thick = min(max((across.stop - across.start) / len(view.dates) * 0.8, 0.6), 24.0)
    hits = set(view.exceptions)
    drawn = []
    for css, wanted, least in (("body", False, 0.6), ("tail", True, 2.0)):
        places = [
            place
            for place, pnl in enumerate(view.pnl)
            if pnl is not None and (place in hits) is wanted
        ]
        path = "".join(
            f"M{number(across(place + 0.5))} {number(up(0.0))}V{number(up(view.pnl[place] or 0.0))}"
            for place in places
        )
        if path:
            drawn.append(
                element("path", d=path, class_=f"stroke-{css}", stroke_width=max(thick, least))
            )
    marks = [
        label(across(place + 0.5), up(view.pnl[place] or 0.0) + 11.0, str(rank), "rank", "middle")
        for rank, place in enumerate(view.exceptions, start=1)
    ]
    return Markup("").join([*drawn, *marks])


def _line(values: Sequence[float | None], across: Scale, up: Scale, css: str) -> Markup:
    """A line through the negative of *values*, broken where one is missing."""
    path, pen = "", "M"
    for place, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        path += f"{pen}{number(across(place + 0.5))} {number(up(-value))}"
        pen = "L"
    return element("path", d=path, class_=css) if path else Markup("")


def _legend(view: HistoryView) -> Markup:
    words = f"{view.var}, as a loss"
    apart = _LEFT + 42.0 + 6.4 * len(words)
    return Markup("").join(
        [
            element("line", x1=_LEFT, x2=_LEFT + 18.0, y1=10.0, y2=10.0, class_="var"),
            label(_LEFT + 23.0, 14.0, words, "mark var-text"),
            element("rect", x=apart, y=5.0, width=8.0, height=9.0, class_="tail"),
            label(apart + 13.0, 14.0, "exception", "mark"),
        ]
    )


def exceptions_so_far(view: BacktestTrack, *, width: float, name: str) -> Markup:
    """Draw how exceptions added up from the first day to the last, over Basel's zones."""
    try:
        start, end = date.fromisoformat(view.first), date.fromisoformat(view.last)
        days = [(date.fromisoformat(text) - start).days for text in view.exceptions]
    except ValueError:
        return Markup("")
    top = float(max(len(days) + 1, 12))
    up = Scale(low=0.0, high=top, start=_TRACK_HEIGHT - _BOTTOM, stop=_TOP)
    length = float(max((end - start).days, 1))
    across = Scale(low=0.0, high=length, start=_LEFT, stop=width - _RIGHT)
    body = _zones(up, top, width) + _stairs(days, length, across, up)
    body += label(_LEFT, _TRACK_HEIGHT - 18.0, view.first, "tick")
    body += label(width - _RIGHT, _TRACK_HEIGHT - 18.0, view.last, "tick", "end")
    body += label(_LEFT, 14.0, view.title, "mark")
    return picture(
        body,
        name=name,
        width=width,
        height=_TRACK_HEIGHT,
        title=f"Exceptions so far: {view.title}",
        description=view.description,
    )


def _zones(up: Scale, top: float, width: float) -> Markup:
    drawn = []
    for low, high, zone in _ZONES:
        bottom, ceiling = up(low), up(min(high, top))
        drawn.append(
            element(
                "rect",
                x=_LEFT,
                y=ceiling,
                width=width - _LEFT - _RIGHT,
                height=bottom - ceiling,
                class_=f"zone-{zone}",
            )
        )
        drawn.append(label(_LEFT + 5.0, ceiling + 13.0, f"{zone} zone", f"zone-{zone}-text"))
    counts = [
        label(_LEFT - 6.0, up(float(count)) + 3.5, str(count), "tick", "end")
        for count in (0, 5, 10)
    ]
    return Markup("").join([*drawn, *counts])


def _stairs(days: Sequence[int], length: float, across: Scale, up: Scale) -> Markup:
    path = f"M{number(across(0.0))} {number(up(0.0))}"
    dots = []
    for count, day in enumerate(days, start=1):
        path += f"H{number(across(day))}V{number(up(count))}"
        dots.append(element("circle", cx=across(day), cy=up(count), r=3.0, class_="tail"))
    path += f"H{number(across(length))}"
    return element("path", d=path, class_="stairs") + Markup("").join(dots)

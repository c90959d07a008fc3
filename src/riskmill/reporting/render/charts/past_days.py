"""Past days of the firm: VaR as a line, P&L as bars, exceptions marked and counted."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from markupsafe import Markup

from riskmill.reporting.render.charts.axes import amount_axis
from riskmill.reporting.render.charts.history import date_axis, placed, strokes
from riskmill.reporting.render.charts.scale import Scale, ticks
from riskmill.reporting.render.charts.svg import element, label, labels, number, picture, trail
from riskmill.reporting.views.backtests import BacktestTrack
from riskmill.reporting.views.history import HistoryView

_HEIGHT = 260.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 50.0, 8.0, 28.0, 36.0
_TRACK_HEIGHT = 190.0
_ZONES = ((0.0, 4.5, "green"), (4.5, 9.5, "yellow"), (9.5, 99.0, "red"))
"""Basel's zones of 250 days at 99 %, between whole numbers of exceptions."""


def past_days(view: HistoryView, *, width: float, name: str, drawn: str = "") -> Markup:
    """
    Draw P&L as bars between VaR and ES below nought, losses beyond VaR set apart.

    *drawn* names a wider chart of the same view on the same page: its bars are used again.
    """
    if not view.dates:
        return Markup("")
    losses = [-v for series in (view.value_at_risk, view.stated) for v in series if v is not None]
    gains = [v for v in view.pnl if v is not None]
    low, high = min([*losses, *gains, 0.0]), max([*gains, 0.0])
    margin = 0.06 * ((high - low) or 1.0)
    up = Scale(low=low - margin, high=high + margin, start=_HEIGHT - _BOTTOM, stop=_TOP + 6.0)
    across = Scale(low=0.0, high=float(len(view.dates)), start=_LEFT, stop=width - _RIGHT)
    step = (across.stop - across.start) / across.high
    again = element("use", href=f"#{drawn}-bars") if drawn else _inside(view, up, step)
    body = amount_axis(up, ticks(up.low, up.high, 5), _LEFT, width - _RIGHT)
    body += date_axis(view.dates, across, width, _HEIGHT, "Business date")
    body += placed(across, up(0.0), again, f"{name}-bars")
    body += _beyond(view, across, up, step) + _ranks(view, across, up)
    body += _line(view.value_at_risk, across, up, "var-line") + _legend(view)
    return picture(
        body,
        name=name,
        width=width,
        height=_HEIGHT,
        title=f"{view.var} and P&L of past days",
        description=view.description,
    )


def _inside(view: HistoryView, up: Scale, step: float) -> Markup:
    """Strokes of the days that VaR covered."""
    hits = set(view.exceptions)
    places = [p for p, pnl in enumerate(view.pnl) if pnl is not None and p not in hits]
    thick = min(max(0.8, 0.6 / step), 24.0 / step)
    return strokes([pnl or 0.0 for pnl in view.pnl], places, up, "body", thick)


def _beyond(view: HistoryView, across: Scale, up: Scale, step: float) -> Markup:
    """Strokes of the exceptions, two pixels wide at least."""
    path = "".join(
        [
            f"M{number(across(place + 0.5))} {number(up(0.0))}V{number(up(view.pnl[place] or 0.0))}"
            for place in view.exceptions
        ]
    )
    if not path:
        return Markup("")
    thick = min(max(0.8 * step, 2.0), 24.0)
    return element("path", d=path, class_="stroke-tail", stroke_width=thick)


def _ranks(view: HistoryView, across: Scale, up: Scale) -> Markup:
    marks = [
        (across(place + 0.5), up(view.pnl[place] or 0.0) + 11.0, str(rank))
        for rank, place in enumerate(view.exceptions, start=1)
    ]
    return labels(marks, "rank", "middle")


def _line(values: Sequence[float | None], across: Scale, up: Scale, css: str) -> Markup:
    """A line through the negative of *values*, broken where one is missing."""
    stretches = groupby(enumerate(values), key=lambda place: place[1] is None)
    path = "".join(
        [
            trail((across(place + 0.5), up(-(value or 0.0))) for place, value in stretch)
            for missing, stretch in stretches
            if not missing
        ]
    )
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
    counts = [(_LEFT - 6.0, up(float(count)) + 3.5, str(count)) for count in (0, 5, 10)]
    return Markup("").join(drawn) + labels(counts, "tick", "end")


def _stairs(days: Sequence[int], length: float, across: Scale, up: Scale) -> Markup:
    path = f"M{number(across(0.0))} {number(up(0.0))}"
    dots = []
    for count, day in enumerate(days, start=1):
        path += f"H{number(across(day))}V{number(up(count))}"
        dots.append(element("circle", cx=across(day), cy=up(count), r=3.0, class_="tail"))
    path += f"H{number(across(length))}"
    return element("path", d=path, class_="stairs") + Markup("").join(dots)

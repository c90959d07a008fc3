"""VaR and ES through time, a line each, days with a breach marked."""

from collections.abc import Callable, Sequence
from datetime import date

from markupsafe import Markup

from riskmill.reporting.render.charts.axes import amount_axis
from riskmill.reporting.render.charts.scale import Scale, ticks
from riskmill.reporting.render.charts.svg import element, label, number, picture, trail
from riskmill.reporting.views.var_history import HistoryPoint, VarHistory

_HEIGHT = 250.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, 14.0, 30.0, 30.0
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LEAST_APART = 62.0
"""Pixels between the beginnings of two dates."""
_DOTS = 40
"""Days up to which each has a dot."""

Amount = Callable[[HistoryPoint], float]


def var_history_chart(view: VarHistory, *, width: float, name: str) -> Markup:
    """Draw the lines; nothing where there is no day."""
    if not view.points:
        return Markup("")
    across, up = _scales(view, width)
    body = amount_axis(up, ticks(up.low, up.high, 4), _LEFT, width - _RIGHT)
    body += _days(view, across, width)
    body += _line(view, across, up, lambda point: point.expected_shortfall, "es")
    body += _line(view, across, up, lambda point: point.value_at_risk, "var")
    body += _breaches(view, across, up) + _legend(view)
    return picture(
        body,
        name=name,
        width=width,
        height=_HEIGHT,
        title=view.title,
        description=view.description,
    )


def _scales(view: VarHistory, width: float) -> tuple[Scale, Scale]:
    days = [_day(point) for point in view.points]
    first, last = float(days[0]), float(days[-1])
    if first == last:
        first, last = first - 1.0, last + 1.0
    every = [a for p in view.points for a in (p.value_at_risk, p.expected_shortfall)]
    low, high = min(0.0, *every), max(0.0, *every)
    margin = 0.06 * ((high - low) or 1.0)
    low = low - margin if low < 0 else 0.0
    up = Scale(low=low, high=high + margin, start=_HEIGHT - _BOTTOM, stop=_TOP)
    across = Scale(low=first, high=last, start=_LEFT + 6.0, stop=width - _RIGHT)
    return across, up


def _day(point: HistoryPoint) -> int:
    return date.fromisoformat(point.date).toordinal()


def _line(view: VarHistory, across: Scale, up: Scale, amount: Amount, css: str) -> Markup:
    places = [(across(_day(point)), up(amount(point))) for point in view.points]
    drawn = (
        element("path", d=trail(places), class_=f"line {css}") if len(places) > 1 else Markup("")
    )
    dots = places if len(places) <= _DOTS else places[-1:]
    return drawn + Markup("").join(
        element("circle", cx=x, cy=y, r=2.6, class_=f"dot-{css}") for x, y in dots
    )


def _breaches(view: VarHistory, across: Scale, up: Scale) -> Markup:
    """A small triangle over each day with a breach, all of them one path."""
    drawn = []
    for point in view.points:
        if point.breaches:
            x, y = across(_day(point)), up(max(point.value_at_risk, point.expected_shortfall)) - 6.0
            left, right, top = number(x - 3.5), number(x + 3.5), number(y - 6.0)
            drawn.append(f"M{left} {top}H{right}L{number(x)} {number(y)}Z")
    return element("path", d="".join(drawn), class_="over") if drawn else Markup("")


def _legend(view: VarHistory) -> Markup:
    var, es = view.var_label, view.es_label
    second = _LEFT + 36.0 + 6.6 * len(var)
    third = second + 36.0 + 6.6 * len(es)
    drawn = [
        element("line", x1=_LEFT, x2=_LEFT + 18.0, y1=10.0, y2=10.0, class_="line var"),
        label(_LEFT + 23.0, 14.0, var, "mark var-text"),
        element("line", x1=second, x2=second + 18.0, y1=10.0, y2=10.0, class_="line es"),
        label(second + 23.0, 14.0, es, "mark es-text"),
    ]
    if any(point.breaches for point in view.points):
        path = f"M{number(third)} 6H{number(third + 7.0)}L{number(third + 3.5)} 12Z"
        drawn += [
            element("path", d=path, class_="over"),
            label(third + 12.0, 14.0, "limit breached", "mark"),
        ]
    return Markup("").join(drawn)


def _days(view: VarHistory, across: Scale, width: float) -> Markup:
    floor = _HEIGHT - _BOTTOM
    base = element("line", x1=_LEFT, x2=width - _RIGHT, y1=floor, y2=floor, class_="grid")
    return base + Markup("").join(
        element("line", x1=x, x2=x, y1=floor, y2=floor + 4.0, class_="axis")
        + label(x, floor + 16.0, words, "tick", "end" if x > width - 60.0 else "start")
        for x, words in _date_ticks(view.points, across)
    )


def _date_ticks(points: Sequence[HistoryPoint], across: Scale) -> list[tuple[float, str]]:
    """As many of the days as have room for their date, the first and the last among them."""
    last = across(_day(points[-1]))
    taken: list[tuple[float, str]] = []
    for point in points[:-1]:
        x = across(_day(point))
        room = not taken or x - taken[-1][0] >= _LEAST_APART
        if room and last - x >= 2.0 * _LEAST_APART:
            taken.append((x, _short(point.date)))
    if len(points) > 1 and not taken:
        taken.append((across(_day(points[0])), _short(points[0].date)))
    return [*taken, (last, _short(points[-1].date))]


def _short(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year % 100:02d}"

"""Column chart of a sensitivity along a curve: filled to zero rates, hollow to par rates."""

from markupsafe import Markup

from riskmill.reporting.render.charts.axes import amount_axis
from riskmill.reporting.render.charts.scale import Scale, ticks
from riskmill.reporting.render.charts.svg import box, filled, labels, picture
from riskmill.reporting.views.sensitivities import Ladder

_WIDTH, _HEIGHT = 310.0, 150.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 4.0, 8.0, 22.0


def ladders(curves: tuple[Ladder, ...], tenors: tuple[str, ...]) -> tuple[Markup, ...]:
    """A chart a curve, all on one scale so that curves compare."""
    values = [n.value or 0.0 for curve in curves for n in (*curve.nodes, *curve.par)]
    up = Scale(
        low=min([0.0, *values]),
        high=max([0.0, *values]),
        start=_HEIGHT - _BOTTOM,
        stop=_TOP,
    )
    return tuple(
        _ladder(curve, tenors, up, f"ladder-{place}") for place, curve in enumerate(curves)
    )


def _ladder(curve: Ladder, tenors: tuple[str, ...], up: Scale, name: str) -> Markup:
    across = Scale(low=0.0, high=float(len(tenors)), start=_LEFT, stop=_WIDTH - _RIGHT)
    step = across(1.0) - across(0.0)
    columns = [
        _column(across(i + 0.5) + side * step * 0.2, step * 0.36, node.value, up, css)
        for side, css, nodes in ((-1, "", curve.nodes), (1, " par", curve.par))
        for i, node in enumerate(nodes)
    ]
    words = [
        (across(i + 0.5), _HEIGHT - 6.0, tenor)
        for i, tenor in enumerate(tenors)
        if len(tenors) <= 12 or i % 2 == 0
    ]
    axis = amount_axis(up, ticks(up.low, up.high, 4), _LEFT, _WIDTH - _RIGHT)
    return picture(
        axis + filled(columns) + labels(words, "tick", "middle"),
        name=name,
        width=_WIDTH,
        height=_HEIGHT,
        title=f"DV01 ladder {curve.curve}",
        description=curve.description,
    )


def _column(x: float, width: float, value: float | None, up: Scale, css: str) -> tuple[str, str]:
    """Class and path of a column; no path where there is nothing to draw."""
    if not value:
        return css, ""
    zero, end = up(0.0), up(value)
    path = box(x - width / 2, min(zero, end), width, max(abs(end - zero), 0.5))
    return f"{'tail' if value < 0 else 'body'}{css}", path

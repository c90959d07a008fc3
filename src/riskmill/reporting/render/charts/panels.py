"""Stress by desk: a panel a scenario, a bar a desk, all panels on one scale."""

from collections.abc import Sequence

from markupsafe import Markup

from riskmill.reporting.render.charts.scale import Scale
from riskmill.reporting.render.charts.svg import box, element, filled, labels, number, picture
from riskmill.reporting.render.texts import shown
from riskmill.reporting.views.stress import StressRow, StressTable

PANELS = 4
"""Scenarios drawn, the firm's worst."""
_WIDTH, _ROW = 300.0, 17.0
_START, _STOP = 100.0, 226.0
_LONGEST = 16
"""Characters of a desk's name."""


def stress_panels(table: StressTable) -> tuple[Markup, ...]:
    """Draw the worst scenarios; a desk's figure stands at the end of its bar's row."""
    rows = table.rows[:PANELS]
    values = [figure.value or 0.0 for row in rows for figure in row.desks]
    across = Scale(low=min([0.0, *values]), high=max([0.0, *values]), start=_START, stop=_STOP)
    return tuple(
        _panel(row, table.desks, across, f"stress-{place}") for place, row in enumerate(rows)
    )


def _panel(row: StressRow, desks: Sequence[str], across: Scale, name: str) -> Markup:
    height = _ROW * len(desks) + 4.0
    zero = across(0.0)
    bars, names, figures = [], [], []
    for place, (desk, figure) in enumerate(zip(desks, row.desks, strict=True)):
        middle, end = _ROW * (place + 0.5) + 2.0, across(figure.value or 0.0)
        names.append((0.0, middle + 4.0, shown(desk, _LONGEST)))
        shape = box(min(zero, end), middle - 5.0, max(abs(end - zero), 0.5), 10.0)
        bars.append(("tail" if (figure.value or 0.0) < 0 else "body", shape))
        figures.append((_WIDTH, middle + 4.0, figure.text))
    axis = element("path", d=f"M{number(zero)} 0V{number(height)}", class_="axis")
    body = axis + filled(bars) + labels(names, "") + labels(figures, "", "end")
    return picture(
        body,
        name=name,
        width=_WIDTH,
        height=height,
        title="Stress P&L by desk",
        description=row.description,
    )

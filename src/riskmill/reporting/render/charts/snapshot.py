"""Charts of lines that the page shows: curves and surfaces of the snapshot, concentration."""

from markupsafe import Markup

from riskmill.reporting.render.charts.lines import Line, LineChart, line_chart
from riskmill.reporting.render.texts import shown
from riskmill.reporting.views.contributions import Concentration
from riskmill.reporting.views.market import MarketView, SurfaceView


def curve_chart(view: MarketView) -> Markup:
    """Zero rates over tenors, a line a curve."""
    return line_chart(
        LineChart(
            places=view.tenors,
            lines=[Line(name=shown(row.curve), figures=row.rates) for row in view.curves],
            title="Zero curves",
            description=view.curves_text,
        ),
        name="curves",
    )


def surface_charts(view: MarketView) -> tuple[Markup, ...]:
    """Volatilities over strikes, a line an expiry; over expiries where there is no smile."""
    return tuple(_surface(one, f"surface-{place}") for place, one in enumerate(view.surfaces))


def _surface(view: SurfaceView, name: str) -> Markup:
    flat = len(view.columns) == 1
    lines = (
        [Line(name="", figures=[smile.volatilities[0] for smile in view.smiles])]
        if flat
        else [Line(name=smile.expiry, figures=smile.volatilities) for smile in view.smiles]
    )
    return line_chart(
        LineChart(
            places=[smile.expiry for smile in view.smiles] if flat else view.columns,
            lines=lines,
            title="Implied volatility",
            description=view.description,
        ),
        name=name,
    )


def concentration_chart(view: Concentration) -> Markup:
    """Share of ES over the number of positions that make it."""
    return line_chart(
        LineChart(
            places=[step.positions.text for step in view.steps],
            lines=[Line(name="", figures=[step.share for step in view.steps])],
            title="Concentration of expected shortfall",
            description=view.sentence,
        ),
        name="concentration",
    )

"""Columns of each table; amounts are in the reporting currency unless a column names theirs."""

from collections.abc import Sequence

from riskmill.reporting.report import Report
from riskmill.reporting.tables.model import (
    GAINS,
    LOSSES,
    PROSE,
    STATE,
    Field,
    day,
    nth,
    number,
    slug,
    text,
)

Fields = tuple[Field, ...]
_NAME_LENGTH = 64


def headline(report: Report) -> Fields:
    """The six figures."""
    return (
        text("label", "Figure"),
        number("figure", "Value", ""),
        text("unit", "Unit", "figure.unit"),
        text("exact", "In full"),
        text("note", "Against", kind=PROSE),
    )


def limits(report: Report) -> Fields:
    """Limits, each in its own unit."""
    return (
        text("portfolio", "Portfolio"),
        text("level", "Level"),
        text("measure", "Measure"),
        number("used", "Used", "", LOSSES),
        number("amount", "Limit", ""),
        number("headroom", "Headroom", ""),
        text("unit", "Unit", "used.unit"),
        number("utilisation", "Utilisation", "%"),
        number("warning", "Warns from", "%"),
        text("status", "Status", "status_text", kind=STATE),
        text("limit_id", "Limit id"),
    )


def portfolios(report: Report) -> Fields:
    """Risk of each portfolio at each confidence."""
    view, currency = report.portfolios, report.strip.currency
    return (
        text("portfolio", "Portfolio"),
        text("level", "Level"),
        number("positions", "Positions", "count"),
        number("present_value", "Present value", currency, GAINS),
        *_each("value_at_risk", "VaR ", view.confidences, currency, LOSSES),
        *_each("expected_shortfall", "ES ", view.confidences, currency, LOSSES),
        number("component_var", f"Component {view.component_var}", currency, LOSSES),
        number("component_es", f"Component {view.component_es}", currency, LOSSES),
        number("share", "Share of ES", "%"),
    )


def certainty(report: Report) -> Fields:
    """What surrounds VaR and ES."""
    view, currency = report.certainty, report.strip.currency
    return (
        text("portfolio", "Portfolio"),
        number("value_at_risk", view.value_at_risk, currency, LOSSES),
        number("lower", "Lower end", currency, LOSSES),
        number("upper", "Upper end", currency, LOSSES),
        number("expected_shortfall", view.expected_shortfall, currency, LOSSES),
        number("error", "Standard error", currency),
        number("parametric", "Parametric VaR", currency, LOSSES),
        number("delta_gamma", "Delta-gamma VaR", currency, LOSSES),
        number("incremental", "Incremental VaR", currency, LOSSES),
    )


def classes(report: Report) -> Fields:
    """VaR when one class of factors moves."""
    view, currency = report.certainty, report.strip.currency
    return (
        text("portfolio", "Portfolio"),
        *_each("value_at_risk", "", view.classes, currency, LOSSES),
        number("whole", "All factors", currency, LOSSES),
    )


def statistics(report: Report) -> Fields:
    """Figures about the vector as a whole."""
    return (
        text("label", "P&L vector"),
        number("figure", "Value", ""),
        text("unit", "Unit", "figure.unit"),
    )


def vector(report: Report) -> Fields:
    """The vector itself."""
    return (
        day("scenario", "Scenario"),
        number("pnl", "P&L", report.strip.currency, GAINS),
    )


def books(report: Report) -> Fields:
    """Books by what they add to ES."""
    currency = report.strip.currency
    return (
        text("book", "Book"),
        number("component_es", "Component ES", currency, LOSSES),
        number("share", "Share of ES", "%"),
    )


def positions(report: Report) -> Fields:
    """Positions by what they add to ES."""
    currency = report.strip.currency
    return (
        number("rank", "Rank", "count"),
        text("position_id", "Position"),
        text("book", "Book"),
        text("instrument", "Instrument"),
        text("underlying", "Underlying"),
        number("present_value", "Present value", currency, GAINS),
        number("component_es", "Component ES", currency, LOSSES),
        number("share", "Share of ES", "%"),
    )


def worst(report: Report) -> Fields:
    """The worst scenarios."""
    currency = report.strip.currency
    return (
        day("scenario", "Scenario", "label"),
        number("pnl", "P&L", currency, GAINS),
        number("against_var", report.tail.against, "x"),
        text("driver", "Book that lost most"),
        number("driver_pnl", "Its P&L", currency, GAINS),
    )


def moves(report: Report) -> Fields:
    """Factor moves of the worst scenarios, each in the unit of its factor."""
    return (
        number("rank", "Rank", "count"),
        day("scenario", "Scenario"),
        text("factor", "Factor id"),
        text("name", "Factor"),
        number("move", "Move", ""),
        text("unit", "Unit", "move.unit"),
    )


def stress(report: Report) -> Fields:
    """P&L of the firm and each desk in each named scenario."""
    view, currency = report.stress, report.strip.currency
    return (
        text("scenario", "Scenario"),
        number("firm", "Firm", currency, GAINS),
        *_each("desks", "", view.desks, currency, GAINS, prefix="desk"),
    )


def stressed(report: Report) -> Fields:
    """Stressed figures beside those of the run."""
    view, currency = report.stressed, report.strip.currency
    return (
        text("portfolio", "Portfolio"),
        text("level", "Level"),
        number("stressed_var", f"Stressed {view.var}", currency, LOSSES),
        number("var_times", "Times VaR", "x"),
        number("stressed_es", f"Stressed {view.es}", currency, LOSSES),
        number("es_times", "Times ES", "x"),
    )


def sensitivities(report: Report) -> Fields:
    """Greeks of the firm and its books."""
    view, currency = report.sensitivities, report.strip.currency
    return (
        text("portfolio", "Portfolio", "name"),
        *(
            nth(
                number(one.measure, f"{one.label}, {one.bump}", currency, GAINS, "figures"),
                place,
            )
            for place, one in enumerate(view.columns)
        ),
    )


def underlyings(report: Report) -> Fields:
    """Delta, gamma and vega of the firm by underlying."""
    names = ("Delta", "Gamma", "Vega")
    return (
        text("underlying", "Underlying", "name"),
        *_each("figures", "", names, report.strip.currency, GAINS, prefix=""),
    )


def ladders(report: Report) -> Fields:
    """DV01 of the firm by curve and tenor."""
    view, currency = report.sensitivities, report.strip.currency
    return (
        text("curve", "Curve"),
        *_each("nodes", "", view.tenors, currency, GAINS, prefix="tenor"),
        number("total", "Total", currency, GAINS),
    )


def pairs(report: Report) -> Fields:
    """FX delta and gamma of the firm by pair."""
    currency = report.strip.currency
    return (
        text("pair", "Pair"),
        number("delta", "FX delta", currency, GAINS, "figure"),
        number("gamma", "FX gamma", currency, GAINS),
    )


def backtests(report: Report) -> Fields:
    """Backtests with each statistic and its p-value."""
    return (
        text("portfolio", "Portfolio", "test.portfolio"),
        text("kind", "P&L", "test.kind"),
        number("days", "Days", "count", of="test.days"),
        number("expected", "Expected", "count", of="test.expected"),
        number("exceptions", "Exceptions", "count", of="test.exceptions"),
        text("zone", "Zone", "test.zone", kind=STATE),
        text("multiplier", "Multiplier", "test.multiplier"),
        number("kupiec", "Kupiec", ""),
        number("kupiec_p", "p", ""),
        number("independence", "Independence", ""),
        number("independence_p", "p", ""),
        number("coverage", "Conditional coverage", ""),
        number("coverage_p", "p", ""),
    )


def exceptions(report: Report) -> Fields:
    """Days on which the firm lost more than its VaR."""
    currency = report.strip.currency
    return (
        text("kind", "P&L"),
        day("date", "Date"),
        number("pnl", "Result", currency, GAINS),
        number("value_at_risk", "VaR", currency, LOSSES),
    )


def files(report: Report) -> Fields:
    """Delivered files."""
    return (
        text("file", "File", "name"),
        text("dataset", "Dataset"),
        number("rows", "Delivered", "count"),
        number("accepted", "Accepted", "count"),
        number("rejected", "Rejected", "count"),
        number("share", "Share rejected", "%"),
    )


def failures(report: Report) -> Fields:
    """What is wrong with the data."""
    return (
        text("kind", "Kind"),
        text("code", "Code"),
        text("reason", "Reason"),
        text("subject", "Subject"),
        text("place", "Where"),
        text("column", "Column"),
        text("value", "Value as delivered"),
        text("message", "What is wrong", kind=PROSE),
    )


def proxies(report: Report) -> Fields:
    """Factors that take another's value or shock."""
    return (
        text("factor", "Factor"),
        text("source", "Takes"),
        text("reason", "Reason", kind=PROSE),
    )


def facts(report: Report) -> Fields:
    """What is stated of the run."""
    return (
        text("topic", "Topic"),
        text("label", "About"),
        text("text", "Stated", kind=PROSE),
    )


def inputs(report: Report) -> Fields:
    """Files as they were used."""
    return (
        text("file", "File", "name"),
        text("dataset", "Dataset"),
        number("rows", "Rows", "count"),
        number("size", "Size", "bytes"),
        text("sha256", "SHA-256"),
    )


def _each(
    attribute: str,
    title: str,
    names: Sequence[str],
    unit: str,
    convention: str,
    prefix: str | None = None,
) -> Fields:
    """
    A column for each entry of a tuple: `<prefix>_<name>`, the prefix being *attribute* if none.

    Names are delivered text: two that look alike are numbered, long ones are cut.
    """
    start = attribute if prefix is None else prefix
    taken: dict[str, int] = {}
    fields = []
    for place, name in enumerate(names):
        column = f"{start}_{slug(name)[:_NAME_LENGTH]}".removeprefix("_")
        taken[column] = taken.get(column, 0) + 1
        unique = column if taken[column] == 1 else f"{column}_{taken[column]}"
        fields.append(nth(number(unique, f"{title}{name}", unit, convention, attribute), place))
    return tuple(fields)


def details(report: Report) -> Fields:
    """The largest contributors by themselves: price, terms of delivery and where they stand."""
    return (
        number("rank", "Rank", "count"),
        text("position_id", "Position"),
        text("measure", "What", kind=PROSE),
        text("key", "Of"),
        number("figure", "Value", ""),
        text("unit", "Unit", "figure.unit"),
    )


def curves(report: Report) -> Fields:
    """Zero curves as quoted."""
    return (
        text("curve", "Curve"),
        *_each("rates", "", report.market.tenors, "%", "", prefix="tenor"),
    )


def surfaces(report: Report) -> Fields:
    """Volatilities as quoted, one a line."""
    return (
        text("surface", "Surface"),
        day("expiry", "Expiry"),
        text("strike", "Strike"),
        number("volatility", "Volatility", "%"),
    )


def changes(report: Report) -> Fields:
    """What changed since the run before."""
    return (
        text("table", "Figure", kind=PROSE),
        text("portfolio", "Portfolio"),
        text("part", "Part"),
        number("amount", "Amount", report.strip.currency),
    )


def days(report: Report) -> Fields:
    """Past days of the firm."""
    currency = report.strip.currency
    return (
        day("date", "Date"),
        number("value_at_risk", "VaR", currency, LOSSES),
        number("expected_shortfall", "ES", currency, LOSSES),
        number("stated", "VaR held against", currency, LOSSES),
        number("pnl", "Hypothetical P&L", currency, GAINS),
        number("actual", "Actual P&L", currency, GAINS),
        text("exception", "Exception", kind=STATE),
    )

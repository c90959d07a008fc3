"""Every table of the report: an entry here makes its CSV file, its sheet and its printed table."""

from collections.abc import Mapping, Sequence
from dataclasses import fields

from riskmill.reporting.report import Report
from riskmill.reporting.tables import columns
from riskmill.reporting.tables.model import Table, TableSpec
from riskmill.reporting.tables.rows import (
    change_lines,
    day_lines,
    detail_lines,
    fact_lines,
    failure_lines,
    move_rows,
    proxy_lines,
    test_rows,
    vector_rows,
    volatility_lines,
)

SUMMARY = "summary"
"""The section that every report has: status and the six figures."""

_ALWAYS = ("schema", "strip", "headline")

SECTIONS: tuple[str, ...] = tuple(
    field.name for field in fields(Report) if field.name not in _ALWAYS
)
"""Sections that can be chosen, in page order."""

_TITLES: Mapping[str, str] = {
    "summary": "Summary",
    "day_on_day": "Why VaR moved",
    "history": "VaR history",
    "portfolios": "Risk by portfolio",
    "certainty": "How certain",
    "pnl": "P&L vector of the firm",
    "contributions": "Contributors to expected shortfall",
    "tail": "Worst scenarios",
    "drilldown": "From the firm to a position",
    "market": "Market snapshot",
    "stress": "Stress by desk",
    "stressed": "Stressed period and reverse stress",
    "quality": "Data quality",
}

TABLES: tuple[TableSpec, ...] = (
    TableSpec(
        name="headline", section=SUMMARY, title="Six figures",
        rows=lambda report: report.headline.figures, fields=columns.headline,
        caption=lambda report: report.headline.conventions,
    ),
    TableSpec(
        name="limits", section="limits", title="Limits",
        rows=lambda report: report.limits.rows, fields=columns.limits,
        caption=lambda report: "Magnitude of each measure against its limit, losses positive.",
        empty=lambda report: report.limits.empty,
    ),
    TableSpec(
        name="changes", section="day_on_day", title="Since the run before",
        rows=change_lines, fields=columns.changes,
        caption=lambda report: report.day_on_day.against,
        empty=lambda report: report.day_on_day.empty, printed=24,
    ),
    TableSpec(
        name="portfolios", section="portfolios", title="Risk by portfolio",
        rows=lambda report: report.portfolios.rows, fields=columns.portfolios,
        caption=lambda report: report.portfolios.caption,
        empty=lambda report: report.portfolios.empty, depth=lambda row: int(row.depth),
    ),
    TableSpec(
        name="certainty", section="certainty", title="How certain",
        rows=lambda report: report.certainty.rows, fields=columns.certainty,
        caption=lambda report: report.certainty.caption,
        empty=lambda report: report.certainty.empty,
    ),
    TableSpec(
        name="risk_classes", section="certainty", title="VaR by risk class",
        rows=lambda report: report.certainty.class_rows, fields=columns.classes,
        caption=lambda report: report.certainty.class_caption,
        empty=lambda report: "Figures by risk class were not asked for in this run.",
    ),
    TableSpec(
        name="pnl_statistics", section="pnl", title="About the vector",
        rows=lambda report: report.pnl.statistics, fields=columns.statistics,
        empty=lambda report: report.pnl.empty,
    ),
    TableSpec(
        name="pnl_vector", section="pnl", title="P&L vector",
        rows=vector_rows, fields=columns.vector,
        caption=lambda report: f"P&L of the firm in each scenario, {report.strip.currency}, "
        "gains positive.",
        empty=lambda report: report.pnl.empty, printed=0,
    ),
    TableSpec(
        name="contributing_books", section="contributions", title="Contributing books",
        rows=lambda report: report.contributions.books, fields=columns.books,
        caption=lambda report: report.contributions.caption,
        empty=lambda report: report.contributions.empty,
    ),
    TableSpec(
        name="contributing_positions", section="contributions", title="Contributing positions",
        rows=lambda report: report.contributions.top + report.contributions.more,
        fields=columns.positions, caption=lambda report: report.contributions.caption,
        empty=lambda report: report.contributions.empty, printed=40,
    ),
    TableSpec(
        name="worst_scenarios", section="tail", title="Worst scenarios",
        rows=lambda report: report.tail.rows, fields=columns.worst,
        caption=lambda report: report.tail.caption, empty=lambda report: report.tail.empty,
    ),
    TableSpec(
        name="worst_moves", section="tail", title="What moved in them",
        rows=lambda report: move_rows(report.tail.rows), fields=columns.moves,
        caption=lambda report: report.tail.caption, empty=lambda report: report.tail.empty,
        printed=30,
    ),
    TableSpec(
        name="largest_positions", section="drilldown", title="The largest contributors",
        rows=detail_lines, fields=columns.details,
        caption=lambda report: report.contributions.caption,
        empty=lambda report: report.drilldown.empty, printed=0,
    ),
    TableSpec(
        name="stress", section="stress", title="Stress by desk",
        rows=lambda report: report.stress.rows, fields=columns.stress,
        caption=lambda report: f"P&L in {report.strip.currency}, gains positive, full revaluation.",
        empty=lambda report: report.stress.empty,
    ),
    TableSpec(
        name="stressed", section="stressed", title="Stressed figures",
        rows=lambda report: report.stressed.rows, fields=columns.stressed,
        caption=lambda report: report.stressed.caption,
        empty=lambda report: report.stressed.empty, depth=lambda row: int(row.depth),
    ),
    TableSpec(
        name="reverse_stress", section="stressed", title="Worst past scenario",
        rows=lambda report: report.stressed.worst, fields=columns.worst,
        empty=lambda report: report.stressed.empty,
    ),
    TableSpec(
        name="reverse_stress_moves", section="stressed", title="What moved in it",
        rows=lambda report: move_rows(report.stressed.worst), fields=columns.moves,
        empty=lambda report: report.stressed.empty,
    ),
    TableSpec(
        name="sensitivities", section="sensitivities", title="Sensitivities by book",
        rows=lambda report: report.sensitivities.books, fields=columns.sensitivities,
        caption=lambda report: report.sensitivities.caption,
        empty=lambda report: report.sensitivities.empty,
    ),
    TableSpec(
        name="underlyings", section="sensitivities", title="Sensitivities by underlying",
        rows=lambda report: report.sensitivities.underlyings, fields=columns.underlyings,
        caption=lambda report: report.sensitivities.underlyings_text,
        empty=lambda report: report.sensitivities.empty,
    ),
    TableSpec(
        name="dv01", section="sensitivities", title="DV01 by curve and tenor",
        rows=lambda report: report.sensitivities.ladders, fields=columns.ladders,
        caption=lambda report: report.sensitivities.ladder_caption,
        empty=lambda report: report.sensitivities.empty,
    ),
    TableSpec(
        name="fx_pairs", section="sensitivities", title="FX by pair",
        rows=lambda report: report.sensitivities.pairs, fields=columns.pairs,
        caption=lambda report: report.sensitivities.pair_caption,
        empty=lambda report: report.sensitivities.empty,
    ),
    TableSpec(
        name="curves", section="market", title="Zero curves",
        rows=lambda report: report.market.curves, fields=columns.curves,
        caption=lambda report: report.market.caption,
        empty=lambda report: report.market.empty,
    ),
    TableSpec(
        name="volatilities", section="market", title="Implied volatilities",
        rows=volatility_lines, fields=columns.surfaces,
        caption=lambda report: report.market.surfaces_text,
        empty=lambda report: "No surface is quoted.", printed=40,
    ),
    TableSpec(
        name="history", section="history", title="Past days",
        rows=day_lines, fields=columns.days,
        caption=lambda report: report.history.caption,
        empty=lambda report: report.history.empty, printed=0,
    ),
    TableSpec(
        name="backtests", section="backtests", title="Backtests",
        rows=test_rows, fields=columns.backtests,
        caption=lambda report: report.backtests.caption,
        empty=lambda report: report.backtests.empty,
    ),
    TableSpec(
        name="exceptions", section="backtests", title="Exceptions of the firm",
        rows=lambda report: report.backtests.exceptions, fields=columns.exceptions,
        caption=lambda report: report.backtests.more,
        empty=lambda report: report.backtests.empty or "No loss exceeded its VaR.",
    ),
    TableSpec(
        name="files", section="quality", title="Delivered files",
        rows=lambda report: report.quality.files, fields=columns.files,
    ),
    TableSpec(
        name="failures", section="quality", title="What is wrong with the data",
        rows=failure_lines, fields=columns.failures,
        caption=lambda report: "The first of each code; every one is in the quarantine.",
        empty=lambda report: "No row was rejected, every position was valued, nothing is odd.",
    ),
    TableSpec(
        name="proxies", section="quality", title="Proxied factors",
        rows=proxy_lines, fields=columns.proxies,
        caption=lambda report: report.quality.proxied_text,
        empty=lambda report: report.quality.proxied_text, printed=25,
    ),
    TableSpec(
        name="facts", section="audit", title="Run and conventions",
        rows=fact_lines, fields=columns.facts,
    ),
    TableSpec(
        name="inputs", section="audit", title="Inputs",
        rows=lambda report: report.audit.inputs, fields=columns.inputs,
    ),
)  # fmt: skip
"""The tables in page order."""


def tables_of(report: Report, sections: tuple[str, ...] = SECTIONS) -> tuple[Table, ...]:
    """Read every table of the summary and of *sections* off the report, in page order."""
    return tuple(
        spec.table(report) for spec in TABLES if spec.section in sections or spec.section == SUMMARY
    )


def excerpt(sections: Sequence[str]) -> str:
    """What a report says of itself that has not all sections; empty for a whole one."""
    if len(sections) == len(SECTIONS):
        return ""
    named = ", ".join(title_of(name) for name in sections if name != SUMMARY)
    return f"Excerpt, {len(sections)} of {len(SECTIONS)} sections: {named}"


def title_of(section: str) -> str:
    """A section's heading."""
    return _TITLES.get(section, section.replace("_", " ").capitalize())

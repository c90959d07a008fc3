"""The six figures that are read first."""

from dataclasses import dataclass

from riskmill.domain import LimitState
from riskmill.reporting.views import words
from riskmill.reporting.views.findings import Findings, desks, total
from riskmill.reporting.views.numbers import (
    Number,
    confidence,
    count,
    multiple,
    percent,
    ratio,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadlineFigure:
    """One of the six: a large rounded figure, the exact one, and what it relates to."""

    label: str
    figure: Number
    """Rounded for reading."""
    exact: str
    """The figure in full, with its unit; empty where the large one is exact."""
    note: str
    tone: str
    """`breach`, `warning` or empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Headline:
    """Six figures of the firm and the conventions they follow."""

    figures: tuple[HeadlineFigure, ...]
    conventions: str


def headline(found: Findings) -> Headline:
    """Pick the firm's figures; each says what it is measured against."""
    return Headline(
        figures=(
            _value_at_risk(found),
            _expected_shortfall(found),
            _present_value(found),
            _diversification(found),
            _worst_stress(found),
            _rejected(found),
        ),
        conventions=(
            f"Amounts in {found.currency} as of {words.instant(found.result.record.as_of)}. "
            "VaR and ES: losses positive. Present value, P&L, stress and sensitivities: "
            "gains positive. Figures are rounded where shown, never before."
        ),
    )


def _value_at_risk(found: Findings) -> HeadlineFigure:
    level = found.result.headline_var
    value = found.value(found.firm, "value_at_risk", level)
    limit = _firm_limit(found, "value_at_risk", level)
    note = "no firm limit on this measure"
    if limit:
        note = f"{percent(limit.utilisation).text} of its limit {found.compact(limit.amount).text}"
    return _amount(found, f"VaR {confidence(level)}", value, note, _tone(limit))


def _expected_shortfall(found: Findings) -> HeadlineFigure:
    level, var_level = found.result.headline_es, found.result.headline_var
    value = found.value(found.firm, "expected_shortfall", level)
    var = found.value(found.firm, "value_at_risk", var_level)
    times = multiple(ratio(value, var))
    note = f"{times.text} VaR {confidence(var_level)}" if times.value else "no VaR to compare with"
    limit = _firm_limit(found, "expected_shortfall", level)
    if limit:
        note = f"{note}, {percent(limit.utilisation, 0).text} of limit"
    return _amount(found, f"ES {confidence(level)}", value, note, _tone(limit))


def _present_value(found: Findings) -> HeadlineFigure:
    value = found.value(found.firm, "present_value")
    positions = int(found.value(found.firm, "positions") or 0)
    books = len(found.result.hierarchy.books)
    note = f"{words.quantity(positions, 'position')} in {words.quantity(books, 'book')}"
    return _amount(found, "Present value", value, note, "")


def _diversification(found: Findings) -> HeadlineFigure:
    level = found.result.headline_var
    names = desks(found.result)
    alone = total([found.value(name, "value_at_risk", level) for name in names])
    firm = found.value(found.firm, "value_at_risk", level)
    benefit = None if alone is None or firm is None else alone - firm
    share = percent(ratio(benefit, alone), 0)
    note = f"{share.text} of {len(names)} desk VaRs ({found.compact(alone).text})"
    if share.value is None:
        note = "no desk VaR to compare with"
    return _amount(found, "Diversification benefit", benefit, note, "")


def _worst_stress(found: Findings) -> HeadlineFigure:
    results = [
        (value, name)
        for name in found.keys.get("stress", ())
        if (value := found.value(found.firm, "stress", name)) is not None
    ]
    if not results:
        return _amount(found, "Worst stress P&L", None, "no stress scenario was run", "")
    value, name = min(results)
    return _amount(found, "Worst stress P&L", value, words.quoted(name), "")


def _rejected(found: Findings) -> HeadlineFigure:
    inputs = found.result.record.inputs
    rejected, rows = sum(f.rejected for f in inputs), sum(f.rows for f in inputs)
    positions = [f for f in inputs if f.dataset == "positions"]
    bad, all_rows = sum(f.rejected for f in positions), sum(f.rows for f in positions)
    share = percent(ratio(bad, all_rows), 2).text
    return HeadlineFigure(
        label="Rows rejected",
        figure=count(rejected),
        exact=f"of {rows:,} delivered",
        note=f"positions: {bad:,} of {all_rows:,} ({share})" if all_rows else _none(found),
        tone="warning" if rejected else "",
    )


def _none(found: Findings) -> str:
    return "no position was delivered" if found.book_is_empty else "no position file"


def _amount(
    found: Findings, label: str, value: float | None, note: str, tone: str
) -> HeadlineFigure:
    exact = found.money(value)
    shown = "" if exact.value is None else f"{exact.unit} {exact.text}"
    return HeadlineFigure(
        label=label, figure=found.compact(value), exact=shown, note=note, tone=tone
    )


def _firm_limit(found: Findings, measure: str, level: str) -> LimitState | None:
    for limit in found.result.limits:
        if (limit.portfolio, limit.measure, limit.confidence) == (found.firm, measure, level):
            return limit
    return None


def _tone(limit: LimitState | None) -> str:
    return limit.status if limit and limit.status in ("breach", "warning") else ""

"""VaR and ES of the firm through time, as the runs reported them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from riskmill.reporting.past_runs import PastRisk, PastRun
from riskmill.reporting.views import words
from riskmill.reporting.views.numbers import compact


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryPoint:
    """The firm's figures of one date."""

    date: str
    """ISO."""
    value_at_risk: float
    expected_shortfall: float
    breaches: int
    run_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class VarHistory:
    """Figures that may be held against one another: of one snapshot, currency and convention."""

    title: str
    snapshot: str
    currency: str
    var_label: str
    es_label: str
    points: tuple[HistoryPoint, ...]
    """By date, one a date; superseded runs are not among them."""
    description: str
    """The chart in words."""
    left_out: str
    """Which runs are not in it and why; empty where all are."""


def var_history(current: Sequence[PastRun]) -> VarHistory:
    """Take the runs of the latest one's kind; *current* are those that count, by date."""
    kinds = Counter(kind for run in current if (kind := _kind(run)))
    last = next((kind for run in reversed(current) if (kind := _kind(run))), None)
    if last is None:
        return _nothing()
    snapshot, currency, var_level, es_level, _ = last
    points = tuple(_point(run, run.risk) for run in current if run.risk and _kind(run) == last)
    var = words.measure("value_at_risk", var_level)
    es = words.measure("expected_shortfall", es_level)
    others = sum(kinds.values()) - kinds[last]
    return VarHistory(
        title=f"{var} and {es} over time",
        snapshot=snapshot,
        currency=currency,
        var_label=var,
        es_label=es,
        points=points,
        description=_in_words(points, var, es, words.quoted(currency)),
        left_out=f"{words.quantity(others, 'run')} of another snapshot, currency, confidence or "
        "holding period not drawn."
        if others
        else "",
    )


def _kind(run: PastRun) -> tuple[str, str, str, str, int] | None:
    risk = run.risk
    if risk is None:
        return None
    return run.snapshot, risk.currency, risk.headline_var, risk.headline_es, risk.holding_days


def _nothing() -> VarHistory:
    return VarHistory(
        title="VaR and ES over time",
        snapshot="",
        currency="",
        var_label="",
        es_label="",
        points=(),
        description="No run has finished yet, so there is nothing to draw.",
        left_out="",
    )


def _point(run: PastRun, risk: PastRisk) -> HistoryPoint:
    return HistoryPoint(
        date=run.business_date.isoformat(),
        value_at_risk=risk.value_at_risk,
        expected_shortfall=risk.expected_shortfall,
        breaches=len(risk.breaches),
        run_id=run.run_id,
    )


def _in_words(points: Sequence[HistoryPoint], var: str, es: str, currency: str) -> str:
    low = min(points, key=lambda point: point.value_at_risk)
    high = max(points, key=lambda point: point.value_at_risk)
    last = points[-1]
    breached = sum(point.breaches > 0 for point in points)
    if len(points) == 1:
        return (
            f"One day, {last.date}: {var} {compact(last.value_at_risk, currency).text} {currency}, "
            f"{es} {compact(last.expected_shortfall, currency).text} {currency}."
        )
    least, most, now = (
        f"{compact(amount, currency).text} {currency}"
        for amount in (low.value_at_risk, high.value_at_risk, last.value_at_risk)
    )
    return (
        f"{len(points):,} days from {points[0].date} to {last.date}. {var} was least on "
        f"{low.date}, {least}, and greatest on {high.date}, {most}; on the last day it is {now}, "
        f"and {es} is {compact(last.expected_shortfall, currency).text} {currency}. Limits were "
        f"breached on {words.quantity(breached, 'day')}."
    )

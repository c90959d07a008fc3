"""A finished run in a few lines: what `run.json` holds and the command line prints."""

from dataclasses import dataclass

import msgspec

from riskmill.domain import LimitState, RiskResult, Severity

RUN_SUMMARY_SCHEMA = "riskmill.run/1"
BREACH = "breach"


@dataclass(frozen=True, kw_only=True, slots=True)
class RunSummary:
    """How a run ended; nothing in it depends on when, where or in how many attempts."""

    schema: str = RUN_SUMMARY_SCHEMA
    run_id: str
    batch_id: str
    status: str
    """`complete` or `complete with failures`."""
    reporting_currency: str
    value_at_risk: float
    """Of the firm at the headline confidence, loss positive."""
    expected_shortfall: float
    """Of the firm at its headline confidence, loss positive."""
    headline_var: str
    """Confidence of the value at risk, such as `0.99`."""
    headline_es: str
    """Confidence of the expected shortfall."""
    breaches: tuple[str, ...]
    """One sentence a breached limit."""
    warnings: int
    """Limits on warning."""
    rejected: int
    """Delivered rows that did not get through."""
    unvalued: int
    """Accepted positions that could not be valued."""
    notes: tuple[str, ...] = ()
    """What is superseded, carried forward or amended, a sentence each."""
    firm: str = ""
    """Name of the top of the hierarchy; empty in records of before it was kept."""
    stressed: tuple[str, ...] = ()
    """The firm's stressed figures and its worst past scenario, a sentence each; empty where
    none were asked for."""


def summarise(result: RiskResult) -> RunSummary:
    """Draw the summary from a run's result."""
    record = result.record
    errors = [f for f in result.failures if f.severity is Severity.ERROR]
    return RunSummary(
        run_id=record.run_id,
        batch_id=record.batch_id,
        status=result.status,
        reporting_currency=record.reporting_currency,
        value_at_risk=_firm(result, "value_at_risk", result.headline_var),
        expected_shortfall=_firm(result, "expected_shortfall", result.headline_es),
        headline_var=result.headline_var,
        headline_es=result.headline_es,
        breaches=tuple(_sentence(state) for state in result.limits if state.status == BREACH),
        warnings=sum(state.status == "warning" for state in result.limits),
        rejected=sum(file.rejected for file in record.inputs),
        unvalued=len({f.subject for f in errors if f.code.startswith("E4")}),
        notes=result.notes,
        firm=result.hierarchy.firm,
        stressed=_stressed(result),
    )


def encode_summary(summary: RunSummary) -> bytes:
    """JSON of a summary, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(summary), indent=2) + b"\n"


def decode_summary(raw: bytes) -> RunSummary:
    """Read what `encode_summary` wrote."""
    return msgspec.json.decode(raw, type=RunSummary)


def _firm(result: RiskResult, measure: str, key: str) -> float:
    firm = result.hierarchy.firm
    wanted = (firm, measure, key)
    return next(f.value for f in result.figures if (f.portfolio, f.measure, f.key) == wanted)


def _stressed(result: RiskResult) -> tuple[str, ...]:
    period, currency = result.stressed, result.record.reporting_currency
    if period is None:
        return ()
    var = _firm(result, "stressed_value_at_risk", result.headline_var)
    es = _firm(result, "stressed_expected_shortfall", result.headline_es)
    return (
        f"Stressed from {period.first} to {period.last}: value at risk "
        f"{float(result.headline_var):.1%} is {var:,.0f} {currency}, expected shortfall "
        f"{float(result.headline_es):.1%} is {es:,.0f} {currency}.",
        f"Worst of {period.searched:,} past scenarios: {period.worst_from} to "
        f"{period.worst.label}, "
        f"{period.worst.pnl:,.0f} {currency}, of which {period.worst.driver} "
        f"{period.worst.driver_pnl:,.0f} {currency}.",
    )


def _sentence(state: LimitState) -> str:
    confidence = f" {float(state.confidence):.1%}" if state.confidence else ""
    return (
        f"{state.portfolio}: {state.measure.replace('_', ' ')}{confidence} is "
        f"{state.value:,.0f} {state.currency}, {state.utilisation:.0%} of its limit "
        f"of {state.amount:,.0f} {state.currency} ({state.limit_id})."
    )

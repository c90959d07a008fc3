"""Put what the risk room measured and the record of the run into one result."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from riskmill.domain import (
    Failure,
    InputRow,
    PositionDetail,
    RiskResult,
    RiskSpec,
    RunRecord,
    Severity,
)
from riskmill.pipeline.accepted import StoredBatch
from riskmill.pipeline.layout import quarantine_key
from riskmill.pipeline.notes import delivery_notes
from riskmill.pipeline.run_spec import RunSpec
from riskmill.pipeline.unvalued import unvalued_by_portfolio
from riskmill.risk import Attribution, Measured, Scenarios, describe_scenarios

COMPLETE = "complete"
NO_COMPARISON = (
    "No finished run of an earlier business date, of the same snapshot, firm and currency, was "
    "found beside this one, or none was wanted."
)
COMPLETE_WITH_FAILURES = "complete with failures"


def assemble_result(
    spec: RunSpec,
    batch: StoredBatch,
    scenarios: Scenarios,
    measured: Measured,
    *,
    failures: Sequence[Failure],
) -> RiskResult:
    """
    Make the one value that the report is built from; contributions are found by another task.

    *failures* are those of the valuation; a run with any error among them or
    among the batch's own is complete with failures, never quietly complete.
    """
    every = (*batch.failures, *failures)
    failed = any(failure.severity is Severity.ERROR for failure in every)
    rejected = any(failure.severity is Severity.ERROR for failure in batch.failures)
    return RiskResult(
        record=_record(spec, batch, scenarios),
        hierarchy=batch.hierarchy,
        status=COMPLETE_WITH_FAILURES if failed else COMPLETE,
        figures=measured.figures,
        limits=measured.limits,
        vectors=measured.vectors,
        contributions=(),
        tail=measured.tail,
        failures=every,
        proxied=scenarios.proxied,
        confidences=spec.risk.confidences,
        headline_var=spec.risk.headline_var,
        headline_es=spec.risk.headline_es,
        quarantine=quarantine_key(spec, "rejects.json") if rejected else "",
        unvalued=unvalued_by_portfolio(batch.positions(), batch.hierarchy, failures),
        notes=delivery_notes(spec.batch),
        backtests=measured.backtests,
        stressed=measured.stressed,
        quotes=tuple(sorted(batch.market.snapshot.quotes.items())),
        comparison=measured.comparison,
        no_comparison="" if measured.comparison else NO_COMPARISON,
    )


def attributed(
    measured: RiskResult,
    found: Attribution,
    details: Mapping[str, PositionDetail],
    rows: tuple[InputRow, ...],
) -> RiskResult:
    """Complete *measured* by what its positions do; *details* are those of more, by id."""
    return replace(
        measured,
        contributions=found.contributions,
        tail=tuple(
            replace(scenario, positions=losers)
            for scenario, losers in zip(measured.tail, found.losers, strict=True)
        ),
        details=tuple(
            details[one.position_id] for one in found.contributions if one.position_id in details
        ),
        input_rows=rows,
    )


def _record(spec: RunSpec, batch: StoredBatch, scenarios: Scenarios) -> RunRecord:
    labels = scenarios.historical.labels
    return RunRecord(
        run_id=spec.run_id,
        batch_id=spec.batch.batch_id,
        business_date=spec.batch.business_date,
        snapshot=spec.batch.snapshot,
        as_of=spec.batch.as_of,
        reporting_currency=spec.batch.reporting_currency,
        spec_sha256=spec.sha256,
        code_version=spec.code_version,
        compute=spec.compute,
        inputs=batch.inputs,
        scenario_description=describe_scenarios(scenarios.historical, spec.risk)
        + _choices(spec.risk),
        shock_kinds=spec.risk.shocks,
        first_scenario=labels[0],
        last_scenario=labels[-1],
        scenario_facts=scenarios.facts,
    )


def _choices(spec: RiskSpec) -> str:
    """What the run chose about curves and smiles, where that is not the default."""
    plain = RiskSpec()
    said = [
        f" Curves are {spec.curve_interpolation} between nodes."
        if spec.curve_interpolation != plain.curve_interpolation
        else "",
        " Curves keep their last zero rate beyond their end."
        if spec.beyond_curve != plain.beyond_curve
        else "",
        " Smiles move with their spot (sticky moneyness)."
        if spec.volatility_dynamics != plain.volatility_dynamics
        else "",
    ]
    return "".join(said)

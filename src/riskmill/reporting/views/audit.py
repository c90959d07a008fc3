"""The audit trail: inputs, code and conventions that made the figures."""

from dataclasses import dataclass

from riskmill.domain import RunRecord
from riskmill.reporting.views import words
from riskmill.reporting.views.findings import Findings
from riskmill.reporting.views.numbers import Number, confidence, count


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """Something stated, under its name."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class InputRow:
    """A file as it was used."""

    name: str
    dataset: str
    rows: Number
    size: Number
    """In bytes."""
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditView:
    """Everything needed to make the same figures again."""

    run: tuple[Fact, ...]
    scenarios: tuple[Fact, ...]
    shocks: tuple[Fact, ...]
    """Risk class and kind of shock."""
    inputs: tuple[InputRow, ...]
    conventions: tuple[Fact, ...]
    notes: tuple[str, ...]


def audit_view(found: Findings) -> AuditView:
    """State what was run, on which bytes, by which code, under which conventions."""
    record = found.result.record
    return AuditView(
        run=_run(found),
        scenarios=_scenarios(found),
        shocks=tuple(
            Fact(
                label=words.RISK_CLASSES.get(risk_class, risk_class),
                text=words.SHOCK_KINDS.get(kind, kind),
            )
            for risk_class, kind in record.shock_kinds
        ),
        inputs=tuple(
            InputRow(
                name=entry.name,
                dataset=entry.dataset,
                rows=count(entry.rows),
                size=Number(value=float(entry.size), text=f"{entry.size:,}", unit="bytes"),
                sha256=entry.sha256,
            )
            for entry in record.inputs
        ),
        conventions=_conventions(found),
        notes=found.result.notes,
    )


def _run(found: Findings) -> tuple[Fact, ...]:
    record = found.result.record
    return (
        Fact(label="Run", text=record.run_id),
        Fact(label="Status", text=found.result.status),
        Fact(label="Batch", text=record.batch_id),
        Fact(label="Valuation date", text=record.business_date.isoformat()),
        Fact(label="Market snapshot", text=record.snapshot),
        Fact(label="Inputs frozen", text=record.as_of),
        Fact(label="Reporting currency", text=record.reporting_currency),
        *_code(record),
        Fact(label="Attempts", text="Each wave's are in signature.html beside this report."),
        Fact(label="Run spec, SHA-256", text=record.spec_sha256),
    )


def _code(record: RunRecord) -> tuple[Fact, ...]:
    """What made the figures: the code by its digest, and the image where the machine told it."""
    digest = record.code_version.partition("+")[2]
    compute, _, image = record.compute.partition("/image-")
    said = [
        ("Code version", record.code_version),
        ("Code digest", f"{digest}, first digits of SHA-256 over every file of it"),
        ("Image digest", image),
        ("Compute level", compute),
    ]
    return tuple(Fact(label=label, text=text) for label, text in said if text and (
        digest or label != "Code digest"))  # fmt: skip


def _scenarios(found: Findings) -> tuple[Fact, ...]:
    result, record = found.result, found.result.record
    levels = ", ".join(confidence(level) for level in result.confidences)
    return (
        Fact(label="Method", text=record.scenario_description),
        Fact(label="First scenario", text=record.first_scenario),
        Fact(label="Last scenario", text=record.last_scenario),
        Fact(label="Scenarios", text=f"{len(result.vectors.scenarios):,}"),
        Fact(label="Confidences", text=levels),
        Fact(
            label="Headline",
            text=f"VaR {confidence(result.headline_var)}, ES {confidence(result.headline_es)}",
        ),
        *(Fact(label=label, text=text) for label, text in record.scenario_facts),
    )


def _conventions(found: Findings) -> tuple[Fact, ...]:
    return (
        Fact(label="Value at risk", text=(
            "P&L sorted ascending; minus the k-th, k = ceil(n (1 \N{MINUS SIGN} c)). "
            "No interpolation, no floor. Loss positive."
        )),
        Fact(label="Expected shortfall", text=(
            "Minus the mean of the worst n (1 \N{MINUS SIGN} c) scenarios, the boundary scenario "
            "weighted by its fraction. Loss positive."
        )),
        Fact(label="Aggregation", text=(
            "P&L vectors are added, then measured; components add up, VaR and ES do not. "
            "The diversification benefit alone adds desk VaRs, to show by how much that overstates."
        )),
        Fact(label="Diversification benefit", text="Sum of the desks' VaR minus the firm's VaR."),
        Fact(label="Sensitivities", text="PV change for the stated bump. Gains positive."),
        Fact(label="Currency", text=(
            f"Each scenario's PV is converted to {found.currency} at that scenario's FX rate, "
            "the base PV at the base rate."
        )),
        Fact(label="Limits", text=(
            "Utilisation is the measure's magnitude over the limit; above 100\u00a0% is a breach."
        )),
        Fact(label="Rounding", text="Only where a figure is shown; report.json has both."),
    )  # fmt: skip

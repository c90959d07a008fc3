"""Two runs side by side as one typed model: what differs, and why it may."""

from collections.abc import Sequence
from dataclasses import dataclass

from riskmill.domain import (
    FactorMoves,
    InputFile,
    PositionChanges,
    RiskResult,
    RiskSpec,
    SettingChange,
)
from riskmill.reporting.views import words
from riskmill.reporting.views.compared_figures import ComparedPortfolio, compared_portfolios
from riskmill.reporting.views.compared_limits import ComparedLimits, compared_limits
from riskmill.reporting.views.likeness import Likeness, likeness
from riskmill.reporting.views.strip import Verdict

SCHEMA = "riskmill.comparison/1"


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparedRun:
    """What is needed of one of the two runs."""

    result: RiskResult
    risk: RiskSpec


@dataclass(frozen=True, kw_only=True, slots=True)
class RunIdentity:
    """Which run it is."""

    run_id: str
    batch_id: str
    business_date: str
    date_text: str
    snapshot: str
    status: str
    currency: str
    report: str
    """Path of its report from the page of the comparison."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InputChange:
    """A delivered file that is not the same in both runs."""

    name: str
    dataset: str
    what: str
    """`changed`, `added` or `removed`."""
    rows_before: int | None
    rows_after: int | None
    sha256_before: str
    sha256_after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RunComparison:
    """Everything that the page of a comparison says."""

    schema: str
    before: RunIdentity
    after: RunIdentity
    likeness: Likeness
    headline: tuple[Verdict, ...]
    """The comparison in a few sentences."""
    portfolios: tuple[ComparedPortfolio, ...]
    limits: ComparedLimits
    positions: PositionChanges
    inputs: tuple[InputChange, ...]
    inputs_same: int
    """Files with equal bytes in both."""
    market: FactorMoves
    settings: tuple[SettingChange, ...]
    """Code, processor, scenarios and conventions that differ."""


def build_comparison(
    before: ComparedRun,
    after: ComparedRun,
    *,
    positions: PositionChanges,
    market: FactorMoves,
    settings: Sequence[SettingChange],
) -> RunComparison:
    """
    Hold run *after* against run *before*; what is of another kind is never subtracted.

    Pure: equal runs give equal comparisons.
    """
    like = likeness(before.result, after.result, before.risk, after.risk)
    portfolios = compared_portfolios(before.result, after.result, like)
    limits = compared_limits(before.result, after.result)
    inputs, same = _inputs(before.result.record.inputs, after.result.record.inputs)
    return RunComparison(
        schema=SCHEMA,
        before=_identity(before.result),
        after=_identity(after.result),
        likeness=like,
        headline=(
            *(Verdict(tone="warning", word="Unlike", sentence=text) for text in like.unlike),
            _risk(portfolios, like),
            limits.verdict,
            _data(positions, len(inputs), same, market, settings),
        ),
        portfolios=portfolios,
        limits=limits,
        positions=positions,
        inputs=inputs,
        inputs_same=same,
        market=market,
        settings=tuple(settings),
    )


def _identity(result: RiskResult) -> RunIdentity:
    record = result.record
    day = record.business_date.isoformat()
    return RunIdentity(
        run_id=record.run_id,
        batch_id=record.batch_id,
        business_date=day,
        date_text=words.long_date(record.business_date),
        snapshot=record.snapshot,
        status=result.status,
        currency=record.reporting_currency,
        report=f"../{day}/{record.run_id}/report.html",
    )


def _inputs(
    before: Sequence[InputFile], after: Sequence[InputFile]
) -> tuple[tuple[InputChange, ...], int]:
    old, new = ({file.name: file for file in files} for files in (before, after))
    names = [*new, *(name for name in old if name not in new)]
    changes = [_input(old.get(name), new.get(name)) for name in names]
    different = tuple(change for change in changes if change)
    return different, len(names) - len(different)


def _input(before: InputFile | None, after: InputFile | None) -> InputChange | None:
    known = after or before
    if known is None or (before and after and before.sha256 == after.sha256):
        return None
    return InputChange(
        name=known.name,
        dataset=known.dataset,
        what="changed" if before and after else "added" if after else "removed",
        rows_before=before.rows if before else None,
        rows_after=after.rows if after else None,
        sha256_before=before.sha256 if before else "",
        sha256_after=after.sha256 if after else "",
    )


def _risk(portfolios: Sequence[ComparedPortfolio], like: Likeness) -> Verdict:
    firm = next((row for row in portfolios if row.depth == 0 and row.figures), None)
    figure = firm.shown(like)[1] if firm else None
    if figure is None:
        sentence = "The two runs have no VaR at a common confidence."
        return Verdict(tone="none", word="VaR", sentence=sentence)
    if figure.change.value is None:
        sentence = (
            f"{figure.label} is {figure.before.text} {figure.before.unit} before and "
            f"{figure.after.text} {figure.after.unit} after; they are not subtracted."
        )
        return Verdict(tone="none", word="VaR", sentence=sentence)
    went = "rose" if figure.change.value > 0 else "fell"
    moved = f"{went} by {figure.change.text.lstrip('+' + chr(0x2212))} {figure.after.unit}"
    sentence = (
        f"{figure.label} of the firm {moved if figure.change.value else 'did not move'}: from "
        f"{figure.before.text} to {figure.after.text} {figure.after.unit} "
        f"({figure.percent.text})."
    )
    return Verdict(tone="none", word="VaR", sentence=sentence)


def _data(
    positions: PositionChanges,
    inputs: int,
    same: int,
    market: FactorMoves,
    settings: Sequence[SettingChange],
) -> Verdict:
    files = words.quantity(inputs + same, "delivered file")
    other = f"{words.quantity(len(settings), 'setting')} differ" if settings else "same settings"
    sentence = (
        f"{inputs:,} of {files} changed; positions: {positions.added:,} added, "
        f"{positions.removed:,} removed, {positions.changed:,} changed, {positions.unchanged:,} "
        f"as before; {words.quantity(market.moved, 'factor')} moved; {other}."
    )
    return Verdict(tone="none", word="Inputs", sentence=sentence)

"""
What a run found: figures, contributions and the record of what made them.

The risk room computes these, the reporting room shows them, and neither knows
the other.
"""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from riskmill.domain.day_on_day import Comparison, PastDays
from riskmill.domain.drilldown import InputRow, PositionDetail, PositionLoss
from riskmill.domain.failures import Failure
from riskmill.domain.portfolios import Hierarchy


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """
    One number of one portfolio.

    `measure` is one of
    `present_value`, `positions` (a count),
    `value_at_risk`, `expected_shortfall` (`key`: confidence such as `0.99`, loss positive),
    `value_at_risk_lower`, `value_at_risk_upper` (`key`: confidence; 95 % interval of VaR),
    `expected_shortfall_error` (`key`: confidence; standard error of ES),
    `incremental_var`, `incremental_es` (`key`: confidence; the firm's less that without it),
    `parametric_var`, `delta_gamma_var` (`key`: confidence; from sensitivities and covariance),
    `class_var`, `class_es` (`key`: risk class; headline VaR or ES when only its factors move),
    `stressed_value_at_risk`, `stressed_expected_shortfall` (as these, over the stressed period),
    `component_var`, `component_es` (`key`: confidence; additive over books),
    `stress` (`key`: scenario name; P&L, gains positive),
    `delta`, `gamma` (`key`: underlying; PV change, and change of delta, for +1 %),
    `vega` (`key`: surface; PV change for +1 volatility point),
    `theta` (`key`: empty; PV change over one calendar day),
    `dv01` (`key`: `CURVE:TENOR`; PV change for +1 bp in that zero rate),
    `par_dv01` (`key`: `CURVE:TENOR`; PV change for +1 bp in that par rate),
    `fx_delta`, `fx_gamma` (`key`: pair; PV change, and change of it, for +1 % in the pair).
    """

    portfolio: str
    measure: str
    key: str
    value: float
    unit: str
    """Currency code, or `count`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LimitState:
    """A limit, what was measured against it, and whether it held."""

    limit_id: str
    portfolio: str
    measure: str
    confidence: str
    """Such as `0.99`; empty where the measure has none."""
    amount: float
    value: float
    """Magnitude that counts against the limit, never negative."""
    utilisation: float
    warning: float
    currency: str
    status: str
    """`ok`, `warning` or `breach`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contribution:
    """A position's part in the firm's expected shortfall; the parts add up to the whole."""

    position_id: str
    book: str
    instrument: str
    underlying: str
    """Underlying, pair or curve currency."""
    present_value: float
    component_es: float
    """Loss positive, reporting currency."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TailScenario:
    """One of the firm's worst scenarios and what drove it."""

    label: str
    """Date of the historical move, ISO."""
    rank: int
    """1 is the worst."""
    pnl: float
    driver: str
    """Book with the largest loss."""
    driver_pnl: float
    moves: tuple[tuple[str, float], ...]
    """The largest factor moves: factor id and shock in the factor's own kind."""
    move_pnl: tuple[float, ...] = ()
    """What each of them cost the firm by itself, estimated from its sensitivities."""
    positions: tuple[PositionLoss, ...] = ()
    """The positions that lost most, at most three; found for the scenarios of the tail only."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StressedPeriod:
    """The stretch of history behind the stressed figures, and the worst scenario looked at."""

    first: str
    """ISO date on which the stretch's first window ends."""
    last: str
    """ISO date on which its last window ends."""
    scenarios: int
    """Windows in the stretch."""
    measure: str
    """Measure that it makes greatest for the firm; empty where its days were given."""
    confidence: str
    """Confidence of that measure; empty where the days were given."""
    searched: int
    """Scenarios among which it was found: the whole usable history, or the stretch itself."""
    searched_first: str
    """ISO date on which the first of them ends."""
    searched_last: str
    """ISO date on which the last of them ends."""
    worst: TailScenario
    """Reverse stress: of all scenarios searched, the one in which the firm loses most."""
    worst_from: str
    """ISO date on which its window begins; its label is the date on which it ends."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PnlVectors:
    """P&L by portfolio and scenario."""

    portfolios: tuple[str, ...]
    scenarios: tuple[str, ...]
    values: npt.NDArray[np.float64]
    """Shape (portfolios, scenarios), reporting currency, gains positive."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PastPnl:
    """A portfolio's P&L of one past day, which a backtest holds against that day's VaR."""

    date: date
    """Day over which it arose, from the close before it to its own close."""
    portfolio: str
    kind: str
    """
    `actual` (as booked), `hypothetical` (the positions of the close before, unchanged), or
    `value_at_risk`, the VaR that was stated for the day at the close before.
    """
    value: float
    """Reporting currency, P&L with gains positive, VaR with losses positive."""
    currency: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BacktestException:
    """A day whose loss exceeded its VaR."""

    date: str
    """ISO date, or the number of the day where days have no dates."""
    pnl: float
    """Gains positive."""
    value_at_risk: float
    """Stated for that day, losses positive."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BacktestResult:
    """One portfolio's past P&L held against its VaR, day by day."""

    portfolio: str
    kind: str
    """
    `static` (today's positions under past moves, against VaR of the moves before them), or
    delivered P&L, `hypothetical` or `actual`, against delivered VaR.
    """
    confidence: str
    """Of the VaR, such as `0.99`."""
    first: str
    """First day, ISO."""
    last: str
    """Last day, ISO."""
    observations: int
    expected: float
    """Exceptions that the confidence lets expect."""
    exceptions: tuple[BacktestException, ...]
    """In the order of the days."""
    kupiec: float
    """Statistic of the proportion of failures, chi-square with one degree of freedom."""
    kupiec_p_value: float
    independence: float
    """Christoffersen's statistic, chi-square with one degree of freedom."""
    independence_p_value: float
    conditional_coverage: float
    """Both together, chi-square with two degrees of freedom."""
    conditional_coverage_p_value: float
    zone: str
    """Basel's traffic light: `green`, `yellow` or `red`."""
    multiplier: float | None
    """Multiplier of the 2019 framework; none unless 250 days at 99 % were looked at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InputFile:
    """A delivered file as it was used."""

    name: str
    dataset: str
    sha256: str
    size: int
    rows: int
    """Data rows delivered, less those that a later file of the batch replaces."""
    rejected: int
    """Rows that did not get through."""
    mode: str = "whole"
    """`whole`, or `amend` for rows that replace and extend those of the positions before."""
    carried_from: str = ""
    """Batch that the file was delivered with; empty where it came with this one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunRecord:
    """What was run, on what, by which code: all that an auditor asks for."""

    run_id: str
    batch_id: str
    business_date: date
    snapshot: str
    """Name of the market snapshot, such as `EOD`."""
    as_of: str
    """UTC instant the inputs were frozen, ISO 8601; from the batch manifest."""
    reporting_currency: str
    spec_sha256: str
    code_version: str
    compute: str
    """Compute path and processor level, such as `compiled/x86-64-v4`."""
    inputs: tuple[InputFile, ...]
    scenario_description: str
    """One sentence: how many scenarios, from when to when, which shocks."""
    shock_kinds: tuple[tuple[str, str], ...]
    """Risk class and shock kind."""
    first_scenario: str
    last_scenario: str
    scenario_facts: tuple[tuple[str, str], ...] = field(default=())
    """What else decides the scenarios, seeds among it: a name and what was used."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RiskResult:
    """Everything the report shows; nothing in it depends on how the run was carried out."""

    record: RunRecord
    hierarchy: Hierarchy
    status: str
    """`complete` or `complete with failures`."""
    figures: tuple[Figure, ...]
    limits: tuple[LimitState, ...]
    vectors: PnlVectors
    contributions: tuple[Contribution, ...]
    """Largest first, at most 200."""
    tail: tuple[TailScenario, ...]
    failures: tuple[Failure, ...]
    """Rejected rows, unpriced positions and warnings, in delivered order."""
    proxied: tuple[tuple[str, str, str], ...]
    """Factor, whose value or shock it takes, reason."""
    confidences: tuple[str, ...]
    headline_var: str = "0.99"
    headline_es: str = "0.975"
    quarantine: str = ""
    """Key of the quarantine file; empty where nothing was rejected."""
    unvalued: tuple[tuple[str, int], ...] = field(default=())
    """Portfolio and number of its positions that could not be valued, where there are any."""
    notes: tuple[str, ...] = field(default=())
    backtests: tuple[BacktestResult, ...] = field(default=())
    """By portfolio in delivered order: static first, then hypothetical and actual."""
    stressed: StressedPeriod | None = None
    """None where no stressed figures were asked for."""
    details: tuple[PositionDetail, ...] = field(default=())
    """Of the contributions' positions, in their order."""
    input_rows: tuple[InputRow, ...] = field(default=())
    """Of the same positions, in the same order."""
    quotes: tuple[tuple[str, float], ...] = field(default=())
    """The market snapshot: factor id and value, by id."""
    comparison: Comparison | None = None
    """Why P&L, VaR and ES moved since the run before; none where there is no such run."""
    no_comparison: str = ""
    """Why there is none, in a sentence."""
    past: PastDays | None = None
    """VaR and P&L of past days and this one; none in a result that is not the report's."""

"""What a run says of the days before it: why P&L and VaR came about, and how both ran."""

from dataclasses import dataclass, field
from datetime import date
from math import fsum

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, kw_only=True, slots=True)
class PnlExplained:
    """Parts of a P&L, gains positive, that add up to it; the currency is that of the figures."""

    total: float
    """The P&L that is explained, actual or hypothetical."""
    delta: float
    """Equities and commodities, first order."""
    gamma: float
    """Equities and commodities, second order."""
    vega: float
    """Implied volatilities, each surface by the average of its nodes."""
    theta: float
    """Passing of calendar days: revalued where that was done, else by theta."""
    rates: float
    """Zero rates, node by node, first order."""
    fx: float
    """Exchange rates, both orders."""
    unexplained: float
    """What is left: cross effects, higher orders, new trades, fees, errors."""

    @property
    def explained(self) -> float:
        """Sum of the parts without the unexplained rest."""
        return fsum((self.delta, self.gamma, self.vega, self.theta, self.rates, self.fx))


@dataclass(frozen=True, kw_only=True, slots=True)
class VarChange:
    """Parts of a change of VaR, losses positive; `before` plus all parts is `after`."""

    before: float
    """As reported the day before."""
    time: float
    """The old positions grow older, markets unchanged."""
    market: float
    """The new market and its scenarios, positions unchanged."""
    positions: float
    """The new positions take the place of the old ones."""
    unexplained: float
    """What the recomputed figures do not account for: corrections, other code, left-out trades."""
    after: float
    """As reported today."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PresentValueChange:
    """Present value from one close to the next; `before` plus all parts is `after`."""

    before: float
    pnl: float
    """Hypothetical P&L of the positions of the day before."""
    paid: float
    """Coupons, redemptions and settlements that came in, as they left the present value: what
    was received counts negative."""
    unvalued: float
    """Value on the day before, negative, of those that are alive and have no value today."""
    new: float
    """Present value of the positions that were not there the day before."""
    closed: float
    """The same, negative, of those that are there no longer."""
    changed: float
    """Change of present value by another quantity or other terms."""
    after: float
    new_positions: int
    closed_positions: int
    changed_positions: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DayOnDay:
    """One portfolio from the run before to this one, in reporting currency."""

    portfolio: str
    pnl: PnlExplained
    """Hypothetical P&L told by the sensitivities of the day before."""
    by_class: tuple[tuple[str, float], ...]
    """Risk class and the P&L when only its factors move to today's, revalued in full after the
    passing of time."""
    present_value: PresentValueChange
    value_at_risk: VarChange
    """At the headline confidence."""
    expected_shortfall: VarChange
    """At its headline confidence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """The run before, and every portfolio of both runs from there to here."""

    run_id: str
    business_date: date
    measured_sha256: str
    """Digest of the task manifest under which its figures lie."""
    missed: tuple[date, ...]
    """Dates of today's history between both runs: days without a run."""
    other_code: bool
    """Whether it was made by other code or on another processor level."""
    other_risk: bool
    """Whether it was asked for other scenarios or confidences."""
    settled: int
    """Positions of the day before that ended since and count with their last value."""
    settled_value: float
    """Present value of these on the day before."""
    unvalued: int
    """Positions of the day before that are alive and have no value today."""
    unvalued_value: float
    """Present value of these on the day before."""
    skipped: tuple[str, ...]
    """Sensitivities to something that is not quoted on both days."""
    portfolios: tuple[DayOnDay, ...]
    """In delivered order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PastDays:
    """
    VaR, ES and P&L of past days by portfolio; each run hands its own on to the next.

    Arrays have the shape (days, portfolios), are in reporting currency and hold NaN where
    nothing is known.
    """

    currency: str
    confidence: str
    """Of every VaR, such as `0.99`."""
    es_confidence: str
    dates: tuple[date, ...]
    """Ascending, each once."""
    spans: tuple[int, ...]
    """Business days over which the computed P&L of each date arose; 0 where there is none."""
    portfolios: tuple[str, ...]
    value_at_risk: npt.NDArray[np.float64]
    """Stated at the close of the date, for the day after it; losses positive."""
    expected_shortfall: npt.NDArray[np.float64]
    """The same of ES."""
    stated: npt.NDArray[np.float64]
    """VaR that the P&L of the date is held against: that of the close before it."""
    hypothetical: npt.NDArray[np.float64]
    """P&L of the positions of the close before; gains positive."""
    actual: npt.NDArray[np.float64]
    """P&L as booked, where it was delivered."""
    delivered: npt.NDArray[np.bool_]
    """Whether the hypothetical P&L was delivered rather than computed."""
    notes: tuple[str, ...] = field(default=())
    """What the last run that added to it has to say, a sentence each."""

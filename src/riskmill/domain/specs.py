"""What decides a number: the risk part of a run spec."""

from dataclasses import dataclass
from datetime import date

from riskmill.domain.factors import RiskClass, ShockKind

DEFAULT_SHOCKS: tuple[tuple[str, str], ...] = (
    (RiskClass.EQUITY.value, ShockKind.LOG.value),
    (RiskClass.COMMODITY.value, ShockKind.LOG.value),
    (RiskClass.FX.value, ShockKind.LOG.value),
    (RiskClass.RATES.value, ShockKind.ABSOLUTE.value),
    (RiskClass.VOLATILITY.value, ShockKind.RELATIVE.value),
    (RiskClass.YIELD.value, ShockKind.ABSOLUTE.value),
)


SCENARIO_SETS = ("historical", "monte_carlo", "filtered_historical")
"""Sets that VaR and ES can be measured on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MonteCarloSpec:
    """How a Monte Carlo set is drawn; the history it is fitted to is that of `RiskSpec`."""

    draws: int = 2048
    """Scenarios; a power of two suits a Sobol sequence best."""
    distribution: str = "gaussian"
    """`gaussian` or `student_t`."""
    degrees_of_freedom: float | None = None
    """Of Student's t, above 2; none to fit them to the history. The Gaussian has none."""
    covariance: str = "sample"
    """`sample`, `ewma`, `ledoit_wolf` or `oas`."""
    sequence: str = "sobol"
    """`sobol` (shifted at random by the seed) or `philox` (pseudo-random)."""
    seed: int = 1
    """0 to 2**63 - 1; equal seeds give equal scenarios."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StressedSpec:
    """The stretch of history that stressed VaR and ES are measured on."""

    first_day: date | None = None
    """First end of a window; none, as `last_day`, to look for the worst stretch."""
    last_day: date | None = None
    """Last end of a window."""
    scenarios: int = 250
    """Length of the stretch that is looked for, in scenarios; not read where days are given."""
    measure: str = "expected_shortfall"
    """What the stretch makes greatest for the firm, at its headline confidence: this or
    `value_at_risk`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RiskSpec:
    """Scenarios, shocks and confidences of a run; each can change a number."""

    scenarios: int = 500
    """Windows of history that are used, counted back from `last_day`."""
    holding_days: int = 1
    """Business days over which a shock is observed."""
    shocks: tuple[tuple[str, str], ...] = DEFAULT_SHOCKS
    """Risk class (`EQ`, ...) and shock kind (`absolute`, `relative`, `log`)."""
    confidences: tuple[str, ...] = ("0.95", "0.975", "0.99")
    """Decimals as text, ascending; VaR and ES are computed at each."""
    headline_var: str = "0.99"
    headline_es: str = "0.975"
    by_risk_class: bool = False
    """Whether VaR and ES are also told by risk class: one more historical set for each class."""
    scenario_set: str = "historical"
    """Set that VaR and ES are measured on: one of `SCENARIO_SETS`."""
    overlapping: bool = True
    """Whether a window of history begins every day, or only where the one before it ended."""
    first_day: date | None = None
    """First end of a window; where it is given, `scenarios` counts for nothing."""
    last_day: date | None = None
    """Last end of a window; none for the valuation date."""
    time_scaling: str = "none"
    """`none`, or `square_root` to multiply one-day shocks by the root of `holding_days`."""
    decay: float = 0.94
    """Weight of yesterday's variance in exponential weighting, above 0 and below 1."""
    monte_carlo: MonteCarloSpec = MonteCarloSpec()
    """Read where the set is `monte_carlo`."""
    stressed: StressedSpec | None = None
    """Stressed VaR and ES and the worst scenario of the past; none for neither."""
    volatility_dynamics: str = "sticky-strike"
    """`sticky-strike`, or `sticky-moneyness`: a smile moves with the spot of its underlying."""
    curve_interpolation: str = "log-linear"
    """Between zero rates: `log-linear` in discount factors, `linear-zero`, `monotone-convex`."""
    beyond_curve: str = "refuse"
    """After a curve's last node: `extend` its zero rate, or `refuse` to value (E410)."""

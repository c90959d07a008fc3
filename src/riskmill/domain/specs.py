"""What decides a number: the risk part of a run spec."""

from dataclasses import dataclass

from riskmill.domain.factors import RiskClass, ShockKind

DEFAULT_SHOCKS: tuple[tuple[str, str], ...] = (
    (RiskClass.EQUITY.value, ShockKind.LOG.value),
    (RiskClass.COMMODITY.value, ShockKind.LOG.value),
    (RiskClass.FX.value, ShockKind.LOG.value),
    (RiskClass.RATES.value, ShockKind.ABSOLUTE.value),
    (RiskClass.VOLATILITY.value, ShockKind.RELATIVE.value),
    (RiskClass.YIELD.value, ShockKind.ABSOLUTE.value),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RiskSpec:
    """Scenarios, shocks and confidences of a run; each can change a number."""

    scenarios: int = 500
    """Length of the historical set, counted back from the valuation date."""
    holding_days: int = 1
    """Business days over which a shock is observed; windows overlap, nothing is scaled."""
    shocks: tuple[tuple[str, str], ...] = DEFAULT_SHOCKS
    """Risk class (`EQ`, ...) and shock kind (`absolute`, `relative`, `log`)."""
    confidences: tuple[str, ...] = ("0.95", "0.975", "0.99")
    """Decimals as text, ascending; VaR and ES are computed at each."""
    headline_var: str = "0.99"
    headline_es: str = "0.975"
    volatility_dynamics: str = "sticky-strike"
    """`sticky-strike`, or `sticky-moneyness`: a smile moves with the spot of its underlying."""
    curve_interpolation: str = "log-linear"
    """Between zero rates: `log-linear` in discount factors, `linear-zero`, `monotone-convex`."""
    beyond_curve: str = "extend"
    """After a curve's last node: `extend` its zero rate, or `refuse` to value (E410)."""

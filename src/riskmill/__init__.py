"""
riskmill: a batch market-risk system, and the mathematics in it for use from Python.

    >>> import riskmill
    >>> riskmill.value_at_risk([-3.0, 1.0, -2.0, 4.0], "0.75")
    3.0

Everything in `__all__` is public and documented in `docs/api.md`. Names are loaded
when first used, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from riskmill.domain import (
        AmericanOption,
        CommodityFuture,
        Equity,
        EquityFuture,
        EuropeanOption,
        FactorHistory,
        FixedRateBond,
        FxForward,
        FxOption,
        InterestRateSwap,
        MarketData,
        MarketSnapshot,
        MonteCarloSpec,
        Position,
        Proxy,
        RiskmillError,
        RiskSpec,
        ScenarioSet,
        StressedSpec,
        StressScenario,
        StressShock,
    )
    from riskmill.risk import (
        CALL,
        PUT,
        Revaluation,
        american_option,
        component_es,
        component_var,
        covariance,
        draw_shocks,
        european_option,
        expected_shortfall,
        filtered_historical_scenarios,
        forward_price,
        future,
        fx_forward,
        fx_option,
        given_scenarios,
        historical_scenarios,
        monte_carlo_scenarios,
        present_value,
        price,
        required_factors,
        revalue,
        reverse_stress,
        stressed_window,
        value_at_risk,
    )

_HOMES = {
    "riskmill.domain": (
        "AmericanOption",
        "CommodityFuture",
        "Equity",
        "EquityFuture",
        "EuropeanOption",
        "FactorHistory",
        "FixedRateBond",
        "FxForward",
        "FxOption",
        "InterestRateSwap",
        "MarketData",
        "MarketSnapshot",
        "MonteCarloSpec",
        "Position",
        "Proxy",
        "RiskmillError",
        "RiskSpec",
        "ScenarioSet",
        "StressedSpec",
        "StressScenario",
        "StressShock",
    ),
    "riskmill.risk": (
        "CALL",
        "PUT",
        "Revaluation",
        "american_option",
        "component_es",
        "component_var",
        "covariance",
        "draw_shocks",
        "european_option",
        "expected_shortfall",
        "filtered_historical_scenarios",
        "forward_price",
        "future",
        "fx_forward",
        "fx_option",
        "given_scenarios",
        "historical_scenarios",
        "monte_carlo_scenarios",
        "present_value",
        "price",
        "required_factors",
        "revalue",
        "reverse_stress",
        "stressed_window",
        "value_at_risk",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "CALL",
    "PUT",
    "AmericanOption",
    "CommodityFuture",
    "Equity",
    "EquityFuture",
    "EuropeanOption",
    "FactorHistory",
    "FixedRateBond",
    "FxForward",
    "FxOption",
    "InterestRateSwap",
    "MarketData",
    "MarketSnapshot",
    "MonteCarloSpec",
    "Position",
    "Proxy",
    "Revaluation",
    "RiskSpec",
    "RiskmillError",
    "ScenarioSet",
    "StressScenario",
    "StressShock",
    "StressedSpec",
    "american_option",
    "component_es",
    "component_var",
    "covariance",
    "draw_shocks",
    "european_option",
    "expected_shortfall",
    "filtered_historical_scenarios",
    "forward_price",
    "future",
    "fx_forward",
    "fx_option",
    "given_scenarios",
    "historical_scenarios",
    "monte_carlo_scenarios",
    "present_value",
    "price",
    "required_factors",
    "revalue",
    "reverse_stress",
    "stressed_window",
    "value_at_risk",
]


def __getattr__(name: str) -> Any:
    """Load a public name from the package it lives in, at its first use."""
    if home := _HOME_OF.get(name):
        return getattr(import_module(home), name)
    raise AttributeError(f"module 'riskmill' has no attribute '{name}'")


def __dir__() -> list[str]:
    """List the public names."""
    return [*__all__, "__version__"]

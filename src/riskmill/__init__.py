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
        AsianOption,
        BarrierOption,
        CommodityFuture,
        DigitalOption,
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
        Position,
        Proxy,
        RiskmillError,
        RiskSpec,
        ScenarioSet,
        StressScenario,
        StressShock,
        TouchOption,
    )
    from riskmill.risk import (
        CALL,
        DOWN,
        IN,
        OUT,
        PUT,
        UP,
        Revaluation,
        american_option,
        arithmetic_asian_option,
        average_option,
        barrier_option,
        component_es,
        component_var,
        continuous_arithmetic_asian_option,
        continuous_geometric_asian_option,
        digital_option,
        european_option,
        expected_shortfall,
        forward_price,
        future,
        fx_forward,
        fx_option,
        geometric_asian_option,
        historical_scenarios,
        present_value,
        price,
        required_factors,
        revalue,
        touch_option,
        value_at_risk,
    )

_HOMES = {
    "riskmill.domain": (
        "AmericanOption",
        "AsianOption",
        "BarrierOption",
        "CommodityFuture",
        "DigitalOption",
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
        "Position",
        "Proxy",
        "RiskmillError",
        "RiskSpec",
        "ScenarioSet",
        "StressScenario",
        "StressShock",
        "TouchOption",
    ),
    "riskmill.risk": (
        "CALL",
        "DOWN",
        "IN",
        "OUT",
        "PUT",
        "UP",
        "Revaluation",
        "american_option",
        "arithmetic_asian_option",
        "average_option",
        "barrier_option",
        "component_es",
        "component_var",
        "continuous_arithmetic_asian_option",
        "continuous_geometric_asian_option",
        "digital_option",
        "european_option",
        "expected_shortfall",
        "forward_price",
        "future",
        "fx_forward",
        "fx_option",
        "geometric_asian_option",
        "historical_scenarios",
        "present_value",
        "price",
        "required_factors",
        "revalue",
        "touch_option",
        "value_at_risk",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "CALL",
    "DOWN",
    "IN",
    "OUT",
    "PUT",
    "UP",
    "AmericanOption",
    "AsianOption",
    "BarrierOption",
    "CommodityFuture",
    "DigitalOption",
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
    "Position",
    "Proxy",
    "Revaluation",
    "RiskSpec",
    "RiskmillError",
    "ScenarioSet",
    "StressScenario",
    "StressShock",
    "TouchOption",
    "american_option",
    "arithmetic_asian_option",
    "average_option",
    "barrier_option",
    "component_es",
    "component_var",
    "continuous_arithmetic_asian_option",
    "continuous_geometric_asian_option",
    "digital_option",
    "european_option",
    "expected_shortfall",
    "forward_price",
    "future",
    "fx_forward",
    "fx_option",
    "geometric_asian_option",
    "historical_scenarios",
    "present_value",
    "price",
    "required_factors",
    "revalue",
    "touch_option",
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

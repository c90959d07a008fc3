"""
Scenario sets: the factor levels under which a portfolio is revalued.

Market data and a risk spec enter; historical, stress and sensitivity sets leave, with what
had to be proxied and what could not be shocked. Nothing is filled forward, interpolated,
scaled by time or drawn at random.
"""

from riskmill.risk.scenarios.assembly import (
    Scenarios,
    build_scenarios,
    combined,
    historical_scenarios,
)
from riskmill.risk.scenarios.sensitivity import Bump, bumped, bumps
from riskmill.risk.scenarios.shocks import apply_shock, kinds_of, shock_between

__all__ = [
    "Bump", "Scenarios", "apply_shock", "build_scenarios", "bumped", "bumps", "combined",
    "historical_scenarios", "kinds_of", "shock_between",
]  # fmt: skip

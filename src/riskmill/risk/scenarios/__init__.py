"""
Scenario sets: the factor levels under which a portfolio is revalued.

Market data and a risk spec enter; historical, filtered, drawn, stress, sensitivity and stressed
sets leave, with what had to be proxied and what could not be shocked. Nothing is filled forward
or interpolated, nothing is scaled by time unless the spec asks, and every draw has its seed.
"""

from riskmill.risk.scenarios.assembly import (
    Scenarios,
    build_scenarios,
    combined,
    filtered_historical_scenarios,
    historical_scenarios,
    monte_carlo_scenarios,
)
from riskmill.risk.scenarios.covariance import Covariance, covariance
from riskmill.risk.scenarios.description import describe_scenarios
from riskmill.risk.scenarios.draws import draw_shocks
from riskmill.risk.scenarios.given import given_scenarios
from riskmill.risk.scenarios.options import check_spec
from riskmill.risk.scenarios.sensitivity import Bump, bumped, bumps
from riskmill.risk.scenarios.shocks import apply_shock, kinds_of, shock_between, usable
from riskmill.risk.scenarios.windows import observed_days

__all__ = [
    "Bump", "Covariance", "Scenarios", "apply_shock", "build_scenarios", "bumped", "bumps",
    "check_spec", "combined", "covariance", "describe_scenarios", "draw_shocks",
    "filtered_historical_scenarios", "given_scenarios", "historical_scenarios", "kinds_of",
    "monte_carlo_scenarios", "observed_days", "shock_between", "usable",
]  # fmt: skip

"""The Monte Carlo set: shocks drawn from a distribution fitted to the history."""

from dataclasses import dataclass

import numpy as np

from riskmill.domain import FloatArray, MarketData, RiskSpec, ShockKind, parse_factor
from riskmill.risk.scenarios.covariance import SHRUNK, correlated_covariance
from riskmill.risk.scenarios.draws import draw, fitted_degrees
from riskmill.risk.scenarios.historical import (
    Driver,
    ShockedLevels,
    historical_levels,
    observed_shocks,
)
from riskmill.risk.scenarios.shocks import apply_shock, usable
from riskmill.risk.scenarios.windows import chosen_windows

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawnLevels:
    """A Monte Carlo set and what was fitted for it."""

    shocked: ShockedLevels
    facts: Facts
    """What was fitted: a name and a value."""


def monte_carlo_levels(market: MarketData, spec: RiskSpec) -> DrawnLevels:
    """
    Draw every factor's shock jointly, fitted to the windows that *spec* chooses.

    Factors take shocks, proxies and betas as in the historical set. Relative shocks are drawn
    as logarithms of one plus the shock, so that no level turns negative. A factor that a drawn
    shock takes to a level that cannot be is without usable history.
    Raises as `historical_levels` does, and `InputRejected` (E482) where a covariance cannot be
    estimated from the windows.
    """
    past = historical_levels(market, spec)
    drivers = tuple(sorted({driver for driver, _ in past.drivers.values()}))
    observations, logged = _observations(market, spec, drivers)
    chosen = spec.monte_carlo
    estimate = correlated_covariance(observations, chosen.covariance, decay=spec.decay)
    degrees = _degrees(observations, spec)
    shocks = draw(estimate.matrix, chosen, degrees)
    facts = [("Covariance fitted to", f"{len(past.labels):,} windows of {len(drivers):,} factors")]
    if chosen.covariance in SHRUNK:
        facts.append(("Shrinkage", f"{estimate.shrinkage:.6f}"))
    if degrees is not None:
        fitted = "" if chosen.degrees_of_freedom is not None else ", fitted"
        facts.append(("Degrees of freedom", f"{degrees:.6g}{fitted}"))
    rows = {
        driver: np.expm1(row) if driver in logged else row
        for driver, row in zip(drivers, shocks, strict=True)
    }
    return DrawnLevels(shocked=_drawn(market, past, rows, chosen.draws), facts=tuple(facts))


def _observations(
    market: MarketData, spec: RiskSpec, drivers: tuple[Driver, ...]
) -> tuple[FloatArray, frozenset[Driver]]:
    """Past shocks, shape (windows, drivers), and the relative ones that are logarithms."""
    windows = chosen_windows(market.history, spec, market.snapshot.valuation_date)
    shocks = observed_shocks(market, windows, spec)
    columns, logged = [], set()
    for source, kind in drivers:
        column = shocks((source, kind))
        if kind is ShockKind.RELATIVE:
            logarithms = shocks((source, ShockKind.LOG))
            if np.isfinite(logarithms).all():
                column = logarithms
                logged.add((source, kind))
        columns.append(column)
    return np.array(columns).reshape(len(drivers), len(windows)).T, frozenset(logged)


def _degrees(observations: FloatArray, spec: RiskSpec) -> float | None:
    if spec.monte_carlo.distribution == "gaussian":
        return None
    given = spec.monte_carlo.degrees_of_freedom
    return fitted_degrees(observations) if given is None else given


def _drawn(
    market: MarketData, past: ShockedLevels, shocks: dict[Driver, FloatArray], draws: int
) -> ShockedLevels:
    levels, lost = {}, set(past.without_history)
    for factor, (driver, beta) in past.drivers.items():
        moved = apply_shock(market.snapshot.quotes[factor], beta * shocks[driver], driver[1])
        if usable(moved, parse_factor(factor).risk_class):
            levels[factor] = moved
        else:
            lost.add(factor)
    width = len(str(draws))
    return ShockedLevels(
        labels=tuple(f"draw {number:0{width}d}" for number in range(1, draws + 1)),
        levels=levels,
        drivers={factor: past.drivers[factor] for factor in levels},
        without_history=frozenset(lost),
        proxied=past.proxied,
    )

"""The historical set: yesterday's moves on today's levels (docs/methodology/scenarios.md)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt

from riskmill.domain import (
    FloatArray,
    MarketData,
    Proxy,
    RiskClass,
    RiskSpec,
    ShockKind,
    parse_factor,
)
from riskmill.risk.scenarios.patterns import Patterns
from riskmill.risk.scenarios.shocks import apply_shock, kinds_of, shock_between, usable
from riskmill.risk.scenarios.windows import Windows, chosen_windows

Driver = tuple[str, ShockKind]
"""A factor of the history and the kind in which its moves are read."""

Shocks = Callable[[Driver], FloatArray]
"""Shock of a driver in each scenario; not finite where there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShockedLevels:
    """Levels of the snapshot's factors in each scenario, and where they are from."""

    labels: tuple[str, ...]
    """One a scenario."""
    levels: Mapping[str, FloatArray]
    """Factor id to its level in each scenario; factors held constant are left out."""
    drivers: Mapping[str, tuple[Driver, float]]
    """Factor id to whose shocks it takes, and times what; the factors of `levels`."""
    without_history: frozenset[str]
    """Factors for which no shock could be found."""
    proxied: tuple[tuple[str, str, str], ...]
    """Factor, whose value or shock it takes, reason; by factor id."""


def historical_levels(market: MarketData, spec: RiskSpec) -> ShockedLevels:
    """
    Shock every factor of the snapshot by its own history, or by its proxy's.

    Raises `UsageError` (E451) for an unusable spec and `InputRejected` (E454) where the
    history holds no window.
    """
    windows = chosen_windows(market.history, spec, market.snapshot.valuation_date)
    return shocked_levels(market, spec, windows.labels, observed_shocks(market, windows, spec))


def observed_shocks(market: MarketData, windows: Windows, spec: RiskSpec) -> Shocks:
    """Shocks over each window, times the root of the holding period where *spec* asks for it."""
    row_of = rows_of(market)
    scale = sqrt(spec.holding_days) if spec.time_scaling == "square_root" else 1.0

    def shocks(driver: Driver) -> FloatArray:
        source, kind = driver
        row = row_of[source]
        return scale * shock_between(windows.before[row], windows.after[row], kind)

    return shocks


def rows_of(market: MarketData) -> Mapping[str, int]:
    """Column of the history's values that holds each of its factors."""
    return {factor: row for row, factor in enumerate(market.history.factors)}


def shocked_levels(
    market: MarketData, spec: RiskSpec, labels: tuple[str, ...], shocks: Shocks
) -> ShockedLevels:
    """
    Level of every factor of the snapshot under *shocks*, its own or its proxy's.

    *shocks* is asked for factors of the history only. Raises `UsageError` (E451) for shock
    kinds that are none.
    """
    search = _Search(
        shocks=shocks,
        kinds=kinds_of(spec),
        rules=Patterns[Proxy].of((proxy.factor, proxy) for proxy in market.proxies),
        known=frozenset(market.history.factors),
    )
    quotes = market.snapshot.quotes
    found = {factor: search.find(factor, quotes[factor]) for factor in sorted(quotes)}
    return ShockedLevels(
        labels=labels,
        levels={f: shocked.levels for f, shocked in found.items() if shocked.levels is not None},
        drivers={f: shocked.driver for f, shocked in found.items() if shocked.driver is not None},
        without_history=frozenset(f for f, shocked in found.items() if shocked.unknown),
        proxied=_proxied(found, search, market.snapshot.proxied),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shocked:
    """What was found for one factor."""

    levels: FloatArray | None = None
    """Level in each scenario; none for a factor that is held constant or unknown."""
    driver: tuple[Driver, float] | None = None
    """Whose shocks they are, and times what; none where there are no levels."""
    proxy: Proxy | None = None
    """The proxy that was used."""

    @property
    def unknown(self) -> bool:
        return self.levels is None and self.proxy is None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Search:
    shocks: Shocks
    kinds: Mapping[RiskClass, ShockKind]
    rules: Patterns[Proxy]
    known: frozenset[str]
    """Factors of the history."""

    def find(self, factor: str, level: float) -> _Shocked:
        """Own history first, then the proxy that speaks for the factor."""
        own = self._take(factor, level, source=factor, proxy=None)
        if own is not None:
            return own
        proxy = self.rules.rule_for(factor)
        if proxy is None or proxy.constant:
            return _Shocked(proxy=proxy)
        return self._take(factor, level, source=proxy.proxy, proxy=proxy) or _Shocked()

    def _take(
        self, factor: str, level: float, *, source: str, proxy: Proxy | None
    ) -> _Shocked | None:
        """Levels under beta times the shocks of *source*; none where one cannot be."""
        if source not in self.known:
            return None
        beta = 1.0 if proxy is None else proxy.beta
        risk_class = parse_factor(factor).risk_class
        driver = (source, self.kinds[risk_class])
        levels = apply_shock(level, beta * self.shocks(driver), driver[1])
        if not usable(levels, risk_class):
            return None
        return _Shocked(levels=levels, driver=(driver, beta), proxy=proxy)


def _proxied(
    found: Mapping[str, _Shocked], search: _Search, delivered: frozenset[str]
) -> tuple[tuple[str, str, str], ...]:
    accounts = []
    for factor, shocked in found.items():
        reasons = [] if shocked.proxy is None else _reasons(shocked.proxy)
        if shocked.proxy is not None and factor in search.known:
            reasons.append("its own history cannot be used")
        if factor in delivered:
            reasons.append("its value was delivered as proxied")
        if reasons:
            source = "market" if shocked.proxy is None else shocked.proxy.proxy
            accounts.append((factor, source, "; ".join(reasons)))
    return tuple(accounts)


def _reasons(proxy: Proxy) -> list[str]:
    reason = proxy.reason or "its shock is proxied"
    return [reason] if proxy.constant or proxy.beta == 1.0 else [reason, f"beta {proxy.beta:g}"]

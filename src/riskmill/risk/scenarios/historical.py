"""The historical set: yesterday's moves on today's levels (docs/methodology/scenarios.md)."""

from collections.abc import Mapping
from dataclasses import dataclass

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
from riskmill.risk.scenarios.windows import Windows, last_windows


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoricalLevels:
    """Levels of the snapshot's factors under historical shocks, and where they are from."""

    labels: tuple[str, ...]
    """ISO date of the end of each window."""
    levels: Mapping[str, FloatArray]
    """Factor id to its level in each scenario; factors held constant are left out."""
    without_history: frozenset[str]
    """Factors for which no shock could be found."""
    proxied: tuple[tuple[str, str, str], ...]
    """Factor, whose value or shock it takes, reason; by factor id."""


def historical_levels(market: MarketData, spec: RiskSpec) -> HistoricalLevels:
    """
    Shock every factor of the snapshot by its own history, or by its proxy's.

    Raises `UsageError` (E451) for an unusable spec and `InputRejected` (E454) where the
    history holds no window.
    """
    search = _search(market, spec)
    quotes = market.snapshot.quotes
    found = {factor: search.find(factor, quotes[factor]) for factor in sorted(quotes)}
    return HistoricalLevels(
        labels=search.windows.labels,
        levels={f: shocked.levels for f, shocked in found.items() if shocked.levels is not None},
        without_history=frozenset(f for f, shocked in found.items() if shocked.unknown),
        proxied=_proxied(found, search, market.snapshot.proxied),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shocked:
    """What was found for one factor."""

    levels: FloatArray | None = None
    """Level in each scenario; none for a factor that is held constant or unknown."""
    proxy: Proxy | None = None
    """The proxy that was used."""

    @property
    def unknown(self) -> bool:
        return self.levels is None and self.proxy is None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Search:
    windows: Windows
    kinds: Mapping[RiskClass, ShockKind]
    rules: Patterns[Proxy]
    rows: Mapping[str, int]
    """Row of each factor of the history."""

    def find(self, factor: str, level: float) -> _Shocked:
        """Own history first, then the proxy that speaks for the factor."""
        own = self._levels(factor, level, source=factor, beta=1.0)
        if own is not None:
            return _Shocked(levels=own)
        proxy = self.rules.rule_for(factor)
        if proxy is None or proxy.constant:
            return _Shocked(proxy=proxy)
        levels = self._levels(factor, level, source=proxy.proxy, beta=proxy.beta)
        return _Shocked() if levels is None else _Shocked(levels=levels, proxy=proxy)

    def _levels(self, factor: str, level: float, *, source: str, beta: float) -> FloatArray | None:
        """Levels under beta times the shocks of *source*; none where one cannot be."""
        if source not in self.rows:
            return None
        risk_class = parse_factor(factor).risk_class
        kind = self.kinds[risk_class]
        row = self.rows[source]
        shocks = shock_between(self.windows.before[row], self.windows.after[row], kind)
        levels = apply_shock(level, beta * shocks, kind)
        return levels if usable(levels, risk_class) else None


def _search(market: MarketData, spec: RiskSpec) -> _Search:
    return _Search(
        windows=last_windows(market.history, spec, market.snapshot.valuation_date),
        kinds=kinds_of(spec),
        rules=Patterns[Proxy].of((proxy.factor, proxy) for proxy in market.proxies),
        rows={factor: row for row, factor in enumerate(market.history.factors)},
    )


def _proxied(
    found: Mapping[str, _Shocked], search: _Search, delivered: frozenset[str]
) -> tuple[tuple[str, str, str], ...]:
    accounts = []
    for factor, shocked in found.items():
        reasons = [] if shocked.proxy is None else _reasons(shocked.proxy)
        if shocked.proxy is not None and factor in search.rows:
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

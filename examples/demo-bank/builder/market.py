"""Quotes of the valuation date, observed and proxied, and whose shocks the proxied take."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from builder.history import STOCKS, History
from builder.surfaces import VIX_DAYS, IndexSurface, term_beta

INDEX_EXPIRIES = (
    date(2019, 1, 18), date(2019, 2, 15), date(2019, 3, 15),
    date(2019, 6, 21), date(2019, 9, 20), date(2019, 12, 20),
)  # fmt: skip
INDEX_STRIKES = (2200, 2300, 2400, 2450, 2500, 2550, 2600, 2700)
STOCK_EXPIRIES = (date(2019, 1, 18), date(2019, 3, 15), date(2019, 6, 21))
FX_EXPIRIES = (
    date(2019, 1, 31), date(2019, 3, 29), date(2019, 6, 28),
    date(2019, 9, 30), date(2019, 12, 31),
)  # fmt: skip
DEALT_PAIRS = ("EURUSD", "GBPUSD", "USDJPY")

DIVIDEND_YIELDS = {
    "SPX": 0.0210, "AAPL": 0.0185, "AMD": 0.0000, "BAC": 0.0240, "BBY": 0.0340, "CVX": 0.0410,
    "GE": 0.0055, "HD": 0.0240, "JNJ": 0.0280, "JPM": 0.0330, "KO": 0.0330, "LLY": 0.0220,
    "MRK": 0.0290, "MSFT": 0.0180, "PEP": 0.0335, "PFE": 0.0330, "PG": 0.0310, "RRC": 0.0080,
    "UNH": 0.0145, "WMT": 0.0220, "XOM": 0.0480,
}  # fmt: skip
"""Rounded: dividends a year at the rate declared late in 2018 over the price of the time."""
CONVENIENCE_YIELD = 0.0
"""Oil's futures of end-2018 rose by about the cost of money with time: no net convenience."""
YEN_RATE = -0.0015
"""About where yen government paper of up to two years stood at end-2018; flat."""
YEN_TENORS = ("3M", "6M", "1Y", "2Y")


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """One row of the market file."""

    factor: str
    value: float
    unit: str
    source: str
    as_of: str
    """UTC instant, ISO 8601."""
    status: str
    """`observed` or `proxied`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProxyRule:
    """One row of the proxies file: whose shocks a factor takes, and why."""

    factor: str
    proxy: str
    beta: float
    reason: str


CLOSE = "2018-12-31T21:00:00Z"
_PUBLISHED = {
    "EQ": ("Yahoo adjusted close", CLOSE),
    "VOL": ("CBOE by way of FRED", "2018-12-31T21:15:00Z"),
    "CO": ("EIA Cushing spot by way of FRED", "2018-12-31T19:30:00Z"),
    "FX": ("ECB reference rate", "2018-12-31T13:15:00Z"),
    "IR:USD": ("US Treasury par yields", "2018-12-31T20:30:00Z"),
    "IR:EUR": ("ECB AAA zero curve", "2018-12-28T17:00:00Z"),
    "IR:GBP": ("Bank of England zero curve", "2018-12-31T16:30:00Z"),
}
"""Source and instant by risk class or curve; the euro curve's last day is 2018-12-28."""


def quotes(history: History) -> list[Quote]:
    """Every factor of the history, then every factor that had to be proxied."""
    observed = [_observed(history, factor) for factor in history.values]
    return [*observed, *_yields(), *_yen_rates(), *_volatilities(history)]


def proxy_rules(history: History) -> list[ProxyRule]:
    """A rule for each factor of the market file that the history lacks."""
    return [
        ProxyRule(factor="YIELD:*", proxy="none", beta=1.0,
                  reason="no history of dividend or convenience yields; held constant"),
        ProxyRule(factor="IR:JPY:*", proxy="none", beta=1.0,
                  reason="no yen curve in the history; flat and held constant"),
        *_index_rules(history),
        *_own_beta_rules(history, "EQ", STOCKS, STOCK_EXPIRIES),
        *_own_beta_rules(history, "FX", DEALT_PAIRS, FX_EXPIRIES),
    ]  # fmt: skip


def index_surface(history: History) -> IndexSurface:
    """Volatility surface of SPX on the valuation date."""
    return IndexSurface(
        valuation_date=history.valuation_date,
        spot=history.last("EQ:SPX"),
        carry=history.last("IR:USD:3M") - DIVIDEND_YIELDS["SPX"],
        vix=history.last("VOL:VIX"),
    )


def stock_volatility(history: History, stock: str) -> float:
    """VIX times the stock's realised volatility over that of SPX, decimal."""
    ratio = history.realised_volatility(f"EQ:{stock}") / history.realised_volatility("EQ:SPX")
    return round(history.last("VOL:VIX") * ratio, 4)


def pair_volatility(history: History, pair: str) -> float:
    """Realised volatility of the pair, decimal."""
    return round(history.realised_volatility(f"FX:{pair}"), 4)


def _observed(history: History, factor: str) -> Quote:
    head, name, *_ = factor.split(":")
    source, instant = _PUBLISHED[f"IR:{name}" if head == "IR" else head]
    return Quote(
        factor=factor,
        value=history.last(factor),
        unit=_unit(head, name),
        source=source,
        as_of=instant,
        status="observed",
    )


def _unit(head: str, name: str) -> str:
    if head == "FX":
        return name[3:]
    if name == "SPX":
        return "index"
    return "USD" if head in ("EQ", "CO") else "decimal"


def _proxied(factor: str, value: float, source: str) -> Quote:
    return Quote(
        factor=factor, value=value, unit="decimal", source=source, as_of=CLOSE, status="proxied"
    )


def _yields() -> Iterator[Quote]:
    for name, dividend_yield in DIVIDEND_YIELDS.items():
        yield _proxied(f"YIELD:{name}", dividend_yield, "dividends declared over price, rounded")
    yield _proxied("YIELD:WTI", CONVENIENCE_YIELD, "no net convenience assumed")


def _yen_rates() -> Iterator[Quote]:
    for tenor in YEN_TENORS:
        yield _proxied(f"IR:JPY:{tenor}", YEN_RATE, "near yen government paper, flat")


def _volatilities(history: History) -> Iterator[Quote]:
    surface = index_surface(history)
    for expiry in INDEX_EXPIRIES:
        for strike in INDEX_STRIKES:
            volatility = round(surface.volatility(expiry, strike), 6)
            yield _proxied(f"VOL:SPX:{expiry}:{strike}", volatility, "VIX times a smile")
    for stock in STOCKS:
        volatility = stock_volatility(history, stock)
        for expiry in STOCK_EXPIRIES:
            yield _proxied(f"VOL:{stock}:{expiry}:ATM", volatility, "VIX times realised ratio")
    for pair in DEALT_PAIRS:
        volatility = pair_volatility(history, pair)
        for expiry in FX_EXPIRIES:
            yield _proxied(f"VOL:{pair}:{expiry}:ATM", volatility, "realised over 250 days")


def _index_rules(history: History) -> Iterator[ProxyRule]:
    for expiry in INDEX_EXPIRIES:
        days = (expiry - history.valuation_date).days
        yield follows_vix("SPX", expiry, days, 1.0, "no history of index option volatilities")


def _own_beta_rules(
    history: History, head: str, names: Iterable[str], expiries: Iterable[date]
) -> Iterator[ProxyRule]:
    dates = tuple(expiries)
    for name in names:
        beta = history.volatility_beta(f"{head}:{name}")
        why = f"no implied volatilities of {name}; beta {beta:.2f} of its volatility to that of SPX"
        for expiry in dates:
            days = (expiry - history.valuation_date).days
            yield follows_vix(name, expiry, days, beta, why)


def follows_vix(name: str, expiry: date, days: int, beta: float, why: str) -> ProxyRule:
    """The rule of a volatility that follows VIX by *beta*, damped by its *days* to expiry."""
    damped = round(beta * term_beta(days), 4)
    term = f", damped by the root of {VIX_DAYS}/{days}" if days > VIX_DAYS else ""
    return ProxyRule(
        factor=f"VOL:{name}:{expiry}:*", proxy="VOL:VIX", beta=damped, reason=why + term
    )

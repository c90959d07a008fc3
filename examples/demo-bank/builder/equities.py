"""Index and single-stock books: options dealt with clients, hedged by futures and shares."""

import math
from collections.abc import Iterator
from datetime import date

from builder.chance import between, chance
from builder.history import History
from builder.market import (
    DIVIDEND_YIELDS,
    INDEX_EXPIRIES,
    INDEX_STRIKES,
    STOCK_EXPIRIES,
    index_surface,
    stock_volatility,
)
from builder.row import Row, amount, lots, row

STOCK_BOOKS = {
    "STK-TECH": ("AAPL", "AMD", "BBY", "MSFT"),
    "STK-HEALTH": ("JNJ", "LLY", "MRK", "PFE", "UNH"),
    "STK-CONSUMER": ("HD", "KO", "PEP", "PG", "WMT"),
    "STK-CYCLICAL": ("BAC", "CVX", "GE", "JPM", "RRC", "XOM"),
}
INDEX_BOOKS = {"SPX-FRONT": INDEX_EXPIRIES[:3], "SPX-TERM": INDEX_EXPIRIES[3:]}
INDEX_FUTURES = (
    ("SPX-FRONT", date(2019, 3, 15), 0.80),
    ("SPX-TERM", date(2019, 3, 15), 0.52),
    ("SPX-TERM", date(2019, 6, 21), 0.38),
)
"""Book, expiry, and the part of the book's option delta that the future takes away."""
OPTION_MULTIPLIER = 100
FUTURE_MULTIPLIER = 50
FUTURE_TICK = 0.25
CONTRACTS = 62.0
"""Middle size of an index option position."""
LINE_VALUE = 6_000_000.0
"""Middle size of a single-stock option position, USD of underlying."""
SHARE_HEDGE = 0.90
"""Part of a stock's option delta that the shares take away."""
VIEW = (-0.4, 1.5)
"""Shares held beyond the hedge, between these multiples of `LINE_VALUE`: mostly long."""


def index_rows(history: History) -> list[Row]:
    """96 options on SPX and the three futures that hedge them."""
    options = [
        _index_option(book, expiry, strike, option_type)
        for book, expiries in INDEX_BOOKS.items()
        for expiry in expiries
        for strike in INDEX_STRIKES
        for option_type in ("call", "put")
    ]
    return [*options, *index_futures(history, options)]


def stock_rows(history: History) -> list[Row]:
    """240 options on 20 stocks, and the 20 holdings of shares that hedge them."""
    rows: list[Row] = []
    for book, stocks in STOCK_BOOKS.items():
        for stock in stocks:
            options = list(_stock_options(history, book, stock))
            rows += [*options, share_hedge(history, book, stock, options)]
    return rows


def delta(
    *, spot: float, yield_: float, rate: float, volatility: float, years: float,
    strike: float, call: bool,
) -> float:  # fmt: skip
    """Black-Scholes delta, underlying units for one option; early exercise left out."""
    deviation = volatility * math.sqrt(years)
    d1 = (math.log(spot / strike) + (rate - yield_) * years) / deviation + 0.5 * deviation
    side = 1.0 if call else -1.0
    return side * math.exp(-yield_ * years) * 0.5 * math.erfc(-side * d1 / math.sqrt(2.0))


def _index_option(book: str, expiry: date, strike: int, option_type: str) -> Row:
    contracts = lots(_client_side(strike, option_type, expiry) * CONTRACTS, 5.0)
    return row(
        book=book, instrument="european_option", quantity=contracts, currency="USD",
        notional=amount(contracts * OPTION_MULTIPLIER * strike), underlying="SPX",
        option_type=option_type, strike=strike, expiry=expiry, multiplier=OPTION_MULTIPLIER,
    )  # fmt: skip


def _client_side(strike: int, option_type: str, expiry: date) -> float:
    """
    What clients leave the bank with, in middle sizes.

    They buy protection (puts below the market) and sell upside (calls above it);
    the bank buys back some of the wing; near the money it is two-way.
    """
    size = between(0.4, 1.8, "size", expiry, strike, option_type)
    if option_type == "put" and strike == INDEX_STRIKES[0]:
        return 0.7 * size
    if option_type == "put" and strike <= 2450:
        return -size
    if option_type == "call" and strike >= 2600:
        return 0.8 * size
    return size if chance("side", expiry, strike, option_type) < 0.40 else -size


def index_futures(history: History, options: list[Row]) -> Iterator[Row]:
    """Futures that hedge each index book's *options*, at the settlement of the day before."""
    yesterday = history.values["EQ:SPX"][-2]
    for book, expiry, part in INDEX_FUTURES:
        contracts = lots(-part * _index_delta(history, book, options) / FUTURE_MULTIPLIER, 1.0)
        years = (expiry - history.valuation_date).days / 365.0
        settled = yesterday * math.exp(index_surface(history).carry * years)
        price = round(settled / FUTURE_TICK) * FUTURE_TICK
        yield row(
            book=book, instrument="equity_future", quantity=contracts, currency="USD",
            notional=amount(contracts * FUTURE_MULTIPLIER * price), underlying="SPX",
            expiry=expiry, price=price, multiplier=FUTURE_MULTIPLIER,
        )  # fmt: skip


def _index_delta(history: History, book: str, options: list[Row]) -> float:
    """Index units of a book's options."""
    surface = index_surface(history)
    total = 0.0
    for option in options:
        expiry, strike = date.fromisoformat(option["expiry"]), float(option["strike"])
        if option["book"] == book:
            total += float(option["quantity"]) * OPTION_MULTIPLIER * delta(
                spot=surface.spot, yield_=DIVIDEND_YIELDS["SPX"],
                rate=history.last("IR:USD:3M"), volatility=surface.volatility(expiry, strike),
                years=(expiry - history.valuation_date).days / 365.0, strike=strike,
                call=option["option_type"] == "call",
            )  # fmt: skip
    return total


def _stock_options(history: History, book: str, stock: str) -> Iterator[Row]:
    spot = history.last(f"EQ:{stock}")
    for expiry in STOCK_EXPIRIES:
        for strike in (_listed(spot * 0.95, spot), _listed(spot * 1.05, spot)):
            for option_type in ("call", "put"):
                labels = (stock, expiry, strike, option_type)
                side = 1.0 if chance("side", *labels) < 0.38 else -1.0
                value = side * LINE_VALUE * between(0.3, 1.7, "size", *labels)
                contracts = lots(value / (spot * OPTION_MULTIPLIER), 10.0)
                yield row(
                    book=book, instrument="american_option", quantity=contracts, currency="USD",
                    notional=amount(contracts * OPTION_MULTIPLIER * strike), underlying=stock,
                    option_type=option_type, strike=strike, expiry=expiry,
                    multiplier=OPTION_MULTIPLIER,
                )  # fmt: skip


def _listed(strike: float, spot: float) -> float:
    """Nearest strike on an exchange's grid for a stock of that price."""
    step = 0.5 if spot < 25.0 else 1.0 if spot < 50.0 else 2.5 if spot < 200.0 else 5.0
    return round(strike / step) * step


def share_hedge(history: History, book: str, stock: str, options: list[Row]) -> Row:
    """Shares that hedge *options* on a stock, and the desk's view on top."""
    spot, volatility = history.last(f"EQ:{stock}"), stock_volatility(history, stock)
    units = OPTION_MULTIPLIER * sum(
        float(option["quantity"]) * delta(
            spot=spot, yield_=DIVIDEND_YIELDS[stock], rate=history.last("IR:USD:3M"),
            volatility=volatility, strike=float(option["strike"]),
            years=(date.fromisoformat(option["expiry"]) - history.valuation_date).days / 365.0,
            call=option["option_type"] == "call",
        )
        for option in options
    )  # fmt: skip
    view = between(*VIEW, "view", stock) * LINE_VALUE / spot
    shares = lots(view - SHARE_HEDGE * units, 100.0)
    return row(
        book=book, instrument="equity", quantity=shares, currency="USD",
        notional=amount(shares * spot), underlying=stock,
    )  # fmt: skip

"""Currency and oil books: client forwards and options, their hedges, and oil spreads."""

import math
from collections.abc import Iterator
from datetime import date

from builder.chance import between, chance
from builder.equities import delta
from builder.history import History
from builder.market import (
    CONVENIENCE_YIELD,
    DEALT_PAIRS,
    FX_EXPIRIES,
    YEN_RATE,
    pair_volatility,
)
from builder.row import Row, amount, lots, row

CLIENT_EXPIRIES = (
    date(2019, 1, 16), date(2019, 2, 20), date(2019, 3, 20), date(2019, 4, 17),
    date(2019, 5, 15), date(2019, 7, 17), date(2019, 9, 18),
)  # fmt: skip
COVER_EXPIRY = date(2019, 6, 19)
"""Expiry of the forward that brings a pair's client forwards near to flat."""
HEDGE_EXPIRIES = (date(2019, 3, 29), date(2019, 9, 30))
OPEN_PART = 0.25
"""Part of the client forwards of a pair that the desk leaves open."""
HEDGED_PART = 0.85
"""Part of a pair's option delta that the two hedge forwards take away."""
OIL_FUTURES = (
    (date(2019, 2, 20), 700), (date(2019, 3, 20), -430),
    (date(2019, 5, 21), -210), (date(2019, 11, 20), 190),
)  # fmt: skip
"""Expiry and contracts: long the front, short the middle."""
BARRELS = 1000


def oil_rows(history: History) -> list[Row]:
    """Four futures on WTI, dealt at the fair price of the day before."""
    spot = history.values["CO:WTI"][-2]
    rows = []
    for expiry, contracts in OIL_FUTURES:
        years = (expiry - history.valuation_date).days / 365.0
        carry = history.curve("USD", history.valuation_date).zero(years) - CONVENIENCE_YIELD
        price = round(spot * math.exp(carry * years), 2)
        rows.append(row(
            book="OIL", instrument="commodity_future", quantity=contracts, currency="USD",
            notional=amount(contracts * BARRELS * price), underlying="WTI", expiry=expiry,
            price=price, multiplier=BARRELS,
        ))  # fmt: skip
    return rows


def forward_rows(history: History) -> list[Row]:
    """24 forwards: seven a pair dealt with clients over the year, one that covers them."""
    rows: list[Row] = []
    for pair in DEALT_PAIRS:
        clients = [_client_forward(history, pair, expiry) for expiry in CLIENT_EXPIRIES]
        net = sum(float(client["quantity"]) for client in clients)
        cover = lots(-(1.0 - OPEN_PART) * net, 100_000.0)
        rows += [*clients, _forward(history, "FX-FWD", pair, COVER_EXPIRY, cover, age=1)]
    return rows


def option_rows(history: History) -> list[Row]:
    """30 options, ten a pair, and the six forwards that hedge them."""
    rows: list[Row] = []
    for pair in DEALT_PAIRS:
        options = list(_options(history, pair))
        net = sum(_units(history, pair, option) for option in options)
        each = lots(-HEDGED_PART * net / len(HEDGE_EXPIRIES), 100_000.0)
        hedges = [_forward(history, "FX-OPT", pair, day, each, age=1) for day in HEDGE_EXPIRIES]
        rows += [*options, *hedges]
    return rows


def _client_forward(history: History, pair: str, expiry: date) -> Row:
    side = 1.0 if chance("side", pair, expiry) < 0.6 else -1.0
    units = lots(side * between(2e6, 50e6, "size", pair, expiry), 100_000.0)
    age = int(between(5, 180, "age", pair, expiry))
    return _forward(history, "FX-FWD", pair, expiry, units, age=age)


def _forward(
    history: History, book: str, pair: str, expiry: date, units: float, *, age: int
) -> Row:
    """A forward dealt at the fair rate *age* business days ago."""
    dealt = history.dates[-1 - age]
    strike = fair_forward(history, pair, dealt, expiry)
    return row(
        book=book, instrument="fx_forward", quantity=units, currency=pair[3:],
        notional=amount(units * strike), underlying=pair, strike=strike, expiry=expiry,
    )  # fmt: skip


def _options(history: History, pair: str) -> Iterator[Row]:
    for expiry in FX_EXPIRIES:
        middle = fair_forward(history, pair, history.valuation_date, expiry)
        for option_type, shift in (("call", 0.015), ("put", -0.015)):
            strike = round(middle * (1.0 + shift), _places(pair) - 2)
            side = 1.0 if chance("side", pair, expiry, option_type) < 0.4 else -1.0
            size = between(8e6, 60e6, "size", pair, expiry, option_type)
            units = lots(side * size, 500_000.0)
            yield row(
                book="FX-OPT", instrument="fx_option", quantity=units, currency=pair[3:],
                notional=amount(units * strike), underlying=pair, option_type=option_type,
                strike=strike, expiry=expiry,
            )  # fmt: skip


def _units(history: History, pair: str, option: Row) -> float:
    """Units of the first currency that move like the option."""
    years = (date.fromisoformat(option["expiry"]) - history.valuation_date).days / 365.0
    return float(option["quantity"]) * delta(
        spot=history.last(f"FX:{pair}"),
        yield_=_rate(history, pair[:3], history.valuation_date, years),
        rate=_rate(history, pair[3:], history.valuation_date, years),
        volatility=pair_volatility(history, pair),
        years=years,
        strike=float(option["strike"]),
        call=option["option_type"] == "call",
    )


def fair_forward(history: History, pair: str, dealt: date, expiry: date) -> float:
    """Forward rate of the day, from spot and the two curves."""
    years = (expiry - dealt).days / 365.0
    carry = _rate(history, pair[3:], dealt, years) - _rate(history, pair[:3], dealt, years)
    return round(history.on(f"FX:{pair}", dealt) * math.exp(carry * years), _places(pair))


def _rate(history: History, currency: str, day: date, years: float) -> float:
    return YEN_RATE if currency == "JPY" else history.curve(currency, day).zero(years)


def _places(pair: str) -> int:
    return 3 if pair.endswith("JPY") else 5

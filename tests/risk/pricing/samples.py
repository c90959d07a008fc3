"""A small market, one contract of each kind, and ways to put them into tables and scenarios."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from riskmill.domain import (
    DATE_COLUMNS,
    INSTRUMENTS,
    NUMBER_COLUMNS,
    TEXT_COLUMNS,
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
    FloatingRateNote,
    FxForward,
    FxOption,
    Instrument,
    InterestRateSwap,
    Labels,
    MarketSnapshot,
    Position,
    PositionTable,
    ScenarioSet,
    TouchOption,
    ZeroCouponBond,
)

TODAY = date(2018, 12, 31)
EXPIRY = date(2019, 6, 21)
RATES = {"3M": 0.024, "1Y": 0.026, "2Y": 0.025, "10Y": 0.027}
QUOTES = {
    "EQ:SPX": 2506.85,
    "EQ:AAPL": 157.74,
    "CO:WTI": 45.41,
    "YIELD:SPX": 0.02,
    "YIELD:AAPL": 0.018,
    "YIELD:WTI": 0.01,
    "FX:EURUSD": 1.145,
    "FX:USDJPY": 110.2,
    "VOL:SPX:2019-06-21:2400": 0.24,
    "VOL:SPX:2019-06-21:ATM": 0.22,
    "VOL:WTI:2019-06-21:ATM": 0.36,
    "VOL:AAPL:2019-06-21:ATM": 0.35,
    "VOL:EURUSD:2019-06-21:ATM": 0.075,
    **{f"IR:USD:{tenor}": rate for tenor, rate in RATES.items()},
    **{f"IR:USD-LIBOR-3M:{tenor}": rate + 0.002 for tenor, rate in RATES.items()},
    **{f"IR:EUR:{tenor}": rate - 0.029 for tenor, rate in RATES.items()},
    **{f"IR:JPY:{tenor}": rate / 20 for tenor, rate in RATES.items()},
}
MARKET = MarketSnapshot(valuation_date=TODAY, quotes=QUOTES)
NO_HISTORY = FactorHistory(dates=(), factors=(), values=np.empty((0, 0)))

CONTRACTS: dict[str, Instrument] = {
    "equity": Equity(currency="USD", underlying="AAPL"),
    "equity_future": EquityFuture(
        currency="USD", underlying="SPX", expiry=EXPIRY, price=2490.0, multiplier=50.0
    ),
    "commodity_future": CommodityFuture(
        currency="USD", underlying="WTI", expiry=EXPIRY, price=44.0, multiplier=1000.0
    ),
    "european_option": EuropeanOption(
        currency="USD",
        underlying="SPX",
        option_type="put",
        strike=2400.0,
        expiry=EXPIRY,
        multiplier=100.0,
    ),
    "american_option": AmericanOption(
        currency="USD",
        underlying="AAPL",
        option_type="put",
        strike=160.0,
        expiry=EXPIRY,
        multiplier=100.0,
    ),
    "fx_forward": FxForward(currency="USD", underlying="EURUSD", strike=1.15, expiry=EXPIRY),
    "fx_option": FxOption(
        currency="USD", underlying="EURUSD", option_type="call", strike=1.16, expiry=EXPIRY
    ),
    "fixed_rate_bond": FixedRateBond(
        currency="EUR",
        rate=0.02,
        start=date(2018, 5, 15),
        maturity=date(2026, 5, 15),
        fixed_frequency_months=6,
        fixed_day_count="act/act-icma",
    ),
    "interest_rate_swap": InterestRateSwap(
        currency="USD",
        rate=0.028,
        start=date(2018, 2, 20),
        maturity=date(2024, 2, 20),
        fixed_frequency_months=6,
        fixed_day_count="30/360",
        float_frequency_months=3,
        float_day_count="act/360",
        current_fixing=0.0265,
    ),
    "barrier_option": BarrierOption(
        currency="USD",
        underlying="SPX",
        option_type="put",
        strike=2400.0,
        expiry=EXPIRY,
        barrier=2000.0,
        barrier_type="down-out",
        rebate=20.0,
        multiplier=100.0,
    ),
    "digital_option": DigitalOption(
        currency="USD",
        underlying="WTI",
        option_type="call",
        strike=47.0,
        expiry=EXPIRY,
        payoff="cash",
        payout=10.0,
        multiplier=1000.0,
        underlying_class="CO",
    ),
    "touch_option": TouchOption(
        currency="USD",
        underlying="EURUSD",
        expiry=EXPIRY,
        barrier=1.2,
        barrier_type="up-in",
        payoff="at_hit",
        payout=1000.0,
        underlying_class="FX",
    ),
    "asian_option": AsianOption(
        currency="USD",
        underlying="WTI",
        option_type="call",
        strike=46.0,
        expiry=EXPIRY,
        payoff="arithmetic",
        average_start=date(2018, 11, 30),
        fixings=30,
        past_average=48.0,
        multiplier=1000.0,
        underlying_class="CO",
    ),
    "zero_coupon_bond": ZeroCouponBond(currency="EUR", maturity=date(2023, 5, 15)),
    "floating_rate_note": FloatingRateNote(
        currency="USD",
        start=date(2018, 11, 20),
        maturity=date(2022, 11, 21),
        float_frequency_months=3,
        float_day_count="act/360",
        current_fixing=0.0265,
        index="USD-LIBOR-3M",
        spread=0.004,
        calendar="US+GB",
        float_adjustment="modified-following",
        payment_lag_days=2,
    ),
}
"""By the word in the column `instrument`."""


def positions(contracts: Sequence[Instrument], quantity: float = 1.0) -> list[Position]:
    """One position of each contract, in one book."""
    return [
        Position(position_id=f"P{number}", book="book", quantity=quantity, instrument=contract)
        for number, contract in enumerate(contracts)
    ]


def table(held: Sequence[Position]) -> PositionTable:
    """The same positions as columns."""
    words = {kind: word for word, kind in INSTRUMENTS.items()}
    own = {
        "book": [one.book for one in held],
        "instrument": [words[type(one.instrument)] for one in held],
        "quantity": [one.quantity for one in held],
    }

    def column(name: str, empty: object) -> list[object]:
        return own.get(name) or [getattr(one.instrument, name, empty) for one in held]

    return PositionTable(
        position_id=np.array([one.position_id for one in held], dtype=object),
        texts={name: Labels.of(column(name, "")) for name in TEXT_COLUMNS},
        numbers={name: np.array(column(name, np.nan), dtype=float) for name in NUMBER_COLUMNS},
        dates={name: np.array(column(name, None), "datetime64[D]") for name in DATE_COLUMNS},
    )


def scenarios(moves: dict[str, list[float]]) -> ScenarioSet:
    """A scenario set from levels by factor."""
    count = len(next(iter(moves.values()), []))
    return ScenarioSet(
        name="test",
        labels=tuple(str(number) for number in range(count)),
        factors=tuple(moves),
        levels=np.array(list(moves.values())).reshape(len(moves), count),
    )


def shaken(count: int, seed: int = 7) -> ScenarioSet:
    """Every factor up to 5 % off, in so many scenarios."""
    random = np.random.default_rng(seed)
    return scenarios(
        {
            factor: (level * (1 + random.uniform(-0.05, 0.05, count))).tolist()
            for factor, level in QUOTES.items()
        }
    )

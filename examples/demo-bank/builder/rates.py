"""Treasury notes and bonds, and the three swap books."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from builder.chance import between, chance
from builder.history import History
from builder.row import Row, amount, row

TREASURIES = (
    (0.02625, date(2010, 11, 15), date(2020, 11, 15), 60e6),
    (0.02125, date(2011, 8, 15), date(2021, 8, 15), 50e6),
    (0.02750, date(2013, 11, 15), date(2023, 11, 15), 45e6),
    (0.02250, date(2015, 11, 15), date(2025, 11, 15), 40e6),
    (0.02250, date(2017, 11, 15), date(2027, 11, 15), 30e6),
    (0.03125, date(2018, 11, 15), date(2028, 11, 15), 40e6),
    (0.02750, date(2017, 8, 15), date(2047, 8, 15), 12e6),
    (0.03375, date(2018, 11, 15), date(2048, 11, 15), 15e6),
)
"""Coupon, dated date, maturity, face: the terms of eight issues outstanding at end-2018."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SwapMarket:
    """How swaps of one currency are dealt in the demo, and which way its book leans."""

    currency: str
    fixed_months: int
    fixed_day_count: str
    float_months: int
    float_day_count: str
    tenors: tuple[int, ...]
    """Original lengths, years."""
    lean: float
    """Loss for +1 bp that the book is steered to, in `currency`; negative is a gain."""


SWAP_MARKETS = (
    SwapMarket(
        currency="USD", fixed_months=6, fixed_day_count="30/360",
        float_months=3, float_day_count="act/360",
        tenors=(1, 2, 30, 3, 5, 20, 7, 10, 2, 3, 5, 4, 8, 7, 10, 15), lean=-130_000.0,
    ),
    SwapMarket(
        currency="EUR", fixed_months=12, fixed_day_count="30/360",
        float_months=6, float_day_count="act/360",
        tenors=(1, 2, 30, 3, 5, 20, 10, 8, 4, 2, 5, 6, 10, 12, 7, 15), lean=75_000.0,
    ),
    SwapMarket(
        currency="GBP", fixed_months=6, fixed_day_count="act/365",
        float_months=6, float_day_count="act/365",
        tenors=(1, 2, 20, 3, 5, 15, 20, 10, 4, 6, 5, 7, 8, 12, 10, 15), lean=45_000.0,
    ),
)  # fmt: skip
SWAPS_EACH = 32
NEW_EACH = 8
"""Swaps of a currency that start after the valuation date; the others are seasoned."""
LONGEST_AGE = 4.6
"""Years: the history holds the curves of the days on which seasoned swaps started."""
SIZES = ((2, 60e6), (5, 30e6), (10, 15e6), (30, 8e6))
"""Tenor up to, and the middle notional."""


def treasury_rows() -> list[Row]:
    """Eight bullets of the US Treasury."""
    return [
        row(
            book="UST", instrument="fixed_rate_bond", quantity=face, currency="USD",
            notional=amount(face), rate=coupon, start=start, maturity=maturity,
            fixed_frequency_months=6, fixed_day_count="act/act-icma",
        )
        for coupon, start, maturity, face in TREASURIES
    ]  # fmt: skip


def swap_rows(history: History) -> list[Row]:
    """32 swaps in each of three currencies, dealt near par on the day they started."""
    return [swap for market in SWAP_MARKETS for swap in _swaps(history, market)]


def _swaps(history: History, market: SwapMarket) -> Iterator[Row]:
    """Receive or pay, whichever keeps the book nearer to its lean, most of the time."""
    held = 0.0
    for number in range(SWAPS_EACH):
        tenor = market.tenors[number % len(market.tenors)]
        start = _start(history, market.currency, tenor, number)
        notional = _notional(market.currency, tenor, number)
        left = (start - history.valuation_date).days / 365.0 + tenor
        curve = history.curve(market.currency, history.valuation_date)
        point = notional * 1e-4 * curve.annuity(left, market.fixed_months)
        target = market.lean * (number + 1) / SWAPS_EACH
        nearer = abs(held + point - target) < abs(held - point - target)
        contrary = chance("side", market.currency, number) < 0.15
        side = 1.0 if nearer is not contrary else -1.0
        held += side * point
        yield _swap(history, market, start, tenor, side * notional)


def _swap(history: History, market: SwapMarket, start: date, tenor: int, quantity: float) -> Row:
    started = start < history.valuation_date
    fixing = {"current_fixing": current_fixing(history, market, start)} if started else {}
    return row(
        book=f"SWAP-{market.currency}", instrument="interest_rate_swap", quantity=quantity,
        currency=market.currency, notional=amount(quantity),
        rate=_fixed_rate(history, market, start, tenor), start=start,
        maturity=start.replace(year=start.year + tenor),
        fixed_frequency_months=market.fixed_months, fixed_day_count=market.fixed_day_count,
        float_frequency_months=market.float_months, float_day_count=market.float_day_count,
        **fixing,
    )  # fmt: skip


def _start(history: History, currency: str, tenor: int, number: int) -> date:
    """A weekday within the first 24 days of a month: no period's end needs a month-end rule."""
    if number >= SWAPS_EACH - NEW_EACH:
        days = between(3, 80, "start", currency, number)
    else:
        longest = min(LONGEST_AGE, 0.85 * tenor)
        days = -365.0 * between(0.06, longest, "start", currency, number)
    day = history.valuation_date + timedelta(days=int(days))
    day = day.replace(day=min(max(day.day, 3), 24))
    return day - timedelta(days=max(0, day.weekday() - 4))


def _notional(currency: str, tenor: int, number: int) -> float:
    middle = next(size for longest, size in SIZES if tenor <= longest)
    return max(1.0, round(middle * between(0.4, 1.8, "size", currency, number) / 5e5)) * 5e5


def _fixed_rate(history: History, market: SwapMarket, start: date, tenor: int) -> float:
    """Par on the day, and the client's margin of up to 4 bp either way."""
    par = history.curve(market.currency, start).par_rate(tenor, market.fixed_months)
    margin = between(-0.0004, 0.0004, "margin", market.currency, start, tenor)
    return round(par + margin, 5)


def current_fixing(history: History, market: SwapMarket, start: date) -> float:
    """Simple rate of the floating period that holds the valuation date, on its first day."""
    reset = start
    while (later := _months_later(reset, market.float_months)) <= history.valuation_date:
        reset = later
    basis = 360.0 if market.float_day_count == "act/360" else 365.0
    curve = history.curve(market.currency, reset)
    return round(curve.simple_rate(market.float_months, basis), 6)


def _months_later(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return day.replace(year=count // 12, month=count % 12 + 1)

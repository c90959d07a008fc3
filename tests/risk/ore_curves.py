"""
The curves of ORE's example HistSimVar, from its market quotes by ORE's conventions.

`bootstrap_zero_curve` knows deposits and swaps on one curve. ORE's instruments have a second
curve, an average, a lag or a notional that is reset. So each is given to it as the deposit or
swap on one curve that ends on the same day, and the rates of these are moved until every
instrument is worth on the curve what is quoted, to the thirteenth decimal. Dates are
QuantLib's, as are ORE's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import pairwise
from math import exp, log

import numpy as np
import QuantLib

from riskmill import ParQuote, bootstrap_zero_curve
from tests.risk.ore_files import TODAY, rows

QUOTES = {row["quote"]: float(row["value"]) for row in rows("market.csv")}
SPOT = date(2020, 1, 2)
"""Two business days from today, in every calendar here."""
EUR, UK = QuantLib.TARGET(), QuantLib.UnitedKingdom()
US = QuantLib.UnitedStates(QuantLib.UnitedStates.Settlement)
US_UK, EUR_US = QuantLib.JointCalendar(US, UK), QuantLib.JointCalendar(EUR, US)
EUR_US_UK = QuantLib.JointCalendar(EUR, US, UK)
FOLLOWING, MODIFIED = QuantLib.Following, QuantLib.ModifiedFollowing
THIRTY = QuantLib.Thirty360(QuantLib.Thirty360.BondBasis)
ACTUAL = QuantLib.Actual360()
TIGHT = 1e-13

Periods = list[tuple[date, date]]


class Curve:
    """Discount factors, log-linear between and beyond the nodes of a bootstrapped curve."""

    def __init__(self, nodes: Sequence[tuple[date, float]]) -> None:
        days = np.array([(day - TODAY).days for day, _ in nodes], dtype=np.float64)
        self._days = np.concatenate([[0.0], days])
        self._logs = np.concatenate([[0.0], [-rate for _, rate in nodes] * days / 365.0])

    def __call__(self, day: date) -> float:
        days = float((day - TODAY).days)
        right = min(int(np.searchsorted(self._days, days)), len(self._days) - 1) or 1
        left = right - 1
        share = (days - self._days[left]) / (self._days[right] - self._days[left])
        return exp(self._logs[left] + share * (self._logs[right] - self._logs[left]))


@dataclass(frozen=True, kw_only=True, slots=True)
class Quoted:
    """An instrument of the market."""

    quote: float
    implied: Callable[[Curve], float]
    """What its quote would be on a curve."""
    stand_in: ParQuote
    """What is bootstrapped for it."""
    sense: float = 1.0
    """Whether the quote rises (1) or falls (-1) with the stand-in's rate."""


def fitted(market: Sequence[Quoted]) -> Curve:
    """The curve on which every instrument implies its quote."""
    rates = [one.stand_in.rate for one in market]
    for _ in range(50):
        given = [replace(one.stand_in, rate=rate) for one, rate in zip(market, rates, strict=True)]
        curve = Curve(bootstrap_zero_curve(TODAY, given))
        gaps = [one.quote - one.implied(curve) for one in market]
        if max(map(abs, gaps)) < TIGHT:
            return curve
        moves = (one.sense * gap for one, gap in zip(market, gaps, strict=True))
        rates = [rate + move for rate, move in zip(rates, moves, strict=True)]
    raise AssertionError(max(map(abs, gaps)))


def moved(day: date, by: str, calendar: QuantLib.Calendar, rule: int = MODIFIED) -> date:
    found: date = calendar.advance(
        QuantLib.Date.from_date(day), QuantLib.Period(by), rule
    ).to_date()
    return found


def periods(tenor: str, months: int, calendar: QuantLib.Calendar, rule: int = MODIFIED) -> Periods:
    """Periods of a leg that begins on the spot date."""
    first, every = QuantLib.Date.from_date(SPOT), QuantLib.Period(months, QuantLib.Months)
    days = QuantLib.Schedule(
        first, first + QuantLib.Period(tenor), every, calendar, rule, rule,
        QuantLib.DateGeneration.Backward, False,
    )  # fmt: skip
    return list(pairwise(day.to_date() for day in days))


def fraction(period: tuple[date, date], count: QuantLib.DayCounter = ACTUAL) -> float:
    start, end = map(QuantLib.Date.from_date, period)
    return float(count.yearFraction(start, end))


def annuity(discount: Curve, leg: Periods, count: QuantLib.DayCounter = ACTUAL) -> float:
    return sum(fraction(period, count) * discount(period[1]) for period in leg)


def floating(forward: Curve, discount: Curve, leg: Periods) -> float:
    """A leg of floating coupons, each paid when its period ends."""
    return sum((forward(start) / forward(end) - 1.0) * discount(end) for start, end in leg)


def deposit(start: date, end: date, rate: float) -> Quoted:
    """A deposit, or a forward rate agreement."""
    return Quoted(
        quote=rate,
        implied=lambda curve: (curve(start) / curve(end) - 1.0) / fraction((start, end)),
        stand_in=ParQuote(start=start, maturity=end, rate=rate, day_count="act/360"),
    )


def overnight(calendar: QuantLib.Calendar, lag: int, tenor: str, rate: float) -> Quoted:
    """A swap of compounded overnight rates, paid *lag* days late."""
    leg = periods(tenor, 12, calendar, FOLLOWING)
    paid = [moved(end, f"{lag}D", calendar, FOLLOWING) for _, end in leg]

    def implied(curve: Curve) -> float:
        both = list(zip(leg, paid, strict=True))
        rates = sum((curve(start) / curve(end) - 1.0) * curve(pay) for (start, end), pay in both)
        return rates / sum(fraction(period) * curve(pay) for period, pay in both)

    return Quoted(quote=rate, implied=implied, stand_in=_swap(paid[-1], rate, "act/360", 12))


def averaged(tenor: str, rate: float, spread: float) -> Quoted:
    """Fed funds averaged over quarters, plus a spread, against what Libor is swapped for."""
    fixed, leg = periods(tenor, 6, US), periods(tenor, 3, US)

    def implied(curve: Curve) -> float:
        rates = sum(log(curve(start) / curve(end)) * curve(end) for start, end in leg)
        return (rates + spread * annuity(curve, leg)) / annuity(curve, fixed, THIRTY)

    stand_in = _swap(fixed[-1][1], rate - spread, "30/360", 6)
    return Quoted(quote=rate, implied=implied, stand_in=stand_in)


def par_rate(
    forward: Curve,
    discount: Curve,
    fixed: tuple[int, QuantLib.Calendar],
    months: int,
    tenor: str,
) -> float:
    """Of a swap whose fixed leg counts 30/360."""
    left = floating(forward, discount, periods(tenor, months, fixed[1]))
    return left / annuity(discount, periods(tenor, fixed[0], fixed[1]), THIRTY)


def swap(
    discount: Curve, fixed: tuple[int, QuantLib.Calendar], months: int, tenor: str, rate: float
) -> Quoted:
    """A swap on two curves; the one of the forwards is looked for."""
    end = periods(tenor, fixed[0], fixed[1])[-1][1]
    return Quoted(
        quote=rate,
        implied=lambda curve: par_rate(curve, discount, fixed, months, tenor),
        stand_in=_swap(end, rate, "30/360", fixed[0]),
    )


def _swap(end: date, rate: float, count: str, months: int) -> ParQuote:
    return ParQuote(start=SPOT, maturity=end, rate=rate, day_count=count, frequency_months=months)


def _forwards(currency: str, months: int, calendar: QuantLib.Calendar) -> list[Quoted]:
    """The deposit and the forward rate agreements of an index."""
    first = QUOTES[f"MM/RATE/{currency}/2D/{months}M"]
    found = [deposit(SPOT, moved(SPOT, f"{months}M", calendar), first)]
    for begins in range(1, 19):
        rate = QUOTES.get(f"FRA/RATE/{currency}/{begins}M/{months}M")
        if rate is not None:
            start = moved(SPOT, f"{begins}M", calendar)
            found.append(deposit(start, moved(start, f"{months}M", calendar), rate))
    return found


def _quotes(prefix: str) -> dict[str, float]:
    """Quotes by what follows *prefix*, a tenor."""
    return {key.removeprefix(prefix): QUOTES[key] for key in QUOTES if key.startswith(prefix)}


def _overnight_curve(currency: str, calendar: QuantLib.Calendar, lag: int) -> list[Quoted]:
    tomorrow = moved(TODAY, "1D", calendar, FOLLOWING)
    swaps = _quotes(f"IR_SWAP/RATE/{currency}/2D/1D/")
    first = deposit(TODAY, tomorrow, QUOTES[f"MM/RATE/{currency}/0D/1D"])
    return [first, *(overnight(calendar, lag, tenor, rate) for tenor, rate in swaps.items())]


def curves() -> dict[str, Curve]:
    """All six, by ORE's names."""
    eonia = fitted(_overnight_curve("EUR", EUR, 1))
    spreads, libor = (
        _quotes("BASIS_SWAP/BASIS_SPREAD/3M/1D/USD/"),
        _quotes("IR_SWAP/RATE/USD/2D/3M/"),
    )
    averages = [averaged(tenor, libor[tenor], spread) for tenor, spread in spreads.items()]
    fed_funds = fitted([*_overnight_curve("USD", US, 2), *averages])
    six = partial(swap, eonia, (12, EUR), 6)
    euribor_6m = fitted(
        [
            *_forwards("EUR", 6, EUR),
            *(six(tenor, rate) for tenor, rate in _quotes("IR_SWAP/RATE/EUR/2D/6M/").items()),
        ]
    )
    bases = _quotes("BASIS_SWAP/BASIS_SPREAD/3M/6M/EUR/")
    three = {
        tenor: par_rate(euribor_6m, eonia, (12, EUR), 6, tenor) - basis
        for tenor, basis in bases.items()
    }
    euribor_3m = fitted(
        [
            *_forwards("EUR", 3, EUR),
            *(swap(eonia, (12, EUR), 3, tenor, rate) for tenor, rate in three.items()),
        ]
    )
    libor_3m = fitted(
        [
            *_forwards("USD", 3, UK),
            *(swap(fed_funds, (6, US_UK), 3, tenor, rate) for tenor, rate in libor.items()),
        ]
    )
    return {
        "EUR-EONIA": eonia,
        "USD-FedFunds": fed_funds,
        "EUR-EURIBOR-6M": euribor_6m,
        "EUR-EURIBOR-3M": euribor_3m,
        "USD-LIBOR-3M": libor_3m,
        "USD-IN-EUR": fitted(_dollars_in_euros(eonia, euribor_3m, libor_3m)),
    }


def _dollars_in_euros(eonia: Curve, euribor: Curve, libor: Curve) -> list[Quoted]:
    points, basis = (
        _quotes("FXFWD/RATE/EUR/USD/"),
        _quotes("CC_BASIS_SWAP/BASIS_SPREAD/USD/3M/EUR/3M/"),
    )
    return [
        *(_exchanged(eonia, tenor, quote) for tenor, quote in points.items()),
        *(_cross(eonia, euribor, libor, tenor, spread) for tenor, spread in basis.items()),
    ]


def _exchanged(eonia: Curve, tenor: str, points: float) -> Quoted:
    """Forward points in ten-thousandths: what dollars earn that are held by way of euros."""
    spot, end = QUOTES["FX/RATE/EUR/USD"], moved(SPOT, tenor, EUR_US)
    earned = (1.0 + points / 1e4 / spot) * eonia(SPOT) / eonia(end)
    return deposit(SPOT, end, (earned - 1.0) / fraction((SPOT, end)))


def _cross(eonia: Curve, euribor: Curve, libor: Curve, tenor: str, spread: float) -> Quoted:
    """Libor on dollars worth one euro at the start of each quarter, for Euribor and a spread."""
    leg = periods(tenor, 3, EUR_US_UK)
    last = leg[-1][1]
    euros = floating(euribor, eonia, leg) + eonia(last) - eonia(SPOT)

    def implied(curve: Curve) -> float:
        earned = [(curve(end) / curve(start)) * (libor(start) / libor(end)) for start, end in leg]
        dollars = sum(eonia(leg[i][0]) * (grown - 1.0) for i, grown in enumerate(earned))
        return (dollars - euros) / annuity(eonia, leg)

    return Quoted(
        quote=spread, implied=implied, stand_in=_swap(last, 0.018, "act/360", 3), sense=-1.0
    )

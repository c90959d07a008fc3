"""
ORE's example HistSimVar for riskmill: trades as positions, discount factors as curves.

Two of ORE's habits are not riskmill's and are put into positions and levels here:

- Both indices have two fixing days, the trades none: the forward of a coupon is that of the
  index's own dates, two business days after the coupon's. Each coupon is a position of its own,
  weighted with its own day count fraction over the index's, and the nodes of its forward curve
  are at the dates of coupons, with the discount factors of the index's dates.
- An exchange rate is for delivery two business days later. What converts a value is the rate
  of the day itself, by the discount factors to the day of delivery.

Between its twelve nodes a curve of ORE's has log-linear discount factors, as riskmill's have.
"""

import csv
import gzip
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
import QuantLib

from riskmill import (
    FactorHistory,
    FloatingRateNote,
    FxForward,
    MarketData,
    MarketSnapshot,
    Position,
    ScenarioSet,
    ZeroCouponBond,
    given_scenarios,
)
from riskmill.domain import Fixing, FloatArray, Instrument
from tests.risk.ore_curves import QUOTES, curves
from tests.risk.ore_files import TODAY, TRUTH, rows

DELIVERY = (date(2020, 1, 2) - TODAY).days
"""Days to the delivery of euros and dollars dealt today."""
CURVES = {
    "EUR": "DiscountCurve/EUR",
    "USD": "DiscountCurve/USD",
    "EUR-EURIBOR-6M": "IndexCurve/EUR-EURIBOR-6M",
    "USD-LIBOR-3M": "IndexCurve/USD-LIBOR-3M",
}
SPOT = "FXSpot/USDEUR/0"
TENORS = ("2W", "1M", "3M", "6M", "1Y", "2Y", "3Y", "5Y", "10Y", "15Y", "20Y", "30Y")
CALENDARS = {"TARGET": QuantLib.TARGET(), "UK": QuantLib.UnitedKingdom()}
EXCHANGE_RATE = "FX:EURUSD"

State = Mapping[str, FloatArray]
"""ORE's numbers by its own keys, each of shape (scenarios,)."""


def days_to(day: date) -> int:
    return (day - TODAY).days


def _nodes() -> list[int]:
    first = QuantLib.Date.from_date(TODAY)
    return [0, *(days_to((first + QuantLib.Period(tenor)).to_date()) for tenor in TENORS)]


NODES = _nodes()


@dataclass(frozen=True, kw_only=True, slots=True)
class Coupon:
    """A floating coupon that is not paid yet."""

    currency: str
    index: str
    start: date
    end: date
    notional: float
    """Received if positive."""
    index_start: date
    index_end: date

    @property
    def is_set(self) -> bool:
        return self.start < TODAY

    @property
    def weight(self) -> float:
        """Notional, times its day count fraction over that of the index unless it is set."""
        own, of_index = self.end - self.start, self.index_end - self.index_start
        return self.notional * (1.0 if self.is_set else own / of_index)


def coupons(leg: ElementTree.Element) -> list[Coupon]:
    """Coupons of a leg of ORE's that are paid after today."""
    calendar = CALENDARS[_text(leg, "ScheduleData/Rules/Calendar")]
    ends = QuantLib.Schedule(
        QuantLib.DateParser.parseISO(_text(leg, "ScheduleData/Rules/StartDate")),
        QuantLib.DateParser.parseISO(_text(leg, "ScheduleData/Rules/EndDate")),
        QuantLib.Period(_text(leg, "ScheduleData/Rules/Tenor")),
        calendar,
        QuantLib.ModifiedFollowing,
        QuantLib.ModifiedFollowing,
        QuantLib.DateGeneration.Forward,
        False,
    )
    rolls = [day.to_date() for day in ends]
    later = [calendar.advance(day, 2, QuantLib.Days).to_date() for day in ends]
    return [
        Coupon(
            currency=_text(leg, "Currency"),
            index=_text(leg, "FloatingLegData/Index"),
            start=rolls[i],
            end=rolls[i + 1],
            notional=_notional(leg),
            index_start=later[i],
            index_end=later[i + 1],
        )
        for i in range(len(rolls) - 1)
        if rolls[i + 1] > TODAY
    ]


def _notional(leg: ElementTree.Element) -> float:
    side = -1.0 if _text(leg, "Payer") == "true" else 1.0
    return side * float(_text(leg, "Notionals/Notional"))


def _text(element: ElementTree.Element, path: str) -> str:
    found = element.findtext(path)
    assert found is not None, path
    return found


PORTFOLIO = ElementTree.parse(TRUTH / "ore" / "portfolio.xml")
LEGS = PORTFOLIO.findall(".//LegData")
COUPONS = [coupon for leg in LEGS for coupon in coupons(leg)]


def positions() -> list[Position]:
    """The cross-currency swap, coupon by coupon, and the forward."""
    held: list[tuple[float, Instrument]] = [_forward()]
    for leg in LEGS:
        own = coupons(leg)
        face = ZeroCouponBond(currency=own[-1].currency, maturity=own[-1].end)
        held.append((_notional(leg), face))
        held += [part for coupon in own for part in _alone(coupon)]
    return [
        Position(position_id=str(i), book="PF1", quantity=quantity, instrument=instrument)
        for i, (quantity, instrument) in enumerate(held)
    ]


def _alone(coupon: Coupon) -> list[tuple[float, Instrument]]:
    """A note of one coupon, less its face value."""
    note = FloatingRateNote(
        currency=coupon.currency,
        index=coupon.index,
        start=coupon.start,
        maturity=coupon.end,
        float_frequency_months=12,
        float_day_count="act/360",
    )
    face = ZeroCouponBond(currency=coupon.currency, maturity=coupon.end)
    return [(coupon.weight, note), (-coupon.weight, face)]


def _forward() -> tuple[float, Instrument]:
    trade = PORTFOLIO.find(".//FxForwardData")
    assert trade is not None
    bought, sold = (float(_text(trade, f"{side}Amount")) for side in ("Bought", "Sold"))
    forward = FxForward(
        currency=_text(trade, "SoldCurrency"),
        underlying=_text(trade, "BoughtCurrency") + _text(trade, "SoldCurrency"),
        strike=sold / bought,
        expiry=date.fromisoformat(_text(trade, "ValueDate")),
    )
    return bought, forward


def discount(state: State, curve: str, days: int) -> FloatArray:
    """Discount factors of ORE's *curve*, log-linear between its nodes."""
    right = next(i for i, node in enumerate(NODES) if node >= days)
    share = (days - NODES[right - 1]) / (NODES[right] - NODES[right - 1])
    far = np.log(state[f"{CURVES[curve]}/{right - 1}"])
    near = np.log(state[f"{CURVES[curve]}/{right - 2}"]) if right > 1 else np.zeros_like(far)
    return np.asarray(np.exp((1.0 - share) * near + share * far))


def levels(state: State) -> dict[str, FloatArray]:
    """Riskmill's factors, each of shape (scenarios,)."""
    nodes = {(curve, days): days for curve in ("EUR", "USD") for days in NODES[1:]}
    for coupon in COUPONS:
        if not coupon.is_set:
            nodes[coupon.index, days_to(coupon.start)] = days_to(coupon.index_start)
            nodes[coupon.index, days_to(coupon.end)] = days_to(coupon.index_end)
    found = {
        f"IR:{curve}:{at}D": -np.log(discount(state, curve, read)) * 365.0 / at
        for (curve, at), read in nodes.items()
    }
    carry = discount(state, "USD", DELIVERY) / discount(state, "EUR", DELIVERY)
    return found | {EXCHANGE_RATE: carry / state[SPOT]}


def market(state: State) -> MarketData:
    """The snapshot that *state*, of one scenario, is, with the fixings of running coupons."""
    quotes = {factor: float(level[0]) for factor, level in levels(state).items()}
    return MarketData(
        snapshot=MarketSnapshot(valuation_date=TODAY, quotes=quotes),
        history=FactorHistory(dates=(), factors=(), values=np.empty((0, 0))),
        fixings=FIXINGS,
    )


FIXINGS = tuple(
    Fixing(
        index=row["index"],
        date=date.fromisoformat(row["date"]),
        value=float(row["value"]),
        source="ORE",
    )
    for row in rows("fixings.csv")
)
"""Those of the two coupons that run today."""


def _history() -> tuple[dict[date, int], State]:
    lines = gzip.decompress((TRUTH / "ore_var" / "scenarios.csv.gz").read_bytes()).decode()
    days = list(csv.DictReader(lines.splitlines()))
    dates = [date(*map(int, day["Date"].split("/")[::-1])) for day in days]
    values = {key: np.array([float(day[key]) for day in days]) for key in days[0] if "/" in key}
    return {day: number for number, day in enumerate(dates)}, values


PLACES, HISTORY = _history()


QUOTED_AS = {"EUR": "EUR-EONIA", "USD": "USD-IN-EUR"}
"""What discounts: collateral earns euros overnight."""


@cache
def base() -> State:
    """Today, from the quotes of ORE's market file: what its scenarios shift."""
    made, found = curves(), {SPOT: np.array([1.0 / QUOTES["FX/RATE/EUR/USD"]])}
    for name, key in CURVES.items():
        curve = made[QUOTED_AS.get(name, name)]
        for i, days in enumerate(NODES[1:]):
            found[f"{key}/{i}"] = np.array([curve(TODAY + timedelta(days=days))])
    return found


def scenarios(today: State, windows: list[tuple[date, date]], moving: str) -> ScenarioSet:
    """
    What each key did from one day to another, relative, done to *today*.

    *moving* is ORE's word for the keys that move: `All`, `InterestRate` or `FX`.
    """
    before, after = ([PLACES[window[side]] for window in windows] for side in (0, 1))
    moved = {
        key: today[key] * (values[after] / values[before])
        if moving == "All" or (moving == "FX") == (key == SPOT)
        else np.repeat(today[key], len(windows))
        for key, values in HISTORY.items()
    }
    start = levels(today)
    shifts = {factor: level - start[factor] for factor, level in levels(moved).items()}
    return given_scenarios(
        market(today),
        shifts,
        kinds={"IR": "absolute", "FX": "absolute"},
        labels=[f"{first} to {last}" for first, last in windows],
    )

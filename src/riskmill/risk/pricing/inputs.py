"""
What pricers read from the market, stated before anything is calculated.

An input names the risk factors it is made of, so that a gap is found before compute is
spent, and makes one row: its value under every scenario. Equal inputs are one row,
however many positions read them: a discount factor is computed once per unique date.
"""

from datetime import date
from typing import NamedTuple, Protocol

import numpy as np

from riskmill.domain import Dividend, FloatArray, RiskClass
from riskmill.risk.pricing.curves import DAYS_A_YEAR, Curve
from riskmill.risk.pricing.faults import ValuationError
from riskmill.risk.pricing.formulas.forwards import forward_price
from riskmill.risk.pricing.maths import exp
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.smiles import Smile


class Frame(Protocol):
    """Levels of every factor along one axis, seen from one date."""

    @property
    def as_of(self) -> date:
        """Date from which times to cash flows and expiries count."""

    @property
    def quotes(self) -> Quotes:
        """The snapshot whose factors these are."""

    @property
    def width(self) -> int:
        """Entries of the axis."""

    def level(self, factor: str) -> FloatArray:
        """Level of one quoted factor, shape (width,)."""

    def exp(self, powers: FloatArray) -> FloatArray:
        """E to each of *powers*, shape (width,)."""


REACH = 1.01
"""A curve reaches a hundredth beyond its last tenor: leap days, and a month or two at its end."""
SOME_DAYS = 10.0
"""Adjustment and payment lag may put a date so long after the tenor that it belongs to."""
LAST_MOMENT = 1e-26
"""Years that stand for none where something is divided by them: no deviation is left in them."""


class Input(Protocol):
    """One quantity that a pricer reads from the market; hashable, equal by value."""

    def factors(self, quotes: Quotes) -> tuple[str, ...]:
        """Ids of the factors it is made of, quoted or not."""

    def row(self, frame: Frame) -> FloatArray:
        """Its value along the frame's axis, shape (width,); its factors are quoted."""


class Level(NamedTuple):
    """The level of one factor: a spot, a yield."""

    factor: str

    def factors(self, quotes: Quotes) -> tuple[str, ...]:
        """Itself."""
        return (self.factor,)

    def row(self, frame: Frame) -> FloatArray:
        """Its level."""
        return frame.level(self.factor)


class One(NamedTuple):
    """A constant, for amounts that no factor moves."""

    def factors(self, quotes: Quotes) -> tuple[str, ...]:
        """None."""
        return ()

    def row(self, frame: Frame) -> FloatArray:
        """One in every scenario."""
        return np.ones(frame.width)


def volatility(
    quotes: Quotes, surface: str, expiry: date, strike: float, spot: str
) -> "Level | SmileVolatility | One":
    """
    Implied volatility of a contract: its strike's quote, else its expiry's, else between quotes.

    On the day of its expiry nothing depends on it, and where nothing is quoted any number will do.

    *spot* is the factor with which the smile moves, if the spec says that it does.
    """
    moves = quotes.spec.volatility_dynamics == "sticky-moneyness"
    quoted = quotes.volatilities
    own = quoted.get((surface, expiry, strike)) or quoted.get((surface, expiry, None))
    if own and not moves:
        return Level(own)
    smiles = quotes.smiles_around(surface, expiry, strike)
    if not smiles and expiry == quotes.valuation_date:
        return One()
    names = smiles[0].nodes(strike) if len(smiles) == 1 else ()
    if len(names) == 1 and (not moves or len(smiles[0].strikes) < 2 or names[0] == smiles[0].flat):
        return Level(names[0])
    return SmileVolatility(surface, expiry, strike, spot if moves else "")


class SmileVolatility(NamedTuple):
    """
    Volatility between quotes: by strike, and by expiry where its own is not quoted.

    With a *spot*, the smile is read at the strike that stands to the spot of the snapshot as
    the contract's does to that of the scenario; beyond its last strikes it is flat.
    """

    surface: str
    expiry: date
    strike: float
    spot: str

    def factors(self, quotes: Quotes) -> tuple[str, ...]:
        """Those of the smiles around it; where there is none, what should be quoted."""
        smiles = quotes.smiles_around(self.surface, self.expiry, self.strike)
        if not smiles:
            return (f"{RiskClass.VOLATILITY}:{self.surface}:{self.expiry}:{self.strike:.15g}",)
        names = [
            name
            for smile in smiles
            for name in (smile.factors if self.spot else smile.nodes(self.strike))
        ]
        flat = [smile.flat for smile in smiles if self.spot and smile.flat]
        return tuple(dict.fromkeys([*names, *flat, *([self.spot] if self.spot else [])]))

    def row(self, frame: Frame) -> FloatArray:
        """Root of the variance between the smiles around it."""
        quotes = frame.quotes
        strike: float | FloatArray = self.strike
        if self.spot:
            strike = self.strike * (quotes.levels[self.spot] / frame.level(self.spot))
        smiles = quotes.smiles_around(self.surface, self.expiry, self.strike)
        variances = [self._variance(smile, frame, strike) for smile in smiles]
        if len(smiles) == 1:
            return np.sqrt(variances[0])
        start, end = (_days(frame.as_of, smile.expiry) for smile in smiles)
        time = _days(frame.as_of, self.expiry)
        share = (time - start) / (end - start)
        total = (1.0 - share) * start * variances[0] + share * end * variances[1]
        return np.sqrt(total / time)

    def _variance(self, smile: Smile, frame: Frame, strike: float | FloatArray) -> FloatArray:
        if self.spot and smile.flat in smile.nodes(self.strike):
            return frame.level(smile.flat) ** 2
        names = smile.factors if len(smile.nodes(self.strike)) > 1 or self.spot else ()
        names = names or smile.nodes(self.strike)
        return smile.variance({name: frame.level(name) for name in names}, strike)


class ZeroRate(NamedTuple):
    """Continuous act/365 zero rate of a curve to a date."""

    curve: str
    date: date

    def factors(self, quotes: Quotes) -> tuple[str, ...]:
        """The one or two nodes that the rate lies on or between, on either day of theta."""
        curve = quotes.curve(self.curve)
        if curve is None:
            return (f"IR:{self.curve}:*",)
        return nodes(curve, quotes.valuation_date, self.date)

    def row(self, frame: Frame) -> FloatArray:
        """Weighted sum of its nodes' rates."""
        return rate(frame.quotes.curves[self.curve], frame, self.date)


class DividendYield(NamedTuple):
    """Dividend or convenience yield of an underlying to a date: one level, or a curve."""

    underlying: str
    date: date

    def factors(self, quotes: Quotes) -> tuple[str, ...]:
        """Its only level, or the nodes that it lies on or between."""
        curve = quotes.yields.get(self.underlying)
        if curve is None:
            return (f"YIELD:{self.underlying}",)
        return nodes(curve, quotes.valuation_date, self.date)

    def row(self, frame: Frame) -> FloatArray:
        """The level, or the weighted sum of its nodes."""
        curve = frame.quotes.yields.get(self.underlying)
        if curve is None:
            return frame.level(f"YIELD:{self.underlying}")
        return rate(curve, frame, self.date)


class SettledRate(NamedTuple):
    """
    Rate that discounts over the time to an expiry what is paid on a later day.

    With t to the expiry and u to the payment it is r(u) u / t, so that exp(-rate t) = exp(-r(u) u).
    """

    curve: str
    expiry: date
    paid: date

    def factors(self, quotes: Quotes) -> tuple[str, ...]:
        """Those of the zero rate to the payment."""
        return ZeroRate(self.curve, self.paid).factors(quotes)

    def row(self, frame: Frame) -> FloatArray:
        """As above; what is left of the time to expiry is at least `LAST_MOMENT`."""
        left = max(_years(frame.as_of, self.expiry), LAST_MOMENT)
        share = _years(frame.as_of, self.paid) / left
        return share * ZeroRate(self.curve, self.paid).row(frame)


class SettledYield(NamedTuple):
    """Yield that leaves the forward of an expiry as it is beside a `SettledRate`."""

    underlying: str
    curve: str
    expiry: date
    paid: date

    def factors(self, quotes: Quotes) -> tuple[str, ...]:
        """Those of the yield, and of the rates to expiry and payment."""
        return (
            *DividendYield(self.underlying, self.expiry).factors(quotes),
            *ZeroRate(self.curve, self.expiry).factors(quotes),
            *ZeroRate(self.curve, self.paid).factors(quotes),
        )

    def row(self, frame: Frame) -> FloatArray:
        """The yield, and what the settled rate has above the rate to expiry."""
        more = SettledRate(self.curve, self.expiry, self.paid).row(frame) - ZeroRate(
            self.curve, self.expiry
        ).row(frame)
        return DividendYield(self.underlying, self.expiry).row(frame) + more


class DiscountFactor(NamedTuple):
    """
    Value at the frame's date of one unit paid on a date.

    What was paid the day before has earned a day's interest, which is how a swap that
    resets on the valuation date carries its notional to the next day.
    """

    curve: str
    date: date

    def factors(self, quotes: Quotes) -> tuple[str, ...]:
        """Those of the zero rate."""
        return ZeroRate(self.curve, self.date).factors(quotes)

    def row(self, frame: Frame) -> FloatArray:
        """exp(-r t)."""
        years = (self.date - frame.as_of).days / DAYS_A_YEAR
        return frame.exp(-years * ZeroRate(self.curve, self.date).row(frame))


class DiscountedForward(NamedTuple):
    """Value today of the interest that a forward curve gives for a period, paid on a date."""

    forward: str
    start: date
    end: date
    discount: str
    pays: date

    def factors(self, quotes: Quotes) -> tuple[str, ...]:
        """Rates of the forward curve at either end, and of the discount curve."""
        return (
            *ZeroRate(self.forward, self.start).factors(quotes),
            *ZeroRate(self.forward, self.end).factors(quotes),
            *ZeroRate(self.discount, self.pays).factors(quotes),
        )

    def row(self, frame: Frame) -> FloatArray:
        """P(start) / P(end) - 1, discounted."""
        growth = DiscountFactor(self.forward, self.start).row(frame) / DiscountFactor(
            self.forward, self.end
        ).row(frame)
        return (growth - 1.0) * DiscountFactor(self.discount, self.pays).row(frame)


class DiscountedSpot(NamedTuple):
    """Value today, in a pair's second currency, of one unit of its first paid on a date."""

    pair: str
    date: date

    def factors(self, quotes: Quotes) -> tuple[str, ...]:
        """The pair and the first currency's rates."""
        return (f"FX:{self.pair}", *ZeroRate(self.pair[:3], self.date).factors(quotes))

    def row(self, frame: Frame) -> FloatArray:
        """Spot times the first currency's discount factor."""
        discount = DiscountFactor(self.pair[:3], self.date).row(frame)
        return frame.level(f"FX:{self.pair}") * discount


def cash_dividends(
    quotes: Quotes, underlying: str, currency: str, last: date
) -> tuple[Dividend, ...]:
    """
    Dividends of an underlying that go ex until a date, the last one included.

    Raises `ValuationError` (E435) for one in another *currency*.
    """
    found = tuple(one for one in quotes.dividends.get(underlying, ()) if one.ex_date <= last)
    for one in found:
        if one.currency != currency:
            raise ValuationError(
                "E435",
                f"the dividend of {underlying} on {one.ex_date} is in {one.currency}",
                datum=one.currency,
                remedy=f"Deliver it in {currency}, the currency of the contract.",
            )
    return found


class EscrowedSpot(NamedTuple):
    """Spot of a share less the value today of the cash dividends that go ex until a date."""

    underlying: str
    currency: str
    date: date

    def factors(self, quotes: Quotes) -> tuple[str, ...]:
        """Spot, and what discounts the dividends."""
        cash = cash_dividends(quotes, self.underlying, self.currency, self.date)
        return (
            f"{RiskClass.EQUITY}:{self.underlying}",
            *(
                factor
                for one in cash
                for wanted in (
                    ZeroRate(self.currency, one.ex_date),
                    DividendYield(self.underlying, one.ex_date),
                )
                for factor in wanted.factors(quotes)
            ),
        )

    def row(self, frame: Frame) -> FloatArray:
        """The spot itself where there are none; zero where they are worth more than the share."""
        spot = frame.level(f"{RiskClass.EQUITY}:{self.underlying}")
        for one in cash_dividends(frame.quotes, self.underlying, self.currency, self.date):
            carry = ZeroRate(self.currency, one.ex_date).row(frame) - DividendYield(
                self.underlying, one.ex_date
            ).row(frame)
            spot = spot - one.amount * exp(-carry * _years(frame.as_of, one.ex_date))
        return np.maximum(spot, 0.0)


class ForwardPrice(NamedTuple):
    """Forward price of an equity, index or commodity: the fair price of its future."""

    risk_class: str
    underlying: str
    curve: str
    date: date

    def factors(self, quotes: Quotes) -> tuple[str, ...]:
        """Spot, yield and rates."""
        return (
            *self._spot().factors(quotes),
            *DividendYield(self.underlying, self.date).factors(quotes),
            *ZeroRate(self.curve, self.date).factors(quotes),
        )

    def row(self, frame: Frame) -> FloatArray:
        """Spot grown at the rate less the yield."""
        price: FloatArray = forward_price(
            spot=self._spot().row(frame),
            rate=ZeroRate(self.curve, self.date).row(frame),
            dividend_yield=DividendYield(self.underlying, self.date).row(frame),
            years=_years(frame.as_of, self.date),
        )
        return price

    def _spot(self) -> Level | EscrowedSpot:
        """A commodity pays no dividends."""
        if self.risk_class == RiskClass.EQUITY:
            return EscrowedSpot(self.underlying, self.curve, self.date)
        return Level(f"{self.risk_class}:{self.underlying}")


class Conversion(NamedTuple):
    """Units of the target currency for one of the source."""

    source: str
    target: str

    def factors(self, quotes: Quotes) -> tuple[str, ...]:
        """The pairs on the way."""
        return tuple(pair for pair, _ in quotes.conversion(self.source, self.target))

    def row(self, frame: Frame) -> FloatArray:
        """Product of the pairs, each the right way up."""
        row = One().row(frame)
        for pair, inverted in frame.quotes.conversion(self.source, self.target):
            row = row / frame.level(pair) if inverted else row * frame.level(pair)
        return row


def nodes(curve: Curve, today: date, day: date) -> tuple[str, ...]:
    """
    Factors of the nodes that make the rate to *day*, seen today or tomorrow.

    Raises `ValuationError` (E410) for a day after a curve that is not to be extended. Its last
    tenor is taken by the calendar and to a business day, so it reaches some days further. A
    curve of one node is flat and has no end.
    """
    days = _days(today, day)
    end = curve.days[-1] * REACH + SOME_DAYS
    if days > end and len(curve.days) > 1 and not curve.extended:
        raise ValuationError(
            "E410",
            f"the curve {curve.name} ends {curve.days[-1]:.0f} days from {today}, before {day}",
            datum=curve.factors[-1],
            remedy='Deliver a longer tenor, or choose beyond_curve = "extend".',
        )
    both = (*curve.nodes(days), *curve.nodes(max(days - 1.0, 0.0)))
    return tuple(dict.fromkeys(both))


def rate(curve: Curve, frame: Frame, day: date) -> FloatArray:
    """Rate to *day* along the frame's axis."""
    return curve.rate(frame.level, _days(frame.as_of, day))


def _days(start: date, end: date) -> float:
    return float(max((end - start).days, 0))


def _years(start: date, end: date) -> float:
    return _days(start, end) / DAYS_A_YEAR

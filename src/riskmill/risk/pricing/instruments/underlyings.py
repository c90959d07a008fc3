"""What options read of their underlying, by its class: equity, commodity or currency pair."""

from datetime import date
from typing import Protocol

from riskmill.domain import UNDERLYING_CLASSES
from riskmill.risk.pricing.faults import ValuationError
from riskmill.risk.pricing.inputs import (
    DividendYield,
    EscrowedSpot,
    Input,
    Level,
    SettledRate,
    SettledYield,
    ZeroRate,
    cash_dividends,
    volatility,
)
from riskmill.risk.pricing.pricers import OptionInputs
from riskmill.risk.pricing.quotes import Quotes
from riskmill.risk.pricing.terms import one_of, second_currency


class OnUnderlying(Protocol):
    """An option on an underlying of any class."""

    @property
    def currency(self) -> str:
        """In which it is valued."""

    @property
    def underlying(self) -> str:
        """Equity, index, commodity or pair."""

    @property
    def underlying_class(self) -> str:
        """One of `UNDERLYING_CLASSES`."""

    @property
    def expiry(self) -> date:
        """Last day of the option."""


def inputs_at(
    option: OnUnderlying, level: float, quotes: Quotes, paid: date | None = None
) -> OptionInputs:
    """
    Spot, volatility at the strike *level*, rate and yield to the expiry.

    The yield of a pair is the rate of its first currency. What is *paid* on a later day than the
    expiry is discounted from there; a pair's currencies are both delivered then, so that its
    forward is that day's.
    Raises `ValuationError` (E407) for an unknown class, or a currency that is not the pair's.
    """
    of = one_of("underlying_class", option.underlying_class, UNDERLYING_CLASSES)
    paired = of == "FX"
    currency = second_currency(option) if paired else option.currency
    rate, yield_ = (
        _settled(option, currency, paid, paired=paired)
        if paid is not None and paid > option.expiry
        else _at_expiry(option, currency, paired=paired)
    )
    return OptionInputs(
        share_spot(option, quotes) if of == "EQ" else Level(f"{of}:{option.underlying}"),
        volatility(quotes, option.underlying, option.expiry, level, f"{of}:{option.underlying}"),
        rate,
        yield_,
    )


def _at_expiry(option: OnUnderlying, currency: str, *, paired: bool) -> tuple[Input, Input]:
    rate = ZeroRate(currency, option.expiry)
    if paired:
        return rate, ZeroRate(option.underlying[:3], option.expiry)
    return rate, DividendYield(option.underlying, option.expiry)


def _settled(
    option: OnUnderlying, currency: str, paid: date, *, paired: bool
) -> tuple[Input, Input]:
    rate = SettledRate(currency, option.expiry, paid)
    if paired:
        return rate, SettledRate(option.underlying[:3], option.expiry, paid)
    return rate, SettledYield(option.underlying, currency, option.expiry, paid)


def share_spot(option: OnUnderlying, quotes: Quotes) -> Level | EscrowedSpot:
    """Spot of a share, without the cash dividends that go ex until the expiry."""
    cash = cash_dividends(quotes, option.underlying, option.currency, option.expiry)
    if cash:
        return EscrowedSpot(option.underlying, option.currency, option.expiry)
    return Level(f"EQ:{option.underlying}")


def inputs_on_the_way(option: OnUnderlying, level: float, quotes: Quotes) -> OptionInputs:
    """
    `inputs_at` for an option whose value depends on the spot before expiry.

    Raises `ValuationError` (E436) where the underlying pays cash dividends until then.
    """
    found = inputs_at(option, level, quotes)
    if isinstance(found.spot, EscrowedSpot):
        raise ValuationError(
            "E436",
            f"{option.underlying} pays cash dividends before {option.expiry}",
            datum=option.underlying,
            remedy="State the dividends of this underlying as a yield.",
        )
    return found


def delta_key(option: OnUnderlying) -> str | None:
    """Key of delta and gamma; pairs have their own figures."""
    return None if option.underlying_class == "FX" else str(option.underlying)

"""
The trade types that riskmill prices, each turned into the cells of one position.

A reader takes everything it understands from the trade; what it leaves is refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal

from riskmill.ingestion.foreign.ore.legs import Leg, read_leg, refuse_exchanges
from riskmill.ingestion.foreign.ore.reading import Section
from riskmill.ingestion.foreign.ore.schedules import Fixings, running_fixing

Cells = Mapping[str, str]
"""Column and text of a position, without its id and book."""
_EXACT = Context(prec=60)
_SIDES: Mapping[str, str] = {"long": "", "short": "-"}
_TYPES: Mapping[str, str] = {"call": "call", "put": "put"}
_OTHER_TYPE = {"call": "put", "put": "call", "": ""}
_LETTERS = ":"
"""Letters of an ORE name that no risk factor id may have; a point stands for them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """What a trade is read against."""

    business_date: date
    pairs: frozenset[str] = frozenset()
    """Currency pairs that are quoted; a trade in the other direction is turned round."""
    fixings: Fixings = field(default_factory=dict)


Reader = Callable[[Section, Setting], Cells]


def underlying_name(name: str) -> str:
    """Name of an equity as it stands in a risk factor id."""
    return name.replace(_LETTERS, ".")


def fx_forward(trade: Section, setting: Setting) -> Cells:
    """Bought against sold amount on the value date."""
    data = trade.part("FxForwardData")
    data.pass_over("Settlement")
    deal = _Exchange.of(data)
    expiry = data.day("ValueDate")
    if deal.is_turned(setting.pairs):
        return {
            "instrument": "fx_forward",
            **deal.turned().cells("-"),
            "expiry": expiry.isoformat(),
        }
    return {"instrument": "fx_forward", **deal.cells(""), "expiry": expiry.isoformat()}


def fx_option(trade: Section, setting: Setting) -> Cells:
    """Right to exchange both amounts: a call buys the bought currency, a put sells it."""
    data = trade.part("FxOptionData")
    option = _option(data.part("OptionData"), setting, {"european": "fx_option"})
    deal = _Exchange.of(data)
    cells = {"instrument": option.instrument, "expiry": option.expiry.isoformat()}
    if deal.is_turned(setting.pairs):
        other = _OTHER_TYPE[option.option_type]
        return {**cells, **deal.turned().cells(option.sign), "option_type": other}
    return {**cells, **deal.cells(option.sign), "option_type": option.option_type}


def equity_option(trade: Section, setting: Setting) -> Cells:
    """Option on a number of shares or index units, European or American."""
    data = trade.part("EquityOptionData")
    styles = {"european": "european_option", "american": "american_option"}
    option = _option(data.part("OptionData"), setting, styles)
    currency, quantity = data.text("Currency"), data.amount("Quantity")
    strike = _strike(data, currency)
    return {
        "instrument": option.instrument,
        "quantity": option.sign + _text(quantity),
        "currency": currency,
        "notional": _text(_EXACT.multiply(quantity, strike)),
        "underlying": _equity(data, currency),
        "option_type": option.option_type,
        "strike": _text(strike),
        "expiry": option.expiry.isoformat(),
    }


def equity_position(trade: Section, setting: Setting) -> Cells:
    """A number of shares of one equity; it has no notional, so none is stated."""
    data = trade.part("EquityPositionData")
    underlyings = data.parts("Underlying")
    if len(underlyings) > 1:
        data.refuse("Underlying", "a basket of equities")
    share = data.part("Underlying")
    if share.number("Weight", "1") != 1:
        share.refuse("Weight", "a weight other than 1")
    share.pass_over("Type", "IdentifierType", "Exchange")
    quantity = data.number("Quantity")
    return {
        "instrument": "equity",
        "quantity": _text(quantity),
        "currency": share.text("Currency"),
        "notional": "0",
        "underlying": underlying_name(share.text("Name")),
    }


def bond(trade: Section, setting: Setting) -> Cells:
    """One fixed leg that is repaid at its end; valued without the issuer's credit."""
    data = trade.part("BondData")
    legs = data.parts("LegData")
    if len(legs) > 1:
        data.refuse("LegData", "several legs")
    section = data.part("LegData")
    leg = read_leg(section)
    section.parts("Notionals")[0].pass_over("Exchanges")
    if leg.kind == "floating":
        section.refuse("LegType", "a floating coupon", "Floating")
    for tag, says in (
        ("CreditCurveId", "it is valued on its currency's curve without the issuer's credit"),
        ("SettlementDays", "it is valued for the valuation date, not for settlement after it"),
    ):
        if value := data.optional(tag):
            trade.trade.warn(says, data.place(tag), value)
    data.pass_over("IssuerId", "SecurityId", "ReferenceCurveId", "IncomeCurveId", "Calendar")
    data.pass_over("IssueDate", "VolatilityCurveId")
    face = _EXACT.multiply(leg.notional, data.number("BondNotional", "1"))
    return {
        "instrument": "fixed_rate_bond",
        "quantity": ("-" if leg.pays else "") + _text(face),
        "currency": leg.currency,
        "notional": _text(abs(face)),
        **_fixed(leg),
    }


def swap(trade: Section, setting: Setting) -> Cells:
    """A fixed against a floating leg of one currency, notional and term."""
    data = trade.part("SwapData")
    data.pass_over("Settlement")
    sections = data.parts("LegData")
    legs = [read_leg(section) for section in sections]
    if len({leg.currency for leg in legs}) > 1:
        data.refuse("LegData", "legs in several currencies")
    for section in sections:
        refuse_exchanges(section)
    if sorted(leg.kind for leg in legs) != ["fixed", "floating"]:
        kinds = ", ".join(leg.kind or "another" for leg in legs) or "none"
        data.refuse("LegData", f"legs other than one fixed and one floating ({kinds})")
        return {}
    fixed, floating = sorted(legs, key=lambda leg: leg.kind)
    for differs, what in (
        (fixed.notional != floating.notional, "legs with different notionals"),
        (fixed.pays == floating.pays, "two legs in the same direction"),
        (
            (fixed.start, fixed.maturity) != (floating.start, floating.maturity),
            "legs over different terms",
        ),
    ):
        if differs:
            data.refuse("LegData", what)
    return {
        "instrument": "interest_rate_swap",
        "quantity": ("-" if fixed.pays else "") + _text(fixed.notional),
        "currency": fixed.currency,
        "notional": _text(fixed.notional),
        **_fixed(fixed),
        "float_frequency_months": floating.months,
        "float_day_count": floating.day_count,
        "current_fixing": running_fixing(
            setting.fixings,
            floating.index,
            floating.fixing_days,
            start=floating.start,
            maturity=floating.maturity,
            months=int(floating.months),
            today=setting.business_date,
        ),
    }


TRADES: Mapping[str, Reader] = {
    "Swap": swap,
    "FxForward": fx_forward,
    "FxOption": fx_option,
    "EquityOption": equity_option,
    "EquityPosition": equity_position,
    "Bond": bond,
}
"""Trade types that are read, and their readers; every other one is rejected by its name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Exchange:
    """Two amounts that change hands."""

    bought: str
    bought_amount: Decimal
    sold: str
    sold_amount: Decimal

    @classmethod
    def of(cls, data: Section) -> "_Exchange":
        deal = cls(
            bought=data.text("BoughtCurrency"),
            bought_amount=data.amount("BoughtAmount"),
            sold=data.text("SoldCurrency"),
            sold_amount=data.amount("SoldAmount"),
        )
        if 0 in (deal.bought_amount, deal.sold_amount):
            data.refuse("BoughtAmount", "an amount of zero")
        return deal

    def is_turned(self, pairs: frozenset[str]) -> bool:
        """Whether the market quotes the pair the other way round only."""
        return self.bought + self.sold not in pairs and self.sold + self.bought in pairs

    def turned(self) -> "_Exchange":
        """The same amounts seen from the other currency."""
        return _Exchange(
            bought=self.sold,
            bought_amount=self.sold_amount,
            sold=self.bought,
            sold_amount=self.bought_amount,
        )

    def cells(self, sign: str) -> Cells:
        """Amount of the first currency, and the second's for one of it."""
        first = self.bought_amount or Decimal(1)
        return {
            "quantity": sign + _text(self.bought_amount),
            "currency": self.sold,
            "notional": _text(self.sold_amount),
            "underlying": self.bought + self.sold,
            "strike": repr(float(self.sold_amount) / float(first)),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class _Option:
    instrument: str
    sign: str
    """Minus for a short position."""
    option_type: str
    expiry: date


def _option(data: Section, setting: Setting, styles: Mapping[str, str]) -> _Option:
    """Side, type, style and the one exercise date of an option whose premium is paid."""
    if data.optional("Style").lower() == "american":
        data.must_not(("PayOffAtExpiry",), "a payoff at expiry after early exercise")
    data.pass_over("Settlement", "PayOffAtExpiry", "SettlementMethod")
    option = _Option(
        sign=data.choice("LongShort", _SIDES, "the side"),
        option_type=data.choice("OptionType", _TYPES, "the option type"),
        instrument=data.choice("Style", styles, "the exercise style"),
        expiry=data.part("ExerciseDates").day("ExerciseDate"),
    )
    premiums = [premium for part in data.parts("Premiums") for premium in part.parts("Premium")]
    for premium in premiums:
        premium.pass_over("Currency")
        if premium.amount("Amount") != 0 and premium.day("PayDate") > setting.business_date:
            premium.refuse("PayDate", "a premium that is still to be paid")
    return option


def _equity(data: Section, currency: str) -> str:
    """Name of the one equity, in its old or its new form."""
    if name := data.optional("Name"):
        return underlying_name(name)
    share = data.part("Underlying")
    share.pass_over("Type", "IdentifierType", "Exchange")
    if (other := share.optional("Currency")) not in ("", currency):
        share.refuse("Currency", "an equity in another currency", other)
    return underlying_name(share.text("Name"))


def _strike(data: Section, currency: str) -> Decimal:
    """The strike, in its old or its new form."""
    nested = [price for part in data.parts("StrikeData") for price in part.parts("StrikePrice")]
    for section, tag in ((data, "StrikeCurrency"), *((price, "Currency") for price in nested)):
        if (other := section.optional(tag)) not in ("", currency):
            section.refuse(tag, "a strike in another currency", other)
    return nested[0].amount("Value") if nested else data.amount("Strike")


def _fixed(leg: Leg) -> Cells:
    return {
        "rate": _text(leg.rate),
        "start": leg.start.isoformat(),
        "maturity": leg.maturity.isoformat(),
        "fixed_frequency_months": leg.months,
        "fixed_day_count": leg.day_count,
    }


def _text(amount: Decimal) -> str:
    """All digits of a number and no zeros behind them."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

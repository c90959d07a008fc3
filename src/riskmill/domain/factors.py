"""
Risk factors: named scalars that drive value.

A factor id is text, `CLASS:name[:coordinate[:coordinate]]`:

    EQ:AAPL                     spot of an equity or equity index, in its currency
    CO:WTI                      spot of a commodity, in its currency
    FX:EURUSD                   units of the second currency for one of the first
    IR:USD:10Y                  zero rate of curve USD, continuous, act/365
    VOL:SPX:2019-03-15:2500     implied volatility at an expiry and strike, decimal
    VOL:EURUSD:2019-03-29:ATM   the same for every strike of that expiry
    VOL:EURUSD:2019-03-29:25DP  the same at a forward delta of 25 % of a put (DC: of a call)
    VOL:VIX                     a volatility index, decimal; history only
    YIELD:SPX                   dividend or convenience yield, continuous, act/365
    YIELD:SPX:1Y                the same to a tenor, where it has a curve
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from riskmill.domain.errors import InputRejected


class RiskClass(StrEnum):
    """Broad class of a factor; it decides the kind of shock."""

    EQUITY = "EQ"
    COMMODITY = "CO"
    FX = "FX"
    RATES = "IR"
    VOLATILITY = "VOL"
    YIELD = "YIELD"


class ShockKind(StrEnum):
    """How a shock x changes a level b: b + x, b(1 + x) or b exp(x)."""

    ABSOLUTE = "absolute"
    RELATIVE = "relative"
    LOG = "log"


@dataclass(frozen=True, kw_only=True, slots=True)
class Factor:
    """A parsed factor id."""

    id: str
    risk_class: RiskClass
    name: str
    """Equity, commodity, currency pair, curve or surface."""
    tenor: str = ""
    """Tenor of a rate, or of a yield that has a curve, such as `3M` or `10Y`."""
    expiry: date | None = None
    """Expiry of a volatility."""
    strike: float | None = None
    """Strike of a volatility; none where it holds for every strike, or is at a delta."""
    delta: float | None = None
    """Forward delta of a volatility, positive for a call; none where it is at a strike."""


_NAME = r"[A-Za-z0-9._\-]+"
_GRAMMAR = {
    RiskClass.EQUITY: re.compile(rf"({_NAME})"),
    RiskClass.COMMODITY: re.compile(rf"({_NAME})"),
    RiskClass.FX: re.compile(r"([A-Z]{6})"),
    RiskClass.RATES: re.compile(rf"({_NAME}):(\d+[DWMY])"),
    RiskClass.VOLATILITY: re.compile(
        rf"({_NAME})(?::(\d{{4}}-\d{{2}}-\d{{2}}):(ATM|\d+(?:\.\d+)?(?:D[CP])?))?"
    ),
    RiskClass.YIELD: re.compile(rf"({_NAME})(?::(\d+[DWMY]))?"),
}
_DAYS_IN = {"D": 1.0, "W": 7.0, "M": 365.0 / 12.0, "Y": 365.0}


@lru_cache(maxsize=16_384)
def parse_factor(factor_id: str) -> Factor:
    """
    Take a factor id apart.

    Raises `InputRejected` (E150) when the id does not follow the grammar above.
    """
    head, _, rest = factor_id.partition(":")
    if head not in _VALUES or not (match := _GRAMMAR[RiskClass(head)].fullmatch(rest)):
        raise InputRejected(
            "E150",
            f"'{factor_id}' is not a risk factor id",
            place=factor_id,
            remedy="Write it as CLASS:name, for example EQ:AAPL, IR:USD:10Y or FX:EURUSD.",
        )
    return _factor(factor_id, RiskClass(head), match)


_VALUES = frozenset(RiskClass)


def _factor(factor_id: str, risk_class: RiskClass, match: re.Match[str]) -> Factor:
    if risk_class in (RiskClass.RATES, RiskClass.YIELD):
        return Factor(id=factor_id, risk_class=risk_class, name=match[1], tenor=match[2] or "")
    if risk_class is RiskClass.VOLATILITY and match[2]:
        try:
            expiry = date.fromisoformat(match[2])
        except ValueError as cause:
            raise InputRejected(
                "E150",
                f"'{factor_id}' has no valid expiry date",
                place=factor_id,
                remedy="Write the expiry as YYYY-MM-DD.",
            ) from cause
        strike, delta = _place(factor_id, match[3])
        return Factor(
            id=factor_id,
            risk_class=risk_class,
            name=match[1],
            expiry=expiry,
            strike=strike,
            delta=delta,
        )
    return Factor(id=factor_id, risk_class=risk_class, name=match[1])


def _place(factor_id: str, text: str) -> tuple[float | None, float | None]:
    """Strike or delta of a volatility, neither for `ATM`."""
    if text == "ATM":
        return None, None
    if text[-2:] not in ("DC", "DP"):
        return float(text), None
    percent = float(text[:-2])
    if not 0.0 < percent < 100.0:
        raise InputRejected(
            "E150",
            f"'{factor_id}' has no delta between 0 and 100 percent",
            place=factor_id,
            remedy="Write the delta in percent, such as 25DP.",
        )
    return None, percent / 100.0 if text.endswith("DC") else -percent / 100.0


def tenor_days(tenor: str) -> float:
    """
    Length of a tenor in days, a year having 365 and a month a twelfth of it.

    Curve nodes are placed by this rule, so `12M` and `1Y` are the same node.
    """
    return int(tenor[:-1]) * _DAYS_IN[tenor[-1]]

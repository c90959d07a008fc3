"""Many options on equities at once: what their rows say, without a contract for each."""

from datetime import date
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from riskmill.domain import FloatArray, Labels, PositionTable
from riskmill.risk.pricing.curves import DAYS_A_YEAR
from riskmill.risk.pricing.formulas.black_scholes import SIGN
from riskmill.risk.pricing.pricers import OptionColumns
from riskmill.risk.pricing.quotes import Quotes

Days: TypeAlias = npt.NDArray[np.int64]
EQUITY = "EQ"
FIRST_DAY = date(1970, 1, 1).toordinal()
LAST_DAY = date.max.toordinal() - FIRST_DAY
EMPTY = -1
TEXTS = frozenset({"underlying", "currency", "option_type", "underlying_class"})
NUMBERS = frozenset({"strike", "multiplier"})


def vanilla_columns(
    positions: PositionTable, start: int, stop: int, quotes: Quotes
) -> OptionColumns | None:
    """
    Strike, years and sign of European and American options on equities.

    See `OptionPricer.columns`; none of a block that holds another underlying's option
    or one of a share with cash dividends, and of a table without one of the columns.
    """
    if not (
        positions.texts.keys() >= TEXTS
        and positions.numbers.keys() >= NUMBERS
        and "expiry" in positions.dates
    ):
        return None
    rows = slice(start, stop)
    names, currencies = (positions.texts[word] for word in ("underlying", "currency"))
    expiry: Days = positions.dates["expiry"][rows].astype("datetime64[D]").astype(np.int64)
    strike = positions.numbers["strike"][rows]
    multiplier = positions.numbers["multiplier"][rows]
    sign = _signs(positions.texts["option_type"], rows)
    today = quotes.valuation_date.toordinal() - FIRST_DAY
    usable = (
        (names.codes[rows] != EMPTY)
        & (currencies.codes[rows] != EMPTY)
        & (today <= expiry)
        & (expiry <= LAST_DAY)
        & (strike > 0.0)
        & np.isfinite(strike)
        & np.isfinite(sign)
        & _on_equity(positions.texts["underlying_class"], rows)
    )
    if ((multiplier <= 0.0) | np.isinf(multiplier)).any():
        return None
    lags = positions.numbers.get("settlement_lag_days")
    if not usable.all() or (lags is not None and (lags[rows] > 0.0).any()):
        return None
    underlyings = [names.values[code] for code in names.codes[rows].tolist()]
    if not quotes.dividends.keys().isdisjoint(underlyings):
        return None
    moneys = [currencies.values[code] for code in currencies.codes[rows].tolist()]
    flat = {name: quotes.without_strikes(name) for name in set(underlyings)}
    strikes = [
        None if flat[name] else level
        for name, level in zip(underlyings, strike.tolist(), strict=True)
    ]
    return OptionColumns(
        terms=np.column_stack([strike, (expiry - today) / DAYS_A_YEAR, sign]),
        units=np.where(np.isfinite(multiplier), multiplier, 1.0),
        underlyings=list(underlyings),
        surfaces=list(underlyings),
        keys=list(zip(underlyings, moneys, expiry.tolist(), strikes, strict=True)),
    )


def _signs(sides: Labels, rows: slice) -> FloatArray:
    """+1 and -1; NaN for a side that is neither, or empty."""
    words = np.array([*(SIGN.get(word, np.nan) for word in sides.values), np.nan])
    return np.asarray(words[sides.codes[rows]])


def _on_equity(classes: Labels, rows: slice) -> npt.NDArray[np.bool_]:
    """Whether each row's underlying is an equity, which an empty cell says too."""
    words = np.array([*(word == EQUITY for word in classes.values), True])
    return np.asarray(words[classes.codes[rows]])

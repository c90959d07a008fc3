"""What layouts do not say of a column: its unit, its bounds, and a cell that is right."""

from collections.abc import Mapping
from dataclasses import dataclass

from riskmill.domain import LEVELS
from riskmill.ingestion.datasets.limits import WITH_CONFIDENCE
from riskmill.ingestion.datasets.positions import LONGEST_LAG

ONE_ROW: Mapping[str, str] = {
    "positions": "a position",
    "market": "a risk factor's value on the business date",
    "history": "a date, with a column for each risk factor",
    "proxies": "a risk factor, or several, without a history of their own",
    "scenarios": "a shock of a named stress scenario",
    "hierarchy": "a portfolio",
    "limits": "a limit on a measure of a portfolio",
    "fixings": "an index's rate as it was set on a past date",
    "dividends": "cash that a share pays on an ex-date",
    "pnl": "a portfolio's P&L of a past day",
}
"""What one row of a dataset is."""

UNITS: Mapping[str, Mapping[str, str]] = {
    "positions": {
        "quantity": "units of the instrument",
        "notional": "currency",
        "strike": "currency per underlying unit",
        "price": "currency per underlying unit",
        "multiplier": "underlying units per contract",
        "rate": "decimal a year",
        "fixed_frequency_months": "months",
        "float_frequency_months": "months",
        "current_fixing": "decimal a year",
        "spread": "decimal a year",
        "fixing_lag_days": "business days",
        "payment_lag_days": "business days",
        "settlement_lag_days": "business days",
        "ex_coupon_days": "calendar days",
        "barrier": "currency per underlying unit",
        "rebate": "currency per underlying unit",
        "payout": "currency, or underlying units",
        "fixings": "dates",
        "past_average": "currency per underlying unit",
    },
    "market": {"value": "as the column unit says", "as_of": "UTC"},
    "proxies": {"beta": "proxy's shock times beta"},
    "scenarios": {"shock": "factor's unit, or decimal"},
    "fixings": {"value": "decimal a year"},
    "dividends": {"amount": "currency per share"},
    "pnl": {"value": "currency"},
    "limits": {"amount": "currency", "confidence": "decimal", "warning": "decimal of the limit"},
}
"""Unit of each column that has one."""

EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "positions": {
        "position_id": "IXO-420116",
        "book": "SPX-FRONT",
        "instrument": "european_option",
        "quantity": "-60",
        "currency": "USD",
        "notional": "13200000.00",
        "underlying": "SPX",
        "option_type": "call",
        "strike": "2200",
        "expiry": "2019-01-18",
        "multiplier": "100",
    },
    "market": {
        "factor": "EQ:AAPL",
        "value": "157.74",
        "unit": "USD",
        "source": "official close",
        "as_of": "2018-12-31T21:00:00Z",
        "status": "observed",
    },
    "history": {"date": "2018-12-31", "EQ:AAPL": "157.74", "IR:USD:10Y": "0.0269"},
    "proxies": {
        "factor": "VOL:SPX:*",
        "proxy": "VOL:VIX",
        "beta": "1.0",
        "reason": "no history of index option volatilities",
    },
    "scenarios": {
        "scenario": "Equities -20 %",
        "factor": "EQ:*",
        "kind": "relative",
        "shock": "-0.2",
    },
    "hierarchy": {"portfolio": "SPX-FRONT", "level": "book", "parent": "Index Options"},
    "limits": {
        "limit_id": "FIRM-VAR",
        "portfolio": "Demo Bank",
        "measure": "value_at_risk",
        "confidence": "0.99",
        "amount": "8000000",
        "currency": "USD",
        "warning": "0.9",
    },
    "fixings": {
        "index": "USD-LIBOR-3M",
        "date": "2018-12-28",
        "value": "0.0279",
        "unit": "decimal",
        "source": "administrator",
    },
    "dividends": {
        "underlying": "AAPL",
        "ex_date": "2019-02-08",
        "amount": "0.73",
        "currency": "USD",
        "source": "data vendor",
    },
    "pnl": {
        "date": "2018-12-28",
        "portfolio": "Demo Bank",
        "kind": "hypothetical",
        "value": "-125000.50",
        "currency": "USD",
    },
}
"""A row of each dataset that its rules accept, at business date 2018-12-31."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """A column that is needed where another one holds certain words."""

    column: str
    words: tuple[str, ...]


CONDITIONS: Mapping[tuple[str, str], Condition] = {
    ("limits", "confidence"): Condition(column="measure", words=WITH_CONFIDENCE),
    ("hierarchy", "parent"): Condition(column="level", words=LEVELS[1:]),
}
"""By dataset and column; what positions need stands with their instruments."""

_LAG: Mapping[str, float] = {"minimum": 0.0, "maximum": float(LONGEST_LAG), "multipleOf": 1.0}
BOUNDS: Mapping[tuple[str, str], Mapping[str, float]] = {
    ("limits", "warning"): {"minimum": 0.0, "maximum": 1.0},
    ("limits", "confidence"): {"exclusiveMinimum": 0.0, "exclusiveMaximum": 1.0},
    ("positions", "fixings"): {"minimum": 1.0, "multipleOf": 1.0},
    ("positions", "fixing_lag_days"): _LAG,
    ("positions", "payment_lag_days"): _LAG,
    ("positions", "settlement_lag_days"): _LAG,
    ("positions", "ex_coupon_days"): _LAG,
}
"""Bounds of rules E128, E170 and E174 in the words of JSON Schema, by dataset and column."""

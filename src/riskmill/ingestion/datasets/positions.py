"""Positions: rules by instrument, derived from the terms in the domain."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from riskmill.domain import (
    ADJUSTMENTS,
    BARRIER_TYPES,
    CALENDARS,
    DATE_COLUMNS,
    DAY_COUNTS,
    INSTRUMENTS,
    NUMBER_COLUMNS,
    STUBS,
    TEXT_COLUMNS,
    UNDERLYING_CLASSES,
    BatchFile,
    BatchManifest,
    FailureReason,
    FxForward,
    FxOption,
    Labels,
    PositionTable,
)
from riskmill.ingestion.blocks import Source
from riskmill.ingestion.cells import (
    NAME,
    choice,
    currency,
    dated,
    day,
    day_of,
    filled,
    identifier,
    number,
    numeric,
    positive,
    required,
    value_of,
)
from riskmill.ingestion.layouts import Layout, check_blocks
from riskmill.ingestion.rules import Rule
from riskmill.ingestion.staged import StagedFile
from riskmill.ingestion.totals import notional_by_currency

OF_EVERY_ROW = ("position_id", "book", "instrument", "quantity", "currency", "notional")
FREQUENCIES = (1, 3, 6, 12)
"""Months between payments."""
PAIRS = tuple(word for word, terms in INSTRUMENTS.items() if terms in (FxForward, FxOption))
"""Instruments whose underlying is a currency pair."""
POSITIVE = ("strike", "price", "multiplier", "barrier", "payout", "past_average")
_OF_SOME_ROWS = (
    "underlying",
    "option_type",
    "strike",
    "expiry",
    "price",
    "multiplier",
    "rate",
    "start",
    "maturity",
    "fixed_frequency_months",
    "fixed_day_count",
    "float_frequency_months",
    "float_day_count",
    "current_fixing",
    "underlying_class",
    "barrier",
    "barrier_type",
    "rebate",
    "knocked",
    "payoff",
    "payout",
    "average_start",
    "fixings",
    "past_average",
    "index",
    "spread",
    "fixing_lag_days",
    "stub",
    "end_of_month",
    "calendar",
    "fixed_adjustment",
    "float_adjustment",
    "payment_lag_days",
    "ex_coupon_days",
    "settlement_lag_days",
)
CENTRES = "^({0})([+]({0}))*$".format("|".join(CALENDARS))
"""What names one or more calendars."""
LAGS = ("fixing_lag_days", "payment_lag_days", "settlement_lag_days", "ex_coupon_days")
"""Columns that count days between two dates of one contract."""
LONGEST_LAG = 30
PAYOFFS: Mapping[str, tuple[str, ...]] = {
    "digital_option": ("cash", "asset"),
    "touch_option": ("at_hit", "at_expiry"),
    "asian_option": ("arithmetic", "geometric"),
}
"""Words of the column `payoff`, by instrument."""


def position_blocks(
    entry: BatchFile, source: Source, manifest: BatchManifest
) -> Iterator[StagedFile]:
    """Check a file of positions and turn the good rows of each block into columns, in order."""
    for checked in check_blocks(LAYOUT, entry, manifest, source):
        yield StagedFile(
            entry=entry,
            content=_table(checked.frame),
            records=checked.records,
            lines=checked.lines,
            failures=checked.failures,
            rows=checked.rows,
            notional=checked.totals,
        )


def instruments_with(column: str) -> tuple[str, ...]:
    """Instruments that have the column among their terms."""
    return tuple(
        word for word, terms in INSTRUMENTS.items() if column in (f.name for f in fields(terms))
    )


def instruments_needing(column: str) -> tuple[str, ...]:
    """Instruments whose terms have the column and no default for it."""
    return tuple(
        word
        for word, terms in INSTRUMENTS.items()
        if any(f.name == column and f.default is MISSING for f in fields(terms))
    )


def _used(column: str) -> pl.Expr:
    """Whether the row's instrument has the column; cells of other rows are ignored."""
    return pl.col("instrument").is_in(instruments_with(column))


def _rules(manifest: BatchManifest) -> tuple[Rule, ...]:
    return (
        *(required(column) for column in OF_EVERY_ROW),
        *identifier("position_id"),
        *identifier("book"),
        _known_instrument(),
        *numeric("quantity"),
        _not_zero("quantity"),
        currency("currency"),
        *numeric("notional"),
        _not_negative("notional", "the sign of a position is in its quantity"),
        *_term_rules(),
        *_underlying_rules(),
        *_date_rules(manifest.business_date),
    )


def _term_rules() -> list[Rule]:
    """Needed cells are filled, and filled ones have a value of their kind."""
    rules: list[Rule] = []
    for column in _OF_SOME_ROWS:
        if needers := instruments_needing(column):
            needed = pl.col("instrument").is_in(needers)
            rules.append(required(column, needed, ", which the row's instrument needs"))
        if column in NUMBER_COLUMNS:
            rules += numeric(column, _used(column))
        if column in DATE_COLUMNS:
            rules.append(dated(column, _used(column)))
    rules += [positive(column, _used(column)) for column in POSITIVE]
    rules.append(choice("option_type", ("call", "put"), _used("option_type")))
    rules.append(choice("underlying_class", UNDERLYING_CLASSES, _used("underlying_class")))
    rules.append(choice("barrier_type", BARRIER_TYPES, _used("barrier_type")))
    rules += [choice(name, ("yes", "no"), _used(name)) for name in ("knocked", "end_of_month")]
    payoffs = [word for words in PAYOFFS.values() for word in words]
    rules.append(choice("payoff", payoffs, _used("payoff")))
    rules += [_fitting_payoff(word, payoffs) for word in PAYOFFS]
    rules.append(_not_negative("rebate", "a rebate is paid by the seller of the option"))
    rules.append(_whole("fixings"))
    rules.append(choice("stub", STUBS, _used("stub")))
    rules.append(_known_calendar())
    rules += [_lag(column) for column in LAGS]
    rules += [
        choice(f"{leg}_adjustment", ADJUSTMENTS, _used(f"{leg}_adjustment"))
        for leg in ("fixed", "float")
    ]
    for leg in ("fixed", "float"):
        day_count = f"{leg}_day_count"
        rules.append(_known_frequency(f"{leg}_frequency_months"))
        rules.append(choice(day_count, DAY_COUNTS, _used(day_count)))
    return rules


def _known_instrument() -> Rule:
    return Rule(
        code="E117",
        reason=FailureReason.INVALID_VALUE,
        column="instrument",
        broken=filled("instrument") & ~pl.col("instrument").is_in(list(INSTRUMENTS)),
        says="Column 'instrument' holds '{value}', which riskmill does not price; it is one of "
        f"{', '.join(INSTRUMENTS)}.",
        options=tuple(INSTRUMENTS),
    )


def _not_zero(column: str) -> Rule:
    return Rule(
        code="E111",
        reason=FailureReason.INVALID_VALUE,
        column=column,
        broken=pl.col(value_of(column)) == 0.0,
        says=f"Column '{column}' holds '{{value}}', which must not be zero.",
    )


def _fitting_payoff(instrument: str, payoffs: list[str]) -> Rule:
    payoff, own = pl.col("payoff"), PAYOFFS[instrument]
    return Rule(
        code="E173",
        reason=FailureReason.MISMATCH,
        column="payoff",
        broken=(pl.col("instrument") == instrument) & payoff.is_in(payoffs) & ~payoff.is_in(own),
        says=f"Column 'payoff' holds '{{value}}', but a row of {instrument} holds one of "
        f"{', '.join(own)}.",
    )


def _whole(column: str) -> Rule:
    value = pl.col(value_of(column))
    return Rule(
        code="E170",
        reason=FailureReason.INVALID_VALUE,
        column=column,
        broken=value.is_finite() & ((value < 1.0) | (value != value.round())),
        says=f"Column '{column}' holds '{{value}}', which is not a whole number of 1 or more.",
    )


def _lag(column: str) -> Rule:
    value = pl.col(value_of(column))
    return Rule(
        code="E174",
        reason=FailureReason.INVALID_VALUE,
        column=column,
        broken=value.is_finite()
        & ((value < 0.0) | (value > float(LONGEST_LAG)) | (value != value.round())),
        says=f"Column '{column}' holds '{{value}}', which is not a whole number of days from 0 "
        f"to {LONGEST_LAG}.",
    )


def _known_calendar() -> Rule:
    return Rule(
        code="E175",
        reason=FailureReason.INVALID_VALUE,
        column="calendar",
        broken=_used("calendar") & filled("calendar") & ~pl.col("calendar").str.contains(CENTRES),
        says="Column 'calendar' holds '{value}', which does not name centres of "
        f"{', '.join(CALENDARS)}, joined by +.",
    )


def _not_negative(column: str, because: str) -> Rule:
    return Rule(
        code="E110",
        reason=FailureReason.INVALID_VALUE,
        column=column,
        broken=pl.col(value_of(column)) < 0.0,
        says=f"Column '{column}' holds '{{value}}', which must not be below zero: {because}.",
    )


def _known_frequency(column: str) -> Rule:
    value = pl.col(value_of(column))
    return Rule(
        code="E116",
        reason=FailureReason.INVALID_VALUE,
        column=column,
        broken=value.is_finite() & ~value.is_in([float(months) for months in FREQUENCIES]),
        says=f"Column '{column}' holds '{{value}}', which is none of "
        f"{', '.join(str(months) for months in FREQUENCIES)}.",
        options=tuple(str(months) for months in FREQUENCIES),
    )


def _underlying_rules() -> tuple[Rule, ...]:
    paired = pl.col("instrument").is_in(PAIRS) | (
        _used("underlying_class") & (pl.col("underlying_class") == "FX").fill_null(value=False)
    )
    pair = paired & filled("underlying")
    index = pl.col("index")
    name = _used("underlying") & ~paired & filled("underlying")
    text = pl.col("underlying")
    well_formed = text.str.contains(r"^[A-Z]{6}$") & (text.str.slice(0, 3) != text.str.slice(3, 3))
    return (
        Rule(
            code="E124",
            reason=FailureReason.INVALID_VALUE,
            column="underlying",
            broken=name & (~text.str.contains(NAME) | (text.str.len_chars() > 64)),
            says="Column 'underlying' holds '{value}', which is not a name of at most 64 letters, "
            "digits, points, hyphens and underscores.",
        ),
        Rule(
            code="E124",
            reason=FailureReason.INVALID_VALUE,
            column="index",
            broken=_used("index")
            & filled("index")
            & (~index.str.contains(NAME) | (index.str.len_chars() > 64)),
            says="Column 'index' holds '{value}', which is not a name of at most 64 letters, "
            "digits, points, hyphens and underscores.",
        ),
        Rule(
            code="E122",
            reason=FailureReason.INVALID_VALUE,
            column="underlying",
            broken=pair & ~well_formed,
            says="Column 'underlying' holds '{value}', which is not a currency pair such as "
            "EURUSD.",
        ),
        Rule(
            code="E123",
            reason=FailureReason.MISMATCH,
            column="currency",
            broken=pair
            & well_formed
            & filled("currency")
            & (text.str.slice(3, 3) != pl.col("currency")),
            says="Column 'currency' holds '{value}', which must be the second currency of the "
            "pair.",
        ),
    )


def _date_rules(business_date: date) -> tuple[Rule, ...]:
    today = pl.lit(business_date)
    start, maturity = pl.col(day_of("start")), pl.col(day_of("maturity"))
    says = business_date.isoformat()
    begun = pl.col(day_of("average_start"))
    return (
        Rule(
            code="E171",
            reason=FailureReason.MISMATCH,
            column="average_start",
            broken=begun > pl.col(day_of("expiry")),
            says="Column 'average_start' holds '{value}', which is after the expiry.",
        ),
        Rule(
            code="E172",
            reason=FailureReason.MISSING_VALUE,
            column="past_average",
            broken=_used("past_average") & ~filled("past_average") & (begun < today),
            says="Column 'past_average' is empty, but the average began before the business "
            f"date {says}, so some of it is known.",
        ),
        Rule(
            code="E113",
            reason=FailureReason.EXPIRED,
            column="expiry",
            broken=pl.col(day_of("expiry")) < today,
            says=f"Column 'expiry' holds '{{value}}', which is before the business date {says}.",
        ),
        Rule(
            code="E114",
            reason=FailureReason.EXPIRED,
            column="maturity",
            broken=maturity <= today,
            says=f"Column 'maturity' holds '{{value}}', which must be after the business date "
            f"{says}.",
        ),
        Rule(
            code="E115",
            reason=FailureReason.MISMATCH,
            column="start",
            broken=start >= maturity,
            says="Column 'start' holds '{value}', which must be before the maturity.",
        ),
        Rule(
            code="E125",
            reason=FailureReason.MISSING_VALUE,
            column="current_fixing",
            broken=_used("current_fixing")
            & ~filled("current_fixing")
            & ~filled("index")
            & (start < today),
            says="Column 'current_fixing' is empty and no index is named, but the row started "
            f"before the business date {says}, so its floating rate is already set.",
        ),
    )


def _kept_text(column: str) -> pl.Expr:
    used = _used(column) if column not in OF_EVERY_ROW else pl.lit(value=True)
    return pl.when(used & filled(column)).then(pl.col(column)).cast(pl.Categorical).alias(column)


def _kept_number(column: str) -> pl.Expr:
    empty = 1.0 if column == "multiplier" else float("nan")
    return pl.col(value_of(column)).fill_null(empty).alias(column)


LAYOUT = Layout(
    required=OF_EVERY_ROW,
    optional=_OF_SOME_ROWS,
    subject="position_id",
    unique=("position_id",),
    values=(
        number("quantity"),
        number("notional"),
        *(number(c, _used(c)) for c in NUMBER_COLUMNS if c not in OF_EVERY_ROW),
        *(day(column, _used(column)) for column in DATE_COLUMNS),
    ),
    rules=_rules,
    keep=(
        pl.col("position_id"),
        *(_kept_text(column) for column in TEXT_COLUMNS),
        *(_kept_number(column) for column in NUMBER_COLUMNS),
        *(pl.col(day_of(column)).alias(column) for column in DATE_COLUMNS),
    ),
    totals=notional_by_currency,
)


def _table(frame: pl.DataFrame) -> PositionTable:
    dates: Mapping[str, npt.NDArray[np.datetime64]] = {
        column: frame[column].to_numpy().astype("datetime64[D]") for column in DATE_COLUMNS
    }
    return PositionTable(
        position_id=np.array(frame["position_id"].to_list(), dtype=np.object_),
        texts={column: _labels(frame[column]) for column in TEXT_COLUMNS},
        numbers={column: frame[column].to_numpy() for column in NUMBER_COLUMNS},
        dates=dates,
    )


def _labels(column: pl.Series) -> Labels:
    """Encode a text column; its words are sorted, so that equal files give equal codes."""
    words = column.unique().drop_nulls().cast(pl.String).sort()
    codes = column.cast(pl.Enum(words)).to_physical().cast(pl.Int32).fill_null(-1)
    return Labels(codes.to_numpy(), tuple(words.to_list()))

"""The history of risk factors: a date column and one column for each factor."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from riskmill.domain import (
    BatchFile,
    BatchManifest,
    FactorHistory,
    Failure,
    FailureReason,
    FloatArray,
    InputRejected,
)
from riskmill.ingestion.blocks import REASON_COLUMNS
from riskmill.ingestion.cells import LONGEST_NAME, day, day_of
from riskmill.ingestion.factors import ABOVE_ZERO, class_of
from riskmill.ingestion.layouts import no_rows
from riskmill.ingestion.rules import SHORTENED
from riskmill.ingestion.staged import StagedFile

DATE = "date"


@dataclass(frozen=True, kw_only=True, slots=True)
class WideTable:
    """A history before its rules: dates as text, factors as text or as doubles."""

    columns: tuple[str, ...]
    """Names in the header, in delivered order."""
    frame: pl.DataFrame
    """One row a date, oldest first if the file is right."""
    lines: tuple[int, ...] = ()
    """Physical line of each row; empty where the format has no lines."""


def stage_history(entry: BatchFile, table: WideTable, manifest: BatchManifest) -> StagedFile:
    """
    Check a history; nothing in it is filled in.

    A factor with a hole or an impossible value is left out whole, as a failure.
    A wrong date refuses the file (E033), because a lost day would let the next
    day's shock span two.
    """
    if table.frame.is_empty():
        raise no_rows(entry)
    days = _dates(entry, table, manifest)
    names = [name for name in table.columns if name not in (DATE, *REASON_COLUMNS)]
    numbers = {name: _numbers(table.frame[name]) for name in names}
    failures = [fault for name in names for fault in _faults(entry, table, name, numbers[name])]
    bad = {failure.subject for failure in failures}
    factors = tuple(name for name in names if name not in bad)
    values = np.empty((len(days), len(factors)))
    for place, name in enumerate(factors):
        values[:, place] = numbers[name]
    return StagedFile(
        entry=entry,
        content=FactorHistory(dates=tuple(days.to_list()), factors=factors, values=values),
        records=np.empty(0, dtype=np.int64),
        lines=np.empty(0, dtype=np.int64),
        failures=tuple(failures),
        rows=len(days),
    )


def _dates(entry: BatchFile, table: WideTable, manifest: BatchManifest) -> pl.Series:
    """The dates, ascending and unique, none after the business date."""
    days = table.frame.select(day(DATE))[day_of(DATE)]
    backwards = (days.diff().dt.total_days() <= 0).fill_null(value=False)
    checks = (
        (days.is_null(), "is not a date written YYYY-MM-DD"),
        (backwards, "does not come after the date before it"),
        (days > manifest.business_date, f"is after the business date {manifest.business_date}"),
    )
    for broken, says in checks:
        if broken.any():
            raise _wrong_date(entry, table, np.flatnonzero(broken.to_numpy()), says)
    return days


def _wrong_date(
    entry: BatchFile, table: WideTable, rows: npt.NDArray[np.int64], says: str
) -> InputRejected:
    row = int(rows[0])
    more = f", and so do {len(rows) - 1} more" if len(rows) > 1 else ""
    line = f", line {table.lines[row]}" if table.lines else ""
    return InputRejected(
        "E033",
        f"the date '{table.frame[DATE][row][:40]}' of '{entry.name}' {says}{more}",
        place=f"{entry.name}, record {row + 1}{line}",
        remedy="Deliver every business date once, oldest first, up to the business date.",
    )


def _faults(
    entry: BatchFile, table: WideTable, name: str, numbers: FloatArray
) -> Iterator[Failure]:
    """Everything that is wrong with one factor, each kind once with its first place."""
    risk_class = class_of(name) if len(name) <= LONGEST_NAME else ""
    if not risk_class:
        yield _misnamed(entry, name)
    missing = _missing(table.frame[name], numbers)
    checks = (
        ("E140", FailureReason.MISSING_VALUE, missing, "has no value"),
        (
            "E141",
            FailureReason.INVALID_VALUE,
            ~missing & ~np.isfinite(numbers),
            "has a value that is not a finite number",
        ),
        (
            "E142",
            FailureReason.INVALID_VALUE,
            (numbers <= 0.0) & (risk_class in ABOVE_ZERO),
            "has a value that is not above zero",
        ),
    )
    for code, reason, broken, says in checks:
        if broken.any():
            yield _faulty(entry, table, name, np.flatnonzero(broken), code, reason, says)


def _faulty(
    entry: BatchFile,
    table: WideTable,
    name: str,
    rows: npt.NDArray[np.int64],
    code: str,
    reason: FailureReason,
    says: str,
) -> Failure:
    row = int(rows[0])
    more = f" and {len(rows) - 1} more dates" if len(rows) > 1 else ""
    value = table.frame[name][row]
    return Failure(
        code=code,
        reason=reason,
        message=f"Factor '{name[:LONGEST_NAME]}' {says} on {table.frame[DATE][row]}{more}, so it "
        "is left out of the history.",
        file=entry.name,
        line=table.lines[row] if table.lines else None,
        subject=name[:SHORTENED],
        column=name[:SHORTENED],
        value="" if value is None else str(value)[:SHORTENED],
    )


def _misnamed(entry: BatchFile, name: str) -> Failure:
    return Failure(
        code="E150",
        reason=FailureReason.INVALID_VALUE,
        message=f"Column '{name[:LONGEST_NAME]}' is not a risk factor id of at most "
        f"{LONGEST_NAME} characters such as EQ:AAPL, IR:USD:10Y or FX:EURUSD; it is left out.",
        file=entry.name,
        subject=name[:SHORTENED],
        column=name[:SHORTENED],
    )


def _numbers(column: pl.Series) -> FloatArray:
    """The column as doubles; NaN where a cell is no number."""
    if column.dtype == pl.Float64:
        return column.to_numpy()
    return column.cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy()


def _missing(column: pl.Series, numbers: FloatArray) -> npt.NDArray[np.bool_]:
    if column.dtype == pl.String:
        return (column == "").to_numpy()
    return np.isnan(numbers)

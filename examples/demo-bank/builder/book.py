"""The positions file: every desk's rows, numbered, and nine rows that must be rejected."""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from builder.chance import between
from builder.currencies import forward_rows, oil_rows, option_rows
from builder.equities import index_rows, stock_rows
from builder.history import History
from builder.rates import swap_rows, treasury_rows
from builder.row import COLUMNS, Row

PREFIXES = {
    "equity": ("EQC", 100_200),
    "equity_future": ("EQF", 310_000),
    "european_option": ("IXO", 420_100),
    "american_option": ("STO", 530_000),
    "fx_forward": ("FXF", 610_000),
    "fx_option": ("FXO", 660_000),
    "fixed_rate_bond": ("UST", 700_010),
    "interest_rate_swap": ("IRS", 810_000),
    "commodity_future": ("CMF", 900_020),
}
"""Instrument to the letters and the first number of its position ids."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BadRow:
    """A row that ingestion must reject: a good neighbour's cells with one thing wrong."""

    reason: str
    instrument: str
    """Instrument whose rows it is made from."""
    after: int
    """It stands behind the instrument's row of this number, counted from 0, and is its copy."""
    position_id: str = ""
    """Its own id; empty where the id is the neighbour's."""
    changes: Mapping[str, str]
    """Columns whose cell is different."""
    extra: tuple[str, ...] = ()
    """Cells beyond the last column."""


BAD_ROWS = (
    BadRow(reason="a book that the hierarchy does not have", instrument="american_option",
           after=17, position_id="STO-990001", changes={"book": "STK-ASIA"}),
    BadRow(reason="a strike below zero", instrument="european_option", after=40,
           position_id="IXO-990002", changes={"strike": "-2450"}),
    BadRow(reason="words where a number belongs", instrument="american_option", after=101,
           position_id="STO-990003", changes={"quantity": "two hundred"}),
    BadRow(reason="an option that has expired", instrument="european_option", after=5,
           position_id="IXO-990004", changes={"expiry": "2018-12-21"}),
    BadRow(reason="no currency", instrument="equity", after=11,
           position_id="EQC-990005", changes={"currency": ""}),
    BadRow(reason="an id that another row has", instrument="fx_option", after=8,
           changes={}),
    BadRow(reason="an instrument that riskmill does not know", instrument="fx_forward", after=4,
           position_id="FXF-990007", changes={"instrument": "variance_swap"}),
    BadRow(reason="more cells than columns", instrument="american_option", after=200,
           position_id="STO-990008", changes={}, extra=("checked by hand",)),
    BadRow(reason="a date that no calendar has", instrument="interest_rate_swap", after=70,
           position_id="IRS-990009", changes={"maturity": "2023-02-30"}),
)  # fmt: skip


def positions(history: History) -> list[list[str]]:
    """The file's records as cells, the good rows and among them the bad ones."""
    records: list[list[str]] = []
    seen: dict[str, int] = defaultdict(int)
    for good in good_rows(history):
        records.append([good.get(column, "") for column in COLUMNS])
        place = (good["instrument"], seen[good["instrument"]])
        seen[good["instrument"]] += 1
        records += [_spoiled(good, bad) for bad in BAD_ROWS if (bad.instrument, bad.after) == place]
    return records


def good_rows(history: History) -> list[Row]:
    """Every desk's rows with their ids, without those that must be rejected."""
    return _numbered(_all_rows(history))


def control_totals(records: Sequence[Sequence[str]]) -> dict[str, str]:
    """Delivered notional by currency, over the rows in which both can be read."""
    currency, notional = COLUMNS.index("currency"), COLUMNS.index("notional")
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for cells in records:
        if cells[currency] and len(cells) == len(COLUMNS):
            totals[cells[currency]] += _number(cells[notional])
    return {name: str(totals[name]) for name in sorted(totals)}


def csv_text(header: Sequence[str], records: Sequence[Sequence[str]]) -> str:
    """Comma-separated text, one line a record, line ends as on Unix."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(records)
    return text.getvalue()


def _all_rows(history: History) -> list[Row]:
    return [
        *index_rows(history),
        *stock_rows(history),
        *treasury_rows(),
        *swap_rows(history),
        *forward_rows(history),
        *option_rows(history),
        *oil_rows(history),
    ]


def _numbered(rows: Sequence[Row]) -> list[Row]:
    """Give each row an id, the numbers rising with gaps as in a deal system."""
    last = {instrument: start for instrument, (_, start) in PREFIXES.items()}
    numbered: list[Row] = []
    for place, cells in enumerate(rows):
        instrument = cells["instrument"]
        last[instrument] += 1 + int(between(0, 17, "id", place))
        letters, _ = PREFIXES[instrument]
        numbered.append({**cells, "position_id": f"{letters}-{last[instrument]}"})
    return numbered


def _spoiled(good: Row, bad: BadRow) -> list[str]:
    cells = {**good, "position_id": bad.position_id or good["position_id"], **bad.changes}
    return [*(cells.get(column, "") for column in COLUMNS), *bad.extra]


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(0)

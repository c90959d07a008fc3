"""
A large file of positions, the same for the same number of rows: nine instruments, some rows bad.

One row in a thousand is bad, in twenty ways that take turns. The good rows are all right by
`docs/datasets.md`; nothing but the row's number decides what stands in it.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

ROWS_AT_ONCE = 250_000
ONE_BAD_IN = 1_000
BUSINESS_DATE = "2018-12-31"
BOOKS = tuple(f"BOOK-{n:02d}" for n in range(40))
COLUMNS = (
    "position_id", "book", "instrument", "quantity", "currency", "notional", "underlying",
    "option_type", "strike", "expiry", "price", "multiplier", "rate", "start", "maturity",
    "fixed_frequency_months", "fixed_day_count", "float_frequency_months", "float_day_count",
    "current_fixing",
)  # fmt: skip

_WORDS = (
    "equity", "equity_future", "commodity_future", "european_option", "american_option",
    "fx_forward", "fx_option", "fixed_rate_bond", "interest_rate_swap",
)  # fmt: skip
_OPTIONS = ("european_option", "american_option", "fx_option")
_EXPIRING = (*_OPTIONS, "equity_future", "commodity_future", "fx_forward")
_FX = ("fx_forward", "fx_option")
_LEGS = ("fixed_rate_bond", "interest_rate_swap")

FAULTS = (
    ("E106", {"book": ""}),
    ("E106", {"quantity": ""}),
    ("E107", {"quantity": "1 000"}),
    ("E107", {"notional": "12k"}),
    ("E108", {"quantity": "NaN"}),
    ("E108", {"quantity": "1e400"}),
    ("E110", {"notional": "-1.00"}),
    ("E111", {"quantity": "0"}),
    ("E112", {"instrument": "equity_future", "expiry": "31/12/2019"}),
    ("E113", {"instrument": "equity_future", "expiry": "2018-12-30"}),
    ("E114", {"instrument": "fixed_rate_bond", "maturity": "2018-12-31"}),
    ("E117", {"instrument": "variance_swap"}),
    ("E118", {"instrument": "equity", "currency": "ZZZ"}),
    ("E119", {"position_id": "P0000000001"}),
    ("E120", {"book": "B" * 65}),
    ("E121", {"book": " BOOK-01"}),
    ("E124", {"instrument": "equity", "underlying": "A B"}),
    ("E101", {"current_fixing": ",one,more"}),
    ("E102", {"position_id": '"P'}),
    ("E104", {"book": "B\udcfcro"}),
)
"""Code, and the cells that bring it about in a row that was good."""


def write_batch(directory: Path, rows: int) -> None:
    """Write the file and a small batch around it, the manifest last."""
    books = "".join(f"{book},book,DESK\n" for book in BOOKS)
    texts = {
        "market": "factor,value,unit,source,as_of,status\n"
        "EQ:AAPL,157.74,USD,close,2018-12-31T21:00:00Z,observed\n",
        "history": "date,EQ:AAPL\n2018-12-28,156.23\n2018-12-31,157.74\n",
        "hierarchy": "portfolio,level,parent\nFIRM,firm,\nLINE,business_line,FIRM\n"
        f"DESK,desk,LINE\n{books}",
    }
    files = [write_positions(directory / "positions.csv", rows)]
    for dataset, text in texts.items():
        path = directory / f"{dataset}.csv"
        path.write_text(text)
        files.append(_entry(path, dataset, text.count("\n") - 1))
    manifest = {
        "schema": "riskmill.batch/1",
        "business_date": BUSINESS_DATE,
        "snapshot": "EOD",
        "version": "v001",
        "as_of": f"{BUSINESS_DATE}T22:00:00Z",
        "reporting_currency": "USD",
        "policy": {"max_bad_rows": rows, "max_bad_notional_pct": 100.0},
        "files": files,
    }
    (directory / "manifest.json").write_text(json.dumps(manifest, indent=2))


def write_positions(path: Path, rows: int) -> dict[str, object]:
    """Write the file, unless it is there; give its entry in a batch manifest."""
    if not path.exists():
        with path.open("wb") as file:
            for first in range(0, rows, ROWS_AT_ONCE):
                file.write(_text(first, min(rows, first + ROWS_AT_ONCE)))
    return _entry(path, "positions", rows)


def _entry(path: Path, dataset: str, rows: int) -> dict[str, object]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = path.stat().st_size
    return {"name": path.name, "dataset": dataset, "sha256": digest, "bytes": size, "rows": rows}


def planted(rows: int) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Record, code and wrong cells of each bad row."""
    for count, row in enumerate(range(ONE_BAD_IN // 2, rows, ONE_BAD_IN)):
        code, cells = FAULTS[count % len(FAULTS)]
        yield row + 1, code, dict(cells)


def _text(first: int, stop: int) -> bytes:
    lines = (
        _good(first, stop)
        .write_csv(include_header=first == 0, quote_style="never")
        .encode()
        .split(b"\n")
    )
    head = 1 if first == 0 else 0
    for record, _, cells in planted(stop):
        if record > first:
            at = record - 1 - first + head
            lines[at] = _spoilt(lines[at].decode().split(","), cells)
    return b"\n".join(lines)


def _spoilt(cells: list[str], wrong: dict[str, str]) -> bytes:
    row = dict(zip(COLUMNS, cells, strict=True))
    if "instrument" in wrong and wrong["instrument"] in _WORDS:
        place = _WORDS.index(wrong["instrument"])
        row = {**dict(zip(COLUMNS, _good(place, place + 1).row(0), strict=True))} | {
            "position_id": row["position_id"]
        }
    return ",".join({**row, **wrong}.values()).encode("utf-8", "surrogateescape")


def _good(first: int, stop: int) -> pl.DataFrame:
    """Rows as text."""
    n = np.arange(first, stop, dtype=np.int64)
    mixed = (n * 2_654_435_761) % 1_000_003
    frame = pl.DataFrame({"n": n, "mixed": mixed, "word": n % len(_WORDS)}).with_columns(
        instrument=pl.col("word").replace_strict(dict(enumerate(_WORDS)), return_dtype=pl.String)
    )
    word, mix = pl.col("instrument"), pl.col("mixed")

    def of(words: tuple[str, ...], cell: pl.Expr) -> pl.Expr:
        return pl.when(word.is_in(words)).then(cell.cast(pl.String)).otherwise(pl.lit(""))

    def picked(options: tuple[str, ...]) -> pl.Expr:
        return (mix % len(options)).replace_strict(dict(enumerate(options)), return_dtype=pl.String)

    def dated(base: str, spread: int) -> pl.Expr:
        return (pl.lit(base).str.to_date() + pl.duration(days=mix % spread)).cast(pl.String)

    return frame.select(
        position_id=pl.format("P{}", pl.col("n").cast(pl.String).str.zfill(10)),
        book=picked(BOOKS),
        instrument=word,
        quantity=((mix - 500_000).cast(pl.Float64) * 0.25 + 0.125).cast(pl.String),
        currency=pl.when(word.is_in(_FX))
        .then(pl.lit("USD"))
        .otherwise(picked(("USD", "EUR", "GBP", "JPY"))),
        notional=(mix.cast(pl.Float64) * 12.25 + 0.5).cast(pl.String),
        underlying=pl.when(word.is_in(_FX))
        .then(picked(("EURUSD", "GBPUSD", "AUDUSD")))
        .when(word.is_in(_LEGS))
        .then(pl.lit(""))
        .otherwise(picked(("SPX", "AAPL", "MSFT", "WTI", "GOLD"))),
        option_type=of(_OPTIONS, picked(("call", "put"))),
        strike=of((*_OPTIONS, "fx_forward"), mix.cast(pl.Float64) / 4.0 + 1.0),
        expiry=of(_EXPIRING, dated("2019-01-02", 1500)),
        price=of(("equity_future", "commodity_future"), mix.cast(pl.Float64) / 8.0 + 1.0),
        multiplier=of(("equity_future", "commodity_future", "european_option"), pl.lit("50")),
        rate=of(_LEGS, (mix % 700).cast(pl.Float64) / 10_000.0),
        start=of(_LEGS, dated("2012-01-02", 2000)),
        maturity=of(_LEGS, dated("2019-06-03", 9000)),
        fixed_frequency_months=of(_LEGS, picked(("3", "6", "12"))),
        fixed_day_count=of(_LEGS, picked(("30/360", "act/365", "act/act-icma"))),
        float_frequency_months=of(("interest_rate_swap",), pl.lit("3")),
        float_day_count=of(("interest_rate_swap",), pl.lit("act/360")),
        current_fixing=of(("interest_rate_swap",), (mix % 500).cast(pl.Float64) / 10_000.0),
    )

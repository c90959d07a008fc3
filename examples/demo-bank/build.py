"""
Write the demo bank's delivery, `input/`, from the published history in `source/`.

    python examples/demo-bank/build.py [DIRECTORY]

DIRECTORY is where the files go, `input/` beside this script if none is given.
The same history always gives the same bytes; README.md says where each number
comes from.
"""

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from builder.book import control_totals, csv_text, positions
from builder.history import History
from builder.market import CLOSE, proxy_rules, quotes
from builder.past import held, past_quotes, past_rules
from builder.row import COLUMNS
from builder.tables import HIERARCHY, LIMITS, STRESSES

HERE = Path(__file__).parent
SOURCE = HERE / "source" / "risk_factor_history_2014_2018.parquet"
PAST = "past"
"""Folder, beside `input/`, of what the days before are made from."""
POLICY = {"max_bad_rows": 20, "max_bad_notional_pct": 5.0, "on_bad": "quarantine"}


def main(arguments: Sequence[str]) -> None:
    """Write every file, the manifest last."""
    target = Path(arguments[0]) if arguments else HERE / "input"
    past = target.parent / PAST if not arguments else target / PAST
    history = History.of(pl.read_parquet(SOURCE))
    for place, contents in ((target, delivery(history)), (past, past_files(history))):
        place.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (place / name).write_bytes(content)


def past_files(history: History) -> dict[str, bytes]:
    """File name to bytes of what the days before the valuation date are made from."""
    rows = held(history)
    quoted = list(past_quotes(history))
    ruled = list(past_rules(history))
    positions_of = {
        "first": pa.array([one.first for one in rows], pa.date32()),
        "last": pa.array([one.last for one in rows], pa.date32()),
        **{c: pa.array([one.cells.get(c, "") for one in rows]) for c in COLUMNS},
    }
    quotes_of = {
        "date": pa.array([day for day, _, _ in quoted], pa.date32()),
        "factor": pa.array([factor for _, factor, _ in quoted]),
        "value": pa.array([value for _, _, value in quoted], pa.float64()),
    }
    rules_of = {
        "date": pa.array([day for day, _ in ruled], pa.date32()),
        "factor": pa.array([rule.factor for _, rule in ruled]),
        "proxy": pa.array([rule.proxy for _, rule in ruled]),
        "beta": pa.array([rule.beta for _, rule in ruled], pa.float64()),
        "reason": pa.array([rule.reason for _, rule in ruled]),
    }
    return {
        "positions.parquet": _parquet(positions_of),
        "quotes.parquet": _parquet(quotes_of),
        "proxies.parquet": _parquet(rules_of),
    }


def _parquet(columns: Mapping[str, pa.Array]) -> bytes:
    buffer = pa.BufferOutputStream()
    pq.write_table(pa.table(dict(columns)), buffer, compression="zstd", compression_level=15)
    return bytes(buffer.getvalue())


def delivery(history: History) -> dict[str, bytes]:
    """File name to bytes; the manifest is the last."""
    records = positions(history)
    tables = {
        "positions.csv": (COLUMNS, records),
        "market.csv": _market(history),
        "proxies.csv": _proxies(history),
        "scenarios.csv": _scenarios(),
        "hierarchy.csv": (("portfolio", "level", "parent"), HIERARCHY),
        "limits.csv": _limits(),
    }
    files = {name: csv_text(*table).encode() for name, table in tables.items()}
    files["history.parquet"] = _history(history)
    rows = {name: len(body) for name, (_, body) in tables.items()}
    rows["history.parquet"] = len(history.dates)
    files["manifest.json"] = _manifest(history, files, rows, control_totals(records))
    return files


Table = tuple[Sequence[str], Sequence[Sequence[str]]]


def _market(history: History) -> Table:
    header = ("factor", "value", "unit", "source", "as_of", "status")
    body = [(q.factor, repr(q.value), q.unit, q.source, q.as_of, q.status) for q in quotes(history)]
    return header, body


def _proxies(history: History) -> Table:
    header = ("factor", "proxy", "beta", "reason")
    return header, [(r.factor, r.proxy, repr(r.beta), r.reason) for r in proxy_rules(history)]


def _scenarios() -> Table:
    header = ("scenario", "factor", "kind", "shock")
    body = [
        (name, factor, kind, repr(size))
        for name, shocks in STRESSES.items()
        for factor, (kind, size) in shocks.items()
    ]
    return header, body


def _limits() -> Table:
    header = ("limit_id", "portfolio", "measure", "confidence", "amount", "currency", "warning")
    body = [
        (x.limit_id, x.portfolio, x.measure, x.confidence, str(x.amount), "USD", x.warning)
        for x in LIMITS
    ]
    return header, body


def _history(history: History) -> bytes:
    """The history under factor ids; nothing in the file tells when it was written."""
    columns: dict[str, pa.Array] = {"date": pa.array(history.dates, type=pa.date32())}
    columns |= {f: pa.array(v, type=pa.float64()) for f, v in history.values.items()}
    buffer = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), buffer, compression="zstd", use_dictionary=False)
    return bytes(buffer.getvalue())


def _manifest(
    history: History,
    files: Mapping[str, bytes],
    rows: Mapping[str, int],
    totals: Mapping[str, str],
) -> bytes:
    announced = [
        {
            "name": name,
            "dataset": name.split(".")[0],
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "rows": rows[name],
            "control_totals": totals if name == "positions.csv" else {},
        }
        for name, content in files.items()
    ]
    manifest = {
        "schema": "riskmill.batch/1",
        "business_date": history.valuation_date.isoformat(),
        "snapshot": "EOD",
        "version": "v001",
        "supersedes": None,
        "as_of": CLOSE.replace("21:00", "22:00"),
        "reporting_currency": "USD",
        "policy": POLICY,
        "files": announced,
    }
    return (json.dumps(manifest, indent=2) + "\n").encode()


if __name__ == "__main__":
    main(sys.argv[1:])

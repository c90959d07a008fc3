"""Batches of several days, made from one: markets from the history, a position here and there."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from riskmill.runtime import write_manifest

Row = dict[str, str]
Change = Callable[[list[Row]], list[Row]]


def batch_of_day(
    source: Path,
    target: Path,
    day: date,
    *,
    change: Change = list,
    limits: Change = list,
    currency: str = "USD",
    snapshot: str = "EOD",
) -> Path:
    """Copy the batch in *source* to *target* as that of *day*, its positions changed."""
    shutil.copytree(source, target)
    (target / "manifest.json").unlink()
    history = pq.read_table(target / "history.parquet")
    past = history.filter(pc.less_equal(history["date"], pa.scalar(day)))
    pq.write_table(past, target / "history.parquet")
    levels = {name: past[name][-1].as_py() for name in past.column_names if name != "date"}
    _rewrite(target / "market.csv", lambda rows: [_quoted(row, levels, day) for row in rows])
    _rewrite(target / "positions.csv", change)
    _rewrite(target / "limits.csv", limits)
    write_manifest(target, business_date=day, snapshot=snapshot, reporting_currency=currency)
    manifest = target / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content["policy"] = {"max_bad_rows": 50, "max_bad_notional_pct": 50.0}
    manifest.write_text(json.dumps(content), encoding="utf-8")
    return target


def _quoted(row: Row, levels: dict[str, float], day: date) -> Row:
    value = levels.get(row["factor"])
    told = {**row, "as_of": f"{day.isoformat()}T21:00:00Z"}
    return told if value is None else {**told, "value": repr(value)}


def _rewrite(path: Path, change: Change) -> None:
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    changed = change(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(changed)
    path.write_text(text.getvalue(), encoding="utf-8")

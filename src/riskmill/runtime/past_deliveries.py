"""What the demo bank would have delivered on each business day before its own."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Self

import polars as pl

from riskmill.domain import UsageError
from riskmill.ingestion import draft_manifest
from riskmill.pipeline import MANIFEST
from riskmill.runtime.demo import demo_input

PACKAGED = "demo_bank_past"
CHECKOUT = Path(__file__).resolve().parents[3] / "examples" / "demo-bank" / "past"
HISTORY_DAYS = 520
"""Days of history in a delivery: what 500 scenarios need, and some to spare."""
UNCHANGED = ("hierarchy.csv", "limits.csv", "scenarios.csv")
"""Files that are the same every day."""
SNAPSHOT, CURRENCY, AS_OF = "EOD", "USD", "T22:00:00Z"
NEW_QUOTE = ("decimal", "VIX times a smile", "proxied")
"""Unit, source and status of a volatility that the last day does not quote any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PastDeliveries:
    """Tables that each past day's files are cut from."""

    days: tuple[date, ...]
    """Oldest first; the demo's own day comes after the last."""
    positions: pl.DataFrame
    """Columns of the file, and `first` and `last` day of each row."""
    quotes: Mapping[date, Mapping[str, float]]
    """By day and factor, of what is not in the history."""
    rules: pl.DataFrame
    """Proxy rules with their `date`."""
    history: pl.DataFrame
    market: tuple[Sequence[str], ...]
    """Rows of the last day's market file, its header first."""
    unchanged: Mapping[str, bytes]

    @classmethod
    def read(cls) -> Self:
        """Read the demo bank's tables; `UsageError` (E616) where they are not installed."""
        past, own = _past(), demo_input()
        quotes: dict[date, dict[str, float]] = {}
        for day, factor, value in pl.read_parquet(past / "quotes.parquet").iter_rows():
            quotes.setdefault(day, {})[factor] = value
        return cls(
            days=tuple(sorted(quotes)),
            positions=pl.read_parquet(past / "positions.parquet"),
            quotes=quotes,
            rules=pl.read_parquet(past / "proxies.parquet"),
            history=pl.read_parquet(own / "history.parquet"),
            market=tuple(csv.reader(io.StringIO((own / "market.csv").read_text("utf-8")))),
            unchanged={name: (own / name).read_bytes() for name in UNCHANGED},
        )

    def of(self, day: date) -> dict[str, bytes]:
        """File name to bytes of one day's delivery, its manifest last."""
        known = self.history.filter(pl.col("date") <= day).tail(HISTORY_DAYS)
        held = self.positions.filter((pl.col("first") <= day) & (pl.col("last") >= day))
        rules = self.rules.filter(pl.col("date") == day).drop("date")
        contents = {
            "positions.csv": held.drop("first", "last").write_csv().encode(),
            "market.csv": _csv(self._market(day, known)),
            "history.parquet": _parquet(known),
            "proxies.csv": rules.write_csv().encode(),
            **self.unchanged,
        }
        contents[MANIFEST] = draft_manifest(
            contents,
            business_date=day,
            snapshot=SNAPSHOT,
            reporting_currency=CURRENCY,
            as_of=f"{day.isoformat()}{AS_OF}",
        )
        return contents

    def _market(self, day: date, known: pl.DataFrame) -> Iterator[Sequence[str]]:
        """Rows of the market file: what the last day quotes, and what has expired since."""
        (latest,) = known.tail(1).iter_rows(named=True)
        own = self.quotes[day]
        header, *rows = self.market
        yield header
        for factor, _, unit, source, instant, status in rows:
            value = latest[factor] if factor in latest else own[factor]
            yield factor, repr(value), unit, source, f"{day}{instant[10:]}", status
        quoted = {row[0] for row in rows}
        unit, source, status = NEW_QUOTE
        for factor, value in own.items():
            if factor not in quoted:
                yield factor, repr(value), unit, source, f"{day}T21:00:00Z", status


def latest_days(deliveries: PastDeliveries, count: int) -> tuple[date, ...]:
    """
    The last *count* business days before the demo's own.

    Raises `UsageError` (E622) where so many are not known.
    """
    most = len(deliveries.days)
    if not 1 <= count <= most:
        raise UsageError(
            "E622",
            f"the demo bank has no {count} days",
            place="--history",
            remedy=f"Ask for 1 to {most} business days.",
        )
    return deliveries.days[-count:]


def _past() -> Path:
    packaged = Path(str(files("riskmill"))) / PACKAGED
    for candidate in (packaged, CHECKOUT):
        if (candidate / "positions.parquet").is_file():
            return candidate
    raise UsageError(
        "E616",
        "the demo bank's past days are not part of this installation",
        place=str(packaged),
        remedy="Install riskmill from its wheel or from a whole checkout.",
    )


def _csv(rows: Iterator[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _parquet(table: pl.DataFrame) -> bytes:
    sink = io.BytesIO()
    table.write_parquet(sink, compression="zstd", statistics=False)
    return sink.getvalue()

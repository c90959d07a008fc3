"""Deliveries that are right, and small ways to make one of them wrong."""

import csv
import hashlib
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from riskmill.domain import BatchFile, BatchManifest, BatchPolicy, FileFormat
from riskmill.ingestion import AcceptedBatch, StagedFile, ingest_file, reconcile

BUSINESS_DATE = date(2018, 12, 31)
MANIFEST = BatchManifest(
    business_date=BUSINESS_DATE,
    snapshot="EOD",
    version="v001",
    supersedes="",
    as_of="2018-12-31T22:00:00Z",
    reporting_currency="USD",
    policy=BatchPolicy(),
    files=(),
)
COLUMNS = (
    "position_id", "book", "instrument", "quantity", "currency", "notional", "underlying",
    "option_type", "strike", "expiry", "price", "multiplier", "rate", "start", "maturity",
    "fixed_frequency_months", "fixed_day_count", "float_frequency_months", "float_day_count",
    "current_fixing", "underlying_class", "barrier", "barrier_type", "rebate", "knocked", "payoff",
    "payout", "average_start", "fixings", "past_average", "index", "spread", "fixing_lag_days",
    "stub", "end_of_month", "calendar", "fixed_adjustment", "float_adjustment", "payment_lag_days",
    "ex_coupon_days", "settlement_lag_days",
)  # fmt: skip
Row = Mapping[str, str]

_OWNED = {"book": "CASH", "quantity": "-2.5", "currency": "USD", "notional": "1000.25"}
_BOND = {
    "rate": "0.025", "start": "2015-02-15", "maturity": "2025-02-15",
    "fixed_frequency_months": "6", "fixed_day_count": "act/act-icma",
}  # fmt: skip
_OPTION = {"underlying": "SPX", "option_type": "put", "strike": "2500", "expiry": "2019-03-15"}
_FUTURE = {"underlying": "SPX", "expiry": "2019-03-15", "price": "2506.5", "multiplier": "50"}
_TERMS: Mapping[str, Row] = {
    "equity": {"underlying": "AAPL"},
    "equity_future": _FUTURE,
    "commodity_future": {**_FUTURE, "underlying": "WTI"},
    "european_option": {**_OPTION, "multiplier": "100"},
    "american_option": _OPTION,
    "fx_forward": {"underlying": "EURUSD", "strike": "1.15", "expiry": "2019-06-28"},
    "fx_option": {
        **_OPTION, "underlying": "EURUSD", "strike": "1.2", "settlement_lag_days": "2",
        "calendar": "TARGET+US",
    },
    "fixed_rate_bond": _BOND,
    "interest_rate_swap": {
        **_BOND, "fixed_day_count": "30/360", "float_frequency_months": "3",
        "float_day_count": "act/360", "current_fixing": "0.0281",
    },
    "barrier_option": {
        **_OPTION, "barrier": "2000", "barrier_type": "down-out", "rebate": "10", "knocked": "no",
    },
    "digital_option": {**_OPTION, "payoff": "cash", "payout": "10"},
    "touch_option": {
        "underlying": "EURUSD", "underlying_class": "FX", "expiry": "2019-03-15",
        "barrier": "1.2", "barrier_type": "up-in", "payoff": "at_hit", "payout": "1000",
    },
    "asian_option": {
        **_OPTION, "payoff": "arithmetic", "average_start": "2018-11-30", "fixings": "20",
        "past_average": "2601.5",
    },
    "zero_coupon_bond": {"maturity": "2025-02-15", "calendar": "TARGET"},
    "floating_rate_note": {
        "start": "2015-02-15", "maturity": "2025-02-15", "float_frequency_months": "3",
        "float_day_count": "act/360", "index": "EURIBOR-3M", "spread": "-0.001",
        "fixing_lag_days": "2", "stub": "long-last", "calendar": "TARGET+GB",
        "float_adjustment": "modified-following", "payment_lag_days": "1",
    },
}  # fmt: skip
GOOD_ROWS: Mapping[str, Row] = {
    word: {**_OWNED, **terms, "instrument": word, "position_id": f"P-{word}"}
    for word, terms in _TERMS.items()
}
"""A good row of every instrument."""

MARKET = """factor,value,unit,source,as_of,status
EQ:AAPL,157.74,USD,close,2018-12-31T21:00:00Z,observed
IR:USD:1Y,-0.001,decimal,fixing,2018-12-31T21:00:00Z,proxied
"""
HISTORY = """date,EQ:AAPL,IR:USD:1Y
2018-12-28,156.23,0.001
2018-12-31,157.74,-0.001
"""
PROXIES = """factor,proxy,beta,reason
VOL:*,EQ:AAPL,-1.5,"no history, so the share's"
"""
SCENARIOS = """scenario,factor,kind,shock
crash,EQ:*,relative,-0.3
crash,IR:USD:*,absolute,-0.01
"""
HIERARCHY = """portfolio,level,parent
CASH,book,DESK
DESK,desk,LINE
FIRM,firm,
LINE,business_line,FIRM
OTHER,book,DESK
"""
LIMITS = """limit_id,portfolio,measure,confidence,amount,currency,warning
L-1,FIRM,value_at_risk,0.990,1000000,USD,0.9
L-2,DESK,dv01,,5000,USD,0.8
"""


FIXINGS = """index,date,value,unit,source
USD,2018-12-14,0.0281,decimal,"fixing, official"
USD,2018-12-31,0.0279,decimal,fixing
"""
DIVIDENDS = """underlying,ex_date,amount,currency,source
SPX,2019-02-08,12.5,USD,"vendor, declared"
SPX,2019-05-10,12.75,USD,vendor
"""
PNL = """date,portfolio,kind,value,currency
2018-12-28,FIRM,actual,-1200.5,USD
2018-12-28,FIRM,hypothetical,-1100,USD
2018-12-31,DESK,actual,0,USD
"""


def table(rows: Sequence[Row], columns: Sequence[str] = COLUMNS) -> str:
    """Write rows as comma-separated text."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


POSITIONS = table(list(GOOD_ROWS.values()))
TEXTS: Mapping[str, str] = {
    "positions": POSITIONS,
    "market": MARKET,
    "history": HISTORY,
    "proxies": PROXIES,
    "scenarios": SCENARIOS,
    "hierarchy": HIERARCHY,
    "limits": LIMITS,
    "fixings": FIXINGS,
    "dividends": DIVIDENDS,
    "pnl": PNL,
}
"""A good file of every dataset."""


def entry_of(dataset: str, raw: bytes, name: str = "", rows: int = -1) -> BatchFile:
    """Announce a file as it is; *rows* only where they matter."""
    return BatchFile(
        name=name or f"{dataset}.csv",
        dataset=dataset,
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        rows=rows,
    )


def staged(
    dataset: str, file: str | bytes, name: str = "", declared: FileFormat | None = None
) -> StagedFile:
    """Ingest one file, announced with the rows it has."""
    raw = file if isinstance(file, bytes) else file.encode()
    entry = replace(entry_of(dataset, raw, name), format=declared)
    found = ingest_file(entry, raw, MANIFEST)
    return replace(found, entry=replace(found.entry, rows=found.rows))


def batch(
    files: Mapping[str, str] | None = None, policy: BatchPolicy | None = None
) -> AcceptedBatch:
    """Reconcile a whole batch, some of its files replaced."""
    texts = {**TEXTS, **(files or {})}
    parts = [staged(dataset, text) for dataset, text in texts.items()]
    lenient = BatchPolicy(max_bad_rows=1000, max_bad_notional_pct=100.0)
    manifest = replace(
        MANIFEST, policy=policy or lenient, files=tuple(part.entry for part in parts)
    )
    return reconcile(manifest, parts)


def manifest_text(**changes: object) -> bytes:
    """A good manifest as JSON, some of its fields replaced."""
    files = [
        {"name": f"{dataset}.csv", "dataset": dataset, "sha256": "0" * 64, "bytes": 1, "rows": 1}
        for dataset in TEXTS
    ]
    whole = {
        "schema": "riskmill.batch/1",
        "business_date": "2018-12-31",
        "snapshot": "EOD",
        "version": "v001",
        "supersedes": None,
        "as_of": "2018-12-31T22:00:00Z",
        "reporting_currency": "USD",
        "policy": {"max_bad_rows": 50, "max_bad_notional_pct": 5.0, "on_bad": "quarantine"},
        "files": files,
    }
    return json.dumps({**whole, **changes}).encode()


def file_texts(**changes: object) -> list[dict[str, object]]:
    """The manifest's file entries, the first (positions) changed."""
    files: list[dict[str, object]] = json.loads(manifest_text())["files"]
    return [{**files[0], **changes}, *files[1:]]


def changed(kind: str, /, **cells: str) -> str:
    """A positions file of one row, some of its cells replaced."""
    return table([{**GOOD_ROWS[kind], **cells}])


def quiet(dates: int, changes: Mapping[str, str] = {}) -> dict[str, str]:
    """
    A market file and a history of one share whose price swings by about one percent.

    *changes* rework the history: `last` is the last value, `at_30` the value in row 30,
    `from_30` a factor in percent of all values before row 30, `still_20` the number of
    rows from row 20 on that keep their value. The snapshot has the last value.
    """
    days = weekdays(dates)
    prices = [100.0 + math.sin(n * n) for n in range(dates)]
    for change, amount in changes.items():
        what, _, at = change.partition("_")
        row, number = int(at or dates - 1), float(amount)
        if what == "from":
            prices[:row] = [price * number / 100.0 for price in prices[:row]]
        elif what == "still":
            prices[row : row + int(number)] = [prices[row]] * int(number)
        else:
            prices[row] = number
    rows = zip(days, prices, strict=True)
    return {
        "market": "factor,value,unit,source,as_of,status\n"
        f"EQ:AAPL,{prices[-1]!r},USD,close,2018-12-31T21:00:00Z,observed\n"
        "IR:USD:1Y,-0.001,decimal,fixing,2018-12-31T21:00:00Z,proxied\n",
        "history": "date,EQ:AAPL\n" + "".join(f"{day},{price!r}\n" for day, price in rows),
    }


def weekdays(number: int) -> list[date]:
    """The last weekdays up to the business date, oldest first."""
    days = (BUSINESS_DATE - timedelta(days=n) for n in range(2 * number + 7))
    return sorted([day for day in days if day.weekday() < 5][:number])

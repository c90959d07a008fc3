"""What `benchmarks.ingestion` compares: riskmill's own path and those of two peers."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.positions_file import BUSINESS_DATE, COLUMNS

if TYPE_CHECKING:
    from riskmill.pipeline import Workspace

Counts = tuple[int, int]
"""Good rows, bad rows."""


def attempt(name: str, directory: str) -> None:
    """Let one contender do its work in *directory*, and print its counts."""
    print(*CONTENDERS[name](Path(directory)))


def riskmill(directory: Path) -> Counts:
    """The handler of the ingestion task, and the quarantine file."""
    from riskmill.ingestion import quarantine_chunks
    from riskmill.pipeline import perform
    from riskmill.pipeline.staged import decode_rest

    workspace = _workspace(directory)
    task = workspace.plan.of_wave("ingestion", "file")[0]
    perform(task, workspace)
    rest = decode_rest(workspace.read(task))
    entry = workspace.spec.batch.files[0]
    with (directory / "out" / "quarantine.csv").open("wb") as file:
        file.writelines(
            quarantine_chunks(entry, workspace.source.stream(entry.name), rest.failures)
        )
    bad = len({failure.record for failure in rest.failures})
    return rest.rows - bad, bad


def reconciled(directory: Path) -> Counts:
    """The handlers of both waves of the ingestion stage; the second publishes the quarantine."""
    from riskmill.pipeline import perform
    from riskmill.pipeline.staged import decode_rest

    workspace = _workspace(directory)
    for wave in ("file", "reconcile"):
        for task in workspace.plan.of_wave("ingestion", wave):
            perform(task, workspace)
    rest = decode_rest(workspace.read(workspace.plan.of_wave("ingestion", "file")[0]))
    bad = len({failure.record for failure in rest.failures})
    return rest.rows - bad, bad


def duckdb(directory: Path) -> Counts:
    """Its CSV reader with a table of rejects, and the rules as SQL."""
    import duckdb

    db = duckdb.connect()
    db.execute("SET threads = 2")
    source, out = directory / "positions.csv", directory / "duckdb"
    out.mkdir(exist_ok=True)
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in COLUMNS)
    reasons = ", ".join(f"CASE WHEN {sql} THEN '{says}' END" for says, sql in _SQL)
    db.execute(
        f"""CREATE TABLE checked AS SELECT *, concat_ws('; ', {reasons}) AS reasons FROM
        read_csv('{source}', header = true, auto_detect = false, delim = ',', quote = '',
        escape = '', columns = {{{columns}}}, store_rejects = true, rejects_limit = 0)"""
    )
    db.execute(
        """CREATE TABLE again AS SELECT * EXCLUDE number FROM (SELECT *, row_number()
        OVER (PARTITION BY position_id) AS number FROM checked)
        WHERE number > 1 AND position_id IS NOT NULL"""
    )
    typed = ", ".join(f"TRY_CAST({name} AS DOUBLE) AS {name}" for name in ("quantity", "notional"))
    db.execute(
        f"""COPY (SELECT * REPLACE ({typed}) FROM checked WHERE reasons = '') TO
        '{out}/positions.parquet' (COMPRESSION zstd)"""
    )
    db.execute(f"COPY (SELECT * FROM checked WHERE reasons <> '') TO '{out}/bad.csv'")
    db.execute(f"COPY (SELECT * FROM again) TO '{out}/again.csv'")
    db.execute(f"COPY (SELECT * FROM reject_errors) TO '{out}/rejects.csv'")
    good, bad = db.sql(
        "SELECT count(*) FILTER (reasons = ''), count(*) FILTER (reasons <> '') FROM checked"
    ).fetchall()[0]
    repeated = db.sql("SELECT count(*) FROM again").fetchall()[0][0]
    unread = db.sql("SELECT count(DISTINCT line) FROM reject_errors").fetchall()[0][0]
    return good - repeated, bad + repeated + unread


def pandera(directory: Path) -> Counts:
    """Polars' CSV reader, and the rules as a schema of pandera's polars backend."""
    import pandera.polars as pa
    import polars as pl

    frame = pl.read_csv(
        directory / "positions.csv",
        infer_schema=False,
        encoding="utf8-lossy",
        truncate_ragged_lines=True,
        quote_char=None,
    )
    frame = frame.with_columns(pl.all().fill_null("")).with_columns(
        number=pl.col("quantity").cast(pl.Float64, strict=False),
        amount=pl.col("notional").cast(pl.Float64, strict=False),
        ends=pl.col("expiry").str.to_date("%Y-%m-%d", strict=False),
        due=pl.col("maturity").str.to_date("%Y-%m-%d", strict=False),
    )
    today = pl.lit(BUSINESS_DATE).str.to_date()
    schema = pa.DataFrameSchema(
        {
            "position_id": pa.Column(str, pa.Check.str_length(1, 64), unique=True),
            "book": pa.Column(str, pa.Check.str_matches(r"^\S.{0,62}\S$")),
            "instrument": pa.Column(str, pa.Check.isin(_WORDS)),
            "currency": pa.Column(str, pa.Check.isin(["USD", "EUR", "GBP", "JPY"])),
            "underlying": pa.Column(str, pa.Check.str_matches(r"^[A-Za-z0-9._\-]*$")),
            "number": pa.Column(float, [pa.Check.ne(0.0), pa.Check.in_range(-1e300, 1e300)]),
            "amount": pa.Column(float, pa.Check.in_range(0.0, 1e300)),
        },
        checks=[
            pa.Check(lambda data: data.lazyframe.select(_left_out("expiry", "ends", today))),
            pa.Check(lambda data: data.lazyframe.select(_left_out("maturity", "due", today))),
        ],
    )
    bad = pl.DataFrame(schema={"index": pl.Int32})
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as found:
        bad = found.failure_cases
    out = directory / "pandera"
    out.mkdir(exist_ok=True)
    rows = bad["index"].drop_nulls().unique().cast(pl.UInt32)
    numbered = frame.with_row_index("row")
    good = numbered.filter(~pl.col("row").is_in(rows.implode()))
    good.write_parquet(out / "positions.parquet", compression="zstd")
    numbered.filter(pl.col("row").is_in(rows.implode())).write_csv(out / "bad.csv")
    return len(good), len(frame) - len(good)


CONTENDERS: Mapping[str, Callable[[Path], Counts]] = {
    "riskmill": riskmill,
    "reconciled": reconciled,
    "duckdb": duckdb,
    "pandera": pandera,
}
NEEDS: Mapping[str, tuple[str, ...]] = {
    "riskmill": (),
    "reconciled": (),
    "duckdb": ("duckdb",),
    "pandera": ("pandera",),
}
"""Modules without which a contender is left out."""

_WORDS = (
    "equity", "equity_future", "commodity_future", "european_option", "american_option",
    "fx_forward", "fx_option", "fixed_rate_bond", "interest_rate_swap",
)  # fmt: skip
_SQL = (
    ("no book", "book IS NULL"),
    ("no quantity", "quantity IS NULL"),
    ("no number", "quantity IS NOT NULL AND TRY_CAST(quantity AS DOUBLE) IS NULL"),
    ("not finite", "NOT isfinite(TRY_CAST(quantity AS DOUBLE))"),
    ("zero", "TRY_CAST(quantity AS DOUBLE) = 0"),
    ("no notional", "notional IS NULL OR TRY_CAST(notional AS DOUBLE) IS NULL"),
    ("below zero", "TRY_CAST(notional AS DOUBLE) < 0"),
    ("no instrument", f"instrument NOT IN {_WORDS}"),
    ("no currency", "currency NOT IN ('USD', 'EUR', 'GBP', 'JPY')"),
    ("long", "length(book) > 64 OR length(position_id) > 64"),
    ("blank", "book <> trim(book)"),
    ("no name", "NOT regexp_full_match(underlying, '[A-Za-z0-9._-]*')"),
    ("no expiry", "expiry IS NOT NULL AND TRY_CAST(expiry AS DATE) IS NULL"),
    ("expired", f"TRY_CAST(expiry AS DATE) < DATE '{BUSINESS_DATE}'"),
    ("due", f"TRY_CAST(maturity AS DATE) <= DATE '{BUSINESS_DATE}'"),
)


def _left_out(text: str, day: str, today: object) -> object:
    import polars as pl

    return (pl.col(text) == "") | (pl.col(day) > today)


def _workspace(directory: Path) -> "Workspace":
    """A run of the batch in *directory*; nothing of earlier tries is left."""
    from riskmill.domain import RiskSpec
    from riskmill.ingestion import parse_batch_manifest
    from riskmill.pipeline import RunSpec, Workspace, plan
    from riskmill.runtime import ObstoreStore

    shutil.rmtree(directory / "out", ignore_errors=True)
    spec = RunSpec(
        manifest_sha256="0" * 64,
        batch=parse_batch_manifest((directory / "manifest.json").read_bytes()),
        code_version="0",
        compute="none",
        risk=RiskSpec(),
    )
    return Workspace(
        spec=spec,
        plan=plan(spec, 1),
        source=ObstoreStore.in_directory(directory),
        store=ObstoreStore.in_directory(directory / "out"),
    )

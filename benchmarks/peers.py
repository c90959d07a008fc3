<<<<<<< HEAD
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
=======
"""
The same work by riskmill and by others: python -m benchmarks.peers

European options, American options and swaps over scenarios, through riskmill's public
`revalue` and through QuantLib's pricing engines with quotes that move, which is how a
risk run is written with them. Values agree within the tolerances below, or the program
stops. Greeks are in neither.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import numpy as np
import QuantLib

from benchmarks.rounds import medians, print_machine, print_rates
from riskmill.domain import (
    AmericanOption,
    EuropeanOption,
    FloatArray,
    Instrument,
    InterestRateSwap,
    MarketSnapshot,
    Position,
    ScenarioSet,
)
from riskmill.risk import revalue

TODAY = date(2018, 12, 31)
NODES = ("1Y", "2Y", "5Y", "10Y", "30Y")
QUOTES = {
    "EQ:SPX": 2500.0,
    "YIELD:SPX": 0.02,
    **{f"IR:USD:{tenor}": 0.025 for tenor in NODES},
}
TOLERANCES = {"European options": 1e-9, "American options": 2e-6, "swaps": 1e-9}
"""Of spot, or of notional."""


def expiries() -> list[date]:
    return [TODAY + timedelta(days=90 * (1 + k)) for k in range(8)]


def market() -> MarketSnapshot:
    vols = {f"VOL:SPX:{day}:ATM": 0.2 + 0.01 * k for k, day in enumerate(expiries())}
    return MarketSnapshot(valuation_date=TODAY, quotes=QUOTES | vols)


def shaken(snapshot: MarketSnapshot, count: int) -> ScenarioSet:
    """Spot, yield and volatilities relative; the curve in parallel: QuantLib's is flat."""
    random = np.random.default_rng(3)
    levels = np.array(list(snapshot.quotes.values()))[:, np.newaxis]
    levels = levels * (1.0 + random.normal(0.0, 0.03, (len(levels), count)))
    rates = [number for number, name in enumerate(snapshot.quotes) if name.startswith("IR:")]
    levels[rates] = 0.025 + random.normal(0.0, 0.002, count)
    return ScenarioSet(
        name="shaken",
        labels=tuple(str(number) for number in range(count)),
        factors=tuple(snapshot.quotes),
        levels=levels,
    )


def options(kind: type[EuropeanOption] | type[AmericanOption], count: int) -> list[Instrument]:
    strikes, days = np.linspace(2000.0, 3000.0, count).tolist(), expiries()
    return [
        kind(
            currency="USD",
            underlying="SPX",
            option_type="put" if number % 2 else "call",
            strike=strike,
            expiry=days[number % len(days)],
            multiplier=1.0,
        )
        for number, strike in enumerate(strikes)
    ]


def swaps(count: int) -> list[Instrument]:
    """Ten years, quarterly against quarterly, from today; single curve."""
    return [
        InterestRateSwap(
            currency="USD",
            rate=rate,
            start=TODAY,
            maturity=date(2028, 12, 31),
            fixed_frequency_months=3,
            fixed_day_count="act/365",
            float_frequency_months=3,
            float_day_count="act/360",
            current_fixing=float("nan"),
        )
        for rate in np.linspace(0.01, 0.04, count).tolist()
    ]


def riskmill(held: list[Instrument], scenarios: ScenarioSet) -> FloatArray:
    positions = [
        Position(position_id=str(number), book="book", quantity=1.0, instrument=one)
        for number, one in enumerate(held)
    ]
    found = revalue(positions, market(), scenarios, currency="USD")
    assert not found.failures, found.failures[:1]
    return found.present_values[:, np.newaxis] + found.pnl


@contextmanager
def today() -> Iterator[QuantLib.Date]:
    QuantLib.Settings.instance().evaluationDate = QuantLib.Date.from_date(TODAY)
    yield QuantLib.Date.from_date(TODAY)


def quantlib_options(held: list[Instrument], scenarios: ScenarioSet) -> FloatArray:
    """One option object a position, one process an expiry, quotes that move."""
    row = dict(zip(scenarios.factors, scenarios.levels, strict=True))
    out = np.empty((len(held), len(scenarios)))
    count = QuantLib.Actual365Fixed()
    with today() as now:
        quotes = [QuantLib.SimpleQuote(0.1) for _ in range(4)]  # spot, rate, yield, volatility
        handles = [QuantLib.QuoteHandle(quote) for quote in quotes]
        process = QuantLib.BlackScholesMertonProcess(
            handles[0],
            QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(now, handles[2], count)),
            QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(now, handles[1], count)),
            QuantLib.BlackVolTermStructureHandle(
                QuantLib.BlackConstantVol(now, QuantLib.NullCalendar(), handles[3], count)
            ),
        )
        for i, one in enumerate(held):
            expiry = QuantLib.Date.from_date(one.expiry)
            side = QuantLib.Option.Call if one.option_type == "call" else QuantLib.Option.Put
            payoff = QuantLib.PlainVanillaPayoff(side, one.strike)
            if isinstance(one, AmericanOption):
                option = QuantLib.VanillaOption(payoff, QuantLib.AmericanExercise(now, expiry))
                option.setPricingEngine(QuantLib.QdFpAmericanEngine(process))
            else:
                option = QuantLib.VanillaOption(payoff, QuantLib.EuropeanExercise(expiry))
                option.setPricingEngine(QuantLib.AnalyticEuropeanEngine(process))
            names = ("EQ:SPX", "IR:USD:1Y", "YIELD:SPX", f"VOL:SPX:{one.expiry}:ATM")
            for s in range(len(scenarios)):
                for quote, name in zip(quotes, names, strict=True):
                    quote.setValue(float(row[name][s]))
                out[i, s] = option.NPV()
    return out


def quantlib_swaps(held: list[Instrument], scenarios: ScenarioSet) -> FloatArray:
    """VanillaSwap on one flat curve for forwards and discounting."""
    levels = scenarios.levels[scenarios.factors.index("IR:USD:1Y")].tolist()
    out = np.empty((len(held), len(scenarios)))
    with today() as now:
        rate = QuantLib.SimpleQuote(0.02)
        curve = QuantLib.YieldTermStructureHandle(
            QuantLib.FlatForward(now, QuantLib.QuoteHandle(rate), QuantLib.Actual365Fixed())
        )
        calendar, quarter = QuantLib.NullCalendar(), QuantLib.Period(3, QuantLib.Months)
        index = QuantLib.IborIndex(
            "flat", quarter, 0, QuantLib.USDCurrency(), calendar, QuantLib.Unadjusted, False,
            QuantLib.Actual360(), curve,
        )  # fmt: skip
        engine = QuantLib.DiscountingSwapEngine(curve)
        for i, one in enumerate(held):
            first, last = (QuantLib.Date.from_date(day) for day in (one.start, one.maturity))
            rule, own = QuantLib.DateGeneration.Backward, QuantLib.Unadjusted
            schedule = QuantLib.Schedule(first, last, quarter, calendar, own, own, rule, False)
            swap = QuantLib.VanillaSwap(
                QuantLib.Swap.Receiver, 1.0, schedule, one.rate, QuantLib.Actual365Fixed(),
                schedule, index, 0.0, QuantLib.Actual360(),
            )  # fmt: skip
            swap.setPricingEngine(engine)
            for s, level in enumerate(levels):
                rate.setValue(level)
                out[i, s] = swap.NPV()
    return out


Peer = Callable[[list[Instrument], ScenarioSet], FloatArray]


def compare(positions: int, scenarios: int, rounds: int) -> dict[str, float]:
    """How many times as fast as QuantLib riskmill is, by kind; values have to agree."""
    moves, few = shaken(market(), scenarios), max(positions // 100, 3)
    kinds: dict[str, tuple[Callable[[int], list[Instrument]], Peer, float]] = {
        "European options": (lambda n: options(EuropeanOption, n), quantlib_options, 2500.0),
        "American options": (lambda n: options(AmericanOption, n), quantlib_options, 2500.0),
        "swaps": (swaps, quantlib_swaps, 1.0),
    }
    times = {}
    for kind, (make, peer, size) in kinds.items():
        held, its = make(positions), make(few)
        error = np.abs(riskmill(its, moves) - peer(its, moves)).max() / size
        assert error < TOLERANCES[kind], (kind, error)
        contestants = {
            "riskmill revalue": lambda held=held: riskmill(held, moves),
            "QuantLib engine": lambda its=its, peer=peer: peer(its, moves),
        }
        seconds = medians(contestants, rounds)
        counts = {"riskmill revalue": positions * scenarios, "QuantLib engine": few * scenarios}
        print_rates(f"{kind}, agreeing to {error:.0e}", counts, seconds)
        ours, theirs = (counts[name] / seconds[name] for name in contestants)
        times[kind] = ours / theirs
    return times


def main() -> None:
    print_machine("QuantLib")
    compare(int((*sys.argv[1:], "2000")[0]), 500, 3)


if __name__ == "__main__":
    main()
>>>>>>> americans

"""
How fast a whole book is measured: `python -m benchmarks.book [positions] [scenarios] [partitions]`.

The book is 60 % European options, 20 % linear products, 15 % swaps and 5 % American options in
fifty books. Timed is what a run does between the reconciled batch in Parquet and the figures of
every portfolio: every task of the waves `value` and `measure`, on two threads, from a directory
and into it. Printed are wall and processor seconds, largest memory, valuations a second, and what
a million valuations cost at the list price of Fargate for the processor seconds spent.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from benchmarks.rounds import dollars_a_million
from riskmill.domain import (
    DATE_COLUMNS,
    NUMBER_COLUMNS,
    TEXT_COLUMNS,
    BatchFile,
    BatchManifest,
    BatchPolicy,
    FactorHistory,
    FloatArray,
    Hierarchy,
    Labels,
    MarketData,
    MarketSnapshot,
    Portfolio,
    PositionTable,
    RiskSpec,
)
from riskmill.ingestion import AcceptedBatch
from riskmill.pipeline import RunSpec, Workspace, perform, plan
from riskmill.pipeline.accepted import encode_batch
from riskmill.pipeline.artefacts import store_outputs
from riskmill.risk import configure_kernels
from riskmill.runtime import ObstoreStore

TODAY = date(2018, 12, 31)
BOOKS = tuple(f"BOOK-{n:02d}" for n in range(50))
SHARES = tuple(f"S{n:03d}" for n in range(200))
CURRENCIES = ("USD", "EUR", "GBP", "JPY")
TENORS = ("1M", "3M", "6M", "1Y", "2Y", "5Y", "10Y", "30Y")
EXPIRIES = tuple(TODAY + timedelta(days=days) for days in (18, 46, 74, 165, 256, 347, 529, 711))
MIX = (
    ("european_option", 0.60),
    ("equity", 0.08),
    ("equity_future", 0.04),
    ("fx_forward", 0.04),
    ("fixed_rate_bond", 0.04),
    ("interest_rate_swap", 0.15),
    ("american_option", 0.05),
)
PAIRS = ("EURUSD", "GBPUSD", "USDJPY")


def main() -> None:
    positions, scenarios, partitions = (
        int(text) for text in (*sys.argv[1:], *("1000000", "500", "0")[len(sys.argv) - 1 :])
    )
    configure_kernels(str(Path(tempfile.gettempdir()) / "riskmill-benchmark-kernels"), "host")
    with tempfile.TemporaryDirectory() as directory:
        workspace = prepared(Path(directory), positions, scenarios, partitions)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        with timed() as spent:
            carry_out(workspace)
    valuations = positions * scenarios
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{positions:,} positions x {scenarios} scenarios")
    print(f"wall {spent[0]:.1f} s, processor {spent[1]:.1f} s, {memory:.0f} MB ({before:.0f} MB of")
    print("them before the first task, for making the book)")
    print(f"{valuations / spent[0] / 1e6:.1f} M valuations a second")
    print(f"{dollars_a_million(valuations / spent[1]):.2e} US dollars a million valuations")


@contextmanager
def timed() -> Iterator[list[float]]:
    """Wall and processor seconds of what is done inside."""
    spent: list[float] = []
    wall, processor = time.perf_counter(), time.process_time()
    yield spent
    spent += [time.perf_counter() - wall, time.process_time() - processor]


def carry_out(workspace: Workspace) -> None:
    """Do the tasks of the risk stage, those of a wave on two threads."""
    with ThreadPoolExecutor(2) as threads:
        for wave in workspace.plan.waves:
            if wave.stage == "risk":
                start = time.perf_counter()
                list(threads.map(lambda task: perform(task, workspace), wave.tasks))
                seconds = time.perf_counter() - start
                print(f"  {wave.name:8} {len(wave.tasks):5} tasks {seconds:7.1f} s")


def prepared(directory: Path, positions: int, scenarios: int, partitions: int) -> Workspace:
    """A run whose batch is reconciled; *partitions* is 0 for as many as riskmill would make."""
    from riskmill.pipeline import default_partitions

    spec = RunSpec(
        manifest_sha256="0" * 64,
        batch=manifest(positions),
        code_version="0",
        compute="none",
        risk=RiskSpec(scenarios=scenarios),
    )
    laid_out = plan(spec, partitions or default_partitions(spec))
    store = ObstoreStore.in_directory(directory)
    workspace = Workspace(spec=spec, plan=laid_out, source=store, store=store)
    (task,) = laid_out.of_wave("ingestion", "reconcile")
    store_outputs(
        store,
        run_id=spec.run_id,
        task_id=task.task_id,
        artefacts=encode_batch(batch(positions, scenarios)),
        published={},
    )
    return workspace


def manifest(positions: int) -> BatchManifest:
    file = BatchFile(name="positions.csv", dataset="positions", sha256="", size=0, rows=positions)
    return BatchManifest(
        business_date=TODAY,
        snapshot="EOD",
        version="v001",
        supersedes="",
        as_of="2018-12-31T22:00:00Z",
        reporting_currency="USD",
        policy=BatchPolicy(),
        files=(file,),
    )


def batch(positions: int, scenarios: int) -> AcceptedBatch:
    quotes = levels()
    return AcceptedBatch(
        positions=table(positions),
        market=MarketData(
            snapshot=MarketSnapshot(valuation_date=TODAY, quotes=quotes),
            history=history(quotes, scenarios + 1),
        ),
        hierarchy=Hierarchy(
            (
                Portfolio(name="FIRM", level="firm", parent=""),
                Portfolio(name="LINE", level="business_line", parent="FIRM"),
                *(Portfolio(name=f"DESK-{n}", level="desk", parent="LINE") for n in range(5)),
                *(
                    Portfolio(name=book, level="book", parent=f"DESK-{n % 5}")
                    for n, book in enumerate(BOOKS)
                ),
            )
        ),
        limits=(),
        failures=(),
        inputs=(),
    )


def levels() -> dict[str, float]:
    """Spots, yields, volatilities by expiry, curves and exchange rates."""
    quotes: dict[str, float] = {"FX:EURUSD": 1.146, "FX:GBPUSD": 1.275, "FX:USDJPY": 109.7}
    for n, share in enumerate(SHARES):
        quotes[f"EQ:{share}"] = 50.0 + n
        quotes[f"YIELD:{share}"] = 0.01 + 0.0001 * n
        for m, expiry in enumerate(EXPIRIES):
            quotes[f"VOL:{share}:{expiry}:ATM"] = 0.15 + 0.001 * n + 0.005 * m
    for n, currency in enumerate(CURRENCIES):
        for m, tenor in enumerate(TENORS):
            quotes[f"IR:{currency}:{tenor}"] = 0.005 * n + 0.002 * m
    return quotes


def history(quotes: dict[str, float], days: int) -> FactorHistory:
    """A random walk of every factor that ends at its quote."""
    draws = np.random.default_rng(7)
    factors = tuple(quotes)
    ends = np.array([quotes[factor] for factor in factors])
    rates = np.array([factor.startswith(("IR:", "YIELD:")) for factor in factors])
    scale = np.array([0.04 if factor.startswith("VOL:") else 0.01 for factor in factors])
    moves = draws.standard_normal((days, len(factors)))
    back = np.cumsum(moves[::-1], axis=0)[::-1] - moves[-1]
    values = np.where(rates, ends - 0.0004 * back, ends * np.exp(-0.2 * scale * back))
    dates = tuple(TODAY - timedelta(days=n) for n in reversed(range(days)))
    return FactorHistory(dates=dates, factors=factors, values=values)


def table(positions: int) -> PositionTable:
    """The book, sorted as a reconciled batch is."""
    draws = np.random.default_rng(11)
    words = tuple(sorted(word for word, _ in MIX))
    shares = np.array([dict(MIX)[word] for word in words])
    instrument = draws.choice(len(words), positions, p=shares / shares.sum()).astype(np.int32)
    book = draws.integers(0, len(BOOKS), positions).astype(np.int32)
    order = np.lexsort((instrument, book))
    return columns(words, instrument[order], book[order], draws)


def columns(
    words: tuple[str, ...],
    instrument: np.ndarray[tuple[int], np.dtype[np.int32]],
    book: np.ndarray[tuple[int], np.dtype[np.int32]],
    draws: np.random.Generator,
) -> PositionTable:
    count = len(instrument)
    kind = np.array(words)[instrument]
    swap, bond, forward = (
        kind == word for word in ("interest_rate_swap", "fixed_rate_bond", "fx_forward")
    )
    share = draws.integers(0, len(SHARES), count)
    spot = 50.0 + share
    dated = np.array(EXPIRIES, dtype="datetime64[D]")[draws.integers(0, len(EXPIRIES), count)]
    rated = swap | bond
    start = np.datetime64(TODAY) - draws.integers(1, 360, count).astype("timedelta64[D]")
    years = draws.integers(2, 11, count)
    maturity = (start.astype("datetime64[M]") + 12 * years).astype("datetime64[D]") + (
        start - start.astype("datetime64[M]").astype("datetime64[D]")
    ).clip(np.timedelta64(0, "D"), np.timedelta64(27, "D"))
    never = np.datetime64("NaT", "D")
    pair = draws.integers(0, len(PAIRS), count)
    currency = np.where(forward, np.array([0, 0, 3])[pair], 0)
    currency = np.where(rated, draws.integers(0, 4, count), currency)
    nan = np.nan
    return PositionTable(
        position_id=np.array([f"P{n:08d}" for n in range(count)], dtype=object),
        texts=texts(
            count,
            book=(book, BOOKS),
            instrument=(instrument, words),
            currency=(currency, CURRENCIES),
            underlying=(
                np.where(rated, -1, np.where(forward, len(SHARES) + pair, share)),
                (*SHARES, *PAIRS),
            ),
            option_type=(draws.integers(0, 2, count), ("call", "put")),
            fixed_day_count=(np.where(rated, 0, -1), ("30/360",)),
            float_day_count=(np.where(swap, 0, -1), ("act/360",)),
        ),
        numbers=numbers(
            count,
            quantity=np.where(rated, 1e6, 10.0) * draws.choice([-1.0, 1.0], count),
            multiplier=np.where(np.isin(kind, ("european_option", "american_option")), 100.0, 1.0),
            strike=np.where(forward, 1.1, np.round(spot * draws.uniform(0.8, 1.2, count), 2)),
            price=np.where(kind == "equity_future", spot, nan),
            rate=np.where(rated, np.round(draws.uniform(0.0, 0.04, count), 5), nan),
            current_fixing=np.where(swap, 0.01, nan),
            fixed_frequency_months=np.where(rated, 6.0, nan),
            float_frequency_months=np.where(swap, 3.0, nan),
            notional=np.full(count, 1e6),
        ),
        dates={
            **dict.fromkeys(DATE_COLUMNS, np.full(count, never)),
            "expiry": np.where(rated | (kind == "equity"), never, dated),
            "start": np.where(rated, start, never),
            "maturity": np.where(rated, maturity, never),
        },
    )


def texts(count: int, **given: tuple[object, tuple[str, ...]]) -> dict[str, Labels]:
    """Given columns by their codes and words; the others are empty."""
    empty = (np.full(count, -1), ())
    return {
        name: Labels(np.asarray(codes, dtype=np.int32), words)
        for name in TEXT_COLUMNS
        for codes, words in [given.get(name, empty)]
    }


def numbers(count: int, **given: FloatArray) -> dict[str, FloatArray]:
    """Given columns; the others are empty."""
    return {name: given.get(name, np.full(count, np.nan)) for name in NUMBER_COLUMNS}


if __name__ == "__main__":
    main()

import csv
import hashlib
import json
import math
import subprocess
import sys
from collections import Counter
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from riskmill.domain import INSTRUMENTS, LEVELS, RiskClass, parse_factor, tenor_days
from riskmill.ingestion import ingest_file, parse_batch_manifest, reconcile

DEMO = Path(__file__).resolve().parents[2] / "examples" / "demo-bank"
INPUT = DEMO / "input"
VALUATION_DATE = date(2018, 12, 31)
TEXT_FILES = (
    "positions.csv", "market.csv", "proxies.csv", "scenarios.csv", "hierarchy.csv", "limits.csv",
)  # fmt: skip
STATED_COUNTS = {
    "equity": 20, "equity_future": 3, "european_option": 96, "american_option": 240,
    "commodity_future": 4, "fx_forward": 30, "fx_option": 30, "fixed_rate_bond": 8,
    "interest_rate_swap": 96,
}  # fmt: skip
BAD_IDS = (
    "STO-990001", "IXO-990002", "STO-990003", "IXO-990004", "EQC-990005", "FXF-990007",
    "STO-990008", "IRS-990009",
)  # fmt: skip


def read(name: str) -> list[dict[str, str]]:
    with (INPUT / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, restkey="beyond", restval=""))


POSITIONS = read("positions.csv")
QUOTES = {quote["factor"]: float(quote["value"]) for quote in read("market.csv")}
PROXIES = read("proxies.csv")
HISTORY = pl.read_parquet(INPUT / "history.parquet")
MANIFEST = json.loads((INPUT / "manifest.json").read_bytes())


def good_positions() -> list[dict[str, str]]:
    """Rows without the bad ones; the second row of a repeated id is the bad one."""
    first = {row["position_id"]: row for row in reversed(POSITIONS)}
    return [row for name, row in reversed(first.items()) if name not in BAD_IDS]


def bad(position_id: str) -> dict[str, str]:
    return next(row for row in POSITIONS if row["position_id"] == position_id)


def factors_of(row: dict[str, str]) -> set[str]:
    """Factors that the position's value depends on, written from the instruments' terms."""
    name, currency = row["underlying"], row["currency"]
    curve = {factor for factor in QUOTES if factor.startswith(f"IR:{currency}:")} or {"no curve"}
    strikes = {f"VOL:{name}:{row['expiry']}:{row['strike']}", f"VOL:{name}:{row['expiry']}:ATM"}
    volatility = strikes & QUOTES.keys() or strikes
    match row["instrument"]:
        case "equity":
            return {f"EQ:{name}"}
        case "equity_future":
            return {f"EQ:{name}", f"YIELD:{name}"} | curve
        case "commodity_future":
            return {f"CO:{name}", f"YIELD:{name}"} | curve
        case "european_option" | "american_option":
            return {f"EQ:{name}", f"YIELD:{name}"} | curve | volatility
        case "fx_forward" | "fx_option":
            foreign = {factor for factor in QUOTES if factor.startswith(f"IR:{name[:3]}:")}
            option = volatility if row["instrument"] == "fx_option" else set()
            return {f"FX:{name}"} | curve | (foreign or {"no curve"}) | option
        case _:
            return curve


def test_building_again_gives_the_same_text_and_the_same_history(tmp_path: Path) -> None:
    for target in (tmp_path / "one", tmp_path / "two"):
        subprocess.run([sys.executable, str(DEMO / "build.py"), str(target)], check=True)
    for name in (*TEXT_FILES, "history.parquet", "manifest.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    for name in TEXT_FILES:
        assert (tmp_path / "one" / name).read_bytes() == (INPUT / name).read_bytes(), name
    # Parquet names the library that wrote it: across versions of it only the content is the same.
    assert pl.read_parquet(tmp_path / "one" / "history.parquet").equals(HISTORY)


def test_the_manifest_announces_every_file_as_it_is() -> None:
    announced = {entry["name"]: entry for entry in MANIFEST["files"]}
    assert set(announced) == {*TEXT_FILES, "history.parquet"}
    for name, entry in announced.items():
        content = (INPUT / name).read_bytes()
        assert entry["sha256"] == hashlib.sha256(content).hexdigest(), name
        assert entry["bytes"] == len(content), name
        rows = HISTORY.height if name == "history.parquet" else len(content.splitlines()) - 1
        assert entry["rows"] == rows, name


def test_control_totals_are_the_notional_of_every_readable_row() -> None:
    totals: dict[str, Decimal] = {}
    for row in POSITIONS:
        if row["currency"] and "beyond" not in row:
            before = totals.get(row["currency"], Decimal(0))
            totals[row["currency"]] = before + Decimal(row["notional"])
    announced = MANIFEST["files"][0]["control_totals"]
    assert announced == {name: str(total) for name, total in sorted(totals.items())}


def test_there_are_as_many_good_positions_of_each_instrument_as_stated() -> None:
    assert Counter(row["instrument"] for row in good_positions()) == STATED_COUNTS


def test_index_options_are_six_expiries_by_eight_strikes_by_call_and_put() -> None:
    terms = Counter(
        (row["expiry"], row["strike"], row["option_type"])
        for row in good_positions()
        if row["instrument"] == "european_option"
    )
    assert set(terms.values()) == {1}
    assert [len(set(part)) for part in zip(*terms, strict=True)] == [6, 8, 2]


def test_stock_options_are_twelve_on_each_of_twenty_stocks() -> None:
    options = [row for row in good_positions() if row["instrument"] == "american_option"]
    shares = [row for row in good_positions() if row["instrument"] == "equity"]
    assert set(Counter(row["underlying"] for row in options).values()) == {12}
    assert {row["underlying"] for row in options} == {row["underlying"] for row in shares}


def test_swaps_are_thirty_two_in_each_of_three_currencies() -> None:
    swaps = [row for row in good_positions() if row["instrument"] == "interest_rate_swap"]
    assert Counter(row["currency"] for row in swaps) == {"USD": 32, "EUR": 32, "GBP": 32}
    for swap in swaps:
        started = date.fromisoformat(swap["start"]) < VALUATION_DATE
        assert bool(swap["current_fixing"]) is started, swap["position_id"]


def test_no_swap_outlives_its_curve() -> None:
    for swap in good_positions():
        if swap["instrument"] == "interest_rate_swap":
            nodes = [f for f in QUOTES if f.startswith(f"IR:{swap['currency']}:")]
            longest = max(tenor_days(parse_factor(node).tenor) for node in nodes)
            left = (date.fromisoformat(swap["maturity"]) - VALUATION_DATE).days
            assert left <= longest + 31, swap["position_id"]


def test_every_good_position_fills_the_terms_of_its_instrument() -> None:
    for row in good_positions():
        terms = fields(INSTRUMENTS[row["instrument"]])
        needed = [term.name for term in terms if term.default is MISSING]
        assert [name for name in needed if not row[name]] == [], row["position_id"]
        assert float(row["quantity"]) != 0.0


def test_every_factor_of_every_good_position_is_quoted() -> None:
    for row in good_positions():
        assert factors_of(row) - QUOTES.keys() == set(), row["position_id"]


def test_every_quoted_factor_has_a_history_or_a_proxy() -> None:
    rules = [rule["factor"] for rule in PROXIES]
    for factor in QUOTES.keys() - set(HISTORY.columns):
        assert any(factor.startswith(rule.removesuffix("*")) for rule in rules), factor


def test_a_factor_without_a_history_of_its_own_shows_as_proxied() -> None:
    proxied = {quote["factor"] for quote in read("market.csv") if quote["status"] == "proxied"}
    assert proxied == QUOTES.keys() - set(HISTORY.columns)


def test_a_proxy_is_a_factor_of_the_history_and_says_why() -> None:
    for rule in PROXIES:
        assert rule["proxy"] in {"none", *HISTORY.columns}
        assert rule["reason"]
        assert 0.0 < float(rule["beta"]) <= 1.0


def test_the_history_is_the_published_one_under_other_names() -> None:
    published = pl.read_parquet(DEMO / "source" / "risk_factor_history_2014_2018.parquet")
    assert HISTORY["date"].to_list() == published["date"].cast(pl.Date).to_list()
    for ours, theirs in (("EQ:AAPL", "AAPL"), ("IR:EUR:10Y", "EUR_10Y"), ("FX:USDJPY", "USDJPY")):
        assert HISTORY[ours].to_list() == published[theirs].to_list()
    points = published["VIX"].to_numpy()
    np.testing.assert_allclose(HISTORY["VOL:VIX"].to_numpy(), points / 100.0, rtol=1e-12)
    assert len(HISTORY.columns) == len(published.columns) == 59


def test_observed_quotes_are_the_last_values_of_the_history() -> None:
    for factor in set(HISTORY.columns) - {"date"}:
        assert QUOTES[factor] == HISTORY[factor][-1], factor


def test_books_of_good_positions_are_in_a_hierarchy_of_four_levels() -> None:
    rows = read("hierarchy.csv")
    level = {row["portfolio"]: row["level"] for row in rows}
    assert len(level) == len(rows)
    for row in rows:
        above = LEVELS.index(row["level"]) - 1
        assert (level[row["parent"]] == LEVELS[above]) if row["parent"] else above == -1
    books = {name for name, kind in level.items() if kind == "book"}
    assert {row["book"] for row in good_positions()} == books


def test_limits_are_on_portfolios_that_exist() -> None:
    portfolios = {row["portfolio"] for row in read("hierarchy.csv")}
    for limit in read("limits.csv"):
        assert limit["portfolio"] in portfolios
        assert bool(limit["confidence"]) is (
            limit["measure"] in ("value_at_risk", "expected_shortfall")
        )


def test_every_stress_shocks_something() -> None:
    rows = read("scenarios.csv")
    for row in rows:
        pattern = row["factor"]
        assert any(
            f == pattern or (pattern.endswith("*") and f.startswith(pattern[:-1])) for f in QUOTES
        ), row
    assert len({row["scenario"] for row in rows}) == 10


@pytest.mark.parametrize(
    ("position_id", "column", "cell"),
    [
        ("STO-990001", "book", "STK-ASIA"),
        ("IXO-990002", "strike", "-2450"),
        ("STO-990003", "quantity", "two hundred"),
        ("IXO-990004", "expiry", "2018-12-21"),
        ("EQC-990005", "currency", ""),
        ("FXF-990007", "instrument", "variance_swap"),
        ("STO-990008", "beyond", ["checked by hand"]),
        ("IRS-990009", "maturity", "2023-02-30"),
    ],
)
def test_each_bad_row_is_there_with_its_one_fault(
    position_id: str, column: str, cell: object
) -> None:
    assert bad(position_id)[column] == cell


def test_one_position_id_is_used_twice() -> None:
    repeated = [n for n, k in Counter(row["position_id"] for row in POSITIONS).items() if k > 1]
    assert len(repeated) == 1
    assert len(POSITIONS) == sum(STATED_COUNTS.values()) + len(BAD_IDS) + len(repeated)


def test_ingestion_accepts_the_good_rows_and_rejects_each_bad_one_for_its_own_reason() -> None:
    manifest = parse_batch_manifest((INPUT / "manifest.json").read_bytes())
    staged = [ingest_file(f, (INPUT / f.name).read_bytes(), manifest) for f in manifest.files]
    batch = reconcile(manifest, staged)
    assert set(batch.positions.position_id) == {row["position_id"] for row in good_positions()}
    assert [(failure.code, failure.column) for failure in batch.failures] == [
        ("E113", "expiry"),
        ("E109", "strike"),
        ("E201", "book"),
        ("E107", "quantity"),
        ("E106", "currency"),
        ("E101", ""),
        ("E112", "maturity"),
        ("E117", "instrument"),
        ("E119", "position_id"),
        ("W315", "as_of"),
    ]


def test_bad_rows_stay_within_the_policy_of_the_manifest() -> None:
    policy = MANIFEST["policy"]
    assert len(POSITIONS) - len(good_positions()) <= policy["max_bad_rows"]
    for currency, total in MANIFEST["files"][0]["control_totals"].items():
        kept = sum(Decimal(r["notional"]) for r in good_positions() if r["currency"] == currency)
        assert 1 - kept / Decimal(total) <= policy["max_bad_notional_pct"] / 100


def index_smiles() -> dict[date, list[tuple[float, float]]]:
    """Expiry to strikes, ascending, and volatilities."""
    smiles: dict[date, list[tuple[float, float]]] = {}
    for factor_id, volatility in QUOTES.items():
        factor = parse_factor(factor_id)
        if factor.risk_class is RiskClass.VOLATILITY and factor.name == "SPX":
            assert factor.expiry is not None
            assert factor.strike is not None
            smiles.setdefault(factor.expiry, []).append((factor.strike, volatility))
    return {expiry: sorted(smile) for expiry, smile in sorted(smiles.items())}


def test_no_call_spread_and_no_butterfly_on_the_index_is_free() -> None:
    for expiry, smile in index_smiles().items():
        years = (expiry - VALUATION_DATE).days / 365.0
        strikes = np.array([strike for strike, _ in smile])
        calls = np.array([forward_call(years, strike, volatility) for strike, volatility in smile])
        slopes = np.diff(calls) / np.diff(strikes)
        assert (slopes > -1.0).all()
        assert (slopes < 0.0).all()
        assert (np.diff(slopes) > 0.0).all()


def test_total_variance_of_the_index_rises_with_expiry_at_every_strike() -> None:
    variances = [
        [volatility**2 * (expiry - VALUATION_DATE).days for _, volatility in smile]
        for expiry, smile in index_smiles().items()
    ]
    assert (np.diff(np.array(variances), axis=0) > 0.0).all()


def forward_call(years: float, strike: float, volatility: float) -> float:
    """Black's undiscounted call on SPX."""
    carry = QUOTES["IR:USD:3M"] - QUOTES["YIELD:SPX"]
    forward = QUOTES["EQ:SPX"] * math.exp(carry * years)
    deviation = volatility * math.sqrt(years)
    d1 = math.log(forward / strike) / deviation + deviation / 2.0
    return forward * normal(d1) - strike * normal(d1 - deviation)


def normal(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2.0))

"""Checks of histories: they find what is planted, and leave quiet series alone."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from riskmill.domain import FactorHistory, Failure
from riskmill.ingestion import AcceptedBatch
from riskmill.ingestion.quality.examined import business_days_after, moves_of
from tests.ingestion.deliveries import HISTORY, MARKET, batch, quiet, weekdays


def _found(files: Mapping[str, str], code: str) -> list[Failure]:
    return [f for f in batch(files).failures if f.code == code]


def _codes(found: AcceptedBatch) -> set[str]:
    return {failure.code for failure in found.failures}


def _history(*columns: str, values: list[tuple[float, ...]]) -> str:
    days = weekdays(len(values))
    rows = (
        ",".join([day.isoformat(), *map(repr, row)]) for day, row in zip(days, values, strict=True)
    )
    return "\n".join([",".join(["date", *columns]), *rows]) + "\n"


def test_a_quiet_history_has_no_finding() -> None:
    assert _codes(batch(quiet(260))) == set()


@pytest.mark.parametrize(("still", "found"), [(5, []), (6, ["EQ:AAPL"])])
def test_a_factor_is_stale_after_five_moves_of_zero(still: int, found: list[str]) -> None:
    files = quiet(60, {f"still_{60 - still}": str(still)})
    assert [f.subject for f in _found(files, "W302")] == found


def test_a_stale_factor_says_since_when() -> None:
    (failure,) = _found(quiet(60, {"still_50": "10"}), "W302")
    assert f"since {weekdays(60)[50]}, over 9 moves" in failure.message


def test_a_flat_stretch_names_its_first_and_last_date() -> None:
    (failure,) = _found(quiet(60, {"still_20": "21"}), "W316")
    days = weekdays(60)
    assert f"from {days[20]} to {days[40]}, 20 moves" in failure.message
    assert _found(quiet(60, {"still_20": "20"}), "W316") == []


def test_a_flat_end_is_stale_and_no_stretch() -> None:
    assert _codes(batch(quiet(60, {"still_30": "30"}))) == {"W302"}


def test_a_jump_on_the_last_date_is_told_once() -> None:
    (failure,) = _found(quiet(60, {"last": "120"}), "W307")
    assert (failure.file, failure.subject, failure.value) == ("history.csv", "EQ:AAPL", "120.0")


def test_a_jump_into_the_snapshot_names_the_market_row() -> None:
    files = quiet(60)
    files["market"] = files["market"].replace(files["market"].split(",")[6], "1000", 1)
    found = batch(files)
    assert _codes(found) == {"W301", "W307"}
    (jump,) = [f for f in found.failures if f.code == "W307"]
    assert (jump.file, jump.record, jump.line, jump.column) == ("market.csv", 1, 2, "value")


def test_a_snapshot_after_the_history_is_compared_with_its_last_date() -> None:
    files = quiet(60, {"last": "100.5"})
    files["history"] = "\n".join(files["history"].splitlines()[:-1]) + "\n"
    assert _codes(batch(files)) == {"W305"}
    files["market"] = files["market"].replace("100.5", "170.5")
    assert _codes(batch(files)) == {"W305", "W307"}


def test_a_level_that_stays_is_a_break_and_no_spike() -> None:
    (failure,) = _found(quiet(60, {"from_30": "400"}), "W309")
    assert str(weekdays(60)[30]) in failure.message
    assert _codes(batch(quiet(60, {"from_30": "400"}))) == {"W309"}


def test_a_factor_of_few_dates_has_no_usual_move() -> None:
    assert _codes(batch(quiet(20, {"last": "500"}))) == set()


def test_a_rate_that_moves_in_steps_is_measured_by_its_standard_deviation() -> None:
    steps = [(0.01 + 0.0025 * (n // 90),) for n in range(400)]
    files = {"history": _history("IR:USD:1Y", values=steps), "market": MARKET}
    files |= {"proxies": "factor,proxy,beta,reason\n"}
    assert not _codes(batch(files)) & {"W308", "W309"}


def test_moves_are_in_the_shock_kind_of_their_class() -> None:
    history = FactorHistory(
        dates=tuple(weekdays(2)),
        factors=("EQ:A", "VOL:A", "IR:A:1Y", "YIELD:A"),
        values=np.array([[1.0, 0.2, 0.01, 0.02], [2.0, 0.3, -0.01, 0.01]]),
    )
    np.testing.assert_allclose(moves_of(history).values, [[np.log(2.0), 0.5, -0.02, -0.01]])


@pytest.mark.parametrize(
    ("last", "codes"), [("2018-12-26", []), ("2018-12-25", ["W310"]), ("2018-12-21", ["W310"])]
)
def test_more_than_two_weekdays_in_a_row_are_missed(last: str, codes: list[str]) -> None:
    history = HISTORY.replace("2018-12-28", last)
    assert [f.code for f in batch({"history": history}).failures] == codes


def test_only_the_longest_gap_is_told_and_the_others_counted() -> None:
    rows = ["2018-10-01,1", "2018-10-20,2", "2018-12-01,3", "2018-12-31,157.74"]
    (failure,) = _found({"history": "date,EQ:AAPL\n" + "\n".join(rows) + "\n"}, "W310")
    assert "between 2018-10-20 and 2018-12-01" in failure.message
    assert "longest of 3" in failure.message


def test_a_weekend_is_no_gap() -> None:
    assert business_days_after(_day("2018-12-28"), _day("2018-12-31")) == 1
    assert business_days_after(_day("2018-12-28"), _day("2018-12-30")) == 0
    assert business_days_after(_day("2018-12-31"), _day("2018-12-28")) == 0


@settings(max_examples=40, deadline=None)
@given(st.integers(5, 54), st.floats(1.2, 1e6), st.booleans())
def test_a_planted_wrong_value_is_found_wherever_it_stands(
    row: int, times: float, down: bool
) -> None:
    value = 100.0 / times if down else 100.0 * times
    found = batch(quiet(60, {f"at_{row}": repr(value)})).failures
    (failure,) = [f for f in found if f.code == "W308"]
    assert {f.code for f in found} == {"W308"}
    assert str(weekdays(60)[row]) in failure.message


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.floats(allow_nan=False, allow_infinity=False).map(lambda x: abs(x) or 1.0),
        min_size=2,
        max_size=40,
    )
)
def test_no_finite_history_makes_a_check_fall_over(levels: list[float]) -> None:
    values = [(level, -level, level) for level in levels]
    history = _history("EQ:AAPL", "IR:USD:1Y", "VOL:VIX", values=values)
    quotes = f"VOL:VIX:2019-03-15:ATM,{levels[0]!r},x,x,2018-12-31T21:00:00Z,observed\n"
    quotes += f"VOL:VIX:2019-06-15:20,{levels[-1]!r},x,x,2018-12-31T21:00:00Z,observed\n"
    quotes += f"VOL:VIX:2019-06-15:30,{levels[0]!r},x,x,2018-12-31T21:00:00Z,observed\n"
    quotes += f"EQ:VIX,{levels[1]!r},x,x,2018-12-31T21:00:00Z,observed\n"
    quotes += f"IR:USD:2Y,{-levels[1]!r},x,x,2018-12-31T21:00:00Z,observed\n"
    found = batch({"history": history, "market": MARKET + quotes})
    assert all(failure.message for failure in found.failures)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([0.0, 0.0, 0.0, 1.0]), min_size=8, max_size=60))
def test_stale_ends_and_flat_stretches_are_those_that_a_loop_finds(steps: list[float]) -> None:
    levels = np.cumsum(np.array(steps) * 0.001).tolist()
    history = _history("IR:EUR:1Y", values=[(level,) for level in levels])
    files = {"history": history, "market": MARKET, "proxies": "factor,proxy,beta,reason\n"}
    runs, run = [], 0
    for before, after in pairwise(levels):
        run = run + 1 if before == after else 0
        runs.append(run)
    assume(len(levels) > 6)
    found = _codes(batch(files))
    moved = [n for n, length in enumerate(runs) if length == 0]
    inner = runs[: moved[-1] + 1] if moved else []
    assert ("W302" in found) == (runs[-1] >= 5)
    assert ("W316" in found) == (max(inner, default=0) >= 20)


def _day(text: str) -> date:
    return date.fromisoformat(text)

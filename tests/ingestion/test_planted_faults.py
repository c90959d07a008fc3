"""Faults planted in good rows: none gets through, no good row is lost."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmill.domain import INSTRUMENTS, PositionTable, Severity
from riskmill.ingestion import CODES, StagedFile
from tests.ingestion.deliveries import COLUMNS, GOOD_ROWS, Row, staged, table
from tests.ingestion.writers import WRITERS

OPTIONS = ("european_option", "american_option", "fx_option")
WITH_EXPIRY = (*OPTIONS, "equity_future", "commodity_future", "fx_forward")
LEGS = ("fixed_rate_bond", "interest_rate_swap")
ANY = tuple(INSTRUMENTS)

Plant = tuple[str, tuple[str, ...], Mapping[str, str]]
PLANTS: tuple[Plant, ...] = (
    ("E106", ANY, {"book": ""}),
    ("E106", ANY, {"quantity": ""}),
    ("E106", OPTIONS, {"strike": ""}),
    ("E106", LEGS, {"rate": ""}),
    ("E107", ANY, {"quantity": "1,000.00"}),
    ("E107", ANY, {"notional": "12 000"}),
    ("E107", LEGS, {"rate": "2.5%"}),
    ("E108", ANY, {"quantity": "1e400"}),
    ("E108", ANY, {"quantity": "NaN"}),
    ("E108", OPTIONS, {"strike": "inf"}),
    ("E109", OPTIONS, {"strike": "0"}),
    ("E110", ANY, {"notional": "-0.01"}),
    ("E111", ANY, {"quantity": "-0"}),
    ("E112", WITH_EXPIRY, {"expiry": "31/12/2019"}),
    ("E112", WITH_EXPIRY, {"expiry": "2019-2-1"}),
    ("E112", LEGS, {"maturity": "2023-02-29"}),
    ("E113", WITH_EXPIRY, {"expiry": "2018-12-30"}),
    ("E114", LEGS, {"maturity": "2018-12-31"}),
    ("E115", LEGS, {"start": "2031-01-01"}),
    ("E116", OPTIONS, {"option_type": "Put"}),
    ("E116", LEGS, {"fixed_frequency_months": "4"}),
    ("E116", LEGS, {"fixed_day_count": "ACT/365"}),
    ("E117", ANY, {"instrument": "swaption"}),
    ("E118", ("equity", *LEGS), {"currency": "ZZZ"}),
    ("E120", ANY, {"book": "B" * 65}),
    ("E121", ANY, {"book": " CASH"}),
    ("E105", ANY, {"book": "CA\tSH"}),
    ("E105", ANY, {"book": "CA\nSH"}),
    ("E105", ANY, {"book": "CA\x00SH"}),
    ("E124", ("equity",), {"underlying": "A B"}),
    ("E125", ("interest_rate_swap",), {"current_fixing": ""}),
)
RAW_PLANTS = (
    ("E101", "P-1,CASH"),
    ("E101", "x" + "," * len(COLUMNS)),
    ("E102", '"P-1,CASH' + "," * (len(COLUMNS) - 2)),
    ("E102", '"P-1"x' + "," * (len(COLUMNS) - 1)),
)
"""Lines whose cells cannot be told apart."""
QUANTITIES = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def planted_files(draw: st.DrawFn) -> tuple[str, dict[int, set[str]], list[tuple[int, Row]]]:
    """A file's text, the codes of each bad record, and the good rows with their records."""
    lines, bad, good = [], dict[int, set[str]](), []
    for record in range(1, draw(st.integers(1, 25)) + 1):
        if draw(st.integers(0, 9)) == 0:
            code, line = draw(st.sampled_from(RAW_PLANTS))
            bad[record] = {code}
        else:
            row, codes = draw(_rows(record))
            line = table([row]).split("\n", 1)[1].rstrip("\n")
            bad |= {record: codes} if codes else {}
            good += [] if codes else [(record, row)]
        lines.append(line)
    return "\n".join([",".join(COLUMNS), *lines, ""]), bad, good


@st.composite
def _rows(
    draw: st.DrawFn, record: int, quantities: st.SearchStrategy[float] = QUANTITIES
) -> tuple[Row, set[str]]:
    word = draw(st.sampled_from(ANY))
    quantity = draw(quantities.filter(bool))
    row = {**GOOD_ROWS[word], "position_id": f"P-{record}", "quantity": repr(quantity)}
    codes = set[str]()
    if draw(st.booleans()):
        fitting = [plant for plant in PLANTS if word in plant[1]]
        code, _, cells = draw(st.sampled_from(fitting))
        row, codes = {**row, **cells}, {code}
    return row, codes


@settings(max_examples=60)
@given(planted_files())
def test_no_planted_fault_gets_through_and_no_good_row_is_lost(
    file: tuple[str, dict[int, set[str]], list[tuple[int, Row]]],
) -> None:
    text, bad, good = file
    found = staged("positions", text)
    rejected: dict[int, set[str]] = {}
    for failure in found.failures:
        assert failure.severity is Severity.ERROR
        rejected.setdefault(failure.record or 0, set()).add(failure.code)
    assert set(rejected) == set(bad)
    assert all(bad[record] <= codes for record, codes in rejected.items())
    assert found.records.tolist() == [record for record, _ in good]
    assert found.rows == len(bad) + len(good)
    _same_values(found, [row for _, row in good])


def _same_values(found: StagedFile, rows: list[Row]) -> None:
    kept = found.content
    assert isinstance(kept, PositionTable)
    assert kept.position_id.tolist() == [row["position_id"] for row in rows]
    assert kept.texts["book"].texts() == [row["book"] for row in rows]
    for column in ("quantity", "strike", "rate", "current_fixing", "notional"):
        expected = [float(row.get(column, "nan")) for row in rows]
        np.testing.assert_array_equal(kept.numbers[column], expected)
    expiries = [row.get("expiry", "NaT") for row in rows]
    assert kept.dates["expiry"].astype(str).tolist() == expiries


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=12)
@given(data=st.data())
def test_every_format_lets_the_same_rows_through(kind: str, data: st.DataObject) -> None:
    rows, bad, good = [], dict[int, set[str]](), list[tuple[int, Row]]()
    for record in range(1, data.draw(st.integers(1, 20)) + 1):
        row, codes = data.draw(_rows(record, st.integers(-(10**6), 10**6).map(lambda n: n / 8)))
        rows.append(row)
        bad |= {record: codes} if codes else {}
        good += [] if codes else [(record, row)]
    cells = [COLUMNS, *([row.get(name, "") for name in COLUMNS] for row in rows)]
    file = WRITERS[kind](cells)
    found = staged("positions", file.raw, file.name, file.declared)
    rejected = {failure.record for failure in found.failures}
    assert rejected == set(bad)
    for failure in found.failures:
        assert failure.code in CODES
    by_record = {record: {f.code for f in found.failures if f.record == record} for record in bad}
    assert all(codes <= by_record[record] for record, codes in bad.items())
    assert found.records.tolist() == [record for record, _ in good]
    assert found.rows == len(rows)
    _same_values(found, [row for _, row in good])


@settings(max_examples=30)
@given(planted_files())
def test_a_failure_names_the_line_that_an_editor_shows(
    file: tuple[str, dict[int, set[str]], list[tuple[int, Row]]],
) -> None:
    text = file[0]
    physical = text.split("\n")
    for failure in staged("positions", text).failures:
        assert failure.line is not None
        if failure.subject:
            assert physical[failure.line - 1].startswith(failure.subject)
        elif failure.code in ("E101", "E102"):
            assert physical[failure.line - 1] == failure.value

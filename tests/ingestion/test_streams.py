"""What comes in chunks is read as if it came whole, and repeats are found wherever they are."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmill.domain import InputRejected, PositionTable
from riskmill.ingestion import (
    ingest_blocks,
    ingest_chunks,
    quarantine_chunks,
    quarantine_csv,
    quarantine_name,
)
from riskmill.ingestion.lines import BLOCK_BYTES
from riskmill.ingestion.repeats import Seen
from tests.ingestion.deliveries import COLUMNS, GOOD_ROWS, MANIFEST, entry_of, staged, table
from tests.ingestion.writers import WRITERS, as_gzip, with_decimal_commas

CELLS = [
    COLUMNS,
    *([row.get(name, "") for name in COLUMNS] for row in GOOD_ROWS.values()),
    ["P-bad", "CASH", "equity", "x", "USD", "1", "AAPL", *[""] * (len(COLUMNS) - 7)],
]


def _chunks(raw: bytes, size: int) -> list[bytes]:
    return [raw[at : at + size] for at in range(0, len(raw), size)]


def _many(rows: int) -> bytes:
    """Good rows of more than one block, the id of the first repeated at the end."""
    tail = ",CASH,equity,1,USD,1,AAPL" + "," * (len(COLUMNS) - 7) + "\n"
    body = "".join(f"P-{n:060d}{tail}" for n in range(rows))
    return (table([]) + body + f"P-{0:060d}{tail}").encode()


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=8)
@given(size=st.integers(1, 200))
def test_chunks_change_nothing(kind: str, size: int) -> None:
    file = WRITERS[kind](CELLS)
    entry = replace(entry_of("positions", file.raw, file.name), format=file.declared)
    found = ingest_chunks(entry, _chunks(file.raw, size), MANIFEST)
    whole = staged("positions", file.raw, file.name, file.declared)
    assert found.failures == whole.failures
    assert found.records.tolist() == whole.records.tolist()
    assert [failure.code for failure in found.failures] == ["E107"]
    in_chunks = b"".join(quarantine_chunks(entry, _chunks(file.raw, size), found.failures))
    assert in_chunks == quarantine_csv(entry, file.raw, found.failures)
    assert in_chunks.count(b"\n") == 2


def test_a_large_file_comes_in_blocks_that_are_the_same_for_all_chunks() -> None:
    raw = _many(3 * BLOCK_BYTES // 100)
    entry = entry_of("positions", raw)
    blocks = list(ingest_blocks(entry, _chunks(raw, 70_000), MANIFEST))
    others = list(ingest_blocks(entry, [raw], MANIFEST))
    assert len(blocks) > 2
    assert [block.records.tolist() for block in blocks] == [b.records.tolist() for b in others]
    together = np.concatenate([block.records for block in blocks])
    assert together.tolist() == list(range(1, len(together) + 1))


def test_an_id_of_an_earlier_block_is_found_and_no_other_is_rejected() -> None:
    rows = 2 * BLOCK_BYTES // 100
    found = ingest_chunks(entry_of("positions", _many(rows)), [_many(rows)], MANIFEST)
    assert [(failure.code, failure.record) for failure in found.failures] == [("E119", rows + 1)]
    assert isinstance(found.content, PositionTable)
    assert len(found.content) == rows


@settings(max_examples=50)
@given(st.lists(st.lists(st.sampled_from(["", "a", "b", "c\n", "é", "d" * 300]), max_size=6)))
def test_repeats_are_those_of_a_set(blocks: list[list[str]]) -> None:
    seen, known = Seen(), set[str]()
    for block in blocks:
        expected = []
        for row, key in enumerate(block):
            if key and key in known:
                expected.append(row)
            known.add(key)
        assert seen.repeated(pl.Series(block, dtype=pl.String)).tolist() == expected


def test_keys_with_one_hash_are_two_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("riskmill.ingestion.repeats._HASH", np.uint64(0))
    seen = Seen()
    assert seen.repeated(pl.Series(["a", "b"])).tolist() == []
    assert seen.repeated(pl.Series(["c", "b", "a", "d"])).tolist() == [1, 2]
    assert seen.repeated(pl.Series(["e", "d", "f"])).tolist() == [1]


@pytest.mark.parametrize(
    ("change", "code"), [({"size": 3}, "E020"), ({"sha256": "0" * 64}, "E021")]
)
def test_another_file_than_announced_is_told_before_what_is_wrong_in_it(
    change: dict[str, object], code: str
) -> None:
    for raw in (table(list(GOOD_ROWS.values())).encode(), b"\xff\xfe no positions"):
        entry = replace(entry_of("positions", raw), **change)  # type: ignore[arg-type]
        with pytest.raises(InputRejected) as refusal:
            list(ingest_blocks(entry, _chunks(raw, 10), MANIFEST))
        assert refusal.value.code == code


def test_a_quarantine_keeps_the_separator_of_its_file() -> None:
    file = with_decimal_commas(CELLS)
    entry = replace(entry_of("positions", file.raw, file.name), format=file.declared)
    found = staged("positions", file.raw, file.name, file.declared)
    assert found.failures[0].message.count("-1234,5") == 1
    raw = quarantine_csv(entry, file.raw, found.failures)
    corrected = raw.replace(b"equity;x;", b"equity;1,5;")
    again = staged("positions", corrected, file.name, file.declared)
    assert again.failures == ()
    assert len(again.records) == 1


def test_a_quarantine_is_named_as_the_plain_text_it_is() -> None:
    for name, quarantined in (
        ("positions.csv", "positions.csv"),
        ("positions.csv.gz", "positions.csv.gz.csv"),
        ("positions.parquet", "positions.parquet.csv"),
        ("positions.xlsx", "positions.xlsx.csv"),
    ):
        assert quarantine_name(entry_of("positions", b"", name)) == quarantined


def test_several_packed_pieces_are_one_file() -> None:
    first, second = as_gzip(CELLS[:4]), as_gzip(CELLS[4:-1])
    found = staged("positions", first.raw + second.raw, "positions.csv.gz")
    assert found.failures == ()
    assert found.rows == len(GOOD_ROWS)


def test_an_error_of_the_store_is_no_fault_of_the_file() -> None:
    def broken() -> Iterator[bytes]:
        yield as_gzip(CELLS).raw[:20]
        raise InputRejected("E520", "gone", place="x", remedy="y")

    for name in ("positions.csv", "positions.csv.gz", "positions.xlsx"):
        with pytest.raises(InputRejected) as refusal:
            ingest_chunks(entry_of("positions", b"x" * 30, name), broken(), MANIFEST)
        assert refusal.value.code == "E520"

"""A sender is always answered: with what was taken, or with why nothing was."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from riskmill.domain import InputRejected
from riskmill.runtime import start_run
from tests.runtime.inboxes import QUICK, answer, edit, spoil_two_rows


def refused(source: Path, out: Path) -> InputRejected:
    with pytest.raises(InputRejected) as caught:
        start_run(source, out, QUICK)
    return caught.value


def test_a_batch_that_is_used_is_acknowledged_file_by_file(own_batch: Path, tmp_path: Path) -> None:
    spoil_two_rows(own_batch)
    out = tmp_path / "out"
    outcome = start_run(own_batch, out, QUICK)
    ack = answer(out, "ack.json")
    assert (ack["schema"], ack["run_id"]) == ("riskmill.ack/1", outcome.run_id)
    assert ack["rejected"] == 2
    positions = next(file for file in ack["files"] if file["dataset"] == "positions")
    assert positions["codes"] == [
        {"code": "E101", "severity": "error", "count": 1},
        {"code": "E107", "severity": "error", "count": 1},
    ]
    assert sorted(key.rpartition("/")[2] for key in ack["quarantine"]) == [
        "positions.csv",
        "rejects.json",
        "rejects.parquet",
    ]
    assert all((out / key).is_file() for key in ack["quarantine"])
    assert not list(out.rglob("reject.json"))


def test_rejected_rows_are_the_same_in_json_and_in_parquet(own_batch: Path, tmp_path: Path) -> None:
    spoil_two_rows(own_batch)
    out = tmp_path / "out"
    run_id = start_run(own_batch, out, QUICK).run_id
    (listing,) = out.rglob("rejects.json")
    rows = json.loads(listing.read_text(encoding="utf-8"))
    file = pq.ParquetFile(listing.with_suffix(".parquet"), pre_buffer=False)
    table = file.read(use_threads=False)
    assert table.to_pylist() == rows
    assert table.schema.metadata[b"riskmill.schema"] == b"riskmill.rejects/1"
    assert list(rows[0]) == [
        "run", "file", "record", "line", "id", "code", "reason", "column", "value", "message",
        "severity",
    ]  # fmt: skip
    first = rows[0]
    assert (first["run"], first["file"], first["record"], first["line"]) == (
        run_id, "positions.csv", 1, 2,
    )  # fmt: skip
    assert (first["code"], first["column"], first["value"]) == ("E107", "quantity", "many")


def test_a_batch_over_its_policy_is_answered_with_its_counts(
    own_batch: Path, tmp_path: Path
) -> None:
    spoil_two_rows(own_batch)
    edit(own_batch, lambda manifest: manifest.pop("policy"))
    error = refused(own_batch, tmp_path / "out")
    reject = answer(tmp_path / "out", "reject.json")
    assert reject["schema"] == "riskmill.reject/1"
    assert (reject["code"], reject["message"]) == ("E211", error.message)
    assert reject["remedy"]
    positions = next(file for file in reject["files"] if file["dataset"] == "positions")
    assert positions["rejected"] == 2
    assert reject["quarantine"]
    assert all((tmp_path / "out" / key).is_file() for key in reject["quarantine"])
    assert str(tmp_path / "out" / "quarantine") in error.__notes__[-1]


def test_every_unusable_file_is_in_the_answer(own_batch: Path, tmp_path: Path) -> None:
    for name in ("limits.csv", "market.csv"):
        with (own_batch / name).open("ab") as file:
            file.write(b"\n")
    refused(own_batch, tmp_path / "out")
    reject = answer(tmp_path / "out", "reject.json")
    assert reject["code"] == "E020"
    assert len(reject["also"]) == 1
    assert reject["also"][0].startswith("Also: E020: ")
    rows = {file["name"]: file["rows"] for file in reject["files"]}
    assert rows["market.csv"] is None
    assert rows["positions.csv"] > 0


def test_an_answer_names_no_path_of_the_machine(own_batch: Path, tmp_path: Path) -> None:
    (own_batch / "market.csv").unlink()
    refused(own_batch, tmp_path / "out")
    (path,) = (tmp_path / "out").rglob("reject.json")
    assert str(tmp_path) not in path.read_text(encoding="utf-8")


def test_a_manifest_that_cannot_be_read_is_answered_too(own_batch: Path, tmp_path: Path) -> None:
    (own_batch / "manifest.json").write_text("{", encoding="utf-8")
    refused(own_batch, tmp_path / "out")
    reject = answer(tmp_path / "out", "reject.json")
    assert (reject["code"], reject["run_id"]) == ("E001", "")


def test_a_second_refusal_for_another_reason_answers_beside_the_first(
    own_batch: Path, tmp_path: Path
) -> None:
    market = (own_batch / "market.csv").read_bytes()
    (own_batch / "market.csv").unlink()
    assert refused(own_batch, tmp_path / "out").code == "E520"
    assert refused(own_batch, tmp_path / "out").code == "E520"
    (own_batch / "market.csv").write_bytes(market + b"\n")
    assert refused(own_batch, tmp_path / "out").code == "E020"
    assert answer(tmp_path / "out", "reject.json")["code"] == "E520"
    assert answer(tmp_path / "out", "reject-2.json")["code"] == "E020"
    (own_batch / "market.csv").write_bytes(market)
    assert start_run(own_batch, tmp_path / "out", QUICK).summary.status.startswith("complete")
    assert answer(tmp_path / "out", "ack.json")["rejected"] == 0

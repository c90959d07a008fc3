"""What a manifest may say of earlier versions, and the one that is drafted for a correction."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from riskmill.domain import FileFormat, InputRejected
from riskmill.ingestion import draft_follow_up, parse_batch_manifest
from tests.ingestion.deliveries import LIMITS, POSITIONS, TEXTS, manifest_text

FIRST = parse_batch_manifest(manifest_text())


def entries(raw: bytes) -> dict[str, tuple[str, str, str]]:
    manifest = parse_batch_manifest(raw)
    return {file.name: (file.dataset, file.mode, file.carried_from) for file in manifest.files}


def test_a_carried_file_lies_in_its_batch_under_its_own_name_or_the_one_that_is_given() -> None:
    files = json.loads(manifest_text())["files"]
    files[1]["carried_from"] = "2018-12-28/EOD/v001"
    files[2]["carried_from"] = "2018-12-28/EOD/v001/old.csv"
    found = parse_batch_manifest(manifest_text(files=files)).files
    assert [file.carried_key for file in found[:3]] == [
        "",
        f"2018-12-28/EOD/v001/{found[1].name}",
        "2018-12-28/EOD/v001/old.csv",
    ]
    assert {file.carried_batch for file in found[1:3]} == {"2018-12-28/EOD/v001"}


@pytest.mark.parametrize(
    "earlier", ["2018-12-31/EOD/v001", "2018-12-31/EOD/v002", "2019-01-02/EOD/v001"]
)
def test_a_file_is_never_carried_from_the_batch_itself_or_a_later_one(earlier: str) -> None:
    files = json.loads(manifest_text())["files"]
    files[1]["carried_from"] = earlier
    with pytest.raises(InputRejected) as refused:
        parse_batch_manifest(manifest_text(files=files))
    assert refused.value.code == "E062"


def test_another_snapshot_of_the_same_day_can_be_carried_from() -> None:
    files = json.loads(manifest_text())["files"]
    files[1]["carried_from"] = "2018-12-31/NOON/v003"
    assert parse_batch_manifest(manifest_text(files=files))


@pytest.mark.parametrize("cut_off", ["2018-12-31", "tomorrow", "2018-12-31T25:00:00Z"])
def test_a_cut_off_is_an_instant_in_utc(cut_off: str) -> None:
    with pytest.raises(InputRejected) as refused:
        parse_batch_manifest(manifest_text(policy={"cut_off": cut_off}))
    assert refused.value.code == "E010"


def test_there_is_no_version_before_the_first() -> None:
    for changes in ({"version": "v000"}, {"supersedes": "v000"}):
        with pytest.raises(InputRejected):
            parse_batch_manifest(manifest_text(**changes))


def test_a_corrected_quarantine_file_amends_what_is_carried() -> None:
    last = "settlement_lag_days"
    corrected = POSITIONS.replace(f"{last}\n", f"{last},_codes,_messages,_origin\n")
    raw = draft_follow_up({"positions.csv": corrected.encode()}, FIRST, version="v002")
    found = entries(raw)
    assert list(found)[:2] == ["positions.v001.csv", "positions.csv"]
    assert found["positions.csv"] == ("positions", "amend", "")
    assert found["positions.v001.csv"] == (
        "positions",
        "whole",
        "2018-12-31/EOD/v001/positions.csv",
    )
    assert {found[f"{name}.csv"][2] for name in TEXTS if name != "positions"} == {
        "2018-12-31/EOD/v001"
    }
    assert parse_batch_manifest(raw).supersedes == "v001"


def test_a_corrected_quarantine_file_is_in_the_format_of_its_file() -> None:
    declared = FileFormat(kind="csv", separator=";", decimal=",", compression="zstd")
    first = replace(
        FIRST,
        files=tuple(
            replace(entry, name="positions.dat", format=declared)
            if entry.dataset == "positions"
            else entry
            for entry in FIRST.files
        ),
    )
    header, row = POSITIONS.splitlines()[:2]
    text = f"{header},_codes,_messages,_origin\n{row},E107,,record 1 of 0\n"
    local = text.replace(",", ";").replace("1000.25", "1000,25").encode()
    raw = draft_follow_up({"positions.dat.csv": local}, first, version="v002")
    amending = parse_batch_manifest(raw).files[1]
    assert (amending.name, amending.mode, amending.rows) == ("positions.dat.csv", "amend", 1)
    assert amending.format == replace(declared, compression="none")
    assert amending.control_totals == {"USD": Decimal("1000.25")}


def test_a_second_correction_carries_each_file_from_where_it_lies() -> None:
    corrected = POSITIONS.replace("settlement_lag_days\n", "settlement_lag_days,_origin\n").encode()
    second = parse_batch_manifest(
        draft_follow_up({"positions.csv": corrected}, FIRST, version="v002")
    )
    third = entries(draft_follow_up({"positions.csv": corrected}, second, version="v003"))
    assert list(third.items())[:3] == [
        ("positions.v001.csv", ("positions", "whole", "2018-12-31/EOD/v001/positions.csv")),
        ("positions.v002.csv", ("positions", "amend", "2018-12-31/EOD/v002/positions.csv")),
        ("positions.csv", ("positions", "amend", "")),
    ]


def test_a_whole_file_takes_the_place_of_its_dataset() -> None:
    found = entries(draft_follow_up({"limits.csv": LIMITS.encode()}, FIRST, version="v002"))
    assert found["limits.csv"] == ("limits", "whole", "")
    assert found["positions.csv"] == ("positions", "whole", "2018-12-31/EOD/v001")
    assert len(found) == len(TEXTS)

"""The batch manifest, read strictly, and drafted from files."""

import gzip
import json
from datetime import date
from decimal import Decimal

import pytest

from riskmill.domain import BatchFile, BatchPolicy, FileFormat, InputRejected
from riskmill.ingestion import draft_manifest, ingest_file, parse_batch_manifest
from tests.ingestion.deliveries import MANIFEST, TEXTS, file_texts, manifest_text, table


def _refusal(raw: bytes) -> InputRejected:
    with pytest.raises(InputRejected) as refusal:
        parse_batch_manifest(raw)
    return refusal.value


def _draft(files: dict[str, bytes]) -> bytes:
    return draft_manifest(
        files,
        business_date=date(2018, 12, 31),
        snapshot="EOD",
        reporting_currency="USD",
        as_of="2018-12-31T22:00:00Z",
    )


FILES = {f"{dataset}.csv": text.encode() for dataset, text in TEXTS.items()}


def test_a_good_manifest_is_read() -> None:
    totals = {"USD": "1234567.00", "JPY": "-5"}
    manifest = parse_batch_manifest(manifest_text(files=file_texts(control_totals=totals)))
    assert manifest.batch_id == "2018-12-31/EOD/v001"
    assert manifest.supersedes == ""
    assert manifest.policy == BatchPolicy(max_bad_rows=50, max_bad_notional_pct=5.0)
    assert manifest.files[0] == BatchFile(
        name="positions.csv",
        dataset="positions",
        sha256="0" * 64,
        size=1,
        rows=1,
        control_totals={"USD": Decimal("1234567.00"), "JPY": Decimal("-5")},
    )


def test_a_correction_names_what_it_supersedes() -> None:
    manifest = parse_batch_manifest(manifest_text(version="v010", supersedes="v009"))
    assert manifest.supersedes == "v009"


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"colour": "red"}, "E002", "manifest.json"),
        ({"snapshot": 1}, "E002", "manifest.json snapshot"),
        ({"files": file_texts(rows="1")}, "E002", "manifest.json files[0].rows"),
        ({"files": file_texts(bytes=1.5)}, "E002", "manifest.json files[0].bytes"),
        ({"business_date": "20181231"}, "E004", "manifest.json business_date"),
        ({"business_date": "9999-12-31"}, "E004", "manifest.json business_date"),
        ({"snapshot": "a/b"}, "E005", "manifest.json snapshot"),
        ({"version": "v1"}, "E006", "manifest.json version"),
        ({"as_of": "2018-12-31T22:00:00+00:00"}, "E007", "manifest.json as_of"),
        ({"as_of": "2018-12-31T25:00:00Z"}, "E007", "manifest.json as_of"),
        ({"supersedes": "v001"}, "E009", "manifest.json supersedes"),
        ({"policy": {"max_bad_rows": -1}}, "E010", "manifest.json policy.max_bad_rows"),
        (
            {"policy": {"max_bad_notional_pct": 101}},
            "E010",
            "manifest.json policy.max_bad_notional_pct",
        ),
        ({"files": []}, "E014", "manifest.json files"),
        ({"files": file_texts(name="a\\b.csv")}, "E011", "manifest.json files[0].name"),
        ({"files": file_texts(name="")}, "E011", "manifest.json files[0].name"),
        ({"files": file_texts(name="manifest.json")}, "E011", "manifest.json files[0].name"),
        ({"files": file_texts(sha256="0" * 63)}, "E016", "manifest.json files[0].sha256"),
        ({"files": file_texts(bytes=-1)}, "E017", "manifest.json files[0]"),
        (
            {"files": file_texts(control_totals={"usd": "1"})},
            "E018",
            "manifest.json files[0].control_totals.usd",
        ),
        (
            {"files": [{**file, "control_totals": {"USD": "1"}} for file in file_texts()]},
            "E018",
            "manifest.json files[1].control_totals",
        ),
    ],
)
def test_a_wrong_field_is_named(changes: dict[str, object], code: str, place: str) -> None:
    refusal = _refusal(manifest_text(**changes))
    assert (refusal.code, refusal.place) == (code, place)
    assert refusal.remedy


@pytest.mark.parametrize("field", ["snapshot", "max_bad_rows", "dataset"])
def test_a_field_with_two_values_is_refused(field: str) -> None:
    mark = f'"{field}": '.encode()
    refusal = _refusal(manifest_text().replace(mark, mark + b"null, " + mark, 1))
    assert refusal.code == "E002"
    assert f"'{field}'" in refusal.message


def test_a_manifest_that_is_no_object_is_refused() -> None:
    assert _refusal(b"[]").code == "E003"
    assert _refusal(b"").code == "E001"


def test_a_draft_is_read_back_and_its_files_pass() -> None:
    manifest = parse_batch_manifest(_draft(FILES))
    assert [entry.dataset for entry in manifest.files] == list(TEXTS)
    for entry in manifest.files:
        staged = ingest_file(entry, FILES[entry.name], manifest)
        assert staged.rows == entry.rows
        assert staged.failures == ()
    assert manifest.files[0].control_totals == {"USD": Decimal("15003.75")}


def test_a_draft_is_the_same_bytes_whatever_the_order() -> None:
    backwards = dict(reversed(list(FILES.items())))
    assert _draft(FILES) == _draft(backwards)
    assert json.loads(_draft(FILES))["version"] == "v001"


def test_a_draft_guesses_datasets_from_longer_names_and_passes_over_other_files() -> None:
    files = {name: raw for name, raw in FILES.items() if name != "limits.csv"}
    files |= {"limits_2018-12-31.csv": FILES["limits.csv"], "README.md": b"#"}
    names = [entry.name for entry in parse_batch_manifest(_draft(files)).files]
    assert "limits_2018-12-31.csv" in names
    assert "README.md" not in names


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({**FILES, "trades.csv": b"a\n"}, "E013"),
        ({**FILES, "market_2.csv": b"a\n"}, "E015"),
        ({"positions.csv": FILES["positions.csv"]}, "E014"),
        ({**FILES, "positions.csv": FILES["positions.csv"].partition(b"\n")[0] + b"\n"}, "E030"),
        ({**FILES, "market.parquet": b"PAR1"}, "E026"),
    ],
)
def test_a_draft_of_unclear_files_is_refused(files: dict[str, bytes], code: str) -> None:
    with pytest.raises(InputRejected) as refusal:
        _draft(files)
    assert refusal.value.code == code


def test_a_draft_counts_every_row_and_totals_those_that_can_be_read() -> None:
    rows = [
        {"position_id": "1", "currency": "USD", "notional": "1.10"},
        {"position_id": "2", "currency": "USD", "notional": "1,000"},
        {"position_id": "3", "currency": "US", "notional": "5"},
    ]
    text = table(rows) + "ragged\n"
    (entry, *_) = json.loads(_draft({**FILES, "positions.csv": text.encode()}))["files"]
    assert entry["rows"] == 4
    assert entry["control_totals"] == {"USD": "1.1"}


FORMATS: dict[str, tuple[str, object, FileFormat | None]] = {
    "none": ("positions.csv.gz", None, None),
    "by name": ("positions.csv.gz", {}, FileFormat(kind="csv", compression="gzip")),
    "other separator": (
        "positions.csv.zst",
        {"separator": ";", "decimal": ","},
        FileFormat(kind="csv", compression="zstd", separator=";", decimal=","),
    ),
    "against the name": ("positions.csv.gz", {"kind": "xlsx"}, FileFormat(kind="xlsx")),
    "packed under a plain name": (
        "positions.csv",
        {"compression": "gzip"},
        FileFormat(kind="csv", compression="gzip"),
    ),
    "without an ending": ("positions", {"kind": "parquet"}, FileFormat(kind="parquet")),
    "sheet": ("p.xlsx", {"sheet": "book 1"}, FileFormat(kind="xlsx", sheet="book 1")),
}


@pytest.mark.parametrize("case", FORMATS)
def test_a_format_is_what_was_declared_and_for_the_rest_what_the_name_says(case: str) -> None:
    name, declared, expected = FORMATS[case]
    changes = {"name": name} | ({} if declared is None else {"format": declared})
    manifest = parse_batch_manifest(manifest_text(files=file_texts(**changes)))
    assert manifest.files[0].format == expected


@pytest.mark.parametrize(
    "declared",
    [
        {"kind": "xls"},
        {"kind": ""},
        {"compression": "bzip2"},
        {"separator": ""},
        {"separator": ":"},
        {"decimal": ","},
        {"separator": ";", "decimal": "'"},
        {"kind": "parquet", "separator": ";"},
        {"kind": "xlsx", "compression": "gzip"},
        {"kind": "csv", "sheet": "s1"},
    ],
)
def test_a_format_that_cannot_be_is_refused(declared: dict[str, str]) -> None:
    with pytest.raises(InputRejected) as refusal:
        parse_batch_manifest(manifest_text(files=file_texts(format=declared)))
    assert (refusal.value.code, refusal.value.place) == ("E035", "manifest.json files[0].format")


def test_a_draft_writes_the_format_of_files_that_are_not_plain_text() -> None:
    packed = gzip.compress(FILES["positions.csv"], mtime=0)
    others = {name: raw for name, raw in FILES.items() if name != "positions.csv"}
    raw = _draft({**others, "positions.csv.gz": packed})
    entries = {entry["name"]: entry for entry in json.loads(raw)["files"]}
    assert entries["positions.csv.gz"]["format"] == {"kind": "csv", "compression": "gzip"}
    assert "format" not in entries["market.csv"]
    (entry, *_) = parse_batch_manifest(raw).files
    assert ingest_file(entry, packed, MANIFEST).rows == entry.rows > 0

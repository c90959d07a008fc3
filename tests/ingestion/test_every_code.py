"""Each code of the catalogue is brought about, and nothing else is."""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from riskmill.domain import BatchPolicy, InputRejected, QualityRule
from riskmill.ingestion import CODES, ingest_file, parse_batch_manifest, reconcile
from tests.ingestion.deliveries import (
    COLUMNS,
    FIXINGS,
    GOOD_ROWS,
    HIERARCHY,
    HISTORY,
    LIMITS,
    MANIFEST,
    MARKET,
    PNL,
    POSITIONS,
    PROXIES,
    SCENARIOS,
    Row,
    batch,
    changed,
    entry_of,
    file_texts,
    manifest_text,
    quiet,
    staged,
    table,
)
from tests.ingestion.foreign.faults import FOREIGN_FAULTS
from tests.ingestion.writers import as_workbook, sheet, workbook

Fault = Callable[[], set[str]]


def _refused(act: Callable[[], object]) -> set[str]:
    with pytest.raises(InputRejected) as refusal:
        act()
    assert refusal.value.message
    assert refusal.value.place
    assert refusal.value.remedy
    return {refusal.value.code}


def _manifest(**changes: object) -> Fault:
    return lambda: _refused(lambda: parse_batch_manifest(manifest_text(**changes)))


def _raw_manifest(raw: bytes) -> Fault:
    return lambda: _refused(lambda: parse_batch_manifest(raw))


def _file(dataset: str, file: str | bytes, name: str = "") -> Fault:
    return lambda: _refused(lambda: staged(dataset, file, name))


def _rows(dataset: str, file: str | bytes) -> Fault:
    return lambda: {failure.code for failure in staged(dataset, file).failures}


def _workbook_rows(row: Row) -> Fault:
    file = as_workbook([COLUMNS, [row.get(name, "") for name in COLUMNS]])
    return lambda: {failure.code for failure in staged("positions", file.raw, file.name).failures}


def _row(kind: str, /, **cells: str) -> Fault:
    return _rows("positions", changed(kind, **cells))


def _across(**files: str) -> Fault:
    return lambda: {failure.code for failure in batch(files).failures}


def _quality(dates: int = 60, **changes: str) -> Fault:
    """A batch with a quiet history of *dates* weekdays, in which some cells are replaced."""
    return lambda: {failure.code for failure in batch(quiet(dates, changes)).failures}


def _quoted(*quotes: tuple[str, float]) -> Fault:
    rows = "".join(f"{f},{v},x,close,2018-12-31T21:00:00Z,observed\n" for f, v in quotes)
    return _across(market=MARKET + rows)


def _policy(policy: BatchPolicy, **files: str) -> Fault:
    return lambda: _refusal(batch(files, policy).refusal)


def _refusal(refusal: InputRejected | None) -> set[str]:
    return {refusal.code} if refusal else set()


def _announced(**changes: int) -> Fault:
    def act() -> object:
        raw = POSITIONS.encode()
        return ingest_file(replace(entry_of("positions", raw), **changes), raw, MANIFEST)

    return lambda: _refused(act)


def _another_row_count() -> set[str]:
    parts = [
        staged(dataset, text)
        for dataset, text in (
            ("positions", POSITIONS),
            ("market", MARKET),
            ("history", HISTORY),
            ("hierarchy", HIERARCHY),
        )
    ]
    parts[0] = replace(parts[0], entry=replace(parts[0].entry, rows=1))
    entries = tuple(part.entry for part in parts)
    return _refusal(reconcile(replace(MANIFEST, files=entries), parts).refusal)


def _another_total(text: str, total: str) -> set[str]:
    parts = [
        staged(dataset, text)
        for dataset, text in (
            ("positions", text),
            ("market", MARKET),
            ("history", HISTORY),
            ("hierarchy", HIERARCHY),
        )
    ]
    parts[0] = replace(
        parts[0], entry=replace(parts[0].entry, control_totals={"USD": Decimal(total)})
    )
    manifest = replace(
        MANIFEST,
        files=tuple(part.entry for part in parts),
        policy=BatchPolicy(max_bad_rows=9, max_bad_notional_pct=100.0),
    )
    found = reconcile(manifest, parts)
    return _refusal(found.refusal) or {f.code for f in found.failures if f.code[0] == "W"}


def _missing_file() -> set[str]:
    parts = [staged("positions", POSITIONS)]
    files = (parts[0].entry, entry_of("market", b"x"))
    return _refused(lambda: reconcile(replace(MANIFEST, files=files), parts))


STRICT = BatchPolicy(max_bad_rows=0, max_bad_notional_pct=100.0)
_TWO_BAD = table([*GOOD_ROWS.values(), {**GOOD_ROWS["equity"], "position_id": "P-0", "book": ""}])
_STILL = "date,EQ:AAPL\n" + "".join(f"2018-12-{day},157.74\n" for day in range(20, 32))

FAULTS: Mapping[str, Fault] = {
    "E001": _raw_manifest(manifest_text()[:40]),
    "E002": _manifest(files="positions.csv"),
    "E003": _manifest(schema="riskmill.batch/9"),
    "E004": _manifest(business_date="2018-02-30"),
    "E005": _manifest(snapshot="../EOD"),
    "E006": _manifest(version="final"),
    "E007": _manifest(as_of="2018-12-31T22:00:00"),
    "E008": _manifest(reporting_currency="usd"),
    "E009": _manifest(version="v002", supersedes="v002"),
    "E010": _manifest(policy={"on_bad": "ignore"}),
    "E011": _manifest(files=file_texts(name="../positions.csv")),
    "E012": _manifest(files=file_texts(name="MARKET.csv")),
    "E013": _manifest(files=file_texts(dataset="trades")),
    "E014": _manifest(files=file_texts()[1:]),
    "E015": _manifest(files=file_texts(dataset="market")),
    "E016": _manifest(files=file_texts(sha256="A" * 64)),
    "E017": _manifest(files=file_texts(rows=-1)),
    "E018": _manifest(files=file_texts(control_totals={"USD": "1,000"})),
    "E019": _raw_manifest(b" " * (1024 * 1024 + 1)),
    "E020": _announced(size=1),
    "E021": lambda: _refused(
        lambda: ingest_file(
            replace(entry_of("positions", POSITIONS.encode()), sha256="0" * 64),
            POSITIONS.encode(),
            MANIFEST,
        )
    ),
    "E022": _file("positions", b""),
    "E023": _file("positions", POSITIONS.encode("utf-16")),
    "E024": _file("positions", POSITIONS, "positions.doc"),
    "E025": _file("positions", b"position_id,b\xfcok\n1,2\n"),
    "E026": _file("positions", b"PAR1 nothing PAR1", "positions.parquet"),
    "E027": _file("hierarchy", "portfolio,level,level,parent\nF,firm,firm,\n"),
    "E028": _file("hierarchy", "portfolio,level\nF,firm\n"),
    "E029": _file("hierarchy", "portfolio,level,parents\nF,firm,\n"),
    "E030": _file("hierarchy", "portfolio,level,parent\n"),
    "E031": _file("limits", LIMITS + "x,y,z,,,,\n" * 25_001),
    "E033": _file("history", HISTORY + "2018-12-30,1,1\n"),
    "E034": _file("history", HISTORY + "2018-12-31,1\n"),
    "E060": _manifest(files=file_texts(mode="append")),
    "E061": _manifest(files=file_texts(carried_from="yesterday")),
    "E062": _manifest(files=file_texts(carried_from="2019-01-02/EOD/v001")),
    "E063": _manifest(files=[*file_texts(), {**file_texts()[6], "name": "l", "mode": "amend"}]),
    "E064": _manifest(files=file_texts(mode="amend")),
    "E035": _manifest(files=file_texts(format={"kind": "csv", "decimal": ","})),
    "E036": _file("positions", POSITIONS, "positions.csv.gz"),
    "E037": _file("positions", gzip.compress(b"\n" * (64 * 1024 * 1024)), "positions.csv.gz"),
    "E038": _file("positions", b"PK nothing", "positions.xlsx"),
    "E039": _file("positions", workbook(sheet(before="<!DOCTYPE x>")), "positions.xlsx"),
    "E040": _file("positions", workbook(sheet(), sheet()), "positions.xlsx"),
    "E101": _rows("positions", POSITIONS + "P-1,CASH\n"),
    "E102": _rows("positions", POSITIONS + '"P-1,CASH' + "," * 18 + "\n"),
    "E103": _row("equity", book="x" * 1024 * 1024),
    "E104": _rows("positions", changed("equity", book="B\xfcro").encode("latin-1")),
    "E105": _row("equity", position_id="P\x00"),
    "E106": _row("equity", notional=""),
    "E107": _row("equity", quantity="1,000"),
    "E108": _row("equity", quantity="1e400"),
    "E109": _row("european_option", strike="-1"),
    "E110": _row("equity", notional="-1"),
    "E111": _row("equity", quantity="0.0"),
    "E112": _row("fx_forward", expiry="2019-02-30"),
    "E113": _row("fx_forward", expiry="2018-12-30"),
    "E114": _row("fixed_rate_bond", maturity="2018-12-31"),
    "E115": _row("fixed_rate_bond", start="2025-02-15"),
    "E116": _row("fx_option", option_type="CALL"),
    "E117": _row("equity", instrument="variance_swap"),
    "E118": _row("equity", currency="US$"),
    "E119": _rows("positions", POSITIONS + POSITIONS.splitlines()[1] + "\n"),
    "E120": _row("equity", position_id="P" * 65),
    "E121": _row("equity", book="CASH "),
    "E122": _row("fx_forward", underlying="EUR/USD"),
    "E123": _row("fx_forward", currency="EUR"),
    "E124": _row("equity", underlying="S&P 500"),
    "E125": _row("interest_rate_swap", current_fixing=""),
    "E126": _rows("market", MARKET + "EQ:AAPL,1,USD,close,2018-12-31T21:00:00Z,observed\n"),
    "E127": _rows("market", MARKET.replace("21:00:00Z", "21:00:00")),
    "E128": _rows("limits", LIMITS.replace("0.990", "99")),
    "E131": _rows("scenarios", SCENARIOS.replace("-0.01", "x")),
    "E132": _rows("hierarchy", HIERARCHY + "LOST,book,LINE\n"),
    "E133": _rows("hierarchy", HIERARCHY + "GROUP,firm,LINE\n"),
    "E134": _workbook_rows({**GOOD_ROWS["equity"], "underlying": "#N/A"}),
    "E140": _rows("history", HISTORY.replace("156.23", "")),
    "E141": _rows("history", HISTORY.replace("156.23", "#N/A")),
    "E142": _rows("history", HISTORY.replace("156.23", "0")),
    "E143": _rows("fixings", FIXINGS.replace("2018-12-31", "2019-01-02")),
    "E144": _rows("pnl", PNL.replace("0,USD", "0,EUR", 1)),
    "E150": _rows("market", MARKET.replace("EQ:AAPL", "AAPL")),
    "E170": _row("asian_option", fixings="12.5"),
    "E171": _row("asian_option", average_start="2019-03-16"),
    "E172": _row("asian_option", past_average=""),
    "E173": _row("digital_option", payoff="arithmetic"),
    "E174": _row("floating_rate_note", payment_lag_days="1.5"),
    "E175": _row("zero_coupon_bond", calendar="NYSE"),
    "E201": _across(positions=changed("equity", book="NOWHERE")),
    "E202": _across(limits=LIMITS.replace("DESK", "NOWHERE")),
    "E203": _across(limits=LIMITS.replace("5000,USD", "5000,EUR")),
    "E204": _across(proxies=PROXIES.replace("EQ:AAPL", "VOL:VIX")),
    "E205": _another_row_count,
    "E206": lambda: _another_total(POSITIONS, "1"),
    "E207": _policy(
        BatchPolicy(max_bad_rows=9, max_bad_notional_pct=100.0),
        positions=changed("equity", book=""),
    ),
    "E208": _missing_file,
    "E210": _policy(BatchPolicy(max_bad_rows=9, on_bad="fail"), positions=_TWO_BAD),
    "E211": _policy(STRICT, positions=_TWO_BAD),
    "E212": _policy(BatchPolicy(max_bad_rows=9, max_bad_notional_pct=5.0), positions=_TWO_BAD),
    "E220": _file("hierarchy", "portfolio,level,parent\nF,desk,G\n"),
    "E221": _file("hierarchy", "portfolio,level,parent\nF,firm,\nG,firm,\n"),
    "E222": _policy(
        BatchPolicy(quality={"early_end": QualityRule(action="fail")}),
        history=HISTORY.replace("2018-12-31", "2018-12-30"),
    ),
    "E223": _policy(
        BatchPolicy(max_bad_rows=9, max_bad_notional_pct=100.0, fail_on=("E106",)),
        positions=_TWO_BAD,
    ),
    "E224": _across(pnl=PNL.replace("DESK", "NOWHERE")),
    "W301": _across(history=HISTORY.replace("157.74", "158")),
    "W302": _across(history=_STILL),
    "W303": lambda: _another_total(POSITIONS.replace("1000.25", '"1,000.25"', 1), "15003.75"),
    "W304": _rows("market", MARKET.replace("T21", "T23")),
    "W305": _across(history=HISTORY.replace("2018-12-31", "2018-12-30")),
    "W306": _across(scenarios=SCENARIOS.replace("IR:USD", "IR:USX")),
    "W307": _quality(last="120"),
    "W308": _quality(at_30="120"),
    "W309": _quality(from_30="400"),
    "W310": _across(history=HISTORY.replace("2018-12-28", "2018-12-20")),
    "W311": _across(market=MARKET + "CO:WTI,-37.63,USD,x,2018-12-31T21:00:00Z,observed\n"),
    "W312": _quoted(("IR:EUR:5Y", 0.03), ("IR:EUR:7Y", 0.02)),
    "W313": _quoted(("VOL:SPX:2019-01-31:ATM", 0.4), ("VOL:SPX:2019-03-29:ATM", 0.15)),
    "W314": _quoted(
        ("EQ:SPX", 100.0),
        ("VOL:SPX:2019-06-28:95", 0.2),
        ("VOL:SPX:2019-06-28:100", 0.35),
        ("VOL:SPX:2019-06-28:105", 0.2),
    ),
    "W315": _rows("market", MARKET.replace("2018-12-31T21", "2018-12-28T21", 1)),
    "W316": _quality(still_20="25"),
    "W317": _quoted(("IR:EUR:5Y", 2.69)),
    **FOREIGN_FAULTS,
}
ALONGSIDE = {
    "W311": {"E109"},
    "E131": {"E107"},
    "E134": {"E124"},
    "E133": set[str](),
    "E103": set[str](),
}
"""Codes that a fault brings with it."""


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_is_found_under_its_own_code_alone(code: str) -> None:
    assert FAULTS[code]() == {code} | ALONGSIDE.get(code, set())


def test_every_code_of_the_catalogue_is_brought_about() -> None:
    assert set(FAULTS) == set(CODES)


def test_the_good_files_have_no_fault() -> None:
    found = batch(policy=BatchPolicy())
    assert found.failures == ()
    assert found.refusal is None
    assert len(found.positions) == len(GOOD_ROWS)
    assert set(COLUMNS) == {*found.positions.texts, *found.positions.numbers} | {
        "position_id",
        "expiry",
        "start",
        "maturity",
        "average_start",
    }

import json
import struct

import msgspec

from riskmill.reporting import SCHEMA, Report, build_report, render_html, render_json
from tests.reporting.bank import demo_result

REPORT = build_report(demo_result())
RAW = render_json(REPORT)


def test_the_model_names_its_schema_and_version_first():
    assert SCHEMA == "riskmill.report/1"
    assert next(iter(json.loads(RAW).items())) == ("schema", SCHEMA)


def test_the_same_result_gives_the_same_bytes_and_a_last_newline():
    assert render_json(build_report(demo_result())) == RAW
    assert RAW.endswith(b"}\n")


def test_a_report_survives_the_way_through_json():
    again = msgspec.json.decode(RAW, type=Report)
    assert again == REPORT
    assert render_json(again) == RAW
    assert render_html(again) == render_html(REPORT)


def test_floats_keep_every_bit():
    values = json.loads(RAW)["pnl"]["values"]
    assert struct.pack(f"{len(values)}d", *values) == struct.pack(
        f"{len(values)}d", *demo_result().vectors.values[0]
    )


def test_every_amount_carries_value_text_and_unit():
    row = json.loads(RAW)["portfolios"]["rows"][0]["present_value"]
    assert set(row) == {"value", "text", "unit"}
    assert row["unit"] == "USD"


def test_no_number_in_the_file_is_other_than_json_allows():
    json.loads(RAW, parse_constant=lambda name: (_ for _ in ()).throw(ValueError(name)))

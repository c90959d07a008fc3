"""XML from strangers: bounded, and nothing of it is ever expanded or fetched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import InputRejected
from riskmill.ingestion.foreign.ore import xml_records as module
from riskmill.ingestion.foreign.ore.xml_records import xml_records, xml_root
from tests.ingestion.foreign.portfolios import FX_FORWARD, portfolio, trade

GOOD = portfolio([trade("FxForward", FX_FORWARD, f"T-{n}") for n in range(3)])
LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE Portfolio [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>
<Portfolio><Trade id="&d;"/></Portfolio>"""
OUTSIDE = b"""<!DOCTYPE Portfolio [<!ENTITY secret SYSTEM "file:///etc/hostname">]>
<Portfolio><Trade id="T">&secret;</Trade></Portfolio>"""
PARAMETER = b"""<!DOCTYPE Portfolio SYSTEM "http://localhost/evil.dtd"><Portfolio/>"""


def refused(raw: bytes) -> str:
    with pytest.raises(InputRejected) as refusal:
        list(xml_records("portfolio.xml", raw))
    assert refusal.value.place
    assert refusal.value.remedy
    return refusal.value.code


def test_children_of_the_root_come_one_by_one_with_their_lines() -> None:
    found = list(xml_records("portfolio.xml", GOOD))
    assert [(record.element.get("id"), record.line) for record in found] == [
        ("T-0", 3), ("T-1", 4), ("T-2", 5),
    ]  # fmt: skip
    assert {record.root for record in found} == {"Portfolio"}
    assert xml_root("portfolio.xml", GOOD) == "Portfolio"


@pytest.mark.parametrize("raw", [LAUGHS, OUTSIDE, PARAMETER])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_anything_is_expanded(raw: bytes, encoding: str) -> None:
    assert refused(raw.decode().replace('<?xml version="1.0"?>', "").strip().encode(encoding)) == (
        "E076"
    )


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no XML",
        GOOD[:-5],
        b"<Portfolio><Trade></Portfolio>",
        b"<Portfolio>&undefined;</Portfolio>",
        b"<Portfolio>\x00</Portfolio>",
        b"<?xml version='1.0' encoding='no-such-encoding'?><Portfolio/>",
        b"<Portfolio a='1' a='2'/>",
        b"<Portfolio/><Portfolio/>",
    ],
)
def test_what_is_not_xml_is_told_by_code(raw: bytes) -> None:
    assert refused(raw) == "E075"


def test_depth_elements_text_tags_and_bytes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(b"<a>" * 65) == "E077"
    wide = b"<a><b>" + b"<c/>" * (module.MOST_ELEMENTS + 1)
    assert refused(wide) == "E077"
    assert refused(b"<a><b>" + b"x" * (module.MOST_TEXT + 1)) == "E077"
    assert refused(b"<a b='" + b"x" * (2 * module.MOST_TEXT)) == "E077"
    monkeypatch.setattr(module, "LARGEST_FILE", 100)
    assert refused(GOOD) == "E077"


def test_many_records_are_no_large_record() -> None:
    raw = b"<a>" + b"<b><c/></b>" * 150_000 + b"</a>"
    assert sum(1 for _ in xml_records("portfolio.xml", raw)) == 150_000


@given(st.data())
def test_any_damage_is_told_by_code(data: st.DataObject) -> None:
    raw = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    raw = raw[: data.draw(st.integers(0, len(raw)))]
    assert outcome(bytes(raw)) in {"", "E075", "E076", "E077"}


def outcome(raw: bytes) -> str:
    """Code that the document is refused under; empty where it is read."""
    try:
        list(xml_records("portfolio.xml", raw))
    except InputRejected as refusal:
        return refusal.code
    return ""

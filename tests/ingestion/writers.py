"""The same rows written in every format that riskmill reads."""

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq

from riskmill.domain import NUMBER_COLUMNS, FileFormat

Cells = Sequence[Sequence[str]]
"""Rows of text, the header first."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,12})?")
_DATE = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])")


@dataclass(frozen=True, kw_only=True)
class Written:
    """A file, as it is named and declared."""

    name: str
    declared: FileFormat | None
    raw: bytes


def as_csv(cells: Cells) -> Written:
    return Written(name="positions.csv", declared=None, raw=_text(cells, ","))


def as_gzip(cells: Cells) -> Written:
    raw = gzip.compress(_text(cells, ","), mtime=0)
    return Written(name="positions.csv.gz", declared=None, raw=raw)


def as_zstd(cells: Cells) -> Written:
    raw = pa.compress(_text(cells, ","), codec="zstd", asbytes=True)
    declared = FileFormat(kind="csv", compression="zstd")
    return Written(name="positions.packed", declared=declared, raw=raw)


def with_decimal_commas(cells: Cells) -> Written:
    """Semicolons between cells, and a comma in place of the point of each decimal number."""
    columns = [name in NUMBER_COLUMNS for name in cells[0]]
    local = [
        [_with_comma(cell) if is_number else cell for cell, is_number in zip(row, columns)]  # noqa: B905
        + list(row[len(columns) :])
        for row in cells
    ]
    declared = FileFormat(kind="csv", separator=";", decimal=",")
    return Written(name="positions.csv", declared=declared, raw=_text(local, ";"))


def as_parquet(cells: Cells) -> Written:
    columns = {name: [row[n] for row in cells[1:]] for n, name in enumerate(cells[0])}
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return Written(name="positions.parquet", declared=None, raw=sink.getvalue())


def as_workbook(cells: Cells) -> Written:
    """A workbook whose numbers and dates are numbers, as a spreadsheet program writes them."""
    rows = [
        f'<row r="{number}">' + "".join(_cell(cell) for cell in row) + "</row>"
        for number, row in enumerate(cells, 1)
    ]
    raw = workbook(f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>')
    return Written(name="positions.xlsx", declared=None, raw=raw)


WRITERS: Mapping[str, Callable[[Cells], Written]] = {
    "csv": as_csv,
    "gzip": as_gzip,
    "zstd": as_zstd,
    "decimal comma": with_decimal_commas,
    "parquet": as_parquet,
    "xlsx": as_workbook,
}


def sheet(*rows: str, before: str = "") -> str:
    """A sheet of XML rows."""
    return f'{before}<worksheet xmlns="{_MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>'


def workbook(
    *sheets: str,
    texts: str = "",
    others: Mapping[str, bytes] | None = None,
    since_1904: bool = False,
) -> bytes:
    """A workbook of the given sheets of XML, named s1, s2 and so on; cell style 1 is a date."""
    names = [f"s{number}" for number in range(1, len(sheets) + 1)]
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f'<workbookPr date1904="{int(since_1904)}"/><sheets>'
        + "".join(f'<sheet name="{n}" sheetId="{n[1:]}" r:id="{n}"/>' for n in names)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}">'
        + "".join(_relation(n, "worksheet", f"worksheets/{n}.xml") for n in names)
        + _relation("texts", "sharedStrings", "texts.xml")
        + _relation("styles", "styles", "styles.xml")
        + "</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/texts.xml": texts or f'<sst xmlns="{_MAIN}"/>',
        **{f"xl/worksheets/{n}.xml": xml for n, xml in zip(names, sheets, strict=True)},
    }
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in {**parts, **(others or {})}.items():
            package.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def _relation(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _text(cells: Cells, separator: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows(cells)
    return text.getvalue().encode()


def _with_comma(cell: str) -> str:
    """A number with a decimal comma; a text that is none is left alone."""
    try:
        float(cell)
    except ValueError:
        return cell
    return cell.replace(".", ",")


def _cell(text: str) -> str:
    if not text:
        return "<c/>"
    if _NUMBER.fullmatch(text):
        return f"<c><v>{text}</v></c>"
    if _DATE.fullmatch(text) and text >= "1901":
        days = (_day(text) - _day("1899-12-30")).days
        return f'<c s="1"><v>{days}</v></c>'
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(_escaped(text))}</t></is></c>'


def _escaped(text: str) -> str:
    """Characters that XML cannot hold, as spreadsheet programs write them."""
    return re.sub(r"[\x00-\x08\x0b-\x1f]", lambda c: f"_x{ord(c.group()):04X}_", text)


def _day(text: str) -> date:
    return date.fromisoformat(text)

"""The cells of a sheet: numbers, dates and texts as the text that a CSV file would hold."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from riskmill.ingestion.lines import LONGEST_RECORD
from riskmill.ingestion.streams import beyond_measure
from riskmill.ingestion.workbook_parts import Package, refusal

MOST_TEXTS = 5_000_000
MOST_TEXT_SIZE = 256 * 1024 * 1024
MOST_COLUMNS, MOST_ROWS = 16_384, 1_048_576
"""A sheet's size by its own format."""
NOT_CALCULATED = "#NOT-CALCULATED"
"""Stands in the cell of a formula whose value was never stored."""

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NUMBER = re.compile(r"[+-]?([0-9]{1,400}\.?[0-9]{0,400}|\.[0-9]{1,400})([eE][+-]?[0-9]{1,4})?")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_OF_DATES = re.compile(r"[ymdhs]", re.IGNORECASE)
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001
_FIRST_SOUND = 61
"""Serial of 1 March 1900; the days before are counted wrongly by the format itself."""
_LAST_SERIAL = 2_958_466


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetRow:
    """A row that is not blank."""

    number: int
    """As the spreadsheet program shows it, from 1."""
    cells: dict[int, str]
    """Text of each cell that is not empty, by its column from 0; at least one."""
    size: int
    """Characters of all cells; where it exceeds a record's, not all of them are kept."""


def read_texts(package: Package) -> Sequence[str]:
    """The shared texts of a workbook, by number."""
    found = _Texts(package)
    if package.texts:
        package.parse(package.texts, found.start, found.end, found.text)
    return found.texts


def read_styles(package: Package) -> frozenset[int]:
    """Numbers of the cell styles that show a date."""
    dates = set(_BUILT_IN_DATES)
    styles: list[int] = []
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if tag == "numFmt":
            shown = _LITERAL.sub("", attributes.get("formatCode", ""))
            number = _whole(attributes.get("numFmtId", ""))
            (dates.add if _OF_DATES.search(shown) else dates.discard)(number)
        elif tag == "cellXfs":
            inside = True
        elif tag == "xf" and inside:
            styles.append(_whole(attributes.get("numFmtId", "0")))

    def end(tag: str) -> None:
        nonlocal inside
        inside = inside and tag != "cellXfs"

    if package.styles:
        package.parse(package.styles, start, end)
    return frozenset(number for number, kind in enumerate(styles) if kind in dates)


def read_rows(
    package: Package, part: str, texts: Sequence[str], dates: frozenset[int]
) -> Iterator[SheetRow]:
    """Give the rows of a sheet that are not blank, as they are parsed."""
    sheet = _Sheet(package, texts, dates)
    for _ in package.pieces(part, sheet.start, sheet.end, sheet.text):
        yield from sheet.rows
        sheet.rows.clear()


class _Texts:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._size = 0
        self._wanted = False
        self._phonetic = False
        self._pieces: list[str] = []
        self.texts: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "rPh":
            self._phonetic = True
        elif tag == "t":
            self._wanted = not self._phonetic

    def end(self, tag: str) -> None:
        if tag == "t":
            self._wanted = False
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "si":
            self.texts.append(_unescaped("".join(self._pieces)))
            self._pieces.clear()
            if len(self.texts) > MOST_TEXTS:
                raise beyond_measure(self._package.entry, f"has more than {MOST_TEXTS} texts")

    def text(self, piece: str) -> None:
        if self._wanted:
            self._size += len(piece)
            if self._size > MOST_TEXT_SIZE:
                raise beyond_measure(
                    self._package.entry, f"has more than {MOST_TEXT_SIZE} characters of text"
                )
            self._pieces.append(piece)


class _Sheet:
    """Told of a sheet's XML, it gathers rows."""

    def __init__(self, package: Package, texts: Sequence[str], dates: frozenset[int]) -> None:
        self._package = package
        self._texts, self._dates = texts, dates
        self._epoch = _EPOCH_1904 if package.since_1904 else _EPOCH
        self._row, self._column = 0, -1
        self._cells: dict[int, str] = {}
        self._size = 0
        self._type, self._style = "n", -1
        self._pieces: list[str] = []
        self._wanted = self._formula = self._phonetic = False
        self.rows: list[SheetRow] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._begin_cell(attributes)
        elif tag in ("v", "t"):
            self._wanted = not self._phonetic
        elif tag == "f":
            self._formula = True
        elif tag == "row":
            self._begin_row(attributes)
        elif tag == "rPh":
            self._phonetic = True

    def end(self, tag: str) -> None:
        if tag == "c":
            self._end_cell()
        elif tag in ("v", "t"):
            self._wanted = False
        elif tag == "row":
            if self._cells:
                self.rows.append(SheetRow(number=self._row, cells=self._cells, size=self._size))
        elif tag == "rPh":
            self._phonetic = False

    def text(self, piece: str) -> None:
        if self._wanted and self._size <= LONGEST_RECORD:
            self._size += len(piece)
            self._pieces.append(piece)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = _whole(attributes["r"]) if "r" in attributes else self._row + 1
        if not self._row < number <= MOST_ROWS:
            raise refusal(self._package.entry, f"has row {number} behind row {self._row}")
        self._row, self._column = number, -1
        self._cells, self._size = {}, 0

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        column = self._column + 1 if place is None else _column(place)
        if not self._column < column < MOST_COLUMNS:
            raise refusal(self._package.entry, f"has a cell out of its place in row {self._row}")
        self._column = column
        self._type = attributes.get("t", "n")
        self._style = _whole(attributes.get("s", "-1"))
        self._pieces.clear()
        self._formula = False

    def _end_cell(self) -> None:
        raw = "".join(self._pieces)
        if not raw and self._formula and self._type != "str":
            self._cells[self._column] = NOT_CALCULATED
        elif raw and (text := self._as_text(raw)):
            self._cells[self._column] = text
            self._size += len(text) if self._type == "s" else 0

    def _as_text(self, raw: str) -> str:
        if self._type == "s":
            number = _whole(raw)
            if not 0 <= number < len(self._texts):
                raise refusal(self._package.entry, f"has no text number {raw[:20]}")
            return self._texts[number]
        if self._type in ("n", ""):
            return self._number(raw)
        if self._type == "b":
            return "TRUE" if raw == "1" else "FALSE"
        if self._type == "d":
            return raw.removesuffix("T00:00:00").removesuffix("T00:00:00.000")
        return raw if self._type == "e" else _unescaped(raw)

    def _number(self, raw: str) -> str:
        if not _NUMBER.fullmatch(raw):
            return raw
        value = float(raw)
        if self._style in self._dates and 0 < value < _LAST_SERIAL:
            return self._date(value, raw)
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)

    def _date(self, serial: float, raw: str) -> str:
        """A day as YYYY-MM-DD, with its time of day where it has one."""
        if self._epoch == _EPOCH and serial < _FIRST_SOUND:
            return raw
        try:
            moment = self._epoch + timedelta(seconds=round(serial * 86_400))
        except OverflowError:
            return raw
        whole_day = moment.time() == datetime.min.time()
        return moment.date().isoformat() if whole_day else moment.isoformat()


def _column(reference: str) -> int:
    """Column from 0 of a reference such as AB12; -1 where it is none."""
    found = _REFERENCE.fullmatch(reference)
    number = 0
    for letter in found.group(1) if found else "":
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _whole(text: str) -> int:
    """The number that *text* writes in digits; -1 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(_meant, text) if "_x" in text else text


def _meant(escaped: re.Match[str]) -> str:
    """The character that is meant; half of one is none, and stays as it is written."""
    number = int(escaped.group(1), 16)
    return escaped.group() if 0xD800 <= number <= 0xDFFF else chr(number)

"""The parts of an XLSX file: found, unpacked within bounds, and parsed without entities."""

import io
import posixpath
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from xml.parsers import expat

from riskmill.domain import BatchFile, InputRejected
from riskmill.ingestion.streams import FREE, MOST_RATIO, beyond_measure

MOST_PARTS = 10_000
MOST_UNPACKED = 4 * 1024**3
"""Bytes that one part may unpack to."""
MOST_DEPTH = 64
"""Elements within elements; a sheet has six."""
LONGEST_TAG = 8 * 1024 * 1024
"""Bytes of a tag that the parser may hold back."""
READ_AT_ONCE = 256 * 1024
_DIRECTORY_ENTRY = b"PK\x01\x02"
_RELATIONSHIP = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)

Start = Callable[[str, dict[str, str]], None]
"""Told of an element that opens: its local name, and its attributes; `namespace name` if any."""


class Package:
    """A workbook's parts by name."""

    def __init__(self, entry: BatchFile, raw: bytes) -> None:
        self.entry = entry
        if raw.count(_DIRECTORY_ENTRY) > MOST_PARTS:
            raise beyond_measure(entry, f"has more than {MOST_PARTS} parts")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as cause:
            raise refusal(entry, "is no XLSX workbook, or its end is missing") from cause
        self._parts = {info.filename: info for info in self._zip.infolist()}

    def sheets(self) -> Mapping[str, str]:
        """Name of each sheet of cells, in order, and the part that holds it."""
        book = self._target("_rels/.rels", "officeDocument")
        found: dict[str, str] = {}
        folder, name = posixpath.split(book)
        targets = self._relations(f"{folder}/_rels/{name}.rels", folder)

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "sheet":
                relation = next((attributes[key] for key in attributes if key.endswith(" id")), "")
                kind, part = targets.get(relation, ("", ""))
                if kind == "worksheet":
                    found[attributes.get("name", "")] = part
            elif tag == "workbookPr":
                self.since_1904 = attributes.get("date1904", "0") in ("1", "true")

        self.since_1904 = False
        self.parse(book, start)
        self.texts = next((part for kind, part in targets.values() if kind == "sharedStrings"), "")
        self.styles = next((part for kind, part in targets.values() if kind == "styles"), "")
        return found

    def parse(
        self,
        part: str,
        start: Start,
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Parse a part to its end; raises what `pieces` raises."""
        for _ in self.pieces(part, start, end, text):
            pass

    def pieces(
        self,
        part: str,
        start: Start,
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> Iterator[None]:
        """
        Parse a part, and stop after each piece of it so that what was found can be taken.

        Raises `InputRejected` where the part is missing or damaged (E038), too large
        (E037), or declares a document type, which is where entities come from (E039).
        """
        parser = _Parser(self.entry, start, end, text)
        fed = 0
        try:
            for piece in self._unpacked(part):
                fed += len(piece)
                parser.feed(piece)
                if fed - parser.done > LONGEST_TAG:
                    raise beyond_measure(self.entry, f"has a tag of more than {LONGEST_TAG} bytes")
                yield
            parser.feed(b"", last=True)
            yield
        except expat.ExpatError as cause:
            raise refusal(self.entry, f"has damaged XML in '{part[:60]}'") from cause

    def _unpacked(self, part: str) -> Iterator[bytes]:
        info = self._parts.get(part)
        if info is None:
            raise refusal(self.entry, f"lacks its part '{part[:60]}'")
        if info.flag_bits & 1 or info.compress_type not in (
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        ):
            raise refusal(self.entry, "is encrypted or packed in an unknown way")
        size = 0
        try:
            with self._zip.open(info) as file:
                while piece := file.read(READ_AT_ONCE):
                    size += len(piece)
                    if size > min(MOST_UNPACKED, FREE + MOST_RATIO * info.compress_size):
                        raise beyond_measure(
                            self.entry,
                            f"unpacks from {info.compress_size} bytes to {size} and more",
                        )
                    yield piece
        except (
            zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError,
        ) as cause:  # fmt: skip
            raise refusal(self.entry, f"has a damaged part '{part[:60]}'") from cause

    def _target(self, relations: str, kind: str) -> str:
        for found, part in self._relations(relations, "").values():
            if found == kind:
                return part
        raise refusal(self.entry, f"has no part of kind '{kind}'")

    def _relations(self, part: str, folder: str) -> dict[str, tuple[str, str]]:
        """Kind and target of each relation by its id."""
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            namespace, _, kind = attributes.get("Type", "").rpartition("/")
            if tag == "Relationship" and namespace in _RELATIONSHIP:
                target = posixpath.normpath(
                    posixpath.join("/", folder, attributes.get("Target", ""))
                )
                found[attributes.get("Id", "")] = (kind, target.lstrip("/"))

        self.parse(part, start)
        return found


class _Parser:
    """Expat, with local names, and without document types."""

    def __init__(
        self,
        entry: BatchFile,
        start: Start,
        end: Callable[[str], None] | None,
        text: Callable[[str], None] | None,
    ) -> None:
        self._entry = entry
        self._start, self._end = start, end
        self._depth = 0
        self._names: dict[str, str] = {}
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._opened
        self._parser.EndElementHandler = self._closed
        self._parser.StartDoctypeDeclHandler = self._declared
        if text:
            self._parser.CharacterDataHandler = text

    @property
    def done(self) -> int:
        """Bytes that have been understood."""
        return self._parser.CurrentByteIndex

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        """Parse on; raises `ExpatError` at the first fault."""
        self._parser.Parse(piece, last)

    def _opened(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise beyond_measure(self._entry, f"has elements more than {MOST_DEPTH} deep")
        self._start(self._names.get(name) or self._local(name), attributes)

    def _closed(self, name: str) -> None:
        self._depth -= 1
        if self._end:
            self._end(self._names.get(name) or self._local(name))

    def _local(self, name: str) -> str:
        """A name without its namespace; the common ones are remembered."""
        local = sys.intern(name.rpartition(" ")[2])
        if len(self._names) < MOST_DEPTH:
            self._names[name] = local
        return local

    def _declared(self, *declaration: object) -> None:
        raise InputRejected(
            "E039",
            f"'{self._entry.name}' declares a document type in its XML, as no spreadsheet does",
            place=self._entry.name,
            remedy="Save the workbook anew with a spreadsheet program, or deliver it as CSV.",
        )


def refusal(entry: BatchFile, says: str) -> InputRejected:
    """Refuse a workbook that cannot be read (E038)."""
    return InputRejected(
        "E038",
        f"'{entry.name}' {says}",
        place=entry.name,
        remedy="Save it anew as an XLSX workbook without a password, or deliver it as CSV.",
    )

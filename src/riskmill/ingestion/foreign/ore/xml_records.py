"""
XML from strangers: the children of the root, one at a time.

A document type is refused where it begins, so no entity is ever declared, expanded or
fetched. Depth, elements of one record and bytes are bounded, and a record is forgotten
once it is handed on, so memory follows the largest record and not the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element
from xml.parsers import expat

from riskmill.domain import InputRejected

LARGEST_FILE = 256 * 1024 * 1024
DEEPEST = 64
MOST_ELEMENTS = 100_000
"""Elements of one record; a trade has about sixty."""
MOST_TEXT = 4 * 1024 * 1024
"""Characters of one record, and bytes of one tag."""
_CHUNK = 256 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class XmlRecord:
    """A child of the root, whole."""

    root: str
    """Tag of the document's root."""
    element: Element
    line: int
    """Line of the file on which it starts."""


def check_size(name: str, raw: bytes) -> None:
    """Refuse a file of more than `LARGEST_FILE` bytes (E077)."""
    if len(raw) > LARGEST_FILE:
        raise _beyond(name, f"has more than {LARGEST_FILE} bytes")


def xml_root(name: str, raw: bytes) -> str:
    """Return the tag of the document's root; `InputRejected` where there is none to be read."""
    assembly = _Assembly(name)
    for start in range(0, len(raw), _CHUNK):
        assembly.feed(raw[start : start + _CHUNK])
        if assembly.root:
            return assembly.root
    assembly.feed(b"", last=True)
    return assembly.root


def xml_records(name: str, raw: bytes) -> Iterator[XmlRecord]:
    """
    Read a document, child by child of its root.

    Raises `InputRejected` for what is not XML (E075), for a document type (E076), and
    beyond the bounds above (E077).
    """
    check_size(name, raw)
    assembly = _Assembly(name)
    for start in range(0, len(raw), _CHUNK):
        assembly.feed(raw[start : start + _CHUNK])
        yield from assembly.taken()
    assembly.feed(b"", last=True)
    yield from assembly.taken()


class _Assembly:
    """Elements put together from what the parser reports."""

    def __init__(self, name: str) -> None:
        self.root = ""
        self._name = name
        self._depth = 0
        self._fed = 0
        self._elements = 0
        self._characters = 0
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._line = 0
        self._finished: list[XmlRecord] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def feed(self, raw: bytes, *, last: bool = False) -> None:
        """Parse a stretch of the document."""
        self._fed += len(raw)
        try:
            self._parser.Parse(raw, last)
        except (expat.ExpatError, LookupError, ValueError) as cause:
            raise InputRejected(
                "E075",
                f"'{self._name}' is not XML that can be read: {cause}",
                place=f"{self._name}, line {self._parser.CurrentLineNumber}",
                remedy="Write the file again from its source; it may have been cut off.",
            ) from cause
        if self._fed - self._parser.CurrentByteIndex > MOST_TEXT:
            raise _beyond(self._name, f"has a tag of more than {MOST_TEXT} bytes")

    def taken(self) -> list[XmlRecord]:
        """Hand on the records that are whole."""
        finished, self._finished = self._finished, []
        return finished

    def _refuse_doctype(self, *declared: object) -> None:
        raise InputRejected(
            "E076",
            f"'{self._name}' declares a document type, in which entities could be defined",
            place=f"{self._name}, line {self._parser.CurrentLineNumber}",
            remedy="Take the <!DOCTYPE ...> out: portfolios need none.",
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _beyond(self._name, f"nests its elements more than {DEEPEST} deep")
        if self._depth == 1:
            self.root = tag
            return
        if self._depth == 2:
            self._line = self._parser.CurrentLineNumber
            self._elements = self._characters = 0
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise _beyond(
                self._name, f"has more than {MOST_ELEMENTS} elements in the record of {self._line}"
            )
        element = Element(tag, attributes)
        if self._open:
            self._open[-1].append(element)
        self._open.append(element)
        self._texts.append([])

    def _text(self, text: str) -> None:
        if not self._open:
            return
        self._characters += len(text)
        if self._characters > MOST_TEXT:
            raise _beyond(self._name, f"has more than {MOST_TEXT} characters in one record")
        self._texts[-1].append(text)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if not self._open:
            return
        element = self._open.pop()
        element.text = "".join(self._texts.pop())
        if not self._open:
            self._finished.append(XmlRecord(root=self.root, element=element, line=self._line))


def _beyond(name: str, says: str) -> InputRejected:
    return InputRejected(
        "E077",
        f"'{name}' {says}",
        place=name,
        remedy="Split the portfolio into several files.",
    )

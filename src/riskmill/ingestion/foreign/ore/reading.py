"""
One trade while it is read.

Every element is either asked for or left over, and what is left over with content is a
feature that nobody here knows: the trade is rejected rather than half understood.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from riskmill.domain import Failure, FailureReason, Severity
from riskmill.ingestion.cells import FIRST_DATE, LAST_DATE
from riskmill.ingestion.rules import SHORTENED

_AMOUNT = re.compile(r"(\d{1,18}(\.\d{0,12})?|\.\d{1,12})([eE][+-]?\d{1,2})?")
_NUMBER = re.compile(r"[+-]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})([eE][+-]?\d{1,2})?")
_YES = frozenset({"true", "y", "yes", "1"})
_NO = frozenset({"false", "n", "no", "0"})
_DATES = (
    re.compile(r"(?P<y>\d{4})(?P<s>[-/.]?)(?P<m>\d{2})(?P=s)(?P<d>\d{2})"),
    re.compile(r"(?P<d>\d{2})(?P<s>[-/.])(?P<m>\d{2})(?P=s)(?P<y>\d{4})"),
)
"""Year first, or day first as ORE reads it; never month first."""
_SHOWN = 60


class TradeUnreadable(Exception):
    """A part without which nothing more of the trade can be read; its failure is noted."""


def day_of(text: str) -> date | None:
    """Return a date in one of ORE's forms and within riskmill's bounds, or none."""
    for form in _DATES:
        if found := form.fullmatch(text):
            try:
                day = date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                return None
            return day if FIRST_DATE <= day <= LAST_DATE else None
    return None


class Trade:
    """A trade's place, what was found wrong with it, and which of its elements were read."""

    def __init__(self, file: str, number: int, line: int, element: Element) -> None:
        self.file = file
        self.number = number
        self.line = line
        self.id = element.get("id", "").strip()
        self.whole = Section(self, element, "")
        self.failures: list[Failure] = []
        self.read: set[int] = set()

    @property
    def rejected(self) -> bool:
        """Whether something was found that takes the trade out."""
        return any(failure.severity is Severity.ERROR for failure in self.failures)

    @property
    def findings(self) -> tuple[Failure, ...]:
        """Each thing once; of a rejected trade only what takes it out."""
        kept = (f for f in self.failures if not self.rejected or f.severity is Severity.ERROR)
        return tuple({(f.code, f.message): f for f in kept}.values())

    def fail(self, code: str, reason: FailureReason, says: str, column: str, value: str) -> None:
        """Note a failure that takes the trade out."""
        self._note(code, reason, Severity.ERROR, says, column, value)

    def warn(self, says: str, column: str, value: str) -> None:
        """Note a feature that is passed over because it changes little (W390)."""
        self._note("W390", FailureReason.MISMATCH, Severity.WARNING, says, column, value)

    def _note(
        self,
        code: str,
        reason: FailureReason,
        severity: Severity,
        says: str,
        column: str,
        value: str,
    ) -> None:
        self.failures.append(
            Failure(
                code=code,
                reason=reason,
                message=f"Trade '{self.id[:_SHOWN]}': {says}.",
                severity=severity,
                file=self.file,
                record=self.number,
                line=self.line,
                subject=self.id[:SHORTENED],
                column=column,
                value=value[:SHORTENED],
            )
        )


class Section:
    """An element with parts, and the path that leads to it."""

    def __init__(self, trade: Trade, element: Element, path: str) -> None:
        self.trade = trade
        self._element = element
        self._path = path

    def place(self, tag: str) -> str:
        """Path of a part, as failures name it."""
        return f"{self._path}/{tag}" if self._path else tag

    def text_of(self) -> str:
        """Text of the element itself."""
        return (self._element.text or "").strip()

    def parts(self, tag: str) -> list["Section"]:
        """Every part of that tag, in order."""
        found = self._element.findall(tag)
        self.trade.read.update(id(element) for element in found)
        return [Section(self.trade, element, self.place(tag)) for element in found]

    def part(self, tag: str) -> "Section":
        """The one part of that tag; raises `TradeUnreadable` where it is missing."""
        found = self.parts(tag)
        if not found:
            self._missing(tag)
            raise TradeUnreadable
        if len(found) > 1:
            self.refuse(tag, f"{len(found)} elements {tag} where one is read")
        return found[0]

    def pass_over(self, *tags: str) -> None:
        """Leave parts unread whose content changes nothing here."""
        for tag in tags:
            for element in self._element.findall(tag):
                self.trade.read.update(id(inner) for inner in element.iter())

    def optional(self, tag: str) -> str:
        """Text of a part, or an empty text; a varying or repeated part is refused."""
        found = self._element.findall(tag)
        self.trade.read.update(id(element) for element in found)
        filled = [element for element in found if (element.text or "").strip()]
        if not filled:
            return ""
        if len(filled) > 1 or any(value for value in filled[0].attrib.values()):
            self.refuse(tag, f"a {tag} that changes over time, or several")
        return (filled[0].text or "").strip()

    def text(self, tag: str) -> str:
        """Text of a part that must be there (E153)."""
        found = self.optional(tag)
        if not found:
            self._missing(tag)
        return found

    def amount(self, tag: str) -> Decimal:
        """A number that is not negative (E154); one where it is not."""
        text = self.text(tag)
        if text and not _AMOUNT.fullmatch(text):
            self._odd(tag, text, "is not a number of zero or more")
            return Decimal(1)
        return Decimal(text) if text else Decimal(1)

    def number(self, tag: str, default: str = "") -> Decimal:
        """A number of either sign (E154); *default* where the part is empty and one is given."""
        text = self.optional(tag) or default
        if not text:
            self._missing(tag)
        elif not _NUMBER.fullmatch(text):
            self._odd(tag, text, "is not a number")
        else:
            return Decimal(text)
        return Decimal(1)

    def day(self, tag: str) -> date:
        """A date (E154); 1 January 2000 where it is none."""
        text = self.text(tag)
        found = day_of(text)
        if text and found is None:
            self._odd(tag, text, "is not a date such as 2025-09-05")
        return found or date(2000, 1, 1)

    def flag(self, tag: str) -> bool:
        """Whether a part says yes; an empty one does not."""
        text = self.optional(tag).lower()
        if text and text not in _YES | _NO:
            self._odd(tag, text, "is neither true nor false")
        return text in _YES

    def choice(self, tag: str, words: Mapping[str, str], feature: str) -> str:
        """Return what one of *words* stands for; any other word is *feature*, refused (E152)."""
        text = self.text(tag)
        if text and text.lower() not in words:
            self.refuse(tag, f"{feature} '{text[:_SHOWN]}'", text)
        return words.get(text.lower(), "")

    def must_not(self, tags: Iterable[str], feature: str) -> None:
        """Refuse the trade where one of the flags is set (E152)."""
        for tag in tags:
            if self.flag(tag):
                self.refuse(tag, feature, "true")

    def refuse(self, tag: str, feature: str, value: str = "") -> None:
        """Note that the trade has a feature that riskmill does not price (E152)."""
        self.trade.fail(
            "E152",
            FailureReason.NOT_PRICEABLE,
            f"it has {feature}, which riskmill does not price",
            self.place(tag),
            value,
        )

    def _missing(self, tag: str) -> None:
        self.trade.fail(
            "E153",
            FailureReason.MISSING_VALUE,
            f"element {self.place(tag)} is missing or empty",
            self.place(tag),
            "",
        )

    def _odd(self, tag: str, text: str, says: str) -> None:
        self.trade.fail(
            "E154",
            FailureReason.INVALID_VALUE,
            f"element {self.place(tag)} holds '{text[:_SHOWN]}', which {says}",
            self.place(tag),
            text,
        )

    def refuse_leftovers(self) -> None:
        """Refuse every part with content that nobody asked for, at its topmost element."""
        for tag, element in _unread(self._element, self.trade.read):
            self.refuse(tag, f"the element {self.place(tag)}", (element.text or "").strip())


def _unread(element: Element, read: set[int], path: str = "") -> Iterator[tuple[str, Element]]:
    for child in element:
        place = f"{path}/{child.tag}" if path else child.tag
        if any(id(inner) in read for inner in child.iter()):
            yield from _unread(child, read, place)
        elif any((inner.text or "").strip() or inner.attrib for inner in child.iter()):
            yield place, child

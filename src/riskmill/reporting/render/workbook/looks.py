"""Formats of cells: as few as there are looks, each made once."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from riskmill.reporting.views.numbers import Number

FONT = "Calibri"
NAVY, SOFT, HAIR, TINT = "#12263A", "#55636F", "#C9D1D9", "#EEF1F4"
_BEHIND: Mapping[str, str] = {
    "%": '" %"',
    "bp": '" bp"',
    "vol pt": '" vol pt"',
    "x": '" \N{MULTIPLICATION SIGN}"',
}
"""Units that stand behind the figure; a currency stands in the header."""
_STATES: Mapping[str, Mapping[str, object]] = {
    "breach": {"bold": True, "font_color": "#A31D18", "bg_color": "#FBE6E4"},
    "warning": {"bold": True, "font_color": "#7A5200", "bg_color": "#FDF0D2"},
    "red": {"bold": True, "font_color": "#A31D18", "bg_color": "#FBE6E4"},
    "yellow": {"bold": True, "font_color": "#7A5200", "bg_color": "#FDF0D2"},
}
"""Looks of a state, by its first word; the word itself says what the colour does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Looks:
    """The formats of one workbook."""

    book: Workbook
    made: dict[tuple[tuple[str, object], ...], Format] = field(default_factory=dict)

    def of(self, **properties: object) -> Format:
        """The format that has these properties, made when it is first asked for."""
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            whole = {"font_name": FONT, "font_size": 10, "valign": "top", **properties}
            self.made[key] = self.book.add_format(whole)
        return self.made[key]

    def figure(self, number: Number) -> Format:
        """Thousands separated, as many decimals as are printed, losses red and with a minus."""
        return self.of(num_format=number_format(number), align="right")

    def state(self, words: str) -> Format:
        """A state in words; what is not as it should be stands out."""
        first = words.partition(",")[0].casefold()
        return self.of(**_STATES.get(first, {}))


def number_format(number: Number) -> str:
    """The code of Excel's that prints the figure as the report does."""
    digits = number.text.partition(".")[2]
    decimals = len(digits) - len(digits.lstrip("0123456789"))
    places = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    behind = _BEHIND.get(number.unit, "")
    return f"{places}{behind};[Red]\u2212{places}{behind}"

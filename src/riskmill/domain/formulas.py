"""Cells that a spreadsheet would take for a formula, and how to make it show them as text."""

import re

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a cell that a spreadsheet calculates, or strips to find such a beginning."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")


def shown_as_text(cell: str) -> str:
    """
    Return *cell* so that a spreadsheet shows it and calculates nothing.

    A number stays a number, its sign included. Anything else that begins as a formula
    gets an apostrophe in front.
    """
    if not cell.startswith(FORMULA) or _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"


GUARD = "'"
_GUARDED = re.compile(f"{GUARD}*[{re.escape(''.join(FORMULA))}]")


def guarded(cell: str) -> str:
    """
    Return *cell* as a quarantine file holds it: with an apostrophe before what would calculate.

    One that has apostrophes there already gets one more, so that `unguarded` gives back
    exactly what was sent. Numbers stay as they are.
    """
    if not _GUARDED.match(cell) or _NUMBER.fullmatch(cell):
        return cell
    return f"{GUARD}{cell}"


def unguarded(cell: str) -> str:
    """Return what `guarded` made *cell* of."""
    return cell[1:] if cell.startswith(GUARD) and _GUARDED.match(cell) else cell


UNGUARD = (f"^{GUARD}({GUARD}*[{re.escape(''.join(FORMULA))}])", "${1}")
"""The same as a pattern and its replacement, for whole columns."""

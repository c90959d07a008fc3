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

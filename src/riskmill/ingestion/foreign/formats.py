"""The systems whose files can be converted: a new one is a package and a line here."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from riskmill.ingestion.foreign.conversion import Conversion
from riskmill.ingestion.foreign.ore.conversion import convert_ore


class Converter(Protocol):
    """Turns the files of one system into riskmill's; reads nothing but what it is given."""

    def __call__(self, files: Mapping[str, bytes], *, business_date: date, book: str) -> Conversion:
        """Convert *files*, name to bytes; raises `InputRejected` where one cannot be read."""


FOREIGN_FORMATS: Mapping[str, Converter] = {"ore": convert_ore}


def convert(
    source: str, files: Mapping[str, bytes], *, business_date: date, book: str = ""
) -> Conversion:
    """
    Convert *files* of the system *source*, a key of `FOREIGN_FORMATS`.

    Every row that leaves has passed the rules of a delivery of *business_date*. *book*,
    if any, owns every position; without it each position's book is its source's.
    """
    return FOREIGN_FORMATS[source](files, business_date=business_date, book=book)

"""ORE's fixings: a line for each date, index and rate."""

import re
from collections.abc import Mapping
from datetime import date

from riskmill.ingestion.foreign.ore.reading import day_of

_SEPARATOR = re.compile(r"[\s,;]+")
_RATE = re.compile(r"[+-]?(\d{1,9}(\.\d{0,18})?|\.\d{1,18})([eE][+-]?\d{1,2})?")


def is_fixings(raw: bytes) -> bool:
    """Whether the first line that is no remark is a date, an index and a rate."""
    head = raw[:4096].decode("utf-8", errors="replace").splitlines()
    lines = [line for line in head if line.strip() and not line.startswith("#")]
    return bool(lines) and _line(lines[0]) is not None


def read_fixings(raw: bytes) -> Mapping[tuple[str, date], str]:
    """Rates by index and date; lines that are no fixings are passed over."""
    lines = raw.decode("utf-8", errors="replace").splitlines()
    found = (_line(line) for line in lines)
    return {(index, day): rate for index, day, rate in (entry for entry in found if entry)}


def _line(line: str) -> tuple[str, date, str] | None:
    parts = _SEPARATOR.split(line.strip())
    if len(parts) != 3 or "/" in parts[1] or not _RATE.fullmatch(parts[2]):
        return None
    day = day_of(parts[0])
    return (parts[1], day, parts[2]) if day else None

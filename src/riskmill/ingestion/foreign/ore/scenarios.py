"""
ORE's scenario file: the market of every past date, curves as discount factors.

Its header is `Date,Scenario,Numeraire` and one column for each node, such as
`DiscountCurve/EUR/3` or `FXSpot/USDEUR/0`. The tenors that curve nodes are numbered by
stand in the simulation's own file.
"""

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from riskmill.domain import Failure, FailureReason, InputRejected, RiskClass, Severity
from riskmill.ingestion.factors import class_of
from riskmill.ingestion.foreign.ore.reading import day_of
from riskmill.ingestion.foreign.ore.schedules import months_on
from riskmill.ingestion.foreign.ore.trades import underlying_name
from riskmill.ingestion.foreign.ore.xml_records import XmlRecord

HEADER = ("Date", "Scenario", "Numeraire")
DAYS_A_YEAR = 365.0
_TENOR = re.compile(r"(?P<count>\d{1,4})(?P<unit>[DWMY])")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_DEFAULT = ""

Tenors = Mapping[str, tuple[str, ...]]
"""Tenors of the nodes of each currency's curve; those of an empty name hold for all others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PastMarkets:
    """What a scenario file holds that riskmill can use."""

    dates: tuple[date, ...]
    """Ascending, none after the business date."""
    values: Mapping[str, tuple[float, ...]]
    """Values of each factor, one a date: zero rates as riskmill defines them, and spots."""
    failures: tuple[Failure, ...]
    """Columns and dates that were left out (W392)."""
    rows: int
    """Rows of the file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Column:
    """A column that is used."""

    place: int
    factor: str
    tenor: str
    """Tenor of a discount factor; empty for a spot."""


def curve_tenors(market: XmlRecord) -> Tenors:
    """Read the nodes of the yield curves from the simulation's `Market`."""
    return {
        configuration.get("curve", _DEFAULT): tuple(
            tenor.strip().upper() for tenor in (configuration.findtext("Tenors") or "").split(",")
        )
        for configuration in market.element.findall("YieldCurves/Configuration")
    }


def past_markets(name: str, raw: bytes, tenors: Tenors, business_date: date) -> PastMarkets:
    """
    Turn a scenario file into factors over dates.

    A zero rate is -ln(DF) / t, with t in years of 365 days from the row's date to that
    date moved on by the tenor. Raises `InputRejected` where a row cannot be read or the
    dates do not ascend (E080), or no tenors are known for a curve (E081).
    """
    header, *rows = _table(name, raw)
    columns, left_out = _columns(name, header, tenors)
    days: list[date] = []
    values: dict[str, list[float]] = {column.factor: [] for column in columns}
    late = 0
    for number, row in enumerate(rows, start=1):
        day = _day(name, number, row, header, days)
        if day > business_date:
            late += 1
            continue
        days.append(day)
        for column in columns:
            values[column.factor].append(_value(name, number, row, header, column, day))
    if late:
        left_out.append(
            _left_out(name, f"{late} of its dates are after the business date {business_date}")
        )
    return PastMarkets(
        dates=tuple(days),
        values={factor: tuple(series) for factor, series in values.items()},
        failures=tuple(left_out),
        rows=len(rows),
    )


def _table(name: str, raw: bytes) -> list[list[str]]:
    try:
        text = raw.decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text.lstrip("#"), newline="")) if row]
    except (UnicodeDecodeError, csv.Error) as cause:
        raise _unreadable(name, f"cannot be read as comma-separated text: {cause}") from cause
    if not rows or tuple(rows[0][:3]) != HEADER:
        raise _unreadable(name, f"does not begin with the columns {', '.join(HEADER)}")
    return rows


def _columns(
    name: str, header: Sequence[str], tenors: Tenors
) -> tuple[list[_Column], list[Failure]]:
    """The columns that name a factor of riskmill, and one warning for each group of others."""
    used: dict[str, _Column] = {}
    others: Counter[str] = Counter()
    for place, key in enumerate(header[len(HEADER) :], start=len(HEADER)):
        kind, _, rest = key.partition("/")
        item, _, node = rest.rpartition("/")
        factor, tenor = _factor(name, kind, item, node, tenors)
        if class_of(factor) and factor not in used:
            used[factor] = _Column(place=place, factor=factor, tenor=tenor)
        else:
            others[f"{kind}/{item}"] += 1
    return list(used.values()), [
        _left_out(name, f"column {group} ({count} nodes) is no factor that riskmill takes from it")
        for group, count in others.items()
    ]


def _factor(name: str, kind: str, item: str, node: str, tenors: Tenors) -> tuple[str, str]:
    """Factor id and tenor of a column; an empty id where it has none."""
    if kind == "FXSpot":
        return f"{RiskClass.FX}:{item}", ""
    if kind == "EquitySpot":
        return f"{RiskClass.EQUITY}:{underlying_name(item)}", ""
    if kind != "DiscountCurve" or not node.isdecimal():
        return "", ""
    nodes = tenors.get(item, tenors.get(_DEFAULT, ()))
    if int(node) >= len(nodes):
        raise InputRejected(
            "E081",
            f"'{name}' has node {node} of the curve {item}, whose tenor is not known",
            place=f"{name}, column DiscountCurve/{item}/{node}"[:200],
            remedy="Give the simulation file whose YieldCurves list the tenors of every node.",
        )
    return f"{RiskClass.RATES}:{item}:{nodes[int(node)]}", nodes[int(node)]


def _day(
    name: str, number: int, row: Sequence[str], header: Sequence[str], before: Sequence[date]
) -> date:
    if len(row) != len(header):
        raise _unreadable(name, f"has {len(row)} cells in row {number}, not {len(header)}")
    day = day_of(row[0])
    if day is None:
        raise _unreadable(name, f"has no date in row {number}: '{row[0][:40]}'")
    if before and day <= before[-1]:
        raise _unreadable(name, f"has a date in row {number} that does not come after the last")
    return day


def _value(
    name: str, number: int, row: Sequence[str], header: Sequence[str], column: _Column, day: date
) -> float:
    cell = row[column.place]
    value = float(cell) if _NUMBER.fullmatch(cell) else math.nan
    if not (math.isfinite(value) and value > 0.0):
        raise _unreadable(
            name,
            f"holds '{cell[:40]}' in row {number}, column {header[column.place][:60]}, which is "
            "no number above zero",
        )
    if not column.tenor:
        return value
    return -math.log(value) / ((_node_date(day, column.tenor) - day).days / DAYS_A_YEAR)


def _node_date(day: date, tenor: str) -> date:
    found = _TENOR.fullmatch(tenor)
    count = max(int(found["count"]), 1) if found else 1
    unit = found["unit"] if found else "D"
    if unit in "DW":
        return day + timedelta(days=count * (7 if unit == "W" else 1))
    return months_on(day, count * (12 if unit == "Y" else 1))


def market_rows(name: str, past: PastMarkets, business_date: date) -> Iterator[Mapping[str, str]]:
    """The snapshot: the factors' values on the business date, if the file holds it."""
    if not past.dates or past.dates[-1] != business_date:
        return
    for factor, series in past.values.items():
        yield {
            "factor": factor,
            "value": repr(series[-1]),
            "unit": _unit(factor),
            "source": f"ORE scenario file {name}"[:200],
            "as_of": f"{business_date.isoformat()}T00:00:00Z",
            "status": "observed",
        }


def _unit(factor: str) -> str:
    if factor.startswith(RiskClass.FX):
        return factor[-3:]
    return "decimal" if factor.startswith(RiskClass.RATES) else "price"


def _left_out(name: str, says: str) -> Failure:
    return Failure(
        code="W392",
        reason=FailureReason.MISMATCH,
        message=f"Of '{name}', a part is left out: {says}.",
        severity=Severity.WARNING,
        file=name,
    )


def _unreadable(name: str, says: str) -> InputRejected:
    return InputRejected(
        "E080",
        f"'{name}' {says}",
        place=name,
        remedy="Write the scenario file again: one row a date, oldest first, every cell filled.",
    )

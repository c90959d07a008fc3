"""A directory of ORE's files as a batch of riskmill."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePosixPath

from riskmill.domain import (
    BatchFile,
    BatchManifest,
    BatchPolicy,
    Failure,
    FailureReason,
    InputRejected,
    Severity,
)
from riskmill.ingestion.datasets import hierarchy, market, positions
from riskmill.ingestion.delivery import rejected_records
from riskmill.ingestion.files import ingest_file
from riskmill.ingestion.foreign.conversion import Conversion, SourceFile, written
from riskmill.ingestion.foreign.ore import portfolios, scenarios
from riskmill.ingestion.foreign.ore.fixings import is_fixings, read_fixings
from riskmill.ingestion.foreign.ore.portfolios import TakenTrade, read_portfolio
from riskmill.ingestion.foreign.ore.scenarios import (
    PastMarkets,
    curve_tenors,
    market_rows,
    past_markets,
)
from riskmill.ingestion.foreign.ore.schedules import Fixings
from riskmill.ingestion.foreign.ore.trades import Setting
from riskmill.ingestion.foreign.ore.xml_records import check_size, xml_records, xml_root

FIRM, BUSINESS_LINE, DESK = "FIRM", "IMPORTED", "ORE"
_POSITIONS = "positions.csv"
_OTHERS: Mapping[str, str] = {
    "#TradeId,IsPar,Factor_1": "sensitivities, which riskmill computes itself",
    "#TradeId,ScenarioLabel": "results of a stress test, not its scenarios",
    "#Portfolio,RiskClass": "results, which riskmill computes itself",
    "#Portfolio,ProductClass": "results of initial margin",
    "TradeID,PortfolioID,ProductClass": "sensitivities for initial margin",
}
"""Beginnings of ORE's files that are no input of riskmill, and what they are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Given:
    """The files by what they are."""

    portfolios: Mapping[str, bytes] = field(default_factory=dict)
    simulations: Mapping[str, bytes] = field(default_factory=dict)
    scenarios: Mapping[str, bytes] = field(default_factory=dict)
    fixings: Mapping[str, bytes] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    """Name and what it is instead."""


def convert_ore(files: Mapping[str, bytes], *, business_date: date, book: str) -> Conversion:
    """
    Turn ORE portfolios, and a scenario file, simulation file and fixings if given, into a batch.

    Each file is told by its content. Rows are held against the same rules as a delivery
    of *business_date*; a trade whose row breaks one is rejected with that rule's code.
    *book*, if any, owns every position. Raises `InputRejected` where a file cannot be
    read (E075 to E081); that no trade could be taken is in the result (E079).
    """
    given = _sorted_out(files)
    past = _past(given, business_date)
    fixings: dict[tuple[str, date], str] = {}
    for raw in given.fixings.values():
        fixings.update(read_fixings(raw))
    pairs = frozenset(id_[3:] for id_ in past.values if id_.startswith("FX:")) if past else None
    setting = Setting(business_date=business_date, pairs=pairs or frozenset(), fixings=fixings)
    taken = _checked(_trades(given, setting, book), business_date)
    rows = [trade.cells for trade in taken if trade.cells]
    return Conversion(
        files={**_positions(rows), **_hierarchy(rows), **_market(given, past, business_date)},
        sources=tuple(_sources(given, taken, past, fixings)),
        failures=(
            *(failure for trade in taken for failure in trade.failures),
            *(past.failures if past else ()),
            *(_not_converted(name, what) for name, what in given.others.items()),
        ),
        refusal=None if rows else _nothing(given, taken),
    )


def _sorted_out(files: Mapping[str, bytes]) -> _Given:
    forms: dict[str, dict[str, bytes]] = {
        form: {} for form in ("portfolios", "simulations", "scenarios", "fixings")
    }
    others: dict[str, str] = {}
    for name in sorted(files):
        check_size(name, files[name])
        form, what = _form(name, files[name])
        if form:
            forms[form][name] = files[name]
        else:
            others[name] = what
    return _Given(**forms, others=others)


def _form(name: str, raw: bytes) -> tuple[str, str]:
    """Field of `_Given` that a file belongs to, or none and what it is."""
    if PurePosixPath(name).suffix.lower() == ".xml":
        root = xml_root(name, raw)
        form = {portfolios.ROOT: "portfolios", "Simulation": "simulations"}.get(root, "")
        return form, f"a document '{root[:60]}' that holds no trades"
    head = raw[:4096].decode("utf-8-sig", errors="replace")
    if head.lstrip("#").startswith(",".join(scenarios.HEADER)):
        return "scenarios", ""
    if is_fixings(raw):
        return "fixings", ""
    told = (what for beginning, what in _OTHERS.items() if head.startswith(beginning))
    return "", next(told, "no portfolio, scenario, simulation or fixing file of ORE")


def _past(given: _Given, business_date: date) -> PastMarkets | None:
    """Past markets of the one scenario file; several are refused."""
    if not given.scenarios:
        return None
    if len(given.scenarios) > 1:
        raise InputRejected(
            "E080",
            f"there are {len(given.scenarios)} scenario files, and only one can be the history",
            place=", ".join(given.scenarios)[:200],
            remedy="Give the one whose dates are the history.",
        )
    tenors: dict[str, tuple[str, ...]] = {}
    for name, raw in given.simulations.items():
        for record in xml_records(name, raw):
            if record.element.tag == "Market":
                tenors.update(curve_tenors(record))
    ((name, raw),) = given.scenarios.items()
    return past_markets(name, raw, tenors, business_date)


def _trades(given: _Given, setting: Setting, book: str) -> list[TakenTrade]:
    return [
        trade
        for name, raw in given.portfolios.items()
        for trade in read_portfolio(name, raw, setting, book)
    ]


def _checked(trades: Sequence[TakenTrade], business_date: date) -> list[TakenTrade]:
    """Hold the rows against the rules of a delivery, and take out those that break one."""
    rows = [trade for trade in trades if trade.cells]
    if not rows:
        return list(trades)
    raw = written(positions.LAYOUT.columns, [trade.cells for trade in rows])
    found = _against_rules(_POSITIONS, raw, business_date)
    bad = rejected_records(found)
    broken: dict[int, list[Failure]] = {}
    for failure in found:
        broken.setdefault(failure.record or 0, []).append(failure)
    outcome = {
        (trade.file, trade.number): replace(
            trade,
            cells={} if record in bad else trade.cells,
            failures=trade.failures + tuple(_at_trade(trade, broken.get(record, ()))),
        )
        for record, trade in enumerate(rows, start=1)
    }
    return [outcome.get((trade.file, trade.number), trade) for trade in trades]


def _at_trade(trade: TakenTrade, found: Iterable[Failure]) -> Iterator[Failure]:
    for failure in found:
        yield replace(failure, file=trade.file, record=trade.number, line=trade.line)


def _against_rules(name: str, raw: bytes, business_date: date) -> tuple[Failure, ...]:
    entry = BatchFile(
        name=name,
        dataset="positions",
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        rows=0,
    )
    manifest = BatchManifest(
        business_date=business_date,
        snapshot="EOD",
        version="v001",
        supersedes="",
        as_of=f"{business_date.isoformat()}T00:00:00Z",
        reporting_currency="USD",
        policy=BatchPolicy(),
        files=(entry,),
    )
    return ingest_file(entry, raw, manifest).failures


def _positions(rows: Sequence[Mapping[str, str]]) -> Mapping[str, bytes]:
    return {_POSITIONS: written(positions.LAYOUT.columns, rows)} if rows else {}


def _hierarchy(rows: Sequence[Mapping[str, str]]) -> Mapping[str, bytes]:
    """Every book below one desk; a stand-in, because ORE has no hierarchy."""
    books = sorted({row["book"] for row in rows})
    if not books:
        return {}
    firm, line, desk = (_unlike(books, name) for name in (FIRM, BUSINESS_LINE, DESK))
    placed = (
        (firm, "firm", ""),
        (line, "business_line", firm),
        (desk, "desk", line),
        *((book, "book", desk) for book in books),
    )
    columns = hierarchy.LAYOUT.columns
    return {
        "hierarchy.csv": written(columns, (dict(zip(columns, row, strict=True)) for row in placed))
    }


def _unlike(books: Sequence[str], name: str) -> str:
    while name in books:
        name += "_"
    return name


def _market(given: _Given, past: PastMarkets | None, business_date: date) -> Mapping[str, bytes]:
    """The history, and the snapshot where the scenario file holds the business date."""
    if past is None or not past.dates:
        return {}
    (name,) = given.scenarios
    factors = tuple(past.values)
    history = (
        {
            "date": day.isoformat(),
            **{factor: repr(past.values[factor][place]) for factor in factors},
        }
        for place, day in enumerate(past.dates)
    )
    files = {"history.csv": written(("date", *factors), history)}
    if snapshot := list(market_rows(name, past, business_date)):
        files["market.csv"] = written(market.LAYOUT.columns, snapshot)
    return files


def _sources(
    given: _Given,
    taken: Iterable[TakenTrade],
    past: PastMarkets | None,
    fixings: Fixings,
) -> Iterator[SourceFile]:
    trades = list(taken)
    for name in given.portfolios:
        own = [trade for trade in trades if trade.file == name]
        converted = sum(bool(trade.cells) for trade in own)
        yield SourceFile(name=name, form="portfolio", records=len(own), taken=converted)
    for name in given.scenarios:
        if past:
            dates = len(past.dates)
            yield SourceFile(name=name, form="scenarios", records=past.rows, taken=dates)
    for name in given.simulations:
        yield SourceFile(name=name, form="simulation", records=1, taken=1)
    for name in given.fixings:
        count = len(fixings)
        yield SourceFile(name=name, form="fixings", records=count, taken=count)
    for name in given.others:
        yield SourceFile(name=name, form="", records=0, taken=0)


def _not_converted(name: str, what: str) -> Failure:
    return Failure(
        code="W391",
        reason=FailureReason.NOT_PRICEABLE,
        message=f"This file is not converted: {what}.",
        severity=Severity.WARNING,
        file=name,
    )


def _nothing(given: _Given, taken: Sequence[TakenTrade]) -> InputRejected:
    if not given.portfolios:
        return InputRejected(
            "E078",
            "there is no portfolio of ORE among the files",
            place=", ".join(given.others)[:200],
            remedy="Give the XML file whose root is Portfolio, or the directory that holds it.",
        )
    return InputRejected(
        "E079",
        f"none of the {len(taken)} trades could be converted",
        place=", ".join(given.portfolios)[:200],
        remedy="The failures say why, trade by trade.",
    )

"""ORE's portfolio: its trades as rows of positions, and everything that keeps others out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from riskmill.domain import Failure, FailureReason
from riskmill.ingestion.foreign.ore.reading import Trade, TradeUnreadable
from riskmill.ingestion.foreign.ore.trades import TRADES, Setting
from riskmill.ingestion.foreign.ore.xml_records import xml_records

ROOT = "Portfolio"


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenTrade:
    """A trade and the position that it became, if it did."""

    file: str
    number: int
    """1-based, within its file."""
    line: int
    cells: Mapping[str, str]
    """Column and text; empty where the trade was rejected."""
    failures: tuple[Failure, ...]


def read_portfolio(name: str, raw: bytes, setting: Setting, book: str) -> Iterator[TakenTrade]:
    """
    Read every trade of a portfolio; *book*, if any, owns them all.

    Raises `InputRejected` for XML that cannot be read safely (E075 to E077).
    """
    records = (record for record in xml_records(name, raw) if record.element.tag == "Trade")
    for number, record in enumerate(records, start=1):
        trade = Trade(name, number, record.line, record.element)
        cells = _cells(trade, setting, book)
        yield TakenTrade(
            file=name,
            number=number,
            line=record.line,
            cells={} if trade.rejected else cells,
            failures=trade.findings,
        )


def _cells(trade: Trade, setting: Setting, book: str) -> Mapping[str, str]:
    """Cells of the trade's position; only worth anything where nothing was found wrong."""
    kind = trade.whole.optional("TradeType")
    if kind not in TRADES:
        trade.fail(
            "E151",
            FailureReason.NOT_PRICEABLE,
            f"its type '{kind[:60]}' is none that riskmill takes from ORE: {', '.join(TRADES)}",
            "TradeType",
            kind,
        )
        return {}
    try:
        terms = TRADES[kind](trade.whole, setting)
    except TradeUnreadable:
        return {}
    owner = book or _book(trade)
    trade.whole.pass_over("Envelope")
    trade.whole.refuse_leftovers()
    return {"position_id": trade.id, "book": owner, **terms}


def _book(trade: Trade) -> str:
    """The trade's one portfolio, else its netting set, else its counterparty."""
    for envelope in trade.whole.parts("Envelope"):
        portfolios = [
            found.text_of()
            for listed in envelope.parts("PortfolioIds")
            for found in listed.parts("PortfolioId")
        ]
        named = (
            portfolios[0] if len(portfolios) == 1 else "",
            envelope.optional("NettingSetId"),
            *(inner.optional("NettingSetId") for inner in envelope.parts("NettingSetDetails")),
            envelope.optional("CounterParty"),
        )
        if found := next((name for name in named if name), ""):
            return found
    trade.fail(
        "E155",
        FailureReason.MISSING_VALUE,
        "its envelope names no portfolio, netting set or counterparty that could be its book",
        "Envelope",
        "",
    )
    return ""

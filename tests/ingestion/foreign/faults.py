"""A fault for each code of foreign formats."""

from collections.abc import Callable, Mapping

from riskmill.domain import InputRejected
from riskmill.ingestion import convert
from tests.ingestion.foreign.portfolios import (
    BOND,
    BUSINESS_DATE,
    FX_FORWARD,
    SWAP,
    portfolio,
    trade,
)
from tests.ingestion.foreign.scenarios import SIMULATION, scenario_file

_GOOD = portfolio([trade("FxForward", FX_FORWARD)])


def _of(portfolio_xml: bytes, **others: bytes) -> Callable[[], set[str]]:
    files = {name.replace("_", "."): raw for name, raw in others.items()}

    def codes() -> set[str]:
        try:
            found = convert(
                "ore", {"portfolio.xml": portfolio_xml, **files}, business_date=BUSINESS_DATE
            )
        except InputRejected as refusal:
            return {refusal.code}
        refusals = {found.refusal.code} if found.refusal else set()
        return refusals | {failure.code for failure in found.failures}

    return codes


def _beside_a_good_trade(kind: str, data: str, **parts: str) -> Callable[[], set[str]]:
    return _of(portfolio([trade(kind, data, "BAD", **parts), trade("FxForward", FX_FORWARD)]))


_WITHOUT_BOOK = "<Envelope/>"
FOREIGN_FAULTS: Mapping[str, Callable[[], set[str]]] = {
    "E075": _of(_GOOD[:-3]),
    "E076": _of(b"<!DOCTYPE Portfolio><Portfolio/>"),
    "E077": _of(b"<Portfolio>" + b"<a>" * 100),
    "E078": _of(b"<Simulation/>"),
    "E079": _of(b"<Portfolio/>"),
    "E080": _of(_GOOD, simulation_xml=SIMULATION, scenarios_csv=scenario_file(["x"])),
    "E081": _of(_GOOD, scenarios_csv=scenario_file()),
    "E151": _beside_a_good_trade("Swaption", ""),
    "E152": _beside_a_good_trade("Swap", SWAP.replace("<Spread>0.0", "<Spread>0.1")),
    "E153": _beside_a_good_trade("FxForward", FX_FORWARD.replace("EUR", "")),
    "E154": _beside_a_good_trade("FxForward", FX_FORWARD.replace("2029-03-01", "2029-13-01")),
    "E155": _beside_a_good_trade("FxForward", FX_FORWARD, envelope=_WITHOUT_BOOK),
    "W390": _of(portfolio([trade("Bond", BOND)])),
    "W391": _of(_GOOD, notes_txt=b"hello"),
    "W392": _of(_GOOD, simulation_xml=SIMULATION, scenarios_csv=scenario_file()),
}

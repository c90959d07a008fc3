"""One instrument by itself: its price at base, and the factors it reads."""

from math import isfinite

import numpy as np

from riskmill.domain import INSTRUMENTS, Instrument, MarketData, MarketSnapshot, RiskSpec
from riskmill.risk.pricing.batches import WRONG_TYPES, check, wrong_type
from riskmill.risk.pricing.contracts import no_pricer
from riskmill.risk.pricing.early_exercise import lattice_columns, lattice_prices
from riskmill.risk.pricing.faults import not_finite
from riskmill.risk.pricing.formulas.cash_flows import present_value
from riskmill.risk.pricing.frames import MarketRows, base_axis
from riskmill.risk.pricing.inputs import Input
from riskmill.risk.pricing.instruments import PRICERS
from riskmill.risk.pricing.pricers import LinearPricer, Pricer, singly
from riskmill.risk.pricing.quotes import DEFAULT_SPEC, Quotes

_PRICER_OF: dict[type[Instrument], Pricer] = {
    kind: PRICERS[name] for name, kind in INSTRUMENTS.items()
}


def price(
    instrument: Instrument,
    market: MarketSnapshot | MarketData,
    *,
    spec: RiskSpec = DEFAULT_SPEC,
) -> float:
    """
    Value of one unit of *instrument* in its own currency, at the snapshot's levels.

    What one unit is stands in the instrument's docstring. Runs as plain Python: no
    compiler is started; *spec* says how curves are interpolated. Raises `ValuationError`
    (E401, E403 to E407, E410, E416) where the instrument cannot be valued.
    """
    pricer, quotes = _pricer(instrument), Quotes.of(market, spec)
    try:
        return _finite(_price(instrument, pricer, quotes))
    except WRONG_TYPES as cause:
        raise wrong_type(instrument, cause) from cause


def _price(instrument: Instrument, pricer: Pricer, quotes: Quotes) -> float:
    check(1.0, instrument, pricer, quotes.valuation_date)
    rows = MarketRows(quotes=quotes, axes=(base_axis(quotes),), without_history=frozenset())
    if isinstance(pricer, LinearPricer):
        exposures = singly(pricer.exposures(instrument, quotes))
        amounts = [exposure.amount for exposure in exposures]
        return float(present_value(amounts, [_level(rows, one.input) for one in exposures]))
    terms = pricer.terms(instrument, quotes.valuation_date)
    levels = [_level(rows, wanted) for wanted in pricer.inputs(instrument, quotes)]
    if pricer.dividends:
        cash, market = pricer.dividends(instrument, quotes), np.array(levels)[:, np.newaxis]
        if lattice_columns(market, terms[2], cash).any():
            return float(pricer.units(instrument) * lattice_prices(market, terms, cash)[0])
    with np.errstate(all="ignore"):
        return float(pricer.units(instrument) * pricer.formula(*levels, *terms))


def required_factors(
    instrument: Instrument, market: MarketSnapshot | MarketData
) -> tuple[str, ...]:
    """
    Ids of the factors that *instrument* reads, in the order of its inputs, each once.

    A factor that the snapshot does not quote is named too: it is what would have to be
    delivered. Conversion into another currency is not counted.
    """
    pricer, quotes = _pricer(instrument), Quotes.of(market)
    inputs: list[Input] = (
        [exposure.input for exposure in singly(pricer.exposures(instrument, quotes))]
        if isinstance(pricer, LinearPricer)
        else list(pricer.inputs(instrument, quotes))
    )
    return tuple(dict.fromkeys(factor for one in inputs for factor in one.factors(quotes)))


def _pricer(instrument: Instrument) -> Pricer:
    found = _PRICER_OF.get(type(instrument))
    if found is None:
        raise no_pricer(type(instrument).__name__)
    return found


def _finite(value: float) -> float:
    if not isfinite(value):
        raise not_finite("its value")
    return float(value)


def _level(rows: MarketRows, wanted: Input) -> float:
    number = rows.number(wanted)
    return float(rows.matrix(0)[number, 0])

"""What a snapshot quotes, arranged for pricing: curves by name, volatilities by contract."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import exp, inf
from numbers import Real
from typing import Self

from riskmill.domain import (
    Dividend,
    Factor,
    InputRejected,
    MarketData,
    MarketSnapshot,
    RiskClass,
    RiskSpec,
    UsageError,
    parse_factor,
    snapshot_of,
    tenor_days,
)
from riskmill.risk.pricing.curves import DAYS_A_YEAR, INTERPOLATIONS, Curve
from riskmill.risk.pricing.smiles import Smile, around, strike_of_delta

REFERENCE_CURRENCY = "USD"
"""Currency through which two others are converted when they have no pair of their own."""
DEFAULT_SPEC = RiskSpec()
DYNAMICS = ("sticky-strike", "sticky-moneyness")
BEYOND = ("extend", "refuse")


@dataclass(frozen=True, kw_only=True, slots=True)
class Quotes:
    """The factors of one snapshot."""

    valuation_date: date
    levels: Mapping[str, float]
    """Base level of each factor."""
    curves: Mapping[str, Curve]
    yields: Mapping[str, Curve]
    """By underlying, those of a curve; a single level for all dates is none."""
    volatilities: Mapping[tuple[str, date, float | None], str]
    """Factor id by surface, expiry and strike; no strike where it holds for all."""
    smiles: Mapping[str, tuple[Smile, ...]]
    """By surface, earliest expiry first."""
    spec: RiskSpec
    """How curves are interpolated and surfaces move."""
    fixings: Mapping[tuple[str, date], float]
    """Past rate by index and date."""
    dividends: Mapping[str, tuple[Dividend, ...]]
    """Cash still to be paid, by underlying, earliest ex-date first."""

    @classmethod
    def of(cls, given: MarketSnapshot | MarketData, spec: RiskSpec = DEFAULT_SPEC) -> Self:
        """
        Arrange a snapshot, with the past fixings where they are given.

        Raises `UsageError`: E451 for a word of *spec* that is unknown, E434 for a quote that is no
        number; `InputRejected`: E150
        for a malformed rate, yield or volatility, E414 for two ids of one volatility or node.
        """
        check_market_words(spec)
        market = snapshot_of(given)
        _check_types(market)
        fixings = given.fixings if isinstance(given, MarketData) else ()
        cash = given.dividends if isinstance(given, MarketData) else ()
        rates = [parse_factor(id_) for id_ in market.quotes if id_.startswith("IR:")]
        vols = [parse_factor(id_) for id_ in market.quotes if id_.startswith("VOL:")]
        yields = [parse_factor(id_) for id_ in market.quotes if id_.startswith("YIELD:")]
        terms = [factor for factor in yields if factor.tenor]
        flat = {factor.name for factor in yields if not factor.tenor}
        _refuse_twins([(one.name, tenor_days(one.tenor)) for one in terms], terms)
        _refuse_twins([(rate.name, tenor_days(rate.tenor)) for rate in rates], rates)
        _refuse_twins([(vol.name, vol.expiry, vol.strike, vol.delta) for vol in vols], vols)
        found = cls(
            valuation_date=market.valuation_date,
            levels=market.quotes,
            curves={
                name: _curve(name, rates, spec) for name in sorted({rate.name for rate in rates})
            },
            yields={
                name: _curve(name, terms, spec)
                for name in sorted({one.name for one in terms} - flat)
            },
            volatilities=_quoted_as_they_are(vols),
            smiles={},
            spec=spec,
            fixings={(one.index, one.date): one.value for one in fixings},
            dividends=_by_underlying(cash, market.valuation_date),
        )
        return replace(found, smiles=_smiles(found, [vol for vol in vols if vol.expiry]))

    def without_strikes(self, surface: str) -> bool:
        """Whether a volatility of this surface does not depend on the strike."""
        return all(not smile.strikes for smile in self.smiles.get(surface, ()))

    def curve(self, name: str) -> Curve | None:
        """The zero curve of that name, or none."""
        return self.curves.get(name)

    def smiles_around(self, surface: str, expiry: date, strike: float) -> tuple[Smile, ...]:
        """
        Smiles that a contract's volatility is read from, earliest first.

        That of its expiry, else those before and after it; none where one of them has nothing
        at the strike.
        """
        found = around(self.smiles.get(surface, ()), expiry)
        return found if all(smile.nodes(strike) for smile in found) else ()

    def conversion(self, source: str, target: str) -> tuple[tuple[str, bool], ...]:
        """
        Pairs that turn *source* into *target*, each with whether it is inverted.

        The direct pair, else its inverse, else both legs through US dollars. Where a
        leg is not quoted, the pair that should have been.
        """
        if source == target:
            return ()
        for pair, inverted in ((source + target, False), (target + source, True)):
            if f"{RiskClass.FX}:{pair}" in self.levels:
                return ((f"{RiskClass.FX}:{pair}", inverted),)
        if REFERENCE_CURRENCY in (source, target):
            return ((f"{RiskClass.FX}:{source}{target}", False),)
        return self.conversion(source, REFERENCE_CURRENCY) + self.conversion(
            REFERENCE_CURRENCY, target
        )


def _check_types(market: MarketSnapshot) -> None:
    """Raise `UsageError` (E434) for a date that is none, or a quote that is no number."""
    day = market.valuation_date
    if not isinstance(day, date) or isinstance(day, datetime):
        raise _mistyped("valuation_date", day, "a datetime.date without a time of day")
    for factor, level in market.quotes.items():
        if not isinstance(level, Real) or isinstance(level, bool):
            raise _mistyped(factor, level, "a number")


def _mistyped(place: str, found: object, expected: str) -> UsageError:
    return UsageError(
        "E434",
        f"{place} of the market snapshot is {str(found)[:80]!r}, but must be {expected}",
        place=place,
        remedy="Give quotes as numbers by factor id, and dates as datetime.date.",
    )


def _by_underlying(
    cash: Sequence[Dividend], valuation_date: date
) -> dict[str, tuple[Dividend, ...]]:
    """Dividends whose ex-date is still to come; raises `UsageError` (E435) for one that is none."""
    found: dict[str, tuple[Dividend, ...]] = {}
    for one in sorted(cash, key=lambda one: (one.underlying, one.ex_date)):
        if not 0.0 < one.amount < inf:
            raise UsageError(
                "E435",
                f"the dividend of {one.underlying} on {one.ex_date} is {one.amount}",
                place=one.underlying,
                remedy="Give amounts above zero, per share.",
            )
        if one.ex_date > valuation_date:
            found[one.underlying] = (*found.get(one.underlying, ()), one)
    return found


def check_market_words(spec: RiskSpec) -> None:
    """Raise `UsageError` (E451) for a word about curves or surfaces that is unknown."""
    for name, word, words in (
        ("volatility_dynamics", spec.volatility_dynamics, DYNAMICS),
        ("curve_interpolation", spec.curve_interpolation, INTERPOLATIONS),
        ("beyond_curve", spec.beyond_curve, BEYOND),
    ):
        if word not in words:
            raise UsageError(
                "E451",
                f"{name} is '{word}'",
                place=name,
                remedy=f"Say one of {', '.join(words)}.",
            )


def _refuse_twins(places: Sequence[Hashable], factors: Sequence[Factor]) -> None:
    seen: dict[Hashable, str] = {}
    for place, factor in zip(places, factors, strict=True):
        if place in seen:
            raise InputRejected(
                "E414",
                f"{seen[place]} and {factor.id} name the same node",
                place=factor.id,
                remedy="Deliver one of the two.",
            )
        seen[place] = factor.id


def _quoted_as_they_are(vols: list[Factor]) -> dict[tuple[str, date, float | None], str]:
    """Volatilities that need no smile; `ATM` beside deltas is one of these, and is none."""
    by_delta = {(vol.name, vol.expiry) for vol in vols if vol.delta is not None}
    return {
        (vol.name, vol.expiry, vol.strike): vol.id
        for vol in vols
        if vol.expiry
        and vol.delta is None
        and (vol.strike is not None or (vol.name, vol.expiry) not in by_delta)
    }


def _smiles(quotes: Quotes, vols: list[Factor]) -> dict[str, tuple[Smile, ...]]:
    places: dict[tuple[str, date], list[Factor]] = {}
    for vol in vols:
        places.setdefault((vol.name, vol.expiry or date.max), []).append(vol)
    found: dict[str, tuple[Smile, ...]] = {}
    for (name, expiry), factors in sorted(places.items(), key=lambda place: place[0]):
        found[name] = (*found.get(name, ()), _smile(quotes, expiry, factors))
    return found


def _smile(quotes: Quotes, expiry: date, factors: list[Factor]) -> Smile:
    """Quotes at deltas are put at the strikes that these have on the snapshot's levels."""
    by_delta = any(factor.delta is not None for factor in factors)
    flat = "" if by_delta else next((f.id for f in factors if f.strike is None), "")
    nodes = sorted(
        (factor.strike if factor.strike is not None else at, factor.id)
        for factor in factors
        if factor.strike is not None or by_delta
        for at in [_strike(quotes, expiry, factor) if factor.strike is None else 0.0]
        if factor.strike is not None or at > 0.0
    )
    return Smile(
        expiry=expiry,
        strikes=tuple(strike for strike, _ in nodes),
        factors=tuple(factor for _, factor in nodes),
        flat=flat,
    )


def _strike(quotes: Quotes, expiry: date, factor: Factor) -> float:
    """Strike of a delta quote; 0 where its underlying's forward is not quoted."""
    forward = _forward(quotes, factor.name, expiry)
    years = (expiry - quotes.valuation_date).days / DAYS_A_YEAR
    volatility = quotes.levels[factor.id]
    if forward is None or not (years > 0.0 and volatility > 0.0):
        return 0.0
    return strike_of_delta(forward, volatility, years, factor.delta or 0.0)


def _forward(quotes: Quotes, pair: str, expiry: date) -> float | None:
    """Forward rate of a currency pair."""
    spot = quotes.levels.get(f"{RiskClass.FX}:{pair}")
    foreign, domestic = quotes.curves.get(pair[:3]), quotes.curves.get(pair[3:])
    if spot is None or foreign is None or domestic is None:
        return None
    days = float(max((expiry - quotes.valuation_date).days, 0))
    rates = [
        sum(weight * quotes.levels[factor] for factor, weight in curve.weights(days))
        for curve in (domestic, foreign)
    ]
    return spot * exp((rates[0] - rates[1]) * days / DAYS_A_YEAR)


def _curve(name: str, rates: list[Factor], spec: RiskSpec) -> Curve:
    nodes = sorted((tenor_days(rate.tenor), rate.id) for rate in rates if rate.name == name)
    days, factors = zip(*nodes, strict=True)
    return Curve(
        name=name,
        days=days,
        factors=factors,
        interpolation=spec.curve_interpolation,
        extended=spec.beyond_curve == "extend",
    )

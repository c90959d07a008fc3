"""What a snapshot quotes, arranged for pricing: curves by name, volatilities by contract."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from riskmill.domain import (
    Factor,
    InputRejected,
    MarketData,
    MarketSnapshot,
    RiskClass,
    parse_factor,
    tenor_days,
)
from riskmill.risk.pricing.curves import Curve

REFERENCE_CURRENCY = "USD"
"""Currency through which two others are converted when they have no pair of their own."""


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
    fixings: Mapping[tuple[str, date], float]
    """Past rate by index and date."""

    @classmethod
    def of(cls, given: MarketSnapshot | MarketData) -> Self:
        """
        Arrange a snapshot, with the past fixings where they are given.

        Raises `InputRejected`: E150 for a malformed rate, yield or volatility, E414 for two ids
        of one volatility or curve node.
        """
        market = given.snapshot if isinstance(given, MarketData) else given
        fixings = given.fixings if isinstance(given, MarketData) else ()
        rates = [parse_factor(id_) for id_ in market.quotes if id_.startswith("IR:")]
        vols = [parse_factor(id_) for id_ in market.quotes if id_.startswith("VOL:")]
        yields = [parse_factor(id_) for id_ in market.quotes if id_.startswith("YIELD:")]
        terms = [factor for factor in yields if factor.tenor]
        flat = {factor.name for factor in yields if not factor.tenor}
        _refuse_twins([(one.name, tenor_days(one.tenor)) for one in terms], terms)
        _refuse_twins([(rate.name, tenor_days(rate.tenor)) for rate in rates], rates)
        _refuse_twins([(vol.name, vol.expiry, vol.strike) for vol in vols], vols)
        return cls(
            valuation_date=market.valuation_date,
            levels=market.quotes,
            curves={name: _curve(name, rates) for name in sorted({rate.name for rate in rates})},
            yields={
                name: _curve(name, terms) for name in sorted({one.name for one in terms} - flat)
            },
            volatilities={(v.name, v.expiry, v.strike): v.id for v in vols if v.expiry},
            fixings={(one.index, one.date): one.value for one in fixings},
        )

    def curve(self, name: str) -> Curve | None:
        """The zero curve of that name, or none."""
        return self.curves.get(name)

    def volatility(self, surface: str, expiry: date, strike: float) -> str:
        """
        Id of the volatility that a contract reads: its own strike's, else the expiry's.

        Where neither is quoted, the id that should have been.
        """
        own = self.volatilities.get((surface, expiry, strike))
        every = self.volatilities.get((surface, expiry, None))
        return own or every or f"{RiskClass.VOLATILITY}:{surface}:{expiry}:{strike:.15g}"

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


def _curve(name: str, rates: list[Factor]) -> Curve:
    nodes = sorted((tenor_days(rate.tenor), rate.id) for rate in rates if rate.name == name)
    days, factors = zip(*nodes, strict=True)
    return Curve(name=name, days=days, factors=factors)

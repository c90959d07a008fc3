"""Positions by themselves: price, Greeks, what they read, and the row they were delivered in."""

from dataclasses import dataclass

from riskmill.domain import InputRejected, InputRow, PositionDetail, RiskClass, parse_factor
from riskmill.reporting.views import words
from riskmill.reporting.views.findings import Findings, total
from riskmill.reporting.views.numbers import MISSING, SPACE, Number, fixed, present

GREEKS = {
    "delta": "Delta",
    "gamma": "Gamma",
    "vega": "Vega",
    "theta": "Theta",
    "dv01": "DV01",
    "fx_delta": "FX delta",
    "fx_gamma": "FX gamma",
}
"""Sensitivities of a position in words, in the order shown."""
BY_NODE = 3
"""Nodes of a sensitivity that are named, the largest; the sum is of all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GreekText:
    """One sensitivity of a position, summed over its keys."""

    label: str
    figure: Number
    nodes: tuple[tuple[str, Number], ...]
    """Its largest parts by key, where there are several; for a pair, always."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FactorLevel:
    """A factor that the position reads, as it was quoted."""

    factor: str
    """Id."""
    name: str
    level: Number


@dataclass(frozen=True, kw_only=True, slots=True)
class HoldingView:
    """What a position is made of."""

    quantity: Number
    price: Number
    """Of one unit, in the instrument's own currency."""
    greeks: tuple[GreekText, ...]
    factors: tuple[FactorLevel, ...]
    source: str
    """File, record and line it was delivered in; empty where that is not known."""
    fields: tuple[tuple[str, str], ...]
    """Column and text exactly as sent; empty cells are left out."""


def holding_views(found: Findings) -> dict[str, HoldingView]:
    """Every position that was looked at by itself, by id."""
    rows = {row.position_id: row for row in found.result.input_rows}
    return {
        detail.position_id: _holding(found, detail, rows.get(detail.position_id))
        for detail in found.result.details
    }


def level(factor: str, value: float) -> Number:
    """A quote in the unit that its class is quoted in."""
    known = present(value)
    if known is None:
        return Number(value=None, text=MISSING, unit="level")
    if _risk_class(factor) is RiskClass.RATES:
        return _percent(known, 4)
    if _risk_class(factor) in (RiskClass.VOLATILITY, RiskClass.YIELD):
        return _percent(known, 2)
    decimals = 2 if abs(known) >= 20 else 4
    return Number(value=known, text=fixed(known, decimals), unit="level")


def _percent(value: float, decimals: int) -> Number:
    text = f"{fixed(value * 100, decimals)}{SPACE}%"
    return Number(value=value * 100, text=text, unit="%")


def _risk_class(factor: str) -> RiskClass | None:
    try:
        return parse_factor(factor).risk_class
    except InputRejected:
        return None


def _holding(found: Findings, detail: PositionDetail, row: InputRow | None) -> HoldingView:
    return HoldingView(
        quantity=_plain(detail.quantity, "quantity"),
        price=_plain(detail.price, detail.currency),
        greeks=_greeks(found, detail),
        factors=tuple(
            FactorLevel(factor=factor, name=words.factor_name(factor), level=level(factor, value))
            for factor, value in detail.factors
        ),
        source=_source(row) if row else "",
        fields=row.fields if row else (),
    )


def _plain(value: float | None, unit: str) -> Number:
    """A price or a quantity: four decimals where it is small, no needless ones."""
    known = present(value)
    if known is None:
        return Number(value=None, text=MISSING, unit=unit)
    text = fixed(known, 2 if abs(known) >= 1_000 else 4)
    return Number(value=known, text=text.rstrip("0").rstrip("."), unit=unit)


def _greeks(found: Findings, detail: PositionDetail) -> tuple[GreekText, ...]:
    parts: dict[str, list[tuple[str, float]]] = {}
    for measure, key, value in detail.greeks:
        parts.setdefault(measure, []).append((key, value))
    return tuple(
        GreekText(
            label=label,
            figure=found.exposure(total([value for _, value in parts[measure]])),
            nodes=_nodes(found, measure, parts[measure]),
        )
        for measure, label in GREEKS.items()
        if measure in parts
    )


def _nodes(
    found: Findings, measure: str, parts: list[tuple[str, float]]
) -> tuple[tuple[str, Number], ...]:
    if len(parts) == 1 and not measure.startswith("fx_"):
        return ()
    largest = sorted(parts, key=lambda part: -abs(part[1]))[:BY_NODE]
    return tuple((key.replace(":", " "), found.exposure(value)) for key, value in largest)


def _source(row: InputRow) -> str:
    line = f", line {row.line:,}" if row.line else ""
    return f"{row.file}, record {row.record:,}{line}"

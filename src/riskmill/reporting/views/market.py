"""The market behind the figures: zero curves, and the volatility surfaces that matter most."""

from dataclasses import dataclass

from riskmill.domain import Factor, InputRejected, RiskClass, parse_factor, tenor_days
from riskmill.reporting.views import words
from riskmill.reporting.views.findings import Findings
from riskmill.reporting.views.holdings import level
from riskmill.reporting.views.numbers import NONE_HELD, Number

SURFACES = 3
"""Surfaces shown: those to which the firm is most sensitive."""
COLUMNS = 12
"""Strikes of a surface shown, evenly chosen."""
EXPIRIES = 8
"""Expiries of a surface shown, the nearest."""
CURVES = 8
"""Curves shown: those to which the firm is most sensitive."""
AT_THE_MONEY = "ATM"
"""Column of volatilities that hold for every strike of their expiry."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CurveRow:
    """One zero curve as quoted."""

    curve: str
    rates: tuple[Number, ...]
    """One a tenor of the view; a dash where the curve has no such node."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Smile:
    """The volatilities of one expiry."""

    expiry: str
    """ISO."""
    volatilities: tuple[Number, ...]
    """One a column of the surface."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SurfaceView:
    """One volatility surface as quoted."""

    name: str
    columns: tuple[str, ...]
    """Strikes ascending, or deltas from puts to calls."""
    smiles: tuple[Smile, ...]
    """Nearest expiry first."""
    vega: Number
    """The firm's, for +1 volatility point."""
    description: str
    """The chart in words."""
    remark: str
    """What of it is not shown; empty where all is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MarketView:
    """The market snapshot, as far as it is drawn."""

    caption: str
    tenors: tuple[str, ...]
    curves: tuple[CurveRow, ...]
    curves_text: str
    """The chart of curves in words."""
    surfaces: tuple[SurfaceView, ...]
    surfaces_text: str
    empty: str


def market_view(found: Findings) -> MarketView:
    """Lay out the quoted curves and surfaces that the firm is most sensitive to."""
    factors = [factor for id_, _ in found.result.quotes if (factor := _parsed(id_))]
    curves = _curves(found, factors)
    tenors = tuple(sorted({t for nodes in curves.values() for t in nodes}, key=tenor_days))
    rows = tuple(_curve_row(name, nodes, tenors) for name, nodes in curves.items())
    nodes = _surface_nodes(factors)
    vegas = {name: abs(found.value(found.firm, "vega", name) or 0.0) for name in nodes}
    ranked = sorted(nodes, key=lambda name: (-vegas[name], name))
    return MarketView(
        caption=(
            f"Snapshot {words.quoted(found.result.record.snapshot)} as of "
            f"{words.instant(found.result.record.as_of)}, as quoted. Zero rates: continuous, "
            "act/365. Implied volatilities: a year, Black."
        ),
        tenors=tenors,
        curves=rows,
        curves_text=_curves_text(rows, tenors),
        surfaces=tuple(_surface(found, name, nodes[name]) for name in ranked[:SURFACES]),
        surfaces_text=_surfaces_text(found, len(ranked)),
        empty="" if rows or ranked else "The snapshot has neither curves nor surfaces to show.",
    )


def _parsed(factor_id: str) -> Factor | None:
    try:
        return parse_factor(factor_id)
    except InputRejected:
        return None


def _curves(found: Findings, factors: list[Factor]) -> dict[str, dict[str, Number]]:
    """Rates by tenor of the curves with the largest DV01, in order of name."""
    quotes = dict(found.result.quotes)
    every: dict[str, dict[str, Number]] = {}
    for factor in factors:
        if factor.risk_class is RiskClass.RATES:
            every.setdefault(factor.name, {})[factor.tenor] = level(factor.id, quotes[factor.id])
    weights = {
        name: sum(abs(found.value(found.firm, "dv01", f"{name}:{tenor}") or 0.0) for tenor in nodes)
        for name, nodes in every.items()
    }
    chosen = sorted(every, key=lambda name: (-weights[name], name))[:CURVES]
    return {name: every[name] for name in sorted(chosen)}


def _curve_row(name: str, nodes: dict[str, Number], tenors: tuple[str, ...]) -> CurveRow:
    none = Number(value=None, text=NONE_HELD, unit="%")
    return CurveRow(curve=name, rates=tuple(nodes.get(tenor, none) for tenor in tenors))


def _curves_text(rows: tuple[CurveRow, ...], tenors: tuple[str, ...]) -> str:
    said = []
    for row in rows:
        known = [
            f"{tenor} {rate.text}"
            for tenor, rate in zip(tenors, row.rates, strict=True)
            if rate.value is not None
        ]
        ends = dict.fromkeys((known[0], known[-1]))
        said.append(f"{words.quoted(row.curve)} {' to '.join(ends)}")
    return f"Zero rates by tenor: {'; '.join(said)}." if said else ""


def _surface_nodes(factors: list[Factor]) -> dict[str, list[Factor]]:
    nodes: dict[str, list[Factor]] = {}
    for factor in factors:
        if factor.risk_class is RiskClass.VOLATILITY and factor.expiry:
            nodes.setdefault(factor.name, []).append(factor)
    return nodes


def _surface(found: Findings, name: str, factors: list[Factor]) -> SurfaceView:
    quotes = dict(found.result.quotes)
    at = {(f.expiry, _column(f)): level(f.id, quotes[f.id]) for f in factors}
    expiries = sorted({f.expiry for f in factors if f.expiry})
    order = {_column(f): _order(f) for f in factors}
    every = sorted(order, key=order.__getitem__)
    columns = _spread(every)
    none = Number(value=None, text=NONE_HELD, unit="%")
    smiles = tuple(
        Smile(
            expiry=expiry.isoformat(),
            volatilities=tuple(at.get((expiry, column), none) for column in columns),
        )
        for expiry in expiries[:EXPIRIES]
    )
    return SurfaceView(
        name=name,
        columns=columns,
        smiles=smiles,
        vega=found.exposure(found.value(found.firm, "vega", name)),
        description=_description(name, columns, smiles),
        remark=_remark(len(columns), len(every), len(smiles), len(expiries)),
    )


def _column(factor: Factor) -> str:
    """A place on the smile: a strike, `ATM`, or a delta such as `25D put`."""
    if factor.strike is not None:
        return f"{factor.strike:,.10g}"
    if factor.delta is None:
        return AT_THE_MONEY
    return f"{abs(factor.delta) * 100:.4g}D {'put' if factor.delta < 0 else 'call'}"


def _order(factor: Factor) -> tuple[int, float]:
    """Low strikes first, and as such deltas of puts before those of calls."""
    if factor.strike is not None:
        return 2, factor.strike
    if factor.delta is None:
        return 0, 0.0
    return (-1, -factor.delta) if factor.delta < 0 else (1, -factor.delta)


def _spread(columns: list[str]) -> tuple[str, ...]:
    """At most so many of the columns, evenly chosen, first and last among them."""
    if len(columns) <= COLUMNS:
        return tuple(columns)
    step = (len(columns) - 1) / (COLUMNS - 1)
    return tuple(columns[round(place * step)] for place in range(COLUMNS))


def _description(name: str, columns: tuple[str, ...], smiles: tuple[Smile, ...]) -> str:
    said = []
    for smile in smiles:
        known = [
            f"{volatility.text} at {column}"
            for column, volatility in zip(columns, smile.volatilities, strict=True)
            if volatility.value is not None
        ]
        if known:
            said.append(f"{smile.expiry} {' to '.join(dict.fromkeys((known[0], known[-1])))}")
    return f"Implied volatility of {words.quoted(name)} by expiry: {'; '.join(said)}."


def _remark(columns: int, every: int, expiries: int, all_expiries: int) -> str:
    parts = []
    if columns < every:
        parts.append(f"{columns} of {words.quantity(every, 'strike')}")
    if expiries < all_expiries:
        parts.append(
            f"the nearest {expiries} of {words.quantity(all_expiries, 'expiry', 'expiries')}"
        )
    return f"Shown: {' and '.join(parts)}." if parts else ""


def _surfaces_text(found: Findings, many: int) -> str:
    if not many:
        return "The snapshot has no volatility surface."
    shown = min(many, SURFACES)
    return (
        f"{shown} of {words.quantity(many, 'surface')}: those with the largest vega of "
        f"{words.quoted(found.firm)}."
    )

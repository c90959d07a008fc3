"""Sensitivities: Greeks by book, by underlying, rate ladders by curve, FX."""

from dataclasses import dataclass

from riskmill.domain import tenor_days
from riskmill.reporting.views import words
from riskmill.reporting.views.findings import Findings, total
from riskmill.reporting.views.numbers import Number

_UNDERLYINGS = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Bump:
    """A column of the table of Greeks: what is bumped and by how much."""

    measure: str
    label: str
    bump: str


GREEKS = (
    Bump(measure="delta", label="Delta", bump="spot +1\u00a0%"),
    Bump(measure="gamma", label="Gamma", bump="delta's change"),
    Bump(measure="vega", label="Vega", bump="vol +1\u00a0pt"),
    Bump(measure="theta", label="Theta", bump="one calendar day"),
    Bump(measure="dv01", label="DV01", bump="zero rates +1\u00a0bp"),
    Bump(measure="fx_delta", label="FX delta", bump="all others +1\u00a0%"),
    Bump(measure="fx_gamma", label="FX gamma", bump="FX delta's change"),
)
"""The sensitivities of a book, in the order shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GreekRow:
    """Sensitivities of one portfolio or one underlying, over the table's columns."""

    name: str
    figures: tuple[Number, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladder:
    """DV01 of the firm along one curve, to its zero rates and to its par rates."""

    curve: str
    nodes: tuple[Number, ...]
    """One a tenor of the view, in its order."""
    total: Number
    par: tuple[Number, ...]
    """The same for +1 bp in each par rate."""
    par_total: Number
    description: str
    """The chart in words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PairRow:
    """FX delta and gamma of the firm in one pair, as it is quoted."""

    pair: str
    figure: Number
    gamma: Number


@dataclass(frozen=True, kw_only=True, slots=True)
class SensitivityView:
    """PV changes for stated bumps, gains positive, each summed over its keys."""

    caption: str
    columns: tuple[Bump, ...]
    books: tuple[GreekRow, ...]
    """The firm, then its books."""
    underlyings: tuple[GreekRow, ...]
    """Delta, gamma and vega of the firm by underlying, largest delta first."""
    underlyings_text: str
    tenors: tuple[str, ...]
    ladders: tuple[Ladder, ...]
    ladder_caption: str
    pairs: tuple[PairRow, ...]
    pair_caption: str
    empty: str


def sensitivity_view(found: Findings) -> SensitivityView:
    """Lay out every sensitivity of the run, from the firm down to its books."""
    columns = tuple(bump for bump in GREEKS if found.keys.get(bump.measure))
    underlyings = _underlyings(found)
    curves = _curves(found)
    return SensitivityView(
        caption=(
            f"PV change in {found.currency} for the stated bump, gains positive, "
            "summed over underlyings, surfaces and nodes. FX delta: every currency that is "
            f"quoted against {found.currency} gains 1\u00a0% on it, however the pair is written. "
            "A dash: none."
        ),
        columns=columns,
        books=_books(found, columns) if columns else (),
        underlyings=underlyings[:_UNDERLYINGS],
        underlyings_text=_underlyings_text(len(underlyings)),
        tenors=_tenors(curves),
        ladders=tuple(_ladder(found, curve, _tenors(curves), nodes) for curve, nodes in curves),
        ladder_caption=(
            f"PV change in {found.currency} for +1\u00a0bp in one rate, firm. Zero: continuous "
            "zero rates. Par: deposits up to a year, yearly swaps beyond; the curve is built anew."
        ),
        pairs=_pairs(found),
        pair_caption=(
            f"PV change in {found.currency}, and change of it, for +1\u00a0% in each pair "
            "as quoted, firm."
        ),
        empty="" if columns else "No sensitivity was computed: no position was valued.",
    )


def _books(found: Findings, columns: tuple[Bump, ...]) -> tuple[GreekRow, ...]:
    names = (found.firm, *found.result.hierarchy.books)
    return tuple(
        GreekRow(
            name=name,
            figures=tuple(
                found.exposure(_over_keys(found, name, bump.measure)) for bump in columns
            ),
        )
        for name in names
    )


def _over_keys(found: Findings, name: str, measure: str) -> float | None:
    """Sum over keys; pairs turned so that each says what the other currency's gain does."""
    if measure != "fx_delta":
        return found.over_keys(name, measure)
    turned: list[float | None] = []
    for pair in found.keys.get(measure, ()):
        value = found.value(name, measure, pair)
        if value is not None and pair.endswith(found.currency):
            turned.append(value)
        if value is not None and pair.startswith(found.currency):
            turned.append(-value)
    return total(turned)


def _underlyings(found: Findings) -> tuple[GreekRow, ...]:
    measures = [bump.measure for bump in GREEKS[:3]]
    names = dict.fromkeys(key for measure in measures for key in found.keys.get(measure, ()))
    rows = [
        GreekRow(
            name=name,
            figures=tuple(found.exposure(found.value(found.firm, m, name)) for m in measures),
        )
        for name in names
    ]
    return tuple(sorted(rows, key=lambda row: -abs(row.figures[0].value or 0.0)))


def _underlyings_text(many: int) -> str:
    shown = min(many, _UNDERLYINGS)
    return f"By underlying, firm: {shown} of {many}" if many else ""


def _curves(found: Findings) -> list[tuple[str, dict[str, str]]]:
    curves: dict[str, dict[str, str]] = {}
    for key in found.keys.get("dv01", ()):
        curve, _, tenor = key.rpartition(":")
        curves.setdefault(curve, {})[tenor] = key
    return list(curves.items())


def _tenors(curves: list[tuple[str, dict[str, str]]]) -> tuple[str, ...]:
    return tuple(sorted({tenor for _, nodes in curves for tenor in nodes}, key=tenor_days))


def _ladder(found: Findings, curve: str, tenors: tuple[str, ...], nodes: dict[str, str]) -> Ladder:
    values = [found.value(found.firm, "dv01", nodes[t]) if t in nodes else None for t in tenors]
    par = [found.value(found.firm, "par_dv01", nodes[t]) if t in nodes else None for t in tenors]
    figures = tuple(found.exposure(value) for value in values)
    steps = "; ".join(
        f"{tenor} {figure.text}"
        for tenor, figure in zip(tenors, figures, strict=True)
        if figure.value is not None
    )
    return Ladder(
        curve=curve,
        nodes=figures,
        total=found.exposure(total(values)),
        par=tuple(found.exposure(value) for value in par),
        par_total=found.exposure(total(par)),
        description=f"DV01 along curve {words.quoted(curve)} in {found.currency}: {steps}.",
    )


def _pairs(found: Findings) -> tuple[PairRow, ...]:
    rows = [
        PairRow(
            pair=pair,
            figure=found.exposure(found.value(found.firm, "fx_delta", pair)),
            gamma=found.exposure(found.value(found.firm, "fx_gamma", pair)),
        )
        for pair in found.keys.get("fx_delta", ())
    ]
    return tuple(sorted(rows, key=lambda row: -abs(row.figure.value or 0.0)))

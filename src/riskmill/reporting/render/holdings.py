"""A position's fold: price, Greeks, what it reads, and its row as delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from markupsafe import Markup, escape

from riskmill.reporting.render.texts import TEXT_LENGTH, isolated, named, shown
from riskmill.reporting.views.contributions import ContributionView, PositionContribution
from riskmill.reporting.views.holdings import GreekText, HoldingView

_COMMA = Markup(", ")


@dataclass(frozen=True, kw_only=True, slots=True)
class Folds:
    """Every contributor's fold, and what is said once for all of them."""

    by_rank: tuple[Markup, ...]
    """Rank 1 first. The first line inside has the id `p` and the rank: who goes there opens it."""
    columns: tuple[str, ...]
    """Columns that every delivered row begins with; their names are not repeated."""


def holding_folds(view: ContributionView) -> Folds:
    """Set the contributors' folds; the names of columns that all rows begin with stand apart."""
    rows = (*view.top, *view.more)
    columns = _shared([row.detail.fields for row in rows if row.detail and row.detail.fields])
    return Folds(by_rank=tuple(_fold(row, len(columns)) for row in rows), columns=columns)


def _shared(rows: Sequence[Sequence[tuple[str, str]]]) -> tuple[str, ...]:
    names = [[column for column, _ in row] for row in rows]
    shared = names[0] if names else []
    for own in names:
        equal = takewhile(lambda pair: pair[0] == pair[1], zip(shared, own, strict=False))
        shared = [name for name, _ in equal]
    return tuple(shared)


def _fold(row: PositionContribution, unnamed: int) -> Markup:
    return Markup(
        '<details><summary><b>{}</b> {} {} <i>ES {}</i></summary><p id="p{}">{}</p>{}</details>\n'
    ).format(
        named(row.position_id),
        named(row.instrument),
        named(row.underlying),
        row.component_es.text,
        row.rank.text,
        _worth(row),
        _inside(row.detail, unnamed) if row.detail else "",
    )


def _worth(row: PositionContribution) -> Markup:
    held = row.detail
    said = [escape(f"Rank {row.rank.text}: {row.share.text} of ES")]
    if held:
        currency = isolated(shown(held.price.unit))
        said.append(
            Markup("quantity {} at {} {}").format(held.quantity.text, held.price.text, currency)
        )
    said.append(escape(f"present value {row.present_value.text}"))
    return _COMMA.join(said)


def _inside(held: HoldingView, unnamed: int) -> Markup:
    read = [_reads(factor.name, factor.level.text) for factor in held.factors]
    parts = [
        _line(_COMMA.join(map(_greek, held.greeks))) if held.greeks else Markup(""),
        _line(Markup("Reads ") + _COMMA.join(read)) if read else Markup(""),
    ]
    if held.source:
        place = escape(f"{shown(held.source)}: ")
        parts.append(_line(Markup("<code>{}{}</code>").format(place, _fields(held, unnamed))))
    return Markup("").join(parts)


def _line(text: Markup) -> Markup:
    return Markup("<p>{}</p>").format(text)


def _greek(greek: GreekText) -> Markup:
    nodes = _COMMA.join(_reads(key, figure.text) for key, figure in greek.nodes)
    inside = Markup(" ({})").format(nodes) if nodes else ""
    return Markup("{} {}{}").format(greek.label, greek.figure.text, inside)


def _reads(name: str, level: str) -> Markup:
    return Markup("{} {}").format(isolated(shown(name)), level)


def _fields(held: HoldingView, unnamed: int) -> Markup:
    """Each cell, behind its column's name but for the first; what is cut is in report.json."""
    cells = [isolated(shown(cell, TEXT_LENGTH // 3)) for _, cell in held.fields]
    names = [isolated(shown(column)) for column, _ in held.fields]
    named_ones = map(Markup("{}={}").format, names[unnamed:], cells[unnamed:])
    return _COMMA.join([*cells[:unnamed], *named_ones])

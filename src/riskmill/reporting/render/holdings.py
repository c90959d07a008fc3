"""A position's fold: price, Greeks, what it reads, and its row as delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from markupsafe import Markup, escape

from riskmill.reporting.render.texts import TEXT_LENGTH, isolated, named, shown
from riskmill.reporting.views.contributions import ContributionView, PositionContribution
from riskmill.reporting.views.holdings import GreekText, HoldingView


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
    named_by = f"<b>{named(row.position_id)}</b> {named(row.instrument)} {named(row.underlying)}"
    inside = _inside(row.detail, unnamed) if row.detail else ""
    return Markup(
        f"<details><summary>{named_by} <i>ES {escape(row.component_es.text)}</i></summary>"
        f'<p id="p{escape(row.rank.text)}">{_worth(row)}</p>{inside}</details>\n'
    )


def _worth(row: PositionContribution) -> str:
    held = row.detail
    said = [escape(f"Rank {row.rank.text}: {row.share.text} of ES")]
    if held:
        currency = isolated(shown(held.price.unit))
        price = escape(f"quantity {held.quantity.text} at {held.price.text} ")
        said.append(price + currency)
    said.append(escape(f"present value {row.present_value.text}"))
    return ", ".join(said)


def _inside(held: HoldingView, unnamed: int) -> str:
    greeks = ", ".join(map(_greek, held.greeks))
    read = ", ".join([_reads(factor.name, factor.level.text) for factor in held.factors])
    lines = [greeks, read and f"Reads {read}"]
    if held.source:
        place = escape(f"{shown(held.source)}: ")
        lines.append(f"<code>{place}{_fields(held, unnamed)}</code>")
    return "".join([f"<p>{line}</p>" for line in lines if line])


def _greek(greek: GreekText) -> str:
    nodes = ", ".join([_reads(key, figure.text) for key, figure in greek.nodes])
    inside = f" ({nodes})" if nodes else ""
    return f"{escape(greek.label)} {escape(greek.figure.text)}{inside}"


def _reads(name: str, level: str) -> str:
    return f"{isolated(shown(name))} {escape(level)}"


def _fields(held: HoldingView, unnamed: int) -> str:
    """Each cell, behind its column's name but for the first; what is cut is in report.json."""
    cells = [isolated(shown(cell, TEXT_LENGTH // 3)) for _, cell in held.fields]
    names = [isolated(shown(column)) for column, _ in held.fields[unnamed:]]
    named_ones = map("{}={}".format, names, cells[unnamed:])
    return ", ".join([*cells[:unnamed], *named_ones])

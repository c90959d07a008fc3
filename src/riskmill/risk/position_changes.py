"""Which positions a second book has that a first had not, the other way round, and otherwise."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from riskmill.domain import (
    ADDED,
    CHANGED,
    REMOVED,
    Labels,
    PositionChange,
    PositionChanges,
    PositionTable,
)

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def position_changes(
    before: PositionTable,
    after: PositionTable,
    values_before: Mapping[str, float],
    values_after: Mapping[str, float],
    *,
    most: int = 10,
) -> PositionChanges:
    """
    Match positions by id and compare them cell by cell.

    *values_before* and *values_after* map the ids of valued positions to their present value;
    they only rank: by size of the value, or of its change. At most *most* of each kind are
    named; equals are in order of id.
    """
    first, second = _places(before), _places(after)
    common = sorted(first.keys() & second.keys())
    old = np.array([first[id_] for id_ in common], dtype=np.int64)
    new = np.array([second[id_] for id_ in common], dtype=np.int64)
    different = _different(before, after, old, new)
    touched = np.zeros(len(common), dtype=np.bool_)
    for mask in different.values():
        touched |= mask
    added = sorted(second.keys() - first.keys())
    removed = sorted(first.keys() - second.keys())
    rows = np.flatnonzero(touched).tolist()
    named = [
        *_largest([_only(after, second[i], ADDED, None, values_after.get(i)) for i in added], most),
        *_largest(
            [_only(before, first[i], REMOVED, values_before.get(i), None) for i in removed], most
        ),
        *_largest(
            [
                _otherwise(
                    after,
                    int(new[row]),
                    tuple(name for name, mask in different.items() if mask[row]),
                    values_before.get(common[row]),
                    values_after.get(common[row]),
                )
                for row in rows
            ],
            most,
        ),
    ]
    return PositionChanges(
        added=len(added),
        removed=len(removed),
        changed=len(rows),
        unchanged=len(common) - len(rows),
        largest=tuple(named),
    )


def _places(table: PositionTable) -> dict[str, int]:
    return {id_: row for row, id_ in enumerate(table.position_id.tolist())}


def _different(
    before: PositionTable, after: PositionTable, old: Rows, new: Rows
) -> Mapping[str, Mask]:
    """Column to the mask of common positions whose cells differ; columns without any left out."""
    masks: dict[str, Mask] = {}
    for name, labels in before.texts.items():
        masks[name] = _codes(labels, after.texts[name], old, new)
    for name, numbers in before.numbers.items():
        one, two = numbers[old], after.numbers[name][new]
        masks[name] = (one != two) & ~(np.isnan(one) & np.isnan(two))
    for name, days in before.dates.items():
        day, other = days[old], after.dates[name][new]
        masks[name] = (day != other) & ~(np.isnat(day) & np.isnat(other))
    return {name: mask for name, mask in masks.items() if mask.any()}


def _codes(before: Labels, after: Labels, old: Rows, new: Rows) -> Mask:
    """Compare two dictionary-encoded columns through the codes of the first."""
    number = {text: code for code, text in enumerate(before.values)}
    unknown = len(number)
    translated = [*(number.get(text, unknown) for text in after.values), -1]
    into = np.array(translated, dtype=np.int32)
    different: Mask = before.codes[old] != into[after.codes[new]]
    return different


def _only(
    table: PositionTable, row: int, kind: str, before: float | None, after: float | None
) -> PositionChange:
    return PositionChange(
        position_id=table.position_id[row],
        book=table.texts["book"].text(row),
        instrument=table.texts["instrument"].text(row),
        kind=kind,
        columns=(),
        before=before,
        after=after,
    )


def _otherwise(
    table: PositionTable,
    row: int,
    columns: tuple[str, ...],
    before: float | None,
    after: float | None,
) -> PositionChange:
    return PositionChange(
        position_id=table.position_id[row],
        book=table.texts["book"].text(row),
        instrument=table.texts["instrument"].text(row),
        kind=CHANGED,
        columns=columns,
        before=before,
        after=after,
    )


def _largest(changes: list[PositionChange], most: int) -> list[PositionChange]:
    return sorted(changes, key=lambda one: (-_weight(one), one.position_id))[:most]


def _weight(change: PositionChange) -> float:
    return abs((change.after or 0.0) - (change.before or 0.0))

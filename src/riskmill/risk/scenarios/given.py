"""A scenario set from shifts that somebody else determined."""

import csv
import io
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from riskmill.domain import (
    DEFAULT_SHOCKS,
    InputRejected,
    MarketData,
    MarketSnapshot,
    ScenarioSet,
    ShockKind,
    parse_factor,
    snapshot_of,
)
from riskmill.risk.scenarios.shocks import apply_shock, usable

Shifts = Mapping[str, npt.ArrayLike]
"""Factor id to its shift in each scenario."""


def given_scenarios(
    market: MarketSnapshot | MarketData,
    shifts: Shifts | str | bytes,
    *,
    kinds: Mapping[str, str] | None = None,
    labels: Sequence[str] | None = None,
    name: str = "given",
) -> ScenarioSet:
    """
    Apply *shifts* to the levels of *market*: each factor's shift in each scenario.

    *shifts* is a mapping, or the text of a CSV file whose header is `scenario` and factor ids
    and whose rows are a label and the shifts. *kinds* says of a factor id or a risk class how
    its shift is meant, `absolute`, `relative` or `log`; the id counts before the class, and a
    class that is not named takes the kind that a run gives it by default. Factors without
    shifts keep their levels. Scenarios without *labels* are numbered from 1.
    Raises `InputRejected` (E484) for shifts that cannot be applied, E150 for an id that is none.
    """
    snapshot = snapshot_of(market)
    if isinstance(shifts, str | bytes):
        read, shifts = _read(shifts)
        labels = read if labels is None else labels
    rows = {factor: _row(factor, shifts[factor]) for factor in sorted(shifts)}
    widths = {len(row) for row in rows.values()}
    if len(widths) != 1:
        raise _refused("the factors do not have the same number of shifts, or there are none")
    (count,) = widths
    named = tuple(labels) if labels is not None else tuple(str(n + 1) for n in range(count))
    if len(named) != count or len(set(named)) != count:
        raise _refused(f"{count} scenarios need as many labels, each once, not {len(named)}")
    levels = [_levels(snapshot, factor, row, kinds or {}) for factor, row in rows.items()]
    return ScenarioSet(
        name=name,
        labels=named,
        factors=tuple(rows),
        levels=np.array(levels).reshape(len(rows), count),
    )


def _levels(
    snapshot: MarketSnapshot,
    factor: str,
    shifts: npt.NDArray[np.float64],
    kinds: Mapping[str, str],
) -> npt.NDArray[np.float64]:
    risk_class = parse_factor(factor).risk_class
    if factor not in snapshot.quotes:
        raise _refused(f"the market snapshot has no {factor}")
    word = kinds.get(factor) or kinds.get(risk_class.value) or dict(DEFAULT_SHOCKS)[risk_class]
    if word not in frozenset(ShockKind):
        raise _refused(f"'{word}' is no kind of shock for {factor}")
    levels = apply_shock(snapshot.quotes[factor], shifts, ShockKind(word))
    if not usable(levels, risk_class):
        raise _refused(f"a {word} shift takes {factor} to a level that cannot be")
    return levels


def _row(factor: str, shifts: npt.ArrayLike) -> npt.NDArray[np.float64]:
    try:
        row = np.asarray(shifts, dtype=np.float64)
    except (TypeError, ValueError) as cause:
        raise _refused(f"a shift of {factor} is no number") from cause
    if row.ndim != 1 or not np.isfinite(row).all():
        raise _refused(f"the shifts of {factor} are no row of finite numbers")
    return row


def _read(text: str | bytes) -> tuple[tuple[str, ...], Shifts]:
    try:
        plain = text.decode("utf-8-sig") if isinstance(text, bytes) else text
    except UnicodeDecodeError as cause:
        raise _refused("the file is not UTF-8") from cause
    header, *rows = list(csv.reader(io.StringIO(plain))) or [[]]
    if header[:1] != ["scenario"] or len(set(header)) != len(header):
        raise _refused("the header is not `scenario` and factor ids, each once")
    ragged = [number for number, row in enumerate(rows, start=2) if len(row) != len(header)]
    if ragged:
        raise _refused(f"line {ragged[0]} does not have the {len(header)} cells of the header")
    columns = {factor: [row[i] for row in rows] for i, factor in enumerate(header) if i}
    return tuple(row[0] for row in rows), columns


def _refused(message: str) -> InputRejected:
    return InputRejected(
        "E484",
        message,
        place="shifts",
        remedy="Give each factor of the snapshot one finite shift a scenario, and the kind in "
        "which it is meant.",
    )

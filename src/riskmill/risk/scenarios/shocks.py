"""Shocks: what changes a factor's level, by kind (docs/methodology/shocks.md)."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from riskmill.domain import FloatArray, RiskClass, RiskSpec, ShockKind, UsageError

MUST_BE_POSITIVE = frozenset(
    {RiskClass.EQUITY, RiskClass.COMMODITY, RiskClass.FX, RiskClass.VOLATILITY}
)
"""Classes whose level means nothing at or below zero."""


def shock_between(before: FloatArray, after: FloatArray, kind: ShockKind) -> FloatArray:
    """
    The shock that takes *before* to *after*, entry by entry.

    Not finite where there is none: a log of a level that is not positive, a relative change
    from zero, or a level that is missing.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if kind is ShockKind.ABSOLUTE:
            return after - before
        if kind is ShockKind.RELATIVE:
            return after / before - 1.0
        exists = (before > 0.0) & (after > 0.0)
        return np.where(exists, np.log(after / before), np.nan)


def apply_shock(level: float, shock: FloatArray, kind: ShockKind) -> FloatArray:
    """*level* under each *shock*: b + x, b (1 + x) or b exp(x)."""
    with np.errstate(invalid="ignore", over="ignore"):
        if kind is ShockKind.ABSOLUTE:
            return level + shock
        if kind is ShockKind.RELATIVE:
            return level * (1.0 + shock)
        return np.asarray(level * np.exp(shock), dtype=np.float64)


def usable(levels: FloatArray, risk_class: RiskClass) -> bool:
    """Whether a factor of *risk_class* can have all these *levels*."""
    return bool(usable_entries(levels, risk_class).all())


def usable_entries(levels: FloatArray, risk_class: RiskClass) -> npt.NDArray[np.bool_]:
    """Which of these *levels* a factor of *risk_class* can have."""
    finite = np.isfinite(levels)
    return finite & (levels > 0.0) if risk_class in MUST_BE_POSITIVE else finite


def kinds_of(spec: RiskSpec) -> Mapping[RiskClass, ShockKind]:
    """
    Shock kind of every risk class.

    Raises `UsageError` (E451) where the spec leaves a class out or names an unknown word.
    """
    try:
        kinds = {RiskClass(name): ShockKind(kind) for name, kind in spec.shocks}
    except ValueError as cause:
        raise _bad_kinds(f"the spec's shocks hold an unknown word: {cause}") from cause
    missing = [risk_class.value for risk_class in RiskClass if risk_class not in kinds]
    if missing:
        raise _bad_kinds(f"the spec names no shock kind for {', '.join(missing)}")
    return kinds


def _bad_kinds(message: str) -> UsageError:
    return UsageError(
        "E451",
        message,
        place="shocks",
        remedy="Give each risk class (EQ, CO, FX, IR, VOL, YIELD) absolute, relative or log.",
    )

"""How sure VaR and ES are, what other methods say, and what each risk class does alone."""

from dataclasses import dataclass

from riskmill.reporting.views import words
from riskmill.reporting.views.findings import Findings, desks
from riskmill.reporting.views.numbers import Number, confidence


@dataclass(frozen=True, kw_only=True, slots=True)
class CertaintyRow:
    """One portfolio's headline figures with what surrounds them; losses positive."""

    portfolio: str
    value_at_risk: Number
    lower: Number
    """Lower end of the 95 % interval of VaR."""
    upper: Number
    """Upper end."""
    expected_shortfall: Number
    error: Number
    """Standard error of ES."""
    parametric: Number
    """VaR from first-order sensitivities and the covariance of factor moves."""
    delta_gamma: Number
    """The same to second order."""
    incremental: Number
    """The firm's VaR less that without this portfolio."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassRow:
    """One portfolio with only one class of factors moving; losses positive."""

    portfolio: str
    value_at_risk: tuple[Number, ...]
    """One a class, in the table's order."""
    whole: Number
    """VaR with all factors moving."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CertaintyView:
    """The firm and its desks."""

    caption: str
    value_at_risk: str
    """Heading, with its confidence."""
    expected_shortfall: str
    """Heading, with its confidence."""
    rows: tuple[CertaintyRow, ...]
    classes: tuple[str, ...]
    """Risk classes in words; empty where the run was not asked for them."""
    class_rows: tuple[ClassRow, ...]
    class_caption: str
    empty: str


def certainty_view(found: Findings) -> CertaintyView:
    """Set the headline figures of the firm and of each desk beside what qualifies them."""
    result = found.result
    names = (found.firm, *desks(result)) if found.value(found.firm, "positions") else ()
    classes = found.keys.get("class_var", ())
    return CertaintyView(
        caption=(
            f"{found.currency}, losses positive. Interval: holds the true VaR in 95 of 100 samples "
            "of independent scenarios. Parametric and delta-gamma VaR come from sensitivities and "
            "the covariance of factor moves: cross-checks, no measures."
        ),
        value_at_risk=f"VaR {confidence(result.headline_var)}",
        expected_shortfall=f"ES {confidence(result.headline_es)}",
        rows=tuple(_row(found, name) for name in names),
        classes=tuple(words.RISK_CLASSES.get(one, one) for one in classes),
        class_rows=tuple(_class_row(found, name, classes) for name in names) if classes else (),
        class_caption=(
            f"{found.currency}. VaR {confidence(result.headline_var)} when only the factors of one "
            "class move; not additive."
        ),
        empty="" if names else "No position was valued in this run.",
    )


def _row(found: Findings, name: str) -> CertaintyRow:
    var, es = found.result.headline_var, found.result.headline_es

    def money(measure: str, key: str) -> Number:
        return found.money(found.value(name, measure, key))

    return CertaintyRow(
        portfolio=name,
        value_at_risk=money("value_at_risk", var),
        lower=money("value_at_risk_lower", var),
        upper=money("value_at_risk_upper", var),
        expected_shortfall=money("expected_shortfall", es),
        error=money("expected_shortfall_error", es),
        parametric=money("parametric_var", var),
        delta_gamma=money("delta_gamma_var", var),
        incremental=money("incremental_var", var),
    )


def _class_row(found: Findings, name: str, classes: tuple[str, ...]) -> ClassRow:
    return ClassRow(
        portfolio=name,
        value_at_risk=tuple(found.money(found.value(name, "class_var", one)) for one in classes),
        whole=found.money(found.value(name, "value_at_risk", found.result.headline_var)),
    )

"""Why VaR, ES and P&L moved since the run before, and how present value got here."""

from collections.abc import Sequence
from dataclasses import dataclass

from riskmill.domain import Comparison, DayOnDay, PnlExplained, PresentValueChange, VarChange
from riskmill.reporting.views import words
from riskmill.reporting.views.findings import Findings, desks
from riskmill.reporting.views.numbers import MISSING, Number, confidence, fixed, percent, signed

VAR_PARTS = (
    ("time", "Time", "positions grow older"),
    ("market", "Market", "new market and scenarios"),
    ("positions", "Positions", "trades in, out and changed"),
    ("unexplained", "Unexplained", "corrections, other code"),
)
"""Parts of a change of VaR: name, label, and what it is."""
PNL_PARTS = (
    ("theta", "Time", "ageing and cash flows"),
    ("delta", "Delta", "equities, commodities"),
    ("gamma", "Gamma", "the same, second order"),
    ("vega", "Vega", "volatilities"),
    ("rates", "Rates", "zero rates"),
    ("fx", "FX", "exchange rates"),
    ("unexplained", "Unexplained", "cross effects, higher orders"),
)
PV_PARTS = (
    ("pnl", "P&L", "hypothetical"),
    ("paid", "Paid out", "coupons, settlements"),
    ("unvalued", "No value", "cannot be valued today"),
    ("new", "New", "trades"),
    ("closed", "Closed", "trades"),
    ("changed", "Changed", "quantity or terms"),
)

SHORT = {"Unexplained": "Rest", "Positions": "Trades"}
"""Labels that are too long for a phone, and what stands for them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step of a waterfall."""

    label: str
    short: str
    """The label where room is scarce."""
    note: str
    """What the step is, in a few words."""
    amount: Number
    """A level where the step is one, else a change."""
    level: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Waterfall:
    """A figure from one level to the next, part by part."""

    title: str
    losses: str
    """Sign of a loss: `positive` for VaR and ES, `negative` for P&L and present value."""
    steps: tuple[Step, ...]
    description: str
    """The same in a sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeRow:
    """One portfolio: levels and parts in the order of the headings."""

    portfolio: str
    figures: tuple[Number, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeTable:
    """A waterfall's figures for the firm and each desk."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[ChangeRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DayOnDayView:
    """The run before and what changed since; empty where there is none."""

    against: str
    """Which run is compared with, in a sentence."""
    answer: str
    """Why VaR moved, in a sentence."""
    remarks: tuple[str, ...]
    """What a reader must know of the comparison, a sentence each."""
    value_at_risk: Waterfall
    expected_shortfall: Waterfall
    pnl: Waterfall
    tables: tuple[ChangeTable, ...]
    """VaR, P&L by sensitivity, ES, P&L by risk class, present value."""
    empty: str


NOTHING = Waterfall(title="", losses="negative", steps=(), description="")


def day_on_day_view(found: Findings) -> DayOnDayView:
    """Tell the firm's and the desks' changes since the run before."""
    comparison = found.result.comparison
    firm = _of(comparison, found.firm)
    if comparison is None or firm is None:
        return DayOnDayView(
            against="",
            answer="",
            remarks=(),
            value_at_risk=NOTHING,
            expected_shortfall=NOTHING,
            pnl=NOTHING,
            tables=(),
            empty=found.result.no_comparison or "There is no run before to compare with.",
        )
    var = f"VaR {confidence(found.result.headline_var)}"
    es = f"ES {confidence(found.result.headline_es)}"
    told = [one for name in (found.firm, *desks(found.result)) if (one := _of(comparison, name))]
    then, now = comparison.business_date.isoformat(), found.result.record.business_date.isoformat()
    return DayOnDayView(
        against=f"Compared with run {comparison.run_id} of "
        f"{words.long_date(comparison.business_date)}.",
        answer=_answer(found, var, firm.value_at_risk),
        remarks=tuple(_remarks(found, comparison)),
        value_at_risk=_risk_fall(found, var, firm.value_at_risk, then, now),
        expected_shortfall=_risk_fall(found, es, firm.expected_shortfall, then, now),
        pnl=_pnl_fall(found, firm.pnl),
        tables=(
            _risk_table(found, var, [(one.portfolio, one.value_at_risk) for one in told]),
            _pnl_table(found, told),
            _risk_table(found, es, [(one.portfolio, one.expected_shortfall) for one in told]),
            _class_table(found, told),
            _value_table(found, told),
        ),
        empty="",
    )


def _of(comparison: Comparison | None, name: str) -> DayOnDay | None:
    told = comparison.portfolios if comparison else ()
    return next((one for one in told if one.portfolio == name), None)


def _answer(found: Findings, var: str, change: VarChange) -> str:
    """The change and its largest parts, the largest first."""
    moved = change.after - change.before
    share = percent(moved / change.before if change.before else None).text
    if not round(moved, found.decimals):
        return f"{var} of the firm did not move."
    word = "rose" if moved > 0 else "fell"
    parts = sorted(VAR_PARTS, key=lambda part: -abs(getattr(change, part[0])))
    said = [
        f"{note} {signed(getattr(change, name), found.decimals)}"
        for name, _, note in parts
        if round(getattr(change, name), found.decimals)
    ]
    by = f"{found.currency} {fixed(abs(moved), found.decimals)}"
    size = "" if share == MISSING else f" ({share.lstrip(chr(8722))})"
    return f"{var} of the firm {word} by {by}{size}: {words.listed(said, most=len(said))}."


def _remarks(found: Findings, comparison: Comparison) -> list[str]:
    missed = [day.isoformat() for day in comparison.missed]
    unquoted = list(comparison.skipped)
    said = [
        f"There is no run of {words.listed(missed)}: this is the change over "
        f"{len(missed) + 1} business days, and its P&L is in no backtest."
        if missed
        else "",
        "The run before was made by other code or on another processor level; what that changes "
        "is unexplained."
        if comparison.other_code
        else "",
        "The run before was asked for other scenarios or confidences; what that changes is in the "
        "part of the market, or unexplained."
        if comparison.other_risk
        else "",
        f"{words.quantity(comparison.settled, 'position')} of the day before ended since; they "
        f"count with their last value, {found.currency} "
        f"{fixed(comparison.settled_value, found.decimals)} together."
        if comparison.settled
        else "",
        f"{words.quantity(comparison.unvalued, 'position')} of the day before cannot be valued "
        f"today and are in no present value; they were worth {found.currency} "
        f"{fixed(comparison.unvalued_value, found.decimals)} together, and count with no P&L."
        if comparison.unvalued
        else "",
        f"Not quoted on both days, so that their P&L is unexplained: {words.listed(unquoted)}."
        if unquoted
        else "",
    ]
    return [sentence for sentence in said if sentence]


def _risk_fall(found: Findings, measure: str, change: VarChange, then: str, now: str) -> Waterfall:
    steps = (
        Step(
            label=then, short=then[5:], note=measure, amount=found.money(change.before), level=True
        ),
        *_parts(found, change, VAR_PARTS),
        Step(label=now, short=now[5:], note=measure, amount=found.money(change.after), level=True),
    )
    return Waterfall(
        title=f"Why {measure} moved",
        losses="positive",
        steps=steps,
        description=_told(found, steps),
    )


def _pnl_fall(found: Findings, pnl: PnlExplained) -> Waterfall:
    total = Step(
        label="P&L", short="P&L", note="hypothetical", amount=found.money(pnl.total), level=True
    )
    steps = (*_parts(found, pnl, PNL_PARTS), total)
    return Waterfall(
        title="Where the P&L of the day came from",
        losses="negative",
        steps=steps,
        description=_told(found, steps),
    )


def _parts(
    found: Findings,
    change: VarChange | PnlExplained | PresentValueChange,
    parts: Sequence[tuple[str, str, str]],
) -> list[Step]:
    return [
        Step(
            label=label,
            short=SHORT.get(label, label),
            note=note,
            amount=_change(found, getattr(change, name)),
            level=False,
        )
        for name, label, note in parts
    ]


def _change(found: Findings, value: float) -> Number:
    return Number(value=value, text=signed(value, found.decimals), unit=found.currency)


def _told(found: Findings, steps: Sequence[Step]) -> str:
    said = [f"{step.label} {step.amount.text}" for step in steps]
    return f"In {found.currency}: {'; '.join(said)}."


def _risk_table(
    found: Findings, measure: str, changes: Sequence[tuple[str, VarChange]]
) -> ChangeTable:
    return ChangeTable(
        caption=f"{measure}, {found.currency}, losses positive; not additive over desks.",
        headings=("Before", *(label for _, label, _ in VAR_PARTS), "Today"),
        rows=tuple(
            ChangeRow(
                portfolio=name,
                figures=(
                    found.money(change.before),
                    *(_change(found, getattr(change, part)) for part, _, _ in VAR_PARTS),
                    found.money(change.after),
                ),
            )
            for name, change in changes
        ),
    )


def _pnl_table(found: Findings, told: Sequence[DayOnDay]) -> ChangeTable:
    return ChangeTable(
        caption=f"Hypothetical P&L by the sensitivities of the day before, {found.currency}, "
        "gains positive.",
        headings=("P&L", *(label for _, label, _ in PNL_PARTS)),
        rows=tuple(
            ChangeRow(
                portfolio=one.portfolio,
                figures=(
                    found.money(one.pnl.total),
                    *(_change(found, getattr(one.pnl, part)) for part, _, _ in PNL_PARTS),
                ),
            )
            for one in told
        ),
    )


def _class_table(found: Findings, told: Sequence[DayOnDay]) -> ChangeTable:
    """Each class revalued alone after the passing of time; what is left acts across classes."""
    classes = [name for name, _ in told[0].by_class] if told else []
    moving = [name for name in classes if any(dict(one.by_class).get(name) for one in told)]
    rows = []
    for one in told:
        values = dict(one.by_class)
        rest = one.pnl.total - one.pnl.theta - sum(values.values())
        rows.append(
            ChangeRow(
                portfolio=one.portfolio,
                figures=(
                    found.money(one.pnl.total),
                    _change(found, one.pnl.theta),
                    *(_change(found, values[name]) for name in moving),
                    _change(found, rest),
                ),
            )
        )
    return ChangeTable(
        caption=f"Hypothetical P&L by full revaluation, one risk class moved at a time, "
        f"{found.currency}, gains positive.",
        headings=(
            "P&L",
            "Time",
            *(words.RISK_CLASSES.get(name, name) for name in moving),
            "Across classes",
        ),
        rows=tuple(rows),
    )


def _value_table(found: Findings, told: Sequence[DayOnDay]) -> ChangeTable:
    return ChangeTable(
        caption=f"Present value, {found.currency}; in brackets the number of positions.",
        headings=("Before", *(label for _, label, _ in PV_PARTS), "Today"),
        rows=tuple(
            ChangeRow(portfolio=one.portfolio, figures=_value_figures(found, one.present_value))
            for one in told
        ),
    )


def _value_figures(found: Findings, change: PresentValueChange) -> tuple[Number, ...]:
    counts = {
        "new": change.new_positions,
        "closed": change.closed_positions,
        "changed": change.changed_positions,
    }
    return (
        found.money(change.before),
        *(
            _counted(_change(found, getattr(change, part)), counts.get(part, 0))
            for part, _, _ in PV_PARTS
        ),
        found.money(change.after),
    )


def _counted(amount: Number, positions: int) -> Number:
    text = f"{amount.text} ({positions:,})" if positions else amount.text
    return Number(value=amount.value, text=text, unit=amount.unit)

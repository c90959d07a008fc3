"""Limits of two runs: which changed their state, their amount, or came and went."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from riskmill.domain import LimitState, RiskResult
from riskmill.reporting.views import words
from riskmill.reporting.views.limits import STATUSES
from riskmill.reporting.views.numbers import MISSING, Number, money, percent
from riskmill.reporting.views.strip import Verdict

_WEIGHT = {"ok": 0, "warning": 1, "breach": 2}


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparedLimit:
    """A limit that is not as it was."""

    limit_id: str
    portfolio: str
    measure: str
    """In words, with its confidence."""
    what: str
    """What became of it, in words."""
    tone: str
    """`breach`, `warning`, `ok` or `none`: its state after."""
    status_before: str
    status_after: str
    used_before: Number
    used_after: Number
    amount_before: Number
    amount_after: Number
    utilisation_before: Number
    utilisation_after: Number


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparedLimits:
    """Limits that changed, worst first, and how many did not."""

    verdict: Verdict
    rows: tuple[ComparedLimit, ...]
    same: int
    """Limits with the same state and amount in both runs."""


def compared_limits(before: RiskResult, after: RiskResult) -> ComparedLimits:
    """Match limits by id, and keep those whose state or amount is another."""
    old, new = ({state.limit_id: state for state in run.limits} for run in (before, after))
    names = [*new, *(name for name in old if name not in new)]
    rows = [row for name in names for row in _changed(old.get(name), new.get(name))]
    ordered = sorted(rows, key=lambda row: (row.tone != "breach", row.tone != "warning"))
    same = len(names) - len(rows)
    return ComparedLimits(verdict=_verdict(rows, same), rows=tuple(ordered), same=same)


def _changed(old: LimitState | None, new: LimitState | None) -> Iterator[ComparedLimit]:
    known = new or old
    if known is None or (old and new and _terms(old) == _terms(new)):
        return
    yield ComparedLimit(
        limit_id=known.limit_id,
        portfolio=known.portfolio,
        measure=words.measure(known.measure, known.confidence),
        what=_what(old, new),
        tone=new.status if new else "none",
        status_before=STATUSES.get(old.status, old.status) if old else "",
        status_after=STATUSES.get(new.status, new.status) if new else "",
        used_before=_money(old, old.value if old else None),
        used_after=_money(new, new.value if new else None),
        amount_before=_money(old, old.amount if old else None),
        amount_after=_money(new, new.amount if new else None),
        utilisation_before=percent(old.utilisation if old else None),
        utilisation_after=percent(new.utilisation if new else None),
    )


def _terms(state: LimitState) -> tuple[object, ...]:
    return (
        state.status, state.amount, state.currency, state.portfolio, state.measure, state.confidence
    )  # fmt: skip


def _what(old: LimitState | None, new: LimitState | None) -> str:
    if old is None:
        return "new"
    if new is None:
        return "no longer there"
    if old.status != new.status:
        worse = _WEIGHT.get(new.status, 0) > _WEIGHT.get(old.status, 0)
        was, now = (STATUSES.get(one.status, one.status).lower() for one in (old, new))
        return f"{'worse' if worse else 'better'}: {was} to {now}"
    return "same state, other terms"


def _money(state: LimitState | None, amount: float | None) -> Number:
    if state is None:
        return Number(value=None, text=MISSING, unit="")
    return money(amount, state.currency)


def _verdict(rows: list[ComparedLimit], same: int) -> Verdict:
    if not rows:
        sentence = f"{words.quantity(same, 'limit')}, each in the same state as before."
        if not same:
            sentence = "Neither run has limits."
        return Verdict(tone="none", word="Limits", sentence=sentence)
    counts = Counter(row.what.partition(":")[0] for row in rows)
    told = [f"{number:,} {what}" for what, number in sorted(counts.items())]
    breached = [words.quoted(row.limit_id) for row in rows if row.what.endswith("to breach")]
    closing = f"; newly breached: {words.listed(breached, most=5)}" if breached else ""
    tone = "breach" if breached else "none"
    sentence = (
        f"Of {words.quantity(len(rows) + same, 'limit')}, {words.listed(told, most=9)}{closing}."
    )
    return Verdict(tone=tone, word="Limits", sentence=sentence)

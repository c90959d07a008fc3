"""The status strip: which run this is, and in two sentences whether to worry."""

from dataclasses import dataclass

from riskmill.domain import LimitState, Severity
from riskmill.reporting.views import words
from riskmill.reporting.views.findings import Findings
from riskmill.reporting.views.numbers import percent


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """One sentence with the word and tone that go before it."""

    tone: str
    """`breach`, `warning`, `ok` or `none`; decides colour and mark."""
    word: str
    """The tone in a word, so that colour never stands alone."""
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusStrip:
    """Identity and state of the report."""

    firm: str
    business_date: str
    """ISO; the valuation date."""
    date_text: str
    """The same with its weekday, in words."""
    snapshot: str
    as_of: str
    """Instant the inputs were frozen, UTC."""
    currency: str
    signature: str
    """`DRAFT` until somebody signs."""
    run_id: str
    batch_id: str
    code_version: str
    status: str
    """`complete` or `complete with failures`."""
    status_text: str
    method: str
    """One sentence on the scenarios behind every VaR and ES."""
    limits: Verdict
    data: Verdict
    delivery: tuple[Verdict, ...]
    """What the inputs are that did not come with this batch, and what it corrects."""


def status_strip(found: Findings) -> StatusStrip:
    """Say which run this is and what its reader must know first."""
    record = found.result.record
    return StatusStrip(
        firm=found.firm,
        business_date=record.business_date.isoformat(),
        date_text=words.long_date(record.business_date),
        snapshot=record.snapshot,
        as_of=words.instant(record.as_of),
        currency=found.currency,
        signature="DRAFT",
        run_id=record.run_id,
        batch_id=record.batch_id,
        code_version=record.code_version,
        status=found.result.status,
        status_text=found.result.status.capitalize(),
        method=record.scenario_description,
        limits=_limits(found.result.limits),
        data=_data(found),
        delivery=tuple(
            Verdict(tone="none", word="Delivery", sentence=note) for note in found.result.notes
        ),
    )


def _limits(limits: tuple[LimitState, ...]) -> Verdict:
    if not limits:
        return Verdict(
            tone="none", word="No limits", sentence="No limits were delivered; none was checked."
        )
    breached = [state for state in limits if state.status == "breach"]
    warned = [state for state in limits if state.status == "warning"]
    if breached:
        tone, word = "breach", "Breach"
        opening = f"{_share(len(breached), len(limits))}: {_named(breached)}"
    else:
        tone, word = ("warning", "Warning") if warned else ("ok", "Within limits")
        opening = f"None of {words.quantity(len(limits), 'limit')} breached"
    closing = f"; {len(warned)} on warning: {_named(warned)}." if warned else "; none on warning."
    return Verdict(tone=tone, word=word, sentence=opening + closing)


def _share(part: int, whole: int) -> str:
    if part == whole:
        return "The only limit is breached" if whole == 1 else f"All {whole} limits are breached"
    return f"{part} of {words.quantity(whole, 'limit')} breached"


def _named(states: list[LimitState]) -> str:
    worst_first = sorted(states, key=lambda state: -state.utilisation)
    return words.listed([_one(state) for state in worst_first])


def _one(state: LimitState) -> str:
    used = percent(state.utilisation, 0).text
    what = words.measure(state.measure, state.confidence)
    return f"{words.quoted(state.portfolio)} {what} at {used}"


def _data(found: Findings) -> Verdict:
    result = found.result
    unpriced = {failure.subject for failure in result.failures if failure.code.startswith("E4")}
    warned = sum(1 for failure in result.failures if failure.severity is Severity.WARNING)
    rejected = sum(file.rejected for file in result.record.inputs)
    rows = words.quantity(sum(file.rows for file in result.record.inputs), "delivered row")
    parts = [
        f"{rejected:,} of {rows} rejected" if rejected else f"none of {rows} rejected",
        _counted(len(unpriced), "position", "not valued")
        if unpriced
        else "every accepted position valued",
        _counted(len(result.proxied), "factor", "proxied"),
        _counted(warned, "warning", ""),
    ]
    tone, word = _weight(rejected + len(unpriced), warned + len(result.proxied))
    sentence = words.listed(parts, most=len(parts))
    return Verdict(tone=tone, word=word, sentence=f"{sentence[0].upper()}{sentence[1:]}.")


def _counted(number: int, noun: str, what: str) -> str:
    counted = words.quantity(number, noun) if number else f"no {noun}"
    return f"{counted} {what}".rstrip()


def _weight(errors: int, warnings: int) -> tuple[str, str]:
    if errors:
        return "warning", "Incomplete"
    return ("warning", "Look at data") if warnings else ("ok", "Data clean")

"""Whether a report is signed: one typed model, for the page and the JSON beside the report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from riskmill.reporting.views import words

SCHEMA = "riskmill.signature-statement/1"
SIGNED, NOT_SIGNED = "SIGNED", "NOT SIGNED"


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureLine:
    """One signature as it is shown."""

    number: int
    signer: str
    comment: str
    instant: str
    """UTC, ISO 8601."""
    report_sha256: str
    """Of the `report.json` that was signed."""
    previous: str
    """SHA-256 of the signature before; empty for the first."""
    sha256: str
    """Of this signature."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileHash:
    """A file of the report and what its bytes are."""

    name: str
    sha256: str
    size: int
    """Bytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TriedWave:
    """How often the tasks of a wave were tried."""

    stage: str
    wave: str
    tasks: int
    attempts: int
    failed: int
    """Attempts that ended with an error."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FailedTry:
    """An attempt at a task that ended with an error."""

    task_id: str
    attempt: int
    """1 for the first."""
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureStatement:
    """Everything that the page says."""

    schema: str
    state: str
    """`SIGNED` or `NOT SIGNED`."""
    sentence: str
    run_id: str
    batch_id: str
    business_date: str
    date_text: str
    code_version: str
    head: str
    """SHA-256 of the last signature; empty where there is none."""
    signatures: tuple[SignatureLine, ...]
    files: tuple[FileHash, ...]
    waves: tuple[TriedWave, ...] = ()
    """In the order in which they were carried out; empty in statements of before they were kept."""
    failed: tuple[FailedTry, ...] = ()
    page_sha256: str = ""
    """Of the page; empty in the page itself."""


def sign_statement(
    *,
    run_id: str,
    batch_id: str,
    business_date: date,
    code_version: str,
    files: Sequence[FileHash],
    signatures: Sequence[SignatureLine],
    waves: Sequence[TriedWave] = (),
    failed: Sequence[FailedTry] = (),
) -> SignatureStatement:
    """Say who has signed a run; with no signature, that nobody has."""
    return SignatureStatement(
        schema=SCHEMA,
        state=SIGNED if signatures else NOT_SIGNED,
        sentence=_sentence(signatures),
        run_id=run_id,
        batch_id=batch_id,
        business_date=business_date.isoformat(),
        date_text=words.long_date(business_date),
        code_version=code_version,
        head=signatures[-1].sha256 if signatures else "",
        signatures=tuple(signatures),
        files=tuple(files),
        waves=tuple(waves),
        failed=tuple(failed),
    )


def _sentence(signatures: Sequence[SignatureLine]) -> str:
    if not signatures:
        return "Nobody has signed this report: it is a draft."
    names = list(dict.fromkeys(words.quoted(line.signer) for line in signatures))
    last = words.instant(signatures[-1].instant)
    times = words.quantity(len(signatures), "signature")
    return f"Signed by {words.listed(names, most=5)}: {times}, the last at {words.quoted(last)}."

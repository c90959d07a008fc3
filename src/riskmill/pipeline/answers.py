"""What the sender of a batch is told: `ack.json`, `reject.json` and the list of rejected rows."""

import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from riskmill.domain import BatchFile, Failure, InputFile, InputRejected, Severity
from riskmill.ingestion import StagedFile
from riskmill.pipeline.layout import quarantine_key
from riskmill.pipeline.notes import delivery_notes
from riskmill.pipeline.ports import ObjectStore
from riskmill.pipeline.run_spec import RunSpec

ACK, REJECT = "ack.json", "reject.json"
REJECTS_JSON, REJECTS_PARQUET = "rejects.json", "rejects.parquet"
ACK_SCHEMA = "riskmill.ack/1"
REJECT_SCHEMA = "riskmill.reject/1"
REJECTS_SCHEMA = "riskmill.rejects/1"


@dataclass(frozen=True, kw_only=True, slots=True)
class RejectedRow:
    """One failure as its sender reads it: a row of `rejects.json` and `rejects.parquet`."""

    run: str
    file: str
    record: int | None
    """1-based data record; none where the failure is not about one."""
    line: int | None
    id: str
    """Position, factor, portfolio or limit that it is about."""
    code: str
    reason: str
    column: str
    value: str
    """The raw value as delivered, shortened to 200 characters."""
    message: str
    severity: str
    """`error` took the row out; `warning` is shown only."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeCount:
    """How often one code was found."""

    code: str
    severity: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FileAnswer:
    """What was found in one file."""

    name: str
    dataset: str
    sha256: str
    """As announced; an accepted batch's files have exactly it."""
    size: int
    rows: int | None
    """Data rows that count; none where the file was not read to its end."""
    rejected: int | None
    """Rows that did not get through, so far as the file was checked."""
    mode: str
    carried_from: str
    codes: tuple[CodeCount, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ack:
    """The batch is used: what was taken, and what was not."""

    schema: str = ACK_SCHEMA
    batch_id: str
    run_id: str
    manifest_sha256: str
    files: tuple[FileAnswer, ...]
    rows: int
    rejected: int
    warnings: int
    quarantine: tuple[str, ...]
    """Keys of what was rejected, and why; empty where nothing was."""
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reject:
    """The batch is refused: why, where, and what to do."""

    schema: str = REJECT_SCHEMA
    batch_id: str
    """As the manifest or, where that cannot be read, its place in the inbox says."""
    run_id: str
    """Empty where the batch never became a run."""
    manifest_sha256: str
    code: str
    message: str
    place: str
    remedy: str
    also: tuple[str, ...] = ()
    """Further reasons, a sentence each."""
    files: tuple[FileAnswer, ...] = ()
    quarantine: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def ack(
    spec: RunSpec,
    inputs: Sequence[InputFile],
    failures: Sequence[Failure],
    quarantine: Iterable[str],
) -> Ack:
    """Answer for a batch that is used."""
    files = _checked(inputs, failures)
    return Ack(
        batch_id=spec.batch.batch_id,
        run_id=spec.run_id,
        manifest_sha256=spec.manifest_sha256,
        files=files,
        rows=sum(file.rows for file in inputs),
        rejected=sum(file.rejected for file in inputs),
        warnings=sum(failure.severity is Severity.WARNING for failure in failures),
        quarantine=tuple(quarantine),
        notes=delivery_notes(spec.batch),
    )


def reject_checked(
    spec: RunSpec,
    refusal: InputRejected,
    inputs: Sequence[InputFile],
    failures: Sequence[Failure],
    quarantine: Iterable[str],
) -> Reject:
    """Answer for a batch that is refused though each of its files could be read."""
    return _reject(spec, refusal, _checked(inputs, failures), tuple(quarantine))


def reject_staged(
    spec: RunSpec, refusal: InputRejected, staged: Mapping[str, StagedFile]
) -> Reject:
    """Answer for a batch of which only the *staged* files, by name, could be read."""
    files = tuple(_staged(entry, staged.get(entry.name)) for entry in spec.batch.files)
    return _reject(spec, refusal, files, ())


def encode_answer(answer: Ack | Reject) -> bytes:
    """JSON of an answer, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(answer), indent=2) + b"\n"


def decode_ack(raw: bytes) -> Ack:
    """Read an `ack.json`."""
    return msgspec.json.decode(raw, type=Ack)


def decode_reject(raw: bytes) -> Reject:
    """Read a `reject.json`."""
    return msgspec.json.decode(raw, type=Reject)


def put_answer(store: ObjectStore, key: str, data: bytes) -> str:
    """
    Store an answer and say under which key.

    A run that is refused again for another reason, because a file came in between,
    answers again: `reject-2.json`. Nothing is written over.
    """
    stem, _, ending = key.rpartition(".")
    number, free = 1, key
    while not store.put_new(free, data) and store.get(free) != data:
        number += 1
        free = f"{stem}-{number}.{ending}"
    return free


def rejects(spec: RunSpec, failures: Sequence[Failure]) -> dict[str, bytes]:
    """Key to bytes of the list of *failures*, as JSON and as Parquet; nothing without any."""
    if not failures:
        return {}
    rows = [_row(spec.run_id, failure) for failure in failures]
    listing = msgspec.json.format(msgspec.json.encode(rows), indent=1) + b"\n"
    return {
        quarantine_key(spec, REJECTS_JSON): listing,
        quarantine_key(spec, REJECTS_PARQUET): _parquet(rows),
    }


def _row(run_id: str, failure: Failure) -> RejectedRow:
    return RejectedRow(
        run=run_id,
        file=failure.file,
        record=failure.record,
        line=failure.line,
        id=failure.subject,
        code=failure.code,
        reason=failure.reason.value,
        column=failure.column,
        value=failure.value,
        message=failure.message,
        severity=failure.severity.value,
    )


def _parquet(rows: Sequence[RejectedRow]) -> bytes:
    kinds = {"record": pa.int64(), "line": pa.int64()}
    columns = {
        name: pa.array([getattr(row, name) for row in rows], kinds.get(name, pa.string()))
        for name in RejectedRow.__slots__
    }
    table = pa.table(columns).replace_schema_metadata({b"riskmill.schema": REJECTS_SCHEMA.encode()})
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", version="2.6")
    return sink.getvalue()


def _reject(
    spec: RunSpec,
    refusal: InputRejected,
    files: tuple[FileAnswer, ...],
    quarantine: tuple[str, ...],
) -> Reject:
    return Reject(
        batch_id=spec.batch.batch_id,
        run_id=spec.run_id,
        manifest_sha256=spec.manifest_sha256,
        code=refusal.code,
        message=refusal.message,
        place=refusal.place,
        remedy=refusal.remedy,
        also=tuple(getattr(refusal, "__notes__", ())),
        files=files,
        quarantine=quarantine,
        notes=delivery_notes(spec.batch),
    )


def _checked(inputs: Sequence[InputFile], failures: Sequence[Failure]) -> tuple[FileAnswer, ...]:
    return tuple(
        FileAnswer(
            name=file.name,
            dataset=file.dataset,
            sha256=file.sha256,
            size=file.size,
            rows=file.rows,
            rejected=file.rejected,
            mode=file.mode,
            carried_from=file.carried_from,
            codes=code_counts(failure for failure in failures if failure.file == file.name),
        )
        for file in inputs
    )


def _staged(entry: BatchFile, staged: StagedFile | None) -> FileAnswer:
    return FileAnswer(
        name=entry.name,
        dataset=entry.dataset,
        sha256=entry.sha256,
        size=entry.size,
        rows=staged.rows if staged else None,
        rejected=rejected_rows(staged.failures) if staged else None,
        mode=entry.mode,
        carried_from=entry.carried_from,
        codes=code_counts(staged.failures) if staged else (),
    )


def rejected_rows(failures: Iterable[Failure]) -> int:
    """Count the records that *failures* of one file take out."""
    return len({f.record for f in failures if f.record and f.severity is Severity.ERROR})


def code_counts(failures: Iterable[Failure]) -> tuple[CodeCount, ...]:
    """Count failures by code, codes ascending."""
    numbers = Counter((failure.code, failure.severity.value) for failure in failures)
    return tuple(
        CodeCount(code=code, severity=severity, count=number)
        for (code, severity), number in sorted(numbers.items())
    )

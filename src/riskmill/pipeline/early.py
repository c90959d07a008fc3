"""
Files that landed before their manifest: checked, answered for, and kept until a batch names them.

A file is kept under its own hash and the terms that it was checked under. Only a
batch manifest makes it part of a batch; a run that names it under the same terms
takes what was kept in place of checking it again.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from riskmill.domain import ArtefactMissing, BatchFile, BatchManifest, InputRejected, Severity
from riskmill.ingestion import check_delivered, ingest_blocks, staging_terms
from riskmill.pipeline.answers import CodeCount, code_counts, rejected_rows
from riskmill.pipeline.artefacts import ArtefactRef, load, put_same
from riskmill.pipeline.ports import ObjectStore
from riskmill.pipeline.staged import decode_rest, encode_staged

EARLY_SCHEMA = "riskmill.early/1"
ANSWER = "early.json"
_ANNOUNCED = ("sha256", "size", "rows", "control_totals", "mode", "carried_from")
"""What a manifest says of a file that does not change how it is checked row by row."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlyAnswer:
    """What is said of a file before its batch is closed; written last, beside its artefacts."""

    schema: str = EARLY_SCHEMA
    name: str
    dataset: str
    sha256: str
    size: int
    rows: int
    rejected: int
    warnings: int
    codes: tuple[CodeCount, ...]
    code: str = ""
    """Why the file as a whole cannot be used; empty where it can."""
    message: str = ""
    remedy: str = ""
    artefacts: tuple[ArtefactRef, ...] = ()


def early_prefix(entry: BatchFile, manifest: BatchManifest, code_version: str) -> str:
    """Where a file is kept that was checked under these terms by this code."""
    said = {
        name: value for name, value in msgspec.to_builtins(entry).items() if name not in _ANNOUNCED
    }
    terms = (said, staging_terms(entry.dataset, manifest), code_version)
    digest = hashlib.sha256(msgspec.json.encode(terms, order="deterministic")).hexdigest()
    return f"staged/{entry.sha256}-{digest[:12]}"


def stage_early(
    entry: BatchFile,
    chunks: Iterable[bytes],
    manifest: BatchManifest,
    code_version: str,
    store: ObjectStore,
) -> EarlyAnswer:
    """
    Check a file that no manifest names yet, and keep its rows and an answer.

    *chunks* are its bytes, and *manifest* holds what is known of the batch from the file's
    place. Safe to repeat: a file that was checked before is answered from what was kept.
    """
    prefix = early_prefix(entry, manifest, code_version)
    if known := early_answer(prefix, store):
        return known
    try:
        answer = _kept(entry, encode_staged(ingest_blocks(entry, chunks, manifest)), prefix, store)
    except InputRejected as refusal:
        answer = _refused(entry, refusal)
    put_same(store, f"{prefix}/{ANSWER}", _encode(answer))
    return answer


def early_answer(prefix: str, store: ObjectStore) -> EarlyAnswer | None:
    """Return the answer that was kept under *prefix*, if there is one."""
    try:
        return msgspec.json.decode(store.get(f"{prefix}/{ANSWER}"), type=EarlyAnswer)
    except ArtefactMissing:
        return None


def taken_up(
    entry: BatchFile,
    chunks: Iterable[bytes],
    manifest: BatchManifest,
    code_version: str,
    store: ObjectStore,
) -> Iterator[tuple[str, bytes]] | None:
    """
    Give the artefacts that were kept of a file which landed early, as `encode_staged` does.

    There are none where exactly this file was not checked under these terms, or cannot be used.
    Raises `InputRejected` where *chunks* are not the announced file.
    """
    answer = early_answer(early_prefix(entry, manifest, code_version), store)
    if answer is None or answer.code:
        return None
    check_delivered(entry, chunks)
    return ((ref.name, load(store, ref)) for ref in answer.artefacts)


def _kept(
    entry: BatchFile, artefacts: Iterable[tuple[str, bytes]], prefix: str, store: ObjectStore
) -> EarlyAnswer:
    refs, data = [], b""
    for name, data in artefacts:
        key, digest = f"{prefix}/{name}", hashlib.sha256(data).hexdigest()
        put_same(store, key, data)
        refs.append(ArtefactRef(name=name, key=key, sha256=digest, size=len(data)))
    staged = decode_rest({refs[-1].name: data}.__getitem__)
    return EarlyAnswer(
        name=entry.name,
        dataset=entry.dataset,
        sha256=entry.sha256,
        size=entry.size,
        rows=staged.rows,
        rejected=rejected_rows(staged.failures),
        warnings=sum(failure.severity is Severity.WARNING for failure in staged.failures),
        codes=code_counts(staged.failures),
        artefacts=tuple(refs),
    )


def _refused(entry: BatchFile, refusal: InputRejected) -> EarlyAnswer:
    return EarlyAnswer(
        name=entry.name,
        dataset=entry.dataset,
        sha256=entry.sha256,
        size=entry.size,
        rows=0,
        rejected=0,
        warnings=0,
        codes=(),
        code=refusal.code,
        message=refusal.message,
        remedy=refusal.remedy,
    )


def _encode(answer: EarlyAnswer) -> bytes:
    return msgspec.json.format(msgspec.json.encode(answer), indent=2) + b"\n"

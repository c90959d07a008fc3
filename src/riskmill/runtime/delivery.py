"""Deliveries on this machine: open one, check it without running, close it with a manifest."""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from riskmill.domain import (
    ArtefactMissing,
    BatchManifest,
    Failure,
    InputFile,
    InputRejected,
    UsageError,
)
from riskmill.ingestion import (
    AcceptedBatch,
    StagedFile,
    draft_manifest,
    ingest_chunks,
    reconcile,
)
from riskmill.pipeline import ObjectStore, delivered_file
from riskmill.runtime.stores import ObstoreStore
from riskmill.runtime.wiring import Delivery, read_delivery

MANIFEST = "manifest.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Validation:
    """What ingestion says of a delivery."""

    batch_id: str
    files: tuple[InputFile, ...]
    """Empty where a file could not be used at all."""
    failures: tuple[Failure, ...]
    refusal: InputRejected | None
    """Why the batch as a whole would be refused; none where it would be used."""


def open_source(source: Path) -> ObjectStore:
    """
    Open the directory of a delivery for reading.

    Raises `UsageError` where it is not there (E607), not a directory (E608) or
    may not be read (E609).
    """
    for code, problem, wrong in (
        ("E607", "there is no such directory", not source.exists()),
        ("E608", "this is a file, not the directory of a batch", source.is_file()),
        ("E609", "the directory may not be read", not os.access(source, os.R_OK | os.X_OK)),
    ):
        if wrong:
            raise UsageError(
                code,
                problem,
                place=str(source),
                remedy="Name the directory that holds a batch and its manifest.json.",
            )
    return ObstoreStore.in_directory(source)


def read_batch(delivered: ObjectStore, source: Path) -> Delivery:
    """Read the manifest of a delivery; `InputRejected` (E610) where it has none."""
    try:
        raw = delivered.get(MANIFEST)
    except ArtefactMissing as cause:
        raise InputRejected(
            "E610",
            "the batch is not closed: it has no manifest.json",
            place=str(source),
            remedy="Write one with: riskmill validate PATH --write-manifest "
            "--business-date YYYY-MM-DD --currency CCY",
        ) from cause
    return read_delivery(raw)


def accept(delivered: ObjectStore, manifest: BatchManifest) -> AcceptedBatch:
    """Ingest and reconcile a whole delivery in memory; `InputRejected` where a file is unusable."""
    staged = [
        ingest_chunks(entry, delivered_file(entry, delivered), manifest) for entry in manifest.files
    ]
    return reconcile(manifest, staged)


def validate(source: Path) -> Validation:
    """Check the delivery in *source* as a run would, and write nothing."""
    delivered = open_source(source)
    manifest = read_batch(delivered, source).manifest
    staged: list[StagedFile] = []
    refusals: list[InputRejected] = []
    for entry in manifest.files:
        try:
            staged.append(ingest_chunks(entry, delivered_file(entry, delivered), manifest))
        except InputRejected as refusal:
            refusals.append(refusal)
    if refusals:
        failures = tuple(failure for file in staged for failure in file.failures)
        return Validation(
            batch_id=manifest.batch_id, files=(), failures=failures, refusal=refusals[0]
        )
    accepted = reconcile(manifest, staged)
    return Validation(
        batch_id=manifest.batch_id,
        files=accepted.inputs,
        failures=accepted.failures,
        refusal=accepted.refusal,
    )


def write_manifest(
    source: Path, *, business_date: date, snapshot: str, reporting_currency: str
) -> Path:
    """
    Close the delivery in *source* with a manifest of the files that lie there.

    Raises `UsageError` (E611) where it has one already: a correction is a new
    version in a directory of its own, never an overwrite.
    """
    delivered = open_source(source)
    files = {
        name: delivered.get(name)
        for name in delivered.keys("")
        if "/" not in name and name != MANIFEST and not name.startswith(".")
    }
    raw = draft_manifest(
        files,
        business_date=business_date,
        snapshot=snapshot,
        reporting_currency=reporting_currency,
        as_of=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    )
    if not delivered.put_new(MANIFEST, raw):
        raise UsageError(
            "E611",
            "this batch is closed already: it has a manifest.json",
            place=str(source / MANIFEST),
            remedy="Deliver a correction as a new version in a directory of its own.",
        )
    return source / MANIFEST

"""Deliveries on this machine: open one, check it without running, close it with a manifest."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from riskmill.domain import (
    ArtefactMissing,
    BatchFile,
    BatchManifest,
    Failure,
    Hierarchy,
    InputFile,
    InputRejected,
    RiskmillError,
    UsageError,
)
from riskmill.ingestion import (
    AcceptedBatch,
    StagedFile,
    draft_follow_up,
    draft_manifest,
    ingest_chunks,
    reconcile,
)
from riskmill.pipeline import (
    MANIFEST,
    ObjectStore,
    check_superseded,
    delivered_file,
    replaced_by,
)
from riskmill.runtime.stores import ObstoreStore
from riskmill.runtime.wiring import Delivery, read_delivery


@dataclass(frozen=True, kw_only=True, slots=True)
class Validation:
    """What ingestion says of a delivery."""

    batch_id: str
    files: tuple[InputFile, ...]
    """Empty where a file could not be used at all."""
    failures: tuple[Failure, ...]
    refusal: InputRejected | None
    """Why the batch as a whole would be refused; none where it would be used."""
    further: tuple[InputRejected, ...] = ()
    """What else would refuse it, file by file."""


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


def open_inbox(source: Path, batch: BatchManifest) -> ObjectStore | None:
    """
    Open the inbox that a batch lies in: INBOX/<date>/<snapshot>/<version>.

    None where *source* is no such place of this batch: then it stands alone.
    """
    place = source.resolve()
    if "/".join(place.parts[-3:]) != batch.batch_id:
        return None
    return ObstoreStore.in_directory(place.parents[2])


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


def accept(
    delivered: ObjectStore, manifest: BatchManifest, inbox: ObjectStore | None
) -> AcceptedBatch:
    """Ingest and reconcile a whole delivery in memory; `InputRejected` where a file is unusable."""
    check_superseded(manifest, inbox)
    staged = [stage(entry, delivered, manifest, inbox) for entry in manifest.files]
    return reconcile(manifest, staged)


def stage(
    entry: BatchFile, delivered: ObjectStore, manifest: BatchManifest, inbox: ObjectStore | None
) -> StagedFile:
    """Check one file of a delivery in memory; `InputRejected` where it is unusable."""

    def deliver(file: BatchFile) -> Iterator[bytes]:
        return delivered_file(file, delivered, inbox)

    staged = ingest_chunks(entry, deliver(entry), manifest)
    if not entry.amends:
        return staged
    return replace(staged, replaces=replaced_by(entry, manifest, deliver))


def firm_of(delivered: ObjectStore, manifest: BatchManifest, inbox: ObjectStore | None) -> str:
    """Name of the top of a delivery's hierarchy; empty where it has none that can be used."""
    try:
        for entry in manifest.files:
            if entry.dataset == "hierarchy":
                content = stage(entry, delivered, manifest, inbox).content
                return content.firm if isinstance(content, Hierarchy) else ""
    except RiskmillError:
        return ""
    return ""


def validate(source: Path) -> Validation:
    """Check the delivery in *source* as a run would, and write nothing."""
    delivered = open_source(source)
    manifest = read_batch(delivered, source).manifest
    inbox = open_inbox(source, manifest)
    staged: list[StagedFile] = []
    refusals: list[InputRejected] = []
    try:
        check_superseded(manifest, inbox)
    except InputRejected as refusal:
        refusals.append(refusal)
    for entry in manifest.files:
        try:
            staged.append(stage(entry, delivered, manifest, inbox))
        except InputRejected as refusal:
            refusals.append(refusal)
    if refusals:
        failures = tuple(failure for file in staged for failure in file.failures)
        return Validation(
            batch_id=manifest.batch_id,
            files=(),
            failures=failures,
            refusal=refusals[0],
            further=tuple(refusals[1:]),
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
    raw = draft_manifest(
        _files(delivered),
        business_date=business_date,
        snapshot=snapshot,
        reporting_currency=reporting_currency,
        as_of=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    )
    return _close(delivered, source, raw)


def write_follow_up(source: Path, *, supersedes: str) -> Path:
    """
    Close the delivery in *source* with a manifest that corrects the version beside it.

    *source* is INBOX/<date>/<snapshot>/<version>, and *supersedes* an earlier version
    that lies beside it. Raises `UsageError` where it does not (E617), and where
    *source* has a manifest already (E611).
    """
    delivered = open_source(source)
    place = source.resolve()
    earlier = place.parent / supersedes
    if not (earlier / MANIFEST).is_file() or earlier == place:
        raise UsageError(
            "E617",
            f"there is no closed version '{supersedes}' beside this one",
            place=str(earlier),
            remedy="Put the correction into INBOX/<date>/<snapshot>/<version>, beside the version "
            "that it supersedes.",
        )
    corrected = read_batch(ObstoreStore.in_directory(earlier), earlier).manifest
    raw = draft_follow_up(_files(delivered), corrected, version=place.name)
    return _close(delivered, source, raw)


def _files(delivered: ObjectStore) -> dict[str, bytes]:
    return {
        name: delivered.get(name)
        for name in delivered.keys("")
        if "/" not in name and name != MANIFEST and not name.startswith(".")
    }


def _close(delivered: ObjectStore, source: Path, raw: bytes) -> Path:
    """Write a manifest that has been read back: one that would be refused closes nothing."""
    read_delivery(raw)
    if not delivered.put_new(MANIFEST, raw):
        raise UsageError(
            "E611",
            "this batch is closed already: it has a manifest.json",
            place=str(source / MANIFEST),
            remedy="Deliver a correction as a new version in a directory of its own.",
        )
    return source / MANIFEST

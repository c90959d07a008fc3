"""Where the files of a batch are read from: its own directory, and earlier batches beside it."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from riskmill.domain import (
    ArtefactMissing,
    BatchFile,
    BatchManifest,
    Failure,
    InputRejected,
    InputRow,
    Severity,
    StoreError,
    StoreUnavailable,
)
from riskmill.ingestion import DeliveredPositions, Replaced, input_rows, replaced_rows
from riskmill.pipeline.ports import ObjectStore

MANIFEST = "manifest.json"
MISSING = frozenset({"E520", "E521", "E522", "E525", "E527"})
"""Codes of refusals that end when what is missing arrives: the batch itself is not at fault."""

Deliver = Callable[[BatchFile], Iterator[bytes]]
"""Gives the bytes of a file that a manifest names; `InputRejected` where it is not there."""


def delivered_file(
    entry: BatchFile, source: ObjectStore, inbox: ObjectStore | None = None
) -> Iterator[bytes]:
    """
    Give the bytes of a file that a manifest names, in chunks.

    *source* holds the batch's own files by name, *inbox* all batches by id and name.
    Raises `InputRejected` where the file is not there (E520), where a carried one is
    not in its own batch (E521), where there is no inbox to look in (E522) and where the
    file is there and cannot be read (E527).
    """
    try:
        if entry.carried_from:
            yield from _carried_file(entry, inbox)
        else:
            yield from _own_file(entry, source)
    except StoreUnavailable:
        raise
    except StoreError as cause:
        raise InputRejected(
            "E527",
            f"'{entry.name}' is there and cannot be read: {cause.message}",
            place=cause.place,
            remedy="Deliver it as a plain file that may be read, and run the batch again.",
        ) from cause


def _own_file(entry: BatchFile, source: ObjectStore) -> Iterator[bytes]:
    try:
        yield from source.stream(entry.name)
    except ArtefactMissing as cause:
        raise InputRejected(
            "E520",
            f"the manifest names '{entry.name}', and there is no such file in the batch",
            place=entry.name,
            remedy="Deliver the file, or deliver a manifest without it.",
        ) from cause


def check_superseded(batch: BatchManifest, inbox: ObjectStore | None) -> None:
    """
    Refuse a correction of a version that never came (E525).

    Where the batch lies in no inbox, nothing is known of other versions and nothing
    is asked.
    """
    if not batch.supersedes or inbox is None:
        return
    key = f"{batch.superseded_id}/{MANIFEST}"
    if key not in inbox.keys(batch.superseded_id):
        raise InputRejected(
            "E525",
            f"the batch supersedes {batch.superseded_id}, which is not in the inbox",
            place=f"{MANIFEST} supersedes",
            remedy="Deliver that version, or name the one that is corrected.",
        )


def replaced_by(entry: BatchFile, batch: BatchManifest, deliver: Deliver) -> tuple[Replaced, ...]:
    """Find the rows of the positions before it that *entry*, an amending file, replaces."""
    own = batch.files.index(entry)
    return replaced_rows(
        [
            DeliveredPositions(entry=file, chunks=partial(deliver, file))
            for file in batch.files[: own + 1]
            if file.dataset == "positions"
        ]
    )


def delivered_rows(
    ids: Sequence[str], failures: Sequence[Failure], batch: BatchManifest, deliver: Deliver
) -> tuple[InputRow, ...]:
    """Find the rows that the accepted positions *ids* were made from, by the batch's failures."""

    def rejected(entry: BatchFile) -> frozenset[int]:
        return frozenset(
            failure.record
            for failure in failures
            if failure.file == entry.name
            and failure.record is not None
            and failure.severity is Severity.ERROR
        )

    files = [
        DeliveredPositions(entry=file, chunks=partial(deliver, file))
        for file in batch.files
        if file.dataset == "positions"
    ]
    return input_rows(files, ids, rejected)


def _carried_file(entry: BatchFile, inbox: ObjectStore | None) -> Iterator[bytes]:
    if inbox is None:
        raise InputRejected(
            "E522",
            f"'{entry.name}' is carried from {entry.carried_batch}, but the batch lies in no inbox",
            place=f"{entry.name} carried_from",
            remedy="Put the batch into its place, INBOX/<date>/<snapshot>/<version>, beside the "
            "batch that it names.",
        )
    try:
        yield from inbox.stream(entry.carried_key)
    except ArtefactMissing as cause:
        raise InputRejected(
            "E521",
            f"'{entry.name}' is carried from {entry.carried_key}, and there is no such file",
            place=f"{entry.name} carried_from",
            remedy="Name the batch that the file itself was delivered with.",
        ) from cause

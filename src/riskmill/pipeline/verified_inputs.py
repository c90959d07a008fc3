"""Verify the delivered files of a run, where they still lie as they were delivered."""

from collections.abc import Iterator

from riskmill.domain import BatchFile, InputRejected, StoreError, StoreUnavailable
from riskmill.ingestion import parse_batch_manifest
from riskmill.pipeline.checks import (
    AS_WRITTEN,
    CHANGED,
    GONE,
    Check,
    Digest,
    compared,
    digest_of,
)
from riskmill.pipeline.deliveries import MANIFEST
from riskmill.pipeline.ports import ObjectStore
from riskmill.pipeline.run_spec import RunSpec

SPEC = "the run spec"


def verify_inputs(
    spec: RunSpec, source: ObjectStore | None, inbox: ObjectStore | None
) -> Iterator[Check]:
    """
    Hold the batch manifest and each file that it names against the run spec.

    A file that is not where it was is `gone`, and so is a whole batch whose place now holds
    another one: to keep deliveries is for the firm to decide.
    """
    other = _another_batch(spec, source)
    if other:
        source = None
    manifest = Digest(sha256=spec.manifest_sha256, size=-1)
    yield _told(compared("input", MANIFEST, manifest, _found(source, MANIFEST), SPEC), other)
    for file in spec.batch.files:
        place, store = (file.carried_key, inbox) if file.carried_from else (file.name, source)
        check = compared("input", place, _digest(file), _found(store, place), SPEC)
        yield _told(check, other)


def _another_batch(spec: RunSpec, source: ObjectStore | None) -> str:
    """Say which batch lies where this one did, if another does."""
    if source is None:
        return ""
    try:
        batch_id = parse_batch_manifest(source.get(MANIFEST)).batch_id
    except (InputRejected, StoreError):
        return ""
    return "" if batch_id == spec.batch.batch_id else f"its directory now holds batch {batch_id}"


def _found(store: ObjectStore | None, key: str) -> Digest | None:
    """Digest of a delivered file; none where it is gone or may not be read."""
    if store is None:
        return None
    try:
        return digest_of(store, key)
    except StoreUnavailable:
        raise
    except StoreError:
        return None


def _told(check: Check, other: str) -> Check:
    if check.outcome in (AS_WRITTEN, CHANGED):
        return check
    return Check(
        kind=check.kind,
        place=check.place,
        outcome=GONE,
        expected=check.expected,
        found="",
        says=check.says,
        remark=other or "not where it was delivered",
    )


def _digest(file: BatchFile) -> Digest:
    return Digest(sha256=file.sha256, size=file.size)

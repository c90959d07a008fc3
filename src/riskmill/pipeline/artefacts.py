"""Task manifests, and how artefacts get in and out of a store."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from riskmill.domain import ArtefactConflict, ArtefactMissing
from riskmill.pipeline.layout import artefact_key, manifest_key, run_prefix
from riskmill.pipeline.ports import ObjectStore

T = TypeVar("T")

TASK_MANIFEST_SCHEMA = "riskmill.task-manifest/1"


@dataclass(frozen=True, kw_only=True, slots=True)
class ArtefactRef:
    """A stored artefact and what its bytes must be."""

    name: str
    """What the artefact is to its task: `positions.parquet`."""
    key: str
    sha256: str
    size: int
    """Bytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskManifest:
    """
    A finished task's artefacts.

    It holds nothing that depends on when, where or how often the task ran, so a
    task done twice has equal manifests.
    """

    schema: str = TASK_MANIFEST_SCHEMA
    run_id: str
    task_id: str
    artefacts: tuple[ArtefactRef, ...]
    published: tuple[ArtefactRef, ...] = ()
    """Objects outside the run's own prefix: reports, quarantine."""

    def artefact(self, name: str) -> ArtefactRef:
        """Return the artefact called *name*; `ArtefactMissing` (E502) where there is none."""
        for ref in self.artefacts:
            if ref.name == name:
                return ref
        raise ArtefactMissing(
            "E502",
            f"task {self.task_id} has no artefact called '{name}'",
            place=manifest_key(self.run_id, self.task_id),
            remedy="The run was written by another version of riskmill: run the batch again.",
        )


def store_outputs(
    store: ObjectStore,
    *,
    run_id: str,
    task_id: str,
    artefacts: Iterable[tuple[str, bytes]],
    published: Mapping[str, bytes],
    kept: Iterable[ArtefactRef] = (),
) -> TaskManifest:
    """
    Store a task's results, each as it comes, and, last of all, its manifest.

    *kept* are artefacts that are stored when they come. Where *artefacts* or *kept* raises
    an error there is no manifest, and nothing of what was stored is ever read.

    Raises `ArtefactConflict` (E501) where something is stored already under one
    of the keys with other bytes: the same work has given another result, and
    nothing is written over.
    """
    manifest = TaskManifest(
        run_id=run_id,
        task_id=task_id,
        artefacts=(
            *(_stored(store, run_id, task_id, *artefact) for artefact in artefacts),
            *kept,
        ),
        published=tuple(
            _reference(key.rpartition("/")[2], key, data) for key, data in published.items()
        ),
    )
    for key, data in published.items():
        put_same(store, key, data)
    put_same(store, manifest_key(run_id, task_id), encode_manifest(manifest))
    return manifest


def _stored(store: ObjectStore, run_id: str, task_id: str, name: str, data: bytes) -> ArtefactRef:
    ref = _reference(name, artefact_key(run_id, task_id, name, _sha256(data)), data)
    put_same(store, ref.key, data)
    return ref


def put_same(store: ObjectStore, key: str, data: bytes) -> None:
    """
    Store *data*, or find exactly it already stored.

    Raises `ArtefactConflict` (E501) where other bytes were there first.
    """
    if store.put_new(key, data) or store.get(key) == data:
        return
    raise ArtefactConflict(
        "E501",
        "the same work gave other bytes than before",
        place=key,
        remedy="Nothing was written over. Compare both runs' code and machine; report it to us.",
    )


def load(store: ObjectStore, ref: ArtefactRef) -> bytes:
    """
    Return an artefact's bytes.

    Raises `ArtefactConflict` (E503) where they are not those its manifest names.
    """
    data = store.get(ref.key)
    if _sha256(data) != ref.sha256:
        raise ArtefactConflict(
            "E503",
            "a stored artefact has been changed since it was written",
            place=ref.key,
            remedy="Keep it if it matters, remove it and the run's directory below runs/, and run "
            "the batch again.",
        )
    return data


def load_manifest(store: ObjectStore, run_id: str, task_id: str) -> TaskManifest:
    """Return a task's manifest; `ArtefactMissing` where the task is not done."""
    return load_record(store, manifest_key(run_id, task_id), TaskManifest)


def load_record(store: ObjectStore, key: str, kind: type[T]) -> T:
    """
    Return the value of type *kind* that is stored as JSON under *key*.

    Raises `ArtefactMissing` where there is none, `ArtefactConflict` (E504) where it has
    been damaged or is something else.
    """
    try:
        return msgspec.json.decode(store.get(key), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as cause:
        raise ArtefactConflict(
            "E504",
            f"a record of riskmill's cannot be read: {cause}",
            place=key,
            remedy="It was damaged, or written by another version. Remove it, or the run's "
            "directory below runs/, and run the batch again.",
        ) from cause


def finished_tasks(store: ObjectStore, run_id: str) -> frozenset[str]:
    """Ids of the tasks that have a manifest."""
    keys = store.keys(f"{run_prefix(run_id)}/tasks")
    return frozenset(key.rpartition("/")[2].removesuffix(".json") for key in keys)


def intact_tasks(store: ObjectStore, run_id: str) -> frozenset[str]:
    """
    Ids of the tasks that have a manifest and whose published objects are all there.

    Raises `ArtefactConflict` (E503) for a published object with other bytes than its
    manifest names: what people may have read is never written over.
    """
    return frozenset(
        task_id for task_id in finished_tasks(store, run_id) if is_intact(store, run_id, task_id)
    )


def is_intact(store: ObjectStore, run_id: str, task_id: str) -> bool:
    """
    Whether a task has a manifest, and all that it published is there.

    Raises `ArtefactConflict` (E503) for a published object with other bytes.
    """
    try:
        manifest = load_manifest(store, run_id, task_id)
    except ArtefactMissing:
        return False
    return all(_stands(store, ref) for ref in manifest.published)


def _stands(store: ObjectStore, ref: ArtefactRef) -> bool:
    try:
        load(store, ref)
    except ArtefactMissing:
        return False
    return True


def encode_manifest(manifest: TaskManifest) -> bytes:
    """JSON of a task manifest, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def _reference(name: str, key: str, data: bytes) -> ArtefactRef:
    return ArtefactRef(name=name, key=key, sha256=_sha256(data), size=len(data))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

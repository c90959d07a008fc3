"""
Signatures: who approved a run, and digests of all that they approved, each chained to the last.

A signature is an immutable object. It names by hash every record and every published
file of the run, the task manifests among them, and through those every artefact.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from riskmill.domain import ArtefactConflict, ArtefactMissing, RunFailed, UsageError
from riskmill.pipeline.artefacts import TaskManifest, load_record
from riskmill.pipeline.layout import (
    attempts_prefix,
    plan_key,
    record_key,
    report_prefix,
    run_prefix,
    signature_key,
    signatures_prefix,
    source_key,
    spec_key,
)
from riskmill.pipeline.ports import ObjectStore
from riskmill.pipeline.run_spec import RunSpec

SIGNATURE_SCHEMA = "riskmill.signature/1"
LONGEST_NAME = 200
LONGEST_COMMENT = 10_000
REPORT_MODEL = "report.json"
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
"""Marks that turn the direction of text: a name with one can read as another name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedObject:
    """An object that a signature vouches for."""

    key: str
    sha256: str
    size: int
    """Bytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """One person's word that a run's report is the one to use."""

    schema: str = SIGNATURE_SCHEMA
    run_id: str
    batch_id: str
    number: int
    """1 for the first of the run."""
    previous: str
    """SHA-256 of the bytes of the signature before; empty for the first."""
    signer: str
    comment: str
    instant: str
    """UTC, ISO 8601 with `Z`, from the clock of the machine that signed."""
    spec_sha256: str
    report_sha256: str
    """Of `report.json`, from which every other format is rendered."""
    sealed: tuple[SealedObject, ...]
    """Records, notes, task manifests and published files of the run, by key."""
    signed_with: str
    """Version of riskmill that wrote the signature."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A signature as it is stored."""

    key: str
    sha256: str
    """Of its bytes: what the next signature calls `previous`."""
    signature: Signature


def encode_signature(signature: Signature) -> bytes:
    """Canonical JSON: keys in code-point order, no blanks, UTF-8."""
    return msgspec.json.encode(signature, order="sorted")


def read_chain(store: ObjectStore, run_id: str) -> tuple[Link, ...]:
    """
    Return the signatures of a run from the first on, up to the first number that is missing.

    They are read, not verified. Raises `ArtefactConflict` (E556) for one that is none.
    """
    return tuple(_links(store, run_id))


def is_signed(store: ObjectStore, run_id: str) -> bool:
    """Whether anything lies where the signatures of a run do."""
    return bool(store.keys(signatures_prefix(run_id)))


def refuse_signed(store: ObjectStore, run_id: str) -> None:
    """Raise `RunFailed` (E554) for a signed run: from now on nothing writes to its files."""
    if is_signed(store, run_id):
        raise RunFailed(
            "E554",
            f"run {run_id} is signed, and files of it are missing: riskmill writes nothing to a "
            "signed run",
            place=run_prefix(run_id),
            remedy=f"See what is missing with: riskmill verify {run_id}; put it back from a copy.",
        )


def append_signature(
    store: ObjectStore,
    spec: RunSpec,
    *,
    signer: str,
    comment: str,
    clock: Callable[[], str],
    signed_with: str,
) -> Link:
    """
    Seal the run of *spec* with a signature behind those that are there.

    *clock* tells the instant. Of several signers at once each gets a number of its own. The
    caller has verified the run. Raises `UsageError`: E550 for a run that is not finished,
    E552 and E553 for a name or comment that cannot be used.
    """
    check_signer(signer)
    check_comment(comment)
    run_id = spec.run_id
    sealed = seal(store, run_id)
    digests = {entry.key: entry.sha256 for entry in sealed}
    while True:
        chain = read_chain(store, run_id)
        signature = Signature(
            run_id=run_id,
            batch_id=spec.batch.batch_id,
            number=len(chain) + 1,
            previous=chain[-1].sha256 if chain else "",
            signer=signer,
            comment=comment,
            instant=clock(),
            spec_sha256=digests[spec_key(run_id)],
            report_sha256=digests[f"{report_prefix(run_id)}/{REPORT_MODEL}"],
            sealed=sealed,
            signed_with=signed_with,
        )
        raw = encode_signature(signature)
        key = signature_key(run_id, signature.number)
        if store.put_new(key, raw):
            return Link(key=key, sha256=_sha256(raw), signature=signature)


def seal(store: ObjectStore, run_id: str) -> tuple[SealedObject, ...]:
    """
    Hash what a signature vouches for, by key; `UsageError` (E550) for an unfinished run.

    These are the spec, the plan and the record of the run, the manifest of each task, what each
    task published, and the notes that decide nothing: where the batch lay, and every attempt.
    """
    try:
        store.get(record_key(run_id))
    except ArtefactMissing as cause:
        raise UsageError(
            "E550",
            f"run {run_id} is not finished, so there is nothing to sign",
            place=cause.place,
            remedy=f"Finish it first: riskmill rerun {run_id}",
        ) from cause
    keys = {*sealed_keys(store, run_id), *note_keys(store, run_id)}
    return tuple(_sealed(store, key) for key in sorted(keys))


def note_keys(store: ObjectStore, run_id: str) -> tuple[str, ...]:
    """Keys of what a run noted and decides nothing: where its batch lay, and each attempt."""
    source = source_key(run_id)
    named = (source,) if source in store.keys(run_prefix(run_id)) else ()
    return (*named, *store.keys(attempts_prefix(run_id)))


def is_note(key: str, run_id: str) -> bool:
    """Whether *key* is that of a note; signatures of earlier versions seal none."""
    return key == source_key(run_id) or key.startswith(f"{attempts_prefix(run_id)}/")


def sealed_keys(store: ObjectStore, run_id: str) -> tuple[str, ...]:
    """Keys of all that every signature of a finished run vouches for, ascending."""
    manifests = store.keys(f"{run_prefix(run_id)}/tasks")
    published = {
        ref.key for key in manifests for ref in load_record(store, key, TaskManifest).published
    }
    records = (spec_key(run_id), plan_key(run_id), record_key(run_id))
    return tuple(sorted({*records, *manifests, *published}))


def check_signer(signer: str) -> None:
    """Refuse a name that nobody could be called by, or that could read as another (E552)."""
    problem = _trouble_with_name(signer)
    if problem:
        raise UsageError(
            "E552",
            f"this name cannot sign: {problem}",
            place="--by",
            remedy=f"Give a name of one line and at most {LONGEST_NAME} characters.",
        )


def check_comment(comment: str) -> None:
    """Refuse a comment that says nothing or is no text (E553); any other is kept as it is."""
    problem = _trouble_with_comment(comment)
    if problem:
        raise UsageError(
            "E553",
            f"this comment cannot be kept: {problem}",
            place="--comment",
            remedy=f"Say what you approve, in at most {LONGEST_COMMENT:,} characters.",
        )


def _trouble_with_name(name: str) -> str:
    if not any(character.isalnum() for character in name):
        return "it has no letter and no digit"
    if name != name.strip():
        return "it begins or ends with a blank"
    if len(name) > LONGEST_NAME:
        return f"it has {len(name):,} characters"
    if _OVERRIDES & set(name):
        return "it holds marks that turn the direction of text"
    unseen = [c for c in name if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    return f"it holds the unseen character U+{ord(unseen[0]):04X}" if unseen else ""


def _trouble_with_comment(comment: str) -> str:
    if not comment.strip():
        return "it is empty"
    if len(comment) > LONGEST_COMMENT:
        return f"it has {len(comment):,} characters"
    odd = [c for c in comment if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]
    return f"it holds the control character U+{ord(odd[0]):04X}" if odd else ""


def _links(store: ObjectStore, run_id: str) -> Iterator[Link]:
    number = 1
    while True:
        key = signature_key(run_id, number)
        try:
            raw = store.get(key)
        except ArtefactMissing:
            return
        yield Link(key=key, sha256=_sha256(raw), signature=_decode(key, raw))
        number += 1


def _decode(key: str, raw: bytes) -> Signature:
    try:
        return msgspec.json.decode(raw, type=Signature)
    except (msgspec.DecodeError, UnicodeDecodeError) as cause:
        raise ArtefactConflict(
            "E556",
            f"a signature cannot be read: {cause}",
            place=key,
            remedy="It was changed since it was given. Put it back from a copy, and look at the "
            f"rest with: riskmill verify {key.split('/')[1]}",
        ) from cause


def _sealed(store: ObjectStore, key: str) -> SealedObject:
    data = store.get(key)
    return SealedObject(key=key, sha256=_sha256(data), size=len(data))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

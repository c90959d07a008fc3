"""Answers to deliveries that never became a run, and what earlier answers say."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from riskmill.domain import ArtefactMissing, InputRejected
from riskmill.pipeline import (
    ACK,
    MANIFEST,
    MISSING,
    REJECT,
    Ack,
    ObjectStore,
    Reject,
    RunSummary,
    answers_prefix,
    decode_ack,
    decode_reject,
    encode_answer,
    load_record,
    put_answer,
    record_key,
    unread_prefix,
)
from riskmill.runtime.stores import ObstoreStore

_REFUSAL = re.compile(r"reject(-[0-9]+)?\.json")


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """An answer that was given before, and where it lies."""

    key: str
    answer: Ack | Reject

    @property
    def final(self) -> bool:
        """Whether nothing that may still arrive changes it."""
        return isinstance(self.answer, Reject) and self.answer.code not in MISSING

    @property
    def refusal(self) -> Reject | None:
        """The answer, where it is a refusal."""
        return self.answer if isinstance(self.answer, Reject) else None


def answer_unread(delivered: ObjectStore, out: Path, refusal: InputRejected) -> None:
    """Answer a manifest that cannot be read, and note where; no manifest gets no answer."""
    try:
        raw = delivered.get(MANIFEST)
    except ArtefactMissing:
        return
    store = ObstoreStore.in_directory(out)
    digest = hashlib.sha256(raw).hexdigest()
    key = refuse(store, unread_prefix(digest), "", digest, refusal)
    refusal.add_note(f"the sender's answer: {out}/{key}")


def refuse(
    store: ObjectStore, prefix: str, batch_id: str, manifest_sha256: str, refusal: InputRejected
) -> str:
    """Store the answer to a delivery that is refused without a run, and say under which key."""
    answer = Reject(
        batch_id=batch_id,
        run_id="",
        manifest_sha256=manifest_sha256,
        code=refusal.code,
        message=refusal.message,
        place=refusal.place,
        remedy=refusal.remedy,
    )
    return put_answer(store, f"{prefix}/{REJECT}", encode_answer(answer))


def refused_prefix(batch_id: str, manifest_sha256: str) -> str:
    """Where a batch is answered whose manifest is readable and is refused without a run."""
    return f"{answers_prefix(batch_id)}/manifest-{manifest_sha256[:12]}"


def answers(store: ObjectStore, batch_id: str, manifest_sha256: str) -> Iterator[Answered]:
    """Give every answer under a batch id, and those to a manifest that could not be read."""
    for prefix in (answers_prefix(batch_id), unread_prefix(manifest_sha256)):
        for key in store.keys(prefix):
            name = key.rpartition("/")[2]
            if name == ACK:
                yield Answered(key=key, answer=decode_ack(store.get(key)))
            elif _REFUSAL.fullmatch(name):
                yield Answered(key=key, answer=decode_reject(store.get(key)))


def outcome_of(store: ObjectStore, run_id: str) -> RunSummary | None:
    """Return how a run ended; none where it has no record, which is written last of all."""
    try:
        return load_record(store, record_key(run_id), RunSummary)
    except ArtefactMissing:
        return None

"""
What to do about the files that have landed in an inbox: decided as data, carried out elsewhere.

Pure: decisions follow from a listing, the manifests in it, what was settled before
and an instant. Arrivals may come in any order and more than once; the same files end
in the same runs.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime

from riskmill.domain import BatchFile, BatchManifest, InputRejected
from riskmill.ingestion import dataset_of
from riskmill.pipeline.deliveries import MANIFEST

SETTLING_SECONDS = 60.0
"""For so long a file that is shorter than announced may still be on its way."""
FOLDER_MARKERS = ("/", "_$folder$")
_SNAPSHOT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]{0,31}")
_VERSION = re.compile(r"v(?!0+$)[0-9]{3,6}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Landed:
    """An object in the inbox, as a listing or an event tells of it."""

    key: str
    """`2018-12-31/EOD/v001/positions.csv`."""
    size: int
    """Bytes."""
    instant: datetime
    """When it was last written, UTC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundManifest:
    """A batch manifest in the inbox: what it says, or why it says nothing."""

    sha256: str
    """Of its bytes."""
    content: BatchManifest | InputRejected


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """What earlier decisions came to; all but `staged` by the hash of the manifest."""

    finished: Set[str] = frozenset()
    """Manifests whose run has ended."""
    refused: Set[str] = frozenset()
    """Manifests that were answered with a refusal that nothing which arrives can lift."""
    answered: Mapping[str, Set[str]] = field(default_factory=dict)
    """Batch id to the manifests that were ever answered under it."""
    staged: Set[str] = frozenset()
    """Keys of files that were checked as they are, before their manifest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StageEarly:
    """Check a file now, though no manifest names it yet."""

    batch_id: str
    key: str
    age_seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """Every file of the batch is there: run it, or finish its run."""

    batch_id: str
    manifest_sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """The batch is open: its manifest is there, and something that it names is not."""

    batch_id: str
    missing: tuple[str, ...]
    """Names of its own files, and keys of what other batches must hold."""
    cut_off: str
    """Instant until which it may come; empty for ever."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refuse:
    """The batch cannot be used; its sender gets this answer."""

    batch_id: str
    manifest_sha256: str
    refusal: InputRejected


@dataclass(frozen=True, kw_only=True, slots=True)
class Ignore:
    """Nothing is to be done about an object."""

    key: str
    reason: str
    batch_id: str = ""
    """Batch that it belongs to; empty where its key names none."""
    age_seconds: float = 0.0


Decision = Refuse | Run | Wait | StageEarly | Ignore

DONE, REFUSED = "already done", "already refused"
EARLY = "checked; waits for its manifest"


def decide(
    landed: Iterable[Landed],
    manifests: Mapping[str, FoundManifest],
    settled: Settled,
    now: datetime,
    settling_seconds: float = SETTLING_SECONDS,
) -> tuple[Decision, ...]:
    """
    Say what is to be done about everything that has *landed* by the instant *now*.

    *manifests* are those of the listing, by the batch id that their key names. A file that is
    shorter than announced counts as there once it is *settling_seconds* old: in a bucket, where
    an object is whole or absent, that is at once. Batches
    come first, earlier dates and versions before later ones, so that a correction runs
    behind what it corrects; then single objects by key.
    """
    objects, again = _latest(landed)
    outside = [ignored for entry in objects.values() if (ignored := _ignored(entry))]
    inside = {key: objects[key] for key in objects.keys() - {gone.key for gone in outside}}
    batches: list[Decision] = []
    others: list[StageEarly | Ignore] = [*outside, *again]
    for batch_id in sorted({_batch_of(key) for key in inside}, key=batch_order):
        files = [entry for key, entry in sorted(inside.items()) if _batch_of(key) == batch_id]
        found = manifests.get(batch_id)
        if found is None:
            others += [_early(entry, batch_id, settled, now) for entry in files]
            continue
        decision = _about(batch_id, found, inside, settled, now, settling_seconds)
        if isinstance(decision, Ignore):
            others.append(decision)
        else:
            batches.append(decision)
        others += _unnamed(batch_id, found, files, now)
    return (*batches, *sorted(others, key=lambda one: (one.key, isinstance(one, Ignore))))


def batch_order(batch_id: str) -> tuple[str, str, int]:
    """Order of batches: by date, snapshot, then number of the version."""
    day, snapshot, version = batch_id.split("/")
    return day, snapshot, int(version.removeprefix("v"))


def in_inbox(key: str) -> bool:
    """Whether a key is that of a batch's file: `<date>/<snapshot>/<version>/<name>`."""
    segments = key.split("/")
    return len(segments) == 4 and all(
        (_is_day(segments[0]), _SNAPSHOT.fullmatch(segments[1]), _VERSION.fullmatch(segments[2]))
    )


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _latest(landed: Iterable[Landed]) -> tuple[dict[str, Landed], list[Ignore]]:
    """The newest state of each key, and a word on every event that told of it again."""
    newest: dict[str, Landed] = {}
    again = []
    for entry in landed:
        known = newest.get(entry.key)
        if known is not None:
            again.append(Ignore(key=entry.key, reason="told of more than once"))
        if known is None or (known.instant, known.size) < (entry.instant, entry.size):
            newest[entry.key] = entry
    return newest, again


def _ignored(entry: Landed) -> Ignore | None:
    if entry.key.endswith(FOLDER_MARKERS):
        return Ignore(key=entry.key, reason="marks a folder")
    if any(segment.startswith(".") for segment in entry.key.split("/")):
        return Ignore(key=entry.key, reason="hidden")
    if not in_inbox(entry.key):
        return Ignore(key=entry.key, reason="not at <date>/<snapshot>/<version>/<name>")
    return None


def _about(
    batch_id: str,
    found: FoundManifest,
    inside: Mapping[str, Landed],
    settled: Settled,
    now: datetime,
    settling: float,
) -> Refuse | Run | Wait | Ignore:
    """Decide about a batch whose manifest is there."""
    key = f"{batch_id}/{MANIFEST}"
    if found.sha256 in settled.finished:
        return Ignore(key=key, reason=DONE, batch_id=batch_id)
    if found.sha256 in settled.refused:
        return Ignore(key=key, reason=REFUSED, batch_id=batch_id)
    manifest = found.content
    if isinstance(manifest, InputRejected):
        return Refuse(batch_id=batch_id, manifest_sha256=found.sha256, refusal=manifest)
    missing = _missing(manifest, inside, now, settling)
    refusal = (
        _misplaced(batch_id, manifest)
        or _written_over(batch_id, found, settled)
        or _too_late(manifest, missing, now)
    )
    if refusal:
        return Refuse(batch_id=batch_id, manifest_sha256=found.sha256, refusal=refusal)
    if missing:
        return Wait(batch_id=batch_id, missing=missing, cut_off=manifest.policy.cut_off)
    return Run(batch_id=batch_id, manifest_sha256=found.sha256)


def _misplaced(batch_id: str, manifest: BatchManifest) -> InputRejected | None:
    if manifest.batch_id == batch_id:
        return None
    return InputRejected(
        "E526",
        f"the manifest is that of batch {manifest.batch_id}, and lies at {batch_id}",
        place=f"{batch_id}/{MANIFEST}",
        remedy="Put the batch where its manifest says, or correct the manifest.",
    )


def _written_over(batch_id: str, found: FoundManifest, settled: Settled) -> InputRejected | None:
    if settled.answered.get(batch_id, frozenset()) - {found.sha256}:
        return InputRejected(
            "E524",
            f"batch {batch_id} was answered before under another manifest",
            place=f"{batch_id}/{MANIFEST}",
            remedy="Deliver a correction as the next version, with supersedes; nothing is ever "
            "written over.",
        )
    return None


def _too_late(
    manifest: BatchManifest, missing: Sequence[str], now: datetime
) -> InputRejected | None:
    cut_off = manifest.policy.cut_off
    if not missing or not cut_off or now < datetime.fromisoformat(cut_off):
        return None
    return InputRejected(
        "E523",
        f"at the cut-off {cut_off} the batch still lacks {', '.join(missing)}",
        place=manifest.batch_id,
        remedy="Deliver the next version with supersedes, all of its files there, or carry a "
        "named earlier file forward with carried_from.",
    )


def _missing(
    manifest: BatchManifest, inside: Mapping[str, Landed], now: datetime, settling: float
) -> tuple[str, ...]:
    superseded = f"{manifest.superseded_id}/{MANIFEST}"
    gone = [superseded] if manifest.supersedes and superseded not in inside else []
    for file in manifest.files:
        if file.carried_from:
            gone += [] if file.carried_key in inside else [file.carried_key]
        elif not _arrived(file, inside.get(f"{manifest.batch_id}/{file.name}"), now, settling):
            gone.append(file.name)
    return tuple(gone)


def _arrived(file: BatchFile, entry: Landed | None, now: datetime, settling: float) -> bool:
    if entry is None:
        return False
    return entry.size >= file.size or _age(entry, now) >= settling


def _early(entry: Landed, batch_id: str, settled: Settled, now: datetime) -> StageEarly | Ignore:
    """Decide about a file without a manifest."""
    name, age = entry.key.rpartition("/")[2], _age(entry, now)
    reason = ""
    if entry.key in settled.staged:
        reason = EARLY
    elif not _names_a_dataset(name):
        reason = "its name says no dataset; waits for its manifest"
    if reason:
        return Ignore(key=entry.key, reason=reason, batch_id=batch_id, age_seconds=age)
    return StageEarly(batch_id=batch_id, key=entry.key, age_seconds=age)


def _names_a_dataset(name: str) -> bool:
    try:
        return bool(dataset_of(name))
    except InputRejected:
        return False


def _unnamed(
    batch_id: str, found: FoundManifest, files: Iterable[Landed], now: datetime
) -> Iterator[Ignore]:
    if isinstance(found.content, InputRejected):
        return
    named = {file.name for file in found.content.files if not file.carried_from} | {MANIFEST}
    for entry in files:
        if entry.key.rpartition("/")[2] not in named:
            yield Ignore(
                key=entry.key,
                reason="not named by its manifest",
                batch_id=batch_id,
                age_seconds=_age(entry, now),
            )


def _batch_of(key: str) -> str:
    return key.rpartition("/")[0]


def _age(entry: Landed, now: datetime) -> float:
    return max(0.0, (now - entry.instant).total_seconds())

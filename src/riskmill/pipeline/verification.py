"""Verify a run: hash everything again, from the delivered files to the last signature."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import msgspec

from riskmill.pipeline.artefacts import TASK_MANIFEST_SCHEMA, ArtefactRef, TaskManifest
from riskmill.pipeline.checks import (
    MISSING,
    UNEXPECTED,
    Check,
    Digest,
    Evidence,
    as_lines,
    as_one_line,
    fault_of_form,
    stated,
    unlisted,
    unreadable,
)
from riskmill.pipeline.earlier import AGAIN, AGED, FRESH
from riskmill.pipeline.layout import (
    SIGNATURE_MODEL,
    SIGNATURE_PAGE,
    artefact_key,
    manifest_key,
    plan_key,
    record_key,
    report_prefix,
    run_prefix,
    source_key,
    spec_key,
)
from riskmill.pipeline.plan import OTHER_FORMS, PLAN_SCHEMA, Plan
from riskmill.pipeline.ports import ObjectStore
from riskmill.pipeline.reuse import SEGMENT
from riskmill.pipeline.run_spec import RunSpec, decode_spec
from riskmill.pipeline.verified_inputs import verify_inputs
from riskmill.pipeline.verified_signatures import verify_signatures

SUMMARY = "summary.json"
"""Artefact whose bytes the record of the run repeats."""
_VALUED = re.compile(r"valued/[0-9a-f]{64}/(?P<sha256>[0-9a-f]{64})\.msgpack")


@dataclass(frozen=True, kw_only=True, slots=True)
class Verification:
    """Everything that was looked at, and whether all of it is as it was written."""

    run_id: str
    batch_id: str
    """Empty where the spec cannot be read."""
    checks: tuple[Check, ...]
    signatures: int
    head: str
    """SHA-256 of the last signature: who kept it elsewhere can tell whether one was taken away;
    empty for a run that nobody signed."""

    @property
    def faults(self) -> tuple[Check, ...]:
        """What is not as it was written."""
        return tuple(check for check in self.checks if check.faulty)


def verify(
    store: ObjectStore,
    run_id: str,
    source: ObjectStore | None = None,
    inbox: ObjectStore | None = None,
    *,
    head: str = "",
) -> Verification:
    """
    Hold every object of a run against the records that name its hash, and these against others.

    *source* and *inbox* are where the batch was delivered; what is not there any more is told
    and is no fault. *head* is what the last signature must be, where somebody kept its hash.
    Nothing is written, and nothing that is wrong is raised: it is among the checks.
    """
    evidence = Evidence(store)
    manifests = dict(_manifests(evidence, run_id))
    found = {key: read for key, read in manifests.items() if isinstance(read, TaskManifest)}
    spec, *checks = _spec(evidence, run_id)
    signed = verify_signatures(evidence, run_id, head)
    every = [
        *_place_of_batch(evidence, run_id),
        *(verify_inputs(spec, source, inbox) if isinstance(spec, RunSpec) else ()),
        *(check for check in (spec, *checks) if isinstance(check, Check)),
        *_plan(evidence, run_id, spec if isinstance(spec, RunSpec) else None, set(manifests)),
        *_record(evidence, run_id, found),
        *(check for check in manifests.values() if isinstance(check, Check)),
        *(check for key, read in found.items() for check in _task(evidence, run_id, key, read)),
        *signed.checks,
        *_strangers(store, run_id, found),
    ]
    return Verification(
        run_id=run_id,
        batch_id=spec.batch.batch_id if isinstance(spec, RunSpec) else "",
        checks=tuple(every),
        signatures=signed.count,
        head=signed.head,
    )


def _spec(evidence: Evidence, run_id: str) -> Iterator[RunSpec | Check]:
    """The spec where it can be read, and what its hash says: the run id is made of it."""
    key = spec_key(run_id)
    raw, digest = evidence.raw(key), evidence.digest(key)
    says = "the run id, which ends with the first twelve digits of the spec's hash"
    if raw is None or digest is None:
        yield _lost("record", key, says)
        return
    try:
        yield decode_spec(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as cause:
        yield unreadable("record", key, says, cause)
    yield replace(stated("record", key, run_id[11:], digest.sha256[:12], says), found=digest.sha256)


def _place_of_batch(evidence: Evidence, run_id: str) -> Iterator[Check]:
    """The note of where the batch lay: without it no delivered file can be found and hashed."""
    key, says = source_key(run_id), "its own form: no hash holds it before somebody signs"
    raw = evidence.raw(key)
    if raw is None:
        lost = _lost("input", key, "every run, which notes where its batch lay")
        yield replace(lost, remark="name the directory of the batch with --source")
        return
    try:
        place = msgspec.json.decode(raw, type=str)
    except (msgspec.DecodeError, UnicodeDecodeError) as cause:
        yield unreadable("input", key, says, cause)
        return
    yield stated("input", key, place, place, says)


def _plan(
    evidence: Evidence, run_id: str, spec: RunSpec | None, manifests: set[str]
) -> Iterator[Check]:
    """The plan against its own form, the spec and the task manifests that there are."""
    key, says = plan_key(run_id), "its own form, the spec and the task manifests"
    raw = evidence.raw(key)
    if raw is None:
        yield _lost("record", key, says)
        return
    try:
        laid_out = msgspec.json.decode(raw, type=Plan)
    except (msgspec.DecodeError, UnicodeDecodeError) as cause:
        yield unreadable("record", key, says, cause)
        return
    odd = "; ".join(_oddities(laid_out, raw, run_id, spec))
    yield stated("record", key, "a plan of this run", odd or "a plan of this run", says)
    planned = {manifest_key(run_id, task.task_id) for task in laid_out.tasks()}
    for lost in sorted(planned - manifests):
        yield _lost("task", lost, key)
    for stray in sorted(manifests - planned):
        yield Check(
            kind="task",
            place=stray,
            outcome=UNEXPECTED,
            expected="no such task",
            found="a task manifest",
            says=key,
        )


STEMS = (SEGMENT, AGAIN, AGED, FRESH)
"""Names of valued segments, but for their numbers."""
WITH_SUBJECTS = (("ingestion", "file"), ("reporting", "forms"))
"""Waves whose tasks each have a subject of their own."""


def _oddities(laid_out: Plan, raw: bytes, run_id: str, spec: RunSpec | None) -> Iterator[str]:
    if form := fault_of_form(raw, laid_out, lambda encoded: as_one_line(encoded) + b"\n"):
        yield form
    if (laid_out.schema, laid_out.run_id) != (PLAN_SCHEMA, run_id):
        yield f"it is a {laid_out.schema} of {laid_out.run_id}"
    if laid_out.partitions != len(laid_out.of_wave("risk", "value")):
        yield f"it counts {laid_out.partitions} partitions"
    if any(
        (task.stage, task.wave) != (w.stage, w.name) for w in laid_out.waves for task in w.tasks
    ):
        yield "it has a task in the wave of another"
    places = [(task.index, task.of) for wave in laid_out.waves for task in wave.tasks]
    if places != [(n, len(w.tasks)) for w in laid_out.waves for n in range(len(w.tasks))]:
        yield "its tasks are not counted through"
    subjects = [task.subject for task in laid_out.of_wave("ingestion", "file")]
    if spec and subjects != [file.name for file in spec.batch.files]:
        yield "its files are not those of the batch"
    forms = tuple(task.subject for task in laid_out.of_wave("reporting", "forms"))
    if forms != tuple(form for form in OTHER_FORMS if form in forms):
        yield "its forms are not those of a report"
    if any(t.subject for t in laid_out.tasks() if (t.stage, t.wave) not in WITH_SUBJECTS):
        yield "it has a subject where there is none"


def _record(
    evidence: Evidence, run_id: str, manifests: Mapping[str, TaskManifest]
) -> Iterator[Check]:
    """The record of the run against the summary that the reporting task made."""
    key = record_key(run_id)
    summaries = [
        (place, ref)
        for place, manifest in manifests.items()
        for ref in manifest.artefacts
        if ref.name == SUMMARY
    ]
    for place, ref in summaries:
        yield evidence.check("record", key, _digest(ref), place)
    if not summaries:
        yield _lost("record", key, "the summary of the reporting task, which is missing too")


def _manifests(evidence: Evidence, run_id: str) -> Iterator[tuple[str, TaskManifest | Check]]:
    """Each task manifest that is there, or why it cannot be read."""
    for key in evidence.store.keys(f"{run_prefix(run_id)}/tasks"):
        raw = evidence.raw(key) or b""
        try:
            yield key, msgspec.json.decode(raw, type=TaskManifest)
        except (msgspec.DecodeError, UnicodeDecodeError) as cause:
            yield key, unreadable("task", key, "its own form", cause)


def _task(evidence: Evidence, run_id: str, key: str, manifest: TaskManifest) -> Iterator[Check]:
    """A task manifest against its own form, and what it names against the hashes in it."""
    odd = "; ".join(_faults_of_form(evidence, run_id, key, manifest))
    expected = f"the manifest of {key.rpartition('/')[2].removesuffix('.json')}"
    yield stated("task", key, expected, odd or expected, "its own form and place")
    for ref in manifest.artefacts:
        yield evidence.check("artefact", ref.key, _digest(ref), key)
    for ref in manifest.published:
        yield evidence.check("published", ref.key, _digest(ref), key)


def _faults_of_form(
    evidence: Evidence, run_id: str, key: str, manifest: TaskManifest
) -> Iterator[str]:
    if form := fault_of_form(evidence.raw(key) or b"", manifest, as_lines):
        yield form
    if key != manifest_key(manifest.run_id, manifest.task_id) or manifest.run_id != run_id:
        yield f"it is that of task {manifest.task_id} of run {manifest.run_id}"
    if manifest.schema != TASK_MANIFEST_SCHEMA:
        yield f"its schema is {manifest.schema}"
    segments: Counter[str] = Counter()
    for ref in manifest.artefacts:
        kept = _VALUED.fullmatch(ref.key)
        stem = ref.name.rpartition("-")[0]
        segments[stem] += bool(kept)
        fits = (
            stem in STEMS
            and (kept["sha256"], f"{stem}-{segments[stem]:05d}") == (ref.sha256, ref.name)
            if kept
            else ref.key == artefact_key(run_id, manifest.task_id, ref.name, ref.sha256)
        )
        if not fits:
            yield f"name, key and hash of its artefact {ref.name} do not fit"
    for ref in manifest.published:
        if ref.key.rpartition("/")[2] != ref.name.rpartition("/")[2]:
            yield f"it calls {ref.key} {ref.name}"


def _strangers(
    store: ObjectStore, run_id: str, manifests: Mapping[str, TaskManifest]
) -> Iterator[Check]:
    """Files beside the report that no task published."""
    prefix = report_prefix(run_id)
    pages = {f"{prefix}/{name}" for name in (SIGNATURE_PAGE, SIGNATURE_MODEL)}
    known = {ref.key for manifest in manifests.values() for ref in manifest.published}
    yield from unlisted(store.keys(prefix), known | pages, "the task manifests")


def _digest(ref: ArtefactRef) -> Digest:
    return Digest(sha256=ref.sha256, size=ref.size)


def _lost(kind: str, key: str, says: str) -> Check:
    return Check(kind=kind, place=key, outcome=MISSING, expected="to be there", found="", says=says)

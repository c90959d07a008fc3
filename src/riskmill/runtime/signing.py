"""Sign a run on this machine, and verify one."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from riskmill.domain import ArtefactConflict, StoreError, UsageError
from riskmill.pipeline import (
    BEHIND,
    SIGNATURE_MODEL,
    Check,
    ObjectStore,
    Verification,
    append_signature,
    check_comment,
    check_signer,
    load_record,
    run_prefix,
    source_key,
    verify,
)
from riskmill.runtime.delivery import open_inbox, open_source
from riskmill.runtime.pages import refresh_pages
from riskmill.runtime.runs import open_runs, read_spec
from riskmill.runtime.stores import ObstoreStore
from riskmill.runtime.wiring import code_version


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """A signature that was just given."""

    run_id: str
    number: int
    signer: str
    instant: str
    report_sha256: str
    head: str
    """SHA-256 of the signature: to be kept elsewhere."""
    signature: Path
    page: Path
    """The page that says so, beside the report."""


def sign_run(out: Path, run_id: str, *, signer: str, comment: str) -> Signed:
    """
    Sign a finished run below *out*: first everything that the signature covers is verified.

    Raises `UsageError` for a run that is not there (E612) or not finished (E550) and for a
    name (E552) or comment (E553) that cannot be used, and `ArtefactConflict` (E551) where
    something of the run is not as it was written.
    """
    check_signer(signer)
    check_comment(comment)
    store = _open(out, run_id)
    spec = read_spec(store, run_id)
    _refuse_faulty(verify(store, run_id))
    link = append_signature(
        store,
        spec,
        signer=signer,
        comment=comment,
        clock=_instant,
        signed_with=code_version(),
    )
    page = refresh_pages(out, run_id)
    signature = link.signature
    return Signed(
        run_id=run_id,
        number=signature.number,
        signer=signature.signer,
        instant=signature.instant,
        report_sha256=signature.report_sha256,
        head=link.sha256,
        signature=out / link.key,
        page=page,
    )


def verify_run(
    out: Path, run_id: str, *, head: str = "", source: Path | None = None
) -> Verification:
    """
    Verify a run below *out*, its delivered files where they still lie; nothing is written.

    *head* is the hash of its last signature, where somebody kept it, and *source* the directory
    that its batch now lies in, where that is another than it was. `UsageError` (E612) where
    nothing of such a run is there, or *source* is no directory (E608).
    """
    store = _open(out, run_id)
    delivered, inbox = _delivered_to(store, run_id, source) if source else _delivered(store, run_id)
    return verify(store, run_id, delivered, inbox, head=head)


def _open(out: Path, run_id: str) -> ObstoreStore:
    """Open the store of a run of which at least something is there."""
    open_runs(out, run_id)
    store = ObstoreStore.in_directory(out)
    if run_id in store.folders("runs"):
        return store
    raise UsageError(
        "E612",
        f"there is no run '{run_id}'",
        place=f"{out}/{run_prefix(run_id)}",
        remedy="List the runs with: riskmill status --out DIR",
    )


def _delivered(store: ObjectStore, run_id: str) -> tuple[ObjectStore | None, ObjectStore | None]:
    """Where the batch of a run was read from, and its inbox; none where that is gone."""
    try:
        source = Path(load_record(store, source_key(run_id), str))
        return _delivered_to(store, run_id, source)
    except (UsageError, StoreError, ArtefactConflict, ValueError):
        return None, None


def _delivered_to(
    store: ObjectStore, run_id: str, source: Path
) -> tuple[ObjectStore, ObjectStore | None]:
    delivered = open_source(source)
    try:
        return delivered, open_inbox(source, read_spec(store, run_id).batch)
    except (UsageError, ArtefactConflict):
        return delivered, None


def _refuse_faulty(found: Verification) -> None:
    unfinished = f"{run_prefix(found.run_id)}/run.json"
    faults = [fault for fault in found.faults if _weighs(fault)]
    if not faults or any((f.place, f.outcome) == (unfinished, "missing") for f in faults):
        return
    raise ArtefactConflict(
        "E551",
        f"the run is not as it was written, so nobody may sign it: {_sentence(faults[0])}",
        place=faults[0].place,
        remedy=f"Look at all of it with: riskmill verify {found.run_id}",
    )


def _weighs(fault: Check) -> bool:
    """
    Whether a fault keeps people from signing.

    Inputs do not: the spec holds their hashes. Nor does a page that is to be made anew, which
    it is after each signature; one that tells another story than the signatures does.
    """
    if fault.kind == "page":
        anew = fault.found == BEHIND or fault.outcome == "missing"
        return not anew and fault.place.endswith(SIGNATURE_MODEL)
    return fault.kind != "input"


def _sentence(fault: Check) -> str:
    return f"{fault.outcome}, {fault.says} says {fault.expected}, found {fault.found or 'nothing'}"


def _instant() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

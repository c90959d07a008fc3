"""The pages beside a report that say whether it is signed; the report itself never changes."""

import hashlib
from dataclasses import replace

import msgspec

from riskmill.domain import ArtefactConflict, ArtefactMissing
from riskmill.pipeline.artefacts import TaskManifest, load_record
from riskmill.pipeline.attempted import attempts_of, failed_tries, tried_waves
from riskmill.pipeline.layout import (
    SIGNATURE_MODEL,
    SIGNATURE_PAGE,
    report_prefix,
    run_prefix,
    spec_key,
)
from riskmill.pipeline.ports import ObjectStore, PageStore
from riskmill.pipeline.run_spec import RunSpec
from riskmill.pipeline.signatures import Link, read_chain
from riskmill.reporting import (
    FileHash,
    SignatureLine,
    SignatureStatement,
    render_signature_html,
    render_signature_json,
    sign_statement,
)


def write_signature_pages(store: PageStore, run_id: str) -> None:
    """
    Write what the signatures of a finished run say beside its report, page and model.

    Raises `ArtefactConflict` (E551) where the model tells of a signature that is not there any
    more: both stay as they are, for else the last trace of it would be gone.
    """
    prefix = report_prefix(run_id)
    _check_none_gone(store, run_id)

    def page() -> bytes:
        return render_signature_html(statement_of(store, run_id))

    def model() -> bytes:
        statement = statement_of(store, run_id)
        digest = hashlib.sha256(render_signature_html(statement)).hexdigest()
        return render_signature_json(replace(statement, page_sha256=digest))

    store.rewrite(f"{prefix}/{SIGNATURE_PAGE}", page)
    store.rewrite(f"{prefix}/{SIGNATURE_MODEL}", model)


def _check_none_gone(store: ObjectStore, run_id: str) -> None:
    key = f"{report_prefix(run_id)}/{SIGNATURE_MODEL}"
    try:
        told = msgspec.json.decode(store.get(key), type=SignatureStatement).signatures
    except (ArtefactMissing, msgspec.MsgspecError):
        return
    kept = {link.sha256 for link in read_chain(store, run_id)}
    gone = [line for line in told if line.sha256 not in kept]
    if gone:
        raise ArtefactConflict(
            "E551",
            f"{len(gone)} signatures that were given are not there any more, "
            f"the first of them number {gone[0].number}",
            place=key,
            remedy="Put them back from a copy; riskmill verify says what else is wrong.",
        )


def statement_of(store: ObjectStore, run_id: str) -> SignatureStatement:
    """Say what the signatures of a run amount to now; raises what reading its records does."""
    spec = load_record(store, spec_key(run_id), RunSpec)
    attempts = attempts_of(store, run_id)
    return sign_statement(
        run_id=run_id,
        batch_id=spec.batch.batch_id,
        business_date=spec.batch.business_date,
        code_version=spec.code_version,
        files=_report_files(store, run_id),
        signatures=tuple(_line(link) for link in read_chain(store, run_id)),
        waves=tried_waves(attempts),
        failed=failed_tries(attempts),
    )


def _line(link: Link) -> SignatureLine:
    signature = link.signature
    return SignatureLine(
        number=signature.number,
        signer=signature.signer,
        comment=signature.comment,
        instant=signature.instant,
        report_sha256=signature.report_sha256,
        previous=signature.previous,
        sha256=link.sha256,
    )


def _report_files(store: ObjectStore, run_id: str) -> tuple[FileHash, ...]:
    """Files of the report, by name; none where the reporting task has no manifest."""
    prefix = report_prefix(run_id) + "/"
    found = []
    for key in store.keys(f"{run_prefix(run_id)}/tasks"):
        try:
            manifest = load_record(store, key, TaskManifest)
        except ArtefactMissing:
            continue
        found += [ref for ref in manifest.published if ref.key.startswith(prefix)]
    return tuple(
        FileHash(name=ref.key.removeprefix(prefix), sha256=ref.sha256, size=ref.size)
        for ref in sorted(found, key=lambda ref: ref.key)
    )

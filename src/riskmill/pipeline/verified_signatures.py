"""Verify the signatures of a run: their chain, all that they vouch for, and the pages of them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec

from riskmill.domain import RiskmillError
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
    unreadable,
)
from riskmill.pipeline.layout import (
    SIGNATURE_MODEL,
    SIGNATURE_PAGE,
    report_prefix,
    signature_key,
    signatures_prefix,
    spec_key,
)
from riskmill.pipeline.signature_pages import statement_of
from riskmill.pipeline.signatures import (
    REPORT_MODEL,
    SIGNATURE_SCHEMA,
    Signature,
    is_note,
    note_keys,
    sealed_keys,
)
from riskmill.reporting import SignatureStatement

CHAIN = "the signatures of the run"
PAGE = "the state after the last signature"
BEHIND = "the state after an earlier signature"
LINK = "a signature that follows the one before it"


@dataclass(frozen=True, kw_only=True, slots=True)
class VerifiedSignatures:
    """What was found of the signatures."""

    checks: tuple[Check, ...]
    count: int
    head: str
    """SHA-256 of the last of them; empty where there is none."""


def verify_signatures(evidence: Evidence, run_id: str, head: str) -> VerifiedSignatures:
    """Verify each signature against the one before it, then what each of them vouches for."""
    keys = evidence.store.keys(signatures_prefix(run_id))
    wanted = tuple(signature_key(run_id, number) for number in range(1, len(keys) + 1))
    checks = list(_places(keys, wanted))
    previous, last = "", ""
    for number, key in enumerate(sorted(set(wanted) & set(keys)), start=1):
        raw = evidence.raw(key) or b""
        last = hashlib.sha256(raw).hexdigest()
        checks += _signature(evidence, run_id, key, raw, number, previous)
        previous = last
    if head:
        checks.append(_head(run_id, head, last))
    checks += _pages(evidence, run_id, len(keys))
    return VerifiedSignatures(checks=tuple(checks), count=len(keys), head=last)


def _places(keys: tuple[str, ...], wanted: tuple[str, ...]) -> Iterator[Check]:
    """Numbers that are missing in the chain, and objects that are no link of it."""
    for key in sorted(set(wanted) - set(keys)):
        yield Check(
            kind="signature",
            place=key,
            outcome=MISSING,
            expected="to be there, for others follow",
            found="",
            says="the numbers of the signatures",
        )
    for key in sorted(set(keys) - set(wanted)):
        yield Check(
            kind="signature",
            place=key,
            outcome=UNEXPECTED,
            expected="nothing",
            found="an object that is not the next signature",
            says="the numbers of the signatures",
        )


def _signature(
    evidence: Evidence, run_id: str, key: str, raw: bytes, number: int, previous: str
) -> Iterator[Check]:
    try:
        signature = msgspec.json.decode(raw, type=Signature)
    except (msgspec.DecodeError, UnicodeDecodeError) as cause:
        yield unreadable("signature", key, "its own form", cause)
        return
    odd = "; ".join(_oddities(evidence, run_id, raw, signature, number, previous))
    yield stated("signature", key, LINK, odd or LINK, "its own form and the one before it")
    for sealed in signature.sealed:
        digest = Digest(sha256=sealed.sha256, size=sealed.size)
        yield evidence.check("sealed", sealed.key, digest, key)


def _oddities(
    evidence: Evidence, run_id: str, raw: bytes, signature: Signature, number: int, previous: str
) -> Iterator[str]:
    if form := fault_of_form(raw, signature, as_one_line):
        yield form
    if signature.schema != SIGNATURE_SCHEMA:
        yield f"its schema is {signature.schema}"
    if signature.run_id != run_id:
        yield f"it is of run {signature.run_id}"
    if signature.number != number:
        yield f"it is number {signature.number}, and stands in place {number}"
    if signature.previous != previous:
        yield (
            f"it follows {signature.previous or 'no other'}, and the one before it is "
            f"{previous or 'none'}"
        )
    digests = {entry.key: entry.sha256 for entry in signature.sealed}
    report = f"{report_prefix(run_id)}/{REPORT_MODEL}"
    if signature.spec_sha256 != digests.get(spec_key(run_id)):
        yield "its hash of the spec is not the one that it seals"
    if signature.report_sha256 != digests.get(report):
        yield "its hash of the report is not the one that it seals"
    try:
        unsealed = sorted(_unfit(evidence, run_id, set(digests)))
    except RiskmillError as cause:
        yield f"what it must seal cannot be read: {cause.message}"
        return
    if unsealed:
        yield f"it does not seal exactly what belongs to the run: {unsealed[0]}"


def _unfit(evidence: Evidence, run_id: str, sealed: set[str]) -> set[str]:
    """What is sealed and is no part of the run, and what is part of it and is not sealed."""
    notes = {key for key in sealed if is_note(key, run_id)}
    due = set(sealed_keys(evidence.store, run_id))
    later = set(note_keys(evidence.store, run_id)) - notes if notes else set[str]()
    return (due ^ (sealed - notes)) | later


def _head(run_id: str, expected: str, found: str) -> Check:
    return stated(
        "signature",
        signatures_prefix(run_id),
        expected.lower(),
        found,
        "the hash of the last signature that was kept elsewhere",
        remark="" if expected.lower() == found else "a signature was added, changed or taken away",
    )


def _pages(evidence: Evidence, run_id: str, count: int) -> Iterator[Check]:
    """The pages beside the report against the chain; an unsigned run may have none."""
    key = f"{report_prefix(run_id)}/{SIGNATURE_MODEL}"
    raw = evidence.raw(key)
    if raw is None:
        if count:
            yield _lost(key)
        return
    try:
        page = msgspec.json.decode(raw, type=SignatureStatement)
    except (msgspec.DecodeError, UnicodeDecodeError) as cause:
        yield unreadable("page", key, CHAIN, cause)
        return
    odd = fault_of_form(raw, page, as_lines) or _unlike_chain(evidence, run_id, page)
    remark = "riskmill catalogue writes it anew, unless a signature that it tells of is gone"
    yield stated("page", key, PAGE, odd or PAGE, CHAIN, remark if odd else "")
    html = f"{report_prefix(run_id)}/{SIGNATURE_PAGE}"
    yield evidence.check("page", html, Digest(sha256=page.page_sha256, size=-1), key)


def _unlike_chain(evidence: Evidence, run_id: str, page: SignatureStatement) -> str:
    try:
        due = statement_of(evidence.store, run_id)
    except RiskmillError as cause:
        return f"the signatures cannot be read: {cause.message}"
    told, there = len(page.signatures), len(due.signatures)
    if told < there and page.signatures == due.signatures[:told]:
        return BEHIND
    if told > there:
        return f"it tells of {told} signatures, and {there} are there"
    return "" if replace(page, page_sha256="") == due else "it tells another state"


def _lost(key: str) -> Check:
    return Check(
        kind="page",
        place=key,
        outcome=MISSING,
        expected="to be there",
        found="",
        says=CHAIN,
        remark="riskmill catalogue writes it anew",
    )

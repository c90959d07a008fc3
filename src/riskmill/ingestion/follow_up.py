"""The manifest of a correction, drawn up from what it delivers and from what it corrects."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec

from riskmill.domain import AMEND, DATASETS, BatchFile, BatchManifest, FileFormat
from riskmill.ingestion.blocks import ORIGIN
from riskmill.ingestion.draft import announced
from riskmill.ingestion.formats import CSV, format_by_name
from riskmill.ingestion.lines import sliced
from riskmill.ingestion.manifest import (
    MANIFEST,
    SCHEMA,
    FileText,
    ManifestText,
    PolicyText,
    format_text,
    parse_batch_manifest,
)
from riskmill.ingestion.quarantine import quarantine_name
from riskmill.ingestion.sources import open_source


def draft_follow_up(files: Mapping[str, bytes], corrected: BatchManifest, *, version: str) -> bytes:
    """
    Write the manifest of a *version* that supersedes *corrected* and delivers *files*.

    A corrected quarantine file of positions amends those of the corrected version; any
    other file takes the place of its dataset. Files of datasets that are not delivered
    again are carried. A file, or the quarantine of one, is in the format that was declared
    for it. Date, snapshot, currency, as-of time and policy stay; a cut-off
    does not. Raises `InputRejected` as `draft_manifest` does, and where the result is
    no manifest.
    """
    declared = _declared(corrected)
    fresh = [
        _fresh(name, files[name], declared.get(name))
        for name in sorted(files)
        if _is_data(name) or name in declared
    ]
    whole = {entry.dataset for entry in fresh if entry.mode != AMEND}
    kept = [
        _carried(entry, corrected, fresh) for entry in corrected.files if entry.dataset not in whole
    ]
    policy = msgspec.to_builtins(corrected.policy) | {"cut_off": None}
    manifest = ManifestText(
        schema=SCHEMA,
        business_date=corrected.business_date.isoformat(),
        snapshot=corrected.snapshot,
        version=version,
        supersedes=corrected.version,
        as_of=corrected.as_of,
        reporting_currency=corrected.reporting_currency,
        policy=msgspec.convert(policy, PolicyText),
        files=sorted([*kept, *fresh], key=_place),
    )
    raw = msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"
    parse_batch_manifest(raw)
    return raw


def _is_data(name: str) -> bool:
    return format_by_name(name) is not None and name != MANIFEST


def _place(entry: FileText) -> tuple[int, bool]:
    """By dataset; what amends stands behind what is amended, in delivered order."""
    return DATASETS.index(entry.dataset), entry.mode == AMEND


def _declared(corrected: BatchManifest) -> dict[str, FileFormat]:
    """Declared format of each file and of its quarantine, which is never compressed."""
    found: dict[str, FileFormat] = {}
    for entry in corrected.files:
        if entry.format:
            found[entry.name] = entry.format
        if entry.format and entry.format.kind == CSV:
            found[quarantine_name(entry)] = replace(entry.format, compression="none")
    return found


def _fresh(name: str, raw: bytes, declared: FileFormat | None) -> FileText:
    text = announced(name, raw, declared)
    if text.dataset != "positions" or ORIGIN not in _columns(text, raw, declared):
        return text
    return msgspec.structs.replace(text, mode=AMEND)


def _columns(text: FileText, raw: bytes, declared: FileFormat | None) -> Sequence[str]:
    entry = BatchFile(
        name=text.name,
        dataset=text.dataset,
        sha256=text.sha256,
        size=len(raw),
        rows=text.rows,
        format=declared,
    )
    return open_source(entry, sliced(raw)).columns


def _carried(entry: BatchFile, corrected: BatchManifest, fresh: Sequence[FileText]) -> FileText:
    """The entry of a file that lies where it was delivered, under a name of its own."""
    lies = entry.carried_key or f"{corrected.batch_id}/{entry.name}"
    batch, _, name = lies.rpartition("/")
    taken = {text.name.lower() for text in fresh}
    own = entry.name
    if own.lower() in taken:
        stem, dot, ending = entry.name.partition(".")
        own = f"{stem}.{batch.rpartition('/')[2]}{dot}{ending}"
    return FileText(
        name=own,
        dataset=entry.dataset,
        sha256=entry.sha256,
        bytes=entry.size,
        rows=entry.rows,
        control_totals={name: f"{total:f}" for name, total in entry.control_totals.items()},
        mode=entry.mode,
        carried_from=batch if own == name else lies,
        format=format_text(entry.format),
    )

"""A manifest drawn up from the files themselves, for a sender to check and complete."""

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath

import msgspec

from riskmill.domain import DATASETS, REQUIRED_DATASETS, BatchFile, FileFormat, InputRejected
from riskmill.ingestion.blocks import pointed
from riskmill.ingestion.currencies import CURRENCIES
from riskmill.ingestion.formats import format_by_name
from riskmill.ingestion.lines import sliced
from riskmill.ingestion.manifest import (
    MANIFEST,
    SCHEMA,
    FileText,
    ManifestText,
    check_entry,
    format_text,
)
from riskmill.ingestion.sources import open_source
from riskmill.ingestion.totals import added, notional_by_currency

_TOTALLED = ("currency", "notional")


def draft_manifest(
    files: Mapping[str, bytes],
    *,
    business_date: date,
    snapshot: str,
    reporting_currency: str,
    as_of: str,
) -> bytes:
    """
    Write the manifest of a first delivery of *files*, name to bytes.

    A file's dataset is guessed from its name: `positions.csv` or `positions_rates.csv`
    hold positions. Files of other formats are left out. Raises `InputRejected` where
    a name says no dataset (E013), a dataset has several files (E015) or none that it
    needs (E014), or a file cannot be opened.
    """
    entries = [announced(name, files[name]) for name in sorted(files) if _is_data(name)]
    _one_each(entries)
    _some_positions(entries)
    manifest = ManifestText(
        schema=SCHEMA,
        business_date=business_date.isoformat(),
        snapshot=snapshot,
        version="v001",
        supersedes=None,
        as_of=as_of,
        reporting_currency=reporting_currency,
        files=sorted(entries, key=lambda entry: DATASETS.index(entry.dataset)),
    )
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def _is_data(name: str) -> bool:
    return format_by_name(name) is not None and name != MANIFEST


def announced(name: str, raw: bytes, declared: FileFormat | None = None) -> FileText:
    """
    Write a file's entry from the file itself, in the *declared* format or as its name ends.

    Raises `InputRejected` where it cannot be opened.
    """
    text = FileText(
        name=name,
        dataset=dataset_of(name),
        sha256=hashlib.sha256(raw).hexdigest(),
        bytes=len(raw),
        rows=0,
        format=format_text(declared or format_by_name(name)),
    )
    check_entry(text, name)
    entry = BatchFile(
        name=name,
        dataset=text.dataset,
        sha256=text.sha256,
        size=len(raw),
        rows=0,
        format=declared,
    )
    source = open_source(entry, sliced(raw))
    totalled = text.dataset == "positions" and set(_TOTALLED) <= set(source.columns)
    rows, sums = 0, dict[str, Decimal]()
    for block in source.blocks(_TOTALLED if totalled else source.columns[:1]):
        rows += block.rows
        if totalled:
            frame = block.frame.with_columns(pointed("notional", source.decimal))
            sums = added(sums, notional_by_currency(frame))
    totals = {name: _digits(sums[name]) for name in sorted(sums) if name in CURRENCIES}
    return msgspec.structs.replace(text, rows=rows, control_totals=totals)


def _digits(amount: Decimal) -> str:
    """All digits of an amount, without zeros at the end."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def dataset_of(name: str) -> str:
    """
    Tell a file's dataset by the beginning of its name.

    Raises `InputRejected` (E013) where it begins with none.
    """
    stem = PurePosixPath(name).stem.lower()
    for dataset in DATASETS:
        if stem == dataset or stem.startswith((f"{dataset}_", f"{dataset}-", f"{dataset}.")):
            return dataset
    raise InputRejected(
        "E013",
        f"the name '{name[:60]}' does not say which dataset the file holds",
        place=name[:200],
        remedy=f"Begin the name with one of {', '.join(DATASETS)}, or take the file away.",
    )


def _one_each(entries: list[FileText]) -> None:
    datasets = [entry.dataset for entry in entries]
    for entry in entries:
        if datasets.count(entry.dataset) > 1:
            raise InputRejected(
                "E015",
                f"dataset '{entry.dataset}' has more than one file",
                place=entry.name,
                remedy="Put all rows of a dataset into one file.",
            )
    missing = [name for name in REQUIRED_DATASETS if name not in datasets]
    if missing:
        raise InputRejected(
            "E014",
            f"there is no file for the dataset {', '.join(missing)}",
            place=", ".join(sorted(entry.name for entry in entries)),
            remedy=f"Add {', '.join(f'{name}.csv' for name in missing)}.",
        )


def _some_positions(entries: list[FileText]) -> None:
    """Only its sender can say that a book is truly empty; a draft announces none by accident."""
    files = [entry for entry in entries if entry.dataset == "positions"]
    if not any(entry.rows for entry in files):
        raise InputRejected(
            "E030",
            f"'{files[0].name}' has a header and no rows",
            place=files[0].name,
            remedy="Deliver the rows. For a book that is truly empty write the manifest yourself, "
            "with rows 0: docs/howto/deliver-a-batch.md.",
        )

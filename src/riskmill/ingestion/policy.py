"""Whether a batch may be used: what was announced, and how much bad data its sender allows."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from riskmill.domain import (
    BatchManifest,
    Failure,
    InputRejected,
    PositionTable,
    QuarantineOverPolicy,
    Severity,
)
from riskmill.ingestion.currencies import CURRENCIES
from riskmill.ingestion.delivery import Delivery
from riskmill.ingestion.staged import AcceptedBatch, StagedFile
from riskmill.ingestion.totals import added

_SUMMED = ("currency", "notional")
_REMEDY = "Mend the rows in the quarantine file, or agree on another policy with the sender."


def wrong_totals(file: StagedFile) -> Mapping[str, str]:
    """A sentence for each currency whose announced control total is not what was delivered."""
    announced, found = file.entry.control_totals, file.notional
    if not announced:
        return {}
    zero = Decimal(0)
    return {
        currency: f"The manifest announces {announced.get(currency, zero):f} {currency} of "
        f"notional, '{file.entry.name}' has {found.get(currency, zero):f}."
        for currency in sorted(set(announced) | (set(found) & CURRENCIES))
        if announced.get(currency, zero) != found.get(currency, zero)
    }


def totals_readable(file: StagedFile) -> bool:
    """Whether every row's currency and notional could be read, so that totals can be proven."""
    return not any(
        failure.severity is Severity.ERROR and (not failure.column or failure.column in _SUMMED)
        for failure in file.failures
    )


def refusal_of(
    manifest: BatchManifest, delivery: Delivery, batch: AcceptedBatch
) -> InputRejected | None:
    """The first reason not to use *batch*, if there is one."""
    return (
        _wrong_rows(delivery.files)
        or _wrong_totals(delivery.delivered_positions)
        or _nothing_left(delivery.position_files, batch)
        or _any_bad(manifest, batch.failures)
        or _too_many_rows(manifest, batch)
        or _too_much_notional(manifest, delivery.position_files, batch.positions)
    )


def _wrong_rows(files: Sequence[StagedFile]) -> InputRejected | None:
    for file in files:
        if file.rows != file.entry.rows:
            return InputRejected(
                "E205",
                f"'{file.entry.name}' has {file.rows} rows, the manifest announces "
                f"{file.entry.rows}",
                place=file.entry.name,
                remedy="Deliver the file again whole, with a manifest that was made from it.",
            )
    return None


def _wrong_totals(files: Sequence[StagedFile]) -> InputRejected | None:
    for file in files:
        wrong = wrong_totals(file)
        if wrong and totals_readable(file):
            return InputRejected(
                "E206",
                " ".join(wrong.values()).rstrip("."),
                place=f"{file.entry.name}, {', '.join(wrong)}",
                remedy="Find the rows that were lost or added, and deliver file and manifest "
                "again.",
            )
    return None


def _nothing_left(files: Sequence[StagedFile], batch: AcceptedBatch) -> InputRejected | None:
    if len(batch.positions):
        return None
    names = ", ".join(f"'{file.entry.name}'" for file in files)
    return InputRejected(
        "E207",
        f"none of the {sum(file.rows for file in files)} positions of {names} can be used",
        place=files[0].entry.name,
        remedy=_REMEDY,
    )


def _any_bad(manifest: BatchManifest, failures: Sequence[Failure]) -> InputRejected | None:
    errors = [failure for failure in failures if failure.severity is Severity.ERROR]
    if manifest.policy.on_bad != "fail" or not errors:
        return None
    return QuarantineOverPolicy(
        "E210",
        f"the batch has {len(errors)} failures and its policy lets none through; the first is "
        f"{errors[0].code}: {errors[0].message}",
        place=f"{errors[0].file}, record {errors[0].record}",
        remedy=_REMEDY,
    )


def _too_many_rows(manifest: BatchManifest, batch: AcceptedBatch) -> InputRejected | None:
    rejected = sum(file.rejected for file in batch.inputs)
    if rejected <= manifest.policy.max_bad_rows:
        return None
    return QuarantineOverPolicy(
        "E211",
        f"{rejected} rows were rejected, the batch's policy allows {manifest.policy.max_bad_rows}",
        place=", ".join(file.name for file in batch.inputs if file.rejected),
        remedy=_REMEDY,
    )


def _too_much_notional(
    manifest: BatchManifest, files: Sequence[StagedFile], kept: PositionTable
) -> InputRejected | None:
    most = manifest.policy.max_bad_notional_pct
    remaining = _notional(kept)
    totals: Mapping[str, Decimal] = {}
    for file in files:
        totals = added(totals, file.notional)
    for currency in sorted(set(totals) & CURRENCIES):
        delivered, left = float(totals[currency]), remaining.get(currency, 0.0)
        whole = max(abs(delivered), abs(left))
        percent = 100.0 * abs(delivered - left) / whole if whole else 0.0
        if percent > most + 1e-9:
            return QuarantineOverPolicy(
                "E212",
                f"{percent:.2f} % of the delivered notional in {currency} was rejected, the "
                f"batch's policy allows {most:g} %",
                place=", ".join(file.entry.name for file in files),
                remedy=_REMEDY,
            )
    return None


def _notional(positions: PositionTable) -> Mapping[str, float]:
    currencies = positions.texts["currency"]
    sums = np.bincount(
        currencies.codes, weights=positions.numbers["notional"], minlength=len(currencies.values)
    )
    return dict(zip(currencies.values, sums.tolist(), strict=True))

"""Whether a batch may be used: what was announced, and how much bad data its sender allows."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from riskmill.domain import (
    BatchManifest,
    Failure,
    FailureReason,
    InputRejected,
    PositionTable,
    QuarantineOverPolicy,
    Severity,
)
from riskmill.ingestion.currencies import CURRENCIES
from riskmill.ingestion.delivery import Delivery
from riskmill.ingestion.quality.check import FAIL, warning
from riskmill.ingestion.quality.checks import CHECKS
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


def unproven_total(file: StagedFile, currency: str, says: str) -> Failure:
    """A control total that disagrees while some rows of the file could not be read (W303)."""
    return warning(
        "W303",
        FailureReason.MISMATCH,
        f"{says} Rows whose currency or notional could not be read may be the difference.",
        file=file.entry.name,
        subject=currency,
        column="notional",
    )


def refusal_of(
    manifest: BatchManifest, delivery: Delivery, batch: AcceptedBatch
) -> InputRejected | None:
    """The first reason not to use *batch*, if there is one."""
    return (
        _wrong_rows(delivery.files)
        or _wrong_totals(delivery.delivered_positions)
        or _nothing_left(manifest, delivery.position_files, batch)
        or _any_bad(manifest, batch.failures)
        or _named_code(manifest, batch.failures)
        or _failed_check(manifest, batch.failures)
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


def _nothing_left(
    manifest: BatchManifest, files: Sequence[StagedFile], batch: AcceptedBatch
) -> InputRejected | None:
    if len(batch.positions) or manifest.is_empty_book:
        return None
    names = ", ".join(f"'{file.entry.name}'" for file in files)
    return InputRejected(
        "E207",
        f"none of the {sum(file.rows for file in files)} positions of {names} can be used",
        place=files[0].entry.name,
        remedy="Mend the rows in the quarantine file and deliver them as a new version.",
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


def _named_code(manifest: BatchManifest, failures: Sequence[Failure]) -> InputRejected | None:
    named = [failure for failure in failures if failure.code in manifest.policy.fail_on]
    if not named:
        return None
    times = sum(failure.code == named[0].code for failure in named)
    return QuarantineOverPolicy(
        "E223",
        f"the batch's policy names {named[0].code} in fail_on, and it occurs {_counted(times)}; "
        f"the first: {named[0].message.rstrip('.')}",
        place=_place(named[0]),
        remedy="Mend what the message names, or take the code out of fail_on.",
    )


def _failed_check(manifest: BatchManifest, failures: Sequence[Failure]) -> InputRejected | None:
    for name, rule in manifest.policy.quality.items():
        found = [failure for failure in failures if failure.code == CHECKS[name].code]
        if found and rule.action == FAIL:
            return InputRejected(
                "E222",
                f"the batch's policy fails on the quality check '{name}' ({found[0].code}), which "
                f"found something {_counted(len(found))}; the first: "
                f"{found[0].message.rstrip('.')}",
                place=_place(found[0]),
                remedy="Mend the market data, or let the check warn and read what it says.",
            )
    return None


def _place(failure: Failure) -> str:
    return failure.file + (f", record {failure.record}" if failure.record else "")


def _counted(times: int) -> str:
    return "once" if times == 1 else f"{times} times"


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

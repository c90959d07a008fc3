"""Corrections and late files: what a manifest may say of other deliveries than its own."""

import re
from collections.abc import Sequence

from riskmill.domain import AMEND, WHOLE, BatchFile, BatchManifest, InputRejected

_BATCH = r"([0-9]{4}-[0-9]{2}-[0-9]{2})/([A-Za-z0-9][A-Za-z0-9_\-]{0,31})/(v(?!0+/|0+$)[0-9]{3,6})"
_CARRIED = re.compile(_BATCH + r"(/[A-Za-z0-9][A-Za-z0-9 ._\-]{0,127})?")


def check_versions(manifest: BatchManifest) -> None:
    """
    Refuse a manifest whose files cannot be carried or amended as it says.

    Raises `InputRejected` E060 to E064. Whether the named deliveries exist is asked
    where they lie, not here.
    """
    for at, file in enumerate(manifest.files):
        place = f"manifest.json files[{at}]"
        _known_mode(file, place)
        if file.carried_from:
            _earlier_batch(file, manifest, place)
        if file.amends:
            _amends_something(file, manifest.files[:at], place)


def _known_mode(file: BatchFile, place: str) -> None:
    if file.mode not in (WHOLE, AMEND):
        raise InputRejected(
            "E060",
            f"'{file.mode[:60]}' is no mode of a file",
            place=f"{place}.mode",
            remedy=f"Write {WHOLE} or {AMEND}, or leave the mode out for {WHOLE}.",
        )


def _earlier_batch(file: BatchFile, manifest: BatchManifest, place: str) -> None:
    found = _CARRIED.fullmatch(file.carried_from)
    if not found:
        raise InputRejected(
            "E061",
            f"'{file.carried_from[:120]}' does not name the batch of '{file.name}'",
            place=f"{place}.carried_from",
            remedy="Write its date, snapshot and version, such as 2018-12-28/EOD/v001, and behind "
            "them /NAME where the file had another name there.",
        )
    day, snapshot, version = found.group(1, 2, 3)
    own_day = manifest.business_date.isoformat()
    same = (day, snapshot) == (own_day, manifest.snapshot)
    if day > own_day or (same and _number(version) >= _number(manifest.version)):
        raise InputRejected(
            "E062",
            f"'{file.name}' is carried from {file.carried_batch}, which is not earlier than "
            f"{manifest.batch_id}",
            place=f"{place}.carried_from",
            remedy="Name a batch of an earlier date or version, or deliver the file itself.",
        )


def _amends_something(file: BatchFile, before: Sequence[BatchFile], place: str) -> None:
    if file.dataset != "positions":
        raise InputRejected(
            "E063",
            f"'{file.name}' amends dataset '{file.dataset}', and only positions can be amended",
            place=f"{place}.mode",
            remedy="Deliver all rows of the dataset as one whole file.",
        )
    if not any(earlier.dataset == "positions" for earlier in before):
        raise InputRejected(
            "E064",
            f"'{file.name}' amends positions, and no file of positions is named before it",
            place=f"{place}.mode",
            remedy="Name the whole file of positions first, carried from the version that "
            "delivered it.",
        )


def _number(version: str) -> int:
    return int(version.removeprefix("v"))

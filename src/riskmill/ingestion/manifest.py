"""The batch manifest: what a sender says about a delivery, read strictly."""

import contextlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

from riskmill.domain import (
    AMEND,
    DATASETS,
    REQUIRED_DATASETS,
    WHOLE,
    BatchFile,
    BatchManifest,
    BatchPolicy,
    FileFormat,
    InputRejected,
    QualityRule,
)
from riskmill.ingestion.cells import FIRST_DATE, LAST_DATE
from riskmill.ingestion.codes import CODES
from riskmill.ingestion.currencies import CURRENCIES
from riskmill.ingestion.formats import format_by_name, impossible
from riskmill.ingestion.quality.check import ACTIONS, DAYS, WARN
from riskmill.ingestion.quality.checks import CHECKS
from riskmill.ingestion.versions import check_versions

SCHEMA = "riskmill.batch/1"
MANIFEST = "manifest.json"
MOST_BYTES = 1024 * 1024
"""A manifest that is longer is not one."""
ON_BAD = ("quarantine", "fail")
LONGEST_NAME = 128

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._\-]*")
_SNAPSHOT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]{0,31}")
_VERSION = re.compile(r"v(?!0+$)[0-9]{3,6}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_AMOUNT = re.compile(r"-?[0-9]{1,120}(\.[0-9]{1,120})?")


class QualityText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The rule of one quality check as written."""

    action: str = WARN
    limit: float | None = None


class PolicyText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The policy as written."""

    max_bad_rows: int = 0
    max_bad_notional_pct: float = 0.0
    on_bad: str = ON_BAD[0]
    fail_on: list[str] = []
    quality: dict[str, QualityText] = {}
    cut_off: str | None = None


class FormatText(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """A file's format as written; what is left out is as the ending of the name says."""

    kind: str | None = None
    compression: str | None = None
    separator: str = ","
    decimal: str = "."
    sheet: str = ""


class FileText(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """A file's entry as written."""

    name: str
    dataset: str
    sha256: str
    bytes: int
    rows: int
    control_totals: dict[str, str] = {}
    mode: str = WHOLE
    carried_from: str = ""
    format: FormatText | None = None


class ManifestText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The manifest as written; field for field `docs/datasets.md`."""

    schema: str
    business_date: str
    snapshot: str
    version: str
    supersedes: str | None = None
    as_of: str
    reporting_currency: str
    policy: PolicyText = msgspec.field(default_factory=PolicyText)
    files: list[FileText]


class _Schema(msgspec.Struct, frozen=True):
    schema: str = ""


def parse_batch_manifest(raw: bytes) -> BatchManifest:
    """
    Read a batch manifest, every field of it checked.

    Raises `InputRejected` (E001 to E019, E060 to E067) with the place of the first fault.
    """
    text = _decoded(raw)
    manifest = BatchManifest(
        business_date=_business_date(text.business_date),
        snapshot=_matching(_SNAPSHOT, text.snapshot, "E005", "snapshot", _SNAPSHOT_REMEDY),
        version=_matching(_VERSION, text.version, "E006", "version", _VERSION_REMEDY),
        supersedes=_supersedes(text),
        as_of=_as_of(text.as_of),
        reporting_currency=_currency(text.reporting_currency, "reporting_currency"),
        policy=_policy(text.policy),
        files=_files(text.files),
    )
    check_versions(manifest)
    return manifest


_SNAPSHOT_REMEDY = "Use up to 32 letters, digits, hyphens and underscores, for example EOD."
_VERSION_REMEDY = "Write v001 for a first delivery, v002 for its first correction."


def _decoded(raw: bytes) -> ManifestText:
    if len(raw) > MOST_BYTES:
        raise _rejection(
            "E019",
            f"the manifest has {len(raw)} bytes; at most {MOST_BYTES} are read",
            "",
            "Name each file once and nothing else.",
        )
    _known_schema(raw)
    try:
        return msgspec.json.decode(raw, type=ManifestText)
    except msgspec.ValidationError as cause:
        says, _, path = str(cause).partition(" - at `$")
        raise InputRejected(
            "E002",
            f"the manifest does not have its agreed form: {says.rstrip('.')}",
            place=f"{MANIFEST} {path.rstrip('`').removeprefix('.')}".rstrip(),
            remedy="Compare it with the example in docs/datasets.md.",
        ) from cause


def _known_schema(raw: bytes) -> None:
    try:
        json.loads(raw.decode(), object_pairs_hook=_each_once)
        schema = msgspec.json.decode(raw, type=_Schema).schema
    except msgspec.ValidationError:
        schema = ""
    except (msgspec.DecodeError, ValueError, RecursionError) as cause:
        raise InputRejected(
            "E001",
            f"the manifest is not JSON: {cause}",
            place=MANIFEST,
            remedy="Write the file again; it may have been cut off in transfer.",
        ) from cause
    if schema != SCHEMA:
        raise _rejection(
            "E003", f"'{schema[:60]}' is no known schema", "schema", f'Write "{SCHEMA}".'
        )


def _each_once(pairs: list[tuple[str, object]]) -> None:
    """Refuse an object that gives one name two values: nobody can say which is meant."""
    names = Counter(name for name, _ in pairs)
    for name, times in names.items():
        if times > 1:
            raise InputRejected(
                "E002",
                f"the manifest has the field '{name[:60]}' more than once in one place",
                place=MANIFEST,
                remedy="Keep the value that is meant.",
            )


def _business_date(text: str) -> date:
    if _DATE.fullmatch(text):
        with contextlib.suppress(ValueError):
            day = date.fromisoformat(text)
            if FIRST_DATE <= day <= LAST_DATE:
                return day
    raise _rejection(
        "E004",
        f"'{text[:60]}' is not a date between {FIRST_DATE} and {LAST_DATE}",
        "business_date",
        "Write it as YYYY-MM-DD.",
    )


def _as_of(text: str) -> str:
    if _is_instant(text):
        return text
    raise _rejection(
        "E007",
        f"'{text[:60]}' is not an instant in UTC",
        "as_of",
        "Write it as YYYY-MM-DDTHH:MM:SSZ, the Z for UTC included.",
    )


def _is_instant(text: str) -> bool:
    with contextlib.suppress(ValueError):
        return bool(_INSTANT.fullmatch(text) and datetime.fromisoformat(text))
    return False


def _currency(text: str, place: str) -> str:
    if text not in CURRENCIES:
        raise _rejection(
            "E008",
            f"'{text[:60]}' is not a currency",
            place,
            "Write the three letters of ISO 4217, for example USD.",
        )
    return text


def _supersedes(text: ManifestText) -> str:
    earlier = text.supersedes or ""
    if earlier and not (_VERSION.fullmatch(earlier) and _number(earlier) < _number(text.version)):
        raise _rejection(
            "E009",
            f"'{earlier[:60]}' is not a version before '{text.version}'",
            "supersedes",
            "Name the version that this one corrects, or write null.",
        )
    return earlier


def _number(version: str) -> int:
    return int(version.removeprefix("v"))


def _policy(text: PolicyText) -> BatchPolicy:
    faults = (
        (text.max_bad_rows < 0, "max_bad_rows", "must not be negative"),
        (
            not 0.0 <= text.max_bad_notional_pct <= 100.0,
            "max_bad_notional_pct",
            "must lie between 0 and 100",
        ),
        (text.on_bad not in ON_BAD, "on_bad", f"must be {' or '.join(ON_BAD)}"),
        (
            text.cut_off is not None and not _is_instant(text.cut_off),
            "cut_off",
            "must be an instant in UTC, such as 2018-12-31T23:30:00Z",
        ),
    )
    for wrong, name, says in faults:
        if wrong:
            raise _rejection(
                "E010", f"the policy's {name} {says}", f"policy.{name}", "Change the policy."
            )
    return BatchPolicy(
        max_bad_rows=text.max_bad_rows,
        max_bad_notional_pct=text.max_bad_notional_pct,
        on_bad=text.on_bad,
        fail_on=_fail_on(text.fail_on),
        quality={name: _quality_rule(name, rule) for name, rule in text.quality.items()},
        cut_off=text.cut_off or "",
    )


def _fail_on(codes: Sequence[str]) -> tuple[str, ...]:
    for at, code in enumerate(codes):
        if code not in CODES or code.startswith("E0"):
            raise _rejection(
                "E010",
                f"the policy's fail_on names '{code[:20]}', which no row or file is ever given",
                f"policy.fail_on[{at}]",
                "Name codes of ingestion, E1xx, E2xx or W3xx; `riskmill explain` lists them.",
            )
    return tuple(codes)


def _quality_rule(name: str, rule: QualityText) -> QualityRule:
    place = f"policy.quality.{name[:40]}"
    if name not in CHECKS:
        raise _rejection(
            "E010",
            f"the policy names the quality check '{name[:40]}', which there is not",
            place,
            f"Use one of {', '.join(CHECKS)}.",
        )
    if rule.action not in ACTIONS:
        raise _rejection(
            "E010",
            f"the action '{rule.action[:20]}' of the quality check '{name}' is none of "
            f"{', '.join(ACTIONS)}",
            f"{place}.action",
            "Change the policy.",
        )
    if rule.limit is not None:
        _check_limit(name, rule.limit, f"{place}.limit")
    return QualityRule(action=rule.action, limit=rule.limit)


def _check_limit(name: str, limit: float, place: str) -> None:
    check = CHECKS[name]
    faults = (
        (not check.unit, "has no limit that could be set"),
        (limit < check.least, f"has a limit of at least {check.least:g}"),
        (check.unit == DAYS and not limit.is_integer(), "has a limit in whole days"),
    )
    for wrong, says in faults:
        if wrong:
            raise _rejection(
                "E010", f"the quality check '{name}' {says}", place, "Change the policy."
            )


def _files(texts: Sequence[FileText]) -> tuple[BatchFile, ...]:
    for at, text in enumerate(texts):
        earlier = texts[:at]
        if text.name.lower() in (other.name.lower() for other in earlier):
            raise _rejection(
                "E012",
                f"the file '{text.name[:60]}' is named twice",
                f"files[{at}].name",
                "Name each file once; names that differ only in case count as the same.",
            )
        if text.mode != AMEND and text.dataset in (
            other.dataset for other in earlier if other.mode != AMEND
        ):
            raise _rejection(
                "E015",
                f"dataset '{text.dataset[:60]}' has more than one file",
                f"files[{at}].dataset",
                "Put all rows of a dataset into one file.",
            )
        check_entry(text, f"files[{at}]")
    missing = [name for name in REQUIRED_DATASETS if name not in {t.dataset for t in texts}]
    if missing:
        raise _rejection(
            "E014",
            f"the batch lacks the dataset {', '.join(missing)}",
            "files",
            "Deliver a file for it and name it in the manifest.",
        )
    return tuple(_file(text, f"files[{at}]") for at, text in enumerate(texts))


def check_entry(text: FileText, place: str) -> None:
    """Refuse a file's entry whose name, dataset, hash or counts cannot be right."""
    if (
        not _NAME.fullmatch(text.name)
        or len(text.name) > LONGEST_NAME
        or text.name.lower() == MANIFEST
    ):
        raise _rejection(
            "E011",
            f"'{text.name[:60]}' is not the name of a file inside the batch",
            f"{place}.name",
            "Use a plain name of letters, digits, points, hyphens and underscores, without "
            "directories.",
        )
    if text.dataset not in DATASETS:
        raise _rejection(
            "E013",
            f"'{text.dataset[:60]}' is no dataset",
            f"{place}.dataset",
            f"Use one of {', '.join(DATASETS)}.",
        )
    if not _SHA256.fullmatch(text.sha256):
        raise _rejection(
            "E016",
            f"'{text.sha256[:70]}' is not a SHA-256 digest",
            f"{place}.sha256",
            "Write 64 lower-case hexadecimal digits, as sha256sum prints them.",
        )
    if text.bytes < 0 or text.rows < 0:
        raise _rejection(
            "E017",
            f"'{text.name}' is announced with {text.bytes} bytes and {text.rows} rows",
            place,
            "Write the file's true size, and its data rows without the header.",
        )


def _file(text: FileText, place: str) -> BatchFile:
    return BatchFile(
        name=text.name,
        dataset=text.dataset,
        sha256=text.sha256,
        size=text.bytes,
        rows=text.rows,
        control_totals=_control_totals(text, f"{place}.control_totals"),
        mode=text.mode,
        carried_from=text.carried_from,
        format=_format(text, f"{place}.format"),
    )


def _format(text: FileText, place: str) -> FileFormat | None:
    if text.format is None:
        return None
    by_name = format_by_name(text.name) or FileFormat(kind="")
    declared = FileFormat(
        kind=by_name.kind if text.format.kind is None else text.format.kind,
        compression=_compression(text.format, by_name),
        separator=text.format.separator,
        decimal=text.format.decimal,
        sheet=text.format.sheet,
    )
    if says := impossible(declared):
        raise _rejection(
            "E035",
            f"the format of '{text.name}' cannot be: {says}",
            place,
            'Write it as {"kind": "csv", "separator": ";", "decimal": ","}, for example.',
        )
    return declared


def _compression(text: FormatText, by_name: FileFormat) -> str:
    if text.compression is not None:
        return text.compression
    return by_name.compression if text.kind in (None, by_name.kind) else "none"


def format_text(declared: FileFormat | None) -> FormatText | None:
    """Write a format for a manifest; none where it is plain CSV."""
    if declared is None or declared == FileFormat(kind="csv"):
        return None
    packed = declared.compression != "none"
    return FormatText(
        kind=declared.kind,
        compression=declared.compression if packed else None,
        separator=declared.separator,
        decimal=declared.decimal,
        sheet=declared.sheet,
    )


def _control_totals(text: FileText, place: str) -> Mapping[str, Decimal]:
    if text.control_totals and text.dataset != "positions":
        raise _rejection(
            "E018",
            f"dataset '{text.dataset}' has no control totals",
            place,
            "Announce control totals for positions only.",
        )
    for currency, amount in text.control_totals.items():
        if currency not in CURRENCIES or not _AMOUNT.fullmatch(amount):
            raise _rejection(
                "E018",
                f"'{currency[:20]}': '{amount[:60]}' is not a currency and an amount",
                f"{place}.{currency[:20]}",
                'Write the sum as text with a point, for example "USD": "1234567.00".',
            )
    return {currency: Decimal(amount) for currency, amount in text.control_totals.items()}


def _matching(pattern: re.Pattern[str], text: str, code: str, place: str, remedy: str) -> str:
    if not pattern.fullmatch(text):
        raise _rejection(code, f"'{text[:60]}' cannot be the {place} of a batch", place, remedy)
    return text


def _rejection(code: str, message: str, place: str, remedy: str) -> InputRejected:
    return InputRejected(code, message, place=f"{MANIFEST} {place}".rstrip(), remedy=remedy)

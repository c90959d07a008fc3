"""How a file is written: what its sender declared, or else what the ending of its name says."""

from collections.abc import Mapping

from riskmill.domain import BatchFile, FileFormat, InputRejected

CSV, PARQUET, XLSX = "csv", "parquet", "xlsx"
KINDS = (CSV, PARQUET, XLSX)
COMPRESSIONS = ("none", "gzip", "zstd")
SEPARATORS = (",", ";", "\t", "|")
DECIMALS = (".", ",")

ENDINGS: Mapping[str, FileFormat] = {
    ".csv": FileFormat(kind=CSV),
    ".csv.gz": FileFormat(kind=CSV, compression="gzip"),
    ".csv.zst": FileFormat(kind=CSV, compression="zstd"),
    ".parquet": FileFormat(kind=PARQUET),
    ".xlsx": FileFormat(kind=XLSX),
}
"""Endings of names, upper and lower case alike, and the format of a file that declares none."""


def format_by_name(name: str) -> FileFormat | None:
    """Return the format that the ending of a file's name says, if it says one."""
    return next((kind for end, kind in ENDINGS.items() if name.lower().endswith(end)), None)


def format_of(entry: BatchFile) -> FileFormat:
    """Return how a file is written; `InputRejected` (E024) where neither entry nor name says it."""
    found = entry.format or format_by_name(entry.name)
    if found is None:
        raise InputRejected(
            "E024",
            f"'{entry.name}' is in no format that riskmill reads",
            place=entry.name,
            remedy=f"Deliver a file whose name ends in {', '.join(ENDINGS)}, or declare its "
            "format in the manifest.",
        )
    return found


def impossible(declared: FileFormat) -> str:
    """What contradicts itself in a declared format, as the end of a sentence; empty if nothing."""
    text = declared.kind == CSV
    plain = (declared.compression, declared.separator, declared.decimal) == ("none", ",", ".")
    checks = (
        (declared.kind not in KINDS, f"kind must be one of {', '.join(KINDS)}"),
        (
            declared.compression not in COMPRESSIONS,
            f"compression must be one of {', '.join(COMPRESSIONS)}",
        ),
        (
            declared.separator not in SEPARATORS,
            "separator must be a comma, a semicolon, a tab or a vertical bar",
        ),
        (declared.decimal not in DECIMALS, "decimal must be a point or a comma"),
        (
            declared.decimal == declared.separator,
            "a decimal comma needs a separator that is no comma",
        ),
        (not text and not plain, "compression, separator and decimal belong to csv alone"),
        (declared.kind != XLSX and bool(declared.sheet), "sheet belongs to xlsx alone"),
    )
    return next((says for wrong, says in checks if wrong), "")

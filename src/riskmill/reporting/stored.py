"""A stored `report.json` read back into the model that it was written from."""

from dataclasses import dataclass

import msgspec

from riskmill.domain import ArtefactConflict
from riskmill.reporting.report import SCHEMA, Report


@dataclass(frozen=True, kw_only=True, slots=True)
class _Head:
    schema: str


def read_report(raw: bytes) -> Report:
    """
    Return the report that `render_json` wrote as *raw*, equal in every figure.

    Raises `ArtefactConflict` (E720) where the file has another schema, or was damaged.
    """
    try:
        schema = msgspec.json.decode(raw, type=_Head).schema
        if schema == SCHEMA:
            return msgspec.json.decode(raw, type=Report)
        problem = f"its schema is {schema[:60]!r}, this version reads {SCHEMA!r}"
    except (msgspec.DecodeError, UnicodeDecodeError) as cause:
        raise _unread(f"it is damaged or of another version: {cause}") from cause
    raise _unread(problem)


def _unread(problem: str) -> ArtefactConflict:
    return ArtefactConflict(
        "E720",
        f"the stored report cannot be read: {problem}",
        place="report.json",
        remedy="Run the batch again with this version: riskmill run PATH --out DIR",
    )

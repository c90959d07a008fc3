"""The risk file on this machine: which scenarios and measures a run is asked for."""

from pathlib import Path

from riskmill.domain import RiskSpec, UsageError
from riskmill.pipeline import read_risk_file


def read_risk_options(path: Path) -> RiskSpec:
    """Read the risk file at *path*; `UsageError` (E489) where it cannot be read or used."""
    try:
        raw = path.read_bytes()
    except OSError as cause:
        raise UsageError(
            "E489",
            f"the risk file cannot be read: {cause.strerror or cause}",
            place=str(path),
            remedy="Name a readable file after --risk.",
        ) from cause
    try:
        return read_risk_file(raw)
    except UsageError as refusal:
        raise UsageError(
            refusal.code, refusal.message, place=str(path), remedy=refusal.remedy
        ) from refusal

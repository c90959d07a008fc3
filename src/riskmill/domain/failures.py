"""Bad data as values: what went wrong with one row, factor or position, and where."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a failure costs: a warning is shown, an error takes the row out."""

    WARNING = "warning"
    ERROR = "error"


class FailureReason(StrEnum):
    """The closed list of reasons; a code (`E107`) refines it."""

    UNREADABLE = "unreadable"
    INVALID_VALUE = "invalid value"
    MISSING_VALUE = "missing value"
    DUPLICATE = "duplicate"
    UNKNOWN_REFERENCE = "unknown reference"
    MISSING_MARKET_DATA = "missing market data"
    EXPIRED = "expired"
    NOT_PRICEABLE = "not priceable"
    MISMATCH = "mismatch"
    PROXIED = "proxied"


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """One thing that is wrong with one datum, with all its sender needs to mend it."""

    code: str
    """Stable rule code, expanded by `riskmill explain`."""
    reason: FailureReason
    message: str
    """A full sentence that names the value and what was expected."""
    severity: Severity = Severity.ERROR
    file: str = ""
    """Name of the delivered file; empty when the failure is not about a file."""
    record: int | None = None
    """1-based data record in the file, the header not counted."""
    line: int | None = None
    """1-based physical line of the file on which the record starts."""
    subject: str = ""
    """Position id, factor id, portfolio or limit id the failure is about."""
    column: str = ""
    value: str = ""
    """The raw value as delivered, shortened to 200 characters."""

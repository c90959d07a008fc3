"""A batch: the files of one delivery, closed by the manifest that its sender wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

DATASETS = (
    "positions",
    "market",
    "history",
    "proxies",
    "scenarios",
    "hierarchy",
    "limits",
    "fixings",
    "dividends",
    "pnl",
)
"""What a file of a batch may hold; `docs/datasets.md` describes each."""

WHOLE, AMEND = "whole", "amend"
"""A file holds all rows of its dataset, or rows that replace and extend those of another."""

REQUIRED_DATASETS = ("positions", "market", "history", "hierarchy")
"""Datasets without which nothing can be valued."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QualityRule:
    """What a batch's policy makes of one check of its market data."""

    action: str
    """`warn` shows what the check finds, `fail` refuses the batch for it, `off` does not look."""
    limit: float | None = None
    """From where the check speaks, in its own unit; none for the check's usual limit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchPolicy:
    """How much bad data a sender lets through before the whole batch is refused."""

    max_bad_rows: int = 0
    """Rejected rows of all files and unvalued positions, up to which the batch is used."""
    max_bad_notional_pct: float = 0.0
    """Rejected notional in percent of delivered notional, any currency, up to which it is used."""
    on_bad: str = "quarantine"
    """`quarantine` takes bad rows out; `fail` refuses the batch for a single one."""
    fail_on: tuple[str, ...] = ()
    """Codes of failures and warnings that refuse the batch wherever they occur."""
    quality: Mapping[str, QualityRule] = field(default_factory=dict)
    """Rules for checks of market data by name; a check that is not named warns."""
    cut_off: str = ""
    """UTC instant after which files that are still missing refuse the batch; empty for never."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileFormat:
    """How a file is written, as its sender declares it; never guessed from its bytes."""

    kind: str
    """`csv`, `parquet` or `xlsx`."""
    compression: str = "none"
    """`none`, `gzip` or `zstd`: what the whole file is packed with; CSV only."""
    separator: str = ","
    """Character between two cells: comma, semicolon, tab or vertical bar; CSV only."""
    decimal: str = "."
    """Character before the decimals of a number: point or comma; CSV only."""
    sheet: str = ""
    """Sheet that holds the rows; empty where the workbook has a single one; XLSX only."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchFile:
    """A file as its sender announced it."""

    name: str
    """File name inside the batch, without a directory."""
    dataset: str
    """One of `DATASETS`."""
    sha256: str
    """Lower-case hexadecimal digest of the file's bytes."""
    size: int
    """Bytes."""
    rows: int
    """Data rows, the header not counted."""
    control_totals: Mapping[str, Decimal] = field(default_factory=dict)
    """Sum of `notional` by currency; positions only, empty where none was announced."""
    mode: str = WHOLE
    """`whole`, or `amend` for positions that replace and extend those named before them."""
    carried_from: str = ""
    """Batch that the file was delivered with, such as `2018-12-28/EOD/v001`, and behind another
    slash its name there if that is another; empty where this batch delivers the file itself."""
    format: FileFormat | None = None
    """How the file is written; none where the ending of its name says all."""

    @property
    def amends(self) -> bool:
        """Whether the file's rows replace and extend those of the positions before it."""
        return self.mode == AMEND

    @property
    def carried_batch(self) -> str:
        """Id of the batch that the file was delivered with; empty for this one."""
        return "/".join(self.carried_from.split("/")[:3])

    @property
    def carried_key(self) -> str:
        """Where the file lies in an inbox: batch id and name; empty for this batch's own."""
        if not self.carried_from:
            return ""
        named = self.carried_from != self.carried_batch
        return self.carried_from if named else f"{self.carried_from}/{self.name}"


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchManifest:
    """The sender's statement that a delivery is whole, and what is in it."""

    business_date: date
    """Date whose market values the portfolio: the valuation date."""
    snapshot: str
    """Name of the market snapshot, such as `EOD`."""
    version: str
    """`v001`, `v002`, ..."""
    supersedes: str
    """Version that this one corrects; empty for a first delivery."""
    as_of: str
    """UTC instant the inputs were frozen, ISO 8601 with `Z`."""
    reporting_currency: str
    """ISO 4217."""
    policy: BatchPolicy
    files: tuple[BatchFile, ...]

    @property
    def batch_id(self) -> str:
        """Date, snapshot and version: `2018-12-31/EOD/v001`."""
        return f"{self.business_date.isoformat()}/{self.snapshot}/{self.version}"

    @property
    def superseded_id(self) -> str:
        """Id of the batch that this one corrects; empty for a first delivery."""
        day = self.business_date.isoformat()
        return f"{day}/{self.snapshot}/{self.supersedes}" if self.supersedes else ""

    @property
    def is_empty_book(self) -> bool:
        """Whether the sender announces no position at all: then none is held."""
        return not any(file.rows for file in self.files if file.dataset == "positions")

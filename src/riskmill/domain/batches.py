"""A batch: the files of one delivery, closed by the manifest that its sender wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

DATASETS = ("positions", "market", "history", "proxies", "scenarios", "hierarchy", "limits")
"""What a file of a batch may hold; `docs/datasets.md` describes each."""

REQUIRED_DATASETS = ("positions", "market", "history", "hierarchy")
"""Datasets without which nothing can be valued."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchPolicy:
    """How much bad data a sender lets through before the whole batch is refused."""

    max_bad_rows: int = 0
    """Rejected rows, all files together, up to which the batch is used."""
    max_bad_notional_pct: float = 0.0
    """Rejected notional in percent of delivered notional, any currency, up to which it is used."""
    on_bad: str = "quarantine"
    """`quarantine` takes bad rows out; `fail` refuses the batch for a single one."""


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
    format: FileFormat | None = None
    """How the file is written; none where the ending of its name says all."""


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

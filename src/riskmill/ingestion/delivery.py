"""The staged files of one batch, each where the rules across files look for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from riskmill.domain import (
    BatchManifest,
    Dividend,
    FactorHistory,
    Failure,
    Fixing,
    Hierarchy,
    InputRejected,
    Limit,
    MarketSnapshot,
    PastPnl,
    PositionTable,
    Proxy,
    Severity,
    StressScenario,
)
from riskmill.ingestion.amendments import amended
from riskmill.ingestion.staged import StagedFile

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """The contents of a batch, before the rules across its files."""

    files: tuple[StagedFile, ...]
    """In the order of the manifest."""
    amended: tuple[StagedFile, ...]
    """The same without the positions that later files of the batch replace."""
    snapshot: MarketSnapshot
    history: FactorHistory
    hierarchy: Hierarchy
    proxies: tuple[Proxy, ...]
    stress: tuple[StressScenario, ...]
    limits: tuple[Limit, ...]
    fixings: tuple[Fixing, ...]
    dividends: tuple[Dividend, ...]
    past_pnl: tuple[PastPnl, ...]

    def file(self, dataset: str) -> StagedFile:
        """The file of a dataset that was delivered; of several with positions, the first."""
        return next(file for file in self.files if file.entry.dataset == dataset)

    @property
    def position_files(self) -> tuple[StagedFile, ...]:
        """Files of positions as they count: the whole file, then those that amend it."""
        return tuple(file for file in self.amended if file.entry.dataset == "positions")

    @property
    def delivered_positions(self) -> tuple[StagedFile, ...]:
        """The same files as they were delivered."""
        return tuple(file for file in self.files if file.entry.dataset == "positions")


def delivery_of(manifest: BatchManifest, staged: Sequence[StagedFile]) -> Delivery:
    """
    Put the staged files in the order of the manifest.

    Raises `InputRejected` (E208) where they are not exactly the manifest's files.
    """
    by_name = {file.entry.name: file for file in staged}
    announced = [entry.name for entry in manifest.files]
    odd = sorted(set(announced) ^ set(by_name))
    if odd or len(staged) != len(announced):
        raise InputRejected(
            "E208",
            f"the manifest's files and those that were checked differ: {', '.join(odd[:5])}",
            place="manifest.json files",
            remedy="Deliver every file that the manifest names, and name every file in it.",
        )
    files = tuple(by_name[name] for name in announced)
    contents = {file.entry.dataset: file.content for file in files}
    return Delivery(
        files=files,
        amended=amended(files),
        snapshot=_a(MarketSnapshot, contents["market"]),
        history=_a(FactorHistory, contents["history"]),
        hierarchy=_a(Hierarchy, contents["hierarchy"]),
        proxies=_all(Proxy, contents.get("proxies", ())),
        stress=_all(StressScenario, contents.get("scenarios", ())),
        limits=_all(Limit, contents.get("limits", ())),
        fixings=_all(Fixing, contents.get("fixings", ())),
        dividends=_all(Dividend, contents.get("dividends", ())),
        past_pnl=_all(PastPnl, contents.get("pnl", ())),
    )


def rejected_records(failures: Iterable[Failure]) -> set[int]:
    """Records of one file that have a failure which takes them out."""
    return {f.record for f in failures if f.record and f.severity is Severity.ERROR}


def position_table(file: StagedFile) -> PositionTable:
    """The rows of a file of positions."""
    return _a(PositionTable, file.content)


def kept_rows(file: StagedFile, failures: Iterable[Failure]) -> npt.NDArray[np.int64]:
    """Rows of the file's content that none of *failures* takes out."""
    gone = np.array(sorted(rejected_records(failures)), dtype=np.int64)
    return np.flatnonzero(~np.isin(file.records, gone))


def _a(kind: type[T], content: object) -> T:
    if not isinstance(content, kind):
        raise TypeError(f"expected {kind.__name__}, got {type(content).__name__}")
    return content


def _all(kind: type[T], content: object) -> tuple[T, ...]:
    return tuple(_a(kind, item) for item in _a(tuple, content))

"""The files of a batch against one another and against what was announced."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from riskmill.domain import (
    BatchManifest,
    FactorHistory,
    Failure,
    Hierarchy,
    InputFile,
    InputRejected,
    Limit,
    MarketData,
    MarketSnapshot,
    PositionTable,
    Proxy,
    Severity,
    StressScenario,
)
from riskmill.ingestion.cross_rules import (
    currency_failures,
    portfolio_failures,
    proxy_failures,
    unknown_book_failures,
)
from riskmill.ingestion.policy import refusal_of
from riskmill.ingestion.quality import market_warnings, stress_warnings
from riskmill.ingestion.staged import AcceptedBatch, StagedFile

T = TypeVar("T")


def reconcile(manifest: BatchManifest, staged: Sequence[StagedFile]) -> AcceptedBatch:
    """
    Try the rules across files on *staged* and put the batch together.

    The result's `refusal` says why the batch may not be used, if so: announced rows
    or totals that do not agree, nothing left to value, or its own policy. Raises
    `InputRejected` (E208) where *staged* is not exactly the files of the manifest.
    """
    files = _Files.of(manifest, staged)
    crossed = {
        "positions": unknown_book_failures(files.one("positions"), files.hierarchy),
        "limits": [
            *portfolio_failures(files.some("limits"), files.hierarchy),
            *currency_failures(files.some("limits"), manifest.reporting_currency),
        ],
        "proxies": proxy_failures(files.some("proxies"), files.history),
        "market": market_warnings(manifest, files.one("market"), files.history),
        "scenarios": stress_warnings(files.some("scenarios"), files.snapshot, files.history),
    }
    failures = {
        file.entry.dataset: _by_record([*file.failures, *crossed.get(file.entry.dataset, [])])
        for file in files.staged
    }
    batch = AcceptedBatch(
        positions=_sorted(files.positions(crossed["positions"]), files.hierarchy),
        market=MarketData(
            snapshot=files.snapshot,
            history=files.history,
            proxies=_kept(files.some("proxies"), Proxy, crossed["proxies"]),
            stress=files.stress,
        ),
        hierarchy=files.hierarchy,
        limits=_kept(files.some("limits"), Limit, crossed["limits"]),
        failures=tuple(f for file in files.staged for f in failures[file.entry.dataset]),
        inputs=tuple(_input(file, failures[file.entry.dataset]) for file in files.staged),
    )
    return refusal_of(manifest, files.staged, batch)

"""
The shared vocabulary: frozen values, errors and failures that every room speaks.

Nothing enters but plain values; what leaves are the terms of `docs/glossary.md`
as types. No file, clock, environment or logger is ever touched here.
"""

from riskmill.domain.batches import (
    AMEND,
    DATASETS,
    REQUIRED_DATASETS,
    WHOLE,
    BatchFile,
    BatchManifest,
    BatchPolicy,
    FileFormat,
    QualityRule,
)
from riskmill.domain.codes import Code
from riskmill.domain.errors import (
    ArtefactConflict,
    ArtefactMissing,
    InputRejected,
    QuarantineOverPolicy,
    RiskmillError,
    RunFailed,
    StoreError,
    StoreUnavailable,
    UsageError,
)
from riskmill.domain.factors import Factor, RiskClass, ShockKind, parse_factor, tenor_days
from riskmill.domain.failures import Failure, FailureReason, Severity
from riskmill.domain.instruments import (
    DAY_COUNTS,
    INSTRUMENTS,
    AmericanOption,
    CommodityFuture,
    Equity,
    EquityFuture,
    EuropeanOption,
    FixedRateBond,
    FxForward,
    FxOption,
    Instrument,
    InterestRateSwap,
    Position,
)
from riskmill.domain.market import (
    FactorHistory,
    Fixing,
    FloatArray,
    MarketData,
    MarketSnapshot,
    Proxy,
    StressScenario,
    StressShock,
)
from riskmill.domain.portfolios import LEVELS, Hierarchy, Limit, Portfolio
from riskmill.domain.positions import (
    DATE_COLUMNS,
    NUMBER_COLUMNS,
    TEXT_COLUMNS,
    Labels,
    PositionTable,
)
from riskmill.domain.results import (
    BacktestException,
    BacktestResult,
    Contribution,
    Figure,
    InputFile,
    LimitState,
    PastPnl,
    PnlVectors,
    RiskResult,
    RunRecord,
    StressedPeriod,
    TailScenario,
)
from riskmill.domain.scenarios import ScenarioSet
from riskmill.domain.specs import (
    DEFAULT_SHOCKS,
    SCENARIO_SETS,
    MonteCarloSpec,
    RiskSpec,
    StressedSpec,
)

__all__ = [
    "AMEND", "DATASETS", "DATE_COLUMNS", "DAY_COUNTS", "DEFAULT_SHOCKS", "INSTRUMENTS", "LEVELS",
    "NUMBER_COLUMNS", "REQUIRED_DATASETS", "SCENARIO_SETS", "TEXT_COLUMNS", "WHOLE",
    "AmericanOption",
    "ArtefactConflict", "ArtefactMissing", "BacktestException", "BacktestResult",
    "BatchFile", "BatchManifest", "BatchPolicy", "Code",
    "CommodityFuture", "Contribution", "Equity", "EquityFuture", "EuropeanOption", "Factor",
    "FactorHistory", "Failure", "FailureReason", "Figure", "FileFormat", "FixedRateBond",
    "Fixing", "FloatArray", "FxForward", "FxOption", "Hierarchy", "InputFile", "InputRejected",
    "Instrument", "InterestRateSwap", "Labels", "Limit", "LimitState", "MarketData",
    "MarketSnapshot", "MonteCarloSpec", "PastPnl", "PnlVectors", "Portfolio", "Position",
    "PositionTable", "Proxy",
    "QualityRule", "QuarantineOverPolicy", "RiskClass", "RiskResult", "RiskSpec", "RiskmillError",
    "RunFailed", "RunRecord", "ScenarioSet", "Severity", "ShockKind", "StoreError",
    "StoreUnavailable", "StressScenario", "StressShock", "StressedPeriod", "StressedSpec",
    "TailScenario", "UsageError",
    "parse_factor", "tenor_days",
]  # fmt: skip

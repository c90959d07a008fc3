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
from riskmill.domain.changes import (
    ADDED,
    CHANGED,
    REMOVED,
    FactorMove,
    FactorMoves,
    PositionChange,
    PositionChanges,
    SettingChange,
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
    ADJUSTMENTS,
    BARRIER_TYPES,
    CALENDARS,
    DAY_COUNTS,
    INSTRUMENTS,
    STUBS,
    UNDERLYING_CLASSES,
    AmericanOption,
    AsianOption,
    BarrierOption,
    CommodityFuture,
    DigitalOption,
    Equity,
    EquityFuture,
    EuropeanOption,
    FixedRateBond,
    FloatingRateNote,
    FxForward,
    FxOption,
    Instrument,
    InterestRateSwap,
    Position,
    TouchOption,
    ZeroCouponBond,
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
    "ADDED", "ADJUSTMENTS", "AMEND", "BARRIER_TYPES", "CALENDARS", "CHANGED", "DATASETS",
    "DATE_COLUMNS",
    "DAY_COUNTS", "DEFAULT_SHOCKS", "INSTRUMENTS", "LEVELS", "NUMBER_COLUMNS", "REMOVED",
    "REQUIRED_DATASETS", "SCENARIO_SETS", "STUBS", "TEXT_COLUMNS", "UNDERLYING_CLASSES", "WHOLE",
    "AmericanOption", "ArtefactConflict", "ArtefactMissing", "AsianOption", "BacktestException",
    "BacktestResult", "BarrierOption", "BatchFile", "BatchManifest", "BatchPolicy", "Code",
    "CommodityFuture", "Contribution", "DigitalOption", "Equity", "EquityFuture",
    "EuropeanOption", "Factor", "FactorHistory", "FactorMove", "FactorMoves", "Failure",
    "FailureReason", "Figure",
    "FileFormat", "FixedRateBond", "Fixing", "FloatArray", "FloatingRateNote", "FxForward",
    "FxOption", "Hierarchy", "InputFile", "InputRejected", "Instrument", "InterestRateSwap",
    "Labels", "Limit", "LimitState", "MarketData", "MarketSnapshot", "MonteCarloSpec", "PastPnl",
    "PnlVectors", "Portfolio", "Position", "PositionChange", "PositionChanges", "PositionTable",
    "Proxy", "QualityRule",
    "QuarantineOverPolicy", "RiskClass", "RiskResult", "RiskSpec", "RiskmillError", "RunFailed",
    "RunRecord", "ScenarioSet", "SettingChange", "Severity", "ShockKind", "StoreError",
    "StoreUnavailable",
    "StressScenario", "StressShock", "StressedPeriod", "StressedSpec", "TailScenario",
    "TouchOption", "UsageError", "ZeroCouponBond", "parse_factor", "tenor_days",
]  # fmt: skip

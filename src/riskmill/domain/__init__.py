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
from riskmill.domain.day_on_day import (
    Comparison,
    DayOnDay,
    PastDays,
    PnlExplained,
    PresentValueChange,
    VarChange,
)
from riskmill.domain.drilldown import InputRow, PositionDetail, PositionLoss
from riskmill.domain.errors import (
    ArtefactConflict,
    ArtefactMissing,
    CloudRefused,
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
from riskmill.domain.formulas import FORMULA, UNGUARD, guarded, shown_as_text, unguarded
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
    Dividend,
    FactorHistory,
    Fixing,
    FloatArray,
    MarketData,
    MarketSnapshot,
    Proxy,
    StressScenario,
    StressShock,
    snapshot_of,
)
from riskmill.domain.messages import (
    CLOSING_TASK,
    INBOX,
    RUN_REQUEST_SCHEMA,
    WORK_SCHEMA,
    RunRequest,
    WorkMessage,
    execution_name,
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
from riskmill.domain.stages import SERVICES, WAVES, Per, WaveShape
from riskmill.domain.telemetry import DIMENSION_SETS, METRICS, NAMESPACE, WATCHES, Metric

__all__ = [
    "ADDED", "ADJUSTMENTS", "AMEND", "BARRIER_TYPES", "CALENDARS", "CHANGED", "CLOSING_TASK",
    "DATASETS", "DATE_COLUMNS", "DAY_COUNTS", "DEFAULT_SHOCKS", "DIMENSION_SETS", "FORMULA",
    "INBOX", "INSTRUMENTS", "LEVELS", "METRICS", "NAMESPACE", "NUMBER_COLUMNS", "REMOVED",
    "REQUIRED_DATASETS", "RUN_REQUEST_SCHEMA", "SCENARIO_SETS", "SERVICES", "STUBS", "TEXT_COLUMNS",
    "UNDERLYING_CLASSES", "UNGUARD", "WATCHES", "WAVES", "WHOLE", "WORK_SCHEMA", "AmericanOption",
    "ArtefactConflict", "ArtefactMissing", "AsianOption", "BacktestException", "BacktestResult",
    "BarrierOption", "BatchFile", "BatchManifest", "BatchPolicy", "CloudRefused", "Code",
    "CommodityFuture", "Comparison", "Contribution", "DayOnDay", "DigitalOption", "Dividend",
    "Equity", "EquityFuture",
    "EuropeanOption", "Factor", "FactorHistory", "FactorMove", "FactorMoves", "Failure",
    "FailureReason", "Figure", "FileFormat", "FixedRateBond", "Fixing", "FloatArray",
    "FloatingRateNote", "FxForward", "FxOption", "Hierarchy", "InputFile", "InputRejected",
    "InputRow", "Instrument", "InterestRateSwap", "Labels", "Limit", "LimitState", "MarketData",
    "MarketSnapshot", "Metric", "MonteCarloSpec", "PastDays", "PastPnl", "Per", "PnlExplained",
    "PnlVectors", "Portfolio", "Position", "PositionChange", "PositionChanges", "PositionDetail",
    "PositionLoss", "PositionTable", "PresentValueChange", "Proxy", "QualityRule",
    "QuarantineOverPolicy", "RiskClass", "RiskResult", "RiskSpec", "RiskmillError", "RunFailed",
    "RunRecord", "RunRequest", "ScenarioSet", "SettingChange", "Severity", "ShockKind",
    "StoreError", "StoreUnavailable", "StressScenario", "StressShock", "StressedPeriod",
    "StressedSpec", "TailScenario", "TouchOption", "UsageError", "VarChange", "WaveShape",
    "WorkMessage", "ZeroCouponBond", "execution_name", "guarded", "parse_factor", "shown_as_text",
    "snapshot_of", "tenor_days", "unguarded",
]  # fmt: skip

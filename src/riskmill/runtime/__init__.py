"""
The edge: paths, options and the environment enter, and finished runs leave.

It opens stores, chooses compute paths and carries plans out with threads,
retries and a record of every attempt. It never computes a figure, and it never
takes anything but a task manifest for proof that work is done.
"""

from riskmill.pipeline import Verification, WhatIf, WhatIfFigure
from riskmill.reporting import Catalogue, RunComparison
from riskmill.runtime.attempts import LogRecord
from riskmill.runtime.aws import run_worker
from riskmill.runtime.codes import CODES
from riskmill.runtime.comparing import Compared, compare_runs
from riskmill.runtime.conversion import ConvertedDelivery, convert_delivery
from riskmill.runtime.delivery import Validation, validate, write_follow_up, write_manifest
from riskmill.runtime.demo import demo_input, write_starter
from riskmill.runtime.doctor import Check, examine_machine
from riskmill.runtime.events import (
    Event,
    Observer,
    RunFinished,
    RunStarted,
    StageFinished,
    StageStarted,
    TaskFailed,
    TaskFinished,
)
from riskmill.runtime.pages import rebuild_catalogue
from riskmill.runtime.preview import PlannedWave, PlanPreview, preview
from riskmill.runtime.receive import DeliveryState, IgnoredObject, InboxState, receive, watch
from riskmill.runtime.replay import replay_demo
from riskmill.runtime.rerender import Rendered, RenderOptions, render_again
from riskmill.runtime.risk_options import read_risk_options
from riskmill.runtime.runs import RunOptions, RunOutcome, rerun, start_run
from riskmill.runtime.settings import Settings, read_settings
from riskmill.runtime.signing import Signed, sign_run, verify_run
from riskmill.runtime.status import RunStatus, StageStatus, list_runs, read_log, run_status
from riskmill.runtime.stores import ObstoreStore
from riskmill.runtime.what_if import try_trades

__all__ = [
    "CODES",
    "Catalogue",
    "Check",
    "Compared",
    "ConvertedDelivery",
    "DeliveryState",
    "Event",
    "IgnoredObject",
    "InboxState",
    "LogRecord",
    "Observer",
    "ObstoreStore",
    "PlanPreview",
    "PlannedWave",
    "RenderOptions",
    "Rendered",
    "RunComparison",
    "RunFinished",
    "RunOptions",
    "RunOutcome",
    "RunStarted",
    "RunStatus",
    "Settings",
    "Signed",
    "StageFinished",
    "StageStarted",
    "StageStatus",
    "TaskFailed",
    "TaskFinished",
    "Validation",
    "Verification",
    "WhatIf",
    "WhatIfFigure",
    "compare_runs",
    "convert_delivery",
    "demo_input",
    "examine_machine",
    "list_runs",
    "preview",
    "read_log",
    "read_risk_options",
    "read_settings",
    "rebuild_catalogue",
    "receive",
    "render_again",
    "replay_demo",
    "rerun",
    "run_status",
    "run_worker",
    "sign_run",
    "start_run",
    "try_trades",
    "validate",
    "verify_run",
    "watch",
    "write_follow_up",
    "write_manifest",
    "write_starter",
]

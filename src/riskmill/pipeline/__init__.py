"""
The pipeline: a run spec enters, and a plan of tasks that carry it out leaves.

Its handlers load what a task names, call one room and store what it found, the
task's manifest last, through the ports that a runtime fills. Nothing is computed
here, and no clock, environment or vendor's library is ever touched.
"""

from riskmill.pipeline.answers import (
    ACK,
    REJECT,
    Ack,
    CodeCount,
    FileAnswer,
    Reject,
    RejectedRow,
    decode_ack,
    decode_reject,
    encode_answer,
    put_answer,
)
from riskmill.pipeline.artefacts import (
    ArtefactRef,
    TaskManifest,
    finished_tasks,
    intact_tasks,
    is_intact,
    load,
    load_manifest,
    load_record,
    put_same,
)
from riskmill.pipeline.catalogue import catalogue_of, past_run, write_catalogue
from riskmill.pipeline.checks import Check
from riskmill.pipeline.codecs import decode_value, encode_value
from riskmill.pipeline.codes import CODES
from riskmill.pipeline.comparison import compare, neighbours, write_comparison
from riskmill.pipeline.deliveries import (
    MANIFEST,
    MISSING,
    check_superseded,
    delivered_file,
    replaced_by,
)
from riskmill.pipeline.earlier import RESULT_SCHEMA
from riskmill.pipeline.early import EarlyAnswer, early_answer, early_prefix, stage_early
from riskmill.pipeline.handlers import perform
from riskmill.pipeline.inbox import (
    Decision,
    FoundManifest,
    Ignore,
    Landed,
    Refuse,
    Run,
    Settled,
    StageEarly,
    Wait,
    decide,
    in_inbox,
)
from riskmill.pipeline.ingestion_tasks import answer_refusal
from riskmill.pipeline.layout import (
    CATALOGUE_PAGE,
    SIGNATURE_MODEL,
    SIGNATURE_PAGE,
    answers_prefix,
    attempt_key,
    comparison_key,
    execution_key,
    items_key,
    manifest_key,
    plan_key,
    quarantine_prefix,
    record_key,
    report_key,
    report_prefix,
    run_prefix,
    source_key,
    spec_key,
    start_key,
    unread_prefix,
)
from riskmill.pipeline.plan import (
    MAX_PARTITIONS,
    OTHER_FORMS,
    Plan,
    Task,
    Wave,
    default_partitions,
    plan,
    remaining,
)
from riskmill.pipeline.ports import ObjectStore, PageStore, QueuedMessage, TaskQueue
from riskmill.pipeline.reporting_tasks import published_report
from riskmill.pipeline.risk_file import read_risk_file
from riskmill.pipeline.run_spec import PreviousRun, RunSpec, decode_spec, encode_spec, image_digest
from riskmill.pipeline.signature_pages import write_signature_pages
from riskmill.pipeline.signatures import (
    append_signature,
    check_comment,
    check_signer,
    is_note,
    is_signed,
    read_chain,
    refuse_signed,
)
from riskmill.pipeline.summary import RunSummary, decode_summary
from riskmill.pipeline.valuations import positions_of, valuations_of
from riskmill.pipeline.verification import Verification, verify
from riskmill.pipeline.verified_signatures import BEHIND
from riskmill.pipeline.what_if import WhatIf, WhatIfFigure, what_if
from riskmill.pipeline.workspace import Workspace

__all__ = [
    "ACK",
    "BEHIND",
    "CATALOGUE_PAGE",
    "CODES",
    "MANIFEST",
    "MAX_PARTITIONS",
    "MISSING",
    "OTHER_FORMS",
    "REJECT",
    "RESULT_SCHEMA",
    "SIGNATURE_MODEL",
    "SIGNATURE_PAGE",
    "Ack",
    "ArtefactRef",
    "Check",
    "CodeCount",
    "Decision",
    "EarlyAnswer",
    "FileAnswer",
    "FoundManifest",
    "Ignore",
    "Landed",
    "ObjectStore",
    "PageStore",
    "Plan",
    "PreviousRun",
    "QueuedMessage",
    "Refuse",
    "Reject",
    "RejectedRow",
    "Run",
    "RunSpec",
    "RunSummary",
    "Settled",
    "StageEarly",
    "Task",
    "TaskManifest",
    "TaskQueue",
    "Verification",
    "Wait",
    "Wave",
    "WhatIf",
    "WhatIfFigure",
    "Workspace",
    "answer_refusal",
    "answers_prefix",
    "append_signature",
    "attempt_key",
    "catalogue_of",
    "check_comment",
    "check_signer",
    "check_superseded",
    "compare",
    "comparison_key",
    "decide",
    "decode_ack",
    "decode_reject",
    "decode_spec",
    "decode_summary",
    "decode_value",
    "default_partitions",
    "delivered_file",
    "early_answer",
    "early_prefix",
    "encode_answer",
    "encode_spec",
    "encode_value",
    "execution_key",
    "finished_tasks",
    "image_digest",
    "in_inbox",
    "intact_tasks",
    "is_intact",
    "is_note",
    "is_signed",
    "items_key",
    "load",
    "load_manifest",
    "load_record",
    "manifest_key",
    "neighbours",
    "past_run",
    "perform",
    "plan",
    "plan_key",
    "positions_of",
    "published_report",
    "put_answer",
    "put_same",
    "quarantine_prefix",
    "read_chain",
    "read_risk_file",
    "record_key",
    "refuse_signed",
    "remaining",
    "replaced_by",
    "report_key",
    "report_prefix",
    "run_prefix",
    "source_key",
    "spec_key",
    "stage_early",
    "start_key",
    "unread_prefix",
    "valuations_of",
    "verify",
    "what_if",
    "write_catalogue",
    "write_comparison",
    "write_signature_pages",
]

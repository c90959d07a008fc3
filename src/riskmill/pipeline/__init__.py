"""
The pipeline: a run spec enters, and a plan of tasks that carry it out leaves.

Its handlers load what a task names, call one room and store what it found, the
task's manifest last, through the ports that a runtime fills. Nothing is computed
here, and no clock, environment or vendor's library is ever touched.
"""

from riskmill.pipeline.artefacts import (
    ArtefactRef,
    TaskManifest,
    finished_tasks,
    load,
    load_manifest,
    put_same,
)
from riskmill.pipeline.codecs import decode_value, encode_value
from riskmill.pipeline.codes import CODES
from riskmill.pipeline.handlers import RESULT_SCHEMA, Workspace, delivered_file, perform
from riskmill.pipeline.layout import (
    attempt_key,
    manifest_key,
    plan_key,
    record_key,
    report_key,
    run_prefix,
    source_key,
    spec_key,
)
from riskmill.pipeline.plan import (
    MAX_PARTITIONS,
    Plan,
    Task,
    Wave,
    default_partitions,
    plan,
    remaining,
)
from riskmill.pipeline.ports import ObjectStore
from riskmill.pipeline.run_spec import RunSpec, decode_spec, encode_spec
from riskmill.pipeline.summary import RunSummary, decode_summary

__all__ = [
    "CODES",
    "MAX_PARTITIONS",
    "RESULT_SCHEMA",
    "ArtefactRef",
    "ObjectStore",
    "Plan",
    "RunSpec",
    "RunSummary",
    "Task",
    "TaskManifest",
    "Wave",
    "Workspace",
    "attempt_key",
    "decode_spec",
    "decode_summary",
    "decode_value",
    "default_partitions",
    "delivered_file",
    "encode_spec",
    "encode_value",
    "finished_tasks",
    "load",
    "load_manifest",
    "manifest_key",
    "perform",
    "plan",
    "plan_key",
    "put_same",
    "record_key",
    "remaining",
    "report_key",
    "run_prefix",
    "source_key",
    "spec_key",
]

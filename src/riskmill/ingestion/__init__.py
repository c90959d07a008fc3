"""
Room 1: the delivered bytes of a batch enter.

Positions, market data, hierarchy and limits leave, with every rejected row and its
reasons as values. No file is opened here, no row is changed, filled in or dropped
in silence.
"""

from riskmill.ingestion.amendments import DeliveredPositions, replaced_rows
from riskmill.ingestion.codes import CODES
from riskmill.ingestion.delivery import position_table
from riskmill.ingestion.draft import dataset_of, draft_manifest
from riskmill.ingestion.files import ingest_blocks, ingest_chunks, ingest_file, staging_terms
from riskmill.ingestion.follow_up import draft_follow_up
from riskmill.ingestion.foreign.conversion import REJECTS, Conversion, SourceFile, rejects_csv
from riskmill.ingestion.foreign.formats import FOREIGN_FORMATS, convert
from riskmill.ingestion.input_rows import input_rows
from riskmill.ingestion.manifest import parse_batch_manifest
from riskmill.ingestion.quarantine import quarantine_chunks, quarantine_csv, quarantine_name
from riskmill.ingestion.reconcile import reconcile
from riskmill.ingestion.schema.description import (
    ColumnSchema,
    DatasetSchema,
    dataset_schema,
    dataset_schemas,
    instrument_columns,
    readers_of,
)
from riskmill.ingestion.schema.json_schema import JsonObject, json_schema
from riskmill.ingestion.staged import AcceptedBatch, Replaced, StagedFile
from riskmill.ingestion.streams import check_delivered
from riskmill.ingestion.totals import added

__all__ = [
    "CODES",
    "FOREIGN_FORMATS",
    "REJECTS",
    "AcceptedBatch",
    "ColumnSchema",
    "Conversion",
    "DatasetSchema",
    "DeliveredPositions",
    "JsonObject",
    "Replaced",
    "SourceFile",
    "StagedFile",
    "added",
    "check_delivered",
    "convert",
    "dataset_of",
    "dataset_schema",
    "dataset_schemas",
    "draft_follow_up",
    "draft_manifest",
    "ingest_blocks",
    "ingest_chunks",
    "ingest_file",
    "input_rows",
    "instrument_columns",
    "json_schema",
    "parse_batch_manifest",
    "position_table",
    "quarantine_chunks",
    "quarantine_csv",
    "quarantine_name",
    "readers_of",
    "reconcile",
    "rejects_csv",
    "replaced_rows",
    "staging_terms",
]

"""
Room 1: the delivered bytes of a batch enter.

Positions, market data, hierarchy and limits leave, with every rejected row and its
reasons as values. No file is opened here, no row is changed, filled in or dropped
in silence.
"""

from riskmill.ingestion.codes import CODES
from riskmill.ingestion.draft import draft_manifest
from riskmill.ingestion.files import ingest_blocks, ingest_chunks, ingest_file
from riskmill.ingestion.manifest import parse_batch_manifest
from riskmill.ingestion.quarantine import quarantine_chunks, quarantine_csv, quarantine_name
from riskmill.ingestion.reconcile import reconcile
from riskmill.ingestion.staged import AcceptedBatch, StagedFile
from riskmill.ingestion.totals import added

__all__ = [
    "CODES",
    "AcceptedBatch",
    "StagedFile",
    "added",
    "draft_manifest",
    "ingest_blocks",
    "ingest_chunks",
    "ingest_file",
    "parse_batch_manifest",
    "quarantine_chunks",
    "quarantine_csv",
    "quarantine_name",
    "reconcile",
]

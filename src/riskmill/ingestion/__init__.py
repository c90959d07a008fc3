"""
Room 1: the delivered bytes of a batch enter.

Positions, market data, hierarchy and limits leave, with every rejected row and its
reasons as values. No file is opened here, no row is changed, filled in or dropped
in silence.
"""

from riskmill.ingestion.codes import CODES
from riskmill.ingestion.draft import dataset_of, draft_manifest
from riskmill.ingestion.files import check_bytes, ingest_file, staging_terms, with_replaced
from riskmill.ingestion.follow_up import draft_follow_up
from riskmill.ingestion.manifest import parse_batch_manifest
from riskmill.ingestion.quarantine import quarantine_csv
from riskmill.ingestion.reconcile import reconcile
from riskmill.ingestion.staged import AcceptedBatch, Replaced, StagedFile

__all__ = [
    "CODES",
    "AcceptedBatch",
    "Replaced",
    "StagedFile",
    "check_bytes",
    "dataset_of",
    "draft_follow_up",
    "draft_manifest",
    "ingest_file",
    "parse_batch_manifest",
    "quarantine_csv",
    "reconcile",
    "staging_terms",
    "with_replaced",
]

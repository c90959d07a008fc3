"""
Room 1: the delivered bytes of a batch enter.

Positions, market data, hierarchy and limits leave, with every rejected row and its
reasons as values. No file is opened here, no row is changed, filled in or dropped
in silence.
"""

from riskmill.ingestion.files import ingest_file
from riskmill.ingestion.staged import AcceptedBatch, StagedFile

__all__ = ["AcceptedBatch", "StagedFile", "ingest_file"]

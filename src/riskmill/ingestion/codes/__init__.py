"""Every code that ingestion can give."""

from collections.abc import Mapping

from riskmill.domain import Code
from riskmill.ingestion.codes.batches import BATCHES
from riskmill.ingestion.codes.deliveries import DELIVERIES
from riskmill.ingestion.codes.foreign import FOREIGN
from riskmill.ingestion.codes.rows import ROWS
from riskmill.ingestion.codes.versions import VERSIONS
from riskmill.ingestion.codes.warnings import WARNINGS

CODES: Mapping[str, Code] = {
    **DELIVERIES,
    **VERSIONS,
    **ROWS,
    **BATCHES,
    **WARNINGS,
    **FOREIGN,
}

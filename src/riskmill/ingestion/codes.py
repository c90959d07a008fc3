"""Every code that ingestion can give: a delivery (E0xx), a row (E1xx), files (E2xx), W3xx."""

from collections.abc import Mapping

from riskmill.domain import Code
from riskmill.ingestion.codes_of_batches import BATCH_CODES
from riskmill.ingestion.codes_of_deliveries import DELIVERY_CODES
from riskmill.ingestion.codes_of_rows import ROW_CODES

CODES: Mapping[str, Code] = {**DELIVERY_CODES, **ROW_CODES, **BATCH_CODES}

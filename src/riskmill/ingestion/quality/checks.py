"""Every check of market data by the name that a batch's policy calls it by."""

from collections.abc import Mapping

from riskmill.ingestion.quality.butterfly_arbitrage import butterfly_arbitrages
from riskmill.ingestion.quality.calendar_arbitrage import calendar_arbitrages
from riskmill.ingestion.quality.check import DAYS, Check
from riskmill.ingestion.quality.early_end import early_end
from riskmill.ingestion.quality.examined import Examined, QuoteRows
from riskmill.ingestion.quality.flat_stretch import flat_stretches
from riskmill.ingestion.quality.future_quote import future_quotes
from riskmill.ingestion.quality.history_jump import history_jumps
from riskmill.ingestion.quality.idle_shock import idle_shocks
from riskmill.ingestion.quality.jump import jumps
from riskmill.ingestion.quality.missing_days import missing_days
from riskmill.ingestion.quality.not_positive import not_positive
from riskmill.ingestion.quality.percent_for_decimal import percents_for_decimals
from riskmill.ingestion.quality.rising_discount_factors import rising_discount_factors
from riskmill.ingestion.quality.snapshot_mismatch import snapshot_mismatches
from riskmill.ingestion.quality.spike import spikes
from riskmill.ingestion.quality.stale_factor import stale_factors
from riskmill.ingestion.quality.stale_quote import stale_quotes

_DEVIATIONS = "robust deviations"

QUOTE_CHECKS: Mapping[str, Check[QuoteRows]] = {
    "stale_quote": Check(code="W315", look=stale_quotes, limit=0, unit=DAYS),
    "future_quote": Check(code="W304", look=future_quotes),
}
"""Checks of the market file's rows, made when the file is staged."""

MARKET_CHECKS: Mapping[str, Check[Examined]] = {
    "snapshot_mismatch": Check(
        code="W301", look=snapshot_mismatches, limit=1e-6, unit="relative difference"
    ),
    "not_positive": Check(code="W311", look=not_positive),
    "percent_for_decimal": Check(
        code="W317", look=percents_for_decimals, limit=0.5, unit="decimal"
    ),
    "jump": Check(code="W307", look=jumps, limit=10, unit=_DEVIATIONS),
    "spike": Check(code="W308", look=spikes, limit=10, unit=_DEVIATIONS),
    "history_jump": Check(code="W309", look=history_jumps, limit=40, unit=_DEVIATIONS),
    "stale_factor": Check(code="W302", look=stale_factors, limit=5, unit=DAYS, least=1),
    "flat_stretch": Check(code="W316", look=flat_stretches, limit=20, unit=DAYS, least=1),
    "missing_days": Check(code="W310", look=missing_days, limit=2, unit=DAYS),
    "early_end": Check(code="W305", look=early_end, limit=0, unit=DAYS),
    "rising_discount_factors": Check(
        code="W312", look=rising_discount_factors, limit=0.02, unit="decimal below zero"
    ),
    "calendar_arbitrage": Check(
        code="W313", look=calendar_arbitrages, limit=0.01, unit="share of variance"
    ),
    "butterfly_arbitrage": Check(
        code="W314", look=butterfly_arbitrages, limit=1e-4, unit="share of spot"
    ),
    "idle_shock": Check(code="W306", look=idle_shocks),
}
"""Checks of the snapshot and the history against one another, made across files."""

CHECKS: Mapping[str, Check[QuoteRows] | Check[Examined]] = {**QUOTE_CHECKS, **MARKET_CHECKS}

"""The report as one typed model: every figure that any format prints."""

from dataclasses import dataclass

from riskmill.domain import RiskResult
from riskmill.reporting.views.audit import AuditView, audit_view
from riskmill.reporting.views.backtests import BacktestView, backtest_view
from riskmill.reporting.views.certainty import CertaintyView, certainty_view
from riskmill.reporting.views.contributions import ContributionView, contribution_view
from riskmill.reporting.views.day_on_day import DayOnDayView, day_on_day_view
from riskmill.reporting.views.drilldown import DrillDown, drill_down
from riskmill.reporting.views.findings import findings
from riskmill.reporting.views.headline import Headline, headline
from riskmill.reporting.views.history import HistoryView, history_view
from riskmill.reporting.views.limits import LimitTable, limit_table
from riskmill.reporting.views.market import MarketView, market_view
from riskmill.reporting.views.pnl import PnlView, pnl_view
from riskmill.reporting.views.portfolios import PortfolioTable, portfolio_table
from riskmill.reporting.views.quality import QualityView, quality_view
from riskmill.reporting.views.sensitivities import SensitivityView, sensitivity_view
from riskmill.reporting.views.stress import StressTable, stress_table
from riskmill.reporting.views.stressed import StressedView, stressed_view
from riskmill.reporting.views.strip import StatusStrip, status_strip
from riskmill.reporting.views.tail import TailView, tail_view

SCHEMA = "riskmill.report/1"
"""Name and version of the model; a reader accepts this version and the one before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Sections in page order; a renderer adds looks, never a figure."""

    schema: str
    strip: StatusStrip
    headline: Headline
    limits: LimitTable
    day_on_day: DayOnDayView
    pnl: PnlView
    portfolios: PortfolioTable
    contributions: ContributionView
    tail: TailView
    drilldown: DrillDown
    stress: StressTable
    stressed: StressedView
    sensitivities: SensitivityView
    market: MarketView
    history: HistoryView
    backtests: BacktestView
    certainty: CertaintyView
    quality: QualityView
    audit: AuditView


def build_report(result: RiskResult) -> Report:
    """
    Turn a result into what its reader sees, figures and words alike.

    Pure: the same result gives the same report. Figures that are missing or not
    finite read `n/a` and have no value. Raises `InputRejected` (E220) for a
    hierarchy without a top.
    """
    found = findings(result)
    return Report(
        schema=SCHEMA,
        strip=status_strip(found),
        headline=headline(found),
        limits=limit_table(found),
        day_on_day=day_on_day_view(found),
        pnl=pnl_view(found),
        portfolios=portfolio_table(found),
        contributions=contribution_view(found),
        tail=tail_view(found),
        drilldown=drill_down(found),
        stress=stress_table(found),
        stressed=stressed_view(found),
        sensitivities=sensitivity_view(found),
        market=market_view(found),
        history=history_view(found),
        backtests=backtest_view(found),
        certainty=certainty_view(found),
        quality=quality_view(found),
        audit=audit_view(found),
    )

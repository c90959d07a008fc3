"""Every instrument keeps the promises of a pricer."""

from riskmill.domain import INSTRUMENTS
from riskmill.risk.pricing import PRICERS
from riskmill.testing import PricerContract
from tests.risk.pricing.samples import CONTRACTS, MARKET


def test_every_instrument_has_a_pricer_and_a_proof() -> None:
    assert list(PRICERS) == list(INSTRUMENTS)
    proved = {type(kind.instrument) for kind in PricerContract.__subclasses__()}
    assert set(INSTRUMENTS.values()) <= proved


class TestEquity(PricerContract):
    instrument, market = CONTRACTS["equity"], MARKET


class TestEquityFuture(PricerContract):
    instrument, market, gross = CONTRACTS["equity_future"], MARKET, 125_000.0


class TestCommodityFuture(PricerContract):
    instrument, market, gross = CONTRACTS["commodity_future"], MARKET, 45_000.0


class TestEuropeanOption(PricerContract):
    instrument, market, gross = CONTRACTS["european_option"], MARKET, 250_000.0


class TestAmericanOption(PricerContract):
    instrument, market, gross = CONTRACTS["american_option"], MARKET, 16_000.0
    approximation = 1e-6


class TestFxForward(PricerContract):
    instrument, market = CONTRACTS["fx_forward"], MARKET


class TestFxOption(PricerContract):
    instrument, market = CONTRACTS["fx_option"], MARKET


class TestFixedRateBond(PricerContract):
    instrument, market = CONTRACTS["fixed_rate_bond"], MARKET


class TestInterestRateSwap(PricerContract):
    instrument, market = CONTRACTS["interest_rate_swap"], MARKET


class TestBarrierOption(PricerContract):
    instrument, market, gross = CONTRACTS["barrier_option"], MARKET, 250_000.0


class TestDigitalOption(PricerContract):
    instrument, market, gross = CONTRACTS["digital_option"], MARKET, 10_000.0


class TestTouchOption(PricerContract):
    instrument, market, gross = CONTRACTS["touch_option"], MARKET, 1_000.0


class TestAsianOption(PricerContract):
    instrument, market, gross = CONTRACTS["asian_option"], MARKET, 46_000.0


class TestZeroCouponBond(PricerContract):
    instrument, market = CONTRACTS["zero_coupon_bond"], MARKET


class TestFloatingRateNote(PricerContract):
    instrument, market = CONTRACTS["floating_rate_note"], MARKET

"""Exotic options, notes and swaps on two curves, from delivered files to the report."""

import json
from datetime import date
from pathlib import Path

import pytest

from riskmill.domain import RiskSpec
from riskmill.runtime import RunOptions, RunOutcome, start_run, write_manifest

POSITIONS = """\
position_id,book,instrument,quantity,currency,notional,underlying,underlying_class,option_type,strike,\
expiry,multiplier,barrier,barrier_type,rebate,knocked,payoff,payout,average_start,fixings,past_average,\
rate,start,maturity,fixed_frequency_months,fixed_day_count,float_frequency_months,float_day_count,index,\
spread,fixing_lag_days,stub,calendar,fixed_adjustment,float_adjustment,payment_lag_days,settlement_lag_days
B1,SPX-FRONT,barrier_option,10,USD,2500000,SPX,,put,2500,2019-03-15,100,2100,down-out,5,,,,,,,,,,,,,,,,,,,,,,
D1,SPX-FRONT,digital_option,-5,USD,1250000,SPX,,call,2500,2019-03-15,100,,,,,cash,10,,,,,,,,,,,,,,,,,,,
T1,SPX-FRONT,touch_option,3,USD,100,SPX,EQ,,,2019-03-15,1000,2300,down-in,,no,at_hit,,,,,,,,,,,,,,,,,,,,
A1,SPX-FRONT,asian_option,7,USD,1750000,SPX,,call,2450,2019-03-15,100,,,,,arithmetic,,2018-12-03,60,2600,,,,,,,,,,,,,,,,
S1,SPX-FRONT,interest_rate_swap,1000000,USD,1000000,,,,,,,,,,,,,,,,0.028,2018-02-20,2024-02-20,6,30/360,\
3,act/360,USD-LIBOR-3M,0.001,2,short-first,US+GB,pay-following,modified-following,2,
N1,SPX-FRONT,floating_rate_note,500000,USD,500000,,,,,,,,,,,,,,,,,2018-03-15,2022-03-15,,,\
6,act/360,USD-LIBOR-6M,0.002,0,long-last,,,,0,
Z1,SPX-FRONT,zero_coupon_bond,500000,EUR,500000,,,,,,,,,,,,,,,,,,2023-05-15,,,,,,,,,TARGET,pay-following,,,
F1,SPX-FRONT,fx_option,1000000,USD,1000000,EURUSD,,call,1.15,2019-03-15,,,,,,,,,,,,,,,,,,,,,,TARGET+US,,,,2
"""
FIXINGS = """\
index,date,value,unit,source
USD-LIBOR-3M,2018-11-16,0.0264,decimal,fixing
"""


@pytest.fixture
def batch(own_batch: Path) -> Path:
    """Nothing but the positions above, with a forward curve and one of two fixings."""
    (own_batch / "positions.csv").write_text(POSITIONS, encoding="utf-8")
    (own_batch / "fixings.csv").write_text(FIXINGS, encoding="utf-8")
    market = own_batch / "market.csv"
    lines = market.read_text(encoding="utf-8").splitlines()
    nodes = [line for line in lines if line.startswith("IR:USD:")]
    copies = [
        line.replace("IR:USD:", f"IR:USD-LIBOR-{tenor}:")
        for line in nodes
        for tenor in ("3M", "6M")
    ]
    market.write_text("\n".join([*lines, *copies]) + "\n", encoding="utf-8")
    proxies = own_batch / "proxies.csv"
    pairs = [
        f"{copy.split(',')[0]},IR:USD:{copy.split(',')[0].rpartition(':')[2]},1,same currency"
        for copy in copies
    ]
    text = proxies.read_text(encoding="utf-8").rstrip("\n")
    proxies.write_text("\n".join([text, *pairs]) + "\n", encoding="utf-8")
    (own_batch / "manifest.json").unlink()
    write_manifest(
        own_batch, business_date=date(2018, 12, 31), snapshot="EOD", reporting_currency="USD"
    )
    manifest = own_batch / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content["policy"] = {"max_bad_rows": 1, "max_bad_notional_pct": 100.0}
    manifest.write_text(json.dumps(content), encoding="utf-8")
    return own_batch


def report(outcome: RunOutcome) -> dict:
    assert outcome.report
    return json.loads(outcome.report.with_name("report.json").read_text(encoding="utf-8"))


def test_they_are_valued_and_a_missing_fixing_is_named(batch: Path, out: Path) -> None:
    found = json.dumps(report(start_run(batch, out, RunOptions(spec=RiskSpec(scenarios=50)))))
    assert "USD-LIBOR-6M" in found
    assert "E404" in found
    for position in ("B1", "D1", "T1", "A1", "S1", "Z1", "F1"):
        assert f'"{position}"' in found, position


def test_the_report_says_what_the_spec_chose(batch: Path, out: Path) -> None:
    spec = RiskSpec(
        scenarios=50, volatility_dynamics="sticky-moneyness", curve_interpolation="monotone-convex"
    )
    found = json.dumps(report(start_run(batch, out, RunOptions(spec=spec))))
    assert "sticky moneyness" in found
    assert "monotone-convex" in found

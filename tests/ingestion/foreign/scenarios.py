"""A scenario file of ORE's form and the simulation file that belongs to it."""

from collections.abc import Sequence
from datetime import date, timedelta

HEADER = (
    "Date,Scenario,Numeraire,DiscountCurve/EUR/0,DiscountCurve/EUR/1,DiscountCurve/USD/0,"
    "DiscountCurve/USD/1,IndexCurve/EUR-EONIA/0,IndexCurve/EUR-EONIA/1,FXSpot/USDEUR/0,"
    "EquitySpot/RIC:.SPX/0"
)
ROWS = (
    "27/12/2019,1,1,1.002,1.0039,0.991,0.9812,1.0,1.0,0.8935,3240.0",
    "2019-12-30,1,1,1.0021,1.0041,0.9912,0.9815,1.0,1.0,0.8929,3221.5",
)
SIMULATION = (
    b"<Simulation><Market><YieldCurves><Configuration curve=''><Tenors>6M, 1Y</Tenors>"
    b"</Configuration><Configuration curve='USD'><Tenors>1Y,2Y</Tenors></Configuration>"
    b"</YieldCurves></Market></Simulation>"
)


def daily_rows(days: int) -> tuple[str, ...]:
    """Rows of so many days up to the last of `ROWS`, the levels going up and down a little."""
    last = date(2019, 12, 30)
    return tuple(
        f"{last - timedelta(days=age)},1,1,1.002{age % 4},1.004{age % 7},0.991{age % 5},"
        f"0.981{age % 3},1.0,1.0,0.89{age % 9}9,32{age % 8}1.5"
        for age in range(days - 1, -1, -1)
    )


def scenario_file(rows: Sequence[str] = ROWS, header: str = HEADER) -> bytes:
    """The file of the rows."""
    return "\n".join([header, *rows, ""]).encode()

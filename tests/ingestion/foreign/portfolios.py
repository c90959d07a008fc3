"""ORE portfolios in the making: a good trade of each type, and ways to change one."""

from collections.abc import Sequence
from datetime import date

from riskmill.ingestion import Conversion, convert

BUSINESS_DATE = date(2019, 12, 30)
ENVELOPE = (
    "<Envelope><CounterParty>CPTY_A</CounterParty><NettingSetId>NS</NettingSetId>"
    "<PortfolioIds><PortfolioId>PF1</PortfolioId></PortfolioIds><AdditionalFields/></Envelope>"
)
FX_FORWARD = (
    "<FxForwardData><ValueDate>2029-03-01</ValueDate><BoughtCurrency>EUR</BoughtCurrency>"
    "<BoughtAmount>1000000</BoughtAmount><SoldCurrency>USD</SoldCurrency>"
    "<SoldAmount>1100000</SoldAmount><Settlement>Cash</Settlement></FxForwardData>"
)
_OPTION = (
    "<OptionData><LongShort>Short</LongShort><OptionType>Put</OptionType><Style>European</Style>"
    "<Settlement>Cash</Settlement><PayOffAtExpiry>false</PayOffAtExpiry>"
    "<ExerciseDates><ExerciseDate>20210315</ExerciseDate></ExerciseDates>"
    "<Premiums><Premium><Amount>10</Amount><Currency>EUR</Currency>"
    "<PayDate>2019-11-01</PayDate></Premium></Premiums></OptionData>"
)
FX_OPTION = (
    f"<FxOptionData>{_OPTION}<BoughtCurrency>EUR</BoughtCurrency>"
    "<BoughtAmount>1000000</BoughtAmount><SoldCurrency>USD</SoldCurrency>"
    "<SoldAmount>1100000.00</SoldAmount></FxOptionData>"
)
EQUITY_OPTION = (
    f"<EquityOptionData>{_OPTION}<Name>RIC:.SPX</Name><Currency>USD</Currency>"
    "<Strike>2800</Strike><Quantity>775</Quantity></EquityOptionData>"
)
EQUITY_POSITION = (
    "<EquityPositionData><Quantity>-120</Quantity><Underlying><Type>Equity</Type>"
    "<Name>SP5</Name><Weight>1</Weight><Currency>USD</Currency></Underlying></EquityPositionData>"
)


def leg(
    kind: str,
    *,
    payer: str,
    tenor: str,
    start: str = "2020-03-05",
    end: str = "2025-03-05",
    extra: str = "",
) -> str:
    """A leg of a swap or bond."""
    data = {
        "Fixed": "<FixedLegData><Rates><Rate>0.021</Rate></Rates></FixedLegData>",
        "Floating": "<FloatingLegData><Index>EUR-EURIBOR-6M</Index><FixingDays>2</FixingDays>"
        "<Spreads><Spread>0.0</Spread></Spreads></FloatingLegData>",
    }
    return (
        f"<LegData><LegType>{kind}</LegType><Payer>{payer}</Payer><Currency>EUR</Currency>"
        "<Notionals><Notional>30000000.00</Notional></Notionals>"
        f"<DayCounter>A360</DayCounter><PaymentConvention>MF</PaymentConvention>{data[kind]}"
        f"<ScheduleData><Rules><StartDate>{start}</StartDate><EndDate>{end}</EndDate>"
        f"<Tenor>{tenor}</Tenor><Calendar>TARGET</Calendar><Convention>MF</Convention>"
        "<TermConvention>MF</TermConvention><Rule>Forward</Rule><EndOfMonth/><FirstDate/>"
        f"<LastDate/></Rules></ScheduleData>{extra}</LegData>"
    )


FIXED = leg("Fixed", payer="true", tenor="1Y")
FLOATING = leg("Floating", payer="false", tenor="6M")
SWAP = f"<SwapData>{FIXED}{FLOATING}</SwapData>"
BOND = (
    "<BondData><IssuerId>ISSUER</IssuerId><CreditCurveId>ISSUER</CreditCurveId>"
    "<SecurityId>S-1</SecurityId><ReferenceCurveId>EUR-EURIBOR-6M</ReferenceCurveId>"
    "<SettlementDays>2</SettlementDays><Calendar>TARGET</Calendar>"
    f"<IssueDate>2020-03-05</IssueDate>{leg('Fixed', payer='false', tenor='1Y')}</BondData>"
)
GOOD = {
    "FxForward": FX_FORWARD,
    "FxOption": FX_OPTION,
    "EquityOption": EQUITY_OPTION,
    "EquityPosition": EQUITY_POSITION,
    "Swap": SWAP,
    "Bond": BOND,
}
"""Data of a good trade of every type that is taken."""


def trade(kind: str, data: str, name: str = "T-1", envelope: str = ENVELOPE) -> str:
    """One trade of a portfolio."""
    return f'<Trade id="{name}"><TradeType>{kind}</TradeType>{envelope}{data}</Trade>'


def portfolio(trades: Sequence[str]) -> bytes:
    """A portfolio of the trades, one a line."""
    return "\n".join(
        ["<?xml version='1.0' encoding='UTF-8'?>", "<Portfolio>", *trades, "</Portfolio>"]
    ).encode()


def converted(
    *trades: str, book: str = "", day: date = BUSINESS_DATE, **others: bytes
) -> Conversion:
    """Convert a portfolio of the trades; other files are named by their keys, `_` for a point."""
    files = {name.replace("_", "."): raw for name, raw in others.items()}
    return convert(
        "ore",
        {"portfolio.xml": portfolio(trades), **files},
        business_date=day,
        book=book,
    )

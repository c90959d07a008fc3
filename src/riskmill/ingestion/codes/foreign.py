"""Codes of foreign formats: E075 to E099 for files, E151 to E169 for trades, W390 and on."""

from collections.abc import Mapping

from riskmill.domain import Code

FOREIGN: Mapping[str, Code] = {
    "E075": Code(
        title="not XML that can be read",
        example="<Portfolio><Trade id='1'>, cut off in transfer",
        cause="An element is not closed, or the file is in an encoding that it does not declare, "
        "so its trades cannot be told apart.",
        remedy="Write the file again from its source.",
    ),
    "E076": Code(
        title="XML with a document type",
        example="<!DOCTYPE Portfolio [<!ENTITY lol 'lol'>]>",
        cause="A document type can define entities that grow without bound or read other files. "
        "Portfolios need none, so it is refused before anything is expanded.",
        remedy="Take the document type out, or find out who put it in.",
    ),
    "E077": Code(
        title="XML beyond all measure",
        example="a trade with a million legs",
        cause="The file has more than 256 MiB, a trade more than 100,000 elements or 4 MiB of "
        "text, or elements are nested more than 64 deep.",
        remedy="Split the portfolio into several files; they are read together.",
    ),
    "E078": Code(
        title="no portfolio among the files",
        example="riskmill convert a/directory/of/results --from ore ...",
        cause="None of the files is an XML document whose root is Portfolio.",
        remedy="Name the portfolio file, or the directory that holds it.",
    ),
    "E079": Code(
        title="no trade could be converted",
        example="a portfolio of swaptions alone",
        cause="Every trade has a type or a feature that riskmill does not price, or breaks a rule.",
        remedy="The failures name what keeps each trade out; riskmill schema positions says what "
        "is priced.",
    ),
    "E080": Code(
        title="the scenario file cannot be read",
        example="a row that lacks a cell, or a date twice",
        cause="The header does not begin with Date,Scenario,Numeraire, a cell is no number above "
        "zero, the dates do not ascend, or there are two scenario files. A history with a lost "
        "day would give wrong shocks.",
        remedy="Write one scenario file: one row a date, oldest first, every cell filled.",
    ),
    "E081": Code(
        title="curve nodes without tenors",
        example="DiscountCurve/EUR/12 and a simulation file that lists 12 tenors",
        cause="A scenario file numbers the nodes of a curve; what the numbers mean stands in the "
        "simulation file, which is missing or shorter.",
        remedy="Give the simulation file that the scenarios were written with.",
    ),
    "E151": Code(
        title="trade type not taken over",
        example="<TradeType>Swaption</TradeType>",
        cause="riskmill has no pricer for the type, or one that values something else.",
        remedy="Leave the trade out, or book what comes closest to it by hand.",
    ),
    "E152": Code(
        title="a feature that is not priced",
        example="a swap with a spread, a notional that amortises, or an unknown element",
        cause="The trade type is known, but this trade has something that the pricer does not "
        "value. Elements that are not known are taken for such a feature.",
        remedy="Leave the trade out, or book what comes closest to it by hand.",
    ),
    "E153": Code(
        title="a needed element is missing",
        example="an FxForward without ValueDate",
        cause="The element is not there or empty, and nothing is filled in for it.",
        remedy="Complete the trade in the portfolio and convert it again.",
    ),
    "E154": Code(
        title="an element holds something else",
        example="<Notional>ten million</Notional>",
        cause="The element should hold a number, a date, or true or false.",
        remedy="Correct the trade in the portfolio and convert it again.",
    ),
    "E155": Code(
        title="no book",
        example="an Envelope without PortfolioId, NettingSetId and CounterParty",
        cause="Every position has exactly one book: the trade's one portfolio, else its netting "
        "set, else its counterparty. This one names none.",
        remedy="Complete the envelope, or give all trades a book with --book NAME.",
    ),
    "W390": Code(
        title="a feature that is passed over",
        example="<Convention>ModifiedFollowing</Convention>",
        cause="The trade is converted without a feature that changes its value little: business "
        "days are not counted, a bond's issuer has no credit spread, settlement has no lag.",
        remedy="Nothing, if that is good enough; otherwise take the position out.",
    ),
    "W391": Code(
        title="a file that is not converted",
        example="sensitivity.csv",
        cause="The file holds results or settings; riskmill takes positions, markets and fixings.",
        remedy="Nothing; if it should be one of those, compare its form with docs/howto.",
    ),
    "W392": Code(
        title="a part of the scenario file is left out",
        example="IndexCurve/EUR-EURIBOR-6M",
        cause="The columns are no risk factors of riskmill (it has one curve a currency, and takes "
        "no volatilities from this file), or dates lie after the business date.",
        remedy="Deliver what positions still need, such as volatilities, in market.csv.",
    ),
}

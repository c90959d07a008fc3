"""E1xx: what can be said of one row, cell or series."""

from collections.abc import Mapping

from riskmill.domain import Code

ROWS: Mapping[str, Code] = {
    "E101": Code(
        title="wrong number of cells",
        example="P-1,BOOK,equity,1,000,USD",
        cause="The row has more or fewer cells than the header, often for a comma inside a text or "
        "a number.",
        remedy='Put texts that hold a comma in quotes: "Smith, Jones".',
    ),
    "E102": Code(
        title="quotes do not pair",
        example='"P-1,BOOK,equity',
        cause="A quote is opened and not closed, or text follows a closing quote, so the cells "
        "cannot be told apart. Only this line is set aside.",
        remedy='Close the quote; write a quote inside a quoted text twice: "5"" pipe".',
    ),
    "E103": Code(
        title="the row is too long",
        example="a cell of 10 MB",
        cause="The row has more than 1 MiB: line ends were lost, or it was made to harm.",
        remedy="Check the row's line ends and texts, then deliver it again.",
    ),
    "E104": Code(
        title="bytes that are not UTF-8",
        example="Zürich saved as Latin-1",
        cause="A cell holds bytes of another encoding, such as Latin-1.",
        remedy="Save the file as UTF-8; the other rows were read.",
    ),
    "E105": Code(
        title="control character",
        example="a position id with a line end in it",
        cause="A cell holds NUL, a tab, a line end or another character that cannot be seen, such "
        "as a mark of direction.",
        remedy="Remove the character.",
    ),
    "E106": Code(
        title="a needed cell is empty",
        example="a european_option without a strike",
        cause="The column is required for all rows or for the row's instrument.",
        remedy="Fill the cell; docs/datasets.md says which instrument needs which column.",
    ),
    "E107": Code(
        title="not a number",
        example="1,000",
        cause="The cell is not a decimal number with a point. Blanks and thousands separators are "
        "not guessed away.",
        remedy="Write digits with a point, such as -1234.5 or 1e6.",
    ),
    "E108": Code(
        title="not a finite number",
        example="1e400",
        cause="The number is NaN, infinite or too large for a double.",
        remedy="Write the true number, or leave an optional cell empty.",
    ),
    "E109": Code(
        title="must be above zero",
        example="strike -25",
        cause="Strikes, prices, multipliers, limits and the values of equities, commodities, "
        "currencies and volatilities are positive.",
        remedy="Correct the row in the quarantine file and deliver it again.",
    ),
    "E110": Code(
        title="must not be below zero",
        example="notional -1000000",
        cause="The notional is a size; the sign of a position is in its quantity.",
        remedy="Write the notional without a sign.",
    ),
    "E111": Code(
        title="must not be zero",
        example="quantity 0",
        cause="A position of nothing is most often one that should not be in the file.",
        remedy="Fill in the quantity or leave the row out.",
    ),
    "E112": Code(
        title="not a date",
        example="31/12/2018, or 2019-02-30",
        cause="The cell is not a date that exists between 1900 and 2199, written YYYY-MM-DD.",
        remedy="Write the date as YYYY-MM-DD.",
    ),
    "E113": Code(
        title="expired",
        example="expiry 2018-12-21 at business date 2018-12-31",
        cause="The contract ended before the business date, so it has no value to shock.",
        remedy="Leave the row out, or correct the expiry.",
    ),
    "E114": Code(
        title="matured",
        example="maturity 2018-12-31 at business date 2018-12-31",
        cause="A bond or swap that matures on the business date or before has no cash flow left.",
        remedy="Leave the row out, or correct the maturity.",
    ),
    "E115": Code(
        title="start not before maturity",
        example="start 2028-01-15, maturity 2018-01-15",
        cause="No period lies between the two dates; they are often swapped.",
        remedy="Correct the row in the quarantine file and deliver it again.",
    ),
    "E116": Code(
        title="not one of the allowed words",
        example="option_type CALL",
        cause="The column has a closed list of values.",
        remedy="Use one of the values that the message names, in the same letters.",
    ),
    "E117": Code(
        title="unknown instrument",
        example="instrument barrier_option",
        cause="riskmill has no pricer under this word, so the rules of its columns are unknown.",
        remedy="Use a word of the list in docs/datasets.md.",
    ),
    "E118": Code(
        title="not a currency",
        example="currency US$",
        cause="The cell is not a code of ISO 4217.",
        remedy="Write three capital letters, such as USD.",
    ),
    "E119": Code(
        title="duplicate",
        example="position_id P-1 in records 7 and 9",
        cause="An earlier row of the file has the same id. The first one is kept.",
        remedy="Take one of the rows out, or give it its own id.",
    ),
    "E120": Code(
        title="text too long",
        example="a position id of 65 characters",
        cause="Ids have at most 64 characters, other texts at most 500.",
        remedy="Shorten the text.",
    ),
    "E121": Code(
        title="blanks around a name",
        example="book 'RATES '",
        cause="A name that begins or ends with a blank would not match its twin without one.",
        remedy="Remove the blanks.",
    ),
    "E122": Code(
        title="not a currency pair",
        example="underlying EUR/USD",
        cause="The underlying of an FX contract is two different currencies, six capitals in all.",
        remedy="Write the pair as the market quotes it.",
    ),
    "E123": Code(
        title="currency is not the pair's second",
        example="underlying EURUSD, currency EUR",
        cause="An FX contract is valued in the second currency of its pair.",
        remedy="Correct the currency or the pair.",
    ),
    "E124": Code(
        title="not the name of an underlying",
        example="underlying 'S&P 500'",
        cause="The underlying becomes part of a risk factor id, such as EQ:AAPL.",
        remedy="Use letters, digits, points, hyphens and underscores.",
    ),
    "E125": Code(
        title="the current fixing is missing",
        example="a swap of 2015 without current_fixing",
        cause="The swap started before the business date, so the rate of its running period is "
        "already set and no curve tells it.",
        remedy="Fill current_fixing with the rate that was set, as a decimal.",
    ),
    "E126": Code(
        title="one thing has two values",
        example="EQ:AAPL 157.74 and EQ:AAPL 156.23",
        cause="Two rows give one factor, one index and date, or one portfolio, day and kind of P&L "
        "different values, and nobody can say which is right, so neither is used.",
        remedy="Deliver one value.",
    ),
    "E127": Code(
        title="not an instant in UTC",
        example="2018-12-31 22:00",
        cause="A time without zone says nothing about what was known when.",
        remedy="Write YYYY-MM-DDTHH:MM:SSZ.",
    ),
    "E128": Code(
        title="out of range",
        example="confidence 99",
        cause="A confidence lies between 0 and 1, a limit's warning from 0 to 1, and a relative "
        "shock above -1.",
        remedy="Write shares as decimals: 0.99, not 99.",
    ),
    "E131": Code(
        title="the scenario lost a row",
        example="an equity crash whose FX shock cannot be read",
        cause="Another row of the same scenario was rejected. Without it the stress would be "
        "milder than its name says, so the scenario is left out whole.",
        remedy="Mend the other row and deliver all rows of the scenario again.",
    ),
    "E132": Code(
        title="no accepted parent",
        example="a book whose parent is a business line",
        cause="A portfolio stands directly below one of the next level: book, desk, business line, "
        "firm. Its parent is unknown, of another level, or was rejected itself.",
        remedy="Correct the parent, or deliver the missing portfolio.",
    ),
    "E133": Code(
        title="the firm has a parent",
        example="FIRM,firm,GROUP",
        cause="The firm is the top of the hierarchy.",
        remedy="Leave its parent empty, or correct its level.",
    ),
    "E140": Code(
        title="a factor's history has a hole",
        example="an empty cell in column EQ:AAPL",
        cause="A date has no value for the factor. Holes are never filled; the factor is left out, "
        "and positions on it show as failed unless a proxy is named.",
        remedy="Deliver the missing values, or name a proxy.",
    ),
    "E141": Code(
        title="a factor's history has a value that is no number",
        example="#N/A",
        cause="A cell is text, NaN or infinite; the factor is left out.",
        remedy="Deliver the true values, or name a proxy.",
    ),
    "E142": Code(
        title="a factor's history is not above zero",
        example="EQ:AAPL 0.0",
        cause="Equities, commodities, currencies and volatilities are positive, and a logarithmic "
        "shock needs them to be; the factor is left out.",
        remedy="Deliver the true values, or name a proxy.",
    ),
    "E143": Code(
        title="dated after the business date",
        example="a fixing of 2019-01-02 in a batch of 2018-12-31",
        cause="Fixings and P&L of past days are facts of the business date or before; a later date "
        "is a typing error or belongs to another batch.",
        remedy="Correct the date, or deliver the row with a later batch.",
    ),
    "E144": Code(
        title="P&L in another currency",
        example="P&L in EUR in a report in USD",
        cause="Past P&L is held against figures in the reporting currency, and never converted.",
        remedy="Deliver the P&L in the reporting currency.",
    ),
    "E150": Code(
        title="not a risk factor id",
        example="USD_10Y",
        cause="An id is CLASS:name with the coordinates of its class; the classes are EQ, CO, FX, "
        "IR, VOL and YIELD. Proxies and scenarios may also end in *.",
        remedy="Write it as EQ:AAPL, IR:USD:10Y or VOL:SPX:2019-03-15:2500.",
    ),
    "E134": Code(
        title="a spreadsheet error in place of a value",
        example="strike #N/A",
        cause="The cell's formula ended in an error, or was never calculated, so it has no value.",
        remedy="Mend the formula, or paste its value, and save the workbook.",
    ),
    "E170": Code(
        title="a number of dates is not whole",
        cause="The cell counts dates, and holds a fraction, zero or a number below zero.",
        example="fixings = 12.5",
        remedy="Give a whole number of 1 or more.",
    ),
    "E171": Code(
        title="an average that begins after its end",
        cause="The average of an Asian option ends at its expiry, and cannot begin later.",
        example="average_start = 2019-06-03, expiry = 2019-03-15",
        remedy="Correct average_start or expiry.",
    ),
    "E172": Code(
        title="an average so far is missing",
        cause="The average began before the business date, so part of it is known and the "
        "option's value depends on that.",
        example="average_start = 2018-10-01 without past_average",
        remedy="Fill past_average with the mean of the fixings before the business date.",
    ),
    "E173": Code(
        title="a payoff of another instrument",
        cause="The word is a payoff, but not one of the row's instrument.",
        example="a digital_option with payoff = arithmetic",
        remedy="Give cash or asset for digital, at_hit or at_expiry for touch, arithmetic or "
        "geometric for Asian options.",
    ),
    "E174": Code(
        title="a lag that is no number of days",
        cause="Days between a fixing, a period and its payment are whole, and 30 at most.",
        example="payment_lag_days = -2",
        remedy="Give a whole number from 0 to 30.",
    ),
    "E175": Code(
        title="an unknown calendar",
        cause="A calendar names the centres whose business days count, joined by a plus sign.",
        example="calendar = NYSE",
        remedy="Name centres of TARGET, US, GB and JP, such as US+GB, or leave it empty.",
    ),
}

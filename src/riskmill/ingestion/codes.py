"""Every code that ingestion can give: a delivery (E0xx), a row (E1xx), files (E2xx), W3xx."""

from collections.abc import Mapping

from riskmill.domain import Code

CODES: Mapping[str, Code] = {
    "E001": Code(
        title="the manifest is not JSON", example='{"schema": "riskmill.batch/1", "business_da',
        cause="manifest.json cannot be parsed, so nothing is known about the delivery. It is often "
        "a file that was cut off in transfer, or one in another encoding than UTF-8.",
        remedy="Write manifest.json again and deliver it last, when all files are in place.",
    ),
    "E002": Code(
        title="the manifest does not have its agreed form",
        example='{"rows": "529"} where a number is expected',
        cause="A field is missing, unknown or of another type. Unknown fields are refused because "
        "a misspelt one would silently do nothing.",
        remedy="Compare the named field with the example in docs/datasets.md.",
    ),
    "E003": Code(
        title="unknown manifest schema", example='"schema": "riskmill.batch/9"',
        cause="The manifest was written for another program or another version of riskmill.",
        remedy='Write "schema": "riskmill.batch/1".',
    ),
    "E004": Code(
        title="the business date is not a date", example='"business_date": "31.12.2018"',
        cause="The business date is the valuation date of every figure, so it is never guessed.",
        remedy="Write a date that exists, as YYYY-MM-DD.",
    ),
    "E005": Code(
        title="the snapshot has no usable name", example='"snapshot": "../EOD"',
        cause="The name becomes part of the batch id and of directory names.",
        remedy="Use up to 32 letters, digits, hyphens and underscores.",
    ),
    "E006": Code(
        title="the version is not a version", example='"version": "final"',
        cause="Versions are counted, so that a correction is recognised as one.",
        remedy="Write v001 for a first delivery, v002 for its first correction.",
    ),
    "E007": Code(
        title="the as-of time is not an instant in UTC", example='"as_of": "2018-12-31 22:00"',
        cause="Without a zone, nobody can say what was known when the inputs were frozen.",
        remedy="Write YYYY-MM-DDTHH:MM:SSZ; the Z stands for UTC.",
    ),
    "E008": Code(
        title="the reporting currency is not a currency", example='"reporting_currency": "Dollar"',
        cause="Every figure of the report is in this currency.",
        remedy="Write the three letters of ISO 4217.",
    ),
    "E009": Code(
        title="the superseded version is not an earlier one",
        example='"version": "v002", "supersedes": "v002"',
        cause="A correction names the version that it replaces, which must be lower than its own.",
        remedy="Name the earlier version, or write null for a first delivery.",
    ),
    "E010": Code(
        title="the policy is impossible", example='"policy": {"on_bad": "ignore"}',
        cause="A threshold of the policy lies outside its range, or on_bad is no known word.",
        remedy="Use max_bad_rows >= 0, max_bad_notional_pct from 0 to 100, and on_bad quarantine "
        "or fail.",
    ),
    "E011": Code(
        title="a file has no usable name", example='"name": "../../positions.csv"',
        cause="Names may not lead out of the batch's own directory, and manifest.json is taken.",
        remedy="Use letters, digits, points, hyphens and underscores, without directories.",
    ),
    "E012": Code(
        title="a file is named twice", example='"name": "positions.csv" in two entries',
        cause="Two entries of the manifest name one file, perhaps in other upper and lower case.",
        remedy="Name each file once.",
    ),
    "E013": Code(
        title="unknown dataset", example='"dataset": "trades"',
        cause="riskmill does not know what the file is meant to hold.",
        remedy="Use a dataset of docs/datasets.md, or take the file out of the delivery.",
    ),
    "E014": Code(
        title="a required dataset is missing", example="a manifest that names positions.csv alone",
        cause="Nothing can be valued without positions, market, history and hierarchy.",
        remedy="Deliver a file for the named dataset and enter it in the manifest.",
    ),
    "E015": Code(
        title="a dataset has more than one file",
        example="positions_rates.csv and positions_equity.csv in one batch",
        cause="Rules such as unique ids hold for a dataset as a whole, so it is one file.",
        remedy="Put all rows of the dataset into one file.",
    ),
    "E016": Code(
        title="the hash is not a SHA-256 digest",
        example='"sha256": "5D41402ABC4B2A76B9719D911017C592"',
        cause="The hash is what proves that the delivered file is the one that was sent.",
        remedy="Write 64 lower-case hexadecimal digits, as sha256sum prints them.",
    ),
    "E017": Code(
        title="impossible size or row count", example='"rows": -1',
        cause="A file is announced with fewer than zero bytes or rows.",
        remedy="Write the file's size in bytes and its data rows without the header.",
    ),
    "E018": Code(
        title="a control total is not a currency and an amount",
        example='"control_totals": {"USD": "1,234,567"}',
        cause="Totals are compared to the last digit, so they are decimal text; only positions "
        "have them.",
        remedy='Write the sum of notional by currency as text, such as "USD": "1234567.00".',
    ),
    "E019": Code(
        title="the manifest is too long",
        example="positions.csv delivered under the name manifest.json",
        cause="A manifest of more than 1 MiB is not a list of a batch's files.",
        remedy="Name each file once and nothing else.",
    ),
    "E020": Code(
        title="a file has another size than announced",
        example="a file of 92 MB of which 60 MB arrived",
        cause="The file was cut off in transfer, or changed after the manifest was written.",
        remedy="Deliver the file again whole, with a manifest that was made from it.",
    ),
    "E021": Code(
        title="a file has another hash than announced",
        example="positions.csv edited by hand after the manifest was written",
        cause="The file's bytes are not those that the sender hashed.",
        remedy="Deliver the file again, with a manifest that was made from it.",
    ),
    "E022": Code(
        title="a file is empty", example="an export that failed after creating its file",
        cause="The file has no bytes at all, not even a header.",
        remedy="Deliver the file again, or leave an optional dataset out of the manifest.",
    ),
    "E023": Code(
        title="a file is UTF-16 or UTF-32",
        example='a file saved as "Unicode text" by a spreadsheet',
        cause="Some programs save text with two or four bytes a character. Other readers see a few "
        "strange rows in it and say nothing.",
        remedy="Save the file as UTF-8.",
    ),
    "E024": Code(
        title="unknown file format", example="positions.doc",
        cause="The ending of the file's name says no format that riskmill reads.",
        remedy="Deliver .csv or .parquet.",
    ),
    "E025": Code(
        title="the header cannot be read", example='position_id,"book,instrument',
        cause="The first line is not UTF-8 text, has a quote that is never closed, or is longer "
        "than 1 MiB, so the columns cannot be told apart.",
        remedy="Write the column names separated by commas, as UTF-8.",
    ),
    "E026": Code(
        title="a Parquet file cannot be read",
        example="a Parquet file of which the last bytes are missing",
        cause="The file is damaged, is no Parquet file, has nested or binary columns, or unpacks "
        "to more than 4 GiB.",
        remedy="Write it again from its source and deliver it with its new hash.",
    ),
    "E027": Code(
        title="a column appears twice", example="position_id,book,book,instrument",
        cause="Nobody can say which of two columns of one name is meant.",
        remedy="Keep each column once.",
    ),
    "E028": Code(
        title="a required column is missing", example="a positions file without notional",
        cause="Every row needs this column, so none could be used.",
        remedy="Add the column; docs/datasets.md lists those of each dataset.",
    ),
    "E029": Code(
        title="unknown column", example="position_id;book;instrument",
        cause="A column that riskmill does not know is likely a misspelt one, whose values would "
        "be lost in silence. One unknown column that holds all names means another separator.",
        remedy="Rename or remove the column, and separate columns by commas.",
    ),
    "E030": Code(
        title="a file has no rows", example="an export that ran before the books were closed",
        cause="The file has a header and nothing below it, but its dataset is required.",
        remedy="Deliver the rows.",
    ),
    "E031": Code(
        title="more is wrong than can be told",
        example="a positions file in which all dates are written DD/MM/YYYY",
        cause="A file has more than 100,000 failures. They have one cause, and a list would hide "
        "it.",
        remedy="Mend what all rows have in common, such as a shifted column.",
    ),
    "E033": Code(
        title="a date of the history is wrong", example="2018-12-28, 2018-12-27",
        cause="A date is unreadable, out of order, doubled or after the business date. Taking the "
        "row out would let the next shock span two days, so the file is refused.",
        remedy="Deliver every business date once, oldest first, up to the business date.",
    ),
    "E034": Code(
        title="an unreadable row makes the file unusable",
        example="a history row with one comma too many",
        cause="A row of a history or of the scenarios cannot be read. Without it, shocks or a "
        "stress result would be wrong and nothing would show it.",
        remedy="Mend the row and deliver the file again.",
    ),
    "E101": Code(
        title="wrong number of cells", example="P-1,BOOK,equity,1,000,USD",
        cause="The row has more or fewer cells than the header, often for a comma inside a text or "
        "a number.",
        remedy='Put texts that hold a comma in quotes: "Smith, Jones".',
    ),
    "E102": Code(
        title="quotes do not pair", example='"P-1,BOOK,equity',
        cause="A quote is opened and not closed, or text follows a closing quote, so the cells "
        "cannot be told apart. Only this line is set aside.",
        remedy='Close the quote; write a quote inside a quoted text twice: "5"" pipe".',
    ),
    "E103": Code(
        title="the row is too long", example="a cell of 10 MB",
        cause="The row has more than 1 MiB: line ends were lost, or it was made to harm.",
        remedy="Check the row's line ends and texts, then deliver it again.",
    ),
    "E104": Code(
        title="bytes that are not UTF-8", example="Zürich saved as Latin-1",
        cause="A cell holds bytes of another encoding, such as Latin-1.",
        remedy="Save the file as UTF-8; the other rows were read.",
    ),
    "E105": Code(
        title="control character", example="a position id with a line end in it",
        cause="A cell holds NUL, a tab, a line end or another character that cannot be seen.",
        remedy="Remove the character.",
    ),
    "E106": Code(
        title="a needed cell is empty", example="a european_option without a strike",
        cause="The column is required for all rows or for the row's instrument.",
        remedy="Fill the cell; docs/datasets.md says which instrument needs which column.",
    ),
    "E107": Code(
        title="not a number", example="1,000",
        cause="The cell is not a decimal number with a point. Blanks and thousands separators are "
        "not guessed away.",
        remedy="Write digits with a point, such as -1234.5 or 1e6.",
    ),
    "E108": Code(
        title="not a finite number", example="1e400",
        cause="The number is NaN, infinite or too large for a double.",
        remedy="Write the true number, or leave an optional cell empty.",
    ),
    "E109": Code(
        title="must be above zero", example="strike -25",
        cause="Strikes, prices, multipliers, limits and the values of equities, commodities, "
        "currencies and volatilities are positive.",
        remedy="Correct the row in the quarantine file and deliver it again.",
    ),
    "E110": Code(
        title="must not be below zero", example="notional -1000000",
        cause="The notional is a size; the sign of a position is in its quantity.",
        remedy="Write the notional without a sign.",
    ),
    "E111": Code(
        title="must not be zero", example="quantity 0",
        cause="A position of nothing is most often one that should not be in the file.",
        remedy="Fill in the quantity or leave the row out.",
    ),
    "E112": Code(
        title="not a date", example="31/12/2018, or 2019-02-30",
        cause="The cell is not a date that exists between 1900 and 2199, written YYYY-MM-DD.",
        remedy="Write the date as YYYY-MM-DD.",
    ),
    "E113": Code(
        title="expired", example="expiry 2018-12-21 at business date 2018-12-31",
        cause="The contract ended before the business date, so it has no value to shock.",
        remedy="Leave the row out, or correct the expiry.",
    ),
    "E114": Code(
        title="matured", example="maturity 2018-12-31 at business date 2018-12-31",
        cause="A bond or swap that matures on the business date or before has no cash flow left.",
        remedy="Leave the row out, or correct the maturity.",
    ),
    "E115": Code(
        title="start not before maturity", example="start 2028-01-15, maturity 2018-01-15",
        cause="No period lies between the two dates; they are often swapped.",
        remedy="Correct the row in the quarantine file and deliver it again.",
    ),
    "E116": Code(
        title="not one of the allowed words", example="option_type CALL",
        cause="The column has a closed list of values.",
        remedy="Use one of the values that the message names, in the same letters.",
    ),
    "E117": Code(
        title="unknown instrument", example="instrument barrier_option",
        cause="riskmill has no pricer under this word, so the rules of its columns are unknown.",
        remedy="Use a word of the list in docs/datasets.md.",
    ),
    "E118": Code(
        title="not a currency", example="currency US$",
        cause="The cell is not a code of ISO 4217.",
        remedy="Write three capital letters, such as USD.",
    ),
    "E119": Code(
        title="duplicate", example="position_id P-1 in records 7 and 9",
        cause="An earlier row of the file has the same id. The first one is kept.",
        remedy="Take one of the rows out, or give it its own id.",
    ),
    "E120": Code(
        title="text too long", example="a position id of 65 characters",
        cause="Ids have at most 64 characters, other texts at most 500.",
        remedy="Shorten the text.",
    ),
    "E121": Code(
        title="blanks around a name", example="book 'RATES '",
        cause="A name that begins or ends with a blank would not match its twin without one.",
        remedy="Remove the blanks.",
    ),
    "E122": Code(
        title="not a currency pair", example="underlying EUR/USD",
        cause="The underlying of an FX contract is two different currencies, six capitals in all.",
        remedy="Write the pair as the market quotes it.",
    ),
    "E123": Code(
        title="currency is not the pair's second", example="underlying EURUSD, currency EUR",
        cause="An FX contract is valued in the second currency of its pair.",
        remedy="Correct the currency or the pair.",
    ),
    "E124": Code(
        title="not the name of an underlying", example="underlying 'S&P 500'",
        cause="The underlying becomes part of a risk factor id, such as EQ:AAPL.",
        remedy="Use letters, digits, points, hyphens and underscores.",
    ),
    "E125": Code(
        title="the current fixing is missing", example="a swap of 2015 without current_fixing",
        cause="The swap started before the business date, so the rate of its running period is "
        "already set and no curve tells it.",
        remedy="Fill current_fixing with the rate that was set, as a decimal.",
    ),
    "E126": Code(
        title="a factor has two values", example="EQ:AAPL 157.74 and EQ:AAPL 156.23",
        cause="Two rows give one factor different values, and nobody can say which is right, so "
        "neither is used.",
        remedy="Deliver one value a factor.",
    ),
    "E127": Code(
        title="not an instant in UTC", example="2018-12-31 22:00",
        cause="A time without zone says nothing about what was known when.",
        remedy="Write YYYY-MM-DDTHH:MM:SSZ.",
    ),
    "E128": Code(
        title="out of range", example="confidence 99",
        cause="A confidence lies between 0 and 1, a limit's warning from 0 to 1, and a relative "
        "shock above -1.",
        remedy="Write shares as decimals: 0.99, not 99.",
    ),
    "E131": Code(
        title="the scenario lost a row", example="an equity crash whose FX shock cannot be read",
        cause="Another row of the same scenario was rejected. Without it the stress would be "
        "milder than its name says, so the scenario is left out whole.",
        remedy="Mend the other row and deliver all rows of the scenario again.",
    ),
    "E132": Code(
        title="no accepted parent", example="a book whose parent is a business line",
        cause="A portfolio stands directly below one of the next level: book, desk, business line, "
        "firm. Its parent is unknown, of another level, or was rejected itself.",
        remedy="Correct the parent, or deliver the missing portfolio.",
    ),
    "E133": Code(
        title="the firm has a parent", example="FIRM,firm,GROUP",
        cause="The firm is the top of the hierarchy.",
        remedy="Leave its parent empty, or correct its level.",
    ),
    "E140": Code(
        title="a factor's history has a hole", example="an empty cell in column EQ:AAPL",
        cause="A date has no value for the factor. Holes are never filled; the factor is left out, "
        "and positions on it show as failed unless a proxy is named.",
        remedy="Deliver the missing values, or name a proxy.",
    ),
    "E141": Code(
        title="a factor's history has a value that is no number", example="#N/A",
        cause="A cell is text, NaN or infinite; the factor is left out.",
        remedy="Deliver the true values, or name a proxy.",
    ),
    "E142": Code(
        title="a factor's history is not above zero", example="EQ:AAPL 0.0",
        cause="Equities, commodities, currencies and volatilities are positive, and a logarithmic "
        "shock needs them to be; the factor is left out.",
        remedy="Deliver the true values, or name a proxy.",
    ),
    "E150": Code(
        title="not a risk factor id", example="USD_10Y",
        cause="An id is CLASS:name with the coordinates of its class; the classes are EQ, CO, FX, "
        "IR, VOL and YIELD. Proxies and scenarios may also end in *.",
        remedy="Write it as EQ:AAPL, IR:USD:10Y or VOL:SPX:2019-03-15:2500.",
    ),
    "E201": Code(
        title="unknown book", example="book RATES-X",
        cause="The position's book is no accepted book of the hierarchy, so it belongs to nobody.",
        remedy="Correct the book, or add it to the hierarchy.",
    ),
    "E202": Code(
        title="limit on an unknown portfolio", example="a limit on a desk that was closed",
        cause="The limit's portfolio is not an accepted one of the hierarchy.",
        remedy="Correct the portfolio, or add it to the hierarchy.",
    ),
    "E203": Code(
        title="limit in another currency", example="a limit in EUR in a report in USD",
        cause="Limits are compared with figures in the reporting currency and never converted.",
        remedy="Set the limit in the reporting currency.",
    ),
    "E204": Code(
        title="the proxy has no history", example="proxy VOL:VIX without a column VOL:VIX",
        cause="A proxy lends its own past moves, so it must be in the accepted history.",
        remedy="Name a factor of the history, or none to hold the factor constant.",
    ),
    "E205": Code(
        title="another number of rows than announced", example="529 rows announced, 528 delivered",
        cause="Rows were lost or added between the sender's count and the file.",
        remedy="Deliver the file again whole, with a manifest that was made from it.",
    ),
    "E206": Code(
        title="a control total disagrees",
        example="USD 5820229054.80 announced, 5820229054.08 delivered",
        cause="The sum of notional in a currency is not what the sender's books say, although "
        "every row could be read.",
        remedy="Find the rows that were lost, doubled or changed.",
    ),
    "E207": Code(
        title="no position is left", example="a positions file of another day, all of it expired",
        cause="Every position was rejected, so there is nothing to value.",
        remedy="Mend the rows in the quarantine file, or agree on another policy with the sender.",
    ),
    "E208": Code(
        title="files and manifest differ",
        example="a manifest that names limits.csv, which never came",
        cause="The files that were checked are not exactly those that the manifest names.",
        remedy="Deliver every file that the manifest names, and name every file in it.",
    ),
    "E210": Code(
        title="the policy lets no failure through",
        example='"on_bad": "fail" and one expired option',
        cause="The batch has a failure and its policy says on_bad: fail.",
        remedy="Mend the rows in the quarantine file, or agree on another policy with the sender.",
    ),
    "E211": Code(
        title="more bad rows than the policy allows",
        example='"max_bad_rows": 5 and 6 rejected rows',
        cause="The rejected rows of all files together are more than max_bad_rows.",
        remedy="Mend the rows in the quarantine file, or agree on another policy with the sender.",
    ),
    "E212": Code(
        title="more bad notional than the policy allows",
        example='"max_bad_notional_pct": 1.0 and a rejected swap of 5 % of all notional',
        cause="In one currency, the rejected share of the delivered notional is above "
        "max_bad_notional_pct.",
        remedy="Mend the rows in the quarantine file, or agree on another policy with the sender.",
    ),
    "E220": Code(
        title="the hierarchy has no firm", example="a hierarchy of books and desks only",
        cause="No accepted row of the hierarchy is of level firm, so figures have no top.",
        remedy="Deliver one row of level firm whose parent is empty.",
    ),
    "E221": Code(
        title="the hierarchy has several firms", example="two rows of level firm",
        cause="A report has one firm; the figures of two would never be added up.",
        remedy="Keep one row of level firm and place the others below it.",
    ),
    "W301": Code(
        title="snapshot and history disagree",
        example="EQ:AAPL 157.74 in market.csv, 39.44 in the history",
        cause="On the valuation date, a factor has other values in the snapshot and in the "
        "history. Positions are valued at the first and shocked from the second.",
        remedy="Check both sources; a split or another quotation time is often behind it.",
    ),
    "W302": Code(
        title="stale factor", example="a quote that was carried forward by its source",
        cause="A factor has the same value on the last 10 dates of the history, so its risk may be "
        "understated.",
        remedy="Check the factor's source, or name a proxy.",
    ),
    "W303": Code(
        title="a control total could not be proven", example="a row whose notional is 1,000",
        cause="The sum of notional disagrees with what was announced, and some rows' currency or "
        "notional could not be read, so they may be the difference.",
        remedy="Mend those rows; the total is checked again with the next delivery.",
    ),
    "W304": Code(
        title="a value from after the freeze", example="as_of 23:10Z in a batch frozen at 22:00Z",
        cause="A market value was observed after the batch's own as-of time.",
        remedy="Correct the as-of time of the value or of the manifest.",
    ),
    "W305": Code(
        title="the history ends early", example="a history to 2018-12-28 in a batch of 2018-12-31",
        cause="The last date of the history is before the business date, so the latest moves are "
        "in no scenario.",
        remedy="Deliver the history up to the business date.",
    ),
    "W306": Code(
        title="a shock that moves nothing", example="EQX:* or IR:USD:10y*",
        cause="A named scenario shocks a pattern that matches no factor of the snapshot or the "
        "history; it is often misspelt.",
        remedy="Correct the pattern, or leave the row out.",
    ),
}  # fmt: skip

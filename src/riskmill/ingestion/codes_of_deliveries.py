"""E0xx: what can be wrong with a manifest or with a file as a whole."""

from collections.abc import Mapping

from riskmill.domain import Code

DELIVERY_CODES: Mapping[str, Code] = {
    "E001": Code(
        title="the manifest is not JSON",
        cause="manifest.json cannot be parsed, so nothing is known about the delivery. It is "
        "often a file that was cut off in transfer, or one in another encoding than UTF-8.",
        remedy="Write manifest.json again and deliver it last, when all files are in place.",
        example='{"schema": "riskmill.batch/1", "business_da',
    ),
    "E002": Code(
        title="the manifest does not have its agreed form",
        cause="A field is missing, unknown or of another type. Unknown fields are refused "
        "because a misspelt one would silently do nothing.",
        remedy="Compare the named field with the example in docs/datasets.md.",
        example='{"rows": "529"} where a number is expected',
    ),
    "E003": Code(
        title="unknown manifest schema",
        cause="The manifest was written for another program or another version of riskmill.",
        remedy='Write "schema": "riskmill.batch/1".',
        example='"schema": "riskmill.batch/9"',
    ),
    "E004": Code(
        title="the business date is not a date",
        cause="The business date is the valuation date of every figure, so it is never guessed.",
        remedy="Write a date that exists, as YYYY-MM-DD.",
        example='"business_date": "31.12.2018"',
    ),
    "E005": Code(
        title="the snapshot has no usable name",
        cause="The name becomes part of the batch id and of directory names.",
        remedy="Use up to 32 letters, digits, hyphens and underscores.",
        example='"snapshot": "../EOD"',
    ),
    "E006": Code(
        title="the version is not a version",
        cause="Versions are counted, so that a correction is recognised as one.",
        remedy="Write v001 for a first delivery, v002 for its first correction.",
        example='"version": "final"',
    ),
    "E007": Code(
        title="the as-of time is not an instant in UTC",
        cause="Without a zone, nobody can say what was known when the inputs were frozen.",
        remedy="Write YYYY-MM-DDTHH:MM:SSZ; the Z stands for UTC.",
        example='"as_of": "2018-12-31 22:00"',
    ),
    "E008": Code(
        title="the reporting currency is not a currency",
        cause="Every figure of the report is in this currency.",
        remedy="Write the three letters of ISO 4217.",
        example='"reporting_currency": "Dollar"',
    ),
    "E009": Code(
        title="the superseded version is not an earlier one",
        cause="A correction names the version that it replaces, which must be lower than its own.",
        remedy="Name the earlier version, or write null for a first delivery.",
        example='"version": "v002", "supersedes": "v002"',
    ),
    "E010": Code(
        title="the policy is impossible",
        cause="A threshold of the policy lies outside its range, or on_bad is no known word.",
        remedy="Use max_bad_rows >= 0, max_bad_notional_pct from 0 to 100, and on_bad "
        "quarantine or fail.",
        example='"policy": {"on_bad": "ignore"}',
    ),
    "E011": Code(
        title="a file has no usable name",
        cause="Names may not lead out of the batch's own directory, and manifest.json is taken.",
        remedy="Use letters, digits, points, hyphens and underscores, without directories.",
        example='"name": "../../positions.csv"',
    ),
    "E012": Code(
        title="a file is named twice",
        cause="Two entries of the manifest name one file, perhaps in other upper and lower case.",
        remedy="Name each file once.",
        example='"name": "positions.csv" in two entries',
    ),
    "E013": Code(
        title="unknown dataset",
        cause="riskmill does not know what the file is meant to hold.",
        remedy="Use a dataset of docs/datasets.md, or take the file out of the delivery.",
        example='"dataset": "trades"',
    ),
    "E014": Code(
        title="a required dataset is missing",
        cause="Nothing can be valued without positions, market, history and hierarchy.",
        remedy="Deliver a file for the named dataset and enter it in the manifest.",
        example="a manifest that names positions.csv alone",
    ),
    "E015": Code(
        title="a dataset has more than one file",
        cause="Rules such as unique ids hold for a dataset as a whole, so it is one file.",
        remedy="Put all rows of the dataset into one file.",
        example="positions_rates.csv and positions_equity.csv in one batch",
    ),
    "E016": Code(
        title="the hash is not a SHA-256 digest",
        cause="The hash is what proves that the delivered file is the one that was sent.",
        remedy="Write 64 lower-case hexadecimal digits, as sha256sum prints them.",
        example='"sha256": "5D41402ABC4B2A76B9719D911017C592"',
    ),
    "E017": Code(
        title="impossible size or row count",
        cause="A file is announced with fewer than zero bytes or rows.",
        remedy="Write the file's size in bytes and its data rows without the header.",
        example='"rows": -1',
    ),
    "E018": Code(
        title="a control total is not a currency and an amount",
        cause="Totals are compared to the last digit, so they are decimal text; only positions "
        "have them.",
        remedy='Write the sum of notional by currency as text, such as "USD": "1234567.00".',
        example='"control_totals": {"USD": "1,234,567"}',
    ),
    "E019": Code(
        title="the manifest is too long",
        cause="A manifest of more than 1 MiB is not a list of a batch's files.",
        remedy="Name each file once and nothing else.",
        example="positions.csv delivered under the name manifest.json",
    ),
    "E020": Code(
        title="a file has another size than announced",
        cause="The file was cut off in transfer, or changed after the manifest was written.",
        remedy="Deliver the file again whole, with a manifest that was made from it.",
        example="a file of 92 MB of which 60 MB arrived",
    ),
    "E021": Code(
        title="a file has another hash than announced",
        cause="The file's bytes are not those that the sender hashed.",
        remedy="Deliver the file again, with a manifest that was made from it.",
        example="positions.csv edited by hand after the manifest was written",
    ),
    "E022": Code(
        title="a file is empty",
        cause="The file has no bytes at all, not even a header.",
        remedy="Deliver the file again, or leave an optional dataset out of the manifest.",
        example="an export that failed after creating its file",
    ),
    "E023": Code(
        title="a file is UTF-16 or UTF-32",
        cause="Some programs save text with two or four bytes a character. Other readers see "
        "a few strange rows in it and say nothing.",
        remedy="Save the file as UTF-8.",
        example='a file saved as "Unicode text" by a spreadsheet',
    ),
    "E024": Code(
        title="unknown file format",
        cause="The ending of the file's name says no format that riskmill reads.",
        remedy="Deliver .csv or .parquet.",
        example="positions.doc",
    ),
    "E025": Code(
        title="the header cannot be read",
        cause="The first line is not UTF-8 text, has a quote that is never closed, or is longer "
        "than 1 MiB, so the columns cannot be told apart.",
        remedy="Write the column names separated by commas, as UTF-8.",
        example='position_id,"book,instrument',
    ),
    "E026": Code(
        title="a Parquet file cannot be read",
        cause="The file is damaged, is no Parquet file, has nested columns, or unpacks to more "
        "than 4 GiB.",
        remedy="Write it again from its source and deliver it with its new hash.",
        example="a Parquet file of which the last bytes are missing",
    ),
    "E027": Code(
        title="a column appears twice",
        cause="Nobody can say which of two columns of one name is meant.",
        remedy="Keep each column once.",
        example="position_id,book,book,instrument",
    ),
    "E028": Code(
        title="a required column is missing",
        cause="Every row needs this column, so none could be used.",
        remedy="Add the column; docs/datasets.md lists those of each dataset.",
        example="a positions file without notional",
    ),
    "E029": Code(
        title="unknown column",
        cause="A column that riskmill does not know is likely a misspelt one, whose values would "
        "be lost in silence. One unknown column that holds all names means another separator.",
        remedy="Rename or remove the column, and separate columns by commas.",
        example="position_id;book;instrument",
    ),
    "E030": Code(
        title="a file has no rows",
        cause="The file has a header and nothing below it, but its dataset is required.",
        remedy="Deliver the rows.",
        example="an export that ran before the books were closed",
    ),
    "E031": Code(
        title="more is wrong than can be told",
        cause="A file has more than 100,000 failures. They have one cause, and a list would "
        "hide it.",
        remedy="Mend what all rows have in common, such as a shifted column.",
        example="a positions file in which all dates are written DD/MM/YYYY",
    ),
    "E033": Code(
        title="a date of the history is wrong",
        cause="A date is unreadable, out of order, doubled or after the business date. Taking "
        "the row out would let the next shock span two days, so the file is refused.",
        remedy="Deliver every business date once, oldest first, up to the business date.",
        example="2018-12-28, 2018-12-27",
    ),
    "E034": Code(
        title="an unreadable row makes the file unusable",
        cause="A row of a history or of the scenarios cannot be read. Without it, shocks or a "
        "stress result would be wrong and nothing would show it.",
        remedy="Mend the row and deliver the file again.",
        example="a history row with one comma too many",
    ),
}

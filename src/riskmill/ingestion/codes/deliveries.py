"""E0xx: what can be said of a delivery as a whole: its manifest and its files."""

from collections.abc import Mapping

from riskmill.domain import Code

DELIVERIES: Mapping[str, Code] = {
    "E001": Code(
        title="the manifest is not JSON",
        example='{"schema": "riskmill.batch/1", "business_da',
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
        title="unknown manifest schema",
        example='"schema": "riskmill.batch/9"',
        cause="The manifest was written for another program or another version of riskmill.",
        remedy='Write "schema": "riskmill.batch/1".',
    ),
    "E004": Code(
        title="the business date is not a date",
        example='"business_date": "31.12.2018"',
        cause="The business date is the valuation date of every figure, so it is never guessed.",
        remedy="Write a date that exists, as YYYY-MM-DD.",
    ),
    "E005": Code(
        title="the snapshot has no usable name",
        example='"snapshot": "../EOD"',
        cause="The name becomes part of the batch id and of directory names.",
        remedy="Use up to 32 letters, digits, hyphens and underscores.",
    ),
    "E006": Code(
        title="the version is not a version",
        example='"version": "final"',
        cause="Versions are counted, so that a correction is recognised as one.",
        remedy="Write v001 for a first delivery, v002 for its first correction.",
    ),
    "E007": Code(
        title="the as-of time is not an instant in UTC",
        example='"as_of": "2018-12-31 22:00"',
        cause="Without a zone, nobody can say what was known when the inputs were frozen.",
        remedy="Write YYYY-MM-DDTHH:MM:SSZ; the Z stands for UTC.",
    ),
    "E008": Code(
        title="the reporting currency is not a currency",
        example='"reporting_currency": "Dollar"',
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
        title="the policy is impossible",
        example='"policy": {"on_bad": "ignore"}',
        cause="A threshold of the policy lies outside its range, on_bad is no known word, fail_on "
        "names a code that ingestion never gives, or quality names no check, action or limit that "
        "there is.",
        remedy="Use max_bad_rows >= 0, max_bad_notional_pct from 0 to 100, on_bad quarantine or "
        "fail, codes E1xx, E2xx or W3xx, and the checks of docs/datasets.md.",
    ),
    "E011": Code(
        title="a file has no usable name",
        example='"name": "../../positions.csv"',
        cause="Names may not lead out of the batch's own directory, and manifest.json is taken.",
        remedy="Use letters, digits, points, hyphens and underscores, without directories.",
    ),
    "E012": Code(
        title="a file is named twice",
        example='"name": "positions.csv" in two entries',
        cause="Two entries of the manifest name one file, perhaps in other upper and lower case.",
        remedy="Name each file once.",
    ),
    "E013": Code(
        title="unknown dataset",
        example='"dataset": "trades"',
        cause="riskmill does not know what the file is meant to hold.",
        remedy="Use a dataset of docs/datasets.md, or take the file out of the delivery.",
    ),
    "E014": Code(
        title="a required dataset is missing",
        example="a manifest that names positions.csv alone",
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
        title="impossible size or row count",
        example='"rows": -1',
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
        title="a file is empty",
        example="an export that failed after creating its file",
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
        title="unknown file format",
        example="positions.doc",
        cause="The ending of the file's name says no format that riskmill reads, and its manifest "
        "declares none.",
        remedy="Deliver .csv, .csv.gz, .csv.zst, .parquet or .xlsx, or declare the format.",
    ),
    "E025": Code(
        title="the header cannot be read",
        example='position_id,"book,instrument',
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
        title="a column appears twice",
        example="position_id,book,book,instrument",
        cause="Nobody can say which of two columns of one name is meant.",
        remedy="Keep each column once.",
    ),
    "E028": Code(
        title="a required column is missing",
        example="a positions file without notional",
        cause="Every row needs this column, so none could be used.",
        remedy="Add the column; docs/datasets.md lists those of each dataset.",
    ),
    "E029": Code(
        title="unknown column",
        example="position_id;book;instrument",
        cause="A column that riskmill does not know is likely a misspelt one, whose values would "
        "be lost in silence. One unknown column that holds all names means another separator.",
        remedy="Rename or remove the column, and separate columns by commas.",
    ),
    "E030": Code(
        title="a file has no rows",
        example="an export that ran before the books were closed",
        cause="The file has a header and nothing below it, but its dataset is required. Positions "
        "alone may be none, where the manifest of their sender announces 0 rows.",
        remedy="Deliver the rows, or announce 0 rows of positions for a book that is truly empty.",
    ),
    "E031": Code(
        title="more is wrong than can be told",
        example="a positions file in which all dates are written DD/MM/YYYY",
        cause="A file has more than 100,000 failures. They have one cause, and a list would hide "
        "it.",
        remedy="Mend what all rows have in common, such as a shifted column.",
    ),
    "E033": Code(
        title="a date of the history is wrong",
        example="2018-12-28, 2018-12-27",
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
    "E035": Code(
        title="impossible file format",
        example='"format": {"kind": "csv", "decimal": ","}',
        cause="The format that the manifest declares for a file is unknown or contradicts itself: "
        "a decimal comma and a comma between cells cannot be told apart.",
        remedy="Declare kind csv, parquet or xlsx; for csv also compression none, gzip or zstd, a "
        "separator that is a comma, semicolon, tab or vertical bar, and decimal point or comma.",
    ),
    "E036": Code(
        title="a compressed file cannot be unpacked",
        example="positions.csv.gz of which the last bytes are missing",
        cause="The file is damaged, was cut off, or is not packed as was declared.",
        remedy="Pack it again and deliver it with its new hash, or declare its true compression.",
    ),
    "E037": Code(
        title="a file is, or unpacks to, more than is read",
        example="positions.csv.gz of 10 MB that unpacks to 10 GB of zeros",
        cause="A file that unpacks to more than 250 times its size is an attack or a mistake, "
        "never a delivery; the whole of it would fill the machine's memory.",
        remedy="Deliver the rows as plain CSV, or less of them in one file.",
    ),
    "E038": Code(
        title="a workbook cannot be read",
        example="positions.xlsx saved with a password",
        cause="The file is no XLSX workbook (an .xls that was renamed, for instance), is encrypted "
        "or damaged, or its rows are out of order.",
        remedy="Save it anew as an XLSX workbook without a password, or deliver it as CSV.",
    ),
    "E039": Code(
        title="a workbook declares a document type",
        example="<!DOCTYPE lolz [<!ENTITY lol ...",
        cause="No spreadsheet program writes one; it is how entities that unpack to gigabytes, or "
        "name files of this machine, are brought in.",
        remedy="Save the workbook anew with a spreadsheet program, or deliver it as CSV.",
    ),
    "E040": Code(
        title="the sheet cannot be told",
        example="a workbook with the sheets positions and notes, and no sheet in the manifest",
        cause="The workbook has several sheets and none is named, or not the one that is named.",
        remedy='Name it in the manifest: "format": {"kind": "xlsx", "sheet": "positions"}.',
    ),
}

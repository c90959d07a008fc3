"""Codes of the command line: E7xx."""

from collections.abc import Mapping

from riskmill.domain import Code

CODES: Mapping[str, Code] = {
    "E701": Code(
        title="the command line cannot be understood",
        cause=(
            "A command, option or argument is unknown, missing or has a value that does not fit. "
            "Nothing was done."
        ),
        remedy="Read `riskmill --help`, or `riskmill COMMAND --help` for one command.",
        example="riskmill run --partitions many",
    ),
    "E702": Code(
        title="no space is left to write to",
        cause=(
            "The disk or quota that output goes to is full. What was finished before is kept, "
            "and nothing half-written is taken for a result."
        ),
        remedy="Free some space, or choose another place with --out, and give the command again.",
        example="riskmill run book --out /a/full/disk",
    ),
    "E703": Code(
        title="a manifest needs more than was given",
        cause=(
            "A batch manifest states its business date and reporting currency. Neither is ever "
            "taken from a clock or guessed from the files."
        ),
        remedy="Give --business-date and --currency along with --write-manifest.",
        example="riskmill validate book --write-manifest",
    ),
    "E704": Code(
        title="no code of that name",
        cause="`riskmill explain` was asked for a code that riskmill never gives.",
        remedy="`riskmill explain` without a code lists them all.",
        example="riskmill explain E000",
    ),
    "E705": Code(
        title="no run there yet",
        cause="The output directory holds no run, so there is none to show.",
        remedy="Name the directory that was given to `riskmill run --out`.",
        example="riskmill logs --out an/empty/directory",
    ),
    "E706": Code(
        title="no dataset of that name",
        cause="`riskmill schema` was asked for a dataset that no batch can hold.",
        remedy="`riskmill schema` without a dataset lists them all.",
        example="riskmill schema trades",
    ),
    "E720": Code(
        title="a stored report cannot be read",
        cause="The report.json of the run has another schema than this version of riskmill reads, "
        "or is damaged.",
        remedy="Run the batch again with this version: riskmill run PATH --out DIR",
        example="riskmill report of a run that a much older version made.",
    ),
    "E721": Code(
        title="no section or format of that name",
        cause="`riskmill report` was asked for a part or a form that the report does not have.",
        remedy="Choose one of the names that the message lists.",
        example="riskmill report RUN --section summary --format docx",
    ),
    "E722": Code(
        title="a template cannot be used",
        cause="The directory or a file in it cannot be read, is no UTF-8 text, is too large, or "
        "has a name that replaces nothing. The frame of the page, report.html.j2, cannot be "
        "replaced, because it holds the security policy.",
        remedy="Use the names that the message lists; docs/howto/brand-the-report.md has an "
        "example.",
        example="riskmill report RUN --template DIR with DIR/style.css in place of DIR/report.css",
    ),
    "E723": Code(
        title="a template of your own cannot be rendered",
        cause="It asks for something that the report does not have, or breaks the rules of its "
        "language, or of PDF/UA: a picture without a text in its place, for instance.",
        remedy="Mend the place that the message names; start from riskmill's own template.",
        example="{{ report.limits.nothing }} in sections/limits.html.j2",
    ),
    "E724": Code(
        title="a template would load, run or unescape something",
        cause="A report is one file that loads nothing, runs nothing and shows what was delivered "
        "as text. The template, or the page made of it, would change that.",
        remedy="Leave out scripts, imports, addresses in styles, and the filter safe.",
        example="<script> in sections/limits.html.j2, or @import in report.css",
    ),
    "E725": Code(
        title="the logo cannot be used",
        cause="It is none of logo.png, logo.jpg and logo.svg, its content is of another kind, it "
        "is too large, or it is an SVG with scripts or links. There is one logo.",
        remedy="Give a picture of less than 200,000 bytes under one of those names.",
        example="A photograph of 5 MB as logo.png",
    ),
    "E726": Code(
        title="a place that only runs write to",
        cause="The directory lies among published reports, records or rejected rows of runs. "
        "What was published is what was signed, so nothing is added to it.",
        remedy="Name another directory with --to.",
        example="riskmill report RUN --to out/reports/2018-12-31",
    ),
    "E727": Code(
        title="the run has no report yet",
        cause="The run was not finished, so there is no stored report to render again.",
        remedy="Finish it with riskmill rerun RUN.",
        example="riskmill report of a run whose positions were refused.",
    ),
    "E728": Code(
        title="a form of the report cannot be rendered",
        cause="riskmill's own template failed on this report, which is a fault of riskmill. What "
        "was published before stays: the page and report.json have every figure.",
        remedy="Report it to us; riskmill rerun RUN tries that form again.",
        example="A typesetting library that was replaced by hand.",
    ),
    "E799": Code(
        title="something that riskmill did not foresee",
        cause=(
            "A fault in riskmill or in the machine it runs on. Finished tasks are kept, and "
            "nothing half-written is taken for a result."
        ),
        remedy=(
            "Give the command again as `riskmill --debug COMMAND ...`, or with RISKMILL_DEBUG=1, "
            "and report the traceback that it shows. It holds no position data."
        ),
        example="A library that was replaced by hand.",
    ),
}

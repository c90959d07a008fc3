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

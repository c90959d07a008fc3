"""E6xx: what can be wrong with a store, a delivery's place or the machine."""

from collections.abc import Mapping

from riskmill import ingestion, pipeline, risk
from riskmill.domain import Code
from riskmill.runtime.aws.codes import AWS_CODES

RUNTIME_CODES: Mapping[str, Code] = {
    "E601": Code(
        title="the store did not answer as it should",
        cause="Reading or writing failed in a way that may pass. It was tried three times.",
        remedy="Try again: what is finished is kept and used. If it stays, look at the store.",
        example="A network disk that goes away during a run.",
    ),
    "E602": Code(
        title="there is no such object",
        cause="An object that should be in the store is not there.",
        remedy="Check the path; run the batch again where the object is a run's own.",
        example="Remove a file below runs/<run>/artefacts and continue the run.",
    ),
    "E603": Code(
        title="the disk is full",
        cause="The store has no room for a result. Nothing half-written is kept.",
        remedy="Make room and run again: what is finished is kept and used.",
        example="riskmill run DIR --out on a full disk.",
    ),
    "E604": Code(
        title="the directory cannot be used",
        cause="The output directory, or an object in it, may not be read or written.",
        remedy="Grant access, or choose another directory with --out.",
        example="riskmill run DIR --out /proc/out",
    ),
    "E605": Code(
        title="not a valid key",
        cause="A name that would become part of a store's key has characters that no store takes.",
        remedy="Use letters, digits and . _ - = in names of files, snapshots and versions.",
        example="A snapshot called '../EOD' in a manifest.",
    ),
    "E606": Code(
        title="a task stopped with an unknown error",
        cause="The error is none that riskmill foresees: a fault of riskmill or of the machine.",
        remedy="Run again with --debug and report the traceback; finished tasks are kept.",
        example="A machine that runs out of memory.",
    ),
    "E607": Code(
        title="no such directory",
        cause="The path given for a batch does not exist.",
        remedy="Check the path: it is the directory that holds manifest.json.",
        example="riskmill run no/such/directory --out out",
    ),
    "E608": Code(
        title="a file in place of a directory",
        cause="The path given for a batch is a file.",
        remedy="Name the directory that holds the batch.",
        example="riskmill run input/positions.csv --out out",
    ),
    "E609": Code(
        title="the batch's directory may not be read",
        cause="The directory exists and its permissions keep this user out.",
        remedy="Grant read access to the directory and its files.",
        example="chmod 000 input; riskmill run input --out out",
    ),
    "E610": Code(
        title="the batch is not closed",
        cause="The directory has no manifest.json, so nobody has said that the delivery is whole.",
        remedy="Ask the sender for it, or write one: riskmill validate PATH --write-manifest "
        "--business-date YYYY-MM-DD --currency CCY",
        example="riskmill run on an empty directory.",
    ),
    "E611": Code(
        title="the batch has a manifest already",
        cause="A closed batch is never closed again; a correction is a version of its own.",
        remedy="Put the corrected files into a new directory and write its manifest there.",
        example="riskmill validate PATH --write-manifest, twice.",
    ),
    "E612": Code(
        title="no such run",
        cause="Below the output directory there is no run of that id.",
        remedy="List the runs with: riskmill status --out DIR",
        example="riskmill rerun 2018-12-31-000000000000 --out out",
    ),
    "E613": Code(
        title="the run was begun under other conditions",
        cause="Input, code or processor level are not those that the run was begun with, so its "
        "remaining tasks could give bytes that do not fit the finished ones.",
        remedy="Start a run of its own: riskmill run PATH --out DIR",
        example="Upgrade riskmill between a failed run and riskmill rerun.",
    ),
    "E614": Code(
        title="the run is being carried out already",
        cause="Another process on this machine holds the run's lock. It is freed when that "
        "process ends, however it ends.",
        remedy="Wait for it, or follow it with: riskmill status --out DIR",
        example="riskmill run with the same batch and output directory in two terminals.",
    ),
    "E615": Code(
        title="the file is there already",
        cause="riskmill init and riskmill convert overwrite nothing.",
        remedy="Choose an empty directory.",
        example="riskmill init DIR, twice.",
    ),
    "E616": Code(
        title="the demo bank is not installed",
        cause="The demo's input files are neither in the package nor in a checkout around it.",
        remedy="Install riskmill from its wheel or from a whole checkout.",
        example="Copy src/riskmill alone to another machine.",
    ),
    "E617": Code(
        title="no version to correct",
        cause="The manifest of a correction takes date, snapshot, currency, policy and unchanged "
        "files from the version that it supersedes, and that is not there.",
        remedy="Put the correction beside it, into INBOX/<date>/<snapshot>/<version>.",
        example="riskmill validate in/2018-12-31/EOD/v003 --write-manifest --supersedes v002 "
        "where only v001 came.",
    ),
}

CODES: Mapping[str, Code] = {
    **ingestion.CODES,
    **risk.CODES,
    **pipeline.CODES,
    **RUNTIME_CODES,
    **AWS_CODES,
    "E618": Code(
        title="the run was made by other code",
        cause="A what-if adds new valuations to vectors that a run stored. Made by other code, or "
        "on another processor level, the two may differ by more than the trades.",
        remedy="Run the batch again with the installed version.",
        example="riskmill whatif of a run from before an upgrade.",
    ),
    "E619": Code(
        title="the file of trades cannot be read",
        cause="It is not there, is a directory, or may not be read.",
        remedy="Name a file of positions, in CSV, Parquet or XLSX.",
        example="riskmill whatif RUN no-such-file.csv",
    ),
    "E620": Code(
        title="no such run to compare with",
        cause="The run named as the one before is not there, is not finished, is of another firm, "
        "or its records were written by a version that kept them differently.",
        remedy="List the runs with riskmill status, or leave --previous out.",
        example="riskmill run DIR --previous 2018-12-28-000000000000",
    ),
    "E621": Code(
        title="the run cannot be compared with",
        cause="The run before must be of an earlier business date and the same currency.",
        remedy="Name another, or leave --previous out: the latest that fits is found.",
        example="--previous with a run of the same date.",
    ),
    "E622": Code(
        title="no such number of past days",
        cause="The demo bank has 250 business days before its own.",
        remedy="Ask for 1 to 250 days.",
        example="riskmill demo --history 1000",
    ),
}

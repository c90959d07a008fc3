"""E5xx: what can be wrong with a run and its artefacts."""

from collections.abc import Mapping

from riskmill.domain import Code

CODES: Mapping[str, Code] = {
    "E501": Code(
        title="the same work gave other bytes",
        cause="A task was done before and its stored result differs from the new one. Equal "
        "inputs, code and processor level must give equal bytes, so one of them changed "
        "without the run spec noticing, or the stored object was changed by hand.",
        remedy="Keep both, compare the run records, and report it. Nothing was written over.",
        example="Edit a file below runs/<run>/artefacts, delete its task manifest, run again.",
    ),
    "E502": Code(
        title="an artefact is missing from its task",
        cause="A task manifest does not list an artefact that a later task needs.",
        remedy="The run was begun by another version of riskmill: run the batch again.",
        example="Continue a run with a version that keeps its artefacts differently.",
    ),
    "E503": Code(
        title="a stored artefact was changed",
        cause="The bytes of an artefact do not have the hash that its task manifest names.",
        remedy="Remove the run's directory below runs/ and run the batch again.",
        example="Flip a bit in a file below runs/<run>/artefacts.",
    ),
    "E504": Code(
        title="an artefact has another schema",
        cause="An artefact was written under another schema name or version, or is damaged.",
        remedy="Run the batch again with this version of riskmill.",
        example="Put a Parquet file of your own in the place of positions.parquet.",
    ),
    "E510": Code(
        title="impossible number of partitions",
        cause="A run is cut into 1 to 10,000 partitions.",
        remedy="Choose a number in that range, or leave the option out.",
        example="riskmill run DIR --out OUT --partitions 0",
    ),
    "E511": Code(
        title="a task that nothing handles",
        cause="The stored plan names a wave that this version of riskmill does not have.",
        remedy="Continue with the version that made the plan, or run the batch again.",
        example="Rename a wave in runs/<run>/plan.json and continue the run.",
    ),
    "E520": Code(
        title="a file of the manifest is not there",
        cause="The batch manifest names a file that was not delivered with it.",
        remedy="Deliver the file under exactly that name, or a manifest without it.",
        example="Remove positions.csv from a batch and leave manifest.json as it is.",
    ),
}

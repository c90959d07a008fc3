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
    "E521": Code(
        title="a carried file is not in the batch that it is carried from",
        cause="The manifest carries a file from an earlier batch, and no file of that name lies "
        "there. A file that was itself carried lies in the batch that delivered it.",
        remedy="Name the batch that the file was delivered with, or deliver the file.",
        example='"carried_from": "2018-12-28/EOD/v001" for a file that came on 2018-12-27',
    ),
    "E522": Code(
        title="a file is carried, and there is no inbox to carry it from",
        cause="Carried files are looked for at INBOX/<date>/<snapshot>/<version>/, and the batch "
        "does not lie in such a place itself.",
        remedy="Put the batch into its place in the inbox, or deliver the file with it.",
        example="riskmill run /tmp/batch with a manifest that carries limits.csv.",
    ),
    "E523": Code(
        title="files are missing at the cut-off",
        cause="The manifest names files that had not come when the cut-off of its policy passed.",
        remedy="Deliver the next version, whole; a file that will not come can be carried from a "
        "named earlier batch.",
        example='"cut_off": "2018-12-31T23:30:00Z" and no market.csv at 23:31.',
    ),
    "E524": Code(
        title="the version has another manifest already",
        cause="A batch of this date, snapshot and version was answered under other bytes of its "
        "manifest. A correction is a new version, so that every figure can be traced.",
        remedy="Deliver the next version, and name the one that it supersedes.",
        example="Correct a file of v001 in its place and write the manifest anew.",
    ),
    "E525": Code(
        title="the superseded version is not there",
        cause="The batch corrects a version that is not in the inbox.",
        remedy="Deliver that version, or name the one that is corrected.",
        example='"version": "v003", "supersedes": "v002" where only v001 came.',
    ),
    "E526": Code(
        title="the batch lies in another place than its manifest says",
        cause="Date, snapshot and version of the manifest are not those of the directory that it "
        "lies in.",
        remedy="Put the batch where its manifest says, or correct the manifest.",
        example="The manifest of 2018-12-31/EOD/v001 in 2019-01-02/EOD/v001.",
    ),
    "E527": Code(
        title="a delivered file cannot be read",
        cause="The file that the manifest names is there, but it may not be read, or it is a "
        "link that leads nowhere or in a circle.",
        remedy="Deliver it as a plain file that may be read, and run the batch again.",
        example="positions.csv as a link to itself.",
    ),
    "E530": Code(
        title="no position could be valued",
        cause="Every accepted position lacks something that its price needs. All figures would "
        "be zero, and all limits would hold, so there is no report.",
        remedy="Look at the first failure named, deliver the missing data as a new version.",
        example="A market file without any price.",
    ),
    "E531": Code(
        title="too many positions could not be valued",
        cause="Rejected rows and positions that could not be valued are together more than "
        "max_bad_rows of the batch's policy.",
        remedy="Deliver what is missing as a new version, or raise max_bad_rows.",
        example="A market file that lost the price of a widely held share.",
    ),
    "E540": Code(
        title="a trade of a what-if cannot be used",
        cause="A row of the file breaks a rule of the dataset `positions`. A what-if without it "
        "would answer another question, so none of the trades is valued.",
        remedy="Correct the rows that are named.",
        example="riskmill whatif RUN trades.csv with an option that has no strike.",
    ),
    "E541": Code(
        title="a trade of a what-if is in an unknown book",
        cause="Its book is not in the hierarchy that the run was made with.",
        remedy="Name the book that the trade would be booked in.",
        example="book NEW-DESK, which the hierarchy does not have.",
    ),
    "E542": Code(
        title="a trade of a what-if cannot be valued",
        cause="The market of the run lacks a factor that its price needs, or the price is no "
        "finite number.",
        remedy="Choose a contract that the run's market quotes.",
        example="An option on an expiry without a volatility.",
    ),
    "E543": Code(
        title="the run has no result to add trades to",
        cause="A what-if is the change of a run's measures, and this run was not measured.",
        remedy="Finish the run with riskmill rerun.",
        example="riskmill whatif of a run that was refused.",
    ),
    "E544": Code(
        title="the run before is gone",
        cause="A run reads the positions, figures and past days of the run before it, which its "
        "spec names. That is not in the store, or is another one by now.",
        remedy="Bring the directory of that run back, or run the batch with --no-previous.",
        example="Remove a run's directory below runs/ and continue the run of the day after.",
    ),
    "E550": Code(
        title="the run is not finished",
        cause="Only a finished run has a report that can be signed, and figures that can be "
        "compared.",
        remedy="Finish it with riskmill rerun RUN.",
        example="riskmill sign of a run that was interrupted.",
    ),
    "E551": Code(
        title="the run is not as it was written",
        cause="Before a signature everything that it would vouch for is hashed again. An object of "
        "the run has been changed, removed or added.",
        remedy="riskmill verify RUN names it. Put it back from a copy, or run the batch again.",
        example="Edit report.html, then riskmill sign.",
    ),
    "E552": Code(
        title="this name cannot sign",
        cause="The name is empty or longer than 200 characters, or has line ends, controls or "
        "marks that turn the direction of text, by which it could read as another's.",
        remedy="Give the signer's name on one line.",
        example="riskmill sign RUN --by '' --comment ok",
    ),
    "E553": Code(
        title="this comment cannot be kept",
        cause="The comment is empty, longer than 10,000 characters, or has control characters "
        "other than line ends and tabs.",
        remedy="Say in words what is approved.",
        example="riskmill sign RUN --by 'A. Smith' --comment ' '",
    ),
    "E555": Code(
        title="a run compared with itself",
        cause="A run is a function of its inputs: it differs from itself in nothing.",
        remedy="Name two runs; riskmill catalogue lists them.",
        example="riskmill compare RUN RUN",
    ),
    "E556": Code(
        title="a signature cannot be read",
        cause="An object among the signatures of a run is no signature: it was changed or cut "
        "short after it was given.",
        remedy="Put it back from a copy; riskmill verify RUN says what else is wrong.",
        example="Edit runs/<run>/signatures/0001.json, then riskmill run of the same batch.",
    ),
    "E554": Code(
        title="the run is signed",
        cause="Files of a signed run are missing. A run that was not signed would write them anew; "
        "to a signed one nothing is ever written but further signatures.",
        remedy="riskmill verify RUN names what is missing and its hash; put it back from a copy.",
        example="Remove report.html of a signed run, then riskmill run of the same batch.",
    ),
    "E560": Code(
        title="the image's digest is none",
        cause="RISKMILL_IMAGE_DIGEST tells which container image the code runs in. It is part of "
        "a run's identity and of its audit, so what is no digest is refused.",
        remedy="Set it to sha256: and 64 hexadecimal digits, as the registry names the image, or "
        "leave it unset.",
        example="RISKMILL_IMAGE_DIGEST=latest riskmill run PATH",
    ),
}

"""`riskmill sign`: say by name that the report of a run is the one to use."""

from pathlib import Path

import click

from riskmill.cli import options


@click.command("sign", short_help="Sign a finished run.")
@click.argument("run_id", metavar="RUN")
@click.option("--by", "signer", required=True, metavar="NAME", help="Who signs.")
@click.option("--comment", required=True, metavar="TEXT", help="What is approved, or not.")
@options.out
@options.as_json
def command(run_id: str, signer: str, comment: str, out: Path, as_json: bool) -> None:
    """
    Add a signature to RUN, behind those that it has.

    Everything that the signature vouches for is verified first. A signed run never changes
    again: its report stays as it is, and signature.html beside it says who signed.
    """
    from riskmill.cli.output import write_data, write_json
    from riskmill.cli.progress import suggest
    from riskmill.runtime import sign_run

    signed = sign_run(out, run_id, signer=signer, comment=comment)
    if as_json:
        write_json(signed)
        return
    write_data(f"Signed: run {run_id} by {signed.signer}, {signed.instant}.")
    write_data(f"Signature {signed.number}: {signed.signature}")
    write_data(f"Its hash: {signed.head}")
    write_data(f"Page: {signed.page}")
    suggest(
        "Keep the hash elsewhere, in a ticket or a mail; with it "
        f"riskmill verify {run_id} --head HASH tells whether a signature was ever taken away."
    )

"""What is said, and which exit code is given, when a command cannot do what it was asked."""

import errno
import traceback
from dataclasses import dataclass

import click

from riskmill.cli.output import write_talk

OK = 0
RUN_FAILED = 1
USAGE = 2
INPUT_REJECTED = 3
QUARANTINE_OVER_POLICY = 4
LIMIT_BREACH = 5
CLOUD = 6
INTERRUPTED = 130


@dataclass(frozen=True, kw_only=True, slots=True)
class Complaint:
    """An error as the reader is told it."""

    code: str
    """Code that `riskmill explain` expands."""
    what: str
    where: str
    """File, line, key or option; empty where there is no place to name."""
    mend: str
    """What to do next."""
    notes: tuple[str, ...] = ()
    """What else may help, a command each."""


def exit_code(error: BaseException) -> int:
    """Return the exit code that *error* ends a command with."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        return INTERRUPTED
    if isinstance(error, click.ClickException):
        return USAGE
    return _exit_code_of_work(error)


def tell_error(error: BaseException) -> None:
    """Say on standard error what went wrong, where, and how to mend it."""
    if isinstance(error, click.exceptions.Exit):
        return
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        write_talk("\nInterrupted. Finished tasks are kept: the same command goes on from there.")
        return
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        write_talk(error.format_message())
        return
    write_talk(worded(complaint_about(error)))


def worded(complaint: Complaint) -> str:
    """Lay a complaint out in a few lines: what, where, how to mend it, what else may help."""
    lines = [f"Error {complaint.code}: {complaint.what}"]
    lines += [f"  Where: {complaint.where}"] if complaint.where else []
    lines += [f"  To mend it: {complaint.mend}"] if complaint.mend else []
    lines += [f"  More: {note}" for note in complaint.notes]
    lines += [f"  More: riskmill explain {complaint.code}"]
    return "\n".join(lines)


def complaint_about(error: BaseException) -> Complaint:
    """Word any error: riskmill's own, click's, the machine's, or one that nobody foresaw."""
    if isinstance(error, click.ClickException):
        return _about_usage(error)
    from riskmill.domain import RiskmillError

    if isinstance(error, RiskmillError):
        return Complaint(
            code=error.code,
            what=error.message,
            where=error.place,
            mend=error.remedy,
            notes=tuple(getattr(error, "__notes__", ())),
        )
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Complaint(
            code="E702",
            what="there is no space left to write to",
            where=str(error.filename or "standard output"),
            mend="Free some space and give the command again; finished tasks are kept.",
        )
    return _about_surprise(error)


def _exit_code_of_work(error: BaseException) -> int:
    from riskmill.domain import CloudRefused, InputRejected, QuarantineOverPolicy, UsageError

    kinds = (
        (UsageError, USAGE),
        (QuarantineOverPolicy, QUARANTINE_OVER_POLICY),
        (InputRejected, INPUT_REJECTED),
        (CloudRefused, CLOUD),
    )
    return next((code for kind, code in kinds if isinstance(error, kind)), RUN_FAILED)


def _about_usage(error: click.ClickException) -> Complaint:
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "riskmill"
    return Complaint(
        code="E701",
        what=error.format_message().rstrip("."),
        where=command,
        mend=f"See what it takes: {command} --help",
    )


def _about_surprise(error: BaseException) -> Complaint:
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].name}, line {frames[-1].lineno}" if frames else ""
    return Complaint(
        code="E799",
        what=f"riskmill met something it did not foresee: {type(error).__name__}: {error}",
        where=where,
        mend="Give the command again as `riskmill --debug ...` and report what it shows.",
    )

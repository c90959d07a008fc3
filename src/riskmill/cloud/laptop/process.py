"""The process of the embedded AWS: started on a free port, asked until it answers, stopped."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from riskmill.cloud.laptop.environment import clean_variables, prepared_interpreter
from riskmill.domain import CloudRefused

HOST = "127.0.0.1"
REGION = "eu-central-1"
ACCOUNT = "111122223333"
START_SECONDS = 60
STOP_SECONDS = 15
"""How long it may take to end by itself before it is killed."""
_OURS = Path(__file__).parent
_BOOT = "import sys; sys.path.append(sys.argv[1]); from embedded.serving import main; main()"
"""Our part of the process comes last on its path, so that it shadows nothing."""
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""All that the process sees of its user's environment: no credentials, no endpoints, no proxies."""
_NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, kw_only=True, slots=True)
class EmbeddedAws:
    """A running embedded AWS: where it listens and who is root in it."""

    endpoint: str
    """Address for AWS_ENDPOINT_URL: every service is there."""
    region: str
    account: str
    access_key: str
    secret_key: str = field(repr=False)
    """Of the account's root user; made for this process only."""
    log: Path
    """What the process said."""
    process: "subprocess.Popen[bytes]" = field(repr=False, compare=False)

    def environment(self) -> dict[str, str]:
        """Return the variables that make any AWS client talk to it as root."""
        return self._place() | {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
        }

    def environment_of(self, role: str) -> dict[str, str]:
        """
        Return the variables that a task of ECS with the task role *role* (an ARN) would find.

        Clients fetch credentials of the role from them, renew them, and are refused whatever the
        role does not allow. Raises `CloudRefused` (E802) where there is no such role.
        """
        told = self._asked("/_riskmill/credentials", {"role": role})
        return self._place() | {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{self.endpoint}{told['path']}",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": told["token"],
        }

    def _place(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def _asked(self, path: str, question: Mapping[str, str]) -> dict[str, str]:
        request = urllib.request.Request(
            self.endpoint + path,
            data=json.dumps(question).encode(),
            headers={"Authorization": self.secret_key, "Content-Type": "application/json"},
        )
        try:
            with _NO_PROXY.open(request, timeout=30) as answer:
                told: dict[str, str] = json.load(answer)
                return told
        except urllib.error.HTTPError as refused:
            raise CloudRefused(
                "E802",
                f"the embedded AWS refused: {refused.read().decode(errors='replace')}",
                place=next(iter(question.values())),
                remedy="Deploy the foundation first; its outputs name the roles.",
            ) from refused


def start(directory: Path, cache: Path, *, region: str = REGION) -> EmbeddedAws:
    """
    Start the embedded AWS with its data below *directory*, and return once it answers.

    *cache* is riskmill's cache directory, where its environment is made at first use. Objects
    are in `directory/s3`, what the process says in `directory/aws.log`. It listens on 127.0.0.1
    on a port that the system gives, with IAM enforced, and ends with its parent however that
    ends. No credentials of this process's environment are passed on.

    Raises `CloudRefused`: E800 where the environment cannot be made, E801 where the process does
    not answer.
    """
    interpreter = prepared_interpreter(cache)
    try:
        aws = _launched(interpreter, directory.absolute(), region)
    except OSError as cause:
        raise CloudRefused(
            "E801",
            f"the embedded AWS did not start: {cause.strerror or cause}",
            place=str(directory),
            remedy="Name a directory that you may write to.",
        ) from cause
    try:
        _await(aws)
    except BaseException:
        stop(aws)
        raise
    return aws


def _launched(interpreter: Path, directory: Path, region: str) -> EmbeddedAws:
    log = directory / "aws.log"
    (directory / "tmp").mkdir(parents=True, exist_ok=True)
    with socket.create_server((HOST, 0)) as listening, log.open("ab") as said:
        port, descriptor = listening.getsockname()[1], listening.fileno()
        key, secret = "AKIA" + secrets.token_hex(8).upper(), secrets.token_hex(20)
        process = subprocess.Popen(
            [str(interpreter), "-I", "-c", _BOOT, str(_OURS), str(descriptor)],
            env=_settings(directory, port, region)
            | {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret},
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=directory,
            start_new_session=True,
            pass_fds=[descriptor],
        )
    return EmbeddedAws(
        endpoint=f"http://{HOST}:{port}",
        region=region,
        account=ACCOUNT,
        access_key=key,
        secret_key=secret,
        log=log,
        process=process,
    )


def stop(aws: EmbeddedAws) -> None:
    """End the process and all it started, and remove its temporary files; a second time is idle."""
    process = aws.process
    if process.stdin is not None:
        process.stdin.close()
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    shutil.rmtree(aws.log.parent / "tmp", ignore_errors=True)


@contextmanager
def running(directory: Path, cache: Path, *, region: str = REGION) -> Iterator[EmbeddedAws]:
    """Keep an embedded AWS while the block runs; see `start`."""
    aws = start(directory, cache, region=region)
    try:
        yield aws
    finally:
        stop(aws)


def _settings(directory: Path, port: int, region: str) -> dict[str, str]:
    passed_on = {name: value for name, value in clean_variables().items() if name in _PASSED_ON}
    return passed_on | {
        "HOME": str(directory),
        "TMPDIR": str(directory / "tmp"),
        "AUTH": "true",
        "BIND_HOST": HOST,
        "MINISTACK_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(directory / "s3"),
        "STATE_DIR": str(directory / "state"),
        "LOG_LEVEL": "WARNING",
        # Nothing but the one port, and no daemon of the user's.
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "DOCKER_HOST": f"unix://{directory / 'no-docker'}",
    }


def _await(aws: EmbeddedAws) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and aws.process.poll() is None:
        try:
            with _NO_PROXY.open(f"{aws.endpoint}/_ministack/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    ended = aws.process.poll()
    lines = aws.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    raise CloudRefused(
        "E801",
        f"the embedded AWS did not start ({'no answer' if ended is None else f'exit {ended}'})"
        + (f": {lines[-1]}" if lines else ""),
        place=str(aws.log),
        remedy="Read the log at the place named.",
    )

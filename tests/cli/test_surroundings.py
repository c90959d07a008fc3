"""riskmill as a process: other locales, zones, homes and terminals, and an interruption."""

import json
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM, environment, process
from tests.cli.test_output import on_terminal

DEMO = Path(__file__).resolve().parents[2] / "examples" / "demo-bank" / "input"


def without_home() -> dict[str, str]:
    return {key: value for key, value in environment().items() if key != "HOME"}


@pytest.mark.parametrize(
    "env",
    [
        environment(LC_ALL="C"),
        environment(LC_ALL="POSIX", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"),
        environment(PYTHONIOENCODING="ascii"),
        environment(TZ="Pacific/Kiritimati"),
        without_home(),
    ],
    ids=["C locale", "ASCII locale", "ASCII streams", "zone of tomorrow", "no home"],
)
def test_surroundings_change_nothing_in_a_run(
    book: Path, finished: Path, tmp_path: Path, env: dict[str, str]
) -> None:
    ended = process(
        "run", str(book), "--out", str(tmp_path / "out"), "--json", cwd=tmp_path, env=env
    )
    assert ended.returncode == 0, ended.stderr
    report = Path(json.loads(ended.stdout)["report"])
    usual = finished / report.relative_to(tmp_path / "out")
    assert report.read_bytes() == usual.read_bytes()


def test_an_interrupted_run_ends_with_130_and_can_go_on(tmp_path: Path) -> None:
    command = [*PROGRAM, "run", str(DEMO), "--out", str(tmp_path / "out"), "--workers", "1"]
    running = subprocess.Popen(
        command, cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, text=True
    )
    assert running.stderr is not None
    while json.loads(running.stderr.readline())["event"] != "run started":
        pass
    running.send_signal(signal.SIGINT)
    talk = running.stderr.read()
    running.stderr.close()
    assert running.wait() == 130
    assert "Interrupted" in talk
    assert "Traceback" not in talk
    (run,) = json.loads(process("status", "--out", "out", "--json", cwd=tmp_path).stdout)
    assert run["status"] == "incomplete"


def test_a_terminal_shows_a_bar_and_no_json(book: Path, tmp_path: Path) -> None:
    command = [*PROGRAM, "run", str(book), "--out", str(tmp_path / "out")]
    shown = on_terminal(command, columns=40)
    assert "risk: value" in shown
    assert '{"event"' not in shown
    assert "Next: " in shown


def test_a_run_reaches_its_report_over_a_broken_pipe(book: Path, tmp_path: Path) -> None:
    command = [*PROGRAM, "run", str(book), "--out", str(tmp_path / "out")]
    running = subprocess.Popen(
        command,
        env=environment(),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    running.stderr.close()
    assert running.wait() == 0
    assert list((tmp_path / "out").rglob("report.json"))


def test_the_demo_opens_its_report_where_there_is_a_display(tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text('#!/bin/sh\nprintf %s "$1" > opened\n')
    browser.chmod(0o755)
    with_display = environment(DISPLAY=":0", BROWSER=f"{browser} %s")
    first = process("demo", cwd=tmp_path, env=with_display)
    assert first.returncode == 0, first.stderr
    report = Path(first.stdout.splitlines()[-1].removeprefix("Report: "))
    assert (tmp_path / "opened").read_text() == (tmp_path / report).as_uri()

    (tmp_path / "opened").unlink()
    assert process("demo", "--no-open", cwd=tmp_path, env=with_display).returncode == 0
    without_display = environment(DISPLAY="", WAYLAND_DISPLAY="", BROWSER=f"{browser} %s")
    assert process("demo", cwd=tmp_path, env=without_display).returncode == 0
    assert not (tmp_path / "opened").exists()


def test_a_report_that_is_rendered_again_is_opened_where_that_is_asked(
    finished: Path, tmp_path: Path
) -> None:
    browser = tmp_path / "browser"
    browser.write_text('#!/bin/sh\nprintf %s "$1" > opened\n')
    browser.chmod(0o755)
    run = next((finished / "runs").iterdir()).name
    for place, asked in (("quiet", []), ("shown", ["--open"])):
        told = process(
            "report", run, "--out", str(finished), "--format", "html", "--to", place, *asked,
            cwd=tmp_path, env=environment(DISPLAY=":0", BROWSER=f"{browser} %s"),
        )  # fmt: skip
        assert told.returncode == 0, told.stderr
        assert (tmp_path / "opened").exists() == bool(asked)
    assert (tmp_path / "opened").read_text() == (tmp_path / "shown/report.html").as_uri()

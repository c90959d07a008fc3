"""`riskmill report`, and the example of the guide to a firm's own looks."""

import json
import re
from pathlib import Path

from tests.architecture.sources import REPOSITORY
from tests.cli.conftest import Say

SVG = "http://www.w3.org/2000/svg"

GUIDE = REPOSITORY / "docs" / "howto" / "brand-the-report.md"
FILES = re.compile(r"^`([\w./]+)`:\n\n```\w+\n(.*?)^```", re.DOTALL | re.MULTILINE)


def run_of(finished: Path) -> str:
    (run,) = (finished / "runs").iterdir()
    return run.name


def test_it_prints_where_the_files_are(say: Say, finished: Path, tmp_path: Path) -> None:
    to = tmp_path / "again"
    said = say("report", run_of(finished), "--out", finished, "--to", to, "--format", "pdf, html")
    assert said.code == 0
    assert said.out.splitlines() == [str(to / "report.html"), str(to / "report.pdf")]
    assert (to / "report.pdf").read_bytes().startswith(b"%PDF")


def test_it_answers_in_json(say: Say, finished: Path, tmp_path: Path) -> None:
    said = say(
        "report", run_of(finished), "--out", finished, "--to", tmp_path / "part",
        "--section", "stress", "--section", "limits", "--format", "csv", "--json",
    )  # fmt: skip
    shown = json.loads(said.out)
    assert shown["sections"] == ["limits", "stress"]
    names = [Path(path).name for path in shown["files"]]
    assert names == ["headline.csv", "limits.csv", "stress.csv"]


def test_wrong_names_are_wrong_usage(say: Say, finished: Path, tmp_path: Path) -> None:
    for option in (("--section", "graphs"), ("--format", "docx")):
        said = say("report", run_of(finished), "--out", finished, "--to", tmp_path / "x", *option)
        assert said.code == 2
        assert said.err.startswith("Error E721: ")
    assert not (tmp_path / "x").exists()


def test_a_run_says_which_files_lie_beside_its_page(say: Say, book: Path, finished: Path) -> None:
    said = say("run", book, "--out", finished)
    (line,) = (line for line in said.out.splitlines() if line.startswith("Beside it: "))
    assert "report.pdf, report.xlsx, vectors.parquet" in line
    assert line.endswith(" tables in tables/")
    shown = json.loads(say("run", book, "--out", finished, "--json").out)
    assert all(Path(path).is_file() for path in shown["files"])


def test_the_example_of_the_guide_works(say: Say, finished: Path, tmp_path: Path) -> None:
    files = FILES.findall(GUIDE.read_text(encoding="utf-8"))
    assert {name for name, _ in files} == {"logo.svg", "notice.html.j2", "sections/limits.html.j2"}
    template = tmp_path / "our-bank"
    for name, text in files:
        place = template / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    said = say(
        "report", run_of(finished), "--out", finished, "--template", template,
        "--to", tmp_path / "for-the-board",
    )  # fmt: skip
    assert said.code == 0, said.err
    page = (tmp_path / "for-the-board" / "report.html").read_text(encoding="utf-8")
    assert "For the board of Our Bank" in page
    assert 'src="data:image/svg+xml;base64,' in page
    assert "over limit" in page


def test_a_directory_of_templates_with_a_logo_dresses_page_and_print(
    say: Say, finished: Path, tmp_path: Path
) -> None:
    looks = tmp_path / "looks"
    looks.mkdir()
    (looks / "notice.html.j2").write_text("<p>Property of {{ report.strip.firm|shown }}.</p>")
    square = '<rect width="8" height="8"/>'
    (looks / "logo.svg").write_text(f'<svg xmlns="{SVG}" viewBox="0 0 8 8">{square}</svg>')
    run_id = next((finished / "runs").iterdir()).name
    to = tmp_path / "dressed"
    said = say("report", run_id, "--out", finished, "--template", looks, "--to", to)
    assert said.code == 0, said.err
    page = (to / "report.html").read_text("utf-8")
    assert "Property of Demo Bank." in page
    assert 'alt="Logo of Demo Bank"' in page
    assert (to / "report.pdf").read_bytes().startswith(b"%PDF")
    refused = say("report", run_id, "--out", finished, "--template", tmp_path / "none")
    assert (refused.code, refused.err.startswith("Error E722")) == (2, True)

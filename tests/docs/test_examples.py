"""Every example in the documents is run, and every command in them exists."""

import re
import shlex
from pathlib import Path

import click
import pytest

from riskmill.cli.main import riskmill
from tests.architecture.sources import REPOSITORY, tracked_files

DOCUMENTS = [file for file in tracked_files() if file.suffix == ".md"]
PYTHON = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
MAKE_TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)


def named(document: Path) -> str:
    return str(document.relative_to(REPOSITORY))


@pytest.mark.parametrize(
    "document", [d for d in DOCUMENTS if PYTHON.search(d.read_text("utf-8"))], ids=named
)
def test_the_python_examples_of_a_document_run(document: Path) -> None:
    program = examples_of(document.read_text("utf-8"))
    exec(compile(program, named(document), "exec"), {"__name__": "example"})


@pytest.mark.parametrize(
    "document", [d for d in DOCUMENTS if CONSOLE.search(d.read_text("utf-8"))], ids=named
)
def test_the_commands_of_a_document_exist(document: Path) -> None:
    lines = [
        line.removeprefix("$ ")
        for block in CONSOLE.findall(document.read_text("utf-8"))
        for line in block.splitlines()
        if line.startswith("$ ")
    ]
    assert lines
    for line in lines:
        words = shlex.split(line, comments=True)
        if words[0] == "riskmill":
            parse(words[1:])
        elif words[0] == "make":
            assert words[1] in MAKE_TARGET.findall((REPOSITORY / "Makefile").read_text())


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_the_links_of_a_document_lead_somewhere(document: Path) -> None:
    targets = [t for t in LINK.findall(document.read_text("utf-8")) if "://" not in t]
    assert [t for t in targets if not (document.parent / t).exists()] == []


def examples_of(text: str) -> str:
    """Return the Python of a document, each line where it stands in the document."""
    shown = [False] * len(text)
    for block in PYTHON.finditer(text):
        shown[block.start(1) : block.end(1)] = [True] * (block.end(1) - block.start(1))
    return "".join(
        char if keep or char == "\n" else "" for char, keep in zip(text, shown, strict=True)
    )


def parse(words: list[str]) -> None:
    """Let click read a command line as it would, without running it."""
    context = click.Context(riskmill)
    name, command, rest = riskmill.resolve_command(context, words)
    assert command is not None
    command.make_context(name, rest, parent=context)

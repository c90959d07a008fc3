"""Documents that are made from the code are what the code would write today."""

import importlib.util
from types import ModuleType

import pytest

from riskmill.cli.explain import all_codes
from riskmill.ingestion.quality.checks import CHECKS
from tests.architecture.sources import REPOSITORY

DOCS = REPOSITORY / "docs"


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_documents", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATOR = _generator()


@pytest.mark.parametrize("name", GENERATOR.PAGES)
def test_a_generated_page_is_current(name: str) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == GENERATOR.PAGES[name](), "run: make docs"


def test_the_page_of_codes_explains_every_code_once() -> None:
    page = GENERATOR.codes_page()
    headings = [line for line in page.splitlines() if line.startswith("### ")]
    assert sorted(line[4:8] for line in headings) == sorted(all_codes())


def test_every_quality_check_has_a_line_with_its_limit() -> None:
    documents = (DOCS / "datasets.md").read_text(encoding="utf-8")
    for name, check in CHECKS.items():
        limit = f"{check.limit:g} {check.unit}" if check.unit else "none"
        assert f"| `{name}` | {check.code} | {limit} |" in documents

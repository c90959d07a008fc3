"""
The demo bank gives its golden result.

Text and structure are equal to the letter, apart from the identity of the run:
its id, code version, compute path and spec hash. Numbers agree to one part in a
billion, or to a millionth of a currency unit where they are tiny, which is more
than processor levels differ.
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from riskmill.runtime import RunOptions, demo_input, start_run

EXPECTED = Path(__file__).resolve().parents[2] / "examples" / "demo-bank" / "expected"
RELATIVE, ABSOLUTE = 1e-9, 1e-6
IDENTITY = ("Run", "Run spec, SHA-256", "Code version", "Code digest", "Compute level")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Directory of the demo's own report."""
    out = tmp_path_factory.mktemp("demo")
    return start_run(demo_input(), out, RunOptions()).report.parent


@pytest.fixture(scope="module")
def quarantine(published: Path) -> Path:
    (rejects,) = (published.parents[2] / "quarantine").rglob("rejects.json")
    return rejects.parent


def test_every_figure_of_the_report_is_as_expected(published: Path) -> None:
    found = _load(published / "report.json")
    expected = _load(EXPECTED / "report.json")
    differences = list(_differences(found, expected, "report"))
    assert not differences, "\n".join(differences[:20])


def test_every_entry_of_the_vectors_is_as_expected(published: Path) -> None:
    found, expected = (_vectors(folder) for folder in (published, EXPECTED))
    for column in ("portfolio", "level", "scenario"):
        assert found[column].equals(expected[column]), column
    np.testing.assert_allclose(
        found["pnl"].to_numpy(), expected["pnl"].to_numpy(), rtol=RELATIVE, atol=ABSOLUTE
    )


@pytest.mark.parametrize("name", ["positions.csv", "rejects.json"])
def test_rejected_rows_are_as_expected_to_the_byte(quarantine: Path, name: str) -> None:
    found = (quarantine / name).read_bytes().replace(quarantine.name.encode(), b"Run")
    assert found == (EXPECTED / name).read_bytes()


def test_the_comparison_sees_a_difference() -> None:
    base = {"a": [1.0, "x", {"b": 2}]}
    assert not list(_differences(base, base, "r"))
    for other in (
        {"a": [1.0 + 1e-3, "x", {"b": 2}]},
        {"a": [1.0, "y", {"b": 2}]},
        {"a": [1.0, "x"]},
        {"a": [1.0, "x", {"c": 2}]},
    ):
        assert list(_differences(other, base, "r"))


def _load(path: Path) -> object:
    report = json.loads(path.read_text(encoding="utf-8"))
    audit = {fact["label"]: fact["text"] for fact in report["audit"]["run"]}
    text = json.dumps(report)
    for label, value in audit.items():
        if label in IDENTITY:
            text = text.replace(json.dumps(value)[1:-1], label)
    return json.loads(text)


def _vectors(folder: Path) -> pa.Table:
    return pq.ParquetFile(folder / "vectors.parquet", pre_buffer=False).read(use_threads=False)


def _differences(found: object, expected: object, place: str) -> Iterator[str]:
    match found, expected:
        case dict(), dict() if found.keys() == expected.keys():
            for key, value in found.items():
                yield from _differences(value, expected[key], f"{place}.{key}")
        case list(), list() if len(found) == len(expected):
            for index, value in enumerate(found):
                yield from _differences(value, expected[index], f"{place}[{index}]")
        case float(), float() if math.isclose(found, expected, rel_tol=RELATIVE, abs_tol=ABSOLUTE):
            return
        case _ if found != expected:
            yield f"{place}: found {found!r}, expected {expected!r}"

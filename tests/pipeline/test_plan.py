"""A plan follows from the run spec alone, and what is left follows from manifests."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import WAVES, BatchFile, BatchManifest, BatchPolicy, Per, RiskSpec, UsageError
from riskmill.pipeline import (
    MAX_PARTITIONS,
    RunSpec,
    decode_spec,
    default_partitions,
    encode_spec,
    plan,
    remaining,
)
from riskmill.pipeline.handlers import HANDLERS
from riskmill.pipeline.run_spec import PreviousRun


def spec_of(rows: int = 520, files: int = 3, scenarios: int = 500) -> RunSpec:
    names = ["positions.csv"] + [f"file-{index}.csv" for index in range(files - 1)]
    batch = BatchManifest(
        business_date=date(2018, 12, 31),
        snapshot="EOD",
        version="v001",
        supersedes="",
        as_of="2018-12-31T22:00:00Z",
        reporting_currency="USD",
        policy=BatchPolicy(),
        files=tuple(
            BatchFile(
                name=name,
                dataset="positions" if name == "positions.csv" else "limits",
                sha256="0" * 64,
                size=1,
                rows=rows,
            )
            for name in names
        ),
    )
    return RunSpec(
        manifest_sha256="1" * 64,
        batch=batch,
        code_version="0.1.0+00000000",
        compute="compiled/host",
        risk=RiskSpec(scenarios=scenarios),
    )


partitions = st.integers(1, 60)


@given(partitions)
def test_the_same_spec_gives_the_same_plan(parts: int) -> None:
    assert plan(spec_of(), parts) == plan(spec_of(), parts)


@given(partitions)
def test_task_ids_are_unique(parts: int) -> None:
    ids = [task.task_id for task in plan(spec_of(), parts).tasks()]
    assert len(set(ids)) == len(ids)


@given(partitions)
def test_every_partition_is_valued_exactly_once(parts: int) -> None:
    tasks = plan(spec_of(), parts).of_wave("risk", "value")
    assert [(task.index, task.of) for task in tasks] == [(i, parts) for i in range(parts)]


@given(partitions, st.data())
def test_what_is_left_and_what_is_done_make_the_whole(parts: int, data: st.DataObject) -> None:
    laid_out = plan(spec_of(), parts)
    ids = [task.task_id for task in laid_out.tasks()]
    done = set(data.draw(st.sets(st.sampled_from(ids))))
    carried = []
    while wave := remaining(laid_out, done):
        assert not done & {task.task_id for task in wave.tasks}
        carried += [task.task_id for task in wave.tasks]
        done |= {task.task_id for task in wave.tasks}
    assert done == set(ids)
    assert len(set(carried)) == len(carried)


def test_a_wave_waits_for_every_task_of_the_wave_before() -> None:
    laid_out = plan(spec_of(), 2)
    done = {task.task_id for task in laid_out.tasks()} - {"risk-value-0002-of-0002"}
    wave = remaining(laid_out, done)
    assert wave is not None
    assert [task.task_id for task in wave.tasks] == ["risk-value-0002-of-0002"]


@pytest.mark.parametrize(
    "previous", [None, PreviousRun(run_id="2024-01-01-a", spec_sha256="1" * 64)]
)
def test_the_waves_are_those_that_are_declared_in_their_order(
    previous: PreviousRun | None,
) -> None:
    laid_out = plan(replace(spec_of(files=3), previous=previous), 5)
    declared = [shape for shape in WAVES if previous or shape.per is not Per.EARLIER]
    assert [(wave.stage, wave.name) for wave in laid_out.waves] == [
        (shape.stage, shape.name) for shape in declared
    ]
    tasks = {Per.FILE: 3, Per.PARTITION: 5, Per.EARLIER: 5, Per.RUN: 1, Per.FORM: 3}
    assert [len(wave.tasks) for wave in laid_out.waves] == [tasks[shape.per] for shape in declared]


def test_every_declared_wave_has_a_handler_and_no_other() -> None:
    assert list(HANDLERS) == [(shape.stage, shape.name) for shape in WAVES]


def test_nothing_remains_of_a_finished_run() -> None:
    laid_out = plan(spec_of(), 3)
    assert remaining(laid_out, {task.task_id for task in laid_out.tasks()}) is None


@pytest.mark.parametrize("parts", [0, -1, MAX_PARTITIONS + 1])
def test_impossible_partitions_are_refused(parts: int) -> None:
    with pytest.raises(UsageError) as refused:
        plan(spec_of(), parts)
    assert refused.value.code == "E510"


def test_partitions_grow_with_the_book() -> None:
    assert default_partitions(spec_of(rows=10)) == 4
    assert default_partitions(spec_of(rows=1_000_000)) == 123
    assert default_partitions(spec_of(rows=10**9)) == MAX_PARTITIONS


def test_a_run_id_is_the_date_and_a_hash_of_the_spec() -> None:
    assert spec_of().run_id == f"2018-12-31-{spec_of().sha256[:12]}"


def test_anything_that_can_change_a_number_changes_the_run_id() -> None:
    assert spec_of().run_id != spec_of(scenarios=499).run_id


def test_a_spec_comes_back_as_it_was_written() -> None:
    assert decode_spec(encode_spec(spec_of())) == spec_of()

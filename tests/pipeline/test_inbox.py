"""Decisions about an inbox follow from what lies there, in whatever order it came."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmill.domain import BatchFile, BatchManifest, BatchPolicy, InputRejected
from riskmill.pipeline import (
    Decision,
    FoundManifest,
    Ignore,
    Landed,
    Refuse,
    Run,
    Settled,
    StageEarly,
    Wait,
    decide,
)

CAME = datetime(2018, 12, 31, 22, 0, tzinfo=UTC)
NOW = CAME + timedelta(hours=1)
V1, V2, FRIDAY = "2018-12-31/EOD/v001", "2018-12-31/EOD/v002", "2018-12-28/EOD/v001"


def landed(key: str, size: int = 10, came: datetime = CAME) -> Landed:
    return Landed(key=key, size=size, instant=came)


def batch_at(
    place: str, *files: BatchFile, supersedes: str = "", cut_off: str = ""
) -> FoundManifest:
    day, snapshot, version = place.split("/")
    manifest = BatchManifest(
        business_date=date.fromisoformat(day),
        snapshot=snapshot,
        version=version,
        supersedes=supersedes,
        as_of="2018-12-31T22:00:00Z",
        reporting_currency="USD",
        policy=BatchPolicy(cut_off=cut_off),
        files=files,
    )
    return FoundManifest(sha256=f"hash of {place}", content=manifest)


def file(name: str, carried_from: str = "") -> BatchFile:
    return BatchFile(
        name=name,
        dataset=name.partition(".")[0],
        sha256="0" * 64,
        size=10,
        rows=1,
        carried_from=carried_from,
    )


POSITIONS, LIMITS = file("positions.csv"), file("limits.csv")
WHOLE = (
    landed(f"{V1}/positions.csv"),
    landed(f"{V1}/limits.csv"),
    landed(f"{V1}/manifest.json"),
)
TWO_FILES = {V1: batch_at(V1, POSITIONS, LIMITS)}


def about_batches(decisions: Iterable[Decision]) -> list[Decision]:
    return [one for one in decisions if isinstance(one, Run | Wait | Refuse)]


def the_only(decisions: Iterable[Decision]) -> Decision:
    (one,) = about_batches(decisions)
    return one


def test_a_whole_batch_is_run() -> None:
    assert decide(WHOLE, TWO_FILES, Settled(), NOW) == (
        Run(batch_id=V1, manifest_sha256=f"hash of {V1}"),
    )


def test_files_before_their_manifest_are_checked_early_and_once() -> None:
    key = f"{V1}/positions.csv"
    assert decide(WHOLE[:1], {}, Settled(), NOW) == (
        StageEarly(batch_id=V1, key=key, age_seconds=3600.0),
    )
    assert decide(WHOLE[:1], {}, Settled(staged=frozenset({key})), NOW) == (
        Ignore(
            key=key,
            reason="checked; waits for its manifest",
            batch_id=V1,
            age_seconds=3600.0,
        ),
    )


def test_a_file_that_is_missing_is_waited_for() -> None:
    assert decide(WHOLE[1:], TWO_FILES, Settled(), NOW) == (
        Wait(batch_id=V1, missing=("positions.csv",), cut_off=""),
    )


@pytest.mark.parametrize(
    ("cut_off", "kind"),
    [("2018-12-31T23:00:01Z", Wait), ("2018-12-31T23:00:00Z", Refuse), ("", Wait)],
)
def test_a_file_that_never_comes_refuses_the_batch_at_its_cut_off(
    cut_off: str, kind: type[Decision]
) -> None:
    manifests = {V1: batch_at(V1, POSITIONS, LIMITS, cut_off=cut_off)}
    decision = the_only(decide(WHOLE[1:], manifests, Settled(), NOW))
    assert isinstance(decision, kind)
    if isinstance(decision, Refuse):
        assert decision.refusal.code == "E523"
        assert "positions.csv" in decision.refusal.message


def test_a_whole_batch_is_run_after_its_cut_off_too() -> None:
    manifests = {V1: batch_at(V1, POSITIONS, LIMITS, cut_off="2018-12-31T22:30:00Z")}
    assert isinstance(the_only(decide(WHOLE, manifests, Settled(), NOW)), Run)


@pytest.mark.parametrize(("seconds", "kind"), [(5, Wait), (61, Run)])
def test_a_file_shorter_than_announced_may_still_be_on_its_way(
    seconds: int, kind: type[Decision]
) -> None:
    short = landed(f"{V1}/positions.csv", size=3, came=NOW - timedelta(seconds=seconds))
    found = the_only(decide([short, *WHOLE[1:]], TWO_FILES, Settled(), NOW))
    assert isinstance(found, kind)


@pytest.mark.parametrize(
    ("settled", "reason"),
    [
        (Settled(finished=frozenset({f"hash of {V1}"})), "already done"),
        (Settled(refused=frozenset({f"hash of {V1}"})), "already refused"),
    ],
)
def test_the_same_manifest_twice_is_nothing_new(settled: Settled, reason: str) -> None:
    (decision,) = decide(WHOLE, TWO_FILES, settled, NOW)
    assert isinstance(decision, Ignore)
    assert (decision.key, decision.reason) == (f"{V1}/manifest.json", reason)


def test_another_manifest_under_an_answered_version_is_refused() -> None:
    settled = Settled(answered={V1: frozenset({"another hash"})})
    decision = the_only(decide(WHOLE, TWO_FILES, settled, NOW))
    assert isinstance(decision, Refuse)
    assert decision.refusal.code == "E524"


def test_an_unreadable_manifest_is_refused_for_its_own_reason() -> None:
    refusal = InputRejected("E001", "the manifest is not JSON")
    manifests = {V1: FoundManifest(sha256="x", content=refusal)}
    assert decide(WHOLE, manifests, Settled(), NOW) == (
        Refuse(batch_id=V1, manifest_sha256="x", refusal=refusal),
    )


def test_a_batch_in_another_place_than_its_manifest_says_is_refused() -> None:
    decision = the_only(decide(WHOLE, {V1: batch_at(V2, POSITIONS, LIMITS)}, Settled(), NOW))
    assert isinstance(decision, Refuse)
    assert decision.refusal.code == "E526"


def test_a_correction_waits_for_what_it_corrects_and_runs_behind_it() -> None:
    second = [replace(entry, key=entry.key.replace("v001", "v002")) for entry in WHOLE]
    manifests = {V2: batch_at(V2, POSITIONS, LIMITS, supersedes="v001")}
    assert the_only(decide(second, manifests, Settled(), NOW)) == Wait(
        batch_id=V2, missing=(f"{V1}/manifest.json",), cut_off=""
    )
    found = decide([*second, *WHOLE], manifests | TWO_FILES, Settled(), NOW)
    assert [one.batch_id for one in found if isinstance(one, Run)] == [V1, V2]


@pytest.mark.parametrize(
    ("carried_from", "key"),
    [(FRIDAY, f"{FRIDAY}/limits.csv"), (f"{FRIDAY}/old.csv", f"{FRIDAY}/old.csv")],
)
def test_a_carried_file_is_looked_for_in_the_batch_that_is_named(
    carried_from: str, key: str
) -> None:
    manifests = {V1: batch_at(V1, POSITIONS, file("limits.csv", carried_from))}
    here = (WHOLE[0], WHOLE[2])
    assert the_only(decide(here, manifests, Settled(), NOW)) == Wait(
        batch_id=V1, missing=(key,), cut_off=""
    )
    assert isinstance(the_only(decide([*here, landed(key)], manifests, Settled(), NOW)), Run)


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("2018-12-31/EOD/v001/", "marks a folder"),
        ("2018-12-31_$folder$", "marks a folder"),
        (f"{V1}/.positions.csv.swp", "hidden"),
        (".git/config/a/b", "hidden"),
        ("positions.csv", "not at <date>/<snapshot>/<version>/<name>"),
        ("2018-02-30/EOD/v001/positions.csv", "not at <date>/<snapshot>/<version>/<name>"),
        (f"{V1}/deep/positions.csv", "not at <date>/<snapshot>/<version>/<name>"),
        ("2018-12-31/EOD/v000/positions.csv", "not at <date>/<snapshot>/<version>/<name>"),
        (f"{V1}/notes.csv", "not named by its manifest"),
    ],
)
def test_what_is_no_part_of_a_batch_is_left_alone(key: str, reason: str) -> None:
    run, ignored = decide([*WHOLE, landed(key)], TWO_FILES, Settled(), NOW)
    assert isinstance(run, Run)
    assert isinstance(ignored, Ignore)
    assert (ignored.key, ignored.reason) == (key, reason)


def test_a_file_whose_name_says_no_dataset_waits_for_its_manifest() -> None:
    (ignored,) = decide([landed(f"{V1}/trades.csv")], {}, Settled(), NOW)
    assert isinstance(ignored, Ignore)
    assert ignored.batch_id == V1


def test_the_same_event_twice_changes_no_decision() -> None:
    once = decide(WHOLE, TWO_FILES, Settled(), NOW)
    twice = decide([*WHOLE, *WHOLE], TWO_FILES, Settled(), NOW)
    assert about_batches(once) == about_batches(twice)
    again = [one.reason for one in twice if isinstance(one, Ignore)]
    assert again == ["told of more than once"] * 3


DELIVERIES = {
    FRIDAY: batch_at(FRIDAY, POSITIONS, LIMITS),
    V1: batch_at(V1, POSITIONS, file("limits.csv", FRIDAY)),
    V2: batch_at(V2, file("positions.csv", V1), LIMITS, supersedes="v001"),
}
ARRIVALS = tuple(
    landed(f"{place}/{name}")
    for place, names in (
        (FRIDAY, ("positions.csv", "limits.csv", "manifest.json")),
        (V1, ("positions.csv", "manifest.json")),
        (V2, ("limits.csv", "manifest.json")),
    )
    for name in names
)


def runs_of(arrivals: Sequence[Landed], looks: Callable[[int], bool]) -> list[str]:
    """Batches in the order in which they are run, looking at the inbox when *looks* says so."""
    finished: dict[str, str] = {}
    for count in range(1, len(arrivals) + 1):
        if not looks(count) and count < len(arrivals):
            continue
        here = arrivals[:count]
        keys = {entry.key for entry in here}
        manifests = {
            place: found for place, found in DELIVERIES.items() if f"{place}/manifest.json" in keys
        }
        decisions = decide(here, manifests, Settled(finished=frozenset(finished.values())), NOW)
        for one in decisions:
            assert not isinstance(one, Refuse)
            if isinstance(one, Run):
                assert one.batch_id not in finished
                finished[one.batch_id] = one.manifest_sha256
    return list(finished)


@given(
    st.permutations(ARRIVALS),
    st.lists(st.sampled_from(ARRIVALS), max_size=6),
    st.sets(st.integers(1, 13)),
)
def test_any_order_and_repetition_of_arrivals_ends_in_the_same_runs(
    order: list[Landed], again: list[Landed], looks: set[int]
) -> None:
    arrivals = [*order, *again]
    assert set(runs_of(arrivals, looks.__contains__)) == set(DELIVERIES)


@given(st.permutations(ARRIVALS))
def test_one_look_at_everything_runs_batches_in_the_order_of_their_dates_and_versions(
    order: list[Landed],
) -> None:
    assert runs_of(order, lambda count: False) == [FRIDAY, V1, V2]

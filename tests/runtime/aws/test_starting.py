"""Which runs may begin: an earlier date first, and nobody waits for what was given up."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from riskmill.pipeline import Run
from riskmill.runtime.aws.starting import Progress, startable

MONDAY, TUESDAY = "2018-12-24/EOD/v001", "2018-12-25/EOD/v001"
CORRECTED, NOON = "2018-12-25/EOD/v002", "2018-12-25/NOON/v001"


def begin(**progress: Progress) -> list[str]:
    named = {"monday": MONDAY, "tuesday": TUESDAY, "corrected": CORRECTED, "noon": NOON}
    told = {named[name]: how for name, how in progress.items()}
    runs = [Run(batch_id=batch, manifest_sha256=batch) for batch in sorted(told)]
    return [run.batch_id for run in startable(runs, told)]


def test_a_later_date_waits_for_an_earlier_one_that_begins_or_is_under_way() -> None:
    assert begin(monday=Progress.NEW, tuesday=Progress.NEW) == [MONDAY]
    assert begin(monday=Progress.UNDER_WAY, tuesday=Progress.NEW) == [MONDAY]


def test_nobody_waits_for_a_run_that_was_given_up() -> None:
    assert begin(monday=Progress.GIVEN_UP, tuesday=Progress.NEW) == [MONDAY, TUESDAY]


def test_another_snapshot_and_another_version_wait_for_nobody() -> None:
    assert begin(monday=Progress.NEW, noon=Progress.NEW) == [MONDAY, NOON]
    assert begin(tuesday=Progress.NEW, corrected=Progress.NEW) == [TUESDAY, CORRECTED]


@given(
    st.dictionaries(
        st.sampled_from(
            [
                f"2018-12-{day}/{name}/v001"
                for day, name in itertools.product(("24", "25", "26"), ("EOD", "NOON"))
            ]
        ),
        st.sampled_from(list(Progress)),
    )
)
def test_the_earliest_may_always_begin_so_that_all_come_to_their_turn(
    told: dict[str, Progress],
) -> None:
    runs = [Run(batch_id=batch, manifest_sha256=batch) for batch in sorted(told)]
    chosen = startable(runs, told)
    for snapshot in {run.batch_id.split("/")[1] for run in runs}:
        own = [run for run in runs if f"/{snapshot}/" in run.batch_id]
        assert own[0] in chosen

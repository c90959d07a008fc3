"""An inbox: whatever lands in it, in whatever order, is run once or answered."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from riskmill.runtime import DeliveryState, list_runs, receive, start_run
from tests.runtime.inboxes import QUICK, V1, V2, answer, edit, place

Published = dict[str, bytes]
Publish = Callable[[Path], Published]
LATER = datetime(2100, 1, 1, tzinfo=UTC)


class Mailbox:
    """An inbox and its output directory."""

    def __init__(self, root: Path) -> None:
        self.inbox, self.out = root / "in", root / "out"
        self.inbox.mkdir()

    def look(self, now: datetime | None = None) -> dict[str, DeliveryState]:
        state = receive(self.inbox, self.out, QUICK, now=now)
        return {one.batch_id: one for one in state.deliveries}

    def runs(self) -> list[str]:
        return [run.batch_id for run in list_runs(self.out) if run.status.startswith("complete")]


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path)


def test_an_empty_inbox_is_no_error(mailbox: Mailbox) -> None:
    assert mailbox.look() == {}


def test_files_that_land_early_are_checked_kept_and_used_by_the_run(
    mailbox: Mailbox, sample_batch: Path, published: Publish, tmp_path: Path
) -> None:
    source = place(sample_batch, mailbox.inbox, V1)
    manifest = (source / "manifest.json").read_bytes()
    (source / "manifest.json").unlink()
    assert mailbox.look()[V1].state == "early"
    kept = sorted((mailbox.out / "staged").rglob("early.json"))
    assert len(kept) == len(list(source.iterdir()))
    again = mailbox.look()[V1]
    assert again.state == "early"
    assert sorted((mailbox.out / "staged").rglob("early.json")) == kept
    (source / "manifest.json").write_bytes(manifest)
    assert mailbox.look()[V1].state.startswith("complete")
    alone = tmp_path / "alone"
    start_run(sample_batch, alone, QUICK)
    assert published(mailbox.out) == published(alone)


def test_a_run_takes_up_what_was_kept_and_notices_when_that_was_changed(
    mailbox: Mailbox, sample_batch: Path
) -> None:
    source = place(sample_batch, mailbox.inbox, V1)
    manifest = (source / "manifest.json").read_bytes()
    (source / "manifest.json").unlink()
    mailbox.look()
    (kept,) = (mailbox.out / "staged").rglob("positions-00001.parquet")
    kept.write_bytes(kept.read_bytes() + b"x")
    (source / "manifest.json").write_bytes(manifest)
    state = mailbox.look()[V1]
    assert (state.state, state.code) == ("failed", "E503")


def test_errors_of_an_early_file_come_back_at_once(mailbox: Mailbox, sample_batch: Path) -> None:
    source = mailbox.inbox / V1
    source.mkdir(parents=True)
    positions = (sample_batch / "positions.csv").read_text(encoding="utf-8")
    (source / "positions.csv").write_text(positions + "short\n", encoding="utf-8")
    (source / "limits.csv").write_text("limit_id,portfolio\n", encoding="utf-8")
    detail = mailbox.look()[V1].detail
    assert "positions.csv: 1 row rejected (E101)" in detail
    assert "limits.csv: E028" in detail


def test_a_batch_is_open_until_its_last_file_comes(mailbox: Mailbox, sample_batch: Path) -> None:
    source = place(sample_batch, mailbox.inbox, V1)
    shutil.move(source / "market.csv", mailbox.inbox.parent / "market.csv")
    state = mailbox.look()[V1]
    assert (state.state, state.detail) == ("open", "missing market.csv")
    assert mailbox.runs() == []
    shutil.move(mailbox.inbox.parent / "market.csv", source / "market.csv")
    assert mailbox.look()[V1].state.startswith("complete")
    assert mailbox.runs() == [V1]


def test_a_batch_that_is_open_at_its_cut_off_is_refused_and_stays_refused(
    mailbox: Mailbox, sample_batch: Path
) -> None:
    source = place(sample_batch, mailbox.inbox, V1)
    edit(source, lambda manifest: manifest["policy"].update(cut_off="2099-12-31T23:30:00Z"))
    market = (source / "market.csv").read_bytes()
    (source / "market.csv").unlink()
    assert mailbox.look()[V1].state == "open"
    state = mailbox.look(LATER)[V1]
    assert (state.state, state.code, state.acted) == ("refused", "E523", True)
    assert answer(mailbox.out, "reject.json")["code"] == "E523"
    (source / "market.csv").write_bytes(market)
    after = mailbox.look(LATER)[V1]
    assert (after.state, after.code, after.acted) == ("refused", "E523", False)
    assert mailbox.runs() == []


def test_the_same_batch_twice_is_run_once(mailbox: Mailbox, sample_batch: Path) -> None:
    source = place(sample_batch, mailbox.inbox, V1)
    first = mailbox.look()[V1]
    manifest = (source / "manifest.json").read_bytes()
    (source / "manifest.json").write_bytes(manifest)
    second = mailbox.look()[V1]
    assert (first.acted, second.acted) == (True, False)
    assert first.run_id == second.run_id
    assert len(list_runs(mailbox.out)) == 1
    assert (mailbox.out / second.place).is_file()


def test_a_version_that_was_written_over_is_refused(mailbox: Mailbox, sample_batch: Path) -> None:
    source = place(sample_batch, mailbox.inbox, V1)
    mailbox.look()
    edit(source, lambda manifest: manifest.update(as_of="2018-12-31T22:30:00Z"))
    state = mailbox.look()[V1]
    assert (state.state, state.code) == ("refused", "E524")
    assert mailbox.look()[V1].acted is False
    assert mailbox.runs() == [V1]


def test_a_correction_supersedes_and_both_are_answered(
    mailbox: Mailbox, sample_batch: Path
) -> None:
    second = place(sample_batch, mailbox.inbox, V2)
    edit(second, lambda manifest: manifest.update(version="v002", supersedes="v001"))
    waiting = mailbox.look()[V2]
    assert (waiting.state, waiting.detail) == ("open", f"missing {V1}/manifest.json")
    place(sample_batch, mailbox.inbox, V1)
    states = mailbox.look()
    assert (states[V1].state, states[V1].detail) == ("superseded", f"by {V2}")
    assert states[V2].state.startswith("complete")
    assert mailbox.runs() == [V1, V2] or mailbox.runs() == [V2, V1]


def test_a_refused_batch_leaves_the_others_alone(mailbox: Mailbox, sample_batch: Path) -> None:
    bad = place(sample_batch, mailbox.inbox, V1)
    with (bad / "limits.csv").open("ab") as limits:
        limits.write(b"\n")
    other = place(sample_batch, mailbox.inbox, "2018-12-31/NOON/v001")
    edit(other, lambda manifest: manifest.update(snapshot="NOON"))
    states = mailbox.look()
    assert (states[V1].state, states[V1].code) == ("refused", "E020")
    assert json.loads((mailbox.out / states[V1].place).read_text())["code"] == "E020"
    assert states["2018-12-31/NOON/v001"].state.startswith("complete")
    assert [one.acted for one in mailbox.look().values()] == [False, False]


def test_an_unreadable_manifest_is_refused_and_can_be_sent_again(
    mailbox: Mailbox, sample_batch: Path
) -> None:
    source = place(sample_batch, mailbox.inbox, V1)
    manifest = (source / "manifest.json").read_bytes()
    (source / "manifest.json").write_bytes(manifest[:50])
    state = mailbox.look()[V1]
    assert (state.state, state.code) == ("refused", "E001")
    assert mailbox.look()[V1].acted is False
    (source / "manifest.json").write_bytes(manifest)
    assert mailbox.look()[V1].state.startswith("complete")


def test_what_is_no_delivery_is_named_and_left_alone(mailbox: Mailbox, sample_batch: Path) -> None:
    (mailbox.inbox / "notes.txt").write_text("hello", encoding="utf-8")
    state = receive(mailbox.inbox, mailbox.out, QUICK)
    assert [one.key for one in state.ignored] == ["notes.txt"]
    assert state.deliveries == ()

"""What ingestion found goes through its stored form unchanged."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from riskmill.domain import Fixing, PastPnl
from riskmill.ingestion import AcceptedBatch, StagedFile, reconcile
from riskmill.pipeline.accepted import decode_batch, encode_batch
from riskmill.pipeline.staged import decode_staged, encode_staged
from tests.ingestion.deliveries import MANIFEST, MARKET, TEXTS, batch, staged

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
numbers = st.floats(allow_nan=False)
fixings = st.builds(Fixing, index=words, date=st.dates(), value=numbers, source=words)
past_pnl = st.builds(
    PastPnl, date=st.dates(), portfolio=words, kind=words, value=numbers, currency=words
)


def _stored(file: StagedFile) -> StagedFile:
    return decode_staged(file.entry, dict(encode_staged([file])).__getitem__)


def _batch_of(parts: list[StagedFile]) -> AcceptedBatch:
    return reconcile(replace(MANIFEST, files=tuple(part.entry for part in parts)), parts)


def test_every_dataset_comes_back_with_its_failures() -> None:
    parts = [staged(dataset, text) for dataset, text in TEXTS.items()]
    one, other = _batch_of(parts), _batch_of([_stored(part) for part in parts])
    assert other.market.fixings == one.market.fixings
    assert other.past_pnl == one.past_pnl
    assert other.failures == one.failures == ()
    assert len(one.market.fixings) == 2
    assert len(one.past_pnl) == 3


def test_a_stored_snapshot_still_knows_the_rows_of_its_quotes() -> None:
    as_of = "2018-12-31T21:00:00Z,observed"
    rows = f"VOL:A:2019-06-28:ATM,0.1,x,x,{as_of}\nVOL:A:2019-03-29:ATM,0.9,x,x,{as_of}\n"
    rows += f"CO:WTI,45,USD,x,{as_of}\n"
    parts = [staged(d, text) for d, text in {**TEXTS, "market": MARKET + rows}.items()]
    for found in (_batch_of(parts), _batch_of([_stored(part) for part in parts])):
        assert [(f.code, f.subject, f.record, f.line) for f in found.failures] == [
            ("W313", "VOL:A:2019-06-28:ATM", 3, 4)
        ]


@settings(max_examples=50, deadline=None)
@given(st.lists(fixings, max_size=4), st.lists(past_pnl, max_size=4))
def test_fixings_and_past_pnl_of_a_batch_come_back_as_they_were(
    set_rates: list[Fixing], days: list[PastPnl]
) -> None:
    accepted = replace(ACCEPTED, past_pnl=tuple(days))
    accepted = replace(accepted, market=replace(accepted.market, fixings=tuple(set_rates)))
    back = decode_batch(dict(encode_batch(accepted)).__getitem__)
    assert back.market.fixings == accepted.market.fixings
    assert back.past_pnl == accepted.past_pnl
    assert back.market.snapshot == accepted.market.snapshot


def test_a_batch_without_the_new_datasets_has_none_of_them() -> None:
    needed = ("positions", "market", "history", "hierarchy")
    found = _batch_of([staged(dataset, TEXTS[dataset]) for dataset in needed])
    back = decode_batch(dict(encode_batch(found)).__getitem__)
    assert (back.market.fixings, back.past_pnl) == ((), ())
    assert back.market.snapshot.valuation_date == date(2018, 12, 31)


ACCEPTED = batch()

"""The batch's policy turns checks on, off and tighter, and decides what refuses the batch."""

import pytest

from riskmill.domain import BatchPolicy, InputRejected, QualityRule, QuarantineOverPolicy, Severity
from riskmill.ingestion import CODES, ingest_file, parse_batch_manifest
from riskmill.ingestion.quality.check import MOST_TOLD
from riskmill.ingestion.quality.checks import CHECKS
from tests.ingestion.deliveries import (
    GOOD_ROWS,
    HISTORY,
    MANIFEST,
    MARKET,
    batch,
    entry_of,
    manifest_text,
    quiet,
    table,
)

EARLY = HISTORY.replace("2018-12-31", "2018-12-28").replace("2018-12-28", "2018-12-27", 1)


def _policy(**quality: object) -> BatchPolicy:
    return parse_batch_manifest(manifest_text(policy={"quality": quality})).policy


def _wrong(policy: object) -> InputRejected:
    with pytest.raises(InputRejected) as refusal:
        parse_batch_manifest(manifest_text(policy=policy))
    return refusal.value


def test_a_check_warns_where_the_policy_is_silent() -> None:
    found = batch({"history": EARLY}, BatchPolicy())
    assert [(f.code, f.severity) for f in found.failures] == [("W305", Severity.WARNING)]
    assert found.refusal is None


def test_a_check_that_is_off_does_not_look() -> None:
    assert batch({"history": EARLY}, _policy(early_end={"action": "off"})).failures == ()


def test_a_check_that_fails_refuses_the_batch_and_still_shows_what_it_found() -> None:
    found = batch({"history": EARLY}, _policy(early_end={"action": "fail"}))
    assert found.refusal is not None
    assert (found.refusal.code, found.refusal.place) == ("E222", "history.csv")
    assert "'early_end' (W305)" in found.refusal.message
    assert [f.code for f in found.failures] == ["W305"]


def test_a_check_that_fails_lets_a_clean_batch_pass() -> None:
    everything = {name: {"action": "fail"} for name in CHECKS}
    assert batch(policy=_policy(**everything)).refusal is None


@pytest.mark.parametrize(("limit", "codes"), [(0, ["W305"]), (1, [])])
def test_a_limit_of_the_policy_takes_the_place_of_the_usual_one(
    limit: float, codes: list[str]
) -> None:
    found = batch({"history": EARLY}, _policy(early_end={"limit": limit}))
    assert [f.code for f in found.failures] == codes


def test_a_check_of_single_quotes_obeys_the_policy_too() -> None:
    raw = MARKET.replace("2018-12-31T21", "2018-12-27T21").encode()
    for rule, found in (({"limit": 1}, ["W315"]), ({"limit": 2}, []), ({"action": "off"}, [])):
        manifest = parse_batch_manifest(manifest_text(policy={"quality": {"stale_quote": rule}}))
        staged = ingest_file(entry_of("market", raw), raw, manifest)
        assert {f.code for f in staged.failures} == set(found)


def test_a_code_of_fail_on_refuses_the_batch_whatever_the_thresholds() -> None:
    bad = {**GOOD_ROWS["equity"], "position_id": "BAD", "book": "NOWHERE"}
    policy = BatchPolicy(max_bad_rows=99, max_bad_notional_pct=100.0, fail_on=("E107", "E201"))
    found = batch({"positions": table([*GOOD_ROWS.values(), bad])}, policy)
    assert isinstance(found.refusal, QuarantineOverPolicy)
    assert found.refusal.code == "E223"
    assert "E201 in fail_on, and it occurs once" in found.refusal.message
    assert found.refusal.place == f"positions.csv, record {len(GOOD_ROWS) + 1}"


def test_fail_on_names_warnings_too() -> None:
    found = batch({"history": EARLY}, BatchPolicy(fail_on=("W305",)))
    assert found.refusal is not None
    assert found.refusal.code == "E223"


def test_a_policy_is_read_from_the_manifest() -> None:
    policy = {
        "fail_on": ["E201", "W315"],
        "quality": {"jump": {"action": "fail", "limit": 12.5}, "spike": {"action": "off"}},
    }
    read = parse_batch_manifest(manifest_text(policy=policy)).policy
    assert read.fail_on == ("E201", "W315")
    assert read.quality == {
        "jump": QualityRule(action="fail", limit=12.5),
        "spike": QualityRule(action="off"),
    }
    assert MANIFEST.policy.quality == {}


@pytest.mark.parametrize(
    ("policy", "place"),
    [
        ({"quality": {"jumps": {}}}, "policy.quality.jumps"),
        ({"quality": {"jump": {"action": "ignore"}}}, "policy.quality.jump.action"),
        ({"quality": {"jump": {"limit": -1}}}, "policy.quality.jump.limit"),
        ({"quality": {"stale_factor": {"limit": 0}}}, "policy.quality.stale_factor.limit"),
        ({"quality": {"stale_factor": {"limit": 2.5}}}, "policy.quality.stale_factor.limit"),
        ({"quality": {"idle_shock": {"limit": 1}}}, "policy.quality.idle_shock.limit"),
        ({"fail_on": ["E201", "E999"]}, "policy.fail_on[1]"),
        ({"fail_on": ["E001"]}, "policy.fail_on[0]"),
        ({"fail_on": ["E401"]}, "policy.fail_on[0]"),
    ],
)
def test_an_impossible_policy_is_refused_with_its_place(policy: object, place: str) -> None:
    refusal = _wrong(policy)
    assert (refusal.code, refusal.place) == ("E010", f"manifest.json {place}")


@pytest.mark.parametrize("limit", ["1e400", "NaN", '"5"', "null,"])
def test_a_limit_that_is_no_number_is_refused(limit: str) -> None:
    text = manifest_text(policy={"quality": {"stale_factor": {"limit": 12321}}}).decode()
    with pytest.raises(InputRejected) as refusal:
        parse_batch_manifest(text.replace("12321", limit).encode())
    assert refusal.value.code in ("E001", "E002")


def test_an_unknown_field_of_a_rule_is_refused() -> None:
    assert _wrong({"quality": {"jump": {"limits": 3}}}).code == "E002"


def test_every_check_has_a_code_of_its_own() -> None:
    codes = [check.code for check in CHECKS.values()]
    assert len(set(codes)) == len(codes)
    assert set(codes) <= set(CODES)


def test_finds_beyond_a_thousand_are_counted_and_not_told_apart() -> None:
    factors = ",".join(f"EQ:N{n}" for n in range(MOST_TOLD + 5))
    still = ",".join(["1"] * (MOST_TOLD + 5))
    days = ["2018-12-20", "2018-12-21", "2018-12-24", "2018-12-26", "2018-12-27", "2018-12-31"]
    history = f"date,{factors}\n" + "".join(f"{day},{still}\n" for day in days)
    found = batch({**quiet(60), "history": history, "proxies": "factor,proxy,beta,reason\n"})
    stale = [f for f in found.failures if f.code == "W302"]
    assert len(stale) == MOST_TOLD + 1
    assert "5 more times" in stale[-1].message
    assert stale[0].subject == "EQ:N0"

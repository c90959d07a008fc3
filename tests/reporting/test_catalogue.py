"""The run catalogue: in order, whatever order the runs come in, and in words."""

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmill.reporting import (
    Catalogue,
    GivenSignature,
    PastRisk,
    PastRun,
    PublishedFile,
    build_catalogue,
    read_catalogue,
    render_catalogue_html,
    render_catalogue_json,
)
from riskmill.reporting.views.past_rows import CatalogueRow
from tests.reporting.page import Node, parse

DAY = date(2018, 12, 31)
RISK = PastRisk(
    currency="USD",
    value_at_risk=5_921_485.4,
    expected_shortfall=6_472_321.0,
    headline_var="0.99",
    headline_es="0.975",
    holding_days=1,
    breaches=(),
    warnings=0,
    rejected=0,
    unvalued=0,
)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202egnp.exe",
    "🎉" * 200,
    "x" * 10_000,
    "{{ 7 * 7 }}",
)


def a_run(day: date = DAY, *, var: float = 5_921_485.4, version: str = "v001") -> PastRun:
    run_id = f"{day.isoformat()}-{abs(hash((day, version))) % 10**12:012d}"
    prefix = f"{day.isoformat()}/{run_id}"
    names = ("report.html", "report.json", "report.pdf", "vectors.parquet", "tables/limits.csv")
    return PastRun(
        run_id=run_id,
        batch_id=f"{day.isoformat()}/EOD/{version}",
        business_date=day,
        snapshot="EOD",
        version=version,
        supersedes="",
        status="complete",
        risk=replace(RISK, value_at_risk=var),
        files=tuple(PublishedFile(name=name, place=f"{prefix}/{name}") for name in names),
        page=f"{prefix}/signature.html",
    )


def page_of(catalogue: Catalogue) -> Node:
    return parse(render_catalogue_html(catalogue))


def row_of(catalogue: Catalogue, run: PastRun) -> CatalogueRow:
    (row,) = (row for row in catalogue.rows if row.run_id == run.run_id)
    return row


def test_the_latest_run_stands_first_and_its_figures_above_all() -> None:
    runs = [a_run(DAY - timedelta(days=back)) for back in (3, 0, 1)]
    catalogue = build_catalogue(runs)
    assert [row.business_date for row in catalogue.rows] == [
        "2018-12-31",
        "2018-12-30",
        "2018-12-28",
    ]
    assert "VaR 99\u00a0% is 5,921,485 \u2068USD\u2069" in catalogue.latest.sentence
    assert catalogue.counts == "3\u00a0runs of 3\u00a0business days: 3 complete; 0 signed."


def test_the_order_in_which_runs_are_told_changes_nothing() -> None:
    runs = [a_run(DAY - timedelta(days=back)) for back in range(3)]
    runs.append(replace(a_run(version="v002"), supersedes=runs[0].batch_id))
    pages = {
        render_catalogue_json(build_catalogue(order)) for order in itertools.permutations(runs)
    }
    assert len(pages) == 1


def test_a_change_is_against_the_day_before_even_over_a_gap() -> None:
    today, before = a_run(var=110.0), a_run(DAY - timedelta(days=3), var=100.0)
    catalogue = build_catalogue([today, before])
    figure = row_of(catalogue, today).var
    assert figure is not None
    assert (figure.change.value, figure.change.text, figure.change_percent.text) == (
        10.0, "+10", "+10.0\u00a0%"
    )  # fmt: skip
    first = row_of(catalogue, before).var
    assert first is not None
    assert (first.change.value, first.why) == (None, "no day before")


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"currency": "EUR"}, "the day before is in \u2068EUR\u2069"),
        ({"headline_var": "0.95"}, "the day before is at 95\u00a0%"),
        ({"holding_days": 10}, "the day before is over 10\u00a0days"),
    ],
)
def test_unlike_figures_are_not_subtracted(other: dict[str, object], why: str) -> None:
    today, yesterday = a_run(), a_run(DAY - timedelta(days=1))
    yesterday = replace(yesterday, risk=replace(RISK, **other))
    figure = row_of(build_catalogue([today, yesterday]), today).var
    assert figure is not None
    assert (figure.change.value, figure.why) == (None, why)
    assert why in page_of(build_catalogue([today, yesterday])).text


def test_a_superseded_run_is_called_so_and_counts_for_nothing() -> None:
    first, corrected = (
        a_run(var=100.0),
        replace(a_run(version="v002"), supersedes="2018-12-31/EOD/v001"),
    )
    next_day = a_run(DAY + timedelta(days=1))
    catalogue = build_catalogue([first, corrected, next_day], {(first.run_id, corrected.run_id)})
    assert row_of(catalogue, first).superseded_by == "v002"
    assert row_of(catalogue, next_day).before == corrected.run_id
    assert [point.run_id for point in catalogue.history.points] == [
        corrected.run_id,
        next_day.run_id,
    ]
    (link,) = row_of(catalogue, corrected).comparisons
    assert link.text == "the corrected version"
    assert "superseded by v002" in page_of(catalogue).text


def test_a_correction_that_did_not_finish_supersedes_nothing() -> None:
    failed = replace(
        a_run(version="v002"), supersedes="2018-12-31/EOD/v001", status="failed", risk=None,
        files=(), page="", reason="E603: the disk is full",
    )  # fmt: skip
    catalogue = build_catalogue([a_run(), failed])
    assert [row.superseded_by for row in catalogue.rows] == ["", ""]
    assert "E603: the disk is full" in page_of(catalogue).text


def test_of_two_runs_of_a_batch_the_signed_one_counts() -> None:
    one = replace(a_run(var=1.0), run_id="2018-12-31-aaaaaaaaaaaa")
    two = replace(a_run(var=2.0), run_id="2018-12-31-bbbbbbbbbbbb")
    signed = replace(one, signatures=(GivenSignature(signer="A", instant="2019-01-01T08:00:00Z"),))
    assert build_catalogue([one, two]).history.points[0].run_id == two.run_id
    assert build_catalogue([signed, two]).history.points[0].run_id == one.run_id
    assert row_of(build_catalogue([signed, two]), one).twins == 2


def test_breaches_are_told_in_words_and_signers_by_name() -> None:
    breach = "Equities: VaR is 9,000 USD, 120% of its limit of 7,500 USD (EQ-VAR)."
    run = replace(
        a_run(),
        risk=replace(RISK, breaches=(breach,), warnings=2),
        signatures=(GivenSignature(signer="Zoë", instant="2019-01-01T08:00:00Z"),),
    )
    text = page_of(build_catalogue([run])).text
    assert breach in text
    assert "1\u00a0limit breached, 2\u00a0limits on warning." in text
    assert "Zoë" in text
    assert "2019-01-01 08:00 UTC" in text


def test_every_published_file_is_linked_relative_to_the_page() -> None:
    run = a_run()
    page = page_of(build_catalogue([run]))
    links = {node.attributes["href"] for node in page.all("a")}
    assert {file.place for file in run.files} | {run.page, "index.json", "#main"} == links
    assert [link.text for link in row_of(build_catalogue([run]), run).files] == [
        "PDF", "JSON", "vectors.parquet"
    ]  # fmt: skip


def test_a_comparison_is_linked_where_its_page_is_there() -> None:
    today, before = a_run(), a_run(DAY - timedelta(days=1))
    pair = (before.run_id, today.run_id)
    assert row_of(build_catalogue([today, before]), today).comparisons == ()
    (link,) = row_of(build_catalogue([today, before], {pair}), today).comparisons
    assert link.href == f"compare/{before.run_id}--{today.run_id}.html"


def test_a_store_without_runs_says_so() -> None:
    page = page_of(build_catalogue([]))
    assert "There are no runs yet." in page.text
    assert page.all("svg") == []


@pytest.mark.parametrize("status", ["failed", "refused", "unfinished", "damaged"])
def test_runs_without_a_report_are_listed_with_their_reason(status: str) -> None:
    run = replace(
        a_run(), status=status, risk=None, files=(), page="", reason="E301: <b>no</b> & no"
    )
    page = page_of(build_catalogue([run]))
    assert "E301: <b>no</b> & no" in page.text
    assert page.all("b") == []
    assert status.capitalize() in page.text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_shown_as_text(text: str) -> None:
    run = replace(
        a_run(),
        snapshot=text,
        version=text,
        risk=replace(RISK, currency=text, breaches=(text,)),
        signatures=(GivenSignature(signer=text, instant=text),),
        reason=text,
    )
    raw = render_catalogue_html(build_catalogue([run, a_run()])).decode()
    page = parse(raw.encode())
    assert page.all("script") + page.all("img") == []
    assert "\u202e" not in raw
    assert ">49<" not in raw
    assert len(raw) < 60_000


def test_the_page_is_strict_and_asks_for_nothing() -> None:
    page = page_of(build_catalogue([a_run(DAY - timedelta(days=back)) for back in range(5)]))
    (policy,) = (
        node.attributes["content"]
        for node in page.all("meta")
        if node.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert page.all("script") == []
    assert [node for node in page.walk() if "style" in node.attributes] == []
    sources = [node.attributes.get("src", "") for node in page.walk()]
    assert [source for source in sources if source] == []


def test_a_thousand_runs_make_a_page_below_a_megabyte() -> None:
    runs = [a_run(DAY - timedelta(days=back)) for back in range(1_000)]
    catalogue = build_catalogue(runs)
    raw = render_catalogue_html(catalogue)
    assert len(raw) < 1_000_000
    assert all(f">{row.business_date}<" in raw.decode() for row in catalogue.rows)


def test_the_chart_says_in_words_what_it_shows() -> None:
    values = (100.0, 300.0, 200.0)
    runs = [a_run(DAY + timedelta(days=n), var=value) for n, value in enumerate(values)]
    catalogue = build_catalogue(runs)
    assert "least on 2018-12-31, 100.00 \u2068USD\u2069, and greatest on 2019-01-01, 300.00 " in (
        catalogue.history.description
    )
    chart = page_of(catalogue).all("svg", "chart")[0]
    assert catalogue.history.description in chart.text
    assert chart.attributes["role"] == "img"


def test_runs_of_another_kind_are_named_as_left_out_of_the_chart() -> None:
    other = replace(a_run(DAY - timedelta(days=1)), risk=replace(RISK, currency="EUR"))
    history = build_catalogue([a_run(), other]).history
    assert len(history.points) == 1
    assert history.left_out.startswith("1\u00a0run of another snapshot, currency")


amounts = st.floats(-1e12, 1e12)


@settings(max_examples=25)
@given(st.lists(amounts, min_size=1, max_size=30))
def test_any_figures_can_be_drawn_and_read_back(values: list[float]) -> None:
    runs = [a_run(DAY + timedelta(days=n), var=value) for n, value in enumerate(values)]
    catalogue = build_catalogue(runs)
    assert "nan" not in page_of(catalogue).text.lower().replace("finance", "")
    assert read_catalogue(render_catalogue_json(catalogue)) == catalogue

"""A made-up bank's result: the shape and size of a real one, from a fixed seed."""

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from riskmill.domain import (
    Contribution,
    Failure,
    FailureReason,
    Figure,
    Hierarchy,
    InputFile,
    InputRow,
    LimitState,
    PnlVectors,
    Portfolio,
    PositionDetail,
    PositionLoss,
    RiskResult,
    RunRecord,
    Severity,
    TailScenario,
)

FIRM = "Demo Bank"
LINES = {
    "Equities": {
        "Equity Derivatives": ("EQ-INDEX-VOL", "EQ-SINGLE-VOL", "EQ-TREASURY-HEDGE"),
        "Delta One": ("EQ-CASH", "EQ-FUTURES"),
    },
    "Rates and Credit": {
        "G3 Swaps": ("IRS-USD", "IRS-EUR", "IRS-GBP"),
        "Government Bonds": ("UST-CASH",),
    },
    "FX and Commodities": {"Macro": ("FX-FORWARDS", "FX-OPTIONS", "CO-ENERGY")},
}
CONFIDENCES = ("0.95", "0.975", "0.99")
SHOCKS = {
    "Equity crash, vol up": (-2.6, 0.7, 0.4, -0.3, -0.5),
    "Rates +200 bp parallel": (-0.4, 1.9, -2.2, 0.1, 0.0),
    "Rates \N{MINUS SIGN}100 bp parallel": (0.2, -1.1, 1.2, 0.0, 0.0),
    "USD +10 %": (-0.1, 0.0, 0.0, -1.7, -0.2),
    "Oil \N{MINUS SIGN}40 %": (-0.3, 0.1, 0.1, -0.2, -2.9),
    "Covid March 2020": (-2.1, 0.5, 0.6, -0.6, -1.4),
    "Lehman September 2008": (-1.7, -0.4, 0.9, -0.9, -1.1),
    "Taper tantrum 2013": (-0.5, 0.8, -0.9, 0.3, 0.1),
}
"""Stress by equity, swap, bond, FX and commodity books, in units of 800,000 USD."""
STRESS = tuple(SHOCKS)
TENORS = ("3M", "6M", "1Y", "2Y", "3Y", "5Y", "7Y", "10Y", "20Y", "30Y")
PAIRS = ("EURUSD", "GBPUSD", "USDJPY", "USDCHF", "AUDUSD", "USDCAD")
STOCKS = ("AAPL", "AMD", "BAC", "BBY", "CVX", "GE", "HD", "JNJ", "JPM", "KO", "LLY", "MRK",
          "MSFT", "PEP", "PFE", "PG", "RRC", "UNH", "WMT", "XOM")  # fmt: skip


EXPIRIES = ("2019-01-18", "2019-03-15", "2019-06-21")
QUOTES = {
    "EQ:SPX": 2506.85,
    **{f"IR:{curve}:{tenor}": 0.02 + 0.001 * place - 0.01 * (curve == "EUR")
       for curve in ("USD", "EUR") for place, tenor in enumerate(TENORS)},
    **{f"VOL:SPX:{expiry}:{strike}": 0.2 - (strike - 2500) / 10_000 + 0.01 * place
       for place, expiry in enumerate(EXPIRIES) for strike in (2300, 2400, 2500, 2600)},
    **{f"VOL:EURUSD:2019-03-29:{delta}": 0.07 for delta in ("25DP", "ATM", "25DC")},
    "VOL:AAPL:2019-06-21:ATM": 0.35,
}  # fmt: skip
"""Of the snapshot."""
KINDS = {
    "EQ-INDEX": ("european_option", ("SPX",)),
    "EQ-SINGLE": ("american_option", STOCKS),
    "EQ-TREASURY": ("equity_future", ("SPX",)),
    "EQ-CASH": ("equity", STOCKS),
    "EQ-FUTURES": ("equity_future", ("SPX",)),
    "IRS-USD": ("interest_rate_swap", ("USD",)),
    "IRS-EUR": ("interest_rate_swap", ("EUR",)),
    "IRS-GBP": ("interest_rate_swap", ("GBP",)),
    "UST": ("fixed_rate_bond", ("USD",)),
    "FX-FORWARDS": ("fx_forward", PAIRS),
    "FX-OPTIONS": ("fx_option", PAIRS),
    "CO": ("commodity_future", ("WTI",)),
}
"""Instrument and underlyings of the books whose name begins so."""


def demo_result(*, scenarios: int = 500, wide: int = 1) -> RiskResult:
    """A result over *scenarios* past days; *wide* repeats every desk with its books."""
    rng = np.random.default_rng(20181231)
    hierarchy = _hierarchy(wide)
    days = _days(scenarios)
    vectors = _vectors(hierarchy, days, rng)
    figures = _figures(hierarchy, vectors, rng)
    contributions = _contributions(hierarchy, figures, rng)
    return RiskResult(
        record=_record(days),
        hierarchy=hierarchy,
        status="complete with failures",
        figures=figures,
        limits=_limits(hierarchy, figures),
        vectors=vectors,
        contributions=contributions,
        tail=_tail(hierarchy, vectors, contributions, rng),
        failures=_failures(),
        proxied=_proxied(),
        confidences=CONFIDENCES,
        quarantine="quarantine/2018-12-31/EOD/v001/positions.csv",
        notes=("Implied volatilities of single names are realised volatility against VIX.",),
        details=tuple(map(_detail, contributions)),
        input_rows=tuple(_row(place, part) for place, part in enumerate(contributions, start=1)),
        quotes=tuple(sorted(QUOTES.items())),
    )


def empty_result() -> RiskResult:
    """A run in which no position was valued and nothing optional was delivered."""
    full = demo_result(scenarios=20)
    none = PnlVectors(portfolios=(), scenarios=(), values=np.zeros((0, 0)))
    return replace(
        full, figures=(), limits=(), vectors=none, contributions=(), tail=(), proxied=(),
        details=(), input_rows=(),
        failures=tuple(f for f in full.failures if f.code == "E401"), quarantine="", notes=(),
        record=replace(full.record, inputs=()),
    )  # fmt: skip


def one_scenario_result() -> RiskResult:
    """A run over a single scenario."""
    return demo_result(scenarios=1)


def all_breached_result() -> RiskResult:
    """A run in which every limit is breached."""
    full = demo_result()
    return replace(
        full,
        limits=tuple(
            replace(s, amount=s.value / 1.4, utilisation=1.4, status="breach") for s in full.limits
        ),
    )


def hostile_result(name: str) -> RiskResult:
    """A run in which everything that is delivered carries *name*."""
    full = demo_result(scenarios=60)
    renamed = {"EQ-CASH": f"EQ{name}", "Delta One": f"Desk{name}", FIRM: f"Firm{name}"}

    def new(text: str) -> str:
        return renamed.get(text, text)

    hierarchy = Hierarchy(
        tuple(replace(p, name=new(p.name), parent=new(p.parent))
              for p in full.hierarchy.portfolios)
    )  # fmt: skip
    return replace(
        full,
        hierarchy=hierarchy,
        record=replace(
            full.record,
            run_id=f"run{name}",
            batch_id=name,
            snapshot=name,
            code_version=name,
            scenario_description=name,
            inputs=tuple(replace(f, name=f"{name}.csv", dataset=name) for f in full.record.inputs),
        ),
        figures=tuple(
            replace(f, portfolio=new(f.portfolio), key=name if f.key == STRESS[0] else f.key)
            for f in full.figures
        ),
        limits=tuple(replace(s, portfolio=new(s.portfolio), limit_id=name) for s in full.limits),
        vectors=replace(full.vectors, portfolios=tuple(new(p) for p in full.vectors.portfolios)),
        contributions=tuple(
            replace(c, position_id=name, book=new(c.book), underlying=name, instrument=name)
            for c in full.contributions
        ),
        tail=tuple(
            replace(
                t,
                label=name,
                driver=name,
                moves=((name, 0.1), *t.moves),
                positions=tuple(replace(p, position_id=name, book=name) for p in t.positions),
            )
            for t in full.tail
        ),
        details=tuple(
            replace(
                d,
                position_id=name,
                currency=name,
                greeks=((d.greeks[0][0], name, 1.0), *d.greeks),
                factors=((name, 1.0), *d.factors),
            )
            for d in full.details
        ),
        input_rows=tuple(
            replace(r, position_id=name, file=name, fields=((name, name), *r.fields))
            for r in full.input_rows
        ),
        quotes=((name, 1.0), *full.quotes),
        failures=tuple(
            replace(f, subject=name, value=name, message=name, file=name, column=name)
            for f in full.failures
        ),
        proxied=((name, name, name),),
        quarantine=name,
        notes=(name,),
    )


def _hierarchy(wide: int) -> Hierarchy:
    nodes = [Portfolio(name=FIRM, level="firm", parent="")]
    for line, desks in LINES.items():
        nodes.append(Portfolio(name=line, level="business_line", parent=FIRM))
        for copy in range(wide):
            suffix = f" {copy + 1}" if copy else ""
            for desk, books in desks.items():
                nodes.append(Portfolio(name=desk + suffix, level="desk", parent=line))
                nodes.extend(
                    Portfolio(name=book + suffix, level="book", parent=desk + suffix)
                    for book in books
                )
    return Hierarchy(tuple(nodes))


def _days(scenarios: int) -> tuple[str, ...]:
    days: list[str] = []
    day = date(2018, 12, 31)
    while len(days) < scenarios:
        if day.weekday() < 5:
            days.append(day.isoformat())
        day -= timedelta(days=1)
    return tuple(reversed(days))


def _vectors(hierarchy: Hierarchy, days: tuple[str, ...], rng: np.random.Generator) -> PnlVectors:
    common = rng.standard_t(4, (4, len(days)))
    pnl = {
        book: 260_000 * rng.uniform(0.2, 1.4)
        * (0.7 * rng.uniform(-0.6, 1) * common[i % 4] + 0.6 * rng.standard_t(5, len(days)))
        for i, book in enumerate(hierarchy.books)
    }  # fmt: skip
    names = tuple(p.name for p in hierarchy.portfolios)
    rows = [np.sum([pnl[book] for book in hierarchy.books_of(name)], axis=0) for name in names]
    return PnlVectors(portfolios=names, scenarios=days, values=np.array(rows))


def _figures(
    hierarchy: Hierarchy, vectors: PnlVectors, rng: np.random.Generator
) -> tuple[Figure, ...]:
    found: list[Figure] = []

    def add(portfolio: str, measure: str, key: str, value: float, unit: str = "USD") -> None:
        found.append(
            Figure(portfolio=portfolio, measure=measure, key=key, value=float(value), unit=unit)
        )

    firm = vectors.values[0]
    weights = {level: _tail_weights(firm, level) for level in CONFIDENCES}
    share = 520 / len(hierarchy.books)
    values = {book: 9.1e6 * math.sin(place * 1.7 + 2) for place, book in enumerate(hierarchy.books)}
    for name, row in zip(vectors.portfolios, vectors.values, strict=True):
        books = hierarchy.books_of(name)
        add(name, "positions", "", round(share * len(books)), "count")
        add(name, "present_value", "", math.fsum(values[book] for book in books))
        for level in CONFIDENCES:
            ordered = np.sort(row)
            k = max(math.ceil(round(len(row) * (1 - float(level)), 9)), 1)
            add(name, "value_at_risk", level, -ordered[k - 1])
            own = _tail_weights(row, level)
            add(name, "expected_shortfall", level, -float(own @ row))
            add(name, "component_es", level, -float(weights[level] @ row))
            at_var = int(np.argsort(firm)[k - 1])
            add(name, "component_var", level, -row[at_var])
        for scenario in STRESS:
            add(name, "stress", scenario, math.fsum(_stressed(scenario, book) for book in books))
    for book in hierarchy.books:
        _sensitivities(book, add, rng)
    return tuple(found)


def _stressed(scenario: str, book: str) -> float:
    classes = ("EQ", "IRS", "UST", "FX", "CO")
    place = next(i for i, start in enumerate(classes) if book.startswith(start))
    return 8e5 * SHOCKS[scenario][place] * (1 + len(book) % 3 / 3)


def _sensitivities(book: str, add: object, rng: np.random.Generator) -> None:
    assert callable(add)
    if book.startswith("EQ"):
        for name in ("SPX", *STOCKS):
            add(book, "delta", name, rng.normal(0, 90_000))
            add(book, "gamma", name, rng.normal(0, 4_000))
            add(book, "vega", name, rng.normal(0, 15_000))
    if book.startswith("CO"):
        add(book, "delta", "WTI", 214_000)
    if book.startswith("FX"):
        for pair in PAIRS:
            add(book, "fx_delta", pair, rng.normal(0, 150_000))
            add(book, "fx_gamma", pair, rng.normal(0, 20_000))
    if book.startswith(("IRS", "UST")):
        for curve in ("USD", "EUR", "GBP"):
            for tenor in TENORS[2:] if curve == "GBP" else TENORS:
                add(book, "dv01", f"{curve}:{tenor}", rng.normal(0, 6_000))
    add(book, "theta", "", rng.normal(-4_000, 6_000))


def _tail_weights(row: np.ndarray, level: str) -> np.ndarray:
    tail = round(len(row) * (1 - float(level)), 9)
    order = np.argsort(row, kind="stable")
    weights = np.zeros(len(row))
    whole = int(tail)
    weights[order[:whole]] = 1 / tail
    if whole < len(row):
        weights[order[whole]] = (tail - whole) / tail
    return weights


def _limits(hierarchy: Hierarchy, figures: tuple[Figure, ...]) -> tuple[LimitState, ...]:
    at = {(f.portfolio, f.measure, f.key): f.value for f in figures}
    states = []
    for place, portfolio in enumerate(hierarchy.portfolios):
        if portfolio.level == "business_line":
            continue
        used = max(at[portfolio.name, "value_at_risk", "0.99"], 1.0)
        share = 1.12 if place == 4 else 0.94 if place in (9, 0) else 0.45 + (place * 37 % 40) / 100
        states.append(
            LimitState(
                limit_id=f"LIM-VAR-{place:03d}", portfolio=portfolio.name,
                measure="value_at_risk", confidence="0.99", amount=used / share, value=used,
                utilisation=share, warning=0.9, currency="USD",
                status="breach" if share > 1 else "warning" if share >= 0.9 else "ok",
            )
        )  # fmt: skip
    states.append(
        LimitState(
            limit_id="LIM-ES-FIRM", portfolio=FIRM, measure="expected_shortfall",
            confidence="0.975", amount=at[FIRM, "expected_shortfall", "0.975"] / 0.71,
            value=at[FIRM, "expected_shortfall", "0.975"], utilisation=0.71, warning=0.9,
            currency="USD", status="ok",
        )
    )  # fmt: skip
    return tuple(states)


def _contributions(
    hierarchy: Hierarchy, figures: tuple[Figure, ...], rng: np.random.Generator
) -> tuple[Contribution, ...]:
    whole = next(f.value for f in figures if f.measure == "expected_shortfall")
    sizes = np.sort(rng.pareto(1.4, 200))[::-1]
    sizes *= whole * 0.9 / sizes.sum()
    found = []
    for rank, size in enumerate(sizes):
        book = hierarchy.books[rank * 5 % len(hierarchy.books)]
        instrument, underlyings = KINDS[next(k for k in KINDS if book.startswith(k))]
        found.append(
            Contribution(
                position_id=f"{book[:2]}-{10_000 + rank * 7}",
                book=book,
                instrument=instrument,
                underlying=underlyings[rank % len(underlyings)],
                present_value=float(rng.normal(0, 400_000)),
                component_es=float(size),
            )
        )
    return tuple(found)


def _detail(part: Contribution) -> PositionDetail:
    options = "option" in part.instrument
    rated = part.instrument in {"interest_rate_swap", "fixed_rate_bond"}
    greeks = [("delta", part.underlying, 12_345.6), ("theta", "", -78.9)]
    greeks += [("gamma", part.underlying, -321.0), ("vega", part.underlying, 456.7)] * options
    nodes = TENORS if rated else TENORS[:2]
    greeks += [("dv01", f"USD:{tenor}", 17.0 * place) for place, tenor in enumerate(nodes, 1)]
    return PositionDetail(
        position_id=part.position_id,
        quantity=-250.0,
        price=part.present_value / -250.0,
        currency="USD",
        present_value=part.present_value,
        greeks=tuple(greeks),
        factors=(
            *[(f"IR:USD:{tenor}", QUOTES[f"IR:USD:{tenor}"]) for tenor in nodes],
            ("EQ:SPX", QUOTES["EQ:SPX"]),
            ("VOL:SPX:2019-03-15:2500", QUOTES["VOL:SPX:2019-03-15:2500"]),
        ),
    )


def _row(place: int, part: Contribution) -> InputRow:
    return InputRow(
        position_id=part.position_id,
        file="positions.csv",
        record=place,
        line=place + 1,
        fields=(
            ("position_id", part.position_id), ("book", part.book),
            ("instrument", part.instrument), ("quantity", "-250"), ("currency", "USD"),
            ("notional", "2500000.00"), ("underlying", part.underlying),
            *[("strike", "2500")] * ("option" in part.instrument), ("expiry", "2019-03-15"),
        ),
    )  # fmt: skip


def _tail(
    hierarchy: Hierarchy,
    vectors: PnlVectors,
    contributions: tuple[Contribution, ...],
    rng: np.random.Generator,
) -> tuple[TailScenario, ...]:
    order = np.argsort(vectors.values[0], kind="stable")[:10]
    found = []
    for rank, place in enumerate(order, start=1):
        column = {
            book: float(vectors.values[vectors.portfolios.index(book), place])
            for book in hierarchy.books
        }
        driver = min(column, key=lambda book: column[book])
        found.append(
            TailScenario(
                label=vectors.scenarios[place], rank=rank, pnl=float(vectors.values[0, place]),
                driver=driver, driver_pnl=column[driver],
                moves=(
                    ("VOL:VIX", float(rng.normal(0.2, 0.1))),
                    ("EQ:SPX", float(rng.normal(-0.025, 0.01))),
                    ("CO:WTI", float(rng.normal(-0.04, 0.02))),
                    ("IR:USD:10Y", float(rng.normal(-0.0006, 0.0003))),
                    ("FX:USDJPY", float(rng.normal(-0.008, 0.004))),
                ),
                move_pnl=(-900_000.0, -700_000.0, -200_000.0, -50_000.0, -10_000.0),
                positions=tuple(
                    PositionLoss(
                        position_id=part.position_id, book=part.book,
                        pnl=-2.0 * part.component_es,
                    )
                    for part in contributions[:3]
                ),
            )
        )  # fmt: skip
    return tuple(found)


def _failures() -> tuple[Failure, ...]:
    rows = (
        ("E107", FailureReason.INVALID_VALUE, 17, "OPT-0017", "strike", "-2500",
         "The strike -2500 is not above zero."),
        ("E107", FailureReason.INVALID_VALUE, 91, "OPT-0091", "strike", "abc",
         "The strike 'abc' is not a number."),
        ("E112", FailureReason.UNKNOWN_REFERENCE, 203, "SWP-0044", "book", "IRS-JPY",
         "The book IRS-JPY is not in the hierarchy."),
        ("E103", FailureReason.DUPLICATE, 204, "SWP-0012", "position_id", "SWP-0012",
         "The position id SWP-0012 was delivered before, in record 145."),
        ("E109", FailureReason.EXPIRED, 310, "FXO-0008", "expiry", "2018-12-14",
         "The expiry 2018-12-14 lies before the business date 2018-12-31."),
    )  # fmt: skip
    rejected = tuple(
        Failure(code=code, reason=reason, message=message, file="positions.csv", record=record,
                line=record + 1, subject=subject, column=column, value=value)
        for code, reason, record, subject, column, value, message in rows
    )  # fmt: skip
    unpriced = Failure(
        code="E401", reason=FailureReason.MISSING_MARKET_DATA, subject="EQ-0021",
        message="The factor EQ:TSLA that the position needs is not in the market snapshot.",
    )  # fmt: skip
    stale = tuple(
        Failure(code="W301", reason=FailureReason.MISMATCH, severity=Severity.WARNING,
                file="market.parquet", record=record, subject=f"IR:EUR:{tenor}", column="as_of",
                value="2018-12-28T17:00:00Z", message="The quote is one business day old.")
        for record, tenor in enumerate(("3M", "6M", "1Y", "2Y", "5Y", "10Y", "30Y"), start=30)
    )  # fmt: skip
    return (*rejected, unpriced, *stale)


def _proxied() -> tuple[tuple[str, str, str], ...]:
    surfaces = tuple(
        (f"VOL:{stock}:2019-0{month}-15:{strike}", "VOL:VIX",
         f"no implied volatilities of {stock}; beta 0.{month}{place:02d}")
        for place, stock in enumerate(STOCKS) for month in (2, 3, 6)
        for strike in (90, 95, 100, 110)
    )  # fmt: skip
    yields = tuple((f"YIELD:{stock}", "none", "no history; held constant") for stock in STOCKS)
    return surfaces + yields


def _record(days: tuple[str, ...]) -> RunRecord:
    inputs = (
        ("positions.csv", "positions", 48_213, 529, 9),
        ("market.parquet", "market", 21_004, 412, 0),
        ("history.parquet", "history", 402_118, 1_257, 0), ("proxies.csv", "proxies", 1_910, 41, 0),
        ("scenarios.csv", "scenarios", 1_420, 38, 0), ("hierarchy.csv", "hierarchy", 702, 21, 0),
        ("limits.csv", "limits", 990, 19, 0),
    )  # fmt: skip
    return RunRecord(
        run_id="2018-12-31-7f3a9c41d2e8", batch_id="2018-12-31/EOD/v001",
        business_date=date(2018, 12, 31), snapshot="EOD", as_of="2018-12-31T22:00:00Z",
        reporting_currency="USD", spec_sha256="5b1f" * 16, code_version="0.1.0",
        compute="compiled/x86-64-v4",
        inputs=tuple(
            InputFile(name=name, dataset=dataset, sha256=f"{place}a7c" * 16, size=size, rows=rows,
                      rejected=bad)
            for place, (name, dataset, size, rows, bad) in enumerate(inputs)
        ),
        scenario_description=(
            f"{len(days)} historical scenarios of one business day, {days[0]} to {days[-1]}, "
            "full revaluation."
        ),
        shock_kinds=(("EQ", "log"), ("CO", "log"), ("FX", "log"), ("IR", "absolute"),
                     ("VOL", "relative"), ("YIELD", "absolute")),
        first_scenario=days[0], last_scenario=days[-1],
    )  # fmt: skip

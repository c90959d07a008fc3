"""
Which numbers of others riskmill is held against, and which not, and why.

`docs/generate.py` writes the page from this table; `tests/truth/test_coverage.py` holds the
table against the files in `tests/truth`, case by case.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """A group of cases of one file that is covered by one test, or by none for one reason."""

    file: str
    """File below `tests/truth`."""
    group: str
    """What the file itself calls the kind of its cases; `*` for a file of one kind."""
    cases: int
    """How many it has."""
    test: str = ""
    """Test that runs them; empty where none does."""
    note: str = ""
    """Why none does, or what is to be said of the comparison."""


HAUG = "options_haug.json"
GENERATED = "quantlib_generated.json"
STATS = "stats_reg_rates.json"
EUROPEAN = "tests/risk/pricing/test_european.py"
EXOTICS = "tests/risk/pricing/test_exotics.py"
RATES = "tests/risk/pricing/test_rates.py"
AMERICAN = "tests/risk/pricing/test_american.py"
LINEAR = "tests/risk/pricing/test_swaps_and_bonds.py"
CONVENTIONS = "tests/risk/measures/test_conventions.py"
PARAMETRIC = "tests/risk/measures/test_parametric.py"
ORE_VAR = "tests/risk/test_ore_revaluation.py"
BACKTESTS = "tests/risk/measures/test_backtests.py"
CAPITAL = "regulatory capital is not calculated yet"
NO_DATA = "the series behind the figures does not come with the case"
APPROXIMATE = (
    "figures of an approximation with errors up to 0.08; riskmill is held against exact ones in "
    "quantlib_generated.json"
)
LOOKBACK = "lookback options are not among riskmill's instruments yet"
DISCRETE = (
    "held at 0.015 in place of the 0.002 stated: the figures are simulated, and Turnbull-Wakeman "
    "has an error of its own"
)

COVERAGE = (
    Coverage(file=HAUG, group="haug_european", cases=22, test=EUROPEAN),
    Coverage(file=HAUG, group="haug_greek", cases=6, test=EUROPEAN),
    Coverage(file=HAUG, group="haug_baw_american", cases=18, note=APPROXIMATE),
    Coverage(file=HAUG, group="haug_bjs_american", cases=4, note=APPROXIMATE),
    Coverage(file=HAUG, group="ju_american", cases=16, note=APPROXIMATE),
    Coverage(file=HAUG, group="haug_barrier", cases=36, test=EXOTICS),
    Coverage(file=HAUG, group="haug_cash_at_hit", cases=4, test=EXOTICS),
    Coverage(file=HAUG, group="haug_cash_or_nothing", cases=1, test=EXOTICS),
    Coverage(file=HAUG, group="haug_levy", cases=10, test=EXOTICS),
    Coverage(file=HAUG, group="haug_turnbull_wakeman", cases=5, test=EXOTICS),
    Coverage(file=HAUG, group="levy_discrete_arith_asian", cases=10, test=EXOTICS, note=DISCRETE),
    Coverage(file=HAUG, group="asian_geometric", cases=2, test=EXOTICS),
    Coverage(file=HAUG, group="haug_lookback_fixed", cases=18, note=LOOKBACK),
    Coverage(file=HAUG, group="haug_lookback_floating", cases=4, note=LOOKBACK),
    Coverage(file=GENERATED, group="european", cases=20, test=EUROPEAN),
    Coverage(file=GENERATED, group="american", cases=18, test=AMERICAN),
    Coverage(file=GENERATED, group="swap", cases=8, test=LINEAR),
    Coverage(file=GENERATED, group="bond", cases=8, test=LINEAR),
    Coverage(file=STATS, group="kupiec_pof_nonrejection_region", cases=10, test=BACKTESTS),
    Coverage(file=STATS, group="kupiec_pof_lr", cases=1, test=BACKTESTS),
    Coverage(file=STATS, group="christoffersen_independence_lr", cases=1, test=BACKTESTS),
    Coverage(file=STATS, group="basel_traffic_light", cases=11, test=BACKTESTS),
    Coverage(file=STATS, group="VaR_normal", cases=1, test=PARAMETRIC),
    Coverage(file=STATS, group="ES_normal", cases=1, test=PARAMETRIC),
    Coverage(file=STATS, group="es_normal", cases=1, test=PARAMETRIC),
    Coverage(file=STATS, group="parametric_var", cases=3, test=PARAMETRIC),
    Coverage(file=STATS, group="marginal_var", cases=1, test=PARAMETRIC),
    Coverage(file=STATS, group="individual_var", cases=1, test=PARAMETRIC),
    Coverage(
        file=STATS,
        group="ewma_effective_days",
        cases=2,
        note="a rule of thumb for a window's length, of which riskmill makes no use",
    ),
    Coverage(file=STATS, group="var_gaussian", cases=1, note=NO_DATA),
    Coverage(file=STATS, group="es_gaussian", cases=1, note=NO_DATA),
    Coverage(file=STATS, group="var_backtest", cases=1, note=NO_DATA),
    Coverage(file=STATS, group="frtb_girr_tenor_correlation", cases=21, note=CAPITAL),
    Coverage(file=STATS, group="frtb_risk_weights", cases=2, note=CAPITAL),
    Coverage(file=STATS, group="frtb_ima_es", cases=1, note=CAPITAL),
    Coverage(file=STATS, group="saccr_adjusted_notional", cases=1, note=CAPITAL),
    Coverage(file=STATS, group="saccr_ead", cases=1, note=CAPITAL),
    Coverage(
        file=STATS,
        group="zero_coupon_bond_clean_price",
        cases=1,
        test=RATES,
    ),
    Coverage(
        file=STATS,
        group="fixed_rate_bond_clean_price",
        cases=1,
        test=RATES,
    ),
    Coverage(
        file=STATS,
        group="bond_clean_price_from_yield",
        cases=2,
        test=RATES,
    ),
    Coverage(
        file=STATS,
        group="vanilla_swap_npv",
        cases=1,
        test=RATES,
        note="the value with index forwards at par",
    ),
    Coverage(
        file="var_es_r_performanceanalytics.json",
        group="*",
        cases=4,
        test=CONVENTIONS,
        note="VaR: historical, Gaussian, modified; ES: historical, Gaussian; moments in "
        "`test_parametric.py`. Drawdowns and downside deviations are no measures of riskmill",
    ),
    Coverage(
        file="ore_var/parametric_var.csv",
        group="PF2 FX",
        cases=3,
        test=PARAMETRIC,
        note="within 6e-4: inputs and outputs are of different releases",
    ),
    Coverage(
        file="ore_var/parametric_var.csv",
        group="PF2 InterestRate Vega",
        cases=1,
        test=PARAMETRIC,
        note="within 6e-4: inputs and outputs are of different releases",
    ),
    Coverage(
        file="ore_var/parametric_var.csv",
        group="others",
        cases=24,
        note="the sensitivities of the other trades are not those that the outputs were made "
        "from: their gammas already differ",
    ),
    Coverage(
        file="shrinkage_scikit_learn.json",
        group="*",
        cases=4,
        test="tests/risk/scenarios/test_covariance.py",
        note="shrinkage intensities and covariances of Ledoit and Wolf, and of OAS",
    ),
    Coverage(
        file="ore_var/hist_sim_var.csv",
        group="*",
        cases=6,
        test=ORE_VAR,
        note="from ORE's market quotes, history and trades: six curves, 715 scenarios, and in each "
        "ORE's P&L to the six decimals that it prints, so 874,503.346996 at 1 %. Its quantile is "
        "our default, its ES the convention `whole`; `test_ore_var.py` has the same from ORE's "
        "own P&L (`hist_sim_pnl.csv`)",
    ),
)


def truth_page() -> str:
    """The table as a page, covered groups and others in the order of their files."""
    done, every = (sum(row.cases for row in rows) for rows in (_tested(), COVERAGE))
    rows = [_line(row) for row in COVERAGE]
    return "\n".join(
        [
            "# What others computed",
            "",
            "Files in `tests/truth` hold numbers that others computed, with their sources and",
            f"tolerances. {done} of {every} cases run as tests; a test keeps this page complete.",
            "It is made by `make docs`: do not edit it.",
            "",
            "| file | group | cases | covered by | note |",
            "|---|---|---|---|---|",
            *rows,
            "",
            "Of ORE's other examples (stress, smile sensitivities, initial margin) only results,",
            "or inputs of instruments that riskmill does not price, are at hand; none is covered.",
            "",
        ]
    )


def _tested() -> tuple[Coverage, ...]:
    return tuple(row for row in COVERAGE if row.test)


def _line(row: Coverage) -> str:
    test = f"`{row.test}`" if row.test else "no test"
    return f"| `{row.file}` | `{row.group}` | {row.cases} | {test} | {row.note} |"

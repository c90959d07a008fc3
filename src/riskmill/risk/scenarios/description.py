"""The scenarios of a run in words: for the head of the report, and for its audit."""

from riskmill.domain import RiskSpec, ScenarioSet

DISTRIBUTIONS = {"gaussian": "Gaussian", "student_t": "Student's t"}
SEQUENCES = {"sobol": "Sobol, shifted", "philox": "Philox 4x64"}
COVARIANCES = {
    "sample": "sample",
    "ewma": "exponentially weighted",
    "ledoit_wolf": "Ledoit-Wolf, correlations shrunk to none",
    "oas": "oracle approximating, correlations shrunk to none",
}
PLAIN = RiskSpec()


def describe_scenarios(headline: ScenarioSet, spec: RiskSpec) -> str:
    """One sentence: how many scenarios VaR and ES are measured on, of which kind, from when."""
    count = f"{len(headline):,}"
    one = len(headline) == 1
    if spec.scenario_set == "monte_carlo":
        return (
            f"{count} Monte Carlo {'scenario' if one else 'scenarios'}: {_span(spec)} "
            f"{'move' if one else 'moves'} drawn from a "
            f"{DISTRIBUTIONS[spec.monte_carlo.distribution]} distribution with seed "
            f"{spec.monte_carlo.seed}, each position fully revalued."
        )
    asked = spec.first_day is None and len(headline) != spec.scenarios
    short = f" of {spec.scenarios:,} asked for" if asked else ""
    kind = "historical" if spec.scenario_set == "historical" else "filtered historical"
    rescaled = ", rescaled to current volatility" if kind == "filtered historical" else ""
    noun = "scenario" if one and not short else "scenarios"
    moves = f"moves that ended from {headline.labels[0]} to {headline.labels[-1]}"
    if one:
        moves = f"move that ended on {headline.labels[0]}"
    return (
        f"{count}{short} {kind} {noun}: {_span(spec)} {moves}{rescaled}, each position fully "
        "revalued."
    )


def _span(spec: RiskSpec) -> str:
    days = spec.holding_days
    if days == 1:
        return "1-day"
    if spec.time_scaling == "square_root":
        return f"1-day moves times the square root of {days} as {days}-day"
    return f"{'overlapping' if spec.overlapping else 'separate'} {days}-day"


def scenario_facts(
    spec: RiskSpec, fitted: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    """What decides the scenarios of *spec* beyond the description, and what was *fitted*."""
    facts: list[tuple[str, str]] = []
    if spec.time_scaling != PLAIN.time_scaling:
        facts.append(("Time scaling", f"square root of {spec.holding_days} business days"))
    if spec.scenario_set == "filtered_historical":
        facts.append(("Volatility", f"exponentially weighted, decay {spec.decay:g}"))
    if spec.scenario_set == "monte_carlo":
        drawn = spec.monte_carlo
        decay = f", decay {spec.decay:g}" if drawn.covariance == "ewma" else ""
        facts += [
            ("Distribution", DISTRIBUTIONS[drawn.distribution]),
            ("Covariance", f"{COVARIANCES[drawn.covariance]}{decay}"),
            ("Sequence", SEQUENCES[drawn.sequence]),
            ("Seed", str(drawn.seed)),
        ]
    return (*facts, *fitted)

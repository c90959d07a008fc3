"""CloudWatch alarms: whether they can ever fire, and whether anybody hears."""

import re
from collections.abc import Iterator

from riskmill.cloud.check.facts.metrics import DIMENSIONS, METRICS, ONLY_WHEN_SOMETHING_HAPPENS
from riskmill.cloud.check.rule import Found, Rule, Severity, found
from riskmill.cloud.check.values import (
    Map,
    Path,
    at,
    holes,
    items,
    known,
    maps,
    number,
    shown,
    text_of,
    truth,
)
from riskmill.cloud.check.world import Resource, World

ALARM = "AWS::CloudWatch::Alarm"
_PERCENT = re.compile(r"\d\s*%|\bper\s?cent(age)?\b", re.IGNORECASE)
_IDENTIFIER = re.compile(r"\b[a-z][A-Za-z0-9_]*\b(?!\s*\()")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_SEARCH = re.compile(r"\b(SEARCH|SELECT|INSIGHT_RULE_METRIC|DB_PERF_INSIGHTS|LAMBDA)\b")


def _alarms(world: World) -> list[Resource]:
    return world.of_type(ALARM)


TRACKED: Path = ("TargetTrackingScalingPolicyConfiguration", "CustomizedMetricSpecification")


def _watchers(world: World) -> Iterator[tuple[Resource, Path, Map]]:
    """Place and content of all that watches metrics: alarms, and policies that track a target."""
    for alarm in _alarms(world):
        yield alarm, (), alarm.properties
    for policy in world.of_type("AWS::ApplicationAutoScaling::ScalingPolicy"):
        tracked = at(policy.properties, *TRACKED)
        if isinstance(tracked, Map):
            yield policy, TRACKED, tracked


def _measured(holder: Map) -> Iterator[tuple[Path, Map]]:
    """Place and content of each metric: the holder's own, and those of its expressions."""
    if holder.get("MetricName"):
        yield (), holder
    for position, query in maps(holder.get("Metrics")):
        metric = at(query, "MetricStat", "Metric")
        if isinstance(metric, Map):
            yield ("Metrics", position, "MetricStat", "Metric"), metric


def _no_such_metric(world: World) -> Iterator[Found]:
    for watcher, place, holder in _watchers(world):
        for path, metric in _measured(holder):
            namespace, name = known(metric.get("Namespace")), known(metric.get("MetricName"))
            listed = METRICS.get(namespace or "")
            if listed and name and name not in listed:
                where = (*place, *path, "MetricName")
                yield found(watcher, where, f"{namespace} has no metric {name}", name)


def _count_as_rate(world: World) -> Iterator[Found]:
    for alarm in _alarms(world):
        said = shown(alarm.properties.get("AlarmDescription"))
        counted = alarm.properties.get("Statistic") in ("Sum", "SampleCount")
        name = str(alarm.properties.get("MetricName", ""))
        if (
            counted
            and _PERCENT.search(said)
            and not re.search("util|percent|rate", name, re.IGNORECASE)
        ):
            yield found(
                alarm,
                ("Threshold",),
                f"the description speaks of per cent, the alarm compares a count of {name}",
                said,
            )


def _no_action(world: World) -> Iterator[Found]:
    text = _everything_else(world)
    for alarm in _alarms(world):
        names = ("AlarmActions", "OKActions", "InsufficientDataActions")
        switched_off = truth(alarm.properties.get("ActionsEnabled")) is False
        told = [name for name in names if items(alarm.properties.get(name))]
        if alarm.properties.open or alarm.id in text or _named(alarm) in text:
            continue
        if switched_off or not told:
            why = "its actions are switched off" if switched_off else "it has no action"
            yield found(alarm, ("AlarmActions",), f"nobody is told: {why}")


def _everything_else(world: World) -> set[str]:
    """Names of alarms that something of the template uses: composites, deployments, outputs."""
    used: set[str] = set()
    for resource in world.resources.values():
        if resource.type not in (ALARM, "AWS::CloudWatch::Dashboard"):
            text = text_of(resource.properties)
            used |= {name for _, name, _ in holes(text)}
            used |= set(re.findall(r"[A-Za-z0-9_-]+", text))
    return used


def _named(alarm: Resource) -> str:
    return str(known(alarm.properties.get("AlarmName")) or "\0")


def _no_operator(world: World) -> Iterator[Found]:
    for alarm in _alarms(world):
        if alarm.properties.lacks("ComparisonOperator"):
            yield found(alarm, ("ComparisonOperator",), "no ComparisonOperator")


def _no_threshold(world: World) -> Iterator[Found]:
    for alarm in _alarms(world):
        absent = all(alarm.properties.lacks(name) for name in ("Threshold", "ThresholdMetricId"))
        if absent:
            yield found(alarm, ("Threshold",), "neither Threshold nor ThresholdMetricId")


def _returned(world: World) -> Iterator[Found]:
    for watcher, place, holder in _watchers(world):
        queries = [query for _, query in maps(holder.get("Metrics"))]
        flags = [truth(query.get("ReturnData", True)) for query in queries]
        if holder.get("ThresholdMetricId") or not queries or None in flags:
            continue
        count = flags.count(True)
        if count != 1 and not any(query.open for query in queries):
            yield found(
                watcher,
                (*place, "Metrics"),
                f"{count} metrics return data, and exactly one is watched",
                ", ".join(shown(query.get("Id")) for query in queries),
            )


def _unknown_ids(world: World) -> Iterator[Found]:
    for watcher, place, holder in _watchers(world):
        queries = list(maps(holder.get("Metrics")))
        ids = {str(known(query.get("Id"))) for _, query in queries}
        for position, query in queries:
            expression = known(query.get("Expression"))
            if not expression or _SEARCH.search(expression):
                continue
            for name in sorted(set(_IDENTIFIER.findall(_QUOTED.sub("", expression))) - ids):
                yield found(
                    watcher,
                    (*place, "Metrics", position, "Expression"),
                    f"the expression uses {name}, which is the Id of no metric",
                    expression,
                )


def _more_points_than_periods(world: World) -> Iterator[Found]:
    for alarm in _alarms(world):
        points = number(alarm.properties.get("DatapointsToAlarm"))
        periods = number(alarm.properties.get("EvaluationPeriods"))
        if points is not None and periods is not None and points > periods:
            yield found(
                alarm,
                ("DatapointsToAlarm",),
                f"{points:g} data points of {periods:g} periods",
                points,
            )


def _odd_period(world: World) -> Iterator[Found]:
    for alarm in _alarms(world):
        places: list[tuple[Path, Map]] = [(("Period",), alarm.properties)]
        for position, query in maps(alarm.properties.get("Metrics")):
            statistic = query.get("MetricStat")
            places += (
                [(("Metrics", position, "MetricStat", "Period"), statistic)]
                if isinstance(statistic, Map)
                else []
            )
        for path, holder in places:
            yield from _fault_of_period(alarm, path, number(holder.get("Period")))


def _fault_of_period(alarm: Resource, path: Path, period: float | None) -> Iterator[Found]:
    if period is None:
        return
    periods = number(alarm.properties.get("EvaluationPeriods")) or 1
    if period not in (10, 20, 30) and (period % 60 or period <= 0):
        yield found(alarm, path, f"a period of {period:g} s is none that CloudWatch has", period)
    longest = 86_400 if period < 3600 else 7 * 86_400
    if period * periods > longest:
        yield found(
            alarm,
            path,
            f"{periods:g} periods of {period:g} s are longer than {longest // 86_400} days "
            "that an alarm can look back",
            period,
        )


def _unknown_dimension(world: World) -> Iterator[Found]:
    for watcher, place, holder in _watchers(world):
        for path, metric in _measured(holder):
            namespace = known(metric.get("Namespace")) or ""
            listed = DIMENSIONS.get(namespace)
            for position, dimension in maps(metric.get("Dimensions")):
                name = known(dimension.get("Name"))
                if listed and name and name not in listed:
                    yield found(
                        watcher,
                        (*place, *path, "Dimensions", position),
                        f"{namespace} has no dimension {name}",
                        name,
                    )


def _silence_is_fine(world: World) -> Iterator[Found]:
    for alarm in _alarms(world):
        below = str(alarm.properties.get("ComparisonOperator", "")).startswith("LessThan")
        missing = alarm.properties.get("TreatMissingData", "missing")
        counted = alarm.properties.get("Statistic") in ("Sum", "SampleCount")
        rare = ONLY_WHEN_SOMETHING_HAPPENS.get(str(alarm.properties.get("Namespace")), ())
        if below and counted and alarm.properties.get("MetricName") in rare and missing in (
            "missing", "ignore", "notBreaching",
        ):  # fmt: skip
            yield found(
                alarm,
                ("TreatMissingData",),
                f"waits for {shown(alarm.properties.get('MetricName'))} to be low, and a metric "
                "without data, which is what silence gives, does not count as low",
                missing,
            )


def _statistics(world: World) -> Iterator[Found]:
    for alarm in _alarms(world):
        own = alarm.properties
        both = own.get("Statistic") and own.get("ExtendedStatistic")
        neither = (
            own.get("MetricName") and own.lacks("Statistic") and own.lacks("ExtendedStatistic")
        )
        if both or neither:
            what = "both Statistic and ExtendedStatistic" if both else "no statistic"
            yield found(alarm, ("Statistic",), what, own.get("Statistic"))
        if own.get("MetricName") and own.lacks("Period"):
            yield found(alarm, ("Period",), "no Period")
        if own.get("MetricName") and own.get("Metrics"):
            yield found(alarm, ("Metrics",), "both MetricName and Metrics")


RULES = (
    Rule(
        code="H1",
        title="an alarm on a metric that does not exist",
        reason="CloudWatch accepts any name. An alarm on a metric that nobody publishes stays in "
        "INSUFFICIENT_DATA for ever and never fires.",
        source="each service's page of CloudWatch metrics, such as Amazon ECS CloudWatch metrics",
        remedy="Use a metric of the namespace, or publish your own in a namespace of your own.",
        example="Namespace: AWS/ECS, MetricName: TasksFailed",
        find=_no_such_metric,
    ),
    Rule(
        code="H2",
        title="a count that is described as a percentage",
        reason="Sum compares a number of events: 5 is five failures, of ten or of ten thousand. A "
        "rate needs metric math over failures and attempts.",
        source="Amazon CloudWatch User Guide: Using math expressions with CloudWatch metrics",
        remedy="Use Metrics with an expression such as IF(total > 20, 100 * failed / total, 0).",
        example="Statistic: Sum, Threshold: 5, AlarmDescription: failure rate exceeds 5%",
        find=_count_as_rate,
    ),
    Rule(
        code="H3",
        title="an alarm that tells nobody",
        reason="An alarm without actions changes its colour on a page that nobody looks at.",
        source="Amazon CloudWatch User Guide: Alarm actions",
        remedy="AlarmActions: the ARN of a topic that somebody is subscribed to.",
        example="An alarm without AlarmActions",
        find=_no_action,
    ),
    Rule(
        code="C170",
        title="an alarm without an operator",
        reason="Without ComparisonOperator there is nothing to compare with; PutMetricAlarm "
        "refuses.",
        source="Amazon CloudWatch API Reference: PutMetricAlarm",
        remedy="ComparisonOperator: GreaterThanThreshold",
        example="Threshold: 1 without ComparisonOperator",
        find=_no_operator,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C171",
        title="an alarm without a threshold",
        reason="An alarm needs a threshold, or for anomaly detection the id of a band.",
        source="Amazon CloudWatch API Reference: PutMetricAlarm",
        remedy="Set Threshold.",
        example="An alarm with ComparisonOperator only",
        find=_no_threshold,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C172",
        title="not exactly one metric returns data",
        reason="Of the metrics of an alarm exactly one is watched: ReturnData is true on it and "
        "false on all others, and its default is true. Otherwise PutMetricAlarm refuses.",
        source="Amazon CloudWatch API Reference: MetricDataQuery, ReturnData",
        remedy="ReturnData: false on every metric but the one to watch.",
        example="Two entries of Metrics without ReturnData",
        find=_returned,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C173",
        title="an expression with an unknown metric",
        reason="An expression can use the ids of the alarm's own metrics only; it is refused.",
        source="Amazon CloudWatch User Guide: Using math expressions with CloudWatch metrics",
        remedy="Correct the id; ids begin with a small letter.",
        example="Expression: 100 * failed / total where the Id is attempts",
        find=_unknown_ids,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C174",
        title="more data points than periods",
        reason="M of N needs M to be at most N; PutMetricAlarm refuses.",
        source="Amazon CloudWatch User Guide: Evaluating an alarm",
        remedy="Raise EvaluationPeriods or lower DatapointsToAlarm.",
        example="DatapointsToAlarm: 3, EvaluationPeriods: 2",
        find=_more_points_than_periods,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C175",
        title="a period that CloudWatch does not have",
        reason="A period is 10, 20, 30 or a multiple of 60 seconds, and all periods together "
        "are at "
        "most a day (a week for periods of an hour and more).",
        source="Amazon CloudWatch API Reference: PutMetricAlarm, Period",
        remedy="Choose such a period, or fewer of them.",
        example="Period: 45",
        find=_odd_period,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C176",
        title="a dimension that the namespace does not have",
        reason="A metric is its name and exactly its dimensions. With one that the service does "
        "not "
        "publish there is never any data.",
        source="each service's page of CloudWatch metrics and dimensions",
        remedy="Use the dimensions of the namespace, such as QueueName for AWS/SQS.",
        example="Namespace: AWS/SQS with the dimension QueueUrl",
        find=_unknown_dimension,
    ),
    Rule(
        code="C177",
        title="an alarm on silence that silence does not raise",
        reason="A count of this kind has no data points while nothing happens. Missing data is, as "
        "set here, not breaching, so an alarm that waits for nothing to happen never fires.",
        source="Amazon CloudWatch User Guide: How alarms treat missing data",
        remedy="TreatMissingData: breaching",
        example="ExecutionsSucceeded LessThanThreshold 1 with TreatMissingData: notBreaching",
        find=_silence_is_fine,
    ),
    Rule(
        code="C178",
        title="a metric alarm that is not whole",
        reason="An alarm on one metric needs a period and one statistic, Statistic or "
        "ExtendedStatistic; an alarm on several takes Metrics instead.",
        source="Amazon CloudWatch API Reference: PutMetricAlarm",
        remedy="Set what is missing, or remove what is too much.",
        example="MetricName without Period",
        find=_statistics,
        severity=Severity.ERROR,
    ),
)  # fmt: skip

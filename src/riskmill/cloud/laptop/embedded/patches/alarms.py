"""
Alarms on metric math, and on one metric's own dimensions.

CloudFormation makes alarms whose value is an expression over several metrics; MiniStack refuses
them. It also counts every point of a metric's name whatever its dimensions, and an alarm that was
raised once stays raised when no more points come, where AWS goes by TreatMissingData.
"""

import time
from collections.abc import Mapping
from typing import Any

from ministack.services import cloudwatch
from ministack.services.cloudformation import provisioners

from .metric_math import Number, calculated

Alarm = dict[str, Any]
_CROSSED = {
    "GreaterThanOrEqualToThreshold": lambda value, limit: value >= limit,
    "GreaterThanThreshold": lambda value, limit: value > limit,
    "LessThanThreshold": lambda value, limit: value < limit,
    "LessThanOrEqualToThreshold": lambda value, limit: value <= limit,
}
_WITHOUT_DATA = {"breaching": "ALARM", "notBreaching": "OK", "missing": "INSUFFICIENT_DATA"}
"""State by TreatMissingData; with `ignore` an alarm stays as it is."""


def apply() -> None:
    """Let templates make such alarms, and evaluate every alarm as CloudWatch does."""
    recorded_before = provisioners._cw_metric_alarm_record

    def recorded(name: str, properties: Any) -> Alarm:
        metrics = properties.get("Metrics")
        if not metrics:
            plain: Alarm = recorded_before(name, properties)
            return plain
        stand_in = {**properties, "Metrics": None, "MetricName": "-", "Namespace": "-"}
        alarm: Alarm = recorded_before(name, stand_in)
        for absent in (
            "MetricName",
            "Namespace",
            "Statistic",
            "ExtendedStatistic",
            "Period",
            "Unit",
        ):
            alarm.pop(absent, None)
        return alarm | {"Metrics": metrics, "Dimensions": []}

    provisioners._cw_metric_alarm_record = recorded
    cloudwatch._evaluate_alarm = evaluate


def evaluate(alarm: Alarm) -> None:
    """Bring the state of an alarm up to date, and act where it changes."""
    value = _value(alarm)
    if value is None:
        new = _WITHOUT_DATA.get(alarm.get("TreatMissingData") or "missing", alarm["StateValue"])
        reason = "Insufficient data"
    else:
        crossed = _CROSSED[alarm["ComparisonOperator"]](value, float(alarm["Threshold"]))
        new = "ALARM" if crossed else "OK"
        reason = f"Threshold Crossed: {value} {alarm['ComparisonOperator']} {alarm['Threshold']}"
    old = alarm["StateValue"]
    if new != old:
        alarm.update(StateValue=new, StateReason=reason, StateUpdatedTimestamp=int(time.time()))
        cloudwatch._record_history(alarm["AlarmName"], old, new, reason)
        if alarm.get("ActionsEnabled", True):
            cloudwatch._dispatch_alarm_actions(alarm, old, new, reason)
        cloudwatch._evaluate_parent_alarms(alarm)


def _value(alarm: Alarm) -> Number:
    """Return what the alarm compares: the latest period's statistic, or the expression's value."""
    if not alarm.get("Metrics"):
        statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
        span = int(alarm["Period"]) * int(alarm["EvaluationPeriods"])
        return statistic_of(alarm, statistic, span)
    expressions = {one["Id"]: one for one in alarm["Metrics"] if "Expression" in one}
    known: dict[str, Number] = {
        one["Id"]: statistic_of(
            one["MetricStat"]["Metric"], one["MetricStat"]["Stat"], int(one["MetricStat"]["Period"])
        )
        for one in alarm["Metrics"]
        if "MetricStat" in one
    }
    returned = next(one for one in alarm["Metrics"] if one.get("ReturnData", True) is not False)
    if returned["Id"] in expressions:
        return calculated(returned["Expression"], known)
    return known[returned["Id"]]


def statistic_of(metric: Mapping[str, Any], statistic: str, seconds: int) -> Number:
    """Return a statistic of a metric's points of the last *seconds*; None without any."""
    wanted = cloudwatch._dims_key(cloudwatch._dims_from_list(metric.get("Dimensions") or []))
    since = time.time() - seconds
    points = [
        point
        for (namespace, name, dimensions), kept in cloudwatch._metrics.items()
        if (namespace, name) == (metric["Namespace"], metric["MetricName"]) and dimensions == wanted
        for point in kept
        if point["Timestamp"] >= since
    ]
    if not points:
        return None
    found = cloudwatch._stat_value(cloudwatch._calc_stats(points), statistic, points)
    return None if found is None else float(found)

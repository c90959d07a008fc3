"""Texts inside a template that a service parses: lifecycle policies and dashboards."""

import json
from collections.abc import Iterator

from riskmill.cloud.check.reading import read_json
from riskmill.cloud.check.rule import Found, Rule, Severity, found
from riskmill.cloud.check.values import Map, at, known, maps, number, without_holes
from riskmill.cloud.check.world import World


def _lifecycle(world: World) -> Iterator[Found]:
    for repository in world.of_type("AWS::ECR::Repository"):
        text = known(at(repository.properties, "LifecyclePolicy", "LifecyclePolicyText"))
        fault = _fault_of_lifecycle(text) if text is not None else ""
        if fault:
            yield found(repository, ("LifecyclePolicy",), fault, text)


def _fault_of_lifecycle(text: str) -> str:
    try:
        policy = read_json(text)
    except (ValueError, RecursionError) as error:
        return f"the lifecycle policy is not JSON: {error}"
    rules = [rule for _, rule in maps(at(policy, "rules"))]
    if not rules:
        return "the lifecycle policy has no rules"
    priorities = [number(rule.get("rulePriority")) for rule in rules]
    if None in priorities or len(set(priorities)) < len(rules):
        return "each rule needs a rulePriority of its own"
    last = max(priority for priority in priorities if priority is not None)
    return next((fault for rule in rules if (fault := _fault_of_rule(rule, last))), "")


def _fault_of_rule(rule: Map, last: float) -> str:
    selection = rule.get("selection")
    status = at(selection, "tagStatus")
    named = any(at(selection, name) for name in ("tagPrefixList", "tagPatternList"))
    if status == "tagged" and not named:
        return "a rule for tagged images names no tagPrefixList and no tagPatternList"
    if status == "any" and number(rule.get("rulePriority")) != last:
        return "the rule for any image has to come last: it needs the largest rulePriority"
    return ""


def _dashboard(world: World) -> Iterator[Found]:
    for dashboard in world.of_type("AWS::CloudWatch::Dashboard"):
        body = dashboard.properties.get("DashboardBody")
        if not isinstance(body, str) or body.startswith("\ue000"):
            continue
        try:
            json.loads(without_holes(body, "0"))
        except (ValueError, RecursionError) as error:
            yield found(dashboard, ("DashboardBody",), f"the body is not JSON: {error}")


RULES = (
    Rule(
        code="C140",
        title="a lifecycle policy that ECR refuses",
        reason="ECR parses the text when the repository is made: each rule has its own priority, a "
        "rule for tagged images names their prefixes or patterns, and one for any image is last.",
        source="Amazon ECR User Guide: Lifecycle policy properties",
        remedy="Mend the text.",
        example='{"selection": {"tagStatus": "tagged"}} without tagPrefixList',
        find=_lifecycle,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C179",
        title="a dashboard that is not JSON",
        reason="CloudWatch parses the body and refuses it.",
        source="Amazon CloudWatch API Reference: PutDashboard",
        remedy="Mend the text; Fn::ToJsonString writes it from a mapping.",
        example='DashboardBody: {"widgets": [}',
        find=_dashboard,
        severity=Severity.ERROR,
    ),
)  # fmt: skip

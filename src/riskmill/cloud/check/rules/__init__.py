"""
Every rule, by code; a module for each concern, and a line here for each module.

A rule takes a world and yields what it finds. It knows AWS and nothing of whose template it is.
"""

from collections.abc import Mapping

from riskmill.cloud.check.rule import Rule
from riskmill.cloud.check.rules import (
    alarms,
    callers,
    embedded,
    events,
    images,
    keys,
    network,
    queues,
    rights,
    scaling,
    senders,
    services,
    stages,
    tasks,
    trust,
    whole,
    workflows,
)

_MODULES = (
    services, stages, tasks, images, scaling, callers, embedded, events, senders, alarms, rights,
    trust, keys, queues, workflows, network, whole,
)  # fmt: skip
RULES: Mapping[str, Rule] = {rule.code: rule for module in _MODULES for rule in module.RULES}
"""Code and rule. F: cannot be created or run. H: silent harm. C: everything else."""

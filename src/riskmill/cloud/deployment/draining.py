"""
Let an environment finish its work and stop, or take it up again.

Draining takes three steps that may each be given again: the rules that bring new work are
disabled, what is in work is waited for, and the services are held at no task. Deliveries that land
meanwhile stay in their bucket; `riskmill cloud drain --resume` does not bring their events back.
"""

from dataclasses import dataclass

from riskmill.cloud.deployment.account import Account
from riskmill.cloud.deployment.looking import stack
from riskmill.cloud.deployment.parameters import Asked
from riskmill.cloud.deployment.planning import StackFound
from riskmill.cloud.deployment.stacks import Waiting
from riskmill.cloud.deployment.watching import executions, nothing_there, services
from riskmill.cloud.stages import STAGES
from riskmill.domain import CloudRefused

RULES = ("s3-object-created", "wake-ingestion")
"""Rules of EventBridge that bring work."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Drained:
    """How an environment stands after it."""

    environment: str
    rules: str
    """`enabled` or `disabled`."""
    tasks: int
    """Tasks that the services want."""


def drain(account: Account, asked: Asked, waiting: Waiting, *, patience: int) -> Drained:
    """
    Take in no new work, wait for what goes on, and stop the tasks.

    *patience* is how often to look before it is given up with `CloudRefused` (E830); the rules
    stay disabled then, and giving the command again goes on waiting.
    """
    _deployed(account, asked)
    for rule in RULES:
        _switch(account, "disable_rule", f"{rule}-{asked.environment}")
    waiting.tell("No new work is taken in.")
    _await_idle(account, asked, waiting, patience)
    for stage in STAGES:
        _hold(account, asked, stage.name, 0, 0)
    return Drained(
        environment=asked.environment,
        rules="disabled",
        tasks=sum(one.desired for one in services(account, asked)),
    )


def resume(account: Account, asked: Asked) -> Drained:
    """Hold the services between their own bounds again, and take in work."""
    workload = _deployed(account, asked)
    for stage in STAGES:
        least, most = (
            int(workload.parameters[f"{stage.prefix}{bound}Capacity"]) for bound in ("Min", "Max")
        )
        _hold(account, asked, stage.name, least, most)
    for rule in RULES:
        _switch(account, "enable_rule", f"{rule}-{asked.environment}")
    return Drained(
        environment=asked.environment,
        rules="enabled",
        tasks=sum(one.desired for one in services(account, asked)),
    )


def _switch(account: Account, operation: str, rule: str) -> None:
    """Switch a rule; one of the two is there only where a stage may scale to zero."""
    account.ask("events", operation, absent=("ResourceNotFoundException",), Name=rule)


def _deployed(account: Account, asked: Asked) -> StackFound:
    workload = stack(account, asked.stack("workload"))
    if not workload.exists:
        raise nothing_there(account, asked)
    return workload


def _await_idle(account: Account, asked: Asked, waiting: Waiting, patience: int) -> None:
    said = ""
    for _ in range(patience):
        busy = _busy(account, asked)
        if not busy:
            return
        if busy != said:
            waiting.tell(f"Waiting: {busy}")
            said = busy
        waiting.rest()
    raise CloudRefused(
        "E830",
        f"work still goes on: {_busy(account, asked) or 'until a moment ago'}",
        place=asked.stack("workload"),
        remedy="Give the command again to go on waiting, or take work in again: "
        "riskmill cloud drain --resume",
    )


def _busy(account: Account, asked: Asked) -> str:
    """Say what goes on; empty where nothing does."""
    running = [one.name for one in executions(account, asked) if one.status == "RUNNING"]
    queued = {
        one.stage: one.waiting + one.in_work
        for one in services(account, asked)
        if one.waiting + one.in_work
    }
    parts = [f"execution {name}" for name in running]
    parts += [f"{count} messages of {stage}" for stage, count in queued.items()]
    return ", ".join(parts)


def _hold(account: Account, asked: Asked, stage: str, least: int, most: int) -> None:
    environment = asked.environment
    account.ask(
        "application-autoscaling",
        "register_scalable_target",
        ServiceNamespace="ecs",
        ScalableDimension="ecs:service:DesiredCount",
        ResourceId=f"service/batch-processing-{environment}/{stage}-service-{environment}",
        MinCapacity=least,
        MaxCapacity=most,
    )

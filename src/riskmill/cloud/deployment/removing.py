"""Remove an environment: the workload, and the foundation where asked; data stays in any case."""

from collections.abc import Mapping
from dataclasses import dataclass

from riskmill.cloud.deployment.account import Account
from riskmill.cloud.deployment.looking import stack
from riskmill.cloud.deployment.parameters import Asked, template
from riskmill.cloud.deployment.stacks import Waiting, delete
from riskmill.cloud.deployment.watching import nothing_there


@dataclass(frozen=True, kw_only=True, slots=True)
class Removal:
    """What would go and what would stay."""

    environment: str
    removed: tuple[str, ...]
    """Names of stacks, in the order of their deletion."""
    kept: tuple[str, ...]
    """What stays, each by its type and what it is called."""


def removal(account: Account, asked: Asked, *, only: str) -> Removal:
    """
    Decide what goes: the workload, and unless *only* names it alone the foundation after it.

    Raises `CloudRefused` (E829) where there is nothing to remove.
    """
    wanted = {"workload": ("workload",), "foundation": ("workload", "foundation")}[only]
    there = [name for name in wanted if stack(account, asked.stack(name)).status]
    if not there:
        raise nothing_there(account, asked)
    return Removal(
        environment=asked.environment,
        removed=tuple(asked.stack(name) for name in there),
        kept=tuple(f"{kind} {name}" for name, kind in sorted(_kept(account, asked).items())),
    )


def remove(account: Account, asked: Removal, waiting: Waiting) -> None:
    """Delete the stacks of a removal, and wait; what is gone already is passed over."""
    for name in asked.removed:
        waiting.tell(f"{name}: deleting")
        delete(account, name, waiting)
        waiting.tell(f"{name}: gone")


def _kept(account: Account, asked: Asked) -> Mapping[str, str]:
    """Return what the foundation holds that outlives it: what it is called, and its type."""
    name = asked.stack("foundation")
    if not stack(account, name).status:
        return {}
    retained = template("foundation").retained
    held = account.every(
        "cloudformation", "list_stack_resources", "StackResourceSummaries", StackName=name
    )
    return {
        one.get("PhysicalResourceId", one["LogicalResourceId"]): one["ResourceType"]
        for one in held
        if one["LogicalResourceId"] in retained
    }

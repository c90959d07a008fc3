"""Change a stack by a change set, and wait until CloudFormation is done with it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from riskmill.cloud.deployment.account import Account, Answer
from riskmill.cloud.deployment.looking import stack
from riskmill.cloud.deployment.parameters import Template
from riskmill.cloud.deployment.planning import READY, StackFound
from riskmill.domain import CloudRefused

CHANGE_SET = "riskmill"
TAGS = {"Application": "riskmill"}
Tell = Callable[[str], None]
"""Takes a sentence about what is going on."""
PAUSE_SECONDS = 5.0
_UNCHANGED = ("didn't contain changes", "No updates are to be performed", "no changes")


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One resource that an update would touch."""

    stack: str
    action: str
    """`Add`, `Modify`, `Remove` or `Import`."""
    resource: str
    """Logical id."""
    type: str
    replaced: str
    """`True`, `False` or `Conditional`; empty where it does not apply."""
    because: tuple[str, ...]
    """Properties that differ."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """How a wait for AWS is spent."""

    tell: Tell
    pause: Callable[[float], None] = time.sleep
    seconds: float = field(default_factory=lambda: PAUSE_SECONDS)

    def rest(self) -> None:
        """Let some time pass."""
        self.pause(self.seconds)


def propose(
    account: Account,
    template: Template,
    before: StackFound,
    values: Mapping[str, str],
    waiting: Waiting,
) -> tuple[Change, ...]:
    """
    Make a change set and return what it would change; without changes it is taken away again.

    Parameters that are not in *values* keep theirs. Raises `CloudRefused` (E824) where
    CloudFormation refuses it, a rule of the template among the reasons.
    """
    drop(account, before.name)
    account.ask(
        "cloudformation",
        "create_change_set",
        StackName=before.name,
        ChangeSetName=CHANGE_SET,
        ChangeSetType="UPDATE" if before.exists else "CREATE",
        TemplateBody=template.body,
        Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=_parameters(template, before, values),
        Tags=[
            {"Key": key, "Value": value}
            for key, value in {**TAGS, "Environment": values["EnvironmentSuffix"]}.items()
        ],
    )
    while (told := _described(account, before.name))["Status"] in (
        "CREATE_PENDING", "CREATE_IN_PROGRESS",
    ):  # fmt: skip
        waiting.rest()
    if told["Status"] == "FAILED":
        drop(account, before.name)
        why = told.get("StatusReason", "")
        if any(part in why for part in _UNCHANGED):
            return ()
        raise _failed(before.name, why)
    changes = tuple(_change(before.name, one["ResourceChange"]) for one in told["Changes"])
    if not changes:
        drop(account, before.name)
    return changes


def drop(account: Account, name: str) -> None:
    """Take the change set away, if there is one."""
    account.ask(
        "cloudformation",
        "delete_change_set",
        absent=("ValidationError", "ChangeSetNotFound", "ChangeSetNotFoundException"),
        StackName=name,
        ChangeSetName=CHANGE_SET,
    )


def carry_out(account: Account, name: str, waiting: Waiting) -> StackFound:
    """Execute the change set of `propose`, and return the stack when it is done."""
    seen = {one["EventId"] for one in _events(account, name)}
    account.ask(
        "cloudformation",
        "execute_change_set",
        StackName=name,
        ChangeSetName=CHANGE_SET,
        # What a failed first creation had made goes with it: kept, it would be in the way of the
        # next one. Of what was there before, nothing is touched.
        RetainExceptOnCreate=True,
    )
    return settled(account, name, waiting, seen)


def settled(
    account: Account, name: str, waiting: Waiting, seen: set[str] | None = None
) -> StackFound:
    """
    Wait until a stack is at rest, telling its events, and return it.

    Raises `CloudRefused` (E824) where it ended otherwise than complete, with the first reason.
    """
    known = set() if seen is None else seen
    reasons: list[str] = []
    while True:
        now = stack(account, name)
        for event in reversed([e for e in _events(account, name) if e["EventId"] not in known]):
            known.add(event["EventId"])
            why = event.get("ResourceStatusReason", "")
            if event["ResourceStatus"].endswith("FAILED") and "cancelled" not in why:
                reasons.append(f"{event['LogicalResourceId']}: {why}")
            if not event["ResourceStatus"].endswith("_IN_PROGRESS"):
                waiting.tell(f"  {event['LogicalResourceId']} {event['ResourceStatus']}")
        if not now.status.endswith("_IN_PROGRESS") or now.status == "REVIEW_IN_PROGRESS":
            break
        waiting.rest()
    if seen is not None and (now.status not in READY or "ROLLBACK" in now.status):
        raise _failed(name, "; ".join(reasons[:1]) or now.reason or now.status)
    return now


def delete(account: Account, name: str, waiting: Waiting) -> None:
    """Delete a stack and wait until it is gone; one that is not there is gone."""
    if not stack(account, name).status:
        return
    account.ask("cloudformation", "delete_stack", StackName=name)
    while (now := stack(account, name)).status.endswith("_IN_PROGRESS"):
        waiting.rest()
    if now.status not in ("", "DELETE_COMPLETE"):
        failed = [
            f"{e['LogicalResourceId']}: {e.get('ResourceStatusReason', '')}"
            for e in _events(account, name)
            if e["ResourceStatus"] == "DELETE_FAILED"
        ]
        raise _failed(name, "; ".join(failed[:1]) or now.reason or now.status)


def _parameters(
    template: Template, before: StackFound, values: Mapping[str, str]
) -> list[dict[str, object]]:
    """Say the new values, and of the others that they stay."""
    told: list[dict[str, object]] = []
    for name in template.parameters:
        if name in values:
            told.append({"ParameterKey": name, "ParameterValue": values[name]})
        elif before.exists and name in before.parameters:
            told.append({"ParameterKey": name, "UsePreviousValue": True})
    return told


def _described(account: Account, name: str) -> Answer:
    """Return the change set with the changes of all its pages."""
    told: Answer = {}
    token: dict[str, str] = {}
    while True:
        page = account.ask(
            "cloudformation",
            "describe_change_set",
            StackName=name,
            ChangeSetName=CHANGE_SET,
            **token,
        )
        told = {**page, "Changes": [*told.get("Changes", []), *page.get("Changes", [])]}
        if not page.get("NextToken"):
            return told
        token = {"NextToken": page["NextToken"]}


def _change(name: str, change: Answer) -> Change:
    properties = {
        detail["Target"].get("Name") or detail["Target"]["Attribute"]
        for detail in change.get("Details", [])
    }
    return Change(
        stack=name,
        action=change["Action"],
        resource=change["LogicalResourceId"],
        type=change["ResourceType"],
        replaced=change.get("Replacement", ""),
        because=tuple(sorted(properties)),
    )


def _events(account: Account, name: str) -> list[Answer]:
    told = account.ask(
        "cloudformation", "describe_stack_events", absent=("ValidationError",), StackName=name
    )
    return list(told["StackEvents"]) if told else []


def _failed(name: str, why: str) -> CloudRefused:
    return CloudRefused(
        "E824",
        f"CloudFormation did not do it: {why}",
        place=name,
        remedy="Mend what it says, and give the command again: it goes on from there.",
    )

"""Carry a plan out: foundation, images, workload; each step may be given again at any time."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from riskmill.cloud.deployment.account import Account
from riskmill.cloud.deployment.images import Image, Pushed, images_in, push
from riskmill.cloud.deployment.looking import found
from riskmill.cloud.deployment.parameters import Asked, Template, template
from riskmill.cloud.deployment.planning import Found, StackFound, Step, plan
from riskmill.cloud.deployment.stacks import (
    Change,
    Waiting,
    carry_out,
    drop,
    propose,
    settled,
)
from riskmill.cloud.rendering import TEMPLATES


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployed:
    """What a deployment did."""

    environment: str
    region: str
    changes: tuple[Change, ...]
    pushed: tuple[Pushed, ...]
    outputs: Mapping[str, str]
    """Of both stacks."""
    buckets: Mapping[str, str]
    """Names of the data and the output bucket by parameter."""
    next: tuple[str, ...]
    """What to do now, a sentence each."""


def deploy(
    account: Account, asked: Asked, waiting: Waiting, *, images: Path | None = None, only: str = ""
) -> Deployed:
    """
    Bring the account to what is asked for.

    Everything that can be known to fail is refused before the first change; what fails later is
    told by its first reason, and the same command goes on from there. A stack that somebody is
    changing is waited for.
    """
    templates = {name: template(name) for name in TEMPLATES}
    ready = images_in(images) if images is not None else ()
    there = _rested(account, asked, ready, waiting)
    steps = plan(asked, there, templates, only=only)
    changes: list[Change] = []
    pushed: list[Pushed] = []
    for step in steps:
        if step.act == "push":
            chosen = tuple(image for image in ready if image.stage == step.what)
            pushed += push(account, asked.environment, chosen, waiting.tell)
        else:
            changes += _brought(account, asked, there, step, templates, waiting)
    return _told(account, asked, tuple(changes), tuple(pushed))


def difference(
    account: Account, asked: Asked, waiting: Waiting, *, images: Path | None = None, only: str = ""
) -> tuple[Change, ...]:
    """
    Return what `deploy` would change, and change nothing.

    A stack that exists is asked by a change set, which is taken away again; of one that does not,
    every resource would be added.
    """
    templates = {name: template(name) for name in TEMPLATES}
    ready = images_in(images) if images is not None else ()
    there = found(account, asked, {image.stage: image.digest for image in ready})
    changes: list[Change] = []
    for step in plan(asked, there, templates, only=only):
        if step.act == "push":
            continue
        stack, of = _stack(asked, there, step)
        if not stack.exists:
            changes += _all_of(stack.name, templates[of], step.parameters)
        else:
            changes += propose(account, templates[of], stack, step.parameters, waiting)
            drop(account, stack.name)
    return tuple(changes)


def _rested(account: Account, asked: Asked, ready: tuple[Image, ...], waiting: Waiting) -> Found:
    """Look again once stacks that are being changed are at rest."""
    digests = {image.stage: image.digest for image in ready}
    there = found(account, asked, digests)
    busy = [one for one in (there.foundation, there.workload) if _busy(one)]
    for stack in busy:
        waiting.tell(f"{stack.name} is in {stack.status}: waiting for it")
        settled(account, stack.name, waiting)
    return found(account, asked, digests) if busy else there


def _busy(stack: StackFound) -> bool:
    return stack.status.endswith("_IN_PROGRESS") and stack.status != "REVIEW_IN_PROGRESS"


def _brought(
    account: Account,
    asked: Asked,
    there: Found,
    step: Step,
    templates: Mapping[str, Template],
    waiting: Waiting,
) -> tuple[Change, ...]:
    stack, of = _stack(asked, there, step)
    waiting.tell(f"{step.what}: {step.act}")
    changes = propose(account, templates[of], stack, step.parameters, waiting)
    if changes:
        carry_out(account, stack.name, waiting)
    waiting.tell(f"{step.what}: {'done' if changes else 'nothing to change'}")
    return changes


def _stack(asked: Asked, there: Found, step: Step) -> tuple[StackFound, str]:
    of = "foundation" if step.what == asked.stack("foundation") else "workload"
    return (there.foundation if of == "foundation" else there.workload), of


def _all_of(name: str, of: Template, values: Mapping[str, str]) -> tuple[Change, ...]:
    return tuple(
        Change(
            stack=name,
            action="Add",
            resource=resource,
            type=kind,
            replaced="",
            because=(),
        )
        for resource, kind in of.resources(values).items()
    )


def _told(
    account: Account, asked: Asked, changes: tuple[Change, ...], pushed: tuple[Pushed, ...]
) -> Deployed:
    after = found(account, asked, {})
    buckets = {
        name: value
        for name, value in after.foundation.parameters.items()
        if name in ("DataBucketName", "OutputBucketName")
    }
    return Deployed(
        environment=asked.environment,
        region=account.region,
        changes=changes,
        pushed=pushed,
        outputs={**after.foundation.outputs, **after.workload.outputs},
        buckets=buckets,
        next=_next(asked, after, buckets),
    )


def _next(asked: Asked, after: Found, buckets: Mapping[str, str]) -> tuple[str, ...]:
    environment = "" if asked.environment == "dev" else f" --environment {asked.environment}"
    if not after.workload.exists:
        return (
            f"Push the images: riskmill cloud push-images DIR{environment}",
            f"Then deploy the workload: riskmill cloud deploy{environment}",
        )
    mail = after.foundation.parameters.get("AlarmEmail")
    confirm = (f"Confirm the mail that {mail} was sent.",) if mail else ()
    return (
        *confirm,
        f"Drop a delivery below s3://{buckets.get('DataBucketName')}/in/, its manifest last.",
        f"Follow it: riskmill cloud status{environment}",
        f"Read the report below s3://{buckets.get('OutputBucketName')}/reports/",
    )

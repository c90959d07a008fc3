"""
Decide what a deployment does, from what is asked for and what is there; nothing is called here.

A plan is data: the parameters of each stack and the steps in their order, or the reason why there
is none. Whatever can be known to fail is refused here, before anything is created.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from zoneinfo import available_timezones

from riskmill.cloud.deployment.parameters import Asked, Template
from riskmill.cloud.stages import STAGES, Stage
from riskmill.domain import CloudRefused, RiskmillError, UsageError

SUBNETS = ("PrivateSubnet1", "PrivateSubnet2", "PrivateSubnet3")
READY = frozenset({
    "CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE",
})  # fmt: skip
"""States of a stack that can be updated."""
Act = Literal["create", "update", "push"]


@dataclass(frozen=True, kw_only=True, slots=True)
class StackFound:
    """A stack as it is; `status` is empty where there is none."""

    name: str
    status: str = ""
    reason: str = ""
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]

    @property
    def exists(self) -> bool:
        """Whether there is something to update; a stack in review holds nothing yet."""
        return self.status not in ("", "REVIEW_IN_PROGRESS", "DELETE_COMPLETE")


@dataclass(frozen=True, kw_only=True, slots=True)
class Subnet:
    """A subnet of the account's region."""

    subnet: str
    vpc: str
    zone: str
    public: bool
    """Whether what starts in it gets a public address."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bucket:
    """What is known about a bucket that was named."""

    name: str
    state: Literal["absent", "ours", "forbidden"]
    region: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What is there, as far as a deployment asks."""

    account: str
    region: str
    partition: str
    foundation: StackFound
    workload: StackFound
    subnets: Sequence[Subnet]
    buckets: Mapping[str, Bucket]
    images: Mapping[str, str]
    """Newest deployed image of each stage, by the name of the stage, as REPOSITORY@DIGEST."""
    ready: Mapping[str, str]
    """Images that are given to be pushed: name of the stage, and digest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One thing that a deployment does."""

    act: Act
    what: str
    """Name of the stack, or of the stage whose image is pushed."""
    parameters: Mapping[str, str]
    """Values of the stack's parameters that change or are new."""


def default_buckets(found_account: str, region: str, asked: Asked) -> Mapping[str, str]:
    """Return the names of the two buckets where none are given: of one account and region."""
    return {
        f"{kind}BucketName": f"riskmill-{kind.lower()}-{asked.environment}-{found_account}-{region}"
        for kind in ("Data", "Output")
    }


def plan(
    asked: Asked, found: Found, templates: Mapping[str, Template], *, only: str = ""
) -> tuple[Step, ...]:
    """
    Return the steps that bring the account to what is asked for.

    *only* names one stack; else it is foundation, images, workload. Raises what `problems` finds
    first.
    """
    for problem in problems(asked, found, only):
        raise problem
    steps = []
    if only != "workload":
        steps.append(_stack(found.foundation, foundation_values(asked, found), asked, "foundation"))
    if only != "foundation":
        steps += [Step(act="push", what=stage, parameters={}) for stage in found.ready]
        values = workload_values(asked, found)
        steps.append(_stack(found.workload, values, asked, "workload"))
    for step in steps:
        if step.act == "create":
            name = "foundation" if step.what == asked.stack("foundation") else "workload"
            _complete(step, templates[name])
    for step in steps:
        if step.act != "push":
            _agreeing(step, found, asked, templates)
    return tuple(steps)


def problems(asked: Asked, found: Found, only: str = "") -> Sequence[RiskmillError]:
    """Return everything that keeps this from being deployed, in the order of the steps."""
    told: list[RiskmillError] = []
    stacks = [one for one in (found.foundation, found.workload) if only in ("", _kind(one))]
    told += [problem for one in stacks if (problem := _unready(one))]
    told += [problem for one in found.buckets.values() if (problem := _unusable(one, asked, found))]
    if only == "foundation":
        return told
    if only == "workload" and not found.foundation.exists:
        told.append(
            CloudRefused(
                "E829",
                f"there is no foundation of the environment '{asked.environment}'",
                place=found.region,
                remedy="Deploy it first: riskmill cloud deploy --only foundation",
            )
        )
    return told + [p for p in (_missing_image(asked, found), _wrong_place(asked, found)) if p]


def foundation_values(asked: Asked, found: Found) -> Mapping[str, str]:
    """Return the parameters of the foundation that are new."""
    standard = (
        {} if found.foundation.exists else default_buckets(found.account, found.region, asked)
    )
    return {**standard, "EnvironmentSuffix": asked.environment, **asked.given}


def workload_values(asked: Asked, found: Found) -> Mapping[str, str]:
    """
    Return the parameters of the workload that are new: buckets, place, images.

    A workload that exists keeps its images unless others are given: after a rollback, a change of
    something else must not bring the newest image back.
    """
    shared = ("CostCentre", "TimeZone", "DataBucketName", "OutputBucketName")
    before = {name: value for name, value in found.foundation.parameters.items() if name in shared}
    standard = {**default_buckets(found.account, found.region, asked), **before}
    place = {} if found.workload.exists else _chosen_place(asked, found.subnets)
    images = {f"{stage.prefix}Image": image_of(stage, asked, found) for stage in STAGES}
    changing = {f"{stage.prefix}Image" for stage in STAGES if stage.name in found.ready}
    known = {
        name: image
        for name, image in images.items()
        if image and (name in changing or not found.workload.exists)
    }
    named = {"EnvironmentSuffix": asked.environment}
    return {**standard, **place, **known, **named, **asked.given}


def image_of(stage: Stage, asked: Asked, found: Found) -> str:
    """Return the image that a stage will run: the one that is given, else the one last deployed."""
    digest = found.ready.get(stage.name)
    if not digest:
        return found.images.get(stage.name, "")
    domain = "amazonaws.com.cn" if found.partition == "aws-cn" else "amazonaws.com"
    registry = f"{found.account}.dkr.ecr.{found.region}.{domain}"
    named = f"{registry}/{stage.name}-{asked.environment}"
    return f"{found.foundation.outputs.get(f'{stage.prefix}Repository', named)}@{digest}"


def _stack(stack: StackFound, values: Mapping[str, str], asked: Asked, kind: str) -> Step:
    act: Act = "update" if stack.exists else "create"
    return Step(act=act, what=asked.stack(kind), parameters=values)


def _kind(stack: StackFound) -> str:
    return "foundation" if "-foundation-" in stack.name else "workload"


def _complete(step: Step, template: Template) -> None:
    """Refuse to create a stack while a parameter without default has no value."""
    missing = [name for name in template.required if not step.parameters.get(name)]
    if missing:
        raise UsageError(
            "E822",
            f"{step.what} needs {', '.join(missing)}",
            place="--parameter",
            remedy="; ".join(
                f"--parameter {name}=... ({template.parameters[name].get('Description')})"
                for name in missing
            ),
        )


def _agreeing(step: Step, found: Found, asked: Asked, templates: Mapping[str, Template]) -> None:
    """Refuse parameters that do not go together before the first stack is begun."""
    is_foundation = step.what == asked.stack("foundation")
    stack = found.foundation if is_foundation else found.workload
    template = templates["foundation" if is_foundation else "workload"]
    standard = {name: str(about.get("Default", "")) for name, about in template.parameters.items()}
    values = {**standard, **stack.parameters, **step.parameters}
    told = [*template.broken_rules(values), *_wrong_bounds(values), *_wrong_names(values, found)]
    if told:
        raise UsageError(
            "E820",
            " ".join(told),
            place="--parameter",
            remedy="Give the parameters that are named so that they go together.",
        )


def _wrong_bounds(values: Mapping[str, str]) -> Iterator[str]:
    for stage in STAGES:
        least, most, idle = (
            int(values.get(name) or 0)
            for name in (f"{stage.prefix}MinCapacity", f"{stage.prefix}MaxCapacity", "IdleCapacity")
        )
        if least > most:
            yield f"{stage.prefix}MinCapacity {least} is above {stage.prefix}MaxCapacity {most}."
        if values.get("IdleSchedule") and idle > most:
            yield f"IdleCapacity {idle} is above {stage.prefix}MaxCapacity {most}."


def _wrong_names(values: Mapping[str, str], found: Found) -> Iterator[str]:
    zone = values.get("TimeZone", "")
    zones = available_timezones()  # none where the system has no database of them
    if zone and zones and zone not in zones:
        yield f"TimeZone {zone} is no time zone."
    key = values.get("ExistingKeyArn", "")
    if key and key.split(":")[3:4] != [found.region]:
        yield f"ExistingKeyArn is of {key.split(':')[3]}, and the stacks of {found.region}."


def _unready(stack: StackFound) -> CloudRefused | None:
    """Say why a stack cannot be changed; one that is being changed is waited for."""
    if not stack.exists or stack.status in READY or stack.status.endswith("_IN_PROGRESS"):
        return None
    failed_at_birth = stack.status in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED")
    removal = "--foundation " if _kind(stack) == "foundation" else ""
    remedy = (
        "Its first creation failed, and it holds nothing that runs: riskmill cloud destroy "
        f"{removal}removes it; mend the cause, then deploy again."
        if failed_at_birth
        else "Bring it to an end in the console of CloudFormation (continue the rollback, or the "
        "deletion), then deploy again."
    )
    why = f": {stack.reason}" if stack.reason else ""
    return CloudRefused(
        "E823", f"the stack cannot be changed, it is in {stack.status}{why}", place=stack.name,
        remedy=remedy,
    )  # fmt: skip


def _unusable(bucket: Bucket, asked: Asked, found: Found) -> CloudRefused | None:
    existing = asked.given.get(
        "BucketsAre", found.foundation.parameters.get("BucketsAre", "created")
    )
    why = ""
    if bucket.state == "forbidden":
        why = "belongs to another account, or may not be looked at"
    elif bucket.state == "ours" and bucket.region != found.region:
        why = f"lies in {bucket.region}, not in {found.region}"
    elif bucket.state == "absent" and existing == "existing":
        why = "does not exist"
    elif bucket.state == "ours" and existing == "created" and not found.foundation.exists:
        why = "exists already, and would be created"
    if not why:
        return None
    return CloudRefused(
        "E825",
        f"the bucket {bucket.name} {why}",
        place=bucket.name,
        remedy="Name another bucket of this region; for one that exists, give also "
        "--parameter BucketsAre=existing.",
    )


def _missing_image(asked: Asked, found: Found) -> CloudRefused | None:
    missing = [
        stage.name
        for stage in STAGES
        if f"{stage.prefix}Image" not in asked.given and not _has_image(stage.name, found)
    ]
    if not missing:
        return None
    return CloudRefused(
        "E827",
        f"no image was ever pushed for {', '.join(missing)}",
        place=asked.environment,
        remedy="Give the images with --images DIR; or deploy the foundation alone (--only "
        "foundation), push them (riskmill cloud push-images DIR), then deploy.",
    )


def _has_image(stage: str, found: Found) -> bool:
    return bool(found.ready.get(stage) or found.images.get(stage))


def _wrong_place(asked: Asked, found: Found) -> RiskmillError | None:
    """Judge the subnets that are given, or that a first deployment would choose."""
    before = found.workload.parameters
    chosen = {} if found.workload.exists else _chosen_place(asked, found.subnets)
    place = {
        name: asked.given.get(name) or before.get(name) or chosen.get(name, "")
        for name in ("VpcId", *SUBNETS)
    }
    if not all(place.values()):
        missing = ", ".join(name for name, value in place.items() if not value)
        return UsageError(
            "E822",
            f"no VPC with three private subnets in three zones can be chosen: name {missing}",
            place="--parameter",
            remedy=" ".join(f"--parameter {name}=..." for name in place if not place[name]),
        )
    known = {one.subnet: one for one in found.subnets}
    for name in SUBNETS:
        subnet = known.get(place[name])
        if subnet is None or subnet.vpc != place["VpcId"]:
            return _subnets(name, f"{place[name]} is no subnet of {place['VpcId']}")
    zones: dict[str, str] = {}
    for name in SUBNETS:
        zone = known[place[name]].zone
        if zone in zones:
            return _subnets(name, f"{zones[zone]} and {name} lie in one zone, {zone}")
        zones[zone] = name
    return None


def _subnets(name: str, why: str) -> CloudRefused:
    return CloudRefused(
        "E826",
        why,
        place=f"--parameter {name}",
        remedy="Name three private subnets of one VPC, each in a zone of its own.",
    )


def _chosen_place(asked: Asked, subnets: Sequence[Subnet]) -> Mapping[str, str]:
    """Return the one VPC that has private subnets in three zones, if there is just one."""
    by_vpc: dict[str, dict[str, str]] = {}
    for one in sorted(subnets, key=lambda s: (s.vpc, s.zone, s.subnet)):
        if not one.public and asked.given.get("VpcId", one.vpc) == one.vpc:
            by_vpc.setdefault(one.vpc, {}).setdefault(one.zone, one.subnet)
    fitting = {vpc: zones for vpc, zones in by_vpc.items() if len(zones) >= len(SUBNETS)}
    if len(fitting) != 1:
        return {"VpcId": asked.given.get("VpcId", "")}
    ((vpc, zones),) = fitting.items()
    return {"VpcId": vpc, **dict(zip(SUBNETS, zones.values(), strict=False))}

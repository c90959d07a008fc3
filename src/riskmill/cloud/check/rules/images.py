"""Container images: which code runs, and whether it can still be pulled tomorrow."""

import json
from collections.abc import Iterator

from riskmill.cloud.check.fargate import containers, tasks
from riskmill.cloud.check.rule import Found, Rule, found
from riskmill.cloud.check.values import Value, at, known, number, without_holes
from riskmill.cloud.check.world import Resource, World, is_hole

REPOSITORY = "AWS::ECR::Repository"


def _moving_tag(world: World) -> Iterator[Found]:
    for task in tasks(world):
        for path, container in containers(task):
            image = container.get("Image")
            if isinstance(image, str) and _moves(image):
                yield found(task, (*path, "Image"), "the image is named by a tag that moves", image)
    for repository in world.of_type(REPOSITORY):
        mutability = repository.properties.get("ImageTagMutability")
        if repository.properties.lacks("ImageTagMutability") or mutability == "MUTABLE":
            yield found(
                repository,
                ("ImageTagMutability",),
                "tags of this repository can be moved to other images",
                mutability,
            )


def _moves(image: str) -> bool:
    if "@" in image:
        return False
    last = image.rpartition("/")[2]
    name, _, tag = last.partition(":")
    if tag:
        return tag == "latest"
    return not is_hole(name) and bool(name)


def _expires_in_use(world: World) -> Iterator[Found]:
    for repository in world.of_type(REPOSITORY):
        for rule in _expiring(repository):
            yield found(
                repository,
                ("LifecyclePolicy",),
                "images are expired whatever their tag, so also one that a task definition names",
                without_holes(rule, "?"),
            )


def _expiring(repository: Resource) -> Iterator[str]:
    """Every rule that expires images of any tag with none before it that spares some."""
    policy = repository.properties.get("LifecyclePolicy")
    text = known(at(policy, "LifecyclePolicyText"))
    try:
        rules = json.loads(text or "{}").get("rules", [])
    except (ValueError, AttributeError, RecursionError):
        return
    listed = [rule for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []
    for rule in listed:
        selection = rule.get("selection")
        if not isinstance(selection, dict) or selection.get("tagStatus") != "any":
            continue
        if not any(_spares(other, rule) for other in listed):
            yield json.dumps(selection)


def _spares(other: dict[str, Value], rule: dict[str, Value]) -> bool:
    """Whether *other* comes first and takes tagged images out of reach of *rule*."""
    selection = other.get("selection")
    first, second = (number(r.get("rulePriority")) for r in (other, rule))
    before = first is not None and second is not None and first < second
    return before and isinstance(selection, dict) and selection.get("tagStatus") == "tagged"


RULES = (
    Rule(
        code="H12",
        title="images by a tag that moves",
        reason="A tag such as latest means another image tomorrow. Tasks of one service, or of one "
        "run, then execute different code; a rollback starts the same tag again, and nobody can "
        "say afterwards what ran.",
        source="Amazon ECR User Guide: Preventing image tags from being overwritten",
        remedy="Name images by digest (@sha256:...) and set ImageTagMutability: IMMUTABLE.",
        example="Image: repository:latest, or a repository without ImageTagMutability",
        find=_moving_tag,
    ),
    Rule(
        code="H13",
        title="images expire while they are in use",
        reason="ECR does not know what runs. A rule for any tag counts all pushes, so ten builds "
        "later the image that a service is pinned to is gone, and its next task cannot start.",
        source="Amazon ECR User Guide: Lifecycle policy properties",
        remedy="Expire untagged images only, or put a rule of higher priority before it that keeps "
        "images with the tags of releases.",
        example='{"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 10}',
        find=_expires_in_use,
    ),
)  # fmt: skip

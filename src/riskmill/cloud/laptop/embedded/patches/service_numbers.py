"""
Numbers of a service that come from parameters are numbers.

A parameter's value is text, and CloudFormation turns it into what the property's schema asks for.
MiniStack hands the text on, and fails where it compares it.
"""

from typing import Any

from ministack.services.cloudformation import provisioners

NUMBERS = frozenset({
    "Base", "Weight", "DesiredCount", "MaximumPercent", "MinimumHealthyPercent",
    "HealthCheckGracePeriodSeconds",
})  # fmt: skip


def apply() -> None:
    """Turn them into numbers before a service is created or updated."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::ECS::Service"]
    created, updated = handlers["create"], handlers["update"]

    def create(logical_id: str, properties: Any, stack: str) -> Any:
        return created(logical_id, numbered(properties), stack)

    def update(identity: str, old: Any, new: Any, *rest: Any) -> Any:
        return updated(identity, numbered(old), numbered(new), *rest)

    handlers.update(create=create, update=update)


def numbered(value: Any, name: str = "") -> Any:
    """Return *value* with the texts below `NUMBERS` as whole numbers."""
    if isinstance(value, dict):
        return {key: numbered(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [numbered(one) for one in value]
    return int(value) if name in NUMBERS and isinstance(value, str) else value

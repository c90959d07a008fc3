"""
Rules of security groups are resources of their own.

CloudFormation makes AWS::EC2::SecurityGroupIngress and ...Egress; MiniStack refuses a template
that holds one. Here a rule is added to its group, and taken away with it.
"""

from typing import Any

from ministack.services import ec2
from ministack.services.cloudformation import provisioners

KINDS = {
    "AWS::EC2::SecurityGroupEgress": "IpPermissionsEgress",
    "AWS::EC2::SecurityGroupIngress": "IpPermissions",
}
"""Type, and where the group of EC2 keeps such rules."""


def apply() -> None:
    """Teach CloudFormation the two types."""
    for kind, where in KINDS.items():
        provisioners._RESOURCE_HANDLERS[kind] = _handlers(where)


def _handlers(where: str) -> dict[str, Any]:
    def create(logical_id: str, properties: Any, _stack: str) -> tuple[str, dict[str, str]]:
        group = ec2._security_groups.get(properties["GroupId"])
        if group is None:
            raise ValueError(f"The security group '{properties['GroupId']}' does not exist")
        group.setdefault(where, []).extend(provisioners._ec2_sg_permissions([properties]))
        identity = f"sgr-{properties['GroupId']}-{logical_id}"
        return identity, {"Id": identity}

    def delete(_identity: str, properties: Any) -> None:
        group = ec2._security_groups.get(properties.get("GroupId"))
        if group is not None:
            gone = provisioners._ec2_sg_permissions([properties])
            group[where] = [rule for rule in group.get(where, []) if rule not in gone]

    def update(identity: str, old: Any, new: Any, stack: str) -> tuple[str, dict[str, str]]:
        delete(identity, old)
        return create(identity.rsplit("-", 1)[1], new, stack)

    return {"create": create, "update": update, "delete": delete}

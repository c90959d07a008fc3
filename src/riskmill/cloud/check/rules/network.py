"""Security groups of tasks: whether a task can reach what it needs to start."""

from collections.abc import Iterator

from riskmill.cloud.check.fargate import runs_on_fargate, services
from riskmill.cloud.check.rule import Found, Rule, Severity, found
from riskmill.cloud.check.values import Map, at, items, known, maps, number
from riskmill.cloud.check.world import Resource, World, is_hole

GROUP = "AWS::EC2::SecurityGroup"
SUBNET = "AWS::EC2::Subnet"
HTTPS = 443
TCP = ("tcp", "6", "-1")


def _cannot_pull(world: World) -> Iterator[Found]:
    for service in services(world):
        listed = items(
            at(service.properties, "NetworkConfiguration", "AwsvpcConfiguration", "SecurityGroups")
        )
        groups = [world.meant(name, GROUP) for name in listed]
        if not runs_on_fargate(world, service) or not groups or None in groups or world.open:
            continue
        if not any(_reaches_https(world, group) for group in groups if group):
            yield found(
                service,
                ("NetworkConfiguration", "AwsvpcConfiguration", "SecurityGroups"),
                "no security group lets its tasks out on port 443",
                ", ".join(group.id for group in groups if group),
            )


def _reaches_https(world: World, group: Resource) -> bool:
    """Whether a group lets something out on 443; without any rule of its own it lets out all."""
    own = [rule for _, rule in maps(group.properties.get("SecurityGroupEgress"))]
    apart = [
        rule.properties
        for rule in world.of_type("AWS::EC2::SecurityGroupEgress")
        if world.meant(rule.properties.get("GroupId"), GROUP) in (group, None)
    ]
    if group.properties.lacks("SecurityGroupEgress") and not apart:
        return True
    return (
        group.properties.open
        or is_hole(group.properties.get("SecurityGroupEgress"))
        or any(_covers_https(rule) for rule in (*own, *apart))
    )


def _covers_https(rule: Map) -> bool:
    protocol = rule.get("IpProtocol")
    low, high = number(rule.get("FromPort")), number(rule.get("ToPort"))
    if str(rule.get("CidrIp")) == "127.0.0.1/32":
        return False
    if is_hole(protocol) or str(protocol) == "-1":
        return True
    if is_hole(rule.get("FromPort")) or is_hole(rule.get("ToPort")):
        return True
    return str(protocol) in TCP and low is not None and high is not None and low <= HTTPS <= high


def _one_zone(world: World) -> Iterator[Found]:
    for service in services(world):
        names = items(
            at(service.properties, "NetworkConfiguration", "AwsvpcConfiguration", "Subnets")
        )
        subnets = [world.meant(name, SUBNET) for name in names]
        zones = [
            known(subnet.properties.get("AvailabilityZone")) or _select(subnet)
            for subnet in subnets
            if subnet
        ]
        if len(subnets) > 1 and None not in subnets and None not in zones and len(set(zones)) == 1:
            yield found(
                service,
                ("NetworkConfiguration", "AwsvpcConfiguration", "Subnets"),
                f"all {len(subnets)} subnets lie in one zone",
                ", ".join(subnet.id for subnet in subnets if subnet),
            )


def _select(subnet: Resource) -> str | None:
    """Return the zone of a subnet where it is an unknown that has a name of its own."""
    zone = subnet.properties.get("AvailabilityZone")
    return zone if isinstance(zone, str) and "GetAZs" in zone else None


RULES = (
    Rule(
        code="C270",
        title="tasks that cannot reach the registry",
        reason="A Fargate task pulls its image, fetches secrets and writes logs over HTTPS from "
        "its "
        "own network interface. Without egress on 443 to the endpoints it never starts.",
        source="Amazon ECS Developer Guide: Fargate task networking",
        remedy="Allow TCP 443 to the endpoints' security group, or to the prefix lists of S3 and "
        "the address range of the VPC.",
        example="SecurityGroupEgress with port 80 only",
        find=_cannot_pull,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C271",
        title="all subnets in one zone",
        reason="Two subnets in one availability zone fail together.",
        source="Amazon ECS Developer Guide: Amazon ECS availability best practices",
        remedy="Give each subnet a zone of its own: !Select [n, !GetAZs '']",
        example="Two subnets with !Select [0, !GetAZs '']",
        find=_one_zone,
    ),
)  # fmt: skip

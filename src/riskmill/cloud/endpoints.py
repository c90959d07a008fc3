"""An optional stack: the VPC endpoints that tasks need where there is no NAT gateway."""

from troposphere import Output, Ref, Sub, Template, ec2

from riskmill.cloud.network import HTTPS
from riskmill.cloud.parameters import SUBNETS, add_environment, add_place, text
from riskmill.cloud.references import ACCOUNT, Value, document, named

INTERFACES = (
    "ecr.api", "ecr.dkr", "ecs", "kms", "logs", "monitoring", "sqs", "states", "sts",
)  # fmt: skip
"""Services that tasks and their platform call, besides S3."""


def endpoints() -> Template:
    """Return the stack of an endpoint for each service, and of who may call them."""
    template = Template(Description="Riskmill: VPC endpoints for tasks in a VPC without NAT")
    template.set_version()
    add_environment(template)
    add_place(template)
    about = "Route tables of the private subnets, for the endpoint of S3"
    template.add_parameter(
        text(
            "RouteTableIds",
            about,
            kind="CommaDelimitedList",
            pattern=r"^rtb-[0-9a-f]{8,17}$",
            fits="Route table ids with commas between.",
        )
    )
    _add_endpoints(template)
    return template


def _add_endpoints(template: Template) -> None:
    template.add_resource(
        ec2.SecurityGroup(
            "EndpointSecurityGroup",
            GroupName=named("ecs-endpoints-sg"),
            GroupDescription="VPC endpoints of riskmill: tasks alone may call them",
            VpcId=Ref("VpcId"),
            # Answers belong to the connections of the tasks; an endpoint opens none itself.
            SecurityGroupEgress=[
                ec2.SecurityGroupRule(
                    CidrIp="127.0.0.1/32", Description="No connection goes out", **HTTPS
                )
            ],
        )
    )
    for service in INTERFACES:
        template.add_resource(_interface(service))
    template.add_resource(
        ec2.VPCEndpoint(
            "S3Endpoint",
            VpcId=Ref("VpcId"),
            ServiceName=Sub("com.amazonaws.${AWS::Region}.s3"),
            VpcEndpointType="Gateway",
            RouteTableIds=Ref("RouteTableIds"),
            PolicyDocument=document(_own_account(), _image_layers()),
        )
    )
    template.add_output(
        Output(
            "EndpointSecurityGroupId",
            Description="Security group of the VPC endpoints: parameter of the workload stack",
            Value=Ref("EndpointSecurityGroup"),
        )
    )


def _interface(service: str) -> ec2.VPCEndpoint:
    title = "".join(part.capitalize() for part in service.split("."))
    return ec2.VPCEndpoint(
        f"{title}Endpoint",
        VpcId=Ref("VpcId"),
        ServiceName=Sub(f"com.amazonaws.${{AWS::Region}}.{service}"),
        VpcEndpointType="Interface",
        PrivateDnsEnabled=True,
        SubnetIds=[Ref(subnet) for subnet in SUBNETS],
        SecurityGroupIds=[Ref("EndpointSecurityGroup")],
        PolicyDocument=document(_own_account()),
    )


def _own_account() -> dict[str, Value]:
    """Nobody else's credentials work through our endpoints: no way out for data."""
    return {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "*",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
    }


def _image_layers() -> dict[str, Value]:
    """Layers of images lie in a bucket of the registry's own."""
    bucket = "arn:${AWS::Partition}:s3:::prod-${AWS::Region}-starport-layer-bucket/*"
    return {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": Sub(bucket)}

"""The network: tasks reach out on port 443 only, and nothing reaches in."""

from troposphere import If, Output, Ref, Split, Sub, Template, ec2

from riskmill.cloud.references import ACCOUNT, GetAtt, Value, document, named, when

INTERFACES = (
    "ecr.api", "ecr.dkr", "ecs", "kms", "logs", "monitoring", "sqs", "states", "sts",
)  # fmt: skip
"""Services that tasks and their platform call, besides S3."""
_TLS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}


def add_endpoints(template: Template) -> None:
    """Add an endpoint for each service, where the stack is asked to make them."""
    template.add_resource(
        ec2.SecurityGroup(
            "EndpointSecurityGroup",
            Condition="CreateEndpoints",
            GroupName=named("ecs-endpoints-sg"),
            GroupDescription="VPC endpoints of riskmill: tasks alone may call them",
            VpcId=Ref("VpcId"),
            # Answers belong to the connections of the tasks; an endpoint opens none itself.
            SecurityGroupEgress=[
                ec2.SecurityGroupRule(
                    CidrIp="127.0.0.1/32", Description="No connection goes out", **_TLS
                )
            ],
        )
    )
    for service in INTERFACES:
        template.add_resource(_interface(service))
    template.add_resource(
        ec2.VPCEndpoint(
            "S3Endpoint",
            Condition="CreateEndpoints",
            VpcId=Ref("VpcId"),
            ServiceName=Sub("com.amazonaws.${AWS::Region}.s3"),
            VpcEndpointType="Gateway",
            RouteTableIds=Split(",", Ref("RouteTableIds")),
            PolicyDocument=document(_own_account(), _image_layers()),
        )
    )
    template.add_output(
        Output(
            "EndpointSecurityGroupId",
            Condition="CreateEndpoints",
            Description="Security group of the VPC endpoints: parameter of the workload stack",
            Value=Ref("EndpointSecurityGroup"),
        )
    )


def _interface(service: str) -> ec2.VPCEndpoint:
    title = "".join(part.capitalize() for part in service.split("."))
    return ec2.VPCEndpoint(
        f"{title}Endpoint",
        Condition="CreateEndpoints",
        VpcId=Ref("VpcId"),
        ServiceName=Sub(f"com.amazonaws.${{AWS::Region}}.{service}"),
        VpcEndpointType="Interface",
        PrivateDnsEnabled=True,
        SubnetIds=Split(",", Ref("PrivateSubnetIds")),
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


def add_security_group(template: Template) -> None:
    """Add the tasks' security group: no way in, and out to endpoints, or to port 443 anywhere."""
    anywhere = ec2.SecurityGroupRule(
        CidrIp="0.0.0.0/0", Description="HTTPS through the NAT gateway", **_TLS
    )
    endpoints = ec2.SecurityGroupRule(
        DestinationSecurityGroupId=Ref("EndpointSecurityGroupId"),
        Description="HTTPS to the VPC endpoints",
        **_TLS,
    )
    storage = ec2.SecurityGroupRule(
        DestinationPrefixListId=Ref("S3PrefixListId"), Description="HTTPS to S3", **_TLS
    )
    template.add_resource(
        ec2.SecurityGroup(
            "ECSSecurityGroup",
            GroupName=named("ecs-tasks-sg"),
            GroupDescription="Security group for ECS tasks",
            VpcId=Ref("VpcId"),
            SecurityGroupEgress=[
                If("UsesEndpoints", endpoints, anywhere),
                when("UsesEndpoints", storage),
            ],
        )
    )
    template.add_resource(
        ec2.SecurityGroupIngress(
            "EndpointIngress",
            Condition="UsesEndpoints",
            GroupId=Ref("EndpointSecurityGroupId"),
            SourceSecurityGroupId=GetAtt("ECSSecurityGroup", "GroupId"),
            Description="HTTPS from the tasks",
            **_TLS,
        )
    )

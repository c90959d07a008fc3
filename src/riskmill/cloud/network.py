"""The tasks' network: they reach out on port 443 only, and nothing reaches in."""

from troposphere import GetAtt, Ref, Template, ec2

from riskmill.cloud.references import named, unless, when

HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}


def add_security_group(template: Template) -> None:
    """Add the tasks' security group: no way in, and out to endpoints, or to port 443 anywhere."""
    out = ec2.SecurityGroupRule(
        CidrIp=unless("UsesEndpoints", "0.0.0.0/0"),
        DestinationSecurityGroupId=when("UsesEndpoints", Ref("EndpointSecurityGroupId")),
        Description="HTTPS through the NAT gateway, or to the VPC endpoints",
        **HTTPS,
    )
    template.add_resource(
        ec2.SecurityGroup(
            "ECSSecurityGroup",
            GroupName=named("ecs-tasks-sg"),
            GroupDescription="Security group for ECS tasks",
            VpcId=Ref("VpcId"),
            SecurityGroupEgress=[out],
        )
    )
    own = GetAtt("ECSSecurityGroup", "GroupId")
    template.add_resource(
        ec2.SecurityGroupEgress(
            "StorageEgress",
            Condition="UsesEndpoints",
            GroupId=own,
            DestinationPrefixListId=Ref("S3PrefixListId"),
            Description="HTTPS to S3",
            **HTTPS,
        )
    )
    template.add_resource(
        ec2.SecurityGroupIngress(
            "EndpointIngress",
            Condition="UsesEndpoints",
            GroupId=Ref("EndpointSecurityGroupId"),
            SourceSecurityGroupId=own,
            Description="HTTPS from the tasks",
            **HTTPS,
        )
    )

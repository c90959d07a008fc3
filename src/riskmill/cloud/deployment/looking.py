"""Look at what is there: stacks, subnets, buckets and images, as a plan asks for them."""

from collections.abc import Mapping

from riskmill.cloud.deployment.account import Account
from riskmill.cloud.deployment.parameters import Asked
from riskmill.cloud.deployment.planning import Bucket, Found, StackFound, Subnet, default_buckets
from riskmill.cloud.stages import DEPLOYED, STAGES


def found(account: Account, asked: Asked, ready: Mapping[str, str]) -> Found:
    """Return what a deployment of *asked* meets; *ready* are the images that it would push."""
    foundation = stack(account, asked.stack("foundation"))
    workload = stack(account, asked.stack("workload"))
    standard = default_buckets(account.number, account.region, asked)
    before = foundation.parameters
    names = [asked.given.get(key) or before.get(key) or standard[key] for key in standard]
    return Found(
        account=account.number,
        region=account.region,
        partition=account.partition,
        foundation=foundation,
        workload=workload,
        subnets=_subnets(account),
        buckets={name: bucket(account, name) for name in names},
        images=deployed_images(account, asked.environment),
        ready=ready,
    )


def stack(account: Account, name: str) -> StackFound:
    """Return a stack as it is."""
    told = account.ask(
        "cloudformation", "describe_stacks", absent=("ValidationError",), StackName=name
    )
    if told is None:
        return StackFound(name=name, parameters={}, outputs={})
    one = told["Stacks"][0]
    return StackFound(
        name=name,
        status=one["StackStatus"],
        reason=one.get("StackStatusReason", ""),
        parameters={p["ParameterKey"]: p["ParameterValue"] for p in one.get("Parameters", [])},
        outputs={o["OutputKey"]: o["OutputValue"] for o in one.get("Outputs", [])},
    )


def bucket(account: Account, name: str) -> Bucket:
    """Return whose a bucket is and where it lies."""
    from botocore.exceptions import ClientError

    try:
        told = account.client("s3").head_bucket(Bucket=name)
    except ClientError as refused:
        headers = refused.response["ResponseMetadata"].get("HTTPHeaders", {})
        status = refused.response["ResponseMetadata"]["HTTPStatusCode"]
        region = headers.get("x-amz-bucket-region", "")
        if status == 404:
            return Bucket(name=name, state="absent")
        if status in (301, 400) and region:
            return Bucket(name=name, state="ours", region=region)
        return Bucket(name=name, state="forbidden", region=region)
    region = told.get("BucketRegion") or told["ResponseMetadata"]["HTTPHeaders"].get(
        "x-amz-bucket-region", account.region
    )
    return Bucket(name=name, state="ours", region=region)


def deployed_images(account: Account, environment: str) -> Mapping[str, str]:
    """Return the newest image of each stage that was pushed to be deployed, by its digest."""
    images = {}
    for stage in STAGES:
        name = f"{stage.name}-{environment}"
        told = account.ask(
            "ecr", "describe_repositories", absent=("RepositoryNotFoundException",),
            repositoryNames=[name],
        )  # fmt: skip
        if told is None:
            continue
        held = account.every("ecr", "describe_images", "imageDetails", repositoryName=name)
        pushed = [
            one for one in held if any(t.startswith(DEPLOYED) for t in one.get("imageTags", []))
        ]
        if pushed:
            newest = max(pushed, key=lambda one: one["imagePushedAt"])
            address = told["repositories"][0]["repositoryUri"]
            images[stage.name] = f"{address}@{newest['imageDigest']}"
    return images


def _subnets(account: Account) -> tuple[Subnet, ...]:
    return tuple(
        Subnet(
            subnet=one["SubnetId"],
            vpc=one["VpcId"],
            zone=one["AvailabilityZone"],
            public=bool(one.get("MapPublicIpOnLaunch")),
        )
        for one in account.every("ec2", "describe_subnets", "Subnets")
    )

"""E76x: rendering the stacks; E80x: the embedded AWS; E81x to E83x: the stacks on AWS."""

from collections.abc import Mapping

from riskmill.domain import Code

CODES: Mapping[str, Code] = {
    "E760": Code(
        title="no template of that name",
        cause="There are two stacks, and the name given is that of neither.",
        remedy="Ask for `foundation` or `workload`.",
        example="render('network')",
    ),
    "E761": Code(
        title="a template is too large",
        cause=(
            "CloudFormation takes templates of at most 51,200 bytes from a file. The rendered "
            "one is larger, so that it could not be deployed without a bucket for it."
        ),
        remedy="Undo the last change to the stacks, or make it smaller.",
        example="A table of forty stages.",
    ),
    "E762": Code(
        title="the extra for the cloud is not installed",
        cause="Stacks are rendered with troposphere, which the base installation does not bring.",
        remedy="Install riskmill with its extra: `pip install 'riskmill[cloud]'`.",
        example="render('workload') after `pip install riskmill`",
    ),
    "E800": Code(
        title="the environment of the embedded AWS cannot be made",
        cause=(
            "The embedded AWS runs in an environment of its own below the cache directory, which "
            "venv makes and pip fills at first use. One of them refused."
        ),
        remedy="Look at what was said: pip must reach an index, and Python must have venv.",
        example="First use without a network",
    ),
    "E801": Code(
        title="the embedded AWS did not start",
        cause="Its process ended at once, or did not answer within a minute.",
        remedy="Read its log at the place named; free some memory or disk and try again.",
        example="A full disk",
    ),
    "E802": Code(
        title="the embedded AWS has no such role",
        cause="Credentials were asked for a role that no stack has made.",
        remedy="Deploy the foundation first; its outputs name the roles.",
        example="A worker of an environment that was destroyed",
    ),
    "E810": Code(
        title="the extra for the cloud is not installed",
        cause="The stacks are reached with boto3, which the base installation does not bring.",
        remedy="Install riskmill with its extra: `pip install 'riskmill[cloud]'`.",
        example="riskmill cloud status after `pip install riskmill`",
    ),
    "E811": Code(
        title="AWS does not know who you are",
        cause=(
            "There are no credentials, or AWS does not take those that there are: expired, "
            "withdrawn, or of another service."
        ),
        remedy="Sign in as with the aws command line, or name a profile with --profile.",
        example="riskmill cloud deploy after a session has expired",
    ),
    "E812": Code(
        title="no region is named",
        cause="Neither --region nor AWS_REGION nor the profile names a region of AWS.",
        remedy="Give --region, or set AWS_REGION.",
        example="riskmill cloud status without a region",
    ),
    "E813": Code(
        title="a permission is missing",
        cause="AWS refused a call because the caller may not make it.",
        remedy=(
            "Ask for the permission that the message names; docs/permissions.md says who needs "
            "what."
        ),
        example="riskmill cloud deploy as somebody who may only read",
    ),
    "E814": Code(
        title="AWS cannot be reached",
        cause="Nothing answered at the endpoint, or not in time.",
        remedy="Look at the network, the region and AWS_ENDPOINT_URL, and try again.",
        example="riskmill cloud status behind a closed firewall",
    ),
    "E815": Code(
        title="AWS refused a call",
        cause="AWS answered with an error that riskmill does not expect.",
        remedy="Mend what AWS says, and give the command again: it goes on from there.",
        example="A service that is not offered in the region",
    ),
    "E820": Code(
        title="a value does not fit its parameter",
        cause=(
            "The templates say what each parameter may be; this value is something else. AWS was "
            "not asked."
        ),
        remedy="Give a value as the message says.",
        example="riskmill cloud deploy --environment Prod_1",
    ),
    "E821": Code(
        title="no such parameter",
        cause=(
            "Neither stack has a parameter of that name, or it is given twice, or there is no "
            "value."
        ),
        remedy="Write --parameter Name=value with a name that the message lists.",
        example="riskmill cloud deploy --parameter Buckets=mine",
    ),
    "E822": Code(
        title="a parameter is missing",
        cause=(
            "A stack is to be created, and a parameter that has no default is not given and "
            "cannot be chosen."
        ),
        remedy="Give it with --parameter.",
        example="The first deployment in an account with two VPCs",
    ),
    "E823": Code(
        title="the stack cannot be changed",
        cause=(
            "CloudFormation takes no change in this state: mostly the first creation failed, and "
            "what is left must be removed first."
        ),
        remedy="Do what the message says; nothing that holds data is lost.",
        example="riskmill cloud deploy while the workload is in ROLLBACK_COMPLETE",
    ),
    "E824": Code(
        title="CloudFormation did not do it",
        cause=(
            "A change was refused or rolled back. The message has the first reason that "
            "CloudFormation gave."
        ),
        remedy="Mend the reason, and give the command again: it goes on from there.",
        example="A service whose tasks never start",
    ),
    "E825": Code(
        title="a bucket cannot be used",
        cause=(
            "It lies in another region, belongs to another account, does not exist although it "
            "should, or exists although it would be created."
        ),
        remedy="Name another bucket, or say with BucketsAre=existing that it is there.",
        example="DataBucketName of a bucket in another region",
    ),
    "E826": Code(
        title="the subnets do not fit",
        cause=(
            "Tasks are spread over three subnets of one VPC, each in a zone of its own, so that "
            "the loss of a zone stops nothing."
        ),
        remedy="Name three private subnets of one VPC in three zones.",
        example="PrivateSubnet1 and PrivateSubnet2 in one zone",
    ),
    "E827": Code(
        title="an image was never pushed",
        cause="A service cannot start before its image is in the repository.",
        remedy=(
            "Give the images with --images DIR, or push them with riskmill cloud push-images DIR."
        ),
        example="The first riskmill cloud deploy without --images",
    ),
    "E828": Code(
        title="images cannot be used",
        cause=(
            "The directory holds no STAGE.tar, or one is no OCI archive of an image for "
            "linux/amd64, or its bytes are not those that its digests say."
        ),
        remedy="Write it again, with the command that the message names.",
        example="riskmill cloud push-images of an empty directory",
    ),
    "E829": Code(
        title="nothing is deployed there",
        cause=(
            "There is no stack, repository or log group of that environment in this region and "
            "account."
        ),
        remedy="Look at --environment, --region and --profile, or deploy it.",
        example="riskmill cloud status --environment prdo",
    ),
    "E830": Code(
        title="work still goes on",
        cause=(
            "Draining waited as long as it was told, and an execution runs or messages wait. New "
            "work is not taken in."
        ),
        remedy="Give the command again to go on waiting, or take work in again with --resume.",
        example="riskmill cloud drain while a run hangs",
    ),
}
"""Code to what it means; shown by `riskmill explain`."""

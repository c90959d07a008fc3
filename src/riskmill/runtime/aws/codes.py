"""E85x and E86x: what can go wrong for a worker on AWS."""

from collections.abc import Mapping

from riskmill.domain import Code

AWS_CODES: Mapping[str, Code] = {
    "E850": Code(
        title="the AWS client is not installed",
        cause="Workers and the cloud's stores need boto3, which comes with an extra.",
        remedy="pip install 'riskmill[aws]'",
        example="riskmill worker risk-calculation after a plain installation.",
    ),
    "E851": Code(
        title="the worker is not told where to work",
        cause="Buckets, queue, environment, state machine and region come as variables of the "
        "environment; one of them is missing or empty.",
        remedy="Set them as the task definition of infrastructure/workload.json does: "
        "DATA_BUCKET, OUTPUT_BUCKET, QUEUE_URL, RISKMILL_ENVIRONMENT, AWS_REGION and, for "
        "data-ingestion, STATE_MACHINE_ARN.",
        example="riskmill worker risk-calculation in a plain shell.",
    ),
    "E852": Code(
        title="the queue did not answer as it should",
        cause="SQS refused to give, hide or delete a message, or was not reached.",
        remedy="Look at the role of the task and at the network's way to SQS. The worker goes on "
        "asking; no message is lost meanwhile.",
        example="A queue whose key the role may not use.",
    ),
    "E853": Code(
        title="the run could not be started",
        cause="Step Functions refused to start the execution, or was not reached.",
        remedy="Look at the role of data-ingestion. The event comes again by itself, three times; "
        "then it is a dead letter.",
        example="STATE_MACHINE_ARN names a machine of another environment.",
    ),
    "E854": Code(
        title="a task token could not be answered",
        cause="Step Functions refused the answer, or was not reached.",
        remedy="Look at the role of the task. The message comes again, finds the task done, and "
        "is answered then.",
        example="An endpoint of Step Functions that the security group does not let through.",
    ),
    "E855": Code(
        title="a message cannot be understood",
        cause="It is neither a task of a run nor an event of an object in the inbox.",
        remedy="See who sends to the queue. With a token it is failed; without one it becomes a "
        "dead letter, where it can be read.",
        example="aws sqs send-message with a body of 'hello'.",
    ),
    "E856": Code(
        title="there is no such task",
        cause="The message names a run, or a task of a run, that the output bucket does not have, "
        "or that belongs to another stage.",
        remedy="See what was removed from the bucket; deliver the batch again.",
        example="Delete runs/<run>/plan.json while the run goes on.",
    ),
    "E857": Code(
        title="there is no such bucket",
        cause="The bucket that the worker was told does not exist.",
        remedy="Check its name, and whose account the credentials are of.",
        example="OUTPUT_BUCKET with a misspelt name.",
    ),
    "E858": Code(
        title="the bucket is in another region",
        cause="Buckets, queues and workers are to be in one region.",
        remedy="Set AWS_REGION to the region of the bucket.",
        example="AWS_REGION=eu-west-1 and a bucket made in us-east-1.",
    ),
    "E859": Code(
        title="the run was begun by other code",
        cause="The images of the stages are not of one version, or were changed while the run went "
        "on. Another version could give other bytes.",
        remedy="Deploy one version of all three images, between runs, and deliver the batch again.",
        example="Deploy a new image of risk-calculation in the middle of a run.",
    ),
    "E860": Code(
        title="the worker does not run the processor level of the run",
        cause="One run uses one level, that of the worker which began it. This machine lacks its "
        "instructions, or this process has compiled for another level already.",
        remedy="Set RISKMILL_PROCESSOR_LEVEL in all task definitions to a level that every machine "
        "has; the images have x86-64-v3.",
        example="A run begun at x86-64-v4 whose tasks reach a processor without AVX-512.",
    ),
    "E861": Code(
        title="the run is not finished",
        cause="Its execution came to the end, and a task has no manifest: one was removed, or the "
        "items of a wave are not those of the plan.",
        remedy="Start the next attempt of the run: only what is missing is done.",
        example="Remove runs/<run>/tasks/risk-measure.json before the run is closed.",
    ),
    "W850": Code(
        title="this task is not protected from scaling",
        cause="The agent of ECS did not take the request; scaling or a deployment may stop the "
        "task while it works. Its work is handed back then.",
        remedy="Look at ecs:UpdateTaskProtection in the role of the task.",
        example="A role without that permission.",
    ),
}

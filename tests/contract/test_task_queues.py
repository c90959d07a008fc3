"""Every queue of tasks keeps the promises of its port: in memory, and SQS."""

import uuid
from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest

from riskmill.cloud.laptop import EmbeddedAws
from riskmill.domain import CloudRefused
from riskmill.pipeline import TaskQueue
from riskmill.runtime.aws import SqsQueue
from riskmill.testing import MemoryQueue, TaskQueueContract
from tests.cloud.clients import client


class TestMemoryQueue(TaskQueueContract):
    @pytest.fixture
    def queue(self) -> MemoryQueue:
        return MemoryQueue(clock=monotonic)

    @pytest.fixture
    def send(self, queue: MemoryQueue) -> Callable[[str], None]:
        return queue.send


class TestSqsQueue(TaskQueueContract):
    @pytest.fixture
    def sqs(self, aws: EmbeddedAws) -> Any:
        return client(aws, "sqs")

    @pytest.fixture
    def url(self, sqs: Any) -> str:
        return str(sqs.create_queue(QueueName=f"tasks-{uuid.uuid4().hex}")["QueueUrl"])

    @pytest.fixture
    def queue(self, sqs: Any, url: str) -> TaskQueue:
        return SqsQueue(sqs, url)

    @pytest.fixture
    def send(self, sqs: Any, url: str) -> Callable[[str], None]:
        return lambda body: sqs.send_message(QueueUrl=url, MessageBody=body)

    def test_what_was_received_three_times_becomes_a_dead_letter(self, sqs: Any, url: str) -> None:
        dead = sqs.create_queue(QueueName=f"dead-{uuid.uuid4().hex}")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])
        policy = f'{{"deadLetterTargetArn":"{arn["Attributes"]["QueueArn"]}","maxReceiveCount":3}}'
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": policy})
        sqs.send_message(QueueUrl=url, MessageBody="poison")
        queue = SqsQueue(sqs, url)
        for _ in range(3):
            message = queue.receive(5)
            assert message is not None
            queue.hide(message, 0)
        assert queue.receive(1) is None
        letter = SqsQueue(sqs, dead).receive(5)
        assert letter is not None
        assert letter.body == "poison"

    def test_a_queue_that_is_not_there_is_one_clear_error(self, sqs: Any, url: str) -> None:
        with pytest.raises(CloudRefused) as refused:
            SqsQueue(sqs, f"{url}-gone").receive(0)
        assert refused.value.code == "E852"
        assert refused.value.place.endswith("-gone")

"""An SQS queue as the pipeline's `TaskQueue`."""

from typing import Any

from riskmill.domain import CloudRefused
from riskmill.pipeline import QueuedMessage
from riskmill.runtime.aws.clients import error_code, refusals

NOT_HELD = frozenset({
    "ReceiptHandleIsInvalid", "InvalidParameterValue", "MessageNotInflight",
    "AWS.SimpleQueueService.MessageNotInflight",
})  # fmt: skip
"""Answers to a receipt that is no longer good: the message is others', or gone."""


class SqsQueue:
    """One queue, by its URL."""

    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._url = url

    def receive(self, wait_seconds: int) -> QueuedMessage | None:
        """Wait for a message for at most so long, and hold it; none where none came."""
        with refusals("E852", "the queue gave no messages", self._url):
            answer = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=1,
                WaitTimeSeconds=wait_seconds,
                MessageSystemAttributeNames=["ApproximateReceiveCount"],
            )
        for message in answer.get("Messages", []):
            return QueuedMessage(
                body=message["Body"],
                receipt=message["ReceiptHandle"],
                received=int(message.get("Attributes", {}).get("ApproximateReceiveCount", 1)),
            )
        return None

    def hide(self, message: QueuedMessage, seconds: int) -> None:
        """Hide a held message for so many seconds; with 0 all may receive it at once."""
        try:
            with refusals("E852", "the queue did not hide a message", self._url):
                self._client.change_message_visibility(
                    QueueUrl=self._url, ReceiptHandle=message.receipt, VisibilityTimeout=seconds
                )
        except CloudRefused as refusal:
            if error_code(refusal) not in NOT_HELD:
                raise

    def delete(self, message: QueuedMessage) -> None:
        """Remove a message for good."""
        try:
            with refusals("E852", "the queue did not delete a message", self._url):
                self._client.delete_message(QueueUrl=self._url, ReceiptHandle=message.receipt)
        except CloudRefused as refusal:
            if error_code(refusal) not in NOT_HELD:
                raise

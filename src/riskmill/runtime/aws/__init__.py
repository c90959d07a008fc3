"""
What AWS runs: a stage's queue and buckets enter, and answered task tokens leave.

Every decision is made as data, from what a queue, a token or a clock said, and a thin loop
carries it out with the handlers that one machine runs, too. No figure is computed here, and
no credentials are read but those that the AWS clients find themselves.
"""

from riskmill.runtime.aws.buckets import open_bucket, public_endpoint
from riskmill.runtime.aws.clients import Clients, open_clients
from riskmill.runtime.aws.codes import AWS_CODES
from riskmill.runtime.aws.queues import SqsQueue
from riskmill.runtime.aws.worker import run_worker

__all__ = [
    "AWS_CODES",
    "Clients",
    "SqsQueue",
    "open_bucket",
    "open_clients",
    "public_endpoint",
    "run_worker",
]

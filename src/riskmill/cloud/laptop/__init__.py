"""
AWS on one machine: a directory goes in, an endpoint on 127.0.0.1 that behaves like AWS comes out.

MiniStack runs as one process with IAM on and objects on disk, in an environment of its own that is
made at first use from a lock with hashes. No address outside this machine is ever called but pip's.
"""

from riskmill.cloud.laptop.environment import prepared_interpreter
from riskmill.cloud.laptop.process import EmbeddedAws, running, start, stop

__all__ = ["EmbeddedAws", "prepared_interpreter", "running", "start", "stop"]

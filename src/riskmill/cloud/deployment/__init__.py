"""
The stacks on AWS: what is asked for and what is there go in, steps and their outcome come out.

First everything is looked at and a plan is decided as data; then it is carried out through boto3.
Each command may be given again after any interruption, and goes on from there.
"""

from riskmill.cloud.deployment.account import Account, connect
from riskmill.cloud.deployment.deploying import Deployed, deploy, difference
from riskmill.cloud.deployment.draining import Drained, drain, resume
from riskmill.cloud.deployment.examining import Examined, examine
from riskmill.cloud.deployment.images import Image, Pushed, images_in, push
from riskmill.cloud.deployment.parameters import Asked, Template, asked, template
from riskmill.cloud.deployment.planning import Found, Step, plan, problems
from riskmill.cloud.deployment.removing import Removal, removal, remove
from riskmill.cloud.deployment.stacks import Change, Waiting
from riskmill.cloud.deployment.watching import (
    ExecutionState,
    LogLine,
    ServiceState,
    Status,
    log_lines,
    status,
)

__all__ = [
    "Account", "Asked", "Change", "Deployed", "Drained", "Examined", "ExecutionState", "Found",
    "Image", "LogLine", "Pushed", "Removal", "ServiceState", "Status", "Step", "Template",
    "Waiting", "asked", "connect", "deploy", "difference", "drain", "examine", "images_in",
    "log_lines", "plan", "problems", "push", "removal", "remove", "resume", "status", "template",
]  # fmt: skip

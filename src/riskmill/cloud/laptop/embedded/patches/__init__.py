"""
Where MiniStack does otherwise than AWS in what the stacks rely on: a module a difference.

Each says what AWS does, what MiniStack does, and how the patch brings it about. The conformance
suite in tests/cloud/laptop holds each, and is run at every bump of the lock.
"""

from . import (
    alarms,
    bucket_encryption,
    budgets,
    deliveries,
    jsonata_states,
    machine_roles,
    permission_context,
    root_signature,
    running_executions,
    scaling,
    secure_transport,
    security_group_rules,
    service_numbers,
    task_credentials,
    waiting_tasks,
)

PATCHES = (
    alarms,
    bucket_encryption,
    budgets,
    deliveries,
    jsonata_states,
    machine_roles,
    permission_context,
    root_signature,
    running_executions,
    scaling,
    secure_transport,
    security_group_rules,
    service_numbers,
    task_credentials,
    waiting_tasks,
)
"""In the order of their application."""


def apply_all() -> None:
    """Apply every patch to the modules of MiniStack in this process."""
    for patch in PATCHES:
        patch.apply()

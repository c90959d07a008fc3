"""What processor time costs on AWS Fargate."""

VCPU_HOUR = 0.04048
"""US dollars for a vCPU for an hour, Linux on x86, us-east-1, list price of 2024."""
GB_HOUR = 0.004445
"""US dollars for a GB of memory for an hour, likewise."""
GB_A_VCPU = 2.0
"""Memory that a risk-calculation task has for each of its vCPUs."""


def cost_of(processor_seconds: float) -> float:
    """US dollars for so many seconds of one vCPU and its memory, fully used."""
    return processor_seconds / 3600.0 * (VCPU_HOUR + GB_A_VCPU * GB_HOUR)

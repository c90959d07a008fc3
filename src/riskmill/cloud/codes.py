"""E76x: what can be wrong with a request to render the stacks."""

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
}
"""Code to what it means; shown by `riskmill explain`."""

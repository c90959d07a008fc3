"""E76x, E80x: what can be wrong with rendering the stacks, and with the embedded AWS."""

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
}
"""Code to what it means; shown by `riskmill explain`."""

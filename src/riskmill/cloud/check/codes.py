"""E750 to E757: what keeps a file from being judged, and every rule as `explain` tells it."""

from collections.abc import Mapping

from riskmill.cloud.check.findings import ALL_RULES
from riskmill.domain import Code

CODES: Mapping[str, Code] = {
    "E750": Code(
        title="the file of a template cannot be read",
        cause="It is not there, is a directory, or may not be read.",
        remedy="Name files of CloudFormation templates.",
        example="riskmill cloud check no-such-file.yaml",
    ),
    "E751": Code(
        title="the template is not text",
        cause="CloudFormation reads UTF-8.",
        remedy="Save the file as UTF-8, or name a template instead of it.",
        example="riskmill cloud check picture.png",
    ),
    "E752": Code(
        title="the template is too large",
        cause="CloudFormation takes at most 1 MiB by URL (51,200 bytes in the call itself).",
        remedy="Split it into stacks.",
        example="A template of 2 MB",
    ),
    "E753": Code(
        title="not a CloudFormation template",
        cause="The file is JSON or YAML, but holds no section Resources with typed entries.",
        remedy="Name a template; render it first where it comes from a program.",
        example="riskmill cloud check package.json",
    ),
    "E754": Code(
        title="the template cannot be parsed",
        cause="It is neither JSON nor YAML at the named line.",
        remedy="Mend the line; nothing of the file was judged.",
        example="A brace that is not closed",
    ),
    "E755": Code(
        title="the template unfolds without bound",
        cause="Aliases that contain themselves or one another, or nesting beyond 100 levels.",
        remedy="Write the aliases out; CloudFormation would refuse them too.",
        example="Nine levels of nine aliases each",
    ),
    "E756": Code(
        title="reading YAML needs another package",
        cause="The package that reads YAML comes with the extra `cloud`.",
        remedy="Install riskmill[cloud], or give the template as JSON.",
        example="riskmill cloud check stack.yaml after a plain install",
    ),
    "E757": Code(
        title="the SARIF file cannot be written",
        cause="Its directory is not there, or may not be written to.",
        remedy="Name another file with --sarif.",
        example="riskmill cloud check stack.yaml --sarif no/such/directory/out.sarif",
    ),
}

RULE_CODES: Mapping[str, Code] = {
    rule.code: Code(
        title=rule.title,
        cause=f"{rule.reason}\nSource: {rule.source}.",
        remedy=rule.remedy,
        example=rule.example,
    )
    for rule in ALL_RULES.values()
}
"""The rules of `riskmill cloud check`, in the form of the other codes."""

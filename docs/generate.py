"""
Write the documents that are made from the code: `make docs`.

A test compares each with what this module would write, so none can be out of date.
"""

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from riskmill.cli.explain import all_codes
from riskmill.cloud import ALL_RULES, OPTIONAL_TEMPLATES, TEMPLATES, Rule, render
from riskmill.domain import Code

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS))
from cloud_pages import cost_page, permissions_page  # noqa: E402  (they lie beside this file)
from seed_parity import parity_page  # noqa: E402
from truth_coverage import truth_page  # noqa: E402

RANGES = {
    "E0": "A delivery as a whole",
    "E1": "A row, or a factor of the history",
    "E2": "Across files, and the policy of the batch",
    "W3": "Warnings: what is odd, and used",
    "E4": "Risk: a position that cannot be valued",
    "E5": "A run",
    "E6": "Stores and the machine",
    "E7": "The command line",
    "E8": "The cloud, and the embedded AWS",
    "W8": "Warnings of the cloud's workers",
}
"""Beginnings of codes and what they are about; the order of the page."""
_OPENING = """# Codes

Everything that riskmill can find wrong has a code that never changes its meaning.
`riskmill explain CODE` says the same as this page, which is made from the code by `make docs`: do
not edit it.
"""


def codes_page() -> str:
    """Every code with its title, cause, remedy and example, a section for each range."""
    codes = all_codes()
    sections = [_section(start, heading, codes) for start, heading in RANGES.items()]
    return "\n".join([_OPENING, _contents(codes), *sections])


RULE_KINDS = {
    "F": "It cannot be created, or cannot run",
    "H": "It works, and quietly loses, hides or kills something",
    "C": "Refused, without effect, too open, or in the way later",
}
"""First letters of the rules of `riskmill cloud check` and what they are about."""
_RULES_OPENING = """# Rules of `riskmill cloud check`

What the [check of CloudFormation templates](howto/check-a-template.md) looks for, and which page
of the AWS documentation says so. `riskmill explain CODE` tells the same; this page is made from
the code by `make docs`: do not edit it.
"""


def rules_page() -> str:
    """Every rule with its reason, source, remedy and example, a section for each kind."""
    sections = [_rules_of(letter, heading) for letter, heading in RULE_KINDS.items()]
    return "\n".join([_RULES_OPENING, *sections])


def _rules_of(letter: str, heading: str) -> str:
    rules = [rule for code, rule in ALL_RULES.items() if code.startswith(letter)]
    ordered = sorted(rules, key=lambda rule: int(rule.code[1:]))
    return "\n".join([f"## {heading}\n", *(_rule_entry(rule) for rule in ordered)])


def _rule_entry(rule: Rule) -> str:
    return (
        f"### {rule.code}: {_plain(rule.title)}\n\n{_plain(rule.reason)}\n\n"
        f"- **Severity:** {rule.severity.value}\n- **To mend it:** {_plain(rule.remedy)}\n"
        f"- **Example:** {_plain(rule.example)}\n- **Source:** {_plain(rule.source)}\n"
    )


PAGES: Mapping[str, Callable[[], str]] = {
    "codes.md": codes_page,
    "cloud-rules.md": rules_page,
    "truth-coverage.md": truth_page,
    "permissions.md": permissions_page,
    "cost.md": cost_page,
    "seed-parity.md": parity_page,
    **{
        f"../infrastructure/{name}.json": partial(render, name)
        for name in (*TEMPLATES, *OPTIONAL_TEMPLATES)
    },
}
"""File name as seen from this folder, and what writes it."""


def main() -> None:
    """Write every page anew."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


def _contents(codes: Mapping[str, Code]) -> str:
    rows = [
        f"| {start}xx | [{heading}](#{_anchor(heading)}) | {len(_of(start, codes))} |"
        for start, heading in RANGES.items()
    ]
    return "\n".join(["| codes | about | how many |", "|---|---|---|", *rows, ""])


def _section(start: str, heading: str, codes: Mapping[str, Code]) -> str:
    return "\n".join(
        [f"## {heading}\n", *(_entry(name, codes[name]) for name in _of(start, codes))]
    )


def _of(start: str, codes: Mapping[str, Code]) -> list[str]:
    return sorted(name for name in codes if name.startswith(start))


def _entry(name: str, code: Code) -> str:
    return (
        f"### {name}: {_plain(code.title)}\n\n{_plain(code.cause)}\n\n"
        f"- **To mend it:** {_plain(code.remedy)}\n- **Example:** {_plain(code.example)}\n"
    )


def _plain(text: str) -> str:
    """The text as it is written, not as markup; what stands in backquotes is code already."""
    parts = text.split("`")
    outside = [part.replace("*", "\\*").replace("_", "\\_").replace("<", "\\<") for part in parts]
    return "`".join(part if place % 2 else outside[place] for place, part in enumerate(parts))


def _anchor(heading: str) -> str:
    kept = "".join(letter for letter in heading.lower() if letter.isalnum() or letter in " -")
    return kept.replace(" ", "-")


if __name__ == "__main__":
    main()

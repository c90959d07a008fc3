"""Findings as SARIF 2.1.0, for code scanning pages and editors."""

import string
from collections.abc import Mapping, Sequence

from riskmill.cloud.check.findings import ALL_RULES, Finding
from riskmill.cloud.check.rule import Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
PLAIN = frozenset(f"{string.ascii_letters}{string.digits}-._~/".encode())
"""Bytes that stand for themselves in a URI's path (RFC 3986)."""
Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]


def sarif(findings: Sequence[Finding], version: str) -> Mapping[str, Json]:
    """Return one run of *findings*; *version* is that of riskmill."""
    codes = sorted({finding.code for finding in findings})
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "riskmill cloud check",
                        "version": version,
                        "rules": [_rule(ALL_RULES[code]) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, codes.index(finding.code)) for finding in findings],
            }
        ],
    }


def _rule(rule: Rule) -> Mapping[str, Json]:
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": f"{rule.reason} ({rule.source})"},
        "help": {"text": rule.remedy},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(finding: Finding, index: int) -> Mapping[str, Json]:
    message = f"{finding.resource}: {finding.message}. {finding.remedy}"
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": finding.severity,
        "message": {"text": message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(finding.file)},
                    "region": {"startLine": max(finding.line, 1)},
                },
                "logicalLocations": [
                    {
                        "name": finding.resource,
                        "fullyQualifiedName": f"{finding.resource}/{finding.path}",
                    }
                ],
            }
        ],
        "properties": {"evidence": finding.evidence, "when": finding.when},
    }


def _uri(file: str) -> str:
    """Return the path of a file as a URI has it."""
    raw = file.replace("\\", "/").encode("utf-8", "surrogateescape")
    return "".join(chr(byte) if byte in PLAIN else f"%{byte:02X}" for byte in raw)

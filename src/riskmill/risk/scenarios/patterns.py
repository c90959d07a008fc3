"""Which rule speaks for a factor: its own id first, then the longest matching prefix."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

Rule = TypeVar("Rule")


@dataclass(frozen=True, kw_only=True, slots=True)
class Patterns(Generic[Rule]):
    """Rules by factor id, or by a prefix that ends in `*`; a lone `*` speaks for all."""

    exact: Mapping[str, Rule]
    prefixes: tuple[tuple[str, Rule], ...]
    """Longest first, without the `*`."""

    @classmethod
    def of(cls, rules: Iterable[tuple[str, Rule]]) -> Self:
        """Sort out (pattern, rule) pairs; of two with the same pattern the first counts."""
        by_pattern: dict[str, Rule] = {}
        for pattern, rule in rules:
            by_pattern.setdefault(pattern, rule)
        prefixes = [(p[:-1], rule) for p, rule in by_pattern.items() if p.endswith("*")]
        return cls(
            exact={p: rule for p, rule in by_pattern.items() if not p.endswith("*")},
            prefixes=tuple(sorted(prefixes, key=lambda item: -len(item[0]))),
        )

    def rule_for(self, factor: str) -> Rule | None:
        """The rule that speaks for *factor*; none where no pattern matches."""
        if factor in self.exact:
            return self.exact[factor]
        return next((rule for prefix, rule in self.prefixes if factor.startswith(prefix)), None)

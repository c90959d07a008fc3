"""Codes: the stable names of everything riskmill can find wrong."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """
    A rule, a refusal or a fault, as `riskmill explain` tells it.

    Ranges: E0xx a delivery as a whole, E1xx a row, E2xx across files, W3xx a
    warning, E4xx a position that cannot be valued, E5xx a run, E6xx the object
    store, E7xx the command line.
    """

    title: str
    """What is wrong, in a few words."""
    cause: str
    """What riskmill saw, and why it matters."""
    remedy: str
    """What the reader does next."""
    example: str
    """A datum or command that brings it about."""

"""riskmill: a batch market-risk system."""

__version__ = "0.1.0"

"""
Room 2: pure maths from positions and market data to figures.

Positions, market data and a risk spec enter; scenario sets, P&L blocks, figures, limit
states and contributions leave. No file, clock, environment, network or unseeded random
number is ever touched here, and no result depends on how the work was partitioned.
"""

from riskmill.risk.blocks import Block, cut_blocks, partition

__all__ = ["Block", "cut_blocks", "partition"]

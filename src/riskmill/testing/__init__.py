"""
Test classes that ship with riskmill, for whoever adds a part to it.

A store, an instrument or a measure of your own enters by inheriting a class;
what leaves is proof that it keeps the promises of its port. Nothing of it runs in
production, and it never looks at more than the port and the world behind it.
"""

from riskmill.testing.pricers import PricerContract
from riskmill.testing.queues import MemoryQueue, TaskQueueContract
from riskmill.testing.stores import ObjectStoreContract, PageStoreContract

__all__ = [
    "MemoryQueue",
    "ObjectStoreContract",
    "PageStoreContract",
    "PricerContract",
    "TaskQueueContract",
]

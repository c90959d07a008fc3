"""
Root is who signs with root's secret.

AWS checks every signature. MiniStack checks those of users and roles, and lets anybody be root who
names root's key, the key `test`, twelve digits, or no key at all: any program on the machine could
then do anything to what a test or a demonstration holds.
"""

import os

from ministack.core import iam_evaluator


def apply() -> None:
    """Check root's signature as any other, and know one root key: the one made for this process."""
    root = os.environ["AWS_ACCESS_KEY_ID"]

    def is_root(access_key_id: str) -> bool:
        return access_key_id == root

    def needs_no_signature(_access_key_id: str) -> bool:
        return False

    iam_evaluator.is_root_access_key = is_root
    iam_evaluator._is_root_key = needs_no_signature

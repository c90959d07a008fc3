"""How a change set is carried out, asked of a client that only listens."""

from typing import Any

from riskmill.cloud.deployment.account import Account
from riskmill.cloud.deployment.stacks import Waiting, carry_out


class Listener:
    """Answers as CloudFormation does for a stack that is made at once."""

    def __init__(self) -> None:
        self.executed: dict[str, Any] = {}

    def describe_stack_events(self, **_: str) -> dict[str, Any]:
        return {"StackEvents": []}

    def describe_stacks(self, **_: str) -> dict[str, Any]:
        return {"Stacks": [{"StackName": "s", "StackStatus": "CREATE_COMPLETE"}]}

    def execute_change_set(self, **arguments: object) -> dict[str, Any]:
        self.executed = dict(arguments)
        return {}


def test_a_first_creation_that_fails_leaves_nothing_in_the_way_of_the_next() -> None:
    listener = Listener()
    account = Account(
        number="111122223333",
        region="eu-central-1",
        partition="aws",
        caller="arn:aws:iam::111122223333:root",
        endpoint="",
        session=None,
        clients={"cloudformation": listener},
    )
    carry_out(account, "s", Waiting(tell=lambda _: None, pause=lambda _: None))
    assert listener.executed["RetainExceptOnCreate"] is True

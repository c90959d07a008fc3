"""
CloudFormation makes budgets.

MiniStack has the service AWS Budgets, but refuses a template that holds an AWS::Budgets::Budget.
"""

import json
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import budgets
from ministack.services.cloudformation import provisioners


def apply() -> None:
    """Teach CloudFormation the type, by way of the service's own calls."""
    provisioners._RESOURCE_HANDLERS["AWS::Budgets::Budget"] = {
        "create": _create,
        "update": _update,
        "delete": _delete,
    }


def _create(_logical_id: str, properties: Any, _stack: str) -> tuple[str, dict[str, str]]:
    budget = dict(properties["Budget"])
    limit = dict(budget.get("BudgetLimit") or {})
    budget["BudgetLimit"] = limit | {"Amount": str(limit.get("Amount"))}
    status, _, body = budgets._create_budget(
        {
            "AccountId": get_account_id(),
            "Budget": budget,
            "NotificationsWithSubscribers": properties.get("NotificationsWithSubscribers", []),
        }
    )
    if status >= 400:
        raise ValueError(json.loads(body).get("message", "the budget was refused"))
    return budget["BudgetName"], {}


def _update(name: str, _old: Any, new: Any, stack: str) -> tuple[str, dict[str, str]]:
    _delete(name, {})
    return _create("", new, stack)


def _delete(name: str, _properties: Any) -> None:
    budgets._delete_budget({"AccountId": get_account_id(), "BudgetName": name})

"""
The arithmetic of alarms: as much of CloudWatch's metric math as alarms and scaling need.

An expression is read as a tree and walked; nothing of it is ever executed. A metric without data is
None, and so is what is calculated from it, but for FILL and the elements of a list.
"""

import ast
import operator
from collections.abc import Callable, Mapping

Number = float | None
Operand = Number | list[Number]

_ARITHMETIC: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_OF_LISTS: Mapping[str, Callable[[list[float]], float]] = {
    "MAX": max,
    "MIN": min,
    "SUM": sum,
    "AVG": lambda values: sum(values) / len(values),
}


def calculated(expression: str, metrics: Mapping[str, Number]) -> Number:
    """Return the value of *expression* over the values of *metrics* by their ids."""
    found = _value(ast.parse(expression.strip(), mode="eval").body, metrics)
    if isinstance(found, list):
        raise ValueError(f"{expression} is a list")
    return found


def _value(node: ast.expr, metrics: Mapping[str, Number]) -> Operand:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.Name):
        return metrics[node.id]
    if isinstance(node, ast.List):
        return [_number(one, metrics) for one in node.elts]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _number(node.operand, metrics)
        return None if inner is None else -inner
    if isinstance(node, ast.BinOp):
        return _combined(node, metrics)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = _number(node.left, metrics), _number(node.comparators[0], metrics)
        if left is None or right is None:
            return None
        return float(_COMPARISONS[type(node.ops[0])](left, right))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _called(node.func.id, node.args, metrics)
    raise ValueError(f"{ast.unparse(node)} is not understood")


def _number(node: ast.expr, metrics: Mapping[str, Number]) -> Number:
    found = _value(node, metrics)
    if isinstance(found, list):
        raise ValueError(f"{ast.unparse(node)} is a list")
    return found


def _combined(node: ast.BinOp, metrics: Mapping[str, Number]) -> Number:
    left, right = _number(node.left, metrics), _number(node.right, metrics)
    if left is None or right is None:
        return None
    if isinstance(node.op, ast.Div):
        return left / right if right else None
    return _ARITHMETIC[type(node.op)](left, right)


def _called(name: str, arguments: list[ast.expr], metrics: Mapping[str, Number]) -> Number:
    if name == "IF":
        condition = _number(arguments[0], metrics)
        return None if condition is None else _number(arguments[1 if condition else 2], metrics)
    if name == "FILL":
        found = _number(arguments[0], metrics)
        return _number(arguments[1], metrics) if found is None else found
    if name == "CEIL":
        found = _number(arguments[0], metrics)
        return None if found is None else float(-(-found // 1))
    if name in _OF_LISTS and len(arguments) == 1:
        listed = _value(arguments[0], metrics)
        known = [
            one for one in (listed if isinstance(listed, list) else [listed]) if one is not None
        ]
        return _OF_LISTS[name](known) if known else None
    raise ValueError(f"the function {name} is not understood")

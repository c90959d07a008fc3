"""
States in JSONata: every field of a map over many items, and the times of a task.

AWS evaluates ItemReader, ItemSelector, MaxConcurrency and Output of a distributed map, and
TimeoutSeconds and HeartbeatSeconds of a task. MiniStack takes them as they are written, so that
no object is found and no time ever passes.
"""

from dataclasses import dataclass
from typing import Any

from ministack.services import stepfunctions

BOUNDS = ("MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage")
TIMES = ("TimeoutSeconds", "HeartbeatSeconds")


@dataclass(frozen=True, slots=True)
class Selector:
    """An ItemSelector in JSONata, with the input of its map."""

    template: Any
    given: Any


def apply() -> None:
    """Evaluate them where the query language of the state is JSONata."""
    mapped, resolved = stepfunctions._run_distributed_map, stepfunctions._resolve_params_obj
    done = stepfunctions._execute_task

    def map_items(
        state: Any, given: Any, effective: Any, iterator: Any, execution: Any, context: Any
    ) -> Any:
        if stepfunctions._state_query_language(state, context) != "JSONata":
            return mapped(state, given, effective, iterator, execution, context)
        plain, items = _plain_map(state, given, context)
        results, following = mapped(plain, given, items, iterator, execution, context)
        output = stepfunctions._apply_jsonata_output(
            state, given, context, result=results, default=results
        )
        stepfunctions._apply_state_assign(state, given, context, result=results)
        return output, following

    def resolve(template: Any, data: Any, context: Any = None) -> Any:
        if isinstance(template, Selector):
            return stepfunctions._apply_jsonata_template(template.template, template.given, context)
        return resolved(template, data, context)

    def do(state: Any, given: Any, execution: Any, context: Any) -> Any:
        times = {
            field: stepfunctions._jsonata_state_field(state, field, "number", given, context)
            for field in TIMES
            if isinstance(state.get(field), str)
        }
        return done(state | times, given, execution, context)

    stepfunctions._run_distributed_map = map_items
    stepfunctions._resolve_params_obj = resolve
    stepfunctions._execute_task = do


def _plain_map(state: Any, given: Any, context: Any) -> tuple[dict[str, Any], Any]:
    """Return the map with its fields evaluated, and its items where they come with its input."""
    gone = ("Output", "Assign", "QueryLanguage", "Items")
    plain = {name: value for name, value in state.items() if name not in gone}
    for bound in BOUNDS:
        if bound in plain:
            plain[bound] = stepfunctions._jsonata_state_field(
                plain, bound, "number", given, context
            )
    if "ItemSelector" in plain:
        plain["ItemSelector"] = Selector(plain["ItemSelector"], given)
    if reader := plain.get("ItemReader"):
        arguments = stepfunctions._apply_jsonata_template(reader["Arguments"], given, context)
        plain["ItemReader"] = {**reader, "Arguments": arguments}
        return plain, given
    return plain, stepfunctions._jsonata_state_field(state, "Items", "array", given, context)

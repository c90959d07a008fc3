"""Names, references and policy statements as the stacks spell them, for every partition."""

from collections.abc import Mapping, Sequence

from troposphere import GetAtt, If, ImportValue, NoValue, Ref, Sub

Value = object
"""A literal or an intrinsic function."""
ENVIRONMENT = Ref("EnvironmentSuffix")
ACCOUNT = Ref("AWS::AccountId")


def named(purpose: str) -> Value:
    """Give a resource's name: what it is for, then the environment."""
    return Sub(f"{purpose}-${{EnvironmentSuffix}}")


def arn(service: str, resource: str) -> Value:
    """ARN of a resource of this account and region, in whatever partition."""
    return Sub(f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}")


def export_name(name: str) -> Value:
    """Name under which the foundation exports a value."""
    return Sub(f"riskmill-${{EnvironmentSuffix}}-{name}")


def imported(name: str) -> Value:
    """Return a value that the foundation of the same environment exports."""
    return ImportValue(export_name(name))


def when(condition: str, value: Value) -> Value:
    """Return *value* where the condition holds, and leave the property out elsewhere."""
    return If(condition, value, NoValue)


def unless(condition: str, value: Value) -> Value:
    """Return *value* where the condition does not hold, and leave the property out elsewhere."""
    return If(condition, NoValue, value)


def arn_of(logical_id: str) -> Value:
    """ARN of a resource of the same template."""
    return GetAtt(logical_id, "Arn")


def allow(
    actions: str | Sequence[str],
    resources: Value,
    *,
    sid: str = "",
    conditions: Mapping[str, Value] | None = None,
    principal: Value = None,
) -> dict[str, Value]:
    """Return a statement that allows, with only the parts that are given."""
    statement: dict[str, Value] = {"Sid": sid} if sid else {}
    statement["Effect"] = "Allow"
    if principal is not None:
        statement["Principal"] = principal
    statement |= {"Action": actions, "Resource": resources}
    if conditions:
        statement["Condition"] = dict(conditions)
    return statement


def only_tls(resources: Value, action: str) -> dict[str, Value]:
    """Return a statement that refuses requests that are not encrypted on their way."""
    return {
        "Sid": "OnlyTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": resources,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def document(*statements: Mapping[str, Value]) -> dict[str, Value]:
    """Return a policy of these statements."""
    return {"Version": "2012-10-17", "Statement": [dict(one) for one in statements]}


def from_here(source: Value) -> dict[str, Value]:
    """Condition that a service acts for *source*, whose ARN names the account: no deputy."""
    return {"ArnLike": {"aws:SourceArn": source}}


def assumed_by(service: str, source: Value) -> dict[str, Value]:
    """Trust policy for a service that acts for *source* of this account."""
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": from_here(source),
        }
    )


def list_or_one(values: Sequence[Value]) -> Value:
    """Return one value as itself, several as a list."""
    return values[0] if len(values) == 1 else list(values)

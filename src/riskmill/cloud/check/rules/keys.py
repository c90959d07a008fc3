"""KMS keys and what they encrypt."""

from collections.abc import Iterator

from riskmill.cloud.check.policies import admits, statements
from riskmill.cloud.check.rule import Found, Rule, Severity, found
from riskmill.cloud.check.values import Map
from riskmill.cloud.check.world import World

KEY = "AWS::KMS::Key"


def _logs_without_rights(world: World) -> Iterator[Found]:
    for group in world.of_type("AWS::Logs::LogGroup"):
        key = world.meant(group.properties.get("KmsKeyId"), KEY)
        policy = key.properties.get("KeyPolicy") if key else None
        if key is None or not isinstance(policy, Map):
            continue
        listed = list(statements(key, policy, ("KeyPolicy",)))
        if not admits(listed, "logs", lambda s: s.acts("kms:encrypt") or not s.actions):
            yield found(
                key,
                ("KeyPolicy",),
                f"encrypts log group {group.id} and does not let CloudWatch Logs use it",
                group.id,
            )


def _logs_of_any_group(world: World) -> Iterator[Found]:
    for key in world.of_type(KEY):
        for statement in statements(key, key.properties.get("KeyPolicy"), ("KeyPolicy",)):
            keys = {name for _, name, _ in statement.conditions()}
            bound = any(name.startswith("kms:encryptioncontext") for name in keys)
            named = any(name.startswith("logs.") for name in statement.services)
            if statement.allows and named and not bound and not _by_source(keys):
                yield found(
                    key,
                    statement.path,
                    "lets CloudWatch Logs use the key for any log group of any account",
                    ", ".join(sorted(keys)) or "no condition",
                )


def _by_source(keys: set[str]) -> bool:
    return bool(keys & {"aws:sourcearn", "aws:sourceaccount"})


def _group_by_alias(world: World) -> Iterator[Found]:
    for group in world.of_type("AWS::Logs::LogGroup"):
        value = group.properties.get("KmsKeyId")
        alias = isinstance(value, str) and value.startswith("alias/")
        name = isinstance(value, str) and value.startswith("\ue000r")
        meant = world.meant(value, KEY, "AWS::KMS::Alias")
        if alias or (name and meant):
            yield found(
                group, ("KmsKeyId",), "KmsKeyId is an id or a name; a log group needs an ARN", value
            )


def _locked_out(world: World) -> Iterator[Found]:
    for key in world.of_type(KEY):
        policy = key.properties.get("KeyPolicy")
        if not isinstance(policy, Map) or key.properties.get("BypassPolicyLockoutSafetyCheck"):
            continue
        listed = list(statements(key, policy, ("KeyPolicy",)))
        if not any(
            s.allows
            and (s.accounts or s.services)
            and (s.acts("kms:putkeypolicy") or not s.actions)
            for s in listed
        ):
            yield found(key, ("KeyPolicy",), "nobody may change this policy again", policy)


RULES = (
    Rule(
        code="C212",
        title="a key for logs of anybody",
        reason="A key policy that admits logs.amazonaws.com without a condition lets log groups of "
        "any account be encrypted with the key.",
        source="Amazon CloudWatch Logs User Guide: Encrypt log data using AWS KMS",
        remedy="Condition: ArnLike on kms:EncryptionContext:aws:logs:arn.",
        example="A statement for logs.amazonaws.com without Condition",
        find=_logs_of_any_group,
    ),
    Rule(
        code="C213",
        title="a log group whose key keeps CloudWatch Logs out",
        reason="CloudWatch Logs encrypts with the key itself. Where its policy does not admit "
        "logs.<region>.amazonaws.com, creating the group fails.",
        source="Amazon CloudWatch Logs User Guide: Encrypt log data using AWS KMS",
        remedy="Add a statement for logs.${AWS::Region}.amazonaws.com to KeyPolicy.",
        example="KmsKeyId of a key with the default policy",
        find=_logs_without_rights,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C215",
        title="a log group with the name of a key",
        reason="KmsKeyId of a log group takes the ARN of a key; an id or the name of an alias "
        "is refused.",
        source="AWS CloudFormation User Guide: AWS::Logs::LogGroup, KmsKeyId",
        remedy="KmsKeyId: !GetAtt Key.Arn",
        example="KmsKeyId: !Ref Key",
        find=_group_by_alias,
        severity=Severity.ERROR,
    ),
    Rule(
        code="C216",
        title="a key that nobody can administer",
        reason="KMS refuses a policy that leaves nobody who may change it.",
        source="AWS KMS Developer Guide: Default key policy",
        remedy="Allow kms:* to the account's root, or kms:PutKeyPolicy to a role.",
        example="A KeyPolicy with a statement for logs.amazonaws.com only",
        find=_locked_out,
        severity=Severity.ERROR,
    ),
)  # fmt: skip

"""Every form in which policies can be declared, each in an app of its own.

Their templates must not change by accident.

`python -m tests.construct.forms FOLDER` writes the templates, to compare them with those of another checkout.
"""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import aws_cdk as cdk
import jsii
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import IConstruct

from ses_sending_policy import (
    DelegatedIdentity,
    SendingPolicy,
    SendingPolicyDriftCheck,
    SendingPolicyProvider,
    WhenExists,
)
from ses_sending_policy.rules.wire import RESOURCE_TYPE
from tests.construct.listing import FORMS as IDENTITIES
from tests.construct.mail import ARN, DOCUMENT, ENVIRONMENT, acknowledge, new_app, statement

# The hash of the functions' code is not part of a form.
_CODE: Final = re.compile(r"\b[0-9a-f]{64}\b")


def _stack(app: cdk.App, name: str = "Mail", **options: Any) -> cdk.Stack:
    return cdk.Stack(app, name, **({"env": ENVIRONMENT} | options))


def _identity(stack: cdk.Stack, name: str = "example.com") -> ses.EmailIdentity:
    return ses.EmailIdentity(stack, f"Identity{name[:2]}", identity=ses.Identity.domain(name))


def _declare(stack: cdk.Stack, id_: str = "Policy", identity: Any = "example.com", **options: Any) -> SendingPolicy:
    return SendingPolicy(stack, id_, identity=identity, **options)


def _narrowed(stack: cdk.Stack) -> None:
    identity = _identity(stack)
    policy = _declare(stack, identity=identity)
    policy.allow_account("222222222222", from_addresses=["*@news.example.com"])
    policy.allow_account("333333333333", "444444444444", recipients=["*@example.org"], not_after="2031-01-01T00:00Z")
    policy.allow_account("222222222222")
    other = _declare(stack, "Other", identity=identity, policy_name="other")
    other.allow_organization("o-a1b2c3d4e5", from_display_names=["Example"])
    other.deny(iam.AnyPrincipal(), from_addresses=["*admin*"])
    other.allow_principal(iam.Role(stack, "Sender", assumed_by=iam.AccountRootPrincipal()))
    other.allow_service("ses.amazonaws.com", source_account="111111111111", actions=["ses:SendEmail"])


def _two_of_one_identity(stack: cdk.Stack) -> None:
    identity = ses.CfnEmailIdentity(stack, "Identity", email_identity="Example.com")
    _declare(stack, "One", identity).allow_account("222222222222")
    identity.email_identity = "example.org"
    _declare(stack, "Two", identity).allow_account("333333333333")


def _documents(stack: cdk.Stack) -> None:
    _declare(stack, "Json", document=DOCUMENT | {"Id": "Mine"}).allow_account("333333333333")
    _declare(stack, "Cdk", document=iam.PolicyDocument(statements=[statement(sid="First")]))
    opened = _declare(stack, "Open", statements=[statement(sid="First")])
    opened.policy_document.add_statements(statement("333333333333", sid="Second"))
    opened.allow_account("444444444444")
    later = statement("555555555555")
    _declare(stack, "Later", statements=[later])
    later.add_condition("StringLike", {"ses:FromAddress": "*@news.example.com"})


def _unknown(stack: cdk.Stack) -> None:
    name = cdk.CfnParameter(stack, "Name").value_as_string
    account = cdk.CfnParameter(stack, "Account").value_as_string
    condition = cdk.CfnCondition(stack, "IsLive", expression=cdk.Fn.condition_equals(name, "live"))
    _declare(stack, "Token", identity=name, policy_name=name).allow_account(account)
    ses.CfnEmailIdentity(stack, "Identity", email_identity=name)
    who = cdk.Fn.condition_if(condition.logical_id, "222222222222", "333333333333").to_string()
    document = {"Statement": [DOCUMENT["Statement"][0] | {"Principal": {"AWS": who}}]}
    _declare(stack, "Branches", document=document)
    accepted = _declare(stack, "Accepted")
    accepted.allow_account(account, from_addresses=[name])
    acknowledge(accepted, "SES001")


def _removed(stack: cdk.Stack) -> None:
    _declare(stack, "Adopts", when_exists=WhenExists.ADOPT).allow_account("222222222222")
    kept = _declare(stack, "Keeps", removal_policy=cdk.RemovalPolicy.RETAIN, statements=[statement()])
    kept.apply_removal_policy(cdk.RemovalPolicy.DESTROY)
    over = _declare(stack, "Over", when_exists=WhenExists.OVERWRITE, statements=[statement()])
    over.apply_removal_policy(cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)


def _by_name(stack: cdk.Stack) -> None:
    _declare(stack, statements=[statement()])
    _declare(stack, "Address", "a@example.org", statements=[statement()])
    _identity(stack, "EXAMPLE.com")
    ses.CfnEmailIdentity(stack, "Address1", email_identity="a@example.org")
    nested = cdk.NestedStack(stack, "Nested")
    ses.CfnEmailIdentity(nested, "Identity", email_identity="example.com")


def _across(app: cdk.App) -> None:
    stack, other = _stack(app), _stack(app, "Other")
    role = iam.Role(other, "Role", assumed_by=iam.AccountRootPrincipal())
    late = iam.Role(other, "Late", assumed_by=iam.AccountRootPrincipal())
    policy = _declare(stack, identity=_identity(other), statements=[statement(principals=[role])])
    policy.allow_principal(role, from_addresses=["a@example.com"])
    changed = statement()
    policy.add_statements(changed)
    changed.add_principals(late)


def _nested(app: cdk.App) -> None:
    stack = _stack(app)
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    nested = cdk.NestedStack(stack, "Nested")
    inner = cdk.NestedStack(nested, "Inner")
    name = cdk.CfnParameter(stack, "Name").value_as_string
    for each in (nested, inner):
        policy = _declare(each, statements=[statement(principals=[role])])
        policy.allow_account("222222222222", from_addresses=[name])
        _declare(each, "Own", identity=_identity(each)).allow_account("333333333333")
    ses.CfnEmailIdentity(inner, "Identity", email_identity="example.com")
    _declare(stack, "Outer").allow_account("222222222222")
    limited = cdk.NestedStack(stack, "Limited")
    SendingPolicyProvider(limited, "SendingPolicyProvider", max_concurrency=2)
    for number in range(6):
        _declare(limited, f"P{number}").allow_account("222222222222")


def _stages(app: cdk.App) -> None:
    for name in ("Beta", "Live"):
        stage = cdk.Stage(app, name, env=ENVIRONMENT)
        _declare(cdk.Stack(stage, "Mail")).allow_account("222222222222")


def _lanes(stack: cdk.Stack) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    for number in range(55):
        policy = _declare(stack, f"P{number}", f"{number // 20}.example", statements=[statement(principals=[role])])
        policy.allow_account("222222222222")
    _identity(stack, "1.example")
    stack.node.find_child("P7").node.add_dependency(stack.node.find_child("P9"))


def _providers(stack: cdk.Stack) -> None:
    own = SendingPolicyProvider(
        stack,
        "Choice",
        role=iam.Role(stack, "Given", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")),
        log_retention=logs.RetentionDays.ONE_WEEK,
        environment_encryption=kms.Key(stack, "Key"),
        memory_size=512,
        timeout=cdk.Duration.minutes(5),
        service_timeout=cdk.Duration.minutes(6),
        runtime=lambda_.Runtime.PYTHON_3_12,
        max_concurrency=3,
        reserved_concurrent_executions=10,
        dead_letter_queue=sqs.Queue(stack, "Dead", encryption=sqs.QueueEncryption.KMS),
    )
    _declare(stack, "Shared").allow_account("222222222222")
    for number in range(5):
        _declare(stack, f"Own{number}", provider=own, statements=[statement()])
    fixed = iam.Role.from_role_arn(stack, "Fixed", "arn:aws:iam::111111111111:role/fixed", mutable=False)
    group = logs.LogGroup(stack, "Group")
    third = SendingPolicyProvider(stack, "Third", role=fixed, log_group=group, identities=["example.com"])
    _declare(stack, "Listed", provider=third).allow_account("222222222222")


def _listed(app: cdk.App) -> None:
    for name, make in IDENTITIES.items():
        stack = _stack(app, name)
        identity = make(stack)
        SendingPolicyProvider(stack, "SendingPolicyProvider", identities=[identity, "other.example"])
        _declare(stack, identity=identity).allow_account("222222222222")


def _watched(stack: cdk.Stack) -> None:
    topic = sns.Topic(stack, "Topic", master_key=kms.Key(stack, "Key"))
    _declare(stack, identity=_identity(stack)).allow_account("222222222222")
    SendingPolicyDriftCheck(stack, "Drift", interval=cdk.Duration.hours(6), topic=topic)
    _declare(stack, "Later", "later.example").allow_account("222222222222")


def _senders(app: cdk.App) -> None:
    stack = _stack(app)
    role = iam.Role(stack, "Sender", assumed_by=iam.AccountRootPrincipal())
    DelegatedIdentity(stack, "Identity", identity_arn=ARN).grant_send(role, configuration_set="Set")
    users = _stack(app, "Users")
    pool = cognito.UserPool(users, "Pool")
    _declare(users).allow_cognito_user_pool(pool)
    elsewhere = cognito.UserPool.from_user_pool_arn(
        users, "All", "arn:aws:cognito-idp:eu-west-1:111111111111:userpool/*"
    )
    _declare(users, "Any").allow_cognito_user_pool(elsewhere)


def _settings(stack: cdk.Stack) -> None:
    _declare(stack).allow_account("222222222222")
    config = cdk.custom_resources.CustomResourceConfig.of(stack)
    config.add_log_retention_lifetime(logs.RetentionDays.ONE_MONTH)
    config.add_removal_policy(cdk.RemovalPolicy.DESTROY)
    config.add_lambda_runtime(lambda_.Runtime.PYTHON_3_13)
    cdk.Tags.of(stack).add("team", "mail")
    cdk.RemovalPolicies.of(stack).retain(apply_to_resource_types=[RESOURCE_TYPE])


@jsii.implements(cdk.IAspect)
class _Adds:
    def visit(self, node: IConstruct) -> None:
        if isinstance(node, SendingPolicy):
            node.allow_account("999999999999")
        elif isinstance(node, cdk.CfnResource) and node.cfn_resource_type == RESOURCE_TYPE:
            node.add_property_override("Extra", "x")
            node.add_metadata("seen", value=True)


def _aspects(stack: cdk.Stack) -> None:
    stack.template_options.metadata = {"Own": "kept"}
    _declare(stack).allow_account("222222222222")
    _declare(stack, "Empty")
    cdk.Aspects.of(stack).add(_Adds())


def _in_a_stack(declare: Callable[[cdk.Stack], None], **options: Any) -> Callable[[cdk.App], None]:
    return lambda app: declare(_stack(app, **options))


FORMS: Final[dict[str, Callable[[cdk.App], None]]] = {
    "narrowed": _in_a_stack(_narrowed),
    "narrowed-anywhere": _in_a_stack(_narrowed, env=None),
    "one-identity": _in_a_stack(_two_of_one_identity),
    "documents": _in_a_stack(_documents),
    "documents-anywhere": _in_a_stack(_documents, env=None),
    "unknown": _in_a_stack(_unknown),
    "removed": _in_a_stack(_removed),
    "by-name": _in_a_stack(_by_name),
    "across": _across,
    "nested": _nested,
    "stages": _stages,
    "lanes": _in_a_stack(_lanes),
    "providers": _in_a_stack(_providers),
    "listed": _listed,
    "watched": _in_a_stack(_watched),
    "senders": _senders,
    "settings": _in_a_stack(_settings),
    "aspects": _in_a_stack(_aspects),
}


def templates(form: str) -> dict[str, str]:
    """Return the templates of a form as the assembly has them, by their files' names."""
    app = new_app()
    FORMS[form](app)
    written = sorted(Path(app.synth().directory).rglob("*.template.json"))
    return {path.name: _CODE.sub("code", path.read_text(encoding="utf-8")) for path in written}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for each in FORMS:
        for name, text in templates(each).items():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{each}-{name}").write_text(json.dumps(json.loads(text), indent=1), encoding="utf-8")

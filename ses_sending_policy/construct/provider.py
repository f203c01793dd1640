"""The construct of the provider: the Lambda function that makes, changes and deletes the policies of a stack."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Final, cast
from weakref import WeakKeyDictionary

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk.interfaces.aws_ses import IEmailIdentityRef
from constructs import Construct, Node

from ses_sending_policy.construct.app_settings import code_in, register_function, register_log_group
from ses_sending_policy.construct.arguments import check_reserve
from ses_sending_policy.construct.asset import HANDLER, asset_directory
from ses_sending_policy.construct.document import DeclaredDocument
from ses_sending_policy.construct.findings_plugin import register
from ses_sending_policy.construct.function_settings import (
    FunctionSettings,
    check_log,
    keep_failed_events,
    let_into_network,
    usual_architecture,
    usual_runtime,
)
from ses_sending_policy.construct.identity import Environment
from ses_sending_policy.construct.lanes import Lanes
from ses_sending_policy.construct.paths import at_its_path
from ses_sending_policy.construct.rendering import StackDocuments
from ses_sending_policy.construct.role_policy import ListedIdentities, role_policy
from ses_sending_policy.construct.scanners import answer_new
from ses_sending_policy.construct.stack_identities import StackIdentities
from ses_sending_policy.construct.timeouts import Times
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.wire import STACK_VARIABLE

if TYPE_CHECKING:
    # Only a type is needed.
    from aws_cdk import aws_sqs as sqs

# The id of a stack's own provider. The function's logical id is made from it, and must never change: CloudFormation
# accepts no other ServiceToken for a deployed resource.
_ID: Final = "SendingPolicyProvider"


class SendingPolicyProvider(Construct):
    """The function that makes, changes and deletes the sending authorization policies of its stack.

    A stack gets one automatically, and all its policies share it. Make one to choose its settings: either give it to
    the policies as `provider`, or make it in the stack itself with the id `SendingPolicyProvider` before the first
    policy, so that all policies share it. CloudFormation does not let a deployed policy change its provider.

    Example::

        SendingPolicyProvider(stack, "SendingPolicyProvider", memory_size=512)
        SendingPolicy(stack, "Partner", identity=identity).allow_account("222222222222")

    :param scope: the parent construct.
    :param id: the construct's id in its parent.
    :param vpc: the network that the function runs in; it must reach SES, CloudFormation and S3 from there.
        Default: - no network of yours.
    :param vpc_subnets: the subnets in the network. Default: - the Vpc default strategy.
    :param security_groups: the function's security groups in the network. Default: - a new one.
    :param role: the role that the function runs with. The permissions that the function needs are attached to it as a
        policy, unless the role refuses that, as `role.without_policy_updates()` does. Default: - a new one with these
        permissions alone.
    :param identities: the identities whose policies the role may make, change and delete, in the forms that
        `SendingPolicy` takes; a policy of any other is refused. A changed list becomes a new policy of the role, and
        the old one is deleted after the policies that needed it. Default: - all of the account and region.
    :param log_retention: how long the new log group keeps the log. Default: - a year.
    :param log_group: the log group that the function writes to; not together with `log_retention`. Default: - a new
        one, which stays when the stack is deleted: it may have the only copy of an overwritten policy. If the first
        deploy fails, it is deleted, unless `when_exists` lets a policy of the stack take over another one.
    :param environment_encryption: the key that encrypts the function's environment; the role gets the right to decrypt
        with it. Default: - a key that AWS owns.
    :param memory_size: the function's memory in MiB. Default: 256
    :param timeout: how long the function may take for one policy, 30 seconds to 15 minutes; it shares SES's one call a
        second with all policies of the account and region. Default: - 15 minutes.
    :param service_timeout: how long CloudFormation waits for one policy, at most an hour, and no shorter than
        `timeout`. Default: - 20 minutes.
    :param runtime: Python 3.11 or newer. Default: - Python 3.14.
    :param architecture: the processor architecture that the function runs on. Default: - ARM_64
    :param max_concurrency: how many policies of the stack CloudFormation works on at once; the others wait, by
        `DependsOn` in the template. Of several providers in the stack, the lowest number applies. Default: - 40, and in
        a stack of up to 40 policies none waits.
    :param reserved_concurrent_executions: how many calls of the function run at once at most, reserved from the
        account's limit; the stack's policies wait for each other accordingly. Default: - no limit of its own.
    :param dead_letter_queue: gets the events that the function could not handle, which CloudFormation has failed by
        then. Each contains a URL at which CloudFormation accepts an answer for an hour or two. Default: - no queue.
    """

    # Over 40 lines: each property is an argument of its own, and the CDK wants them here.
    @at_its_path
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        role: iam.IRole | None = None,
        identities: Sequence[IEmailIdentityRef | str] | None = None,
        log_retention: logs.RetentionDays | None = None,
        log_group: logs.ILogGroup | None = None,
        environment_encryption: kms.IKey | None = None,
        memory_size: int = 256,
        timeout: cdk.Duration | None = None,
        service_timeout: cdk.Duration | None = None,
        runtime: lambda_.Runtime | None = None,
        max_concurrency: int | None = None,
        reserved_concurrent_executions: int | None = None,
        dead_letter_queue: "sqs.IQueue | None" = None,
        architecture: lambda_.Architecture | None = None,
    ) -> None:
        super().__init__(scope, id)
        check_log(log_group, log_retention)
        times = Times.of(timeout, service_timeout)
        settings = FunctionSettings(
            vpc, vpc_subnets, security_groups, environment_encryption, memory_size, runtime, architecture
        )
        self.timeout: Final = times.function
        """How long the function may take for one policy."""
        self.stack: Final = scope if isinstance(scope, cdk.Stack) else cdk.Stack.of(self)
        # Public only for the policies of this provider: users of this class have no need of these.
        self.environment: Final = Environment.of(self.stack)
        self.stack_identities: Final = StackIdentities(self.stack, self.environment)
        self.listed: Final = None if identities is None else ListedIdentities(identities, self.stack, self.environment)
        self.lanes: Final = Lanes.of(self.stack)
        self._limit(max_concurrency, reserved_concurrent_executions)
        self.documents: Final = StackDocuments(
            self.stack, preparing=self._preparing, prepared=self.lanes.arrange, label=self.stack_identities.label
        )
        self._join(self.stack.node)
        self._makes_log_group = log_group is None
        self.log_group: Final[logs.ILogGroup] = log_group or self._new_log_group(log_retention)
        """The log group that the function writes to."""
        self.role: Final[iam.IRole] = role or iam.Role(
            self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")
        )
        """The role that the function runs with."""
        if vpc is not None:
            let_into_network(self.role)
        # A policy of this stack and not one of the role's construct, because a given role may be in another stack.
        stack_id = _stack_id()
        policy, answers = role_policy(
            self,
            self.listed,
            self.environment,
            stack_id=stack_id,
            log_group=self.log_group,
            key=environment_encryption,
        )
        # The role decides whether it takes the policy: one that was made beforehand, by `customize_roles`, does not.
        self.role.attach_inline_policy(policy)
        with code_in(self.stack):
            function = lambda_.Function(
                self,
                "Function",
                description="Makes, changes and deletes the SES sending authorization policies of its stack",
                runtime=runtime or usual_runtime(),
                architecture=architecture or usual_architecture(),
                handler=HANDLER,
                code=lambda_.Code.from_asset(str(asset_directory())),
                memory_size=memory_size,
                timeout=times.function,
                role=self.role,
                log_group=self.log_group,
                vpc=vpc,
                vpc_subnets=vpc_subnets,
                security_groups=security_groups,
                # So that the function can refuse events of other stacks.
                environment={STACK_VARIABLE: stack_id},
                environment_encryption=environment_encryption,
                # An event that CloudFormation no longer waits for would overwrite what a newer one has written.
                max_event_age=times.event_age,
                retry_attempts=2,
                reserved_concurrent_executions=reserved_concurrent_executions,
            )
        self.function: Final = function
        """The function, for alarms and the like."""
        node = self.node
        # One call to Node for all constructs in here: each resource comes right after the construct that makes it.
        made = node.find_all()
        resource = next(each for each in made if isinstance(each, lambda_.CfnFunction))
        # The default child, by which users of the CDK override properties.
        node.default_child = resource
        in_function = function.node
        register_function(in_function)
        in_function.add_dependency(policy)
        role_resource = cast("iam.CfnPolicy", made[made.index(policy) + 1])
        answer_new(policy, role_resource, *answers)
        self.documents.begin_with(policy, role_resource)
        # The defaults for a drift check's function.
        self.settings: Final = settings.seen_from(function)
        if dead_letter_queue is not None:
            keep_failed_events(dead_letter_queue, resource, policy)
        # Resources that must outlive the policies. A policy's resource refers to the function, which refers to its log
        # group and waits for its role's policy. Nothing refers to the invoke config. And a role policy with a list may
        # be deleted while the function stays.
        self._how_invoked: Final = next(each for each in made if isinstance(each, lambda_.CfnEventInvokeConfig))
        self._listing: Final = role_resource if self.listed else None
        self._policies: Final[list[cdk.CfnResource]] = []
        self.properties: Final = {"ServiceToken": function.function_arn, "ServiceTimeout": times.service}
        _MADE.setdefault(self.stack, []).append(self)
        if id == _ID and scope is self.stack:
            _OWN[self.stack] = self

    def _join(self, stack: Node) -> None:
        stack.add_validation(self.documents)
        register(stack)

    def _limit(self, most: int | None, reserve: int | None) -> None:
        if most is not None:
            self.lanes.limit(most)
        if reserve is not None and check_reserve(reserve):
            # Throttled events wait up to five minutes in Lambda's queue, while CloudFormation's timeout goes on.
            # https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
            self.lanes.limit(reserve)

    def _new_log_group(self, retention: logs.RetentionDays | None) -> logs.ILogGroup:
        made = logs.LogGroup(
            self,
            "LogGroup",
            # A year, so that the log also covers what is done once a year.
            retention=retention or logs.RetentionDays.ONE_YEAR,
            # No fixed name, which would make the next deploy of a deleted stack fail. The log group is retained, except
            # if the first deploy fails, since each such deploy would leave another one: see `keep_log`.
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        register_log_group(made.node)
        return made

    def keep_log(self) -> None:
        """Keep the log even if the first deploy fails: it may have the only copy of a policy that was taken over."""
        if self._makes_log_group:
            self.log_group.apply_removal_policy(cdk.RemovalPolicy.RETAIN)

    def serve(self, document: DeclaredDocument, policy_name: str, resource: cdk.CfnResource) -> None:
        """Register a policy, with its document, its name and its resource."""
        self.documents.add(document, policy_name, resource)
        self.lanes.add(resource)
        self.stack_identities.expect(document.identity, resource)
        self._policies.append(resource)
        resource.add_resource_dependency(self._how_invoked)

    def _preparing(self) -> None:
        self.stack_identities.prepare()
        if self._listing:
            # Not before synth: a policy that the role refused is in no template, unless somebody attached it meanwhile.
            for resource in self._policies:
                resource.add_resource_dependency(self._listing)

    @classmethod
    def of(cls, scope: Construct) -> "SendingPolicyProvider":
        """Return the provider that the policies of a stack share; it is made on first use. A nested stack has its own.

        :param scope: the stack, or any construct in it.
        """
        stack = scope if isinstance(scope, cdk.Stack) else cdk.Stack.of(scope)
        return _OWN.get(stack) or cls(stack, _ID)

    def check_serves(self, scope: Construct) -> None:
        """Raise `DeclarationError` if `scope` is in another stack.

        The function could be deleted before a policy of that stack, which then could not be deleted any more.
        """
        stack = cdk.Stack.of(scope)
        if stack is not self.stack:
            raise DeclarationError(
                f"provider {self.node.path!r} is of another stack: make one in the stack {stack.node.path!r}, or leave "
                "it out to share the stack's own"
            )


@cache
def _stack_id() -> str:
    """Return the CDK token of the stack's id, which is the same for every stack; Node is asked once in a process."""
    return cdk.Aws.STACK_ID


# The shared provider of each stack. The construct tree has it as well, but asking there takes two calls to Node for
# each policy.
_OWN: Final[WeakKeyDictionary[cdk.Stack, SendingPolicyProvider]] = WeakKeyDictionary()

# All providers of each stack.
_MADE: Final[WeakKeyDictionary[cdk.Stack, list[SendingPolicyProvider]]] = WeakKeyDictionary()


def providers_of(stack: cdk.Stack) -> Sequence[SendingPolicyProvider]:
    """Return the providers that `stack` has by now, the one that its policies share first."""
    own = _OWN.get(stack)
    others = [each for each in _MADE.get(stack, ()) if each is not own]
    return [*([own] if own else []), *others]

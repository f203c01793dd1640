"""The function that does the work for the policies of a stack."""

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

from ses_sending_policy.construct.arguments import check_reserve
from ses_sending_policy.construct.asset import HANDLER, asset_directory
from ses_sending_policy.construct.custom_resources import code_in, register_function, register_log_group
from ses_sending_policy.construct.dependencies import StackIdentities
from ses_sending_policy.construct.document import DeclaredDocument
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
from ses_sending_policy.construct.timeouts import Times
from ses_sending_policy.construct.validation import register
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.wire import STACK_VARIABLE

if TYPE_CHECKING:
    # Only its name is needed.
    from aws_cdk import aws_sqs as sqs

# The id of a stack's own provider. The function's logical id is made of it, and must never change: CloudFormation
# takes no other ServiceToken for a resource that is deployed.
_ID: Final = "SendingPolicyProvider"


class SendingPolicyProvider(Construct):
    """The function that makes, changes and deletes the sending authorization policies of its stack.

    A stack gets one by itself, and all its policies share it. Make one to choose how it runs, and give it to the
    policies as `provider`; or make it in the stack itself with the id `SendingPolicyProvider` before the first policy,
    and it is the one that they share. CloudFormation does not let a deployed policy change its provider.

    Example::

        SendingPolicyProvider(stack, "SendingPolicyProvider", memory_size=512)
        SendingPolicy(stack, "Partner", identity=identity).allow_account("222222222222")

    :param scope: the construct that it belongs to.
    :param id: its name in there.
    :param vpc: the network that the function runs in; it needs a way to SES, CloudFormation and S3 from there.
        Default: - none.
    :param vpc_subnets: where in the network. Default: - the Vpc default strategy.
    :param security_groups: of the function in the network. Default: - a new one.
    :param role: the role that the function runs with. What the function needs is attached to it as a policy, unless it
        refuses that, as `role.without_policy_updates()` does. Default: - a new one that may do nothing else.
    :param identities: the identities whose policies the role may make, change and delete, each as `SendingPolicy` takes
        it; a policy of another one is refused. Another list is another policy of the role, and the one before goes
        behind the policies that needed it. Default: - all of the account and region.
    :param log_retention: how long the new log group keeps what the function wrote. Default: - a year.
    :param log_group: the log group that the function writes to; not together with `log_retention`. Default: - a new
        one, which stays when the stack goes: it may hold the only copy of a policy that was written over. With a first
        deploy that fails it goes, unless a policy of the stack may take over another one, by `when_exists`.
    :param environment_encryption: the key of the function's environment, which its role may decrypt with then.
        Default: - a key that AWS owns.
    :param memory_size: in MiB. Default: 256
    :param timeout: how long the function may take for one policy, 30 seconds to 15 minutes; it shares SES's one call a
        second with all policies of the account and region. Default: - 15 minutes.
    :param service_timeout: how long CloudFormation waits for one policy, at most an hour, and no shorter than
        `timeout`. Default: - 20 minutes.
    :param runtime: a Python of 3.11 or newer. Default: - Python 3.14.
    :param architecture: of the processor that the function runs on. Default: - ARM_64
    :param max_concurrency: how many policies of the stack CloudFormation works on at once; the others wait for their
        turn, by `DependsOn` in the template. Of several providers in the stack the least holds. Default: - 40, and a
        stack of no more than that has nobody wait.
    :param reserved_concurrent_executions: how many calls of the function run at once at most, taken from what the
        account has; the policies of the stack wait for each other accordingly. Default: - no limit of its own.
    :param dead_letter_queue: gets the events that the function did not come to; CloudFormation has failed those by
        then. Each has a URL in it by which CloudFormation takes an answer for an hour or two. Default: - none.
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
        # What a policy asks of its provider; the users of this class have no use for it.
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
        # A policy of this stack and not the role's own: a given role may belong to another one.
        stack_id = _stack_id()
        policy, answers = role_policy(
            self,
            self.listed,
            self.environment,
            stack_id=stack_id,
            log_group=self.log_group,
            key=environment_encryption,
        )
        # By the role, which may take none: a role that somebody made before, as `iam.Role.customize_roles` has it.
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
                # So that it tells another stack's event from those that it is there for.
                environment={STACK_VARIABLE: stack_id},
                environment_encryption=environment_encryption,
                # An event that nobody waits for any more would write what a newer one has replaced.
                max_event_age=times.event_age,
                retry_attempts=2,
                reserved_concurrent_executions=reserved_concurrent_executions,
            )
        self.function: Final = function
        """The function, for alarms and the like."""
        node = self.node
        # What is made here, by one call for all of it: each resource behind the construct that makes it.
        made = node.find_all()
        resource = next(each for each in made if isinstance(each, lambda_.CfnFunction))
        # Where the CDK's users look for what they write over.
        node.default_child = resource
        in_function = function.node
        register_function(in_function)
        in_function.add_dependency(policy)
        role_resource = cast("iam.CfnPolicy", made[made.index(policy) + 1])
        answer_new(policy, role_resource, *answers)
        self.documents.begin_with(policy, role_resource)
        # What a drift check takes for its own.
        self.settings: Final = settings.seen_from(function)
        if dead_letter_queue is not None:
            keep_failed_events(dead_letter_queue, resource, policy)
        # What must outlive a policy's resource. That names the function, the function its log group, and waits for its
        # role's policy; nobody but this names how the function is invoked. A policy of the role that has a list may go
        # while the function stays.
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
            # Lambda lets the others wait for up to five minutes before it tries again, and CloudFormation's time runs.
            # https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
            self.lanes.limit(reserve)

    def _new_log_group(self, retention: logs.RetentionDays | None) -> logs.ILogGroup:
        made = logs.LogGroup(
            self,
            "LogGroup",
            # What is done once a year is missed within the year.
            retention=retention or logs.RetentionDays.ONE_YEAR,
            # No fixed name: it would be in the way of the next deploy of a stack that was deleted. It stays, but for a
            # first deploy that fails, of which each would leave another one: `keep_log` has the exception.
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        register_log_group(made.node)
        return made

    def keep_log(self) -> None:
        """Keep the log where its first deploy fails as well: it may have the only copy of what that takes over."""
        if self._makes_log_group:
            self.log_group.apply_removal_policy(cdk.RemovalPolicy.RETAIN)

    def serve(self, document: DeclaredDocument, policy_name: str, resource: cdk.CfnResource) -> None:
        """Take a policy in, which has this resource."""
        self.documents.add(document, policy_name, resource)
        self.lanes.add(resource)
        self.stack_identities.expect(document.identity, resource)
        self._policies.append(resource)
        resource.add_resource_dependency(self._how_invoked)

    def _preparing(self) -> None:
        self.stack_identities.prepare()
        if self._listing:
            # Not before, for a role may refuse it until somebody attaches it.
            for resource in self._policies:
                resource.add_resource_dependency(self._listing)

    @classmethod
    def of(cls, scope: Construct) -> "SendingPolicyProvider":
        """Return the provider of the stack that `scope` is in; it is made on first use. A nested stack has its own.

        :param scope: the stack, or any construct in it.
        """
        stack = scope if isinstance(scope, cdk.Stack) else cdk.Stack.of(scope)
        return _OWN.get(stack) or cls(stack, _ID)

    def check_serves(self, scope: Construct) -> None:
        """Raise `DeclarationError` where `scope` is in another stack.

        The function could go before a policy of that stack does, and nobody would be left to delete it.
        """
        stack = cdk.Stack.of(scope)
        if stack is not self.stack:
            raise DeclarationError(
                f"provider {self.node.path!r} is of another stack: make one in the stack {stack.node.path!r}, or leave "
                "it out to share the stack's own"
            )


@cache
def _stack_id() -> str:
    """Return the one token that it is everywhere: the CDK is asked once in a process."""
    return cdk.Aws.STACK_ID


# The providers that their stacks share. The construct tree knows them as well, at the price of two calls to Node for
# every policy.
_OWN: Final[WeakKeyDictionary[cdk.Stack, SendingPolicyProvider]] = WeakKeyDictionary()

# All that each stack has.
_MADE: Final[WeakKeyDictionary[cdk.Stack, list[SendingPolicyProvider]]] = WeakKeyDictionary()


def providers_of(stack: cdk.Stack) -> Sequence[SendingPolicyProvider]:
    """Return the providers of `stack` that are made by now: the one that its policies share first, if there is one."""
    own = _OWN.get(stack)
    others = [each for each in _MADE.get(stack, ()) if each is not own]
    return [*([own] if own else []), *others]

"""Refuses events of other stacks than the function's own, and identities of another account or region.

This catches mistakes: a template that names another stack's function, an event that was sent by hand, an ARN of the
wrong account. It is no protection against an attacker: see docs/security.md.

The construct passes the stack's ARN in an environment variable, which cannot be out of date: "You can't refactor
resources that reference pseudo parameters whose values differ between source and destination stacks, such as
AWS::StackName", so the function stays in its stack. A policy can be moved, and get another logical id.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-refactoring.html
"""

import re
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any, Final

from provider.cloudformation import ResourceState
from provider.event import Event, RequestType
from provider.failures import Failure, Reason
from provider.json_log import JsonLog
from provider.ses import NotFoundError, Policies
from ses_sending_policy.rules.arns import Arn, is_account, is_partition
from ses_sending_policy.rules.document import LivePolicy, as_list
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.identity import identity_name
from ses_sending_policy.rules.ownership import PhysicalId, StackId, Target, owner_token
from ses_sending_policy.rules.wire import STACK_VARIABLE, WhenExists


class Token(Enum):
    """How the owner token in an event's physical id relates to the resource that the event is about."""

    NONE = "none"
    """The id has no token: SES accepted no write under it, or CloudFormation made the id up."""
    COMPUTED = "computed"
    """The token is the one computed from the stack and the logical id."""
    PRESENT = "present"
    """CloudFormation's present id has the token: a refactoring gave the resource another stack or logical id."""
    UNKNOWN = "unknown"
    """The token is not the computed one, and CloudFormation could not be asked."""
    FOREIGN = "foreign"
    """CloudFormation knows the resource with another token, or does not know the resource."""


class EventVerdict(Enum):
    """What the owner token decides about an event."""

    GOES_ON = "goes on"
    IS_REFUSED = "is refused"
    IF_OURS = "goes on for what has our marker, with the computed token, and is refused else"


# A Create has no physical id. In doubt the event goes on: the marker at SES decides in the end, and a stack that was
# refactored must be able to deploy and to remove access.
OUTCOME: Final = {
    (request, token): outcome
    for token, if_update, if_delete in (
        (Token.NONE, EventVerdict.GOES_ON, EventVerdict.GOES_ON),
        (Token.COMPUTED, EventVerdict.GOES_ON, EventVerdict.GOES_ON),
        (Token.PRESENT, EventVerdict.GOES_ON, EventVerdict.GOES_ON),
        (Token.UNKNOWN, EventVerdict.GOES_ON, EventVerdict.GOES_ON),
        (Token.FOREIGN, EventVerdict.IS_REFUSED, EventVerdict.IF_OURS),
    )
    for request, outcome in (
        (RequestType.CREATE, EventVerdict.GOES_ON),
        (RequestType.UPDATE, if_update),
        (RequestType.DELETE, if_delete),
    )
}


def token_of(known: PhysicalId | None, computed: str, present: Callable[[], ResourceState | None]) -> Token:
    """Classify the owner token of an event's physical id.

    :param known: the physical id; None if it is not one of ours.
    :param computed: the owner token computed from the event's stack and logical id.
    :param present: asks CloudFormation for the resource; called only if the token differs from `computed`.
    """
    if known is None or known.token is None:
        return Token.NONE
    if known.token == computed:
        return Token.COMPUTED
    state = present()
    if state is None:
        return Token.UNKNOWN
    if state.status.startswith("DELETE_") and not state.physical_id:
        return Token.UNKNOWN  # CloudFormation reports this while an update removes the resource from the stack
    there = PhysicalId.parse(state.physical_id)
    return Token.PRESENT if there and there.token == known.token else Token.FOREIGN


def own_stack(environment: Mapping[str, str]) -> StackId | None:
    """Return the stack that the function was deployed for; None if the environment does not name one."""
    try:
        return StackId.parse(environment.get(STACK_VARIABLE, ""))
    except DeclarationError:
        return None


def way_out(event: Event, place: StackId, target: Target) -> str:
    """Return the advice if a Delete must not touch a policy: the command to delete the stack without the policy."""
    # The command comes first, because an answer that is too long is cut at its end.
    return (
        f"run `aws cloudformation delete-stack --stack-name {place.stack_name} --retain-resources {event.logical_id}` "
        f"once you know whose {target} is"
    )


class OwnStack:
    """Checks that an event is for this function, before anything is done for it.

    :param own: the stack that the function was deployed for; None if it is not known, and every stack is accepted.
    :param event: the event.
    :param present: asks CloudFormation for the resource that the event is about.
    :param policies: SES, in the function's account and region.
    :param log: gets a line if CloudFormation could not be asked.
    """

    def __init__(
        self,
        own: StackId | None,
        event: Event,
        present: Callable[[], ResourceState | None],
        policies: Policies,
        log: JsonLog,
    ) -> None:
        self._own = own
        self._event = event
        self._place = StackId.parse(event.stack_id)
        self._known = None if event.physical_id is None else PhysicalId.parse(event.physical_id)
        self._present = present
        self._policies = policies
        self._log = log

    def check(self) -> None:
        """Raise `Failure` for another stack's event, `DeclarationError` for an ARN of another account or region."""
        is_delete = self._event.request_type is RequestType.DELETE
        if self._own is not None and not self._is_of(self._own):
            if not is_delete:
                raise Failure(Reason.INVALID_DECLARATION, self._refusal(self._own))
            self._check_delete(self._own)
        if not is_delete:
            faults = list(elsewhere(self._event.properties, self._place))
            if faults:
                raise DeclarationError.of(faults)

    def _is_of(self, own: StackId) -> bool:
        if self._place.text == own.text:
            return True
        if not self._is_here(own) or self._known is None or self._known.token is None:
            return False
        if self._known.token == owner_token(own.text, self._event.logical_id):
            return True  # the policy was made in this stack and moved since
        token = token_of(self._known, owner_token(self._place.text, self._event.logical_id), self._present)
        if token is Token.UNKNOWN:
            self._log.write(
                "another stack's event, which may be of a policy that was moved, goes on", stack=self._place.stack_name
            )
        return token in (Token.PRESENT, Token.UNKNOWN)

    def _is_here(self, own: StackId) -> bool:
        return _where(self._place) == _where(own)

    def _check_delete(self, own: StackId) -> None:
        """Raise `Failure` if this Delete, which another stack sent, could harm another owner's policy."""
        if self._known is None or self._known.token is None:
            return  # without a token in the id, only a policy with our marker is deleted
        target = self._known.target
        try:
            text = self._policies.read(target)
        except NotFoundError:
            text = None
        if text is None and self._is_here(own):
            return
        marker = text and LivePolicy(text).marker
        if not marker or marker.token != self._known.token:
            mine, others = _names(own, self._place)
            way = way_out(self._event, self._place, target)
            raise Failure(Reason.INVALID_DECLARATION, f"{way}; this function works for {mine}, not for {others}")

    def _refusal(self, own: StackId) -> str:
        mine, others = _names(own, self._place)
        return (
            f"the event is of {others}, and this function works for {mine} alone: "
            "give the policy a SendingPolicyProvider of its own stack"
        )


def _where(stack: StackId) -> tuple[str, str, str]:
    return stack.partition, stack.account, stack.region


def _names(*stacks: StackId) -> list[str]:
    """Return a name for each stack, with just as much detail as tells them apart."""
    if len({_where(each) for each in stacks}) > 1:
        return [f"stack {each.stack_name!r} in {each.account} {each.region}" for each in stacks]
    if len({each.stack_name for each in stacks}) > 1:
        return [f"stack {each.stack_name!r}" for each in stacks]
    return [f"stack {each.text.partition(':stack/')[2]!r}" for each in stacks]


# A region's literal name: no wildcard and no policy variable.
_REGION: Final = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-[0-9]+")


def elsewhere(properties: Mapping[str, Any], place: StackId) -> Iterator[str]:
    """Yield a sentence for each identity ARN in `properties` that is certainly of another account or region.

    The document of a policy to adopt is not checked, because SES already holds it as it is.

    :param properties: the declared properties, which may be malformed.
    :param place: a stack of the account and region that the function works in.
    """
    identity = properties.get("EmailIdentity")
    differing = _differing(identity, place)
    if differing:
        yield (
            f"EmailIdentity {identity!r} has the {differing}: SES keeps a policy where its identity is, "
            "so declare it in a stack of that account and region"
        )
    if properties.get("WhenExists") == WhenExists.ADOPT:
        return
    policy = properties.get("Policy")
    statements = as_list(policy.get("Statement", [])) if isinstance(policy, Mapping) else []
    for number, statement in enumerate(statements):
        resources = as_list(statement.get("Resource", [])) if isinstance(statement, Mapping) else []
        for resource in resources:
            differing = _differing(resource, place)
            if differing:
                yield (
                    f"Policy: statement {number} has the Resource {resource!r} with the {differing}: "
                    "leave it out, or name the identity that the policy hangs on"
                )


def _differing(text: object, place: StackId) -> str:
    """Return which parts of an identity's ARN certainly differ from `place`; empty if none, or if `text` is not one."""
    arn = Arn.parse(text) if isinstance(text, str) else None
    if arn is None or not identity_name(arn):
        return ""
    found = [
        f"{name} {there} and not {here}"
        for name, there, here, is_certain in (
            ("partition", arn.partition, place.partition, is_partition(arn.partition)),
            ("region", arn.region, place.region, bool(_REGION.fullmatch(arn.region))),
            ("account", arn.account, place.account, is_account(arn.account)),
        )
        if is_certain and there != here
    ]
    return ", the ".join(found)

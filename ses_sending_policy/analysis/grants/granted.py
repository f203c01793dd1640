"""Turn a statement back into one call of the construct's grant methods: which method, with which arguments."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ses_sending_policy.analysis.grants.narrowing import (
    Conditions,
    Words,
    merged,
    narrowing_conditions,
    read_narrowing,
    source_conditions,
    user_pool_conditions,
)
from ses_sending_policy.analysis.grants.principal import Principal
from ses_sending_policy.rules.accounts import is_organization
from ses_sending_policy.rules.actions import is_identity_action, usual_actions
from ses_sending_policy.rules.arns import Arn, is_account, is_partition
from ses_sending_policy.rules.cognito import region_fault, service_of_pool
from ses_sending_policy.rules.document import Json, as_list
from ses_sending_policy.rules.equivalence import statement_parts
from ses_sending_policy.rules.identity import IdentityArn

EVERYBODY: Final = Principal("AWS", "*")

SID_LENGTH: Final = 64
"""The most characters that the `Sid` of a grant that is read here can have."""

# The CDK leaves such a name unchanged. It has at most 40 characters before the suffix, because it becomes part of the
# Sid.
_SERVICE: Final = re.compile(r"[a-z0-9.-]{1,40}\.amazonaws\.com")
_PRINTABLE: Final = re.compile(r"[!-~]+")
_ACTION: Final = re.compile(r"ses:[A-Za-z*]+", re.IGNORECASE)
_REGION: Final = re.compile(r"[a-z0-9-]+")
_USER_POOL: Final = re.compile(r"userpool/[\w-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Granted:
    """A call of a grant method.

    :param method: the method's name, as `allow_account`.
    :param principals: the principals that the grant is for.
    :param words: the narrowing arguments, by the names of the parameters.
    :param organization: the organization that principals must be of. Default: - any, or none.
    :param source_arn: the resource for which a service may send. Default: - any.
    :param source_account: the account for which a service may send. Default: - any.
    """

    method: str
    principals: tuple[Principal, ...]
    words: Words = field(default_factory=dict)
    organization: str | None = None
    source_arn: str | None = None
    source_account: str | None = None

    def statement(self, arn: IdentityArn) -> dict[str, Json]:
        """Return the statement that this call writes for the identity `arn`, without the `Sid`."""
        kinds = {each.kind for each in self.principals}
        denies = self.method == "deny"
        conditions = merged(self._conditions(), narrowing_conditions(self.words, denies=denies))
        return {
            "Effect": "Deny" if denies else "Allow",
            "Principal": {kind: [each.name for each in self.principals if each.kind == kind] for kind in kinds},
            "Action": list(self.words.get("actions", usual_actions(denies=denies))),
            "Resource": str(arn),
        } | ({"Condition": conditions} if conditions else {})

    def _conditions(self) -> Conditions:
        if self.organization:
            return {"StringEquals": {"aws:PrincipalOrgID": self.organization}}
        if self.method == "allow_cognito_user_pool":
            return user_pool_conditions(self.source_arn or "", self.source_account or "")
        return source_conditions(self.source_arn, self.source_account) if self.method == "allow_service" else {}


def granted(statement: Json, arn: IdentityArn) -> Granted | None:
    """Return the call of a grant method that writes a statement equivalent to `statement`; None if no method does.

    :param statement: a statement of a live policy, in which numbers and booleans are texts.
    :param arn: the identity that the policy is on.
    """
    if not isinstance(statement, Mapping):
        return None
    principals = _principals(statement.get("Principal"), arn.partition)
    actions = as_list(statement.get("Action", []))
    read = read_narrowing(statement.get("Condition"))
    if not principals or not read or not actions:
        return None
    if not all(isinstance(each, str) and _ACTION.fullmatch(each) and is_identity_action(each) for each in actions):
        return None
    words, others = read
    usual = usual_actions(denies=statement.get("Effect") == "Deny")
    if {each.lower() for each in actions} != {each.lower() for each in usual}:
        words = {**words, "actions": list(dict.fromkeys(actions))}
    parts = statement_parts(statement, arn.partition)
    for each in _calls(statement.get("Effect"), principals, others, arn.region):
        call = replace(each, words=words)
        if statement_parts(call.statement(arn), arn.partition) == parts:
            return call
    return None


def _principals(value: Json, partition: str) -> tuple[Principal, ...]:
    """Return the principals of a statement if a grant method can take them; else an empty tuple.

    It takes a service, everybody, or accounts, users and roles; `value` is the statement's Principal.
    """
    kinds = {"AWS": value} if value == "*" else value
    if not isinstance(kinds, Mapping) or len(kinds) != 1:
        return ()
    [(kind, values)] = kinds.items()
    names = as_list(values)
    if not all(isinstance(each, str) for each in names):
        return ()
    found = tuple(dict.fromkeys(Principal.of(kind, each, partition) for each in names))
    if kind == "Service":
        return found if len(found) == 1 and _SERVICE.fullmatch(found[0].name) else ()
    if kind != "AWS" or (EVERYBODY in found and len(found) > 1):
        return ()
    known = all(each == EVERYBODY or is_account(each.name) or _is_of_account(each.name) for each in found)
    return found if known else ()


def _is_of_account(name: str) -> bool:
    arn = Arn.parse(name)
    if arn is None or not arn.is_principal or not is_account(arn.account):
        return False
    return is_partition(arn.partition) and bool(_PRINTABLE.fullmatch(arn.resource))


def _calls(
    effect: Json, principals: tuple[Principal, ...], others: Mapping[str, Sequence[str]], region: str
) -> Iterator[Granted]:
    """Yield the calls that may have written a statement, without their narrowing parameters.

    `others` are the values of condition keys that belong to no narrowing parameter.
    """
    organization = _only(others.get("aws:PrincipalOrgID"))
    if principals == (EVERYBODY,) and organization and is_organization(organization):
        method = "deny" if effect == "Deny" else "allow_organization"
        yield Granted(method, principals, organization=organization)
    if effect == "Deny":
        yield Granted("deny", principals)
    elif principals[0].kind == "Service":
        arn, account = _only(others.get("aws:SourceArn")), _only(others.get("aws:SourceAccount"))
        if arn and account and _is_pool_of(arn, account, principals[0].name, region):
            yield Granted("allow_cognito_user_pool", principals, source_arn=arn, source_account=account)
        if arn or account:
            yield Granted("allow_service", principals, source_arn=arn, source_account=account)
    elif all(is_account(each.name) for each in principals):
        yield Granted("allow_account", principals)
    elif principals != (EVERYBODY,):
        # No method for an Allow to everybody: it stays written out as a statement, so that people notice it.
        yield Granted("allow_principal", principals)


def _is_pool_of(text: str, account: str, service: str, region: str) -> bool:
    """Return whether a user pool may send through an identity in `region` as `service`.

    `text` has to be the ARN of a user pool of `account`.
    """
    arn = Arn.parse(text)
    if arn is None or arn.service != "cognito-idp" or not is_account(arn.account) or arn.account != account:
        return False
    if not (is_partition(arn.partition) and _REGION.fullmatch(arn.region) and _USER_POOL.fullmatch(arn.resource)):
        return False
    return not region_fault(arn.region, region) and service_of_pool(arn.region, region) == service


def _only(values: Sequence[str] | None) -> str | None:
    return values[0] if values and len(values) == 1 else None

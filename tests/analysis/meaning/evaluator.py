"""What SES allows, as far as AWS documents it: one request against an account's policies. It uses none of our code.

Who may call: `callers`. Which keys a request has: `keys`. How they are compared: `operators` and `variables`. Whose
policies count: `identities`. What AWS leaves open: `aws_reading`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from tests.analysis.meaning import keys
from tests.analysis.meaning.aws_reading import AwsReading
from tests.analysis.meaning.callers import Caller, accounts, means, principals
from tests.analysis.meaning.identities import covers, looked_at
from tests.analysis.meaning.operators import holds, like
from tests.analysis.meaning.variables import InvalidStatementError, are_variables, names, resolved

OWNER: Final = "111111111111"

Keys = Mapping[str, tuple[str, ...]]


class Policy(NamedTuple):
    """A policy on its identity.

    :param condition: the name of the template's condition that it depends on; empty if it depends on none.
    """

    account: str
    identity: str
    document: Mapping[str, Any]
    condition: str = ""


class Condition(NamedTuple):
    """An operator with a key and values, after the deploy."""

    operator: str
    key: str
    values: tuple[str, ...]
    has_variables: bool


@dataclass(frozen=True)
class Request:
    """A call.

    :param keys: the request's keys, by their names in lower case.
    """

    caller: Caller
    action: str
    identity: str
    keys: Keys

    @classmethod
    def of(cls, witness: Mapping[str, Any]) -> "Request":
        """Return the request that a witness describes in JSON."""
        caller = witness["caller"]
        has = {
            key.lower(): tuple(value) if isinstance(value, list) else (str(value),)
            for key, value in witness["keys"].items()
        }
        is_id = re.fullmatch(r"A(ROA|IDA)[A-Z0-9]+", caller["name"]) is not None
        sender = Caller(
            caller["kind"],
            caller["name"],
            caller["account"],
            own_iam=caller["own_iam"],
            id=caller["name"] if is_id else has.get("aws:userid", ("",))[0].partition(":")[0],
        )
        return cls(sender, witness["action"], witness["identity"], has)

    @property
    def address(self) -> str:
        """The sender's address."""
        return (*self.keys.get("ses:fromaddress", ()), "")[0]


def listed(value: Any) -> list[Any]:
    """Return the values of an element as a list, also if it has a single value."""
    return value if isinstance(value, list) else [value]


def deployed(policies: Iterable[Policy], world: AwsReading) -> list[Policy]:
    """Return the policies that exist after a deploy."""
    return [policy for policy in policies if not policy.condition or policy.condition in world.conditions]


def conditions(policy: Mapping[str, Any], statement: Mapping[str, Any], world: AwsReading) -> Iterator[Condition]:
    """Yield the conditions of a statement."""
    for operator, of_keys in statement.get("Condition", {}).items():
        for key, values in of_keys.items():
            texts = tuple(world.text(value) for value in listed(values))
            yield Condition(operator, key.lower(), texts, are_variables(policy.get("Version"), operator))


def acts(statement: Mapping[str, Any], action: str) -> bool:
    """Return whether a statement covers an action: `ses:` and `SES:` are the same, and so is the rest in any case."""
    return any(like(action.lower(), pattern.lower()) for pattern in listed(statement["Action"]))


def fulfils(condition: Condition, has: Keys, world: AwsReading) -> bool:
    """Return whether a request with these keys fulfils a condition."""
    try:
        values = [resolved(each, has, world) if condition.has_variables else each for each in condition.values]
    except InvalidStatementError:
        return False
    return holds(condition.operator, value_of(condition.key, has, world), values, world)


def value_of(key: str, has: Keys, world: AwsReading) -> tuple[str, ...]:
    """Return the request's values of a key."""
    empty = ("",) if world.missing_tag_is_empty and key.startswith("aws:principaltag/") else ()
    return has.get(key, empty)


def is_allowed(policies: Sequence[Policy], account: str, request: Request, world: AwsReading) -> bool:
    """Return whether the policies of an account allow a request."""
    back = (*request.keys.get("ses:feedbackaddress", ()), "")[0]
    if world.return_path_is_own and back and not covers(request.identity, back):
        return False
    policies = deployed(policies, world)
    looked = _looked_at([each.identity for each in policies if each.account == account], request, world)
    effects = {
        statement["Effect"]
        for policy in policies
        if (policy.account, policy.identity) == (account, looked)
        for statement in listed(policy.document["Statement"])
        if acts(statement, request.action)
        and means(principals(statement["Principal"], world), request.caller, account, statement["Effect"], world)
        and all(fulfils(each, request.keys, world) for each in conditions(policy.document, statement, world))
    }
    # "If either the identity-based policy or the resource-based policy within the same account allows the request and
    # the other doesn't, the request is still allowed."
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
    by_others = world.others_allow or (request.caller.account == account and request.caller.own_iam)
    return "Deny" not in effects and ("Allow" in effects or by_others)


def _looked_at(identities: Iterable[str], request: Request, world: AwsReading) -> str:
    if world.by_given_arn or not request.address:
        return request.identity
    return next(looked_at(request.address, set(identities), world), request.identity)


class Judgement(NamedTuple):
    """The result for a witness.

    :param why_not: why there can be no such request; empty if there can.
    """

    why_not: str
    before: bool
    after: bool


def judge(
    before: Sequence[Policy], after: Sequence[Policy], witness: Mapping[str, Any], world: AwsReading
) -> Judgement:
    """Return whether a witness is a possible request, and whether it is allowed before and after."""
    request = Request.of(witness)
    both = [*before, *after]
    why_not = "; ".join(_faults(request, both, world))
    found = [
        (is_allowed(before, account, request, world), is_allowed(after, account, request, world))
        for account in sorted({policy.account for policy in both})
    ]
    news = (False, True)
    return Judgement(why_not, *(news if news in found else found[0]))


def asked(policies: Iterable[Policy], world: AwsReading) -> set[str]:
    """Return the keys that policies use, in lower case."""
    return {
        key
        for policy in policies
        for statement in listed(policy.document["Statement"])
        for condition in conditions(policy.document, statement, world)
        for key in (condition.key, *(name for value in condition.values for name in names(value)))
    }


def _faults(request: Request, policies: Sequence[Policy], world: AwsReading) -> Iterator[str]:
    """Yield the reasons why there can be no such request."""
    caller = request.caller
    if caller.kind == "AWS" and caller.account not in caller.name and caller.name != caller.id:
        yield f"{caller.name} is not of account {caller.account}"
    if caller.kind == "AWS" and caller.name in ("*", *accounts(caller.account)[:1]):
        yield f"nobody is called {caller.name}"
    if caller.kind == "Service" and not re.fullmatch(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?|[a-z0-9.-]+", caller.name):
        yield f"no service is called {caller.name}"
    if "*" in request.action or not request.action.lower().startswith("ses:"):
        yield f"{request.action} is no action"
    if request.action.lower() in keys.MAILS and not covers(request.identity, request.address):
        yield f"{request.address!r} is no address of {request.identity}"
    for key, has in sorted(request.keys.items()):
        yield from _faults_of_key(request, key, has)
    looked = [each for each in policies if each.identity == request.identity or covers(each.identity, request.address)]
    for key in sorted(asked(looked, world) - request.keys.keys()):
        if keys.is_there(key, caller.sort, request.action)[1] and not (
            key == "aws:userid" and caller.name == caller.id
        ):
            yield f"a policy asks for {key}, which every such request has"
    networks = request.keys.keys() & {"aws:sourceip", "aws:sourcevpce"}
    if len(networks) > 1:
        yield "a request comes from an address or through a VPC endpoint"


def _faults_of_key(request: Request, key: str, has: tuple[str, ...]) -> Iterator[str]:
    known = keys.found(key)
    if known is None:
        yield f"no key {key} is documented"
        return
    if not keys.is_there(key, request.caller.sort, request.action)[0]:
        yield f"{request.action} by a {request.caller.sort} has no {key}"
    if len(has) != 1 and not (known.is_multivalued and has):
        yield f"{key} has one value, and not {list(has)}"
    said = request.caller.says().get(key, has)
    if said != has and not (key == "aws:principalarn" and request.caller.is_session_of(has[0])):
        yield f"{key} of {request.caller.name} is {said[0]}, and not {has[0]}"
    if key in FORMS and not all(re.fullmatch(FORMS[key], each) for each in has):
        yield f"{key} is never {list(has)}"


# The form of each key's values.
FORMS: Final = {
    "aws:currenttime": r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?",
    "aws:epochtime": r"\d+",
    "aws:securetransport": "true|false",
    "aws:viaawsservice": "true|false",
    "aws:multifactorauthpresent": "true|false",
    "aws:multifactorauthage": r"\d+",
    "aws:sourceip": r"[0-9.]+|[0-9a-fA-F:.]+",
    "aws:vpcsourceip": r"[0-9.]+|[0-9a-fA-F:.]+",
    "aws:sourceaccount": r"\d{12}",
    "aws:principalaccount": r"\d{12}",
    "aws:sourcearn": r"arn:[^:]*:[^:]*:[^:]*:[^:]*:.+",
    "aws:sourcevpce": r"vpce-.+",
    "aws:sourcevpc": r"vpc-.+",
    "aws:principalorgid": r"o-[a-z0-9]+",
    "ses:recipients": r"[^@]+@[^@]+",
    "ses:feedbackaddress": r"[^@]+@[^@]+",
}

"""A grant as one plain sentence. Two grants have the same sentence if, and only if, they allow or deny the same."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from ses_sending_policy.analysis.grants.condition_words import Part, Told, has_space, member, partition_of, shown_of
from ses_sending_policy.analysis.grants.grant import CURRENT, NOT, UNKNOWN, Grant
from ses_sending_policy.analysis.grants.quoting import listed, shown
from ses_sending_policy.analysis.grants.spelling import condition_in_one_spelling
from ses_sending_policy.analysis.reading.intrinsics import is_known
from ses_sending_policy.analysis.requests.pattern import like
from ses_sending_policy.analysis.requests.texts import is_within
from ses_sending_policy.rules.actions import SENDING_ACTIONS, usual_actions
from ses_sending_policy.rules.arns import OWN_ACCOUNT, Arn, is_account

# There are no other kinds of principals.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
_KINDS: Final = {"AWS": "principal", "Service": "service"} | {kind: kind for kind in ("Federated", "CanonicalUser")}

_SENDING: Final = {action.lower(): action for action in SENDING_ACTIONS}
_ALL: Final = "ses:*"


# Cached, because a change uses its sentences more than once: to sort the changes, and to show both sides.
@lru_cache(maxsize=1024)
def sentence(grant: Grant) -> str:
    """Return who may send as what, under which conditions: in lower case, and without a full stop.

    An account that may send from some addresses is `account 222222222222 may send as *@news.example.com`.
    """
    if grant.effect == UNKNOWN:
        named = f": {shown(grant.principal)}" if grant.principal != UNKNOWN else ""
        return f"only the deploy knows who may send as {grant.identity}{named}"
    told = _told(grant)
    origins = [each.text for each in told if each.part is Part.ORIGIN]
    senders = [each.text for each in told if each.part is Part.SENDER] or [any_address(grant.identity)]
    clause = [
        _subject(grant),
        *([" and ".join(origins)] if origins else []),
        _verb(grant),
        senders[0],
        *(each.text for each in told if each.part is Part.BUT),
        *([f"{'or' if grant.effect == 'Deny' else 'and'} manage the identity"] if _does_all(grant) else []),
    ]
    more = [*(f"and only {each}" for each in senders[1:]), *(each.text for each in told if each.part is Part.MORE)]
    return ", ".join([" ".join(clause), *more, *_rest(grant)])


def _told(grant: Grant) -> list[Told]:
    """Return the words for the conditions, each once and in one order, whatever order the document has."""
    conditions = {condition_in_one_spelling(each) for each in grant.conditions}
    ordered = sorted(conditions, key=lambda each: (each.key, each.operator, each.values))
    return sorted((Told.of(each, grant) for each in ordered), key=lambda each: each.place)


def _rest(grant: Grant) -> Iterator[str]:
    """Yield the words for what follows the readable conditions: unknown conditions, resources and the Version."""
    if grant.is_open:
        names = f": {listed(grant.open_conditions, 'and')}" if grant.open_conditions else ""
        yield f"under conditions that only the deploy knows{names}"
    excepted = [each.removeprefix(f"{NOT} ") for each in grant.resources if each.startswith(f"{NOT} ")]
    named = [each for each in grant.resources if not each.startswith(f"{NOT} ")]
    for resources, words in ((named, "on resource"), (excepted, "on any resource but")):
        if resources:
            yield f"{words} {listed(resources, show=lambda each: shown_of(each, grant))}"
    if grant.version != CURRENT and not grant.has_plain_variables:
        yield f"with variables as by the Version {shown(grant.version)}"


def _subject(grant: Grant) -> str:
    if grant.excepted:
        return f"everybody but {' and '.join(dict.fromkeys(who(*each) for each in grant.excepted))}"
    named = who(grant.kind, grant.principal)
    return "nobody" if named == "everybody" and grant.effect == "Deny" else named


def who(kind: str, principal: str) -> str:
    """Return the words for a principal."""
    if principal == UNKNOWN:
        return "somebody whom only the deploy knows"
    if kind == UNKNOWN:
        return f"whoever {shown(principal)} is"
    if kind in ("AWS", "*") and principal == "*":
        return "everybody"
    of_account = _of_account(principal) if kind == "AWS" else ""
    return of_account or f"{_KINDS.get(kind, f'principal of kind {shown(kind)}')} {shown(principal)}"


def _of_account(principal: str) -> str:
    """Return the words for a principal that is an account or in one; empty for any other."""
    if is_account(principal) or principal == OWN_ACCOUNT:
        return f"account {principal}"
    arn = Arn.parse(principal)
    if arn and arn.whole_account and not has_space(arn):
        return f"account {arn.account}{partition_of(arn)}"
    return member(principal)


def _may(grant: Grant) -> str:
    # The subjects "everybody" and "nobody" already tell whether the grant allows or denies, so both take "may".
    if grant.effect == "Allow" or _subject(grant) == "nobody":
        return "may"
    if grant.effect == "Deny":
        return "may not"
    return f"may or may not by the Effect {shown(grant.effect)}" if is_known(grant.effect) else "may or may not"


def _verb(grant: Grant) -> str:
    may = _may(grant)
    named, excepted = _named(grant), _excepted(grant)
    if excepted:
        also = f"{listed(named, 'and')} and " if named else ""
        return f"{may} call {also}everything but {listed(excepted, 'and')}"
    usual = usual_actions(denies=grant.effect == "Deny")
    if _does_all(grant) or set(named) == set(usual):
        return f"{may} send"
    return (
        f"{may} {'send with' if all(action.lower() in _SENDING for action in named) else 'call'} {listed(named, 'and')}"
    )


def _named(grant: Grant) -> list[str]:
    return _spelled(each for each in grant.actions if not each.startswith(f"{NOT} "))


def _excepted(grant: Grant) -> list[str]:
    return _spelled(each.removeprefix(f"{NOT} ") for each in grant.actions if each.startswith(f"{NOT} "))


def _does_all(grant: Grant) -> bool:
    return _named(grant) == [_ALL] and not _excepted(grant)


def _spelled(actions: Iterable[str]) -> list[str]:
    """Return actions in one spelling, without those that another one of them includes."""
    found: dict[str, str] = {}
    for each in sorted(actions):
        lower = each.lower() if is_known(each) else each
        found.setdefault(lower, _SENDING.get(lower, each))
    if any(_covers(each, _ALL) for each in found):
        return [_ALL]
    return [
        name
        for each, name in found.items()
        if not any(_covers(other, each) and (other < each or not _covers(each, other)) for other in found)
    ]


# Cached, because all policies together have few actions.
@lru_cache(maxsize=4096)
def _covers(pattern: str, action: str) -> bool:
    is_read = is_known(pattern) and is_known(action) and pattern != action
    return pattern == action == _ALL or (is_read and is_within(like(action), like(pattern)))


def any_address(identity: str) -> str:
    """Return words such as `as any address of example.com`, for a grant that does not limit the sender's address."""
    return f"as {identity}" if "@" in identity or not is_known(identity) else f"as any address of {identity}"

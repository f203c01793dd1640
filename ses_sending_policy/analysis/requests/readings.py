"""The sets of assumptions about what AWS leaves open, and which values a key may have under each of them.

A request that a review reports relies only on what AWS documents. A proof that there is none holds under all
assumptions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

from ses_sending_policy.analysis.requests.caller import ANY_SENDER, Caller, TargetIdentity
from ses_sending_policy.analysis.requests.clause import Clause, keys_of
from ses_sending_policy.analysis.requests.key_condition import Assumptions
from ses_sending_policy.analysis.requests.keys import (
    MESSAGE,
    TAG,
    UNTOLD_OF_SERVICES,
    Count,
    Presence,
    is_unlisted,
    key_of,
    one_name,
)
from ses_sending_policy.analysis.requests.pattern import ANY_TEXT, Pattern, exactly
from ses_sending_policy.analysis.requests.solution import Domain
from ses_sending_policy.rules.conditions import has_wildcard

# The keys of a message whose values may have any form under some assumptions; the sender's still has to be an address.
_OF_MAIL: Final = ("ses:fromaddress", "ses:feedbackaddress", "ses:recipients")
_USERNAME: Final = "aws:username"
# The keys that a request may have with other values than a reported request can have.
_DIFFERENT: Final = MESSAGE | UNTOLD_OF_SERVICES | {_USERNAME}


def readings(clauses: Sequence[Clause], target: TargetIdentity) -> Iterator[Assumptions]:
    """Yield the sets of assumptions that make a difference to `clauses`; those for finding requests come first."""
    conditions = [each for clause in clauses for each in clause.conditions]
    everybody = any((each.kind, each.principal) == ("AWS", "*") for each in clauses)
    lists = any(not each.quantifier and key_of(one_name(each.key), "").count is Count.MANY for each in conditions)
    arns = any(each.comparison.startswith("Arn") for each in conditions)
    # True if it makes a difference that unknown things may be anything: a value that only the deploy knows; what an
    # administrator of the owner's account passes on; actions that AWS adds; a sender of another identity, if this
    # identity is the return path's; a missing tag as an empty text; a key that AWS does not list.
    is_open = (
        not target.owner
        or any(each.is_open or each.principal == target.owner or has_wildcard(each.action) for each in clauses)
        or any(one_name(key) in _DIFFERENT or one_name(key).startswith(TAG) for key in keys_of(conditions))
    )
    choices = product(
        (True, False) if is_open else (True,),
        (False, True) if everybody else (False,),
        (True, False) if lists else (True,),
        (False, True) if arns else (False,),
    )
    return (Assumptions(*each) for each in choices)


def domain_of(
    assumed: Assumptions, caller: Caller, key: str, action: str, target: TargetIdentity, *, as_sender: bool
) -> Domain:
    """Return which values a key may have in the requests of `caller`.

    :param assumed: the assumptions about what AWS leaves open.
    :param key: the key's name, as `one_name` gives it.
    :param as_sender: whether the sender's address is always one of the identity, as it is in all reported requests.
    """
    domain = caller.domain(key, action, target)
    if assumed.references_differ:
        return _told(domain, caller, key, action)
    return _possible(domain, key, target.in_any_case if as_sender else ANY_SENDER)


def _told(domain: Domain, caller: Caller, key: str, action: str) -> Domain:
    # "This key is included in the request context if the principal is using an IAM user with attached tags. It is
    # included for a principal using an IAM role with attached tags or session tags."
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    is_tag_of_root = key.startswith(TAG) and caller.sort == "root"
    if is_unlisted(key, action) or is_tag_of_root or (caller.kind == "Service" and key in UNTOLD_OF_SERVICES):
        return replace(domain, presence=Presence.NEVER)
    # "Names of users, groups, roles, and instance profiles must be unique within the account."
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    others = {each.rpartition("/")[2] for each in caller.but if key == _USERNAME and ":user/" in each}
    return replace(domain, but=(*domain.but, *map(exactly, sorted(others))))


def _possible(domain: Domain, key: str, senders: tuple[Pattern, ...]) -> Domain:
    if key in _OF_MAIL:
        domain = replace(domain, patterns=senders if key == "ses:fromaddress" else (ANY_TEXT,), rather=())
    if domain.presence is Presence.NEVER and key.startswith(TAG):
        # Under these assumptions, a missing tag may count as an empty text.
        return replace(domain, presence=Presence.PERHAPS, patterns=(exactly(""),))
    return domain

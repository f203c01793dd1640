"""Whether a clause holds for a caller, by the clause's principal."""

from typing import Final

from ses_sending_policy.analysis.requests.caller import Caller
from ses_sending_policy.analysis.requests.clause import OF_ACCOUNTS, Clause
from ses_sending_policy.analysis.requests.key_condition import Assumptions, KeyCondition, has_reference, switch
from ses_sending_policy.rules.arns import Arn

# Kinds of principals each of whose callers no other kind names. `*` names callers of other kinds, but it is of the kind
# AWS.
_APART: Final = frozenset({"Service", "Federated", "CanonicalUser"})


def is_named(clause: Clause, caller: Caller, assumed: Assumptions) -> bool | KeyCondition:
    """Return whether `clause` is about `caller`, by its principal; or a switch, if no request shows that."""
    name = clause.principal
    if clause.kind == "AWS" and name == "*":
        return caller.kind != "Service" or assumed.services_in_everybody
    if (clause.kind, name) == (caller.kind, caller.name):
        return True
    if clause.kind == "AWS" and caller.kind in OF_ACCOUNTS and name and name == caller.account:
        if clause.effect != "Allow" or not caller.is_owner or caller.sort == "root":
            return True
        # In the owner's own account, what the account is allowed counts only if an administrator passes it on. And the
        # administrator may pass on the same without the policy.
        return False if assumed.references_differ else switch(f"account {name} passes it on")
    is_open = has_reference(name) or has_reference(caller.name) or not clause.kind.isalpha()
    is_apart = clause.kind in _APART and caller.kind in (_APART | OF_ACCOUNTS) - {clause.kind}
    if not is_open or is_apart or assumed.references_differ:
        return _is_role_of(name, caller.name)
    return switch(f"{caller.name or caller.account or 'somebody'} is {name}")


def _is_role_of(name: str, session: str) -> bool:
    """Return whether `session` is the ARN of a session of the role with the ARN `name`."""
    mine, arn = Arn.parse(session), Arn.parse(name)
    if not (mine and arn and mine.member and arn.member and mine.account == arn.account):
        return False
    is_session = mine.member[0] == "assumed-role" and arn.member[0] == "role"
    return is_session and mine.member[1].partition("/")[0] == arn.member[1].rpartition("/")[2]

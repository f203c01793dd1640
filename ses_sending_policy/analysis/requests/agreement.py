"""Make the keys of a request agree: some belong to one caller, source or network, though a search ignores that."""

from collections.abc import Callable, Mapping

from ses_sending_policy.analysis.requests.key_condition import Assumptions, KeyCondition, TextPatterns
from ses_sending_policy.analysis.requests.pattern import arn_like, exactly
from ses_sending_policy.analysis.requests.solution import Domain, Literal, Values, solution
from ses_sending_policy.rules.arns import Arn


def agree(
    literals: Mapping[str, frozenset[Literal]],
    values: dict[str, Values | None],
    domain: Callable[[str], Domain],
    assumed: Assumptions,
) -> bool:
    """Make the keys of a request belong to one caller and one source, and return whether that was possible.

    :param literals: by key, the conditions that have to hold or not to hold.
    :param values: the request's values by key; they may be changed to others that fit the literals as well.
    :param domain: gives what a key may be.
    :param assumed: the reading.
    """
    pairs = (("aws:principalarn", "aws:principalaccount"), ("aws:sourcearn", "aws:sourceaccount"))
    for arn, account in pairs:
        whole = Arn.parse((values.get(arn) or ("",))[0])
        told = values.get(account)
        if whole and whole.account and told and whole.account != told[0]:
            name = f"of {told[0]} and {whole}"
            like_other = TextPatterns((*filter(None, [arn_like(f"arn:*:*:*:{told[0]}:*")]),))
            # Try an ARN in the other key's account, or else the ARN's account. Either still has to fit its literals.
            same = (
                KeyCondition(arn, name, like_other),
                KeyCondition(account, name, TextPatterns((exactly(whole.account),))),
            )
            if not any(_is_made_so(each, literals, values, domain, assumed) for each in same):
                return False
    network = [values.get(f"aws:{each}") for each in ("sourceip", "sourcevpc", "sourcevpce", "vpcsourceip")]
    # "This key is included in the request context, except when the requester uses a VPC endpoint."
    if network[0] and any(network[1:]):
        return False
    name = (values.get("aws:username") or ("",))[0]
    caller = (values.get("aws:principalarn") or ("",))[0]
    return not name or not caller or caller.rpartition("/")[2] == name


def _is_made_so(
    same: KeyCondition,
    literals: Mapping[str, frozenset[Literal]],
    values: dict[str, Values | None],
    domain: Callable[[str], Domain],
    assumed: Assumptions,
) -> bool:
    found = solution(domain(same.key), literals.get(same.key, frozenset()) | {(same, True)}, assumed)
    if found.values:
        values[same.key] = found.values
    return bool(found.values)

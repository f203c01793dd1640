"""Make the keys of a request agree. The search ignores that some keys belong to the same caller, source or network."""

from collections.abc import Callable, Mapping

from ses_sending_policy.analysis.requests.key_condition import Assumptions, KeyCondition, TextPatterns
from ses_sending_policy.analysis.requests.pattern import arn_like, exactly
from ses_sending_policy.analysis.requests.solution import Domain, Requirement, Values, solution
from ses_sending_policy.rules.arns import Arn


def agree(
    requirements: Mapping[str, frozenset[Requirement]],
    values: dict[str, Values | None],
    domain: Callable[[str], Domain],
    assumed: Assumptions,
) -> bool:
    """Make the keys of a request belong to one caller, one source and one network; return whether that was possible.

    :param requirements: by key, the conditions that have to hold or not to hold.
    :param values: the request's values by key; the function may change them to others that fulfil the conditions as
        well.
    :param domain: a function that returns which values a key may have.
    :param assumed: the assumptions about what AWS leaves open.
    """
    pairs = (("aws:principalarn", "aws:principalaccount"), ("aws:sourcearn", "aws:sourceaccount"))
    for arn, account in pairs:
        whole = Arn.parse((values.get(arn) or ("",))[0])
        told = values.get(account)
        if whole and whole.account and told and whole.account != told[0]:
            name = f"of {told[0]} and {whole}"
            like_other = TextPatterns((*filter(None, [arn_like(f"arn:*:*:*:{told[0]}:*")]),))
            # Try an ARN in the account that the other key names, or else the ARN's account for that key. The new value
            # has to fulfil the conditions on its key.
            same = (
                KeyCondition(arn, name, like_other),
                KeyCondition(account, name, TextPatterns((exactly(whole.account),))),
            )
            if not any(_is_made_so(each, requirements, values, domain, assumed) for each in same):
                return False
    network = [values.get(f"aws:{each}") for each in ("sourceip", "sourcevpc", "sourcevpce", "vpcsourceip")]
    # Of aws:SourceIp: "This key is included in the request context, except when the requester uses a VPC endpoint."
    if network[0] and any(network[1:]):
        return False
    name = (values.get("aws:username") or ("",))[0]
    caller = (values.get("aws:principalarn") or ("",))[0]
    return not name or not caller or caller.rpartition("/")[2] == name


def _is_made_so(
    same: KeyCondition,
    requirements: Mapping[str, frozenset[Requirement]],
    values: dict[str, Values | None],
    domain: Callable[[str], Domain],
    assumed: Assumptions,
) -> bool:
    found = solution(domain(same.key), requirements.get(same.key, frozenset()) | {(same, True)}, assumed)
    if found.values:
        values[same.key] = found.values
    return bool(found.values)

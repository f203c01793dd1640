"""Checks the values of a document that only the deploy knows against the rules of the synth, before any write."""

from collections.abc import Mapping
from typing import Any

from provider.failures import Failure, Reason
from provider.fence import Fence
from provider.json_log import JsonLog
from provider.owner import Owner
from provider.ses import NotFoundError
from ses_sending_policy.rules.ownership import PhysicalId
from ses_sending_policy.rules.wire import Declaration, read_acknowledged, read_unknown


def refusal(properties: Mapping[str, Any], wanted: Declaration, log: JsonLog) -> Failure | None:
    """Return the failure if a rule refuses the `wanted` document; None if no rule does, or if synth knew all values."""
    unknown = read_unknown(properties)
    if not unknown:
        return None
    # Imported here, so that an event without unknown values does not pay for the import.
    from ses_sending_policy.analysis.findings.at_deploy import refusals  # noqa: PLC0415 - see above

    identity, acknowledged = wanted.target.identity.name, read_acknowledged(properties)
    found = refusals(wanted.document.elements, identity, unknown, acknowledged)
    if not found:
        return None
    log.write("rules refuse it", findings=[f"{each.rule}: {each.message}" for each in found])
    return Failure(Reason.INVALID_DECLARATION, found[0].sentence)


def surely_held(wanted: Declaration, known: PhysicalId | None, fence: Fence, owner: Owner) -> bool:
    """Return whether SES holds the `wanted` document, also under the old name; reads twice, as one may be stale."""
    names = [wanted.target]
    if known is not None and known.target.identity == wanted.target.identity:
        names.append(known.target)
    for name in dict.fromkeys(names):
        try:
            look = fence.sure_look(name)
            if owner.says(wanted, look.live) and owner.says(wanted, fence.later_look(name, look).live):
                return True
        except NotFoundError:
            # Without the identity there is no policy.
            return False
    return False

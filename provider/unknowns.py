"""What only the deploy knows of a document, held against the rules of the synth before anything is written."""

from collections.abc import Mapping
from typing import Any

from provider.fence import Fence
from provider.json_log import JsonLog
from provider.owner import Owner
from provider.reasons import Failure, Reason
from provider.ses import NotFoundError
from ses_sending_policy.rules.ownership import PhysicalId
from ses_sending_policy.rules.wire import Declaration, read_acknowledged, read_unknown


def refusal(properties: Mapping[str, Any], wanted: Declaration, log: JsonLog) -> Failure | None:
    """Return why what is `wanted` must not be deployed; None where nothing keeps it, or synth knew all of it."""
    unknown = read_unknown(properties)
    if not unknown:
        return None
    # Who has none pays nothing for them.
    from ses_sending_policy.analysis.findings.at_deploy import refusals  # noqa: PLC0415 - see above

    identity, acknowledged = wanted.target.identity.name, read_acknowledged(properties)
    found = refusals(wanted.document.elements, identity, unknown, acknowledged)
    if not found:
        return None
    log.write("rules refuse it", findings=[f"{each.rule}: {each.message}" for each in found])
    return Failure(Reason.INVALID_DECLARATION, found[0].sentence)


def is_held(wanted: Declaration, known: PhysicalId | None, fence: Fence, owner: Owner) -> bool:
    """Return whether SES holds what is `wanted`, also under the name of before: seen twice, for a read may be old."""
    names = [wanted.target]
    if known is not None and known.target.identity == wanted.target.identity:
        names.append(known.target)
    for name in dict.fromkeys(names):
        try:
            look = fence.sure_look(name)
            if owner.says(wanted, look.live) and owner.says(wanted, fence.later_look(name, look).live):
                return True
        except NotFoundError:
            # No identity, no policy.
            return False
    return False

"""Deletes or releases policies, and undoes what an event did to policies that were not its owner's before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from provider.event_monitor import OvertakenError
from provider.failures import Failure
from provider.fence import ExpiredError, Fence, Look
from provider.json_log import JsonLog
from provider.ses import NotFoundError
from ses_sending_policy.rules.decisions import Drop
from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.errors import SendingPolicyError
from ses_sending_policy.rules.ownership import Target


@dataclass(frozen=True, slots=True)
class Trace:
    """A write of an event to a policy that the event's resource did not own before, kept so that it can be undone.

    :param target: the policy.
    :param before: the policy's text before; None if there was no policy.
    """

    target: Target
    before: str | None


def drop(target: Target, look: Look, how: Drop, fence: Fence, log: JsonLog, *, former: str = "") -> None:
    """Delete, release or leave a policy; raise `ExpiredError` if the look is too old when the write is sent.

    :param former: the `Id` that a released policy gets. Default: - it gets no `Id`.
    """
    if how is Drop.DELETE:
        try:
            fence.delete(target, look)
        except NotFoundError:
            how = Drop.NOTHING
    elif how is Drop.RELEASE and look.live is not None:
        how = _released(target, look, look.live.with_id(former), fence, log)
    log.write(f"policy {how.value}", of=target, owner=look.live.owner if look.live else None)


def _released(target: Target, look: Look, text: str, fence: Fence, log: JsonLog) -> Drop:
    try:
        fence.update(target, text, look)
    except NotFoundError:
        return Drop.NOTHING
    except ExpiredError:
        raise
    except Failure as failure:
        log.write("release refused", of=target, error=failure.whole)
        return Drop.LEAVE
    return Drop.RELEASE


def undo(
    traces: Sequence[Trace], fence: Fence, is_ours: Callable[[LivePolicy | None], bool], log: JsonLog
) -> list[Target]:
    """Undo writes of an event, the last one first, and return the policies for which that failed.

    :param traces: the writes to undo.
    :param fence: reads and writes SES.
    :param is_ours: tells whether a live policy is this owner's.
    :param log: gets a line for each write.
    """
    left: list[Target] = []
    for trace in reversed(traces):
        try:
            done = _take_back(trace, fence, is_ours)
        except NotFoundError:
            done = "nothing there"
        except OvertakenError:
            raise
        except SendingPolicyError as failure:
            log.write("not taken back", of=trace.target, error=str(failure))
            if trace.target not in left:
                left.append(trace.target)
            continue
        log.write(f"taken back: {done}", of=trace.target)
    return left


def _take_back(trace: Trace, fence: Fence, is_ours: Callable[[LivePolicy | None], bool]) -> str:
    while True:
        look = fence.sure_look(trace.target)
        if not is_ours(look.live) and not _is_released(trace, look.live):
            return "not ours any more"
        try:
            if trace.before is None:
                fence.delete(trace.target, look)
                return "deleted"
            fence.update(trace.target, trace.before, look)
        except ExpiredError:
            continue
        return "written as before"


def _is_released(trace: Trace, live: LivePolicy | None) -> bool:
    """Return whether the Delete of a cancelled event has already released the policy: only its `Id` is gone."""
    if live is None or trace.before is None:
        return False
    before = LivePolicy(trace.before)
    return bool(before.id) and LivePolicy(before.with_id("")).elements == live.elements

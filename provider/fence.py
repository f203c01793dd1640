"""Guards every write to SES: a write is sent only while the read that led to it, called the look, is fresh enough.

SES has no conditional write. So a write is decided on a look at the policy, and is sent only within `LOOK_SECONDS` of
that look; after that the policy is looked at again. docs/lifecycle.md describes the races that remain.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from provider.event_monitor import WORD_SECONDS, EventMonitor
from provider.failures import Failure, Reason
from provider.retry_policy import CALL_LIMIT_SECONDS
from provider.ses import AlreadyExistsError, LimitExceededError, NotFoundError, Policies
from ses_sending_policy.rules.clock import Deadline
from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.ownership import Target

LOOK_SECONDS: Final = 30.0
"""The age up to which a look allows a write to be sent, in seconds: docs/decisions has the costs of other values."""

STALE_SECONDS: Final = 3.0
"""How long after a write a read may still show the old policy. Unknown for SES; other services take up to 2.7 s."""

HOLD_SECONDS: Final = LOOK_SECONDS + CALL_LIMIT_SECONDS
"""After this many seconds, no write can reach SES any more that another function decided on by an earlier look."""


class ExpiredError(Failure):
    """The look is too old to write on: the caller must look again."""

    def __init__(self) -> None:
        super().__init__(Reason.THROTTLED, "SES let no write through while the look at it was fresh; deploy again")


@dataclass(frozen=True, slots=True)
class Look:
    """A policy as it was at SES.

    :param live: the policy; None if there was none.
    :param began: when the call that read it began, in seconds of the function's clock.
    """

    live: LivePolicy | None
    began: float


class Fence:
    """Reads and writes SES's policies on behalf of one event.

    :param policies: SES's policies; its calls have to run `before_try` before each try.
    :param monitor: tells whether CloudFormation still wants the event.
    :param deadline: the end of the event's time.
    :param needed: the seconds that must be left for a call to start.
    """

    def __init__(self, policies: Policies, monitor: EventMonitor, deadline: Deadline, needed: float) -> None:
        self._policies = policies
        self._monitor = monitor
        self._deadline = deadline
        self._needed = needed
        self._clock = deadline.clock
        self._born = self._clock.now()
        # The time from which on a read shows what this event wrote.
        self._shown = float("-inf")
        self._tried = self._born
        self._written_on: Look | None = None
        self.wrote: set[Target] = set()
        """The policies that this event wrote or deleted, or may have."""

    def before_try(self) -> None:
        """Raise `ExpiredError` or `OvertakenError` if the next try of a call must not be made."""
        self._monitor.ask_if_due()
        if self._written_on is not None:
            self._monitor.confirm()
            if self._clock.now() - self._written_on.began > LOOK_SECONDS:
                raise ExpiredError
        self._tried = self._clock.now()

    def look(self, target: Target, *, after: float = float("-inf")) -> Look:
        """Read the policy; raise `NotFoundError` if SES does not have the identity.

        :param after: the earliest time to read. Default: - as soon as a read shows what this event wrote.
        """
        rest = max(self._shown, after) - self._clock.now()
        if rest > 0:
            self._clock.sleep(rest)
        text = self._policies.read(target)
        return Look(None if text is None else LivePolicy(text), self._tried)

    def sure_look(self, target: Target) -> Look:
        """Read the policy; if there is none, read again once a write from before this event must be visible."""
        look = self.look(target)
        shown = self._born + STALE_SECONDS
        return look if look.live is not None or look.began >= shown else self.look(target, after=shown)

    def later_look(self, target: Target, look: Look) -> Look:
        """Read the policy again, once a write from before `look` must be visible."""
        return self.look(target, after=look.began + STALE_SECONDS)

    def create(self, target: Target, text: str) -> None:
        """Create the policy; raise `NotFoundError`, `AlreadyExistsError`, `LimitExceededError` or `Failure`."""
        with self._writing(target, None):
            self._policies.create(target, text)

    def update(self, target: Target, text: str, look: Look | None) -> None:
        """Write the policy; raise `ExpiredError` if `look` is too old by then. None as `look` is never too old."""
        with self._writing(target, look):
            self._policies.update(target, text)

    def delete(self, target: Target, look: Look) -> None:
        """Delete the policy; raise `ExpiredError` if `look` is too old when the call is sent."""
        with self._writing(target, look):
            self._policies.delete(target)

    def has_time(self) -> bool:
        """Return whether there is time left for another call."""
        return self._deadline.left() > self._needed

    def wait(self, seconds: float) -> None:
        """Sleep for `seconds`."""
        self._clock.sleep(seconds)

    def check_time_to_hold(self) -> None:
        """Raise `Failure` if there is not enough time left for `hold` and the call after it."""
        if self._deadline.left() <= HOLD_SECONDS + self._needed:
            raise Failure(
                Reason.OUT_OF_TIME,
                f"a policy that is taken over is read again after {HOLD_SECONDS:g} seconds, and the function's time is "
                "up before that; deploy again, or give its provider a longer timeout",
            )

    def hold(self) -> None:
        """Wait until no write can reach SES any more that another function decided on by a look from before now.

        Raise `OvertakenError` as soon as it turns out that CloudFormation has gone on without this event.
        """
        end = self._clock.now() + HOLD_SECONDS
        while (rest := end - self._clock.now()) > 0:
            self._clock.sleep(min(rest, WORD_SECONDS))
            self._monitor.confirm()

    @contextmanager
    def _writing(self, target: Target, look: Look | None) -> Iterator[None]:
        self._written_on = look
        done = True
        try:
            yield
        except (Failure, AlreadyExistsError) as error:
            done = error.doubtful
            raise
        except (NotFoundError, LimitExceededError):
            done = False
            raise
        finally:
            self._written_on = None
            if done:
                self.wrote.add(target)
                self._shown = self._clock.now() + STALE_SECONDS

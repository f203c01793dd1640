"""The fence around every write: a look at SES that is fresh enough to write on, and late enough to be believed.

SES cannot compare and write in one step. So a decision is made on a look, and the write that follows from it is sent
only while nobody else can have done much since; after that SES is looked at again. docs/lifecycle.md has what remains.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from provider.event_monitor import WORD_SECONDS, EventMonitor
from provider.pace import CALL_LIMIT_SECONDS
from provider.reasons import Failure, Reason
from provider.ses import AlreadyExistsError, LimitExceededError, NotFoundError, Policies
from ses_sending_policy.rules.clock import Deadline
from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.ownership import Target

LOOK_SECONDS: Final = 30.0
"""How old a look may be when what was decided on it is sent. docs/decisions has what shorter and longer ones cost."""

STALE_SECONDS: Final = 3.0
"""For how long a read may show what was there before a write. Nobody knows it of SES; others take up to 2.7 s."""

HOLD_SECONDS: Final = LOOK_SECONDS + CALL_LIMIT_SECONDS
"""After this time nothing arrives any more that was decided on a look from before."""


class ExpiredError(Failure):
    """The look is too old: whoever wanted to write on it looks again."""

    def __init__(self) -> None:
        super().__init__(Reason.THROTTLED, "SES let no write through while the look at it was fresh; deploy again")


@dataclass(frozen=True, slots=True)
class Look:
    """A policy as it was at SES.

    :param live: the policy; None where there was none.
    :param began: when the call began that showed it, in seconds of the function's clock.
    """

    live: LivePolicy | None
    began: float


class Fence:
    """SES's policies, as one event may look at them and write them.

    :param policies: SES; its calls tell `before_try` of each try.
    :param monitor: tells whether CloudFormation still wants it.
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
        # From when on a read shows what this event wrote.
        self._shown = float("-inf")
        self._tried = self._born
        self._written_on: Look | None = None
        self.wrote: set[Target] = set()
        """What this event wrote or deleted, or may have."""

    def before_try(self) -> None:
        """Raise where a try must not be made now: `ExpiredError`, or `OvertakenError` of the watch."""
        self._monitor.waited()
        if self._written_on is not None:
            self._monitor.confirm()
            if self._clock.now() - self._written_on.began > LOOK_SECONDS:
                raise ExpiredError
        self._tried = self._clock.now()

    def look(self, target: Target, *, after: float = float("-inf")) -> Look:
        """Return the policy as it is; raise `NotFoundError` without the identity.

        :param after: not before this moment. Default: - as soon as a read shows what this event wrote.
        """
        rest = max(self._shown, after) - self._clock.now()
        if rest > 0:
            self._clock.sleep(rest)
        text = self._policies.read(target)
        return Look(None if text is None else LivePolicy(text), self._tried)

    def sure_look(self, target: Target) -> Look:
        """Do the same, but believe that there is none only once a read shows what was there before the event."""
        look = self.look(target)
        shown = self._born + STALE_SECONDS
        return look if look.live is not None or look.began >= shown else self.look(target, after=shown)

    def later_look(self, target: Target, look: Look) -> Look:
        """Return the policy as it is once a read shows what was there at the time of `look`."""
        return self.look(target, after=look.began + STALE_SECONDS)

    def create(self, target: Target, text: str) -> None:
        """See `Policies.create`."""
        with self._writing(target, None):
            self._policies.create(target, text)

    def update(self, target: Target, text: str, look: Look | None) -> None:
        """See `Policies.update`; raise `ExpiredError` where `look` is too old by then, None never is."""
        with self._writing(target, look):
            self._policies.update(target, text)

    def delete(self, target: Target, look: Look) -> None:
        """See `Policies.delete`; raise as `update`."""
        with self._writing(target, look):
            self._policies.delete(target)

    def has_time(self) -> bool:
        """Return whether a call may still start."""
        return self._deadline.left() > self._needed

    def wait(self, seconds: float) -> None:
        """Come back after `seconds`."""
        self._clock.sleep(seconds)

    def check_time_to_hold(self) -> None:
        """Raise `Failure` where the time does not suffice for `hold` and the call after it."""
        if self._deadline.left() <= HOLD_SECONDS + self._needed:
            raise Failure(
                Reason.OUT_OF_TIME,
                f"a policy that is taken over is looked at again after {HOLD_SECONDS:g} seconds, and the time of the "
                "function is up before; deploy again, or give its provider a longer timeout",
            )

    def hold(self) -> None:
        """Come back when nothing arrives any more that somebody decided on a look from before now.

        Raise `OvertakenError` as soon as CloudFormation is known to have gone on.
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

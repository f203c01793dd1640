"""A history before it happens, as data: what people do, what goes wrong, and how SES reads its own documentation.

Each item stands for itself: with any of them left out, what remains can be played.
"""

from dataclasses import dataclass
from typing import Any, Final

from tests.support.events import ACCOUNT, REGION

Place = tuple[str, str]
"""An identity, and a policy's name."""

IDENTITIES: Final = ("example.com", "other.example")

PRINCIPALS: Final[tuple[Any, ...]] = (
    "222222222222",
    ["arn:aws:iam::222222222222:root"],
    "333333333333",
    "444444444444",
)
"""Whom a document allows to send, by its number: the first two say the same, in other words."""


def document(number: int, identity: str) -> dict[str, Any]:
    """Return the document of a number, as a template has it."""
    statement = {
        "Sid": "Else" if number == 1 else "Partner",
        "Effect": "Allow",
        "Principal": {"AWS": PRINCIPALS[number]},
        "Action": ["SES:sendrawemail", "ses:SendEmail"] if number == 1 else ["ses:SendEmail", "ses:SendRawEmail"],
        "Resource": f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{identity}",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


@dataclass(frozen=True, slots=True)
class Declared:
    """What a resource declares."""

    place: Place
    says: int = 0
    when_exists: str = "FAIL"
    on_delete: str = "DELETE"

    @property
    def properties(self) -> dict[str, Any]:
        """As CloudFormation carries it."""
        identity, name = self.place
        return {
            "ServiceToken": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:provider",
            "ServiceTimeout": "1200",
            "EmailIdentity": identity,
            "PolicyName": name,
            "Policy": document(self.says, identity),
            "WhenExists": self.when_exists,
            "OnDelete": self.on_delete,
            "Wire": "1",
        }


Template = tuple[tuple[str, Declared], ...]


@dataclass(frozen=True, slots=True)
class Deploy:
    """Somebody deploys a stack, as soon as it is idle.

    :param at: seconds since the beginning.
    :param fails_after: after so many seconds another resource of the stack fails, and all are rolled back.
    :param pause: from there to the first event of the rollback.
    """

    at: float
    stack: str
    template: Template
    fails_after: float | None = None
    pause: float = 0.5


@dataclass(frozen=True, slots=True)
class Remove:
    """Somebody deletes a stack, as soon as it is idle.

    :param pause: after so many seconds it is tried again where that failed.
    """

    at: float
    stack: str
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class ByHand:
    """Somebody writes a policy by hand, or deletes it.

    :param text: none deletes it.
    """

    at: float
    place: Place
    text: str | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """SES does something else for a while.

    :param kind: `throttled`, `unavailable` (5xx), `reset` (never applied), `lost` (applied, and no answer), `late`
        (applied `value` seconds after the client gave up), `slow` (an answer after `value` seconds), `refused` (for
        good), `stale` (a read of the state `value` seconds before).
    :param operation: one of boto3's names, or all.
    :param who: an event as `Mail/A#2`, a resource, a delivery as `Mail/A#2.1`, or all.
    :param share: of the calls that it meets.
    :param times: how many calls it meets at most.
    """

    at: float
    seconds: float
    kind: str
    operation: str = ""
    who: str = ""
    share: float = 1.0
    value: float = 0.0
    times: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Unanswered:
    """CloudFormation cannot be asked for a while.

    :param kind: `denied`, `throttled`, `unreachable` or `slow`.
    :param operation: one of boto3's names, or all.
    """

    at: float
    seconds: float
    kind: str
    operation: str = ""
    share: float = 1.0
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Odd:
    """Something is odd with the delivery of one event.

    :param who: the event, as `Mail/A#2`: the second of its resource.
    :param kind: `lost` (so many answers do not arrive), `taken` (it arrives and the function does not know), `double`
        (delivered once more after so many seconds), `killed` (at its so many-th wait), `clock` (off by so many
        seconds), `queued` (for so many seconds before it is delivered).
    """

    who: str
    kind: str
    value: float = 0.0


Item = Deploy | Remove | ByHand | Trouble | Unanswered | Odd


@dataclass(frozen=True, slots=True)
class Reading:
    """What nobody knows of SES, and what does not change while a history goes on.

    :param quota: `over_all` or `each` operation has its own second; none: no quota.
    :param canonical: whether a document comes back in one canonical spelling.
    :param stale: up to how many seconds old a read may be.
    :param stale_share: how many of the reads are not fresh.
    :param denied: which operations of CloudFormation the function's role may not call; `*` for all.
    :param updates_back: whether the rollback of an answered replacement sends an Update, see tests/support/stack.py.
    :param fillers: how many other policies each identity has.
    :param calm: whether each call takes a tenth of a second, and nothing is drawn.
    """

    quota: str = ""
    update_missing: str = "not-found"
    delete_missing: str = "not-found"
    drops_id: bool = False
    canonical: bool = False
    stale: float = 0.0
    stale_share: float = 0.0
    denied: tuple[str, ...] = ()
    updates_back: bool = True
    fillers: int = 0
    calm: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole history.

    :param seed: what chance is drawn from.
    """

    seed: int
    reading: Reading
    items: tuple[Item, ...]

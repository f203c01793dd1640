"""The plan of a history, as data: what people do, which faults there are, and how SES behaves.

Each item stands alone: a plan without any one of them can still be played.
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
"""Whom a document allows to send, by its number: the first two mean the same."""


def document(number: int, identity: str) -> dict[str, Any]:
    """Return the document with this number, as a template has it."""
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
    """The properties of a resource, in short.

    :param says: a number that stands for the document.
    """

    place: Place
    says: int = 0
    when_exists: str = "FAIL"
    on_delete: str = "DELETE"

    @property
    def properties(self) -> dict[str, Any]:
        """The same as the properties of an event."""
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
    """Somebody deploys a stack, as soon as no operation runs on it.

    :param at: seconds since the beginning.
    :param fails_after: the seconds after which another resource of the stack fails, so that all are rolled back.
    :param pause: the seconds from there to the first event of the rollback.
    """

    at: float
    stack: str
    template: Template
    fails_after: float | None = None
    pause: float = 0.5


@dataclass(frozen=True, slots=True)
class Remove:
    """Somebody deletes a stack, as soon as no operation runs on it.

    :param pause: the seconds after which a failed deletion is tried again.
    """

    at: float
    stack: str
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class ByHand:
    """Somebody writes a policy by hand, or deletes it.

    :param text: the text; None deletes the policy.
    """

    at: float
    place: Place
    text: str | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault of SES for some time.

    :param kind: `throttled`, `unavailable` (5xx), `reset` (never applied), `lost` (applied, and no answer), `late`
        (applied `value` seconds after the client gave up), `slow` (an answer after `value` seconds), `refused` (for
        good), `stale` (a read of the state `value` seconds before).
    :param operation: boto3's name of the operation; empty for all.
    :param who: an event, as `Mail/A#2`; a resource; a delivery, as `Mail/A#2.1`; or empty for all.
    :param share: the share of the calls that fail.
    :param times: the most calls that fail.
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
    """CloudFormation cannot be asked for some time.

    :param kind: `denied`, `throttled`, `unreachable` or `slow`.
    :param operation: boto3's name of the operation; empty for all.
    """

    at: float
    seconds: float
    kind: str
    operation: str = ""
    share: float = 1.0
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Odd:
    """An oddity in the delivery of one event.

    :param who: the event, for instance `Mail/A#2`, the second of its resource.
    :param kind: `lost` (that many answers do not arrive), `taken` (it arrives, but the function does not know),
        `double`
        (delivered again after that many seconds), `killed` (at its wait with that number), `clock` (off by that many
        seconds), `queued` (for that many seconds before it is delivered).
    """

    who: str
    kind: str
    value: float = 0.0


Item = Deploy | Remove | ByHand | Trouble | Unanswered | Odd


@dataclass(frozen=True, slots=True)
class Reading:
    """How SES and CloudFormation behave where that is not known; it does not change during a history.

    :param quota: `over_all` operations together, or `each` operation by itself; empty for no quota.
    :param canonical: whether a document is returned in one canonical form.
    :param stale: the most seconds that a read may be behind.
    :param stale_share: the share of reads that may be behind.
    :param denied: the operations of CloudFormation that the function's role may not call; `*` for all.
    :param updates_back: whether the rollback of an answered replacement sends an Update, see tests/support/stack.py.
    :param fillers: the number of other policies on each identity.
    :param calm: whether each call takes a tenth of a second, and nothing is random.
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
    """A whole history before it is played.

    :param seed: of its random numbers.
    """

    seed: int
    reading: Reading
    items: tuple[Item, ...]

"""SES on virtual time, below boto3's client: calls take time, reads may be stale, and answers get lost."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from emulator.account_region import AccountRegion as Account
from emulator.identities import MemoryIdentities
from emulator.quota import Quota
from emulator.service import PolicyRequest, PolicyService
from emulator.store import StoredIdentity, StoredPolicy
from tests.provider.interleaved.plan import IDENTITIES, Place, Reading, Trouble
from tests.provider.interleaved.timeline import Timeline
from tests.support.clocks import BEGIN
from tests.support.events import ACCOUNT, REGION

CLIENT_SECONDS: Final = 10.0
"""The seconds after which the function's client gives a call up."""

OPERATIONS: Final = {
    "get_email_identity_policies": "GetEmailIdentityPolicies",
    "create_email_identity_policy": "CreateEmailIdentityPolicy",
    "update_email_identity_policy": "UpdateEmailIdentityPolicy",
    "delete_email_identity_policy": "DeleteEmailIdentityPolicy",
}

_HERE: Final = Account(ACCOUNT, REGION)
_ENDPOINT: Final = "https://ses.example"

_REFUSALS: Final = {
    "throttled": (429, "TooManyRequestsException", "Rate exceeded"),
    "unavailable": (503, "ServiceUnavailableException", "try again"),
    "refused": (400, "BadRequestException", "no such thing"),
}


@dataclass(frozen=True, slots=True)
class Call:
    """A call of SES.

    :param who: the delivery that makes it, for instance `Mail/A#2.1`.
    :param operation: boto3's name.
    :param place: the identity, and the policy's name; empty if the call has none.
    :param text: the document, if the call has one.
    :param sent: when it was sent.
    """

    who: str
    operation: str
    place: Place
    text: str | None
    sent: float

    def __str__(self) -> str:
        about = "/".join(part for part in self.place if part)
        return f"{self.operation.partition('_')[0]} {about}"


Applied = Callable[[Call, str | None, str | None], object]
"""Called with each call that wrote, and the texts before and after."""


def canonical(text: str) -> str:
    """Return a document as services return it that keep it parsed."""
    kept = json.loads(text)
    statements = kept["Statement"] if isinstance(kept["Statement"], list) else [kept["Statement"]]
    head = {"Version": kept.get("Version", "2008-10-17")} | ({"Id": kept["Id"]} if "Id" in kept else {})
    return json.dumps(head | {"Statement": [_canonical(each) for each in statements]}, separators=(",", ":"))


def _canonical(statement: Mapping[str, Any]) -> dict[str, Any]:
    lone = {key: _scalar(value) for key, value in sorted(statement.items())}
    principal = lone["Principal"]
    if isinstance(principal, Mapping):
        lone["Principal"] = {kind: _scalar(_rooted(each)) for kind, each in principal.items()}
    return lone | {"Effect": str(lone["Effect"]).capitalize()}


def _rooted(value: Any) -> list[str]:
    each = value if isinstance(value, list) else [value]
    return [f"arn:aws:iam::{one}:root" if str(one).isdigit() else one for one in each]


def _scalar(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


class Ses:
    """The only SES of a history.

    :param timeline: the virtual time.
    :param reading: how it behaves where its documentation is unclear.
    :param troubles: its faults, and when they occur.
    :param applied: called with each write.
    """

    def __init__(
        self, timeline: Timeline, reading: Reading, troubles: tuple[Trouble, ...], applied: Applied, seed: int
    ) -> None:
        self._timeline = timeline
        self._reading = reading
        self._troubles = troubles
        self._met = [0] * len(troubles)
        self._applied = applied
        self._random = Random(f"ses {seed}")
        identities = MemoryIdentities()
        for identity in IDENTITIES:
            identities.add(identity)
        self._stamps = {each: identities.stamp(_HERE, each) or "" for each in IDENTITIES}
        self._service = PolicyService(identities, lambda: timeline.now, lambda _: False)
        self._service.change(
            {
                "update_missing": reading.update_missing,
                "delete_missing": reading.delete_missing,
                "drops_id": reading.drops_id,
                "quota": Quota(scope=reading.quota) if reading.quota in {"over_all", "each"} else None,  # type: ignore[arg-type]
            }
        )
        self._versions: dict[str, list[tuple[float, dict[str, str]]]] = {each: [(BEGIN, {})] for each in IDENTITIES}
        for identity in IDENTITIES:
            for number in range(reading.fillers):
                self.by_hand((identity, f"filler{number}"), '{"Statement":[]}')

    def trouble(self, call: Call) -> Trouble | None:
        """Return the fault that a call meets, if any, and count it."""
        since = self._timeline.now - BEGIN
        for number, each in enumerate(self._troubles):
            if (
                each.at <= since < each.at + each.seconds
                and self._met[number] < each.times
                and each.operation in ("", call.operation)
                and _about(each.who, call.who)
                and (each.kind != "stale" or call.operation.startswith("get"))
                and (each.share >= 1 or self._random.random() < each.share)
            ):
                self._met[number] += 1
                return each
        return None

    def by_hand(self, place: Place, text: str | None) -> None:
        """Let somebody write or delete a policy, without SES's checks."""
        identity, name = place
        if text is None:
            owner = StoredIdentity(_HERE, identity, self._stamps[identity])
            if name in self.live(identity):
                self._service.store.delete(owner, name, self._service.settings)
        else:
            self._service.seed(StoredPolicy(ACCOUNT, REGION, identity, name, text))
        self._note(identity)

    def live(self, identity: str) -> dict[str, str]:
        """Return the policies that an identity has now."""
        return self._service.store.policies(StoredIdentity(_HERE, identity, self._stamps[identity]))

    def text(self, place: Place) -> str | None:
        """Return the text of a policy now, as a read returns it."""
        text = self.live(place[0]).get(place[1])
        return text if text is None or not self._reading.canonical else canonical(text)

    @property
    def policies(self) -> dict[Place, str]:
        """All policies, except those that only fill an identity."""
        return {
            (identity, name): text
            for identity in IDENTITIES
            for name, text in self.live(identity).items()
            if not name.startswith("filler")
        }

    def serve(self, call: Call, stale: float) -> Mapping[str, Any] | ClientError:
        """Carry a call out now; return the result.

        :param stale: how many seconds a read is behind.
        """
        identity, name = call.place
        before = self.live(identity).get(name)
        body = b"" if call.text is None else json.dumps({"Policy": call.text}).encode()
        operation = OPERATIONS[call.operation]
        answer = self._service.serve(PolicyRequest(_HERE, operation, identity, name or None, body))
        said: dict[str, Any] = json.loads(answer.body)
        if answer.status >= 400:
            return refusal(answer.status, answer.headers["x-amzn-ErrorType"], said["message"], operation)
        if name:
            self._note(identity)
            after = self.live(identity).get(name)
            # Also if the text is the same, because it has another writer now.
            self._applied(call, before, after)
            return said
        policies = self._as_of(identity, self._timeline.now - stale)
        kept = {each: canonical(text) for each, text in policies.items()} if self._reading.canonical else policies
        return {"Policies": dict(kept)}

    def _note(self, identity: str) -> None:
        self._versions[identity].append((self._timeline.now, self.live(identity)))

    def _as_of(self, identity: str, when: float) -> dict[str, str]:
        versions = self._versions[identity]
        known = [policies for at, policies in versions if at <= when]
        return known[-1] if known else versions[0][1]

    def differs(self, identity: str, stale: float) -> bool:
        """Return whether a read that is that far behind sees other policies than there are now."""
        return self._as_of(identity, self._timeline.now - stale) != self.live(identity)


def refusal(status: int, code: str, message: str, operation: str) -> ClientError:
    """Return the error that boto3 raises for a refusal."""
    error = {"Code": code, "Message": message}
    return ClientError({"Error": error, "ResponseMetadata": {"HTTPStatusCode": status}}, operation)


def refused(kind: str, operation: str) -> ClientError:
    """Return the error that boto3 raises in a trouble of this kind."""
    return refusal(*_REFUSALS[kind], operation)


def reset() -> Exception:
    """Return the error that boto3 raises if the connection breaks."""
    return ConnectionClosedError(endpoint_url=_ENDPOINT)  # type: ignore[no-any-return]  # botocore ships no types


def timed_out() -> Exception:
    """Return the error that boto3 raises if no answer comes."""
    return ReadTimeoutError(endpoint_url=_ENDPOINT)  # type: ignore[no-any-return]  # botocore ships no types


def _about(who: str, caller: str) -> bool:
    """Return whether `caller`, a delivery, belongs to `who`: a resource, an event, a delivery, or empty for all."""
    return who in ("", caller) or caller.startswith((f"{who}#", f"{who}."))

"""The four policy operations. A call passes the quota, the scripted faults, the rules and the store, in this order."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from emulator.account_region import AccountRegion
from emulator.calls import CallLog, LoggedCall
from emulator.canonical import canonical
from emulator.errors import SesError
from emulator.faults import FaultScript, ScriptedFault
from emulator.identities import Identities
from emulator.messages import HttpRequest, HttpResponse, answer, refusal, refused
from emulator.quota import Now, Turnstile
from emulator.rules import check_document, check_name, check_present
from emulator.settings import Settings
from emulator.store import Store, StoredIdentity, StoredPolicy

_WRITES_DOCUMENT: Final = ("CreateEmailIdentityPolicy", "UpdateEmailIdentityPolicy")


@dataclass(frozen=True, slots=True)
class PolicyRequest:
    """A call of one of the four policy operations, with its parameters."""

    place: AccountRegion
    operation: str
    identity: str
    policy_name: str | None
    body: bytes


class PolicyService:
    """The policy operations of a strict SES, which refuses what the real SES refuses.

    :param identities: knows which identities exist.
    :param clock: gives seconds that never run backwards, for the quota, the log and stale reads.
    :param pause: waits for the given seconds; returns True if the wait was cut short because the server stops.
    """

    def __init__(self, identities: Identities, clock: Now, pause: Callable[[float], bool]) -> None:
        self.settings = Settings()
        self.store = Store(clock)
        self.script = FaultScript()
        self.log = CallLog()
        self.turnstile = Turnstile(clock)
        self._identities = identities
        self._clock = clock
        self._pause = pause
        self._born = time.time() - clock()

    def serve(self, request: PolicyRequest) -> HttpResponse:
        """Answer a call, and log it."""
        arrived = self._born + self._clock()
        # A call over the quota is refused first: it uses up no scripted fault.
        if not self.turnstile.admits(self.settings.quota, request.place, request.operation):
            reply, applied = refused(SesError("TooManyRequestsException", "Rate exceeded")), False
        else:
            fault = self.script.take(request.operation, request.identity, request.policy_name)
            reply, applied = self._met(fault, lambda: self._answered(request))
        self.log.add(_logged(arrived, request, reply, applied=applied))
        return reply

    def pass_on(self, operation: str, identity: str, request: HttpRequest) -> HttpResponse:
        """Let `identities` answer a call that creates or removes an identity, unless a scripted fault matches it."""
        fault = self.script.take(operation, identity, None)
        return self._met(fault, lambda: (self._identities.pass_on(request), True))[0]

    def change(self, values: Mapping[str, Any]) -> None:
        """Change the settings in `values`. A new quota starts as if no call had been made."""
        self.settings = self.settings.changed(values)
        if "quota" in values:
            self.turnstile.forget()

    def policies(self) -> list[StoredPolicy]:
        """Return every policy of every identity that still exists, as it is now, even if reads are stale."""
        owners = (
            StoredIdentity(place, name, stamp)
            for place, name in self.store.identities()
            if (stamp := self._identities.stamp(place, name)) is not None
        )
        return sorted(
            StoredPolicy(owner.place.account, owner.place.region, owner.name, name, text)
            for owner in owners
            for name, text in self._shown(owner).items()
        )

    def seed(self, policy: StoredPolicy) -> None:
        """Add a policy without checks, as if it had been made by hand long ago."""
        place = AccountRegion(policy.account, policy.region)
        stamp = self._identities.stamp(place, policy.identity)
        if stamp is None:
            raise ValueError(f"identity {policy.identity!r} doesn't exist in {place.account} {place.region}")
        self.store.seed(StoredIdentity(place, policy.identity, stamp), policy.name, policy.document)

    def _met(
        self, fault: ScriptedFault | None, answered: Callable[[], tuple[HttpResponse, bool]]
    ) -> tuple[HttpResponse, bool]:
        if fault is None:
            return answered()
        if fault.ending == "answer" and not fault.applied:
            if self._pause(fault.seconds):
                return HttpResponse(0, ending="hang"), False
            return answered()
        reply, applied = answered() if fault.applied else (HttpResponse(0), False)
        if fault.ending == "refusal":
            reply = refusal(fault.status, fault.code, fault.message)
        return replace(reply, ending=fault.ending, seconds=fault.seconds), applied

    def _answered(self, request: PolicyRequest) -> tuple[HttpResponse, bool]:
        try:
            return self._done(request)
        except SesError as error:
            return refused(error), False

    def _done(self, request: PolicyRequest) -> tuple[HttpResponse, bool]:
        place, name = request.place, request.policy_name
        # As in every AWS service, the request's parameters are checked first, then whether the identity exists.
        if name is not None:
            check_name(name)
        writes = request.operation in _WRITES_DOCUMENT
        text = check_present(_body(request.body).get("Policy")) if writes else ""
        owner = self._owner(place, request.identity)
        if name is None:
            return answer({"Policies": self._shown(owner, self.settings.stale_seconds)}), False
        if writes:
            check_document(text, place.identity_arn(owner.name), any_case=self.settings.canonical)
        match request.operation:
            case "CreateEmailIdentityPolicy":
                applied = self.store.create(owner, name, text, self.settings)
            case "UpdateEmailIdentityPolicy":
                applied = self.store.update(owner, name, text, self.settings)
            case _:
                applied = self.store.delete(owner, name, self.settings)
        return answer({}), applied

    def _shown(self, owner: StoredIdentity, ago: float = 0.0) -> dict[str, str]:
        """Return the policies of `ago` seconds ago, in the form that a read returns."""
        kept = self.store.policies(owner, ago)
        if not self.settings.canonical:
            return kept
        return {name: canonical(text, owner.place.partition) for name, text in kept.items()}

    def _owner(self, place: AccountRegion, name: str) -> StoredIdentity:
        for spelling in _spellings(name, self.settings):
            stamp = self._identities.stamp(place, spelling)
            if stamp is not None:
                return StoredIdentity(place, spelling, stamp)
        raise SesError("NotFoundException", f"Email identity <{name}> does not exist.")


def _body(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise SesError("SerializationException", f"The request's body is not valid JSON: {error}") from error
    if not isinstance(value, dict):
        raise SesError("SerializationException", "The request's body must be a JSON object")
    return value


def _logged(arrived: float, request: PolicyRequest, reply: HttpResponse, *, applied: bool) -> LoggedCall:
    answered = reply.ending in ("answer", "refusal")
    code = reply.headers.get("x-amzn-ErrorType") if answered else reply.ending
    return LoggedCall(
        time=arrived,
        account=request.place.account,
        region=request.place.region,
        operation=request.operation,
        identity=request.identity,
        policy_name=request.policy_name,
        status=reply.status if answered else 0,
        code=code,
        applied=applied,
        document=_document(request),
    )


def _document(request: PolicyRequest) -> str | None:
    if request.operation not in _WRITES_DOCUMENT:
        return None
    try:
        value = _body(request.body).get("Policy")
    except SesError:
        return None
    return value if isinstance(value, str) else None


def _spellings(name: str, settings: Settings) -> Iterator[str]:
    """Yield the spellings by which to look for an identity, or refuse its name, as the settings say.

    Which identity a name in a request means is documented for sending only, not for the policy operations.
    """
    if settings.name_unicode == "bad-request" and not name.isascii():
        raise SesError("BadRequestException", f"Identity {name} is not ASCII, it must be written in Punycode")
    yield name
    # "Email addresses are case sensitive." https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
    if settings.name_case == "same" and "@" not in name:
        yield name.lower()

"""The strict SES: the four policy operations that ministack lacks. All other requests go on to ministack."""

import re
import time
from collections.abc import Iterable
from http import HTTPStatus
from threading import Event
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import unquote, urlsplit

from emulator import clients
from emulator.account_region import AccountRegion, caller
from emulator.calls import LoggedCall
from emulator.control import PREFIX, Control
from emulator.errors import EmulatorError, SesError
from emulator.faults import OPERATIONS, ScriptedFault
from emulator.identities import MemoryIdentities, Upstream, identity_call
from emulator.messages import HttpRequest, HttpResponse, answer, refusal, refused
from emulator.quota import Now
from emulator.server import Server
from emulator.service import PolicyRequest, PolicyService
from emulator.settings import Settings
from emulator.signature import SignatureError, claimed
from emulator.store import StoredPolicy

# The two paths of the policy operations; names in them may have any character in percent-encoding.
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetEmailIdentityPolicies.html
_ALL: Final = re.compile(r"/v2/email/identities/([^/]+)/policies")
_ONE: Final = re.compile(r"/v2/email/identities/([^/]+)/policies/([^/]*)")


class StrictSes:
    """A strict SESv2 over HTTP, from `start` to `stop`, or as a context manager.

    :param identities: the names of identities that exist in every account and region; for tests without ministack.
    :param upstream: has the identities and answers all other requests; excludes `identities`.
    :param account: the account of a request whose access key is not an account id of 12 digits.
    :param secret: the secret that every request must be signed with. Default: - `local`.
    :param settings: the settings to begin with.
    :param clock: gives seconds that never run backwards, for the quota, the log and stale reads.
    """

    def __init__(
        self,
        identities: Iterable[str] = (),
        *,
        upstream: Upstream | None = None,
        account: str = "000000000000",
        secret: str = "local",  # noqa: S107 - it protects only an SES in memory
        settings: Settings | None = None,
        clock: Now = time.monotonic,
    ) -> None:
        self._memory = None if upstream else MemoryIdentities(account)
        self._identities = upstream or self._memory or MemoryIdentities()
        self._account = account
        self.secret = secret
        self._closing = Event()
        self._service = PolicyService(self._identities, clock, self._closing.wait)
        self._service.settings = settings or Settings()
        self.stop_asked = Event()
        self._control = Control(self._service, self._memory, self.stop_asked.set)
        self._server: Server | None = None
        for name in identities:
            self.add_identity(name)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Serve on a free port."""
        self._closing.clear()
        self._server = Server(self._serve, self._closing)

    def stop(self) -> None:
        """Stop at once, even if calls are still waiting."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    @property
    def url(self) -> str:
        """The address of this SES, for `AWS_ENDPOINT_URL_SESV2` or boto3's `endpoint_url`."""
        if self._server is None:
            raise EmulatorError("the strict SES doesn't run, use it as a context manager or call start()")
        return self._server.url

    def client(self, place: AccountRegion | None = None, **config: Any) -> Any:  # noqa: ANN401 - boto3's classes are made at run time
        """Return a boto3 client of this SES, for an account and region; `config` is a botocore `Config`."""
        return clients.client(
            "sesv2", place or AccountRegion(self._account, "eu-west-1"), self.secret, self.url, **config
        )

    @property
    def settings(self) -> Settings:
        """The present settings."""
        return self._service.settings

    def change(self, **values: Any) -> None:  # noqa: ANN401 - each setting has a type of its own, checked there
        """Change some settings while it runs. A new quota starts as if no call had been made."""
        self._service.change(values)

    def fail(self, *faults: ScriptedFault) -> None:
        """Add scripted faults for the next calls that match."""
        self._service.script.add(faults)

    def clear_faults(self) -> None:
        """Remove all scripted faults."""
        self._service.script.clear()

    @property
    def faults_left(self) -> int:
        """How many more calls the scripted faults would affect."""
        return self._service.script.left()

    def calls(self, operation: str | None = None) -> list[LoggedCall]:
        """Return the logged calls, or only those of one operation."""
        return [call for call in self._service.log.calls() if operation in (None, call.operation)]

    def clear_calls(self) -> None:
        """Remove all calls from the log."""
        self._service.log.clear()

    def policies(self) -> list[StoredPolicy]:
        """Return every policy of every identity that still exists."""
        return self._service.policies()

    def put_policy(self, policy: StoredPolicy) -> None:
        """Add a policy without checks, as if it had been made by hand long ago."""
        self._service.seed(policy)

    def add_identity(self, identity: str, place: AccountRegion | None = None) -> None:
        """Create an identity in memory. One of the same name is replaced by it, and loses its policies."""
        self._held().add(identity, place)

    def remove_identity(self, identity: str, place: AccountRegion | None = None) -> None:
        """Remove an identity from memory, and its policies with it."""
        self._held().remove(identity, place)

    def _held(self) -> MemoryIdentities:
        if self._memory is None:
            raise EmulatorError("identities are upstream's, make them there with CreateEmailIdentity")
        return self._memory

    def _serve(self, request: HttpRequest) -> HttpResponse:
        try:
            claimed(request.method, request.target, request.headers).verify(self.secret, request.body, time.time())
        except SignatureError as error:
            return refusal(HTTPStatus.FORBIDDEN, error.code, error.message)
        path = urlsplit(request.target).path
        if path.startswith(PREFIX):
            return self._controlled(request)
        try:
            found = (_ALL if request.method == "GET" else _ONE).fullmatch(path)
            if found is None or request.method not in OPERATIONS:
                return self._passed_on(request)
            place = caller(request.header("Authorization"), self._account)
            identity, name = (*(_decoded(part) for part in found.groups()), None)[:2]
        except SesError as error:
            return refused(error)
        operation = OPERATIONS[request.method]
        return self._service.serve(PolicyRequest(place, operation, str(identity), name, request.body))

    def _controlled(self, request: HttpRequest) -> HttpResponse:
        """Answer a request of the control API; refuse one that a web page in a browser sends."""
        address = urlsplit(self.url)
        names = [f"{name}:{address.port}" for name in (address.hostname, "localhost")]
        if request.header("Host") not in names:
            return answer({"message": f"Host {request.header('Host')!r} must be one of {', '.join(names)}"}, 403)
        if origin := request.header("Origin"):
            return answer({"message": f"Origin {origin!r} is not allowed: no page of a browser is served here"}, 403)
        return self._control.serve(request)

    def _passed_on(self, request: HttpRequest) -> HttpResponse:
        operation, identity = identity_call(request)
        if operation is None:
            return self._identities.pass_on(request)
        return self._service.pass_on(operation, identity, request)


def _decoded(part: str) -> str:
    try:
        return unquote(part, errors="strict")
    except UnicodeDecodeError as error:
        raise SesError("BadRequestException", f"The path part {part} is not percent-encoded UTF-8") from error

"""The SES identities that exist: those of ministack, or in tests without ministack those in memory."""

import http.client
import json
import ssl
from dataclasses import dataclass, field
from itertools import count
from threading import Lock
from typing import Final, Protocol
from urllib.parse import quote, unquote, urlsplit

from emulator.account_region import AccountRegion, caller
from emulator.errors import SesError
from emulator.faults import IDENTITY_OPERATIONS
from emulator.messages import HttpRequest, HttpResponse, answer, refusal, refused
from emulator.signature import Signer

# Headers that a proxy does not pass on: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
_HOP_BY_HOP: Final = frozenset(
    ("connection", "keep-alive", "proxy-connection", "proxy-authenticate", "te", "trailer", "upgrade")
) | frozenset(("transfer-encoding", "content-length"))
_TIMEOUT: Final = 60.0
_IDENTITIES: Final = "/v2/email/identities"


class Identities(Protocol):
    """Knows which identities exist, and answers the requests that are not policy operations."""

    def stamp(self, place: AccountRegion, identity: str) -> str | None:
        """Return an identity's stamp, which no later identity of the same name has; None if the identity is missing."""

    def pass_on(self, request: HttpRequest) -> HttpResponse:
        """Answer a request that is none of the four policy operations."""


class MemoryIdentities:
    """Identities in memory, each in one account and region, or in all of them.

    :param account: the account of a request whose access key is not an account id of 12 digits.
    """

    def __init__(self, account: str = "000000000000") -> None:
        self._account = account
        self._lock = Lock()
        self._born = count(1)
        self._stamps: dict[tuple[str, AccountRegion | None], str] = {}

    def add(self, identity: str, place: AccountRegion | None = None) -> None:
        """Create an identity. It replaces one of the same name.

        :param place: its account and region. Default: - it exists in all of them.
        """
        with self._lock:
            self._stamps[identity, place] = str(next(self._born))

    def remove(self, identity: str, place: AccountRegion | None = None) -> None:
        """Delete an identity and with it its policies; raise `KeyError` if there is no such identity."""
        with self._lock:
            if self._stamps.pop((identity, place), None) is None:
                raise KeyError(f"identity {identity!r} isn't there to be removed")

    def stamp(self, place: AccountRegion, identity: str) -> str | None:
        """Return the number that the identity got when it was created, or None; no two identities have the same."""
        with self._lock:
            return self._stamps.get((identity, place), self._stamps.get((identity, None)))

    def pass_on(self, request: HttpRequest) -> HttpResponse:
        """Create or remove an identity in the caller's account, and refuse all other requests."""
        try:
            operation, name = identity_call(request)
            if operation is None:
                return refusal(
                    404, "UnknownOperationException", f"{request.method} {request.target} is not served here"
                )
            place = caller(request.header("Authorization"), self._account)
            return self._created(name, place) if operation == "CreateEmailIdentity" else self._deleted(name, place)
        except SesError as error:
            return refused(error)

    # The messages of both refusals were seen at AWS: https://github.com/anomalyco/sst/issues/4556 and
    # https://github.com/floci-io/floci/pull/1750.
    def _created(self, name: str, place: AccountRegion) -> HttpResponse:
        with self._lock:
            if self._key(name, place):
                raise SesError("AlreadyExistsException", f"Email identity {name} already exist.")
            self._stamps[name, place] = str(next(self._born))
        return answer({"IdentityType": "DOMAIN", "VerifiedForSendingStatus": False})

    def _deleted(self, name: str, place: AccountRegion) -> HttpResponse:
        with self._lock:
            key = self._key(name, place)
            if key is None:
                raise SesError("NotFoundException", f"Email identity <{name}> does not exist.")
            del self._stamps[key]
        return answer({})

    def _key(self, name: str, place: AccountRegion) -> tuple[str, AccountRegion | None] | None:
        return next((key for key in ((name, place), (name, None)) if key in self._stamps), None)


def identity_call(request: HttpRequest) -> tuple[str | None, str]:
    """Return which of `IDENTITY_OPERATIONS` a request calls (None if it is another one), and the identity's name."""
    path = urlsplit(request.target).path
    if request.method == "POST" and path == _IDENTITIES:
        try:
            name = json.loads(request.body)["EmailIdentity"]
        except (ValueError, KeyError, TypeError) as error:
            raise SesError("BadRequestException", "EmailIdentity must not be null") from error
        return IDENTITY_OPERATIONS["POST"], str(name)
    parent, _, last = path.rpartition("/")
    is_deleted = request.method == "DELETE" and parent == _IDENTITIES
    return (IDENTITY_OPERATIONS["DELETE"] if is_deleted else None), unquote(last)


@dataclass(frozen=True, slots=True)
class Upstream:
    """The identities in ministack, which also answers all requests that are not policy operations.

    :param url: the address of ministack.
    :param secret: signs this class's own requests. A request that is passed on keeps its caller's signature.
    :param trust: the TLS context for ministack's certificate.
    """

    url: str
    secret: str = field(repr=False)
    trust: ssl.SSLContext | None = None

    def stamp(self, place: AccountRegion, identity: str) -> str | None:
        """Return when the identity was created (its CreatedTimestamp), or None if there is no such identity.

        The request is signed for the account of `place`, not with the caller's header, because ministack may take the
        session key of an assumed role for another account.
        """
        path = f"{_IDENTITIES}/{quote(identity, safe='')}"
        signed = Signer(place.account, self.secret, place.region).headers("ses", "GET", self.url + path)
        found = self._send(HttpRequest("GET", path, tuple(signed.items()), b""))
        if found.status == http.HTTPStatus.NOT_FOUND:
            return None
        if found.status != http.HTTPStatus.OK:
            raise SesError("ServiceUnavailableException", f"upstream answered {found.status} for {identity}")
        return str(json.loads(found.body)["CreatedTimestamp"])

    def pass_on(self, request: HttpRequest) -> HttpResponse:
        """Return ministack's answer to the same request."""
        return self._send(request)

    def _send(self, request: HttpRequest) -> HttpResponse:
        parts = urlsplit(self.url)
        host, port = parts.hostname or "", parts.port
        connection = (
            http.client.HTTPSConnection(host, port, timeout=_TIMEOUT, context=self.trust)
            if parts.scheme == "https"
            else http.client.HTTPConnection(host, port, timeout=_TIMEOUT)
        )
        try:
            has_host = bool(request.header("Host"))
            connection.putrequest(request.method, request.target, skip_host=has_host, skip_accept_encoding=True)
            for name, value in request.headers:
                if name.lower() not in _HOP_BY_HOP:
                    connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(request.body)))
            connection.endheaders(request.body)
            response = connection.getresponse()
            body = response.read()
            kept = {name: value for name, value in response.getheaders() if name.lower() not in _HOP_BY_HOP}
            return HttpResponse(response.status, kept, body)
        except (OSError, http.client.HTTPException) as error:
            raise SesError("ServiceUnavailableException", f"upstream {self.url} cannot be reached: {error}") from error
        finally:
            connection.close()

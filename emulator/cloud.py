"""`Emulator`, the class to start a local AWS with and to get clients and environments for it from."""

import os
import secrets
import shutil
import ssl
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from emulator import certificate, clients, environment
from emulator.account_region import AccountRegion
from emulator.errors import EmulatorError
from emulator.identities import Upstream
from emulator.ministack import Ministack
from emulator.ses import StrictSes
from emulator.settings import Settings


class Emulator:
    """A local AWS in one account and region, as a context manager.

    It answers only requests that are signed with its `secret`.

    :param account: 12 digits.
    :param region: such as `eu-west-1`.
    :param settings: how its SES behaves where AWS's documentation is unclear, and its quota. `ses.change` changes them.
    """

    def __init__(
        self, account: str = "111111111111", region: str = "eu-west-1", settings: Settings | None = None
    ) -> None:
        self.place = AccountRegion(account, region)
        # The secret has 40 characters, as many as the secrets of AWS.
        self.secret = secrets.token_hex(20)
        self._settings = settings
        self._stack = ExitStack()
        self._ses: StrictSes | None = None
        self._ministack: Ministack | None = None
        self._certificate: certificate.Certificate | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            home = Path(tempfile.mkdtemp(prefix="ses-emulator-")).resolve()
            stack.callback(shutil.rmtree, home, ignore_errors=True)
            self._certificate = certificate.make(home)
            environment.write_curl_config(self.place, self.secret, self._certificate)
            self._ministack = stack.enter_context(Ministack(home, self._certificate))
            upstream = Upstream(self._ministack.url, self.secret, self._certificate.trust())
            self._ses = stack.enter_context(
                StrictSes(upstream=upstream, account=self.place.account, secret=self.secret, settings=self._settings)
            )
            self._ministack.start(
                environment.for_ministack(
                    self.place, self._ministack.url, self._ses.url, self._certificate, home, secret=self.secret
                )
            )
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        self._ses = self._ministack = self._certificate = None

    @property
    def ses(self) -> StrictSes:
        """The strict SES, with its policies, calls, settings and scripted faults."""
        if self._ses is None:
            raise EmulatorError("the emulator doesn't run, use it as a context manager")
        return self._ses

    @property
    def endpoint(self) -> str:
        """The address of every service but SES v2, over TLS."""
        return self._running()[0].url

    @property
    def process(self) -> int:
        """The id of ministack's supervisor process. If it ends, all of ministack ends."""
        return self._running()[0].process

    @property
    def environment(self) -> dict[str, str]:
        """The variables that make the CDK CLI, boto3 and others use this AWS; for a whole environment see `shell`."""
        ministack, files = self._running()
        return environment.for_clients(self.place, ministack.url, self.ses.url, files, secret=self.secret)

    def shell(self, base: Mapping[str, str] = os.environ) -> dict[str, str]:
        """Return an environment for a child process: `base` without settings for another AWS, plus `environment`."""
        return environment.merged(base, self.environment)

    def client(self, service: str, **config: Any) -> Any:  # noqa: ANN401 - boto3 makes its classes at run time
        """Return a boto3 client of this AWS, whatever the environment says; `config` is a botocore `Config`."""
        ministack, files = self._running()
        url = self.ses.url if service == "sesv2" else ministack.url
        return clients.client(service, self.place, self.secret, url, str(files.authority), **config)

    def server_context(self) -> ssl.SSLContext:
        """Return a TLS context for a server on localhost that the functions and clients of this AWS then trust."""
        files = self._running()[1]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(files.chain, files.key)
        return context

    @property
    def log(self) -> str:
        """The log of ministack so far. It usually tells why a stack does not deploy."""
        return self._running()[0].log

    def _running(self) -> tuple[Ministack, certificate.Certificate]:
        if self._ministack is None or self._certificate is None:
            raise EmulatorError("the emulator doesn't run, use it as a context manager")
        return self._ministack, self._certificate

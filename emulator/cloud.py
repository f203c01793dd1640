"""The front door: one local AWS, from certificate to client."""

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

    It answers who signs with its `secret`, and nobody else.

    :param account: 12 digits.
    :param region: such as `eu-west-1`.
    :param settings: how the strict SES reads what AWS leaves open, and its quota; to be changed by `ses.change`.
    """

    def __init__(
        self, account: str = "111111111111", region: str = "eu-west-1", settings: Settings | None = None
    ) -> None:
        self.place = AccountRegion(account, region)
        # As many digits as AWS's own secrets have characters.
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
        """The strict SES: its policies, calls, settings and faults."""
        if self._ses is None:
            raise EmulatorError("the emulator doesn't run, use it as a context manager")
        return self._ses

    @property
    def endpoint(self) -> str:
        """The address of every service but SES v2, over TLS."""
        return self._running()[0].url

    @property
    def process(self) -> int:
        """The id of the process behind the endpoint: without it, nothing of ministack is left."""
        return self._running()[0].process

    @property
    def environment(self) -> dict[str, str]:
        """What the CDK CLI, boto3 and other programs need to use this AWS; for a whole environment see `shell`."""
        ministack, files = self._running()
        return environment.for_clients(self.place, ministack.url, self.ses.url, files, secret=self.secret)

    def shell(self, base: Mapping[str, str] = os.environ) -> dict[str, str]:
        """Return an environment for a child process: the base without its own AWS, proxies and trust, and ours."""
        return environment.merged(base, self.environment)

    def client(self, service: str, **config: Any) -> Any:  # noqa: ANN401 - boto3 makes its classes at run time
        """Return a boto3 client on this AWS, whatever the environment says; `config` is botocore's."""
        ministack, files = self._running()
        url = self.ses.url if service == "sesv2" else ministack.url
        return clients.client(service, self.place, self.secret, url, str(files.authority), **config)

    def server_context(self) -> ssl.SSLContext:
        """Return what a server on localhost needs so that the functions and clients of this AWS trust it."""
        files = self._running()[1]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(files.chain, files.key)
        return context

    @property
    def log(self) -> str:
        """What ministack wrote so far: the first place to look when a stack doesn't deploy."""
        return self._running()[0].log

    def _running(self) -> tuple[Ministack, certificate.Certificate]:
        if self._ministack is None or self._certificate is None:
            raise EmulatorError("the emulator doesn't run, use it as a context manager")
        return self._ministack, self._certificate

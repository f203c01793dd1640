"""Runs ministack as a child process on a free port, with TLS. It ends when the process that started it ends."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from emulator.certificate import HOST, Certificate
from emulator.errors import EmulatorError
from emulator.signature import Signer

_HERE: Final = Path(__file__).resolve().parent
_START_SECONDS: Final = 90.0
_STOP_SECONDS: Final = 30.0
_TAIL: Final = 4000
_READY: Final = "/_ministack/ready"


class Ministack:
    """ministack, which is all of the local AWS except SES's policies; a context manager that stops it.

    Its socket is bound at once and passed to the child process. So its address is known before it runs, and no other
    process can take the port meanwhile.

    :param directory: a directory for this run only; removed at the end, even if a process is killed.
    :param certificate: the certificate of ministack's server.
    """

    def __init__(self, directory: Path, certificate: Certificate) -> None:
        self._directory = directory
        self._certificate = certificate
        self._log_file = directory / "ministack.log"
        self._supervisor: subprocess.Popen[bytes] | None = None
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.bind((HOST, 0))
        self._port: int = self._socket.getsockname()[1]
        self.url = f"https://{HOST}:{self._port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def process(self) -> int:
        """The id of the supervisor process. If it ends, all of ministack ends."""
        if self._supervisor is None:
            raise EmulatorError("ministack doesn't run, call start()")
        return self._supervisor.pid

    @property
    def log(self) -> str:
        """The log of ministack so far."""
        return self._log_file.read_text(encoding="utf-8", errors="replace")

    def start(self, environment: Mapping[str, str]) -> None:
        """Start ministack in this environment, and wait until it answers."""
        descriptor = self._socket.fileno()
        gateway = [sys.executable, "-P", str(_HERE / "gateway.py"), str(descriptor)]
        with self._log_file.open("wb") as log:
            self._supervisor = subprocess.Popen(  # noqa: S603 - our own two programs, by the running interpreter
                [
                    sys.executable,
                    "-P",
                    str(_HERE / "supervisor.py"),
                    str(self._directory),
                    str(descriptor),
                    *gateway,
                ],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                cwd=self._directory,
                pass_fds=(descriptor,),
                start_new_session=True,
            )
        self._socket.close()
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION")
        self._wait_until_ready(Signer(*(environment.get(name, "") for name in names)))

    def stop(self) -> None:
        """Stop ministack with all its functions, and remove its directory."""
        self._socket.close()
        if self._supervisor is None:
            return
        supervisor, self._supervisor = self._supervisor, None
        # Closing its standard input tells the supervisor to end, as if this process had been killed.
        try:
            supervisor.communicate(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired as error:
            # If the supervisor is killed, ministack's standard input closes, and it ends too.
            supervisor.kill()
            supervisor.communicate()
            raise EmulatorError(
                f"ministack's supervisor didn't end within {_STOP_SECONDS:g} s and was killed"
            ) from error

    def _wait_until_ready(self, signer: Signer) -> None:
        trust = self._certificate.trust()
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            connection = http.client.HTTPSConnection(HOST, self._port, timeout=5, context=trust)
            try:
                headers = signer.headers("ministack", "GET", f"{self.url}{_READY}")
                connection.request("GET", _READY, headers=headers)
                if connection.getresponse().status == http.HTTPStatus.OK:
                    return
            except (OSError, http.client.HTTPException) as error:
                reason = str(error)
            else:
                reason = "not ready yet"
            finally:
                connection.close()
            if (self._directory / "exit-code").exists():
                raise EmulatorError(f"ministack ended while it started, its log ends with:\n{self.log[-_TAIL:]}")
            time.sleep(0.05)
        raise EmulatorError(
            f"ministack didn't answer within {_START_SECONDS:g} s ({reason}), its log ends with:\n{self.log[-_TAIL:]}"
        )

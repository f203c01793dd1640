"""Signed requests as they are on the wire, among them some that the SDK for JavaScript made."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from emulator.signature import SignatureError, claimed

SECRET: Final = "secret of a run"
NOON: Final = 1767268800.0
"""2026-01-01T12:00:00Z, when the signatures in `SMITHY` were made."""


@dataclass(frozen=True)
class Asked:
    """A request as it is on the wire."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""

    def verify(self, secret: str = SECRET, now: float = NOON) -> None:
        """Verify its signature; raise `SignatureError` if it is refused."""
        claimed(self.method, self.target, self.headers.items()).verify(secret, self.body, now)

    def refused(self, secret: str = SECRET, now: float = NOON) -> str:
        """Return why it is refused."""
        with pytest.raises(SignatureError) as caught:
            self.verify(secret, now)
        return f"{caught.value.code}: {caught.value.message}"


# Made by `@smithy/signature-v4` 5.7.5, which is in the CDK CLI as in each AWS SDK for JavaScript.
SMITHY: Final = {
    name: Asked(method, target, headers, body.encode())
    for name, method, target, headers, body in json.loads(
        Path(__file__).with_name("signed_by_smithy.json").read_text(encoding="utf-8")
    )
}

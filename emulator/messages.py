"""HTTP requests and responses, as the parts of the strict SES pass them to each other."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from emulator.errors import SesError
from emulator.faults import Ending


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One HTTP request; the target is exactly as in the request line."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """Return a header's value, or an empty string."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """One HTTP response; a scripted fault may delay it (`seconds`) or replace it (`ending`)."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    ending: Ending = "answer"
    seconds: float = 0.0


def answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:  # noqa: ANN401 - JSON
    """Return a JSON response in the form of AWS's REST services."""
    own = {"Content-Type": "application/json", "x-amzn-RequestId": str(uuid4())}
    return HttpResponse(status, own | dict(headers or {}), json.dumps(value).encode())


def refusal(status: int, code: str, message: str) -> HttpResponse:
    """Return an error response. Its header `x-amzn-ErrorType` tells botocore which exception to raise.

    https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization
    """
    return answer({"message": message}, status, {"x-amzn-ErrorType": code})


def refused(error: SesError) -> HttpResponse:
    """Return the error response for a `SesError`."""
    return refusal(error.status, error.code, error.message)

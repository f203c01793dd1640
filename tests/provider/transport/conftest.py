"""Fixtures: the staged asset with an SES and an answer place, of which a test sets the bytes on the wire."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.provider.transport.raw import Exchange, Wire, http, wire
from tests.support.cloudformation import AnswerPlace, answer_place, vouched_by
from tests.support.events import ACCOUNT, REGION, Resource
from tests.support.function import FunctionProcess

PARTNER = Resource()
CLAIMED = "example.com|partner|3709feb27d9890ae"
KINDS = ("create", "update", "delete")


def proper(exchange: Exchange) -> None:
    """Answer as SES does to a successful call; a read gets no policies.

    "If the action is successful, the service sends back an HTTP 200 response with an empty HTTP body."
    https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentityPolicy.html
    """
    exchange.send(http(200, b'{"Policies":{}}' if exchange.method == "GET" else b""))


@dataclass
class Line:
    """A function, with its SES and its answer place.

    :param ses: the server that is SES.
    :param answers: the server that takes answers.
    :param asset: the folder with the function's code.
    :param environment: the function's environment variables.
    """

    ses: Wire
    answers: AnswerPlace
    asset: Path
    environment: dict[str, str]
    functions: list[FunctionProcess] = field(default_factory=list)

    def function(self, environment: Mapping[str, str] | None = None, *, hurried: bool = True) -> FunctionProcess:
        """Return a cold function, on a hurried clock unless `hurried` is False."""
        function = FunctionProcess(self.asset, self.environment | dict(environment or {}), hurried=hurried)
        self.functions.append(function)
        return function

    def event(self, kind: str, **more: Any) -> dict[str, Any]:
        """Return an event of a kind."""
        url = self.answers.response_url()
        event = {
            "create": lambda: PARTNER.create(url),
            "update": lambda: PARTNER.update(url, CLAIMED),
            "delete": lambda: PARTNER.delete(url, CLAIMED),
        }[kind]()
        return event | more

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        """Let a cold function handle `event`; return its answer."""
        with self.function() as function:
            assert function(event, seconds=900) is None, function.text
        return self.answers.arrived[-1]


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Return the authority that issues the certificate of the answer place."""
    return trustme.CA()


@contextmanager
def made_line(asset: Path, folder: Path, authority: trustme.CA) -> Iterator[Line]:
    """Run the servers for the function in `asset`; `folder` takes its files."""
    trusted = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    with wire(proper) as ses, answer_place(vouched_by(authority)) as answers:
        environment = {
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_ENDPOINT_URL_SESV2": ses.url,
            # Nobody listens there, so questions to CloudFormation get no answer, and events go on without one.
            "AWS_ENDPOINT_URL_CLOUDFORMATION": "http://127.0.0.1:9",
            "SSL_CERT_FILE": str(trusted),
        }
        made = Line(ses, answers, asset, environment)
        yield made
        for function in made.functions:
            function.kill()


@pytest.fixture
def line(asset: Path, tmp_path: Path, authority: trustme.CA) -> Iterator[Line]:
    """Yield a function whose SES answers properly, until the test sets something else."""
    with made_line(asset, tmp_path, authority) as made:
        yield made

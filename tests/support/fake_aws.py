"""A fake AWS: SES, CloudFormation, and the function itself."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trustme

from emulator import StrictSes
from emulator.faults import Ending, ScriptedFault
from emulator.store import StoredPolicy
from tests.support.cloudformation import AnswerPlace, Questions, answer_place, questions, vouched_by
from tests.support.events import ACCOUNT, REGION
from tests.support.function import FunctionProcess

IDENTITIES = ("example.com", "other.example", "a@example.com")


@dataclass
class FakeAws:
    """One account in one region, with the function in it.

    :param ses: the strict SES.
    :param answers: the server that takes answers.
    :param cloudformation: CloudFormation's API.
    :param asset: the folder with the function's code.
    :param environment: the environment variables of the function.
    :param function: the function, warm.
    :param hurried: the same on a hurried clock, on which waiting takes no time.
    """

    ses: StrictSes
    answers: AnswerPlace
    cloudformation: Questions
    asset: Path
    environment: dict[str, str]
    function: FunctionProcess
    hurried: FunctionProcess

    def reset(self) -> None:
        """Return to the initial state; the function stays warm."""
        self.ses.clear_faults()
        self.ses.change(
            update_missing="not-found",
            delete_missing="not-found",
            create_when_full="already-exists",
            drops_id=False,
            stale_seconds=0.0,
            canonical=False,
            quota=None,
        )
        for identity in {policy.identity for policy in self.ses.policies()} | set(IDENTITIES):
            self.ses.add_identity(identity)  # adding it again removes its policies
        self.ses.clear_calls()
        self.answers.puts.clear()
        self.answers.script.clear()
        self.answers.always = 200
        self.answers.arrives = lambda _: None
        self.cloudformation.reset()
        self.function.log.clear()
        self.hurried.log.clear()

    def another_function(self, *, hurried: bool = False, **environment: str) -> FunctionProcess:
        """Return a cold function in a process of its own."""
        return FunctionProcess(self.asset, self.environment | environment, hurried=hurried)

    def signed(self, seconds: float) -> str:
        """Return an answer URL that was signed `seconds` ago on the clock of `handle`."""
        return self.answers.response_url(signed_at=self.now - seconds)

    @property
    def now(self) -> float:
        """The time on the clock that `handle` uses."""
        return time.time() + self.hurried.ahead

    @property
    def url(self) -> str:
        """A new answer URL."""
        return self.answers.response_url()

    def handle(self, event: dict[str, Any], *, seconds: float | None = None) -> dict[str, Any]:
        """Let the function handle `event`; return its only answer.

        :param seconds: the time left until Lambda ends the function, on a real clock. Default: - the most that Lambda
            gives,
            on the hurried clock.
        """
        if seconds is None:
            return self._answer(self.hurried, event, seconds=900)
        return self._answer(self.function, event, seconds=seconds)

    def handle_hurried(self, event: dict[str, Any]) -> dict[str, Any]:
        """Let a cold function on a hurried clock handle `event`; return its only answer."""
        with self.another_function(hurried=True) as function:
            return self._answer(function, event, seconds=900)

    def _answer(self, function: FunctionProcess, event: dict[str, Any], *, seconds: float) -> dict[str, Any]:
        before = len(self.answers.puts)
        error = function(event, seconds=seconds)
        assert error is None, f"{error}\n{function.text}"
        puts = self.answers.puts[before:]
        assert len(puts) == 1, f"{len(puts)} answers to one delivery"
        assert len(puts[0].body) <= 4096
        answer = puts[0].answer
        assert (answer["RequestId"], answer["StackId"], answer["LogicalResourceId"]) == (
            event["RequestId"],
            event["StackId"],
            event["LogicalResourceId"],
        )
        return answer

    def handle_all(self, event: dict[str, Any]) -> dict[str, Any]:
        """Let the function handle `event`, however often its answer is sent; return the last one sent."""
        assert self.function(event) is None
        return self.answers.arrived[-1]

    def live(self, name: str = "partner", identity: str = "example.com") -> str | None:
        """Return the text of a policy at SES, None if there is none."""
        for policy in self.ses.policies():
            if (policy.identity, policy.name) == (identity, name):
                return policy.document
        return None

    def seed(self, text: str, name: str = "partner", identity: str = "example.com") -> str:
        """Put a policy into SES as somebody else made it, and return its text."""
        self.ses.put_policy(StoredPolicy(ACCOUNT, REGION, identity, name, text))
        return text

    def fail(self, operation: str, *, ending: Ending = "refusal", **details: Any) -> None:
        """Let the next call of an operation fail."""
        self.ses.fail(ScriptedFault(ending, operation=operation, **details))

    @property
    def calls(self) -> list[str]:
        """The SES operations that were called, without their ending (`EmailIdentityPolicy` or `...Policies`)."""
        return [call.operation.partition("EmailIdentity")[0] for call in self.ses.calls()]


@contextmanager
def fake_aws(asset: Path, folder: Path) -> Iterator[FakeAws]:
    """Run a fake AWS with the function in `asset`; `folder` takes its files."""
    with ExitStack() as stack:
        authority = trustme.CA()
        trusted = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(trusted))
        ses = stack.enter_context(StrictSes(IDENTITIES, account=ACCOUNT))
        answers = stack.enter_context(answer_place(vouched_by(authority)))
        cloudformation = stack.enter_context(questions())
        environment = {
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": ses.secret,
            "AWS_ENDPOINT_URL_SESV2": ses.url,
            "AWS_ENDPOINT_URL_CLOUDFORMATION": cloudformation.url,
            "SSL_CERT_FILE": str(trusted),
        }
        function = stack.enter_context(FunctionProcess(asset, environment))
        hurried = stack.enter_context(FunctionProcess(asset, environment, hurried=True))
        yield FakeAws(ses, answers, cloudformation, asset, environment, function, hurried)

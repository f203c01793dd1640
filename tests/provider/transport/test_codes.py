"""What each error code of AWS leads to, by kind of event; written from AWS's pages and botocore's model of SES.

The common errors: https://docs.aws.amazon.com/awsconsolehelpdocs/latest/gsg/common-errors.html and, in older words,
https://docs.aws.amazon.com/ses/latest/DeveloperGuide/api-error-codes.html
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import botocore
import pytest
import trustme

from provider.failures import REASON_LENGTH
from tests.provider.transport.conftest import KINDS, Line, made_line, proper
from tests.provider.transport.raw import Exchange, refusal, says
from tests.support.function import FunctionProcess

OPERATIONS: Final = (
    "CreateEmailIdentityPolicy",
    "UpdateEmailIdentityPolicy",
    "DeleteEmailIdentityPolicy",
    "GetEmailIdentityPolicies",
)

FINAL: Final = ("RefusedBySes",) * 3
DENIED: Final = ("AccessDenied",) * 3
BUSY: Final = ("Throttled",) * 3
ILL: Final = ("SesUnavailable",) * 3

# The status, the code, and the reasons of a Create, an Update and a Delete; empty if the event succeeds.
SES: Final[list[tuple[int, str, tuple[str, str, str]]]] = [
    # The errors of the four operations in botocore's model. A Delete succeeds if the identity is gone. Two of the codes
    # make no sense for a read, with which an Update and a Delete begin.
    (404, "NotFoundException", ("IdentityNotFound", "IdentityNotFound", "")),
    (400, "AlreadyExistsException", ("RefusedBySes", "RefusedBySes", "RefusedBySes")),
    (429, "TooManyRequestsException", BUSY),
    (400, "LimitExceededException", ("RefusedBySes", "RefusedBySes", "RefusedBySes")),
    (400, "BadRequestException", FINAL),
]
# The common errors, as AWS lists them now.
COMMON: Final[list[tuple[int, str, tuple[str, str, str]]]] = [
    (403, "AccessDeniedException", DENIED),
    (403, "ExpiredTokenException", FINAL),
    (403, "IncompleteSignature", FINAL),
    (500, "InternalFailure", ILL),
    (400, "MalformedHttpRequestException", FINAL),
    (401, "NotAuthorized", DENIED),
    (403, "OptInRequired", FINAL),
    (400, "RequestAbortedException", ILL),
    (413, "RequestEntityTooLargeException", FINAL),
    (400, "RequestExpired", FINAL),
    (408, "RequestTimeoutException", ILL),
    (503, "ServiceUnavailable", ILL),
    (400, "ThrottlingException", BUSY),
    (403, "UnrecognizedClientException", DENIED),
    (404, "UnknownOperationException", FINAL),
    (400, "ValidationError", FINAL),
]
# Codes of older pages and of other services.
OLDER: Final[list[tuple[int, str, tuple[str, str, str]]]] = [
    (403, "AccessDenied", DENIED),
    (400, "InvalidAction", FINAL),
    (403, "InvalidClientTokenId", DENIED),
    (400, "InvalidParameterCombination", FINAL),
    (400, "InvalidParameterValue", FINAL),
    (400, "InvalidQueryParameter", FINAL),
    (404, "MalformedQueryString", FINAL),
    (400, "MissingAction", FINAL),
    (403, "MissingAuthenticationToken", FINAL),
    (400, "MissingParameter", FINAL),
    (403, "SignatureDoesNotMatch", FINAL),
    (403, "InvalidSignatureException", FINAL),
    (403, "UnauthorizedOperation", DENIED),
    (400, "Throttling", BUSY),
    (500, "InternalServiceErrorException", ILL),
    (500, "ConcurrentModificationException", ILL),
    (409, "ConflictException", FINAL),
    (400, "InternalServerError", ILL),
    (400, "RequestTimeout", ILL),
    # A 5xx counts as an error of SES, whatever its code.
    (503, "NotFoundException", ILL),
    (500, "AlreadyExistsException", ILL),
    (502, "LimitExceededException", ILL),
    (500, "BadRequestException", ILL),
    (599, "Unheard", ILL),
    (429, "Unheard", BUSY),
    (418, "Unheard", FINAL),
]
# Botocore's throttling codes, except `LimitExceededException`, which SES answers for the 21st policy.
THROTTLING: Final[list[tuple[int, str, tuple[str, str, str]]]] = [
    (400, "ThrottledException", BUSY),
    (400, "RequestThrottledException", BUSY),
    (400, "ProvisionedThroughputExceededException", BUSY),
    (400, "TransactionInProgressException", BUSY),
    (503, "RequestLimitExceeded", BUSY),
    (509, "BandwidthLimitExceeded", BUSY),
    (400, "RequestThrottled", BUSY),
    (503, "SlowDown", BUSY),
    (400, "PriorRequestNotComplete", BUSY),
    (400, "EC2ThrottledException", BUSY),
]

# The fewest and the most tries of a call: those of a minute, or of more than four of the five minutes.
BOUNDS: Final = {
    "RefusedBySes": (1, 1),
    "AccessDenied": (30, 150),
    "Throttled": (200, 700),
    "SesUnavailable": (30, 150),
}
ALL_OF_THE_TIME: Final = (200, 700)

CLAIMS: Final = ("AlreadyExistsException", "LimitExceededException")
"""Codes that only a Create gets; the function reads the policies then."""


@dataclass
class Warm:
    """A warm function that gets one code after the other."""

    line: Line
    function: FunctionProcess

    def reason(self, kind: str) -> tuple[str, int, str]:
        """Return the reason of an event's answer, the number of calls to SES, and the physical id."""
        self.line.ses.requests.clear()
        assert self.function(self.line.event(kind), seconds=318) is None, self.function.text
        answer = self.line.answers.arrived[-1]
        return answer["Reason"], len(self.line.ses.requests), answer["PhysicalResourceId"]


@pytest.fixture(scope="module")
def warm(asset: Path, tmp_path_factory: pytest.TempPathFactory, authority: trustme.CA) -> Iterator[Warm]:
    """Yield a warm function on a hurried clock, with five minutes for each event."""
    with made_line(asset, tmp_path_factory.mktemp("codes"), authority) as line, line.function() as function:
        yield Warm(line, function)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("status", "code", "reasons"),
    SES + COMMON + OLDER + THROTTLING,
    ids=[f"{status} {code}" for status, code, _ in SES + COMMON + OLDER + THROTTLING],
)
def test_what_a_code_leads_to(warm: Warm, status: int, code: str, reasons: tuple[str, ...], kind: str) -> None:
    warm.line.ses.usual = says(refusal(status, code, "words of SES"))
    reason, tries, _ = warm.reason(kind)
    expected = reasons[KINDS.index(kind)]
    assert reason.partition(":")[0] == expected
    if expected in BOUNDS:
        assert f"{code}: words of SES" in reason
        is_patient = expected == "SesUnavailable" and kind == "delete"
        is_asked_after = kind == "create" and code in CLAIMS and status == 400
        fewest, most = (2, 2) if is_asked_after else ALL_OF_THE_TIME if is_patient else BOUNDS[expected]
        assert fewest <= tries <= most
        assert ("until the time was up" in reason) is (most == ALL_OF_THE_TIME[1])


@pytest.mark.parametrize(
    ("code", "reasons"),
    [
        ("AlreadyExistsException", ("PolicyVanished", "PolicyVanished", "")),
        ("LimitExceededException", ("PolicyLimit", "PolicyLimit", "")),
        ("BadRequestException", ("RefusedBySes", "RefusedBySes", "")),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_what_a_refused_write_leads_to(warm: Warm, code: str, reasons: tuple[str, ...], kind: str) -> None:
    """Reads succeed, and return no policies."""

    def refuses_writes(exchange: Exchange) -> None:
        (proper if exchange.method == "GET" else says(refusal(400, code)))(exchange)

    warm.line.ses.usual = refuses_writes
    assert warm.reason(kind)[0].partition(":")[0] == reasons[KINDS.index(kind)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_principal_that_is_not_known(warm: Warm, kind: str) -> None:
    """It is tried for two minutes; the reason has the whole principal, and says to check its account's region."""
    principal = f"arn:aws:iam::222222222222:role/{'long' * 16}"
    words = f'Invalid principal in policy, which was given with the elements "AWS":"{principal}" and so on and on'
    warm.line.ses.usual = says(refusal(400, "BadRequestException", words))
    reason, tries, _ = warm.reason(kind)
    assert reason.startswith("InvalidPrincipal: ")
    assert principal in reason
    assert reason.endswith("; check that each principal exists, and that its account has this region enabled")
    assert len(reason) <= REASON_LENGTH
    assert 80 < tries < 250


def test_the_table_has_all_that_botocore_knows_of_these_operations() -> None:
    folder = Path(botocore.__file__).parent / "data" / "sesv2"
    [path] = folder.glob("*/service-2.json*")
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    model: dict[str, Any] = json.loads(text)
    known = {error["shape"] for name in OPERATIONS for error in model["operations"][name]["errors"]}
    assert {code for _, code, _ in SES} == known


def test_the_table_has_all_that_botocore_takes_for_throttling() -> None:
    from botocore.retries.standard import ThrottledRetryableChecker  # noqa: PLC0415 - of this test alone

    listed = {code for _, code, _ in SES + COMMON + OLDER + THROTTLING}
    checker = ThrottledRetryableChecker()
    assert listed >= set(checker._throttled_error_codes)  # noqa: SLF001 - botocore has no other list of them

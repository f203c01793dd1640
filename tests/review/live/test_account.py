"""What is read from a live account over HTTP: identities, their policies, and what is to blame if that fails."""

import json
from uuid import uuid4

import pytest

from emulator import Emulator, ScriptedFault, StoredPolicy
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.account import DeniedError, NoIdentityError, SesAccount
from ses_sending_policy.review.live.aws import Aws, pacer
from ses_sending_policy.rules.faults import CallError
from tests.review.live.looking import Hurried
from tests.support.events import document, statement

pytestmark = pytest.mark.xdist_group("live")

READ = "GetEmailIdentityPolicies"


@pytest.fixture
def identity(aws: Emulator) -> str:
    """Give an identity for this test alone, with a policy."""
    name = f"{uuid4().hex}.example"
    aws.client("sesv2").create_email_identity(EmailIdentity=name)
    text = json.dumps(document(statement(identity=name)), separators=(",", ":"))
    aws.ses.put_policy(StoredPolicy("111111111111", "eu-west-1", name, "partner", text))
    return name


def test_it_says_whose_it_is_and_where(account: SesAccount) -> None:
    assert (account.partition, account.region, account.id) == ("aws", "eu-west-1", "111111111111")


def test_it_reads_all_policies_of_an_identity_by_one_call(account: SesAccount, aws: Emulator, identity: str) -> None:
    [held] = [each for each in aws.ses.policies() if each.identity == identity]
    assert account.policies(identity) == {"partner": held.document}
    assert [call.operation for call in aws.ses.calls()] == [READ]


def test_an_identity_that_is_not_there_is_no_refusal(account: SesAccount) -> None:
    with pytest.raises(NoIdentityError):
        account.policies("nowhere.example")


def test_what_may_not_be_read_says_what_is_denied(account: SesAccount, aws: Emulator, identity: str) -> None:
    aws.ses.fail(ScriptedFault("refusal", status=403, code="AccessDeniedException", message="not\n authorized"))
    with pytest.raises(DeniedError, match=r"^ses:GetEmailIdentityPolicies is denied: not authorized$"):
        account.policies(identity)


def test_another_refusal_keeps_the_words_of_ses(account: SesAccount, aws: Emulator, identity: str) -> None:
    aws.ses.fail(ScriptedFault("refusal", status=400, code="BadRequestException", message="no such thing"))
    with pytest.raises(CallError, match=r"^BadRequestException: no such thing$"):
        account.policies(identity)


@pytest.mark.parametrize("code", ["ExpiredTokenException", "UnrecognizedClientException"])
def test_bad_credentials_are_no_matter_of_one_identity(
    account: SesAccount, aws: Emulator, identity: str, code: str
) -> None:
    aws.ses.fail(ScriptedFault("refusal", status=403, code=code))
    with pytest.raises(ReviewError, match=code):
        account.policies(identity)


@pytest.mark.parametrize(
    "fault",
    [
        ScriptedFault("refusal", status=429, code="TooManyRequestsException", times=3),
        ScriptedFault("refusal", status=400, code="ThrottlingException", times=3),
        ScriptedFault("refusal", status=503, code="ServiceUnavailable", times=3),
        ScriptedFault("reset", times=3),
    ],
    ids=lambda fault: f"{fault.status} {fault.code} {fault.ending}",
)
def test_what_helps_another_time_is_tried_again(
    account: SesAccount, aws: Emulator, identity: str, fault: ScriptedFault
) -> None:
    aws.ses.fail(fault)
    assert account.policies(identity).keys() == {"partner"}
    assert len(aws.ses.calls()) == 4


def test_one_try_is_one_call(aws: Emulator, identity: str) -> None:
    aws.ses.fail(ScriptedFault("refusal", status=429, code="TooManyRequestsException"))
    with pytest.raises(CallError, match="TooManyRequestsException"):
        Aws().once("sesv2", READ, EmailIdentity=identity)
    assert len(aws.ses.calls()) == 1


def test_patience_has_an_end(account: SesAccount, aws: Emulator, identity: str) -> None:
    aws.ses.fail(
        ScriptedFault("refusal", status=429, code="TooManyRequestsException", message="Rate exceeded", times=1000)
    )
    with pytest.raises(ReviewError, match=r"Rate exceeded: try again when less else calls it$"):
        account.policies(identity)


def test_all_identities_are_listed_page_by_page(aws: Emulator) -> None:
    names = {f"{uuid4().hex}.example" for _ in range(3)}
    for name in names:
        aws.client("sesv2").create_email_identity(EmailIdentity=name)
    clock = Hurried()
    found = list(SesAccount(Aws(paced=pacer(clock)), page=2).identities())
    assert set(found) >= names
    assert len(found) == len(set(found))
    assert sum(clock.slept) > 1, "each page is a call, and keeps the pace"

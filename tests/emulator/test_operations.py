"""The four operations, as boto3 sees them."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import botocore.exceptions
import pytest

from emulator import AccountRegion, Settings, StrictSes

Document = Callable[..., str]
# boto3 makes its classes at run time.
Client = Any
EXAMPLE = {"EmailIdentity": "example.com", "PolicyName": "partner"}


def refused(call: Callable[[], object]) -> tuple[int, str, str]:
    """Return how a call was refused: the status, the exception's class and the message."""
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call()
    answer = caught.value.response
    assert answer["Error"]["Code"] == type(caught.value).__name__
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"], answer["Error"]["Message"]


def policies(client: Client, identity: str = "example.com") -> dict[str, str]:
    found: dict[str, str] = client.get_email_identity_policies(EmailIdentity=identity)["Policies"]
    return found


def test_a_policy_is_created_read_updated_and_deleted(ses: StrictSes, client: Client, document: Document) -> None:
    first, second = document(), document(Action=["ses:SendEmail", "ses:SendRawEmail"])
    assert policies(client) == {}
    client.create_email_identity_policy(**EXAMPLE, Policy=first)
    assert policies(client) == {"partner": first}
    client.update_email_identity_policy(**EXAMPLE, Policy=second)
    assert policies(client) == {"partner": second}
    client.delete_email_identity_policy(**EXAMPLE)
    assert policies(client) == {}
    assert [(call.operation, call.status, call.applied) for call in ses.calls()] == [
        ("GetEmailIdentityPolicies", 200, False),
        ("CreateEmailIdentityPolicy", 200, True),
        ("GetEmailIdentityPolicies", 200, False),
        ("UpdateEmailIdentityPolicy", 200, True),
        ("GetEmailIdentityPolicies", 200, False),
        ("DeleteEmailIdentityPolicy", 200, True),
        ("GetEmailIdentityPolicies", 200, False),
    ]


def test_create_refuses_a_taken_name_and_leaves_the_policy(client: Client, document: Document) -> None:
    client.create_email_identity_policy(**EXAMPLE, Policy=document())
    other = document(Action="ses:SendRawEmail")
    assert refused(lambda: client.create_email_identity_policy(**EXAMPLE, Policy=other)) == (
        400,
        "AlreadyExistsException",
        "Policy <partner> already exists",
    )
    assert policies(client) == {"partner": document()}


def test_of_many_creates_at_once_one_is_accepted(ses: StrictSes, client: Client, document: Document) -> None:
    def create(number: int) -> str:
        text = document(Sid=str(number))
        try:
            client.create_email_identity_policy(**EXAMPLE, Policy=text)
        except client.exceptions.AlreadyExistsException:
            return ""
        return text

    with ThreadPoolExecutor(16) as pool:
        accepted = [text for text in pool.map(create, range(64)) if text]
    assert [policy.document for policy in ses.policies()] == accepted
    assert sorted(call.status for call in ses.calls()) == [200] + [400] * 63


@pytest.mark.parametrize(
    ("reading", "refusal"),
    [
        ("already-exists", (400, "AlreadyExistsException", "Policy <p0> already exists")),
        (
            "limit-exceeded",
            (
                400,
                "LimitExceededException",
                "Number of policies for <example.com> exceeds max allowed number of policies per resource",
            ),
        ),
    ],
)
def test_the_21st_policy_is_refused(
    ses: StrictSes, client: Client, document: Document, reading: str, refusal: tuple[int, str, str]
) -> None:
    ses.change(create_when_full=reading)

    def create(name: str) -> None:
        client.create_email_identity_policy(EmailIdentity="example.com", PolicyName=name, Policy=document())

    for number in range(20):
        create(f"p{number}")
    assert refused(lambda: create("p20"))[1] == "LimitExceededException"
    assert refused(lambda: create("p0")) == refusal
    client.update_email_identity_policy(EmailIdentity="example.com", PolicyName="p0", Policy=document())
    client.delete_email_identity_policy(EmailIdentity="example.com", PolicyName="p0")
    create("p20")
    assert len(policies(client)) == 20


@pytest.mark.parametrize("method", ["create", "update", "delete", "get"])
def test_every_operation_wants_an_identity(client: Client, document: Document, method: str) -> None:
    calls = {
        "create": lambda: client.create_email_identity_policy(
            EmailIdentity="gone.com", PolicyName="p", Policy=document("gone.com")
        ),
        "update": lambda: client.update_email_identity_policy(
            EmailIdentity="gone.com", PolicyName="p", Policy=document("gone.com")
        ),
        "delete": lambda: client.delete_email_identity_policy(EmailIdentity="gone.com", PolicyName="p"),
        "get": lambda: client.get_email_identity_policies(EmailIdentity="gone.com"),
    }
    assert refused(calls[method]) == (404, "NotFoundException", "Email identity <gone.com> does not exist.")


@pytest.mark.parametrize(
    ("reading", "code", "left"),
    [("not-found", "NotFoundException", []), ("upsert", None, ["partner"]), ("no-op", None, [])],
)
def test_update_of_a_missing_policy_has_three_readings(
    ses: StrictSes, client: Client, document: Document, *, reading: str, code: str | None, left: list[str]
) -> None:
    ses.change(update_missing=reading)
    if code:
        assert refused(lambda: client.update_email_identity_policy(**EXAMPLE, Policy=document())) == (
            404,
            code,
            "Policy <partner> does not exist",
        )
    else:
        client.update_email_identity_policy(**EXAMPLE, Policy=document())
    assert list(policies(client)) == left
    assert ses.calls("UpdateEmailIdentityPolicy")[0].applied is bool(left)


@pytest.mark.parametrize(("reading", "refusals"), [("not-found", 1), ("ok", 0)])
def test_delete_of_a_missing_policy_has_two_readings(
    ses: StrictSes, client: Client, reading: str, refusals: int
) -> None:
    ses.change(delete_missing=reading)
    if refusals:
        assert refused(lambda: client.delete_email_identity_policy(**EXAMPLE)) == (
            404,
            "NotFoundException",
            "Policy <partner> does not exist",
        )
    else:
        client.delete_email_identity_policy(**EXAMPLE)
    assert [call.applied for call in ses.calls()] == [False]


def test_the_document_is_kept_as_sent_but_for_white_space(client: Client, document: Document) -> None:
    odd = document(Sid='a "b \\ c', Condition={"Bool": {"aws:SecureTransport": True}})
    odd = odd.replace('"Allow"', '"\\u0041llow"')
    spaced = odd.replace(":{", " :\n\t{ ").replace(",", "\r\n, ")
    client.create_email_identity_policy(**EXAMPLE, Policy=spaced)
    assert policies(client) == {"partner": odd}


def test_an_ses_may_drop_the_id(ses: StrictSes, client: Client, document: Document) -> None:
    ses.change(drops_id=True)
    client.create_email_identity_policy(**EXAMPLE, Policy=document(Sid="grüße"))
    kept = json.loads(document(Sid="grüße"))
    del kept["Id"]
    assert policies(client) == {"partner": json.dumps(kept, ensure_ascii=False, separators=(",", ":"))}
    assert ses.calls()[0].document == document(Sid="grüße")


def test_accounts_and_regions_are_worlds_of_their_own(ses: StrictSes, document: Document) -> None:
    places = [
        AccountRegion("111111111111", "eu-west-1"),
        AccountRegion("111111111111", "us-east-1"),
        AccountRegion("222222222222", "eu-west-1"),
    ]
    for number, place in enumerate(places):
        client = ses.client(place)
        assert policies(client) == {}
        client.create_email_identity_policy(
            EmailIdentity="example.com", PolicyName=f"p{number}", Policy=document(place=place)
        )
        client.close()
    assert [(policy.account, policy.region, policy.name) for policy in ses.policies()] == [
        ("111111111111", "eu-west-1", "p0"),
        ("111111111111", "us-east-1", "p1"),
        ("222222222222", "eu-west-1", "p2"),
    ]


def test_an_identity_may_exist_in_one_place_alone(ses: StrictSes) -> None:
    ses.add_identity("here.com", AccountRegion("111111111111", "eu-west-1"))
    here, there = (ses.client(AccountRegion("111111111111", region)) for region in ("eu-west-1", "us-east-1"))
    assert policies(here, "here.com") == {}
    assert refused(lambda: policies(there, "here.com"))[2] == "Email identity <here.com> does not exist."
    here.close()
    there.close()


@pytest.mark.parametrize("seen_between", [True, False], ids=["asked for while gone", "not asked for"])
def test_a_policy_goes_with_its_identity(
    ses: StrictSes,
    client: Client,
    document: Document,
    *,
    seen_between: bool,
) -> None:
    client.create_email_identity_policy(**EXAMPLE, Policy=document())
    ses.remove_identity("example.com")
    if seen_between:
        assert refused(lambda: policies(client))[1] == "NotFoundException"
    assert ses.policies() == []
    ses.add_identity("example.com")
    assert policies(client) == {}


def test_a_wrong_setting_is_refused_with_a_sentence(ses: StrictSes) -> None:
    with pytest.raises(
        ValueError, match="setting update_missing 'maybe' must be one of 'not-found', 'upsert', 'no-op'"
    ):
        ses.change(update_missing="maybe")
    with pytest.raises(ValueError, match="setting 'pace' is unknown, it must be one of canonical, create_when_full, "):
        ses.change(pace=1)
    assert ses.settings == Settings()

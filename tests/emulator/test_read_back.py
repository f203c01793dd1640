"""What a read returns: the state of some seconds ago, or documents in the canonical form of other services."""

import json
import math
from collections.abc import Callable
from typing import Any, Protocol

import pytest

from emulator import AccountRegion, StoredPolicy, StrictSes
from emulator.canonical import canonical

Document = Callable[..., str]
# boto3 makes its classes at run time.
Client = Any
EXAMPLE = {"EmailIdentity": "example.com", "PolicyName": "partner"}
HERE = AccountRegion("111111111111", "eu-west-1")
ROOT = "arn:aws:iam::222222222222:root"


class Clock(Protocol):
    """A clock that only a test moves."""

    def tick(self, seconds: float) -> None:
        """Move the clock on."""


def policies(client: Client) -> dict[str, str]:
    found: dict[str, str] = client.get_email_identity_policies(EmailIdentity="example.com")["Policies"]
    return found


# A stale read


def test_a_read_shows_each_write_once_it_is_old_enough(
    ses: StrictSes, client: Client, document: Document, clock: Clock
) -> None:
    ses.change(stale_seconds=2)
    first, second = document(), document(Action="ses:SendRawEmail")
    client.create_email_identity_policy(**EXAMPLE, Policy=first)
    clock.tick(1)
    client.update_email_identity_policy(**EXAMPLE, Policy=second)
    assert policies(client) == {}
    clock.tick(1)
    assert policies(client) == {"partner": first}
    client.delete_email_identity_policy(**EXAMPLE)
    clock.tick(1)
    assert policies(client) == {"partner": second}
    clock.tick(1)
    assert policies(client) == {}


def test_whoever_reads_is_behind_and_whoever_writes_is_not(ses: StrictSes, document: Document) -> None:
    ses.change(stale_seconds=3)
    one, another = ses.client(HERE), ses.client(HERE)
    one.create_email_identity_policy(**EXAMPLE, Policy=document())
    assert (policies(one), policies(another)) == ({}, {})
    with pytest.raises(another.exceptions.AlreadyExistsException):
        another.create_email_identity_policy(**EXAMPLE, Policy=document())
    assert [policy.document for policy in ses.policies()] == [document()]
    one.close()
    another.close()


def test_how_old_a_read_is_may_change_at_any_time(
    ses: StrictSes, client: Client, document: Document, clock: Clock
) -> None:
    client.create_email_identity_policy(**EXAMPLE, Policy=document())
    clock.tick(5)
    ses.change(stale_seconds=5.5)
    assert policies(client) == {}
    ses.change(stale_seconds=4.5)
    assert policies(client) == {"partner": document()}


def test_a_minute_is_remembered_and_no_more(ses: StrictSes, client: Client, document: Document, clock: Clock) -> None:
    client.create_email_identity_policy(**EXAMPLE, Policy=document())
    ses.change(stale_seconds=60)
    clock.tick(59)
    client.update_email_identity_policy(**EXAMPLE, Policy=document(Sid="Later"))
    assert policies(client) == {}
    clock.tick(2)
    assert policies(client) == {"partner": document()}


def test_what_was_made_by_hand_long_ago_is_seen_at_once(ses: StrictSes, client: Client, document: Document) -> None:
    ses.change(stale_seconds=3)
    client.create_email_identity_policy(**EXAMPLE, Policy=document())
    ses.put_policy(StoredPolicy(HERE.account, HERE.region, "example.com", "by hand", "odd"))
    assert policies(client) == {"by hand": "odd"}


def test_an_identity_that_is_made_anew_has_no_past(ses: StrictSes, client: Client, document: Document) -> None:
    client.create_email_identity_policy(**EXAMPLE, Policy=document())
    client.delete_email_identity_policy(**EXAMPLE)
    ses.add_identity("example.com")
    ses.change(stale_seconds=3)
    assert policies(client) == {}


@pytest.mark.parametrize("seconds", [-1, 61, math.nan, "3", None], ids=str)
def test_only_so_many_seconds_can_be_set(ses: StrictSes, seconds: object) -> None:
    with pytest.raises(ValueError, match=f"^setting stale_seconds {seconds!r} must be a number from 0 to 60$"):
        ses.change(stale_seconds=seconds)


# The canonical form


def test_a_document_comes_back_canonical_however_it_was_written(
    ses: StrictSes, client: Client, document: Document
) -> None:
    ses.change(canonical=True)
    odd = json.loads(document(Effect="allow", Principal={"AWS": ["222222222222", ROOT]}, Action=["ses:SendEmail"]))
    sent = json.dumps({"Statement": odd["Statement"][0], "Id": "owner"}, indent=2)
    expected = document().replace("2012-10-17", "2008-10-17")
    client.create_email_identity_policy(**EXAMPLE, Policy=sent)
    assert policies(client) == {"partner": expected}
    assert [policy.document for policy in ses.policies()] == [expected]
    assert ses.calls()[0].document == sent
    ses.change(canonical=False)
    assert policies(client) == {"partner": json.dumps(json.loads(sent), separators=(",", ":"))}


def test_without_that_a_small_effect_is_refused(ses: StrictSes, client: Client, document: Document) -> None:
    for is_canonical in (False, True):
        ses.change(canonical=is_canonical)
        with pytest.raises(client.exceptions.BadRequestException, match="has the Effect"):
            client.create_email_identity_policy(
                **EXAMPLE, Policy=document(Effect="permit" if is_canonical else "allow")
            )


def test_an_ses_may_do_all_of_it_at_once(ses: StrictSes, client: Client, document: Document, clock: Clock) -> None:
    ses.change(canonical=True, drops_id=True, stale_seconds=1)
    client.create_email_identity_policy(**EXAMPLE, Policy=document(Action=["ses:SendEmail"]))
    assert policies(client) == {}
    clock.tick(1)
    assert policies(client) == {"partner": document().replace('"Id":"owner",', "")}


def whole(*statements: str, head: str = '"Version":"2012-10-17",') -> str:
    return f'{{{head}"Statement":[{",".join(statements)}]}}'


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ('{ "Statement" : [ ] , "Version" : "1" }', '{"Version":"1","Statement":[]}'),
        (
            '{"Statement":[],"Extra":1,"Id":"a","Version":"2012-10-17"}',
            '{"Version":"2012-10-17","Id":"a","Statement":[],"Extra":1}',
        ),
        (whole(head=""), whole(head='"Version":"2008-10-17",')),
        ('{"Version":"2012-10-17","Statement":{"Sid":"a"}}', whole('{"Sid":"a"}')),
        (
            whole('{"Condition":{},"Resource":"r","Action":"a","Principal":"*","Effect":"Deny","Sid":"s"}'),
            whole('{"Sid":"s","Effect":"Deny","Principal":"*","Action":"a","Resource":"r","Condition":{}}'),
        ),
        (whole('{"Action":["a"],"Resource":["r"]}'), whole('{"Action":"a","Resource":"r"}')),
        (whole('{"Action":["a","a"]}'), whole('{"Action":["a","a"]}')),
        (
            whole('{"Condition":{"StringLike":{"k":["v"],"l":["v","w"]}}}'),
            whole('{"Condition":{"StringLike":{"k":"v","l":["v","w"]}}}'),
        ),
        (whole('{"Effect":"ALLOW"}', '{"Effect":"deny"}'), whole('{"Effect":"Allow"}', '{"Effect":"Deny"}')),
        (whole('{"Principal":{"AWS":"222222222222"}}'), whole(f'{{"Principal":{{"AWS":"{ROOT}"}}}}')),
        (
            whole(f'{{"Principal":{{"AWS":["222222222222","{ROOT}","*","*"],"Service":["s","s"]}}}}'),
            whole(f'{{"Principal":{{"AWS":["{ROOT}","*"],"Service":"s"}}}}'),
        ),
        (whole('{"Principal":{"Service":"222222222222"}}'), whole('{"Principal":{"Service":"222222222222"}}')),
        (whole('{"NotPrincipal":{"AWS":["222222222222"]}}'), whole(f'{{"NotPrincipal":{{"AWS":"{ROOT}"}}}}')),
        (whole('{"Sid":"gr\u00fc\u00dfe"}'), whole('{"Sid":"gr\u00fc\u00dfe"}')),
        (whole('"no object"'), whole('"no object"')),
        ("no JSON", "no JSON"),
        ("[ ]", "[ ]"),
        ('{"Statement": ', '{"Statement": '),
        ("[" * 100_000, "[" * 100_000),
        ('{"Version":"2012-10-17"}', '{"Version":"2012-10-17"}'),
        (whole('{"Effect":1,"Principal":{"AWS":{}},"Condition":{"k":1}}'),) * 2,
    ],
    ids=lambda text: text[:60],
)
def test_the_one_form(sent: str, kept: str) -> None:
    assert canonical(sent, "aws") == kept
    assert canonical(kept, "aws") == kept


def test_a_root_is_one_of_its_partition() -> None:
    sent = whole('{"Principal":{"AWS":"222222222222"}}')
    assert "arn:aws-us-gov:iam::222222222222:root" in canonical(sent, "aws-us-gov")

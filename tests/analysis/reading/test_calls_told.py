"""What is reported of a policy that a call writes: what deletes it, where it cannot be read, and its name."""

import json
from typing import Any

import pytest

from ses_sending_policy.analysis.grants.staying import Staying
from ses_sending_policy.analysis.reading.calls import called_policies, physical_ids
from ses_sending_policy.analysis.reading.declared import KnownEnvironment
from ses_sending_policy.analysis.reading.files import UnreadableError
from ses_sending_policy.analysis.reading.removal import Stay
from ses_sending_policy.analysis.reading.template import Template
from tests.analysis.reading.test_calls import IDENTITY, call, found, joined

DELETES = call(action="deleteEmailIdentityPolicy")
BY_REFERENCE = {
    "Fn::Join": ["", joined(call(action="deleteEmailIdentityPolicy", EmailIdentity="<>"), "<>", {"Ref": "Identity"})]
}


@pytest.mark.parametrize(
    ("deleting", "reason", "verb"),
    [
        (DELETES, "", ""),
        (BY_REFERENCE, "", ""),
        (None, "no call deletes it", "stays"),
        (call(action="deleteEmailIdentityPolicy", PolicyName="Other"), "its Delete call", "stays"),
        (call("S3", "deleteEmailIdentityPolicy"), "its Delete call", "stays"),
        (call(action="deleteEmailIdentity"), "its Delete call", "stays"),
        ({"Ref": "Deletes"}, "only the deploy knows", "may stay"),
        ("text", "only the deploy knows", "may stay"),
    ],
)
def test_what_becomes_of_it_when_its_resource_goes(deleting: Any, reason: str, verb: str) -> None:
    [declared] = found({"Create": call()} | ({} if deleting is None else {"Delete": deleting}))
    stay = declared.removal.removed
    told = (stay.reason[: len(reason)], Staying(declared, stay).verb) if stay else ("", "")
    assert told == (reason, verb)


def of(path: str, properties: Any, **more: Any) -> Template:
    resources = {"Call": {"Type": "Custom::AWS", "Properties": properties}, "Identity": IDENTITY}
    return Template(path, "Mail", KnownEnvironment(), {"Resources": resources} | more)


@pytest.mark.parametrize(("path", "place"), [("Mail.json", "'Mail.json'"), ("", "'Mail'")])
def test_one_that_parsers_read_in_more_than_one_way_is_named_by_its_place(path: str, place: str) -> None:
    odd = '{"service": "SES", "service": "S3", "action": "putIdentityPolicy"}'
    with pytest.raises(UnreadableError, match=f"Create of .?Call.? in {place} "):
        list(called_policies(of(path, {"Create": odd}), takes_defaults=True))


def test_one_that_may_turn_out_in_too_many_ways_is_not_read() -> None:
    name = {"Fn::Join": ["", [{"Fn::If": [f"C{number}", "a", "b"]} for number in range(7)]]}
    parts = joined(call(PolicyName="<>"), "<>", name)
    assert found({"Create": {"Fn::Join": ["", parts]}}) == []


def with_id(physical_id: Any) -> str:
    return json.dumps(json.loads(call()) | {"physicalResourceId": {"id": physical_id}})


def test_what_its_resource_goes_by() -> None:
    named = {"Fn::Join": ["", joined(with_id("<>"), "<>", {"Ref": "Name"})]}
    many = of(
        "", {"Create": with_id("one"), "Update": named, "Delete": "text"}, Parameters={"Name": {"Type": "String"}}
    )
    assert physical_ids(many, "Call", "Create", "Update", "Delete", "Other") == ["one", None, None]
    given = Template("", "Mail", KnownEnvironment(), many.elements, parameters={"Name": "two"})
    assert physical_ids(given, "Call", "Update") == ["two"]
    odd = of("", {"Create": '{"service": "SES", "service": "S3"}'})
    assert physical_ids(odd, "Call", "Create") == [None]


ROLE = "arn:aws:iam::222222222222:role/mail"
MAY_BE = {"Where": {"Type": "String"}, "Who": {"Type": "String"}, "Name": {"Type": "String"}}


@pytest.mark.parametrize(
    ("region", "role", "sent", "away", "unknown"),
    [
        ("eu-west-1", "${Who}", {"region", "account"}, ("account of ${Who}",), {"Who"}),
        ("${Where}", ROLE, {"region", "account"}, ("region ${Where}",), {"Where"}),
        ("${Where}", None, {"region"}, ("region ${Where}",), {"Where"}),
        (None, None, set(), (), set()),
    ],
)
def test_where_it_goes(
    region: str | None, role: str | None, sent: set[str], away: tuple[str, ...], unknown: set[str]
) -> None:
    """What the deploy alone knows of the account and the region is one of the policy's unknown values."""
    places = {"region": region, "assumedRoleArn": role}
    given = json.loads(call(PolicyName="${Name}")) | {name: each for name, each in places.items() if each}
    template = of("", {"Create": {"Fn::Sub": json.dumps(given)}}, Parameters=MAY_BE)
    [policy] = called_policies(template, takes_defaults=True)
    assert (set(policy.sent), policy.away) == (sent, away)
    assert policy.unknowns.keys() == {"Name"} | unknown


@pytest.mark.parametrize(
    ("name", "region", "reason"),
    [
        ("Other", "${Where}", "its Delete call deletes something else"),
        ("${Name}", "us-east-1", "its Delete call goes to another account or region"),
    ],
)
def test_a_sure_reason_why_it_stays_comes_before_one_that_may_be(name: str, region: str, reason: str) -> None:
    writing, deleting = (
        json.dumps(json.loads(text) | {"region": where})
        for text, where in (
            (call(), "eu-west-1"),
            (call(action="deleteEmailIdentityPolicy", PolicyName=name), region),
        )
    )
    template = of("", {"Create": writing, "Delete": {"Fn::Sub": deleting}}, Parameters=MAY_BE)
    [policy] = called_policies(template, takes_defaults=True)
    assert policy.removal.removed == Stay(reason, is_sure=True)

"""The drift check: what it finds at SES, counts and logs."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ses_sending_policy.construct.asset import DRIFT_HANDLER, asset_directory
from ses_sending_policy.rules.drift_check import DRIFT, METRICS, UNREAD, write
from tests.support.events import document, statement
from tests.support.fake_aws import FakeAws
from tests.support.function import FunctionProcess
from tests.support.owners import PARTNER

NAMES = (*METRICS.values(), UNREAD, DRIFT)
SEVEN = document(statement("777777777777"))


@pytest.fixture(scope="module")
def looks(_world: FakeAws) -> Iterator[FunctionProcess]:
    """Yield the function of the drift check, warm."""
    with FunctionProcess(asset_directory(DRIFT_HANDLER), _world.environment, DRIFT_HANDLER) as function:
        yield function


@pytest.fixture
def deployed(aws: FakeAws) -> list[tuple[str, str]]:
    """Deploy a policy on each of three identities, and return what CloudFormation has of them."""
    answers = [
        aws.handle(PARTNER.renamed(f"P{number}").create(aws.url, EmailIdentity=name, Policy=of(name)))
        for number, name in enumerate(("example.com", "other.example", "a@example.com"))
    ]
    return [(answer["PhysicalResourceId"], answer["Data"]["PolicyHash"]) for answer in answers]


def of(identity: str) -> dict[str, Any]:
    return document(statement(identity=identity))


def looked(
    function: FunctionProcess, deployed: list[tuple[str, str]], *, ignore_undeclared: bool = False
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Run the drift check; return the metrics that are not 0, and the lines of its log before them."""
    function.log.clear()
    assert function(write("Mail-Drift", PARTNER.stack_id, deployed, ignore_undeclared=ignore_undeclared)) is None
    *lines, metrics = function.log_lines
    for each in lines:
        # It repeats the other fields in one sentence.
        assert each.pop("message").startswith(f"Mail-Drift: {each['event']}: identity {each['identity']}")
    return {name: metrics[name] for name in NAMES if metrics[name]}, lines


def line(state: str, identity: str, policy: str = "partner") -> dict[str, Any]:
    return {
        "event": f"policy is {state}",
        "check": "Mail-Drift",
        "stack": "Mail",
        "identity": identity,
        "policy": policy,
    }


def test_what_was_deployed_is_in_sync(aws: FakeAws, looks: FunctionProcess, deployed: list[tuple[str, str]]) -> None:
    aws.ses.clear_calls()
    assert looked(looks, deployed) == ({"InSync": 3}, [])
    assert aws.calls == ["Get", "Get", "Get"]


def test_another_spelling_is_in_sync(aws: FakeAws, looks: FunctionProcess, deployed: list[tuple[str, str]]) -> None:
    root = statement("arn:aws:iam::222222222222:root", Sid="Other", Action=["SES:SendRawEmail", "ses:SendEmail"])
    aws.seed(json.dumps(document(root)))
    assert looked(looks, deployed)[0] == {"InSync": 3}


def deployed_as(aws: FakeAws, policy: dict[str, Any]) -> list[tuple[str, str]]:
    answer = aws.handle(PARTNER.create(aws.url, Policy=policy))
    assert answer["Status"] == "SUCCESS"
    return [(answer["PhysicalResourceId"], answer["Data"]["PolicyHash"])]


ROOT = "arn:aws:iam::222222222222:root"
TWICE = statement(["222222222222", ROOT], Condition={"StringLike": {"ses:FromAddress": ["a@example.com"]}})


@pytest.mark.parametrize(
    "policy",
    [
        document(),
        document(TWICE),
        document(statement("222222222222", Action=["ses:SendEmail"]), statement(Effect="Deny", Sid="Denied")),
        document() | {"Version": "2008-10-17"},
        {"Version": "2012-10-17", "Statement": statement()},
        {"Statement": [statement()]},
    ],
    ids=["usual", "twice", "two", "old", "alone", "no Version"],
)
def test_what_comes_back_canonical_is_in_sync(aws: FakeAws, looks: FunctionProcess, policy: dict[str, Any]) -> None:
    aws.ses.change(canonical=True)
    deployed = deployed_as(aws, policy)
    [held] = aws.ses.policies()
    assert json.loads(held.document)["Statement"] != policy["Statement"]
    assert looked(looks, deployed) == ({"InSync": 1}, [])
    aws.seed(json.dumps(SEVEN))
    assert looked(looks, deployed)[0] == {"Changed": 1, "Drift": 1}


BARE = {"Version": "2012-10-17", "Statement": [statement() | {"Principal": "222222222222", "Condition": {}}]}


def test_other_words_are_in_sync(aws: FakeAws, looks: FunctionProcess) -> None:
    deployed = deployed_as(aws, document())
    aws.seed(json.dumps(BARE))
    assert looked(looks, deployed) == ({"InSync": 1}, [])


def test_what_an_earlier_release_deployed_is_in_sync(aws: FakeAws, looks: FunctionProcess) -> None:
    """The digest stays in the stack until the policy changes; that release hashed statements as they were written."""
    [(id_, digest)] = deployed_as(aws, BARE)
    earlier = "946cb906b559e410a391effca9cfb061ac2123875f9a2cc3cb4bac2f95b0dc58"
    assert digest != earlier
    assert looked(looks, [(id_, earlier)]) == ({"InSync": 1}, [])


def test_each_state_is_counted_and_told(aws: FakeAws, looks: FunctionProcess, deployed: list[tuple[str, str]]) -> None:
    aws.seed(json.dumps(SEVEN))
    aws.seed(json.dumps(SEVEN), name="planted")
    foreign = SEVEN | {"Id": "Billing/Sender/0123456789abcdef"}
    aws.seed(json.dumps(foreign), identity="other.example")
    aws.seed(json.dumps(foreign), name="theirs", identity="other.example")
    aws.ses.add_identity("a@example.com")  # adding it again removes its policies
    assert looked(looks, deployed) == (
        {"Changed": 1, "Missing": 1, "Foreign": 1, "Undeclared": 1, "Drift": 4},
        [
            line("missing", "a@example.com"),
            line("changed", "example.com"),
            line("undeclared", "example.com", "planted"),
            line("foreign", "other.example"),
        ],
    )


def test_what_nobody_declares_raises_no_alarm_where_it_is_ignored(
    aws: FakeAws, looks: FunctionProcess, deployed: list[tuple[str, str]]
) -> None:
    aws.seed(json.dumps(SEVEN), name="planted")
    assert looked(looks, deployed)[0] == {"InSync": 3, "Undeclared": 1, "Drift": 1}
    assert looked(looks, deployed, ignore_undeclared=True)[0] == {"InSync": 3, "Undeclared": 1}


def test_a_policy_of_an_identity_that_is_gone_is_missing(looks: FunctionProcess) -> None:
    assert looked(looks, [("gone.example|partner|0123456789abcdef", "0" * 64)])[0] == {"Missing": 1, "Drift": 1}


@pytest.mark.parametrize("text", ["[]", "no JSON", '{"Statement": "?"}'])
def test_what_is_no_document_is_changed(
    aws: FakeAws, looks: FunctionProcess, deployed: list[tuple[str, str]], text: str
) -> None:
    aws.seed(text)
    assert looked(looks, deployed[:1])[0] == {"Changed": 1, "Drift": 1}


def test_what_cannot_be_read_is_told_and_the_rest_is_looked_at(
    aws: FakeAws, looks: FunctionProcess, deployed: list[tuple[str, str]]
) -> None:
    aws.fail("GetEmailIdentityPolicies", status=400, code="BadRequestException", message="not today", times=1)
    counts, [told] = looked(looks, deployed)
    assert counts == {"InSync": 2, "Unread": 1, "Drift": 1}
    # The order of the reads depends on the time.
    assert told.pop("identity") in {"a@example.com", "example.com", "other.example"}
    assert told == {
        "event": "identity could not be read",
        "check": "Mail-Drift",
        "stack": "Mail",
        "reason": "RefusedBySes: GetEmailIdentityPolicies: BadRequestException: not today",
    }


def test_the_metrics_are_as_cloudwatch_reads_them(looks: FunctionProcess, deployed: list[tuple[str, str]]) -> None:
    looked(looks, deployed)
    metrics = looks.log_lines[-1]
    about = metrics.pop("_aws")
    assert about.pop("Timestamp") > 0
    assert about == {
        "CloudWatchMetrics": [
            {
                "Namespace": "SendingPolicy",
                "Dimensions": [["Check"]],
                "Metrics": [{"Name": name, "Unit": "Count"} for name in NAMES],
            }
        ]
    }
    assert metrics == {"Check": "Mail-Drift"} | dict.fromkeys(NAMES, 0) | {"InSync": 3}


@pytest.mark.parametrize("event", [{}, {"name": "x", "stack": "no ARN", "policies": []}, "text"])
def test_an_event_of_something_else_fails(looks: FunctionProcess, event: Any) -> None:
    assert "the event is not that of a drift check" in (looks(event) or "")


def test_an_id_of_something_else_fails(looks: FunctionProcess) -> None:
    event = write("Mail-Drift", PARTNER.stack_id, [("Mail-Partner-1A2B", "0")])
    assert "'Mail-Partner-1A2B' is not the physical id of a SendingPolicy" in (looks(event) or "")

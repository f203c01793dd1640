"""The rules of the synth, applied to the document that CloudFormation resolved."""

import subprocess
import sys
from typing import Any, Final

import pytest

from provider.cloudformation import ResourceState
from tests.conftest import ROOT
from tests.support.clocks import BEGIN
from tests.support.events import document, statement
from tests.support.inside import Ended, Inside
from tests.support.owners import CLAIMED, MADE, MARKER, OTHERS_MARKER, PARTNER, UNCLAIMED, declared, parsed, text

PRINCIPAL: Final = ["Statement/0/Principal/AWS"]
EVERYBODY: Final = statement("*")
PUBLIC: Final = (
    "InvalidDeclaration: SES001: principal '*' lets every AWS account send as 'example.com'; "
    "name the accounts in Principal, or add a condition on aws:PrincipalOrgID"
)


def condition(operator: str, key: str, value: Any) -> dict[str, Any]:
    """Return properties in which one value of a condition was unknown until the deploy."""
    return {
        "Policy": document(statement(Condition={operator: {key: value}})),
        "Unknown": [f"Statement/0/Condition/{operator}/{key}"],
    }


def public(**changes: Any) -> dict[str, Any]:
    return {"Policy": document(EVERYBODY), "Unknown": PRINCIPAL} | changes


BAD: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "everybody": (public(), PUBLIC),
    "an account's digits": (
        {"Policy": document(statement("arn:aws:iam::12345:root")), "Unknown": PRINCIPAL},
        (
            "InvalidDeclaration: SES014: principal 'arn:aws:iam::12345:root' has the account '12345', which has "
            "not 12 digits; give an account's 12 digits, as 111111111111, an ARN, as "
            "arn:aws:iam::111111111111:role/Sender, or under Service a service, as cognito-idp.amazonaws.com"
        ),
    ),
    "a pattern": (
        {"Policy": document(statement("arn:aws:iam::222222222222:role/*")), "Unknown": PRINCIPAL},
        (
            "InvalidDeclaration: SES015: principal 'arn:aws:iam::222222222222:role/*' has a wildcard in it, and is no "
            "pattern; name each principal, or write '*' with a condition on aws:PrincipalArn under ArnLike"
        ),
    ),
    "a date": (
        condition("DateLessThan", "aws:CurrentTime", "tomorrow"),
        (
            "InvalidDeclaration: SES111: condition on aws:CurrentTime: date is 'tomorrow': give a datetime with a time "
            "zone, or a string as 2031-01-01T00:00Z; write the value in the form that the operator compares with"
        ),
    ),
    "a network": (
        condition("IpAddress", "aws:SourceIp", "203.0.113"),
        (
            "InvalidDeclaration: SES111: condition on aws:SourceIp: network '203.0.113' is none: write it as "
            "203.0.113.0/24 or 2001:db8::/32; write the value in the form that the operator compares with"
        ),
    ),
    "no address": (
        condition("StringLike", "ses:FromAddress", []),
        (
            "InvalidDeclaration: SES112: operator 'StringLike' compares ses:FromAddress with nothing; put something "
            "into the list, or leave the element out"
        ),
    ),
    "an empty address": (
        condition("StringLike", "ses:FromAddress", [""]),
        (
            "InvalidDeclaration: SES112: operator 'StringLike' compares ses:FromAddress with nothing; put something "
            "into the list, or leave the element out"
        ),
    ),
    "an action that manages": (
        {"Policy": document(statement(Action="ses:*")), "Unknown": ["Statement/0/Action"]},
        (
            "InvalidDeclaration: SES003: action 'ses:*' gives more than sending; use ses:SendEmail, ses:SendRawEmail, "
            "ses:SendTemplatedEmail, ses:SendBulkTemplatedEmail or ses:SendBulkEmail"
        ),
    ),
    "all but one": (
        {
            "Policy": document(
                {"NotPrincipal": {"AWS": "222222222222"}}
                | {key: value for key, value in statement().items() if key != "Principal"}
            ),
            "Unknown": ["Statement"],
        },
        (
            "InvalidDeclaration: SES006: NotPrincipal is not an element of a sending policy; name what is meant, in "
            "Principal, Action or Resource"
        ),
    ),
    "whoever deploys": (
        {
            "Policy": document(statement("*", Effect="Deny", Action="ses:*")),
            "Unknown": ["Statement/0/Principal/AWS"],
        },
        (
            "InvalidDeclaration: SES010: nobody can call ses:UpdateEmailIdentityPolicy on 'example.com' any more; deny "
            "the actions that send, as ses:SendEmail, or name in Principal whom it is about"
        ),
    ),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_create_is_refused_before_anything_is_written(aws: Inside, bad: str) -> None:
    properties, reason = BAD[bad]
    ended = aws.handle(PARTNER.create("", **properties))
    assert (ended.status, ended.physical_id) == ("FAILED", UNCLAIMED)
    assert ended.reason == reason
    assert set(aws.calls) == {"Get"}
    assert aws.live() is None


@pytest.mark.parametrize("bad", BAD)
def test_a_forward_update_is_refused_before_anything_is_written(aws: Inside, bad: str) -> None:
    properties, reason = BAD[bad]
    before = aws.seed(text(marker=MARKER))
    ended = aws.handle(PARTNER.update("", MADE, **properties))
    assert (ended.status, ended.physical_id) == ("FAILED", MADE)
    assert ended.reason == reason
    assert set(aws.calls) == {"Get"}
    assert aws.live() == before


@pytest.mark.parametrize("bad", BAD)
def test_what_synth_could_judge_is_not_judged_again(aws: Inside, bad: str) -> None:
    """Without the property, everything was known at synth, or the release had no such rules."""
    properties = {name: value for name, value in BAD[bad][0].items() if name != "Unknown"}
    assert aws.handle(PARTNER.create("", **properties)).reason.partition(":")[0] != "InvalidDeclaration"


@pytest.mark.parametrize("bad", BAD)
def test_what_is_acknowledged_is_left_to_ses(aws: Inside, bad: str) -> None:
    properties, reason = BAD[bad]
    rule = reason.split(": ")[1]
    others = sorted({"SES001", "SES003", "SES014"} - {rule})
    refused = aws.handle(PARTNER.create("", **properties, Acknowledged=others))
    assert refused.reason.startswith("InvalidDeclaration: ")
    ended = aws.handle(PARTNER.create("", **properties, Acknowledged=[*others, rule]))
    assert not ended.reason.startswith("InvalidDeclaration: "), ended.reason


def test_a_warning_of_synth_is_no_refusal_where_all_was_known(aws: Inside) -> None:
    """The ARN was known at synth; only the account is new in the deploy."""
    said = statement(Condition={"ArnLike": {"aws:SourceArn": "pool"}})
    assert aws.handle(PARTNER.create("", Policy=document(said), Unknown=PRINCIPAL)).status == "SUCCESS"


def test_a_document_with_unknowns_that_is_right_takes_the_two_calls(aws: Inside) -> None:
    assert aws.handle(PARTNER.create("", Unknown=PRINCIPAL)).status == "SUCCESS"
    assert aws.calls == ["Create", "Update"]
    aws.forget()
    changed = document(statement("333333333333"))
    assert aws.handle(PARTNER.update("", MADE, Policy=changed, Unknown=PRINCIPAL)).status == "SUCCESS"
    assert aws.calls == ["Get", "Update"]


def test_the_log_has_all_that_is_wrong(aws: Inside) -> None:
    wrong = statement("*", Condition={"StringLike": {"ses:FromAddress": [""]}})
    ended = aws.handle(PARTNER.create("", Policy=document(wrong), Unknown=["Statement"]))
    assert ended.reason.startswith("InvalidDeclaration: SES001: ")
    [line] = [line for line in aws.log_lines if line["event"] == "rules refuse it"]
    assert [each.partition(":")[0] for each in line["findings"]] == ["SES001", "SES112"]


# The rules at deploy apply only to what a deploy changes, and never to what SES holds already.


@pytest.mark.parametrize("marker", [MARKER, f"{MARKER}/adopted"], ids=["ours", "adopted"])
def test_an_update_of_what_ses_holds_goes_on(aws: Inside, marker: str) -> None:
    """An upgrade adds the property, and so causes an Update of each such policy."""
    held = aws.seed(text(EVERYBODY, marker=marker))
    ended = aws.handle(PARTNER.update("", MADE, old={"Policy": document(EVERYBODY)}, **public()))
    assert (ended.status, ended.physical_id, aws.live()) == ("SUCCESS", MADE, held)
    assert "Update" not in aws.calls
    assert "goes on: SES holds it, or a rollback puts it back" in [line["event"] for line in aws.log_lines]


def test_a_create_that_adopts_what_is_there_goes_on(aws: Inside) -> None:
    aws.seed(text(EVERYBODY))
    assert aws.handle(PARTNER.create("", **public(WhenExists="ADOPT"))).status == "SUCCESS"


def test_a_rename_of_what_ses_holds_goes_on(aws: Inside) -> None:
    aws.seed(text(EVERYBODY, marker=MARKER))
    ended = aws.handle(PARTNER.update("", MADE, old=public(), **public(PolicyName="renamed")))
    assert ended.status == "SUCCESS"
    assert aws.live("renamed") is not None


def test_what_another_identity_holds_is_no_excuse(aws: Inside) -> None:
    aws.seed(text(EVERYBODY, marker=MARKER))
    ended = aws.handle(PARTNER.update("", MADE, old=public(), **public(EmailIdentity="other.example")))
    assert ended.reason.startswith("InvalidDeclaration: SES001: ")
    assert aws.live(identity="other.example") is None


def test_both_looks_have_to_show_it(aws: Inside) -> None:
    """A single read may show a state from up to three seconds ago."""
    aws.seed(text(EVERYBODY, marker=MARKER))
    narrow = text(marker=MARKER)
    aws.before("GetEmailIdentityPolicies", lambda: None)
    aws.before("GetEmailIdentityPolicies", lambda: aws.seed(narrow) if len(aws.calls) else None, times=2)
    assert aws.handle(PARTNER.update("", MADE, **public())).reason.startswith("InvalidDeclaration: SES001: ")
    assert aws.live() == narrow


# They never apply in a rollback or to a Delete


def rolls_back(aws: Inside, status: str) -> Ended:
    aws.stack.stack = lambda: status
    return aws.handle(PARTNER.update("", CLAIMED, old={"Policy": document()}, **public()))


def test_a_rollback_puts_back_what_was_there(aws: Inside) -> None:
    aws.seed(text(marker=MARKER))
    assert rolls_back(aws, "UPDATE_ROLLBACK_IN_PROGRESS").status == "SUCCESS"
    assert parsed(aws.live()) == declared(MARKER, EVERYBODY)


@pytest.mark.parametrize("status", ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
def test_no_other_status_is_a_rollback(aws: Inside, status: str) -> None:
    aws.seed(text(marker=MARKER))
    assert rolls_back(aws, status).reason == PUBLIC


def test_where_nobody_tells_the_status_nobody_gets_in(aws: Inside) -> None:
    aws.seed(text(marker=MARKER))
    reason = rolls_back(aws, "").reason
    assert reason.startswith("InvalidDeclaration: SES001: ")
    assert aws.live() == text(marker=MARKER)


def test_an_update_that_is_overtaken_does_not_take_itself_for_the_rollback(aws: Inside) -> None:
    aws.seed(text(marker=MARKER))
    aws.stack.says = lambda: ResourceState("UPDATE_IN_PROGRESS", CLAIMED, BEGIN + 100)
    aws.stack.stack = lambda: "UPDATE_ROLLBACK_IN_PROGRESS"
    assert aws.handle(PARTNER.update("", CLAIMED, **public()), born=1).reason.startswith("Overtaken: ")
    assert aws.live() == text(marker=MARKER)


def test_a_create_asks_for_no_status(aws: Inside) -> None:
    aws.stack.stack = lambda: "UPDATE_ROLLBACK_IN_PROGRESS"
    assert aws.handle(PARTNER.create("", **public())).reason == PUBLIC


@pytest.mark.parametrize("physical_id", [MADE, UNCLAIMED])
def test_a_delete_judges_nothing(aws: Inside, physical_id: str) -> None:
    aws.seed(text(EVERYBODY, marker=MARKER))
    assert aws.handle(PARTNER.delete("", physical_id, **public())).status == "SUCCESS"
    assert aws.live() is None


def test_somebody_elses_policy_of_that_name_is_refused_as_ever(aws: Inside) -> None:
    aws.seed(text(EVERYBODY, marker=OTHERS_MARKER))
    assert aws.handle(PARTNER.create("", **public())).reason.startswith("PolicyExists: ")


# Without unknowns, the rules are not loaded


@pytest.mark.parametrize(("unknown", "judges"), [(None, False), (PRINCIPAL, True)], ids=["all known", "unknowns"])
def test_the_rules_are_loaded_for_unknowns_alone(unknown: list[str] | None, judges: bool) -> None:
    code = (
        "import sys\n"
        "from tests.support.inside import Inside\n"
        "from tests.support.owners import PARTNER\n"
        f"assert Inside().handle(PARTNER.create('', Unknown={unknown!r})).status == 'SUCCESS'\n"
        "print(any(name.startswith('ses_sending_policy.analysis') for name in sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, encoding="utf-8", cwd=ROOT, timeout=60
    )
    assert done.stdout.strip() == str(judges)

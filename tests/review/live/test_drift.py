"""The states of policies, in each format: golden files with a policy in every state, over HTTP."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from emulator import Emulator, ScriptedFault, StoredPolicy
from ses_sending_policy.cli import parser
from ses_sending_policy.cli.drift import COMMAND
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.rules.drift import State
from tests.review.live.every_state import ACCOUNT, GONE, NEWS, REGION, SHOP, declare, hold, policy, statement
from tests.review.live.looking import Guarded, looked, states, written
from tests.review.templates import stack, template, write
from tests.review.test_schemas import names_of_nothing

pytestmark = pytest.mark.xdist_group("live")

GOLDEN = Path(__file__).with_name("drifted")


@pytest.fixture
def cdk_out(tmp_path: Path, aws: Emulator) -> Path:
    """Give an assembly whose policies are at SES in every state."""
    hold(aws)
    aws.ses.clear_calls()
    return declare(tmp_path / "cdk.out")


@pytest.mark.parametrize("form", COMMAND.formats)
def test_it_writes(tmp_path: Path, cdk_out: Path, form: str) -> None:
    golden = GOLDEN / f"drift.{form}"
    found = tmp_path / golden.name
    found.write_text(written(looked(cdk_out), form), encoding="utf-8")
    assert found.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8"), (
        f"where that is meant: cp {found} {golden}"
    )


def test_there_is_every_state_in_it(cdk_out: Path) -> None:
    assert set(states(looked(cdk_out)).values()) == set(State)


def test_the_states_are_the_same_where_documents_come_back_canonical(cdk_out: Path, aws: Emulator) -> None:
    plain = states(looked(cdk_out))
    aws.ses.change(canonical=True)
    assert states(looked(cdk_out)) == plain


def test_text_fits_into_eighty_columns() -> None:
    lines = (GOLDEN / "drift.text").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > 80] == []


def test_so_does_the_longest_name(tmp_path: Path, aws: Emulator) -> None:
    """A name has at most 64 characters, and comes after its state."""
    assert aws.ses
    out = write(tmp_path / "Mail.json", template(P=policy(GONE, "p" * 64), Q=policy({"Ref": "Q"}, "q" * 64)))
    lines = written(looked(out), "text").splitlines()
    # A path is never broken.
    assert [line for line in lines if len(line) > 80 and len(line.split()) > 1] == []


def test_json_is_as_its_schema_says(cdk_out: Path, aws: Emulator) -> None:
    aws.ses.fail(ScriptedFault("refusal", status=403, code="AccessDeniedException", identity=SHOP))
    assert names_of_nothing("drift", json.loads(written(looked(cdk_out), "json"))) == []


def test_of_files_nothing_but_policies_is_read(cdk_out: Path, aws: Emulator) -> None:
    looked(cdk_out)
    assert [(each.operation, each.identity) for each in aws.ses.calls()] == [
        ("GetEmailIdentityPolicies", each) for each in ("gone.drift.example", NEWS, SHOP)
    ]


@pytest.mark.parametrize(("fail_on", "failures"), [("any", 13), ("declared", 11), ("never", 0)])
def test_a_build_server_sees_what_fails(cdk_out: Path, aws: Emulator, fail_on: str, failures: int) -> None:
    text = written(looked(cdk_out, f"--fail-on={fail_on}"), "junit")
    suite = ET.fromstring(text).find("testsuite")  # noqa: S314 - it is ours
    assert suite is not None
    assert suite.get("failures") == str(failures) == str(len(suite.findall("testcase/failure")))
    assert suite.get("tests") == str(len(suite.findall("testcase"))) == "15"
    aws.ses.fail(ScriptedFault("refusal", status=403, code="AccessDeniedException", message="no", identity=SHOP))
    suite = ET.fromstring(written(looked(cdk_out), "junit")).find("testsuite")  # noqa: S314 - the same
    assert suite is not None
    [error] = suite.findall("testcase/error")
    assert (suite.get("errors"), error.get("message")) == ("1", "ses:GetEmailIdentityPolicies is denied: no")


def test_it_never_says_in_sync_of_what_it_did_not_compare(cdk_out: Path) -> None:
    found = {each["policy_name"]: each for each in json.loads(written(looked(cdk_out), "json"))["policies"]}
    assert {name: each["unknown"] for name, each in found.items() if each["unknown"]} == {
        "sender": ["${Role.Arn}"],
        "impostor": ["${Role.Arn}"],
        "perhaps": ["whether IsProd is true"],
        "somewhere": ["${Identity}"],
    }
    assert [name for name, each in found.items() if each["unknown"] and each["state"] == "in-sync"] == []


def test_a_denied_read_leaves_the_rest(cdk_out: Path, aws: Emulator) -> None:
    aws.ses.fail(ScriptedFault("refusal", status=403, code="AccessDeniedException", message="no", identity=SHOP))
    answer = looked(cdk_out, "--fail-on=never")
    told = f"{SHOP} was not looked at: ses:GetEmailIdentityPolicies is denied: no"
    assert (answer.unseen, answer.code) == ([told], 2)
    found = json.loads(written(answer, "json"))
    assert (found["complete"], [each["identity"] for each in found["unread"]]) == (False, [SHOP])
    assert {each["identity"] for each in found["policies"]} == {NEWS, "gone.drift.example", "${Identity}"}
    assert "2 identities looked at, 1 not" in written(answer, "text").replace("\n", " ")


def test_a_session_that_ends_midway_leaves_what_was_seen(cdk_out: Path, aws: Emulator) -> None:
    aws.ses.fail(ScriptedFault("refusal", status=403, code="ExpiredTokenException", identity=NEWS))
    answer = looked(cdk_out)
    assert answer.code == 2
    [told] = answer.unseen
    assert told.startswith("2 identities were not looked at: the AWS session is over: ExpiredTokenException")
    assert states(answer) == {"nowhere": "missing", "somewhere": "undecided"}


def test_where_nothing_can_be_looked_at_there_is_one_sentence(cdk_out: Path, aws: Emulator) -> None:
    aws.ses.fail(ScriptedFault("refusal", status=403, code="ExpiredTokenException"))
    with pytest.raises(ReviewError, match=r"^the AWS session is over: ExpiredTokenException"):
        looked(cdk_out)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("same", {"any": 0, "declared": 0, "never": 0}),
        ("wider", {"any": 1, "declared": 1, "never": 0}),
        ("planted", {"any": 1, "declared": 0, "never": 0}),
    ],
)
def test_the_exit_code(tmp_path: Path, aws: Emulator, name: str, codes: dict[str, int]) -> None:
    identity = f"{name}.codes.example"
    aws.client("sesv2").create_email_identity(EmailIdentity=identity)
    for live in {"same", name}:
        address = "*" if live == "wider" else ""
        document = {"Version": "2012-10-17", "Statement": statement(identity, address=address)}
        aws.ses.put_policy(StoredPolicy(ACCOUNT, REGION, identity, live, json.dumps(document)))
    resources = {each: policy(identity, each) for each in {"same", name} - {"planted"}}
    out = write(tmp_path / "Mail.json", template(**resources))
    assert {each: looked(f"--fail-on={each}", out).code for each in codes} == codes


def test_of_an_assembly_for_other_places_there_is_one_sentence(tmp_path: Path, aws: Emulator) -> None:
    assert aws.ses
    out = tmp_path / "cdk.out"
    write(out / "manifest.json", {"artifacts": {"Mail": stack(environment="aws://999999999999/us-east-1")}})
    write(out / "Mail.template.json", template(P=policy(NEWS, "partner")))
    told = (
        "nothing is declared for account 111111111111 in eu-west-1, "
        "only for account 999999999999 in us-east-1: name another --profile or --region"
    )
    with pytest.raises(ReviewError) as refused:
        looked(out)
    assert refused.value.faults == (told,)


def test_a_template_for_anywhere_is_for_here(tmp_path: Path, cdk_out: Path) -> None:
    assert cdk_out
    principal = {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::222222222222:root"}}
    resource_ = {"Fn::Sub": f"arn:${{AWS::Partition}}:ses:${{AWS::Region}}:${{AWS::AccountId}}:identity/{NEWS}"}
    named = policy(NEWS, "unmarked", statement(NEWS, Principal=principal, Resource=resource_))
    out = write(tmp_path / "Mail.json", template(P=named))
    assert states(looked(out))["unmarked"] == "in-sync"


def test_every_identity_of_the_account_is_looked_at_where_that_is_asked_for(tmp_path: Path, cdk_out: Path) -> None:
    assert cdk_out
    out = write(tmp_path / "Mail.json", template(P=policy("gone.drift.example", "nowhere")))
    assert states(looked(out)) == {"nowhere": "missing"}
    assert states(looked("--all", out)).items() >= {"nowhere": "missing", "planted": "undeclared"}.items()


@pytest.mark.parametrize(
    ("spelled", "declared"),
    [
        ("D1.drift.example", "d1.drift.example"),
        ("b\u00fccher.drift.example", "xn--bcher-kva.drift.example"),
        ("xn--bcher-kva.drift.example", "B\u00fccher.drift.example"),
        ("a@D1.drift.example", "a@d1.drift.example"),
    ],
)
def test_an_identity_is_one_however_it_is_spelled(tmp_path: Path, aws: Emulator, spelled: str, declared: str) -> None:
    """A policy was once reported as missing and as undeclared, if SES spells its identity otherwise."""
    aws.client("sesv2").create_email_identity(EmailIdentity=spelled)
    try:
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement(spelled)]})
        aws.ses.put_policy(StoredPolicy(ACCOUNT, REGION, spelled, "in-two-spellings", document))
        named = policy(declared, "in-two-spellings", statement(declared))
        found = states(looked("--all", write(tmp_path / "Mail.json", template(P=named))))
        assert found["in-two-spellings"] == "in-sync"
    finally:
        aws.client("sesv2").delete_email_identity(EmailIdentity=spelled)


def test_two_identities_of_one_form_are_both_looked_at(tmp_path: Path, aws: Emulator) -> None:
    """To an SES that is case-sensitive they are two identities, and each may have its own policy."""
    names = ("D2.drift.example", "d2.drift.example")
    for name in names:
        aws.client("sesv2").create_email_identity(EmailIdentity=name)
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement(name)]})
        aws.ses.put_policy(StoredPolicy(ACCOUNT, REGION, name, f"of-{name[0]}", document))
    try:
        out = write(tmp_path / "Mail.json", template(P=policy(names[1], "of-d")))
        found = states(looked("--all", out))
        assert (found["of-d"], found["of-D"]) == ("in-sync", "undeclared")
    finally:
        for name in names:
            aws.client("sesv2").delete_email_identity(EmailIdentity=name)


def test_identities_that_may_not_be_listed_are_one_sentence(cdk_out: Path) -> None:
    with pytest.raises(ReviewError) as refused:
        looked("--all", cdk_out, aws=Guarded(refused={"ListEmailIdentities"}))
    assert refused.value.faults == (
        "the identities of account 111111111111 could not be listed: ses:ListEmailIdentities is denied: not authorized",
    )


def test_a_policy_whose_place_only_the_deploy_knows_is_found_by_its_marker(tmp_path: Path, cdk_out: Path) -> None:
    """Its document was compared, but not its place: so it is neither undeclared nor in-sync."""
    assert cdk_out
    elsewhere = statement(NEWS, address="*@news.drift.example")
    out = write(
        tmp_path / "Mail.json",
        template(
            Same=policy({"Ref": "Identity"}, {"Ref": "Name"}, elsewhere),
            Left=policy(NEWS, {"Ref": "Name"}, elsewhere),
            Worded=policy({"Ref": "Identity"}, "another"),
            Taken=policy(NEWS, "taken"),
        ),
    )
    found = states(looked(out))
    assert {name: found[name] for name in ("same", "left", "worded", "planted", "another")} == {
        "same": "undecided",
        "left": "changed",
        "worded": "undeclared",
        "planted": "undeclared",
        "another": "undecided",
    }


def test_an_account_that_nobody_tells_is_one_sentence(cdk_out: Path) -> None:
    with pytest.raises(ReviewError) as refused:
        looked(cdk_out, aws=Guarded(refused={"GetCallerIdentity"}))
    assert refused.value.faults == (
        "the account id could not be read: GetCallerIdentity: AccessDenied: not authorized",
    )


def test_what_only_the_deploy_knows_of_a_call_is_unknown_too(tmp_path: Path, cdk_out: Path) -> None:
    """The call is a text, and a reference in it is not a function in the document."""
    assert cdk_out
    resources = {}
    for name, actions in (("unmarked", ["ses:SendEmail", "ses:SendRawEmail"]), ("other", ["ses:SendEmail"])):
        statement_ = statement(NEWS, Principal={"AWS": "ROLE"}, Action=actions)
        document = {"Version": "2012-10-17", "Statement": statement_}
        parameters = {"EmailIdentity": NEWS, "PolicyName": name, "Policy": json.dumps(document)}
        text = json.dumps({"service": "SESv2", "action": "createEmailIdentityPolicy", "parameters": parameters})
        before, after = text.split("ROLE")
        call = {"Fn::Join": ["", [before, {"Fn::GetAtt": ["Role", "Arn"]}, after]]}
        resources[name.title()] = {"Type": "Custom::AWS", "Properties": {"Create": call}}
    found = states(looked(write(tmp_path / "Calls.json", template(**resources))))
    assert (found["unmarked"], found["other"]) == ("undecided", "changed")


def test_a_call_of_sdk_should_have_no_marker(tmp_path: Path, cdk_out: Path) -> None:
    """A policy that an `AwsCustomResource` writes has no marker: one with a marker of ours is somebody else's."""
    assert cdk_out
    resources = {}
    for name in ("unmarked", "same"):
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement(NEWS)]})
        parameters = {"EmailIdentity": NEWS, "PolicyName": name, "Policy": document}
        call = {"service": "SESv2", "action": "createEmailIdentityPolicy", "parameters": parameters}
        resources[name] = {"Type": "Custom::AWS", "Properties": {"Create": json.dumps(call)}}
    out = write(tmp_path / "Calls.json", template(**resources))
    found = {each["policy_name"]: each for each in json.loads(written(looked(out), "json"))["policies"]}
    assert (found["unmarked"]["state"], found["unmarked"]["lacks_marker"]) == ("in-sync", False)
    assert found["same"]["state"] == "foreign"


def test_files_and_stacks_are_not_mixed(cdk_out: Path) -> None:
    options = parser(["drift"]).parse_args(["drift", "--stack=Mail", str(cdk_out)])
    with pytest.raises(ReviewError, match="either files or deployed stacks"):
        COMMAND.answer(options)

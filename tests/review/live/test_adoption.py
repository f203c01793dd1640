"""How `adopt` declares the policies of an identity, and which it cannot declare."""

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ses_sending_policy.cli.adopt import COMMAND
from ses_sending_policy.review.live.adoption import Adoption
from ses_sending_policy.review.live.adoption_formats import adoption_python
from ses_sending_policy.review.text_output import TextOutput
from ses_sending_policy.rules.identity import Identity, IdentityArn
from ses_sending_policy.rules.limits import POLICY_BYTES
from tests.analysis.findings.declare import ARN
from tests.analysis.findings.examples import MANAGING, SENDING
from tests.review.test_schemas import names_of_nothing
from tests.support.events import document, statement

GOLDEN = Path(__file__).with_name("adopted")
EXAMPLE = IdentityArn.parse(ARN)
MARKED = "Mail/Partner1A2B3C4D/0123456789abcdef"


def adoption(policies: Mapping[str, Any], arn: IdentityArn = EXAMPLE) -> Adoption:
    """Return the adoption of policies, each given as a text or as what is written as one."""
    texts = {name: each if isinstance(each, str) else json.dumps(each) for name, each in policies.items()}
    return Adoption.of_texts(arn, texts)


@pytest.fixture
def examples() -> Adoption:
    """Give AWS's examples, a policy with an owner, one without a Version, and one that is left out."""
    names = {name: _plain(name) for name in SENDING}
    policies = {names[name]: each for name, each in SENDING.items()}
    pool = "arn:aws:cognito-idp:eu-west-1:222222222222:userpool/eu-west-1_AbCdEfGhI"
    condition = {"StringEquals": {"aws:SourceAccount": "222222222222"}, "ArnLike": {"aws:SourceArn": pool}}
    cognito = statement(Principal={"Service": "email.cognito-idp.amazonaws.com"}, Condition=condition)
    admins = statement("*", Effect="Deny", Condition={"StringLike": {"ses:FromAddress": "*admin*"}})
    news = {"StringLike": {"ses:FromAddress": "*@news.example.com"}}
    public = statement("*", Condition={"Bool": {"aws:SecureTransport": True}})
    return adoption(
        {
            **policies,
            "managing": MANAGING["two actions of two users"][0],
            "several": document(statement(["333333333333", "arn:aws:iam::222222222222:root"], Condition=news)),
            "owned": document(cognito, admins, public) | {"Id": MARKED},
            "unversioned": {"Statement": statement()},
            "planted": document(statement(Sid="{{resolve:secretsmanager:prod/db}}")),
        }
    )


@pytest.mark.parametrize("form", COMMAND.formats)
def test_it_writes(examples: Adoption, tmp_path: Path, form: str) -> None:
    golden = GOLDEN / f"adopt.{form}"
    found = tmp_path / golden.name
    found.write_text(COMMAND.formats[form](examples, TextOutput()), encoding="utf-8")
    assert found.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8"), (
        f"where that is meant: cp {found} {golden}"
    )


def _plain(name: str) -> str:
    return "".join(each if each.isalnum() else "-" for each in name)


def test_it_says_what_somebody_should_look_at(examples: Adoption) -> None:
    ids = (
        "of 'a-Cognito-user-pool', 'a-display-name', 'a-window-of-time', 'an-account--from-some-addresses', "
        "'an-organization', 'managing', 'one-From-address', 'one-action', 'two-statements', 'two-users' "
        "the Id gives way to the owner's marker, and comes back when the policy is released"
    )
    assert list(examples.notes) == [
        "policy 'managing' acknowledges SES003, an action is allowed that does not send: look at it",
        "policy 'owned' belongs to stack Mail (Partner1A2B3C4D): a deploy takes it from there",
        "policy 'owned' acknowledges SES001, everybody may send as the identity: look at it",
        "policy 'two-statements' acknowledges SES002, the resource is not the identity's own ARN: look at it",
        ids,
    ]
    why = "it has '{{resolve:secretsmanager:prod/db}}', which CloudFormation would take for a reference to a secret"
    assert examples.reasons == [f"policy 'planted' is left out, it cannot be declared unchanged: {why}"]


def test_it_says_of_an_id_that_it_will_be_lost() -> None:
    texts = {"long": document() | {"Id": "x" * 2000}, "short": document() | {"Id": "of a person"}}
    assert list(adoption(texts).notes) == [
        "of 'short' the Id gives way to the owner's marker, and comes back when the policy is released",
        "of 'long' the Id gives way to the owner's marker and is lost, it is too long to be kept: note it down",
    ]


def test_it_says_who_may_be_locked_out() -> None:
    deploy = {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/deploy"}}
    guard = statement("*", Effect="Deny", Action="ses:*")
    texts = {"all": document(guard), "but-one": document(guard | {"Condition": deploy}), "none": document()}
    found = adoption(texts)
    assert list(found.notes) == [
        "policy 'all' acknowledges SES010, a Deny locks out whoever deploys: look at it",
        "policy 'but-one' has SES120, a Deny may lock out whoever deploys: look at it before the deploy",
    ]
    code = adoption_python(found)
    assert "        # Look at it: SES010, a Deny locks out whoever deploys.\n" in code
    assert "        # Look at it: SES120, a Deny may lock out whoever deploys.\n" in code
    # A warning does not fail the synth, so nothing has to be acknowledged.
    assert [each for each in ("SES010", "SES120") if f'"ses-sending-policy::{each}"' in code] == ["SES010"]


def test_json_is_as_its_schema_says(examples: Adoption) -> None:
    assert names_of_nothing("adopt", json.loads(COMMAND.formats["json"](examples, TextOutput()))) == []


@pytest.mark.parametrize("width", ["88", "120"])
def test_ruff_has_nothing_to_say_of_the_code(tmp_path: Path, width: str) -> None:
    shutil.copy(GOLDEN / "adopt.python", tmp_path / "app.py")
    ruff = str(Path(sys.executable).with_name("ruff"))
    options = ["--isolated", "--diff", f"--line-length={width}", "app.py"]
    for command in (["format"], ["check", "--extend-select=B,I,RUF,SIM,UP"]):
        done = subprocess.run(
            [ruff, *command, *options], check=False, capture_output=True, encoding="utf-8", cwd=tmp_path
        )
        assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_the_code_has_no_import_that_it_does_not_use() -> None:
    for policies in (
        {"a": document()},
        {"a": document(statement("arn:aws:iam::222222222222:user/Jane"))},
        {"a": document(statement("222222222222", Comment="iam.User cognito.UserPool"))},
    ):
        tree = ast.parse(adoption_python(adoption(policies)))
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
        assert {alias.asname or alias.name for node in imports for alias in node.names} <= used


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("no JSON", "it is no JSON: Expecting value: line 1 column 1 (char 0)"),
        ("[]", "it is no JSON object"),
        ("{}", "policy document has no statement: it needs at least one"),
        (
            '{"Statement": {"Effect": "Deny", "Effect": "Allow"}}',
            "it has 'Effect' twice in one object, and parsers differ in which of them counts",
        ),
        ('{"a":' + "[" * 3000 + "]" * 3000 + "}", "it is nested too deeply"),
        (
            document(statement(Condition={"StringEquals": {"ses:FromAddress": [["a"]]}})),
            "statement for account 222222222222: StringEquals ses:FromAddress is {\"a\"} live and 'a' declared",
        ),
        (
            document({key: value for key, value in statement().items() if key != "Resource"}),
            (
                "statement for account 222222222222: "
                "Resource is 'arn:aws:ses:eu-west-1:111111111111:identity/example.com' declared and not live"
            ),
        ),
        (document(statement(Condition=None)), "it has a null, which a template cannot carry"),
        (document(statement(Action=[])), "statement 0 has an empty Action: every statement needs one"),
    ],
)
def test_what_cannot_be_declared_is_left_out(text: Any, reason: str) -> None:
    found = adoption({"bad": text, "good": document()})
    assert found.left == {"bad": reason}
    assert [each.name for each in found.policies] == ["good"]
    assert 'Policy "bad" is left out' in adoption_python(found)


def test_what_comes_in_other_words_is_a_call_of_a_grant() -> None:
    """SES has been seen to hold an empty Condition, and people write a principal as a bare text."""
    bare = statement() | {"Principal": "222222222222", "Effect": "allow", "Condition": {}}
    [found] = adoption({"a": document(bare)}).policies
    assert ([each.method for each in found.grants], found.document) == (["allow_account"], {})


@pytest.mark.parametrize("resource", [{}, {"Resource": ARN}])
def test_a_statement_about_other_resources_is_declared_as_it_is(resource: dict[str, str]) -> None:
    """SES does not document such an element, so `adopt` does not decide what SES would make of it."""
    other = {key: value for key, value in statement().items() if key != "Resource"} | {"NotResource": "x"} | resource
    [found] = adoption({"a": document(other)}).policies
    assert found.document["Statement"] == [other]


def test_a_name_that_ses_would_not_take_is_left_out() -> None:
    found = Adoption.of_texts(EXAMPLE, {'"\n': json.dumps(document())})
    assert found.left.keys() == {'"\n'}
    assert "# Policy '\"\\n' is left out: it cannot be declared unchanged.\n" in adoption_python(found)


def sized(size: int) -> dict[str, Any]:
    """Return a document of this size in bytes at SES."""
    addresses = [f"{number:03}@example.com" for number in range(100)]
    found = document({**statement(Condition={"StringEquals": {"ses:FromAddress": addresses}}), "Sid": ""})
    found["Statement"][0]["Sid"] = "S" * (size - len(json.dumps(found, separators=(",", ":"))))
    return found


def test_a_document_is_declared_as_long_as_the_marker_fits_in() -> None:
    marker = len('"Id":"SendingPolicies-example-com/Policya00000000/0123456789abcdef/adopted",')
    fits, is_too_large = sized(POLICY_BYTES - marker), sized(POLICY_BYTES - marker + 1)
    # A grant's Sid is another one.
    assert [bool(each.grants) for each in adoption({"a": fits}).policies] == [True]
    fits["Version"] = is_too_large["Version"] = "2008-10-17"
    assert adoption({"a": fits}).left == {}
    assert adoption({"a": is_too_large}).left == {
        "a": "policy document is too large: 4097 bytes with the owner's marker, 4096 are allowed; "
        "spread its statements over several policies"
    }


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ("example.com", "SendingPolicies-example-com"),
        ("a-b.example", "SendingPolicies-a-b-example-119c49fe"),
        ("a.b.example", "SendingPolicies-a-b-example"),
        ("a@example.com", "SendingPolicies-a-example-com-08168cd8"),
    ],
)
def test_each_identity_has_a_stack_of_its_own(identity: str, name: str) -> None:
    arn = IdentityArn("aws", "eu-west-1", "111111111111", Identity(identity))
    assert adoption({}, arn).stack_name == name


TEXTS = st.text(min_size=1, max_size=40) | st.sampled_from(['"""', "\n", "\\", "'", '"', "# fmt: off", "{0}", "%s"])


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_a_text_never_becomes_code(key: str, value: str) -> None:
    """Whatever a policy contains, its module is that of a harmless policy, except inside literals."""

    def module(key: str, value: str) -> tuple[str, set[Any]]:
        condition = {"StringEquals": {f"aws:PrincipalTag/{key}": [value]}}
        found = adoption({"a": document(statement(Sid=value, Condition=condition))})
        assert found.left == {}
        tree = ast.parse(adoption_python(found))
        constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        texts = {each.value for each in constants}
        for each in constants:
            each.value = ""
        return ast.dump(tree), texts

    code, texts = module(key, value)
    assert code == module("a", "b")[0]
    assert {f"aws:PrincipalTag/{key}", value} <= texts


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=60))
def test_an_identity_never_becomes_code(local: str) -> None:
    arn = IdentityArn("aws", "eu-west-1", "111111111111", Identity(f"{local}@example.com"))
    for policies in ({}, {"bad": "", "good": document(statement(Resource=str(arn)))}):
        found = adoption(policies, arn)
        tree = ast.parse(adoption_python(found))
        assert sum(isinstance(node, ast.Call) for node in ast.walk(tree)) == (8 if found.policies else 0)

"""Values that the CDK looks up: the synth before they are known goes on, and the next one checks them."""

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_ses as ses
from aws_cdk import aws_ssm as ssm

from ses_sending_policy import DeclarationError, DelegatedIdentity, SendingPolicy, SendingPolicyProvider
from tests.conftest import ROOT
from tests.construct.findings import report
from tests.construct.mail import ENVIRONMENT, new_app, statement
from tests.support.shell import python_app

PARAMETER = "/mail/partner"
KEY = "ssm:account=111111111111:parameterName=/mail/partner:region=eu-west-1"


def declare(stack: cdk.Stack, identity: Any = "example.com", **more: Any) -> SendingPolicy:
    return SendingPolicy(stack, "Policy", identity=identity, **more)


def identity(name: str) -> Callable[[cdk.Stack, str], object]:
    """Return a function that declares a policy on the identity `name`, where `{}` stands for the value."""
    return lambda stack, value: declare(stack, name.format(value), statements=[statement()])


def granted(method: str, *arguments: str, **more: Any) -> Callable[[cdk.Stack, str], object]:
    """Return a function that calls a method of a policy, where `{}` in an argument stands for the value."""

    def filled(argument: Any, value: str) -> Any:
        if isinstance(argument, list):
            return [filled(each, value) for each in argument]
        return argument.format(value) if isinstance(argument, str) else argument

    def call(stack: cdk.Stack, value: str) -> object:
        named = {name: filled(argument, value) for name, argument in more.items()}
        return getattr(declare(stack), method)(*(filled(each, value) for each in arguments), **named)

    return call


def of_made_identity(stack: cdk.Stack, value: str) -> object:
    made = ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain(value))
    declare(stack, f"news@{value}").allow_account("222222222222")
    return SendingPolicy(stack, "Domain", identity=made, statements=[statement()])


def of_imported_identity(stack: cdk.Stack, value: str) -> object:
    return declare(
        stack, ses.EmailIdentity.from_email_identity_name(stack, "Identity", value), statements=[statement()]
    )


def of_user_pool(stack: cdk.Stack, value: str) -> object:
    arn = f"arn:aws:cognito-idp:eu-west-1:{value}:userpool/eu-west-1_Abc123456"
    return declare(stack).allow_cognito_user_pool(cognito.UserPool.from_user_pool_arn(stack, "Pool", arn))


def of_document(element: str) -> Callable[[cdk.Stack, str], object]:
    def call(stack: cdk.Stack, value: str) -> object:
        grant = {"Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Action": "ses:SendEmail", element: value}
        return declare(stack, document={"Statement": [grant]})

    return call


def of_many(stack: cdk.Stack, value: str) -> object:
    """Use a name whose placeholder is longer than its value: only the size of known values counts."""
    longer = ssm.StringParameter.value_from_lookup(stack, f"/mail/{'partner' * 100}")
    return declare(stack).allow_account(value, recipients=[f"{number}@{longer}" for number in range(9)])


def of_delegated(stack: cdk.Stack, value: str) -> object:
    role = iam.Role(stack, "Sender", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    declare(stack).allow_principal(role)
    delegated = DelegatedIdentity(stack, "Delegated", identity_arn=value)
    return delegated.grant_send(role, configuration_set=value)


def of_stack(stack: cdk.Stack, value: str) -> object:
    """Use the account of another stack, whose identities belong to their own account."""
    app = stack.node.root
    assert isinstance(app, cdk.App)
    account = ssm.StringParameter.value_from_lookup(stack, "other")  # without a slash, which bucket names must not have
    other = cdk.Stack(app, "Other", env=cdk.Environment(account=account, region="eu-west-1"))
    declare(stack).allow_account("222222222222")
    arn = "arn:aws:ses:eu-west-1:222222222222:identity/example.com"
    declare(other, arn, statements=[statement()])
    return SendingPolicy(other, "Own", identity=value, statements=[statement(value)])


USES: dict[str, Callable[[cdk.Stack, str], object]] = {
    "an identity's name": identity("{}"),
    "a part of an identity's name": identity("news@{}.example.com"),
    "an identity's account": identity("arn:aws:ses:eu-west-1:{}:identity/example.com"),
    "an identity's region": identity("arn:aws:ses:{}:111111111111:identity/example.com"),
    "an identity's name in its ARN": identity("arn:aws:ses:eu-west-1:111111111111:identity/{}"),
    "an identity that is made": of_made_identity,
    "an identity that is imported": of_imported_identity,
    "a policy's name": lambda stack, value: declare(stack, policy_name=value, statements=[statement()]),
    "an account": granted("allow_account", "{}", from_addresses=["*@example.com"]),
    "an organization": granted("allow_organization", "{}"),
    "a service": granted("allow_service", "{}.amazonaws.com", source_account="{}", source_arn="arn:aws:sns:::{}"),
    "a user pool": of_user_pool,
    "addresses": granted(
        "allow_account", "222222222222", from_addresses=["*@{}"], recipients=["{}"], feedback_addresses=["a@{}"]
    ),
    "a beginning": granted("allow_account", "222222222222", not_before="{}"),
    "an end": granted("allow_account", "222222222222", not_after="{}T00:00Z"),
    "an effect": of_document("Effect"),
    "a condition": of_document("Condition"),
    "a large policy": of_many,
    "a sender's side": of_delegated,
    "a stack's account": of_stack,
}


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(new_app(), "Mail", env=ENVIRONMENT)


def app_of(stack: cdk.Stack) -> cdk.App:
    app = stack.node.root
    assert isinstance(app, cdk.App)
    return app


def missing(stack: cdk.Stack) -> set[str]:
    """Synthesize the stack's app, and return the context keys that the CDK must look up."""
    app_of(stack).synth()
    manifest = json.loads(Path(app_of(stack).outdir, "manifest.json").read_text(encoding="utf-8"))
    return {each["key"] for each in manifest["missing"]}


def errors(stack: cdk.Stack) -> list[str]:
    """Return the findings at the synth that fail it."""
    return [each["description"] for each in report(app_of(stack))["violations"] if each["severity"] == "error"]


def all_metadata(stack: cdk.Stack) -> str:
    return "".join(each.read_text(encoding="utf-8") for each in Path(app_of(stack).outdir).glob("*.metadata.json"))


def value_of(stack: cdk.Stack) -> str:
    return ssm.StringParameter.value_from_lookup(stack, PARAMETER)


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_synth_goes_on_and_tells_the_cdk_what_is_missing(stack: cdk.Stack, use: Callable[..., object]) -> None:
    use(stack, value_of(stack))
    assert KEY in missing(stack)
    assert errors(stack) == []


OTHERS: dict[str, Callable[[cdk.Stack], object]] = {
    "a role": lambda stack: declare(stack).allow_principal(iam.Role.from_lookup(stack, "Role", role_name="Newsletter")),
    "a hosted zone": lambda stack: declare(
        stack,
        ses.EmailIdentity(
            stack,
            "Identity",
            identity=ses.Identity.public_hosted_zone(
                route53.HostedZone.from_lookup(stack, "Zone", domain_name="example.com")
            ),
        ),
        statements=[statement()],
    ),
    "a VPC": lambda stack: declare(
        stack,
        provider=SendingPolicyProvider(stack, "Provider", vpc=ec2.Vpc.from_lookup(stack, "Vpc", vpc_name="Mail")),
        statements=[statement()],
    ),
}


@pytest.mark.parametrize("use", OTHERS.values(), ids=OTHERS)
def test_so_it_does_for_each_other_lookup(stack: cdk.Stack, use: Callable[..., object]) -> None:
    use(stack)
    assert missing(stack)
    assert errors(stack) == []


def test_a_lookup_that_failed_is_for_the_cdk_to_tell() -> None:
    """The CLI puts the error in place of the value, and shows it after a synth that succeeds."""
    stack = cdk.Stack(new_app(**{KEY: {"$providerError": "no parameter of this name"}}), "Mail", env=ENVIRONMENT)
    declare(stack).allow_account(value_of(stack))
    missing(stack)
    manifest = Path(app_of(stack).outdir, "manifest.json").read_text(encoding="utf-8")
    assert "no parameter of this name" in manifest or "no parameter of this name" in all_metadata(stack)


@pytest.mark.parametrize(
    ("use", "value", "sentence"),
    [
        ("an identity's name", "partner", "identity 'partner' is neither a domain nor an email address"),
        ("an identity's account", "2", "'arn:aws:ses:eu-west-1:2:identity/example.com' is not the ARN of an email"),
        ("a policy's name", "/", "policy name '/' is not allowed: use 1 to 64 letters, digits, '-' or '_'"),
        ("an account", "2", "account '2' is not an account's id: give its 12 digits"),
        ("an organization", "2", "organization '2' is not an organization's id: it looks like o-a1b2c3d4e5"),
        ("a beginning", "soon", "not_before is 'soon'"),
        ("an end", "soon", "not_after is 'soonT00:00Z'"),
        ("a sender's side", "2", "'2' is not the ARN of an email identity"),
    ],
)
def test_the_next_synth_checks_what_was_looked_up(use: str, value: str, sentence: str) -> None:
    stack = cdk.Stack(new_app(**{KEY: value}), "Mail", env=ENVIRONMENT)
    with pytest.raises(DeclarationError, match=rf"^Mail/\w+: {re.escape(sentence)}"):
        USES[use](stack, value_of(stack))


def test_a_default_is_a_value_like_any_other(stack: cdk.Stack) -> None:
    """If the account has no such value, the CDK takes the default, and no lookup follows."""
    with pytest.raises(DeclarationError, match=r"^Mail/\w+: account 'nobody' is not an account's id"):
        declare(stack).allow_account(ssm.StringParameter.value_from_lookup(stack, PARAMETER, "nobody"))


def test_what_was_never_looked_up_is_said_as_what_nobody_knows(stack: cdk.Stack) -> None:
    declare(stack, f"news@{value_of(stack)}").allow_account(value_of(stack))
    missing(stack)
    [sentence] = assertions.Template.from_stack(stack).to_json()["Metadata"].values()
    assert sentence.startswith("account ${ dummy-value-for-/mail/partner } may send")


APP = """\
import aws_cdk as cdk
from aws_cdk import aws_ssm as ssm
from ses_sending_policy import SendingPolicy

app = cdk.App()
stack = cdk.Stack(app, "Mail", env=cdk.Environment(account="111111111111", region="eu-west-1"))
looked_up = {
    each: ssm.StringParameter.value_from_lookup(stack, f"/mail/{each}")
    for each in ("domain", "partner", "sender", "end")
}
policy = SendingPolicy(stack, "Policy", identity=looked_up["domain"])
policy.allow_account(
    looked_up["partner"], from_addresses=[f"*@{looked_up['sender']}"], not_after=looked_up["end"]
)
app.synth()
"""

LOOKED_UP = {"domain": "example.com", "partner": "222222222222", "sender": "example.com", "end": "2031-01-01T00:00Z"}


def cli(folder: Path, **looked_up: str) -> subprocess.CompletedProcess[str]:
    """Run the CDK's CLI, without access to AWS, on the app with these values looked up already."""
    script = folder / "app.py"
    script.write_text(APP, encoding="utf-8")
    known = {KEY.replace("partner", name): value for name, value in looked_up.items()}
    (folder / "cdk.context.json").write_text(json.dumps(known), encoding="utf-8")
    return subprocess.run(
        [ROOT / "node_modules/.bin/cdk", "synth", "--no-lookups", "--no-notices", "--app", python_app(script)],
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        env=os.environ
        | {"CDK_VALIDATION": "false", "CDK_DISABLE_CLI_TELEMETRY": "true", "PYTHONPATH": str(ROOT)}
        # From 3.13 on, Python colours a traceback if the CDK says that its terminal has colours.
        | {"PYTHON_COLORS": "0"},
        cwd=folder,
    )


def test_under_the_command_line_it_is_the_cdk_that_tells_what_is_missing(tmp_path: Path) -> None:
    done = cli(tmp_path)
    assert done.returncode != 0
    assert "Context lookups have been disabled" in done.stderr, done.stderr
    assert all(KEY.replace("partner", name) in done.stderr for name in LOOKED_UP)
    assert "DeclarationError" not in done.stderr

    done = cli(tmp_path, **LOOKED_UP | {"partner": "the agency"})
    assert (
        "DeclarationError: Mail/Policy: account 'the agency' is not an account's id: give its 12 digits" in done.stderr
    )

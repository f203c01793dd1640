"""What is read from an assembly: every policy once, with its place and its acknowledgements."""

import json
from pathlib import Path
from typing import Any

import pytest

from ses_sending_policy.review.assembly import Reviewed, reviewed
from ses_sending_policy.review.constructs import Acknowledgement
from ses_sending_policy.review.source_location import Repository, SourceLocation
from tests.conftest import ROOT
from tests.review.templates import assembly, resource, stack, template, write


def places(found: Reviewed) -> list[tuple[str | None, str | None]]:
    return [(each.environment.account, each.environment.region) for each in found.policies]


@pytest.mark.parametrize(
    ("environment", "place"),
    [
        ("aws://222222222222/us-east-1", ("222222222222", "us-east-1")),
        ("aws://unknown-account/us-east-1", (None, "us-east-1")),
        ("aws://222222222222/unknown-region", ("222222222222", None)),
        ("aws://unknown-account/unknown-region", (None, None)),
        ("aws://dummy-value-for-partner/us-east-1", (None, "us-east-1")),
    ],
)
def test_the_environment_is_the_manifest_s(
    tmp_path: Path, environment: str, place: tuple[str | None, str | None]
) -> None:
    policy = resource({"Effect": "Allow", "Principal": "*", "Action": "ses:SendEmail"})
    found = reviewed([assembly(tmp_path, policy, Mail=stack(environment=environment))])
    assert places(found) == [place]


def test_a_template_s_file_has_no_environment(tmp_path: Path) -> None:
    policy = resource({"Effect": "Allow", "Principal": "*", "Action": "ses:SendEmail"})
    file = write(tmp_path / "Mail.template.json", template(P=policy))
    found = reviewed([file])
    assert places(found) == [(None, None)]
    assert [each.stack for each in found.policies] == [str(tmp_path / "Mail")]


def test_each_template_is_read_once(project: Path) -> None:
    out = project / "cdk.out"
    stage = out / "assembly-Production"
    once = reviewed([out])
    assert len(once.policies) == 17
    files = sorted(out.rglob("*.template.json"))
    assert {"nested" in file.name for file in files} == {True, False}
    for paths in ([out, out], [*files, out], [stage, out]):
        assert reviewed(paths).policies == once.policies
    # Given as files, in either order, the nested template is still read with its parent's parameters.
    assert len(reviewed(files).policies) == len(reviewed(reversed(files)).policies) == 17


def test_an_assembly_in_itself_is_read_once(tmp_path: Path) -> None:
    itself = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}
    assert len(reviewed([assembly(tmp_path, Stage=itself)]).policies) == 1


def test_nested_stacks_and_stages_have_their_paths(project: Path) -> None:
    found = reviewed([project / "cdk.out"])
    paths = {found.constructs.path(policy) for policy in found.policies}
    assert {
        "Examples/TwoUsers/Resource",
        "Production/Mail/Open/Resource",
        "Production/Mail/Campaign/Sender/Resource",
        "Production/Mail/Accepted/Resource/Default",
    } <= paths
    assert len(paths) == 17


def metadata(**entries: Any) -> dict[str, Any]:
    """Return an assembly's metadata of one construct and its stack; a nested stack has the same logical id."""
    return {
        "/Mail": [{"type": "aws:cdk:templateFile", "data": "Mail.template.json"}],
        "/Mail/Partner/Resource": [
            {"type": "aws:cdk:logicalId", "data": "P0"},
            *({"type": f"aws:cdk:{kind}", "data": data} for kind, data in entries.items()),
        ],
        "/Mail/Inner": [{"type": "aws:cdk:templateFile", "data": "Inner.nested.template.json"}],
        "/Mail/Inner/Partner/Resource": [{"type": "aws:cdk:logicalId", "data": "P0"}],
    }


@pytest.mark.parametrize("is_inline", [True, False])
def test_metadata_may_be_in_the_manifest_or_beside_it(tmp_path: Path, is_inline: bool) -> None:
    more = {"metadata": metadata()} if is_inline else {"additionalMetadataFile": "Mail.metadata.json"}
    write(tmp_path / "Mail.metadata.json", metadata())
    found = reviewed([assembly(tmp_path, Mail=stack() | more)])
    assert [found.constructs.path(each) for each in found.policies] == ["Mail/Partner/Resource"]


ACCEPTED = {"ses-sending-policy::SES001": "agreed", "other::SES001": "not ours"}


@pytest.mark.parametrize(
    ("scope", "reason"),
    [("/Mail/Partner/Resource", "agreed"), ("/Mail/Partner", "agreed"), ("/Mail", "agreed"), ("/Mail/Part", None)],
)
def test_what_is_accepted_holds_for_all_that_is_in_there(tmp_path: Path, scope: str, reason: str | None) -> None:
    told = metadata()
    told.setdefault(scope, []).append({"type": "aws:cdk:acknowledged-rules", "data": ACCEPTED})
    found = reviewed([assembly(tmp_path, Mail=stack() | {"metadata": told})])
    [policy] = found.policies
    accepted = found.constructs.acknowledgement(policy, "SES001")
    assert accepted == (Acknowledgement(reason, scope[1:]) if reason else None)
    assert found.constructs.acknowledgement(policy, "SES102") is None


def report(plugin: str = "ses-sending-policy", rule: str = "SES001", path: str = "Mail/Partner/Resource") -> Any:
    """Return the report of a synth in which something is acknowledged on the app."""
    suppressed = {"ruleName": rule, "reason": "agreed", "violatingConstructs": [{"constructPath": path}]}
    return {"pluginReports": [{"pluginName": plugin, "suppressedViolations": [suppressed]}]}


@pytest.mark.parametrize(
    ("told", "accepted"),
    [
        (report(), Acknowledgement("agreed", "")),
        (report(plugin="other"), None),
        (report(rule="SES102"), None),
        (report(path="Mail/Other/Resource"), None),
        ({}, None),
        ({"pluginReports": [{"pluginName": "ses-sending-policy"}]}, None),
    ],
)
def test_what_is_accepted_on_the_app_stands_in_the_report(
    tmp_path: Path, told: Any, accepted: Acknowledgement | None
) -> None:
    write(tmp_path / "validation-report.json", told)
    found = reviewed([assembly(tmp_path, Mail=stack() | {"metadata": metadata()})])
    [policy] = found.policies
    assert found.constructs.acknowledgement(policy, "SES001") == accepted


@pytest.mark.parametrize("is_reported", [True, False])
def test_what_one_app_accepts_is_not_accepted_by_another(tmp_path: Path, is_reported: bool) -> None:
    told = metadata() if is_reported else metadata(**{"acknowledged-rules": ACCEPTED})
    one = assembly(tmp_path / "one", Mail=stack() | {"metadata": told})
    if is_reported:
        write(one / "validation-report.json", report())
    other = assembly(tmp_path / "other", Mail=stack() | {"metadata": metadata()})
    found = reviewed([one, other])
    accepted = {policy.template: found.constructs.acknowledgement(policy, "SES001") for policy in found.policies}
    assert [bool(accepted[str(folder / "Mail.template.json")]) for folder in (one, other)] == [True, False]


def frames(*files: str) -> list[str]:
    return [
        "...jsii runtime...",
        "(no user code in 10 frames)",
        *(f"f ({file}:{n})" for n, file in enumerate(files, 7)),
    ]


@pytest.mark.parametrize(
    ("trace", "place"),
    [
        ([], "cdk.out/Mail.template.json:3"),
        (["{root}/mail/app.py"], "mail/app.py:7"),
        (["{root}/mail/stack.ts:7"], "mail/stack.ts:7"),
        (["/usr/lib/x.py", "{root}/.venv/lib/python3.11/site-packages/x.py", "{root}/a.py", "{root}/b.py"], "a.py:9"),
        (["/elsewhere/app.py"], "cdk.out/Mail.template.json:3"),
        (["{root}/\ud800.py", "{root}/\0.py", "{root}/app.py"], "app.py:9"),
        (["{root}/a.py:0", "{root}/b.py:" + "9" * 5000, "{root}/app.py"], "app.py:9"),
    ],
)
def test_a_finding_is_where_the_app_declares_it(tmp_path: Path, trace: list[str], place: str) -> None:
    named = [each.format(root=tmp_path) for each in trace]
    own = metadata(creationStack=frames(*named))
    (tmp_path / ".git").mkdir()
    found = reviewed([assembly(tmp_path / "cdk.out", Mail=stack() | {"metadata": own})])
    [policy] = found.policies
    repository = Repository.around(tmp_path / "cdk.out")
    assert str(repository.place(policy, found.constructs.trace(policy))) == place


def test_our_own_lines_are_nobody_s_declaration(tmp_path: Path) -> None:
    """Not even in this package's own repository."""
    construct = ROOT / "ses_sending_policy" / "construct" / "sending_policy.py"
    own = metadata(creationStack=frames(str(construct), str(ROOT / "app.py")))
    found = reviewed([assembly(tmp_path / "cdk.out", Mail=stack() | {"metadata": own})])
    [policy] = found.policies
    assert str(Repository(ROOT).place(policy, found.constructs.trace(policy))) == "app.py:8"


def test_what_is_outside_the_repository_has_its_whole_path(tmp_path: Path) -> None:
    file = write(tmp_path / "there" / "Mail.json", json.dumps(template(P=resource())))
    (tmp_path / "here").mkdir()
    [policy] = reviewed([file]).policies
    # The whole policy is on one line.
    assert Repository.around(tmp_path / "here").place(policy, ()) == SourceLocation(file.as_posix(), 1)

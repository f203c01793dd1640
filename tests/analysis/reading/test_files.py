"""Template files: what is read from one, and from the templates nested in it."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ses_sending_policy.analysis.findings.catalogue import RULES
from ses_sending_policy.analysis.reading.files import Files, UnreadableError, on_disk, read_json
from ses_sending_policy.analysis.reading.home import Home
from ses_sending_policy.analysis.reading.scope import at
from ses_sending_policy.analysis.reading.template import Template
from tests.analysis.reading.declared_policies import DECLARED, HERE, policy


def written(folder: Path, name: str, value: Any) -> str:
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return str(path)


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableError) as fault:
        read_json(path)
    return str(fault.value)


@pytest.mark.parametrize("name", ["Mail.json", "Gr\u00fc\u00dfe.json", "\udcff.json"])
def test_a_file_is_named_as_python_finds_it(name: str) -> None:
    """The text of a JSON file, a name that Python read from the disk, or one part of each."""
    found = os.fsdecode(name.encode("utf-8", "surrogateescape"))
    assert on_disk(Path(name)) == on_disk(Path(found)) == Path(found)


def test_what_is_no_file_to_read(tmp_path: Path) -> None:
    missing, broken, deep = tmp_path / "missing", tmp_path / "broken", tmp_path / "deep"
    broken.write_text("{", encoding="utf-8")
    deep.write_text("[" * 100_000, encoding="utf-8")
    assert refusal(missing) == f"'{missing}' does not exist: write it anew with `npx cdk synth`"
    assert refusal(deep) == f"'{deep}' is nested deeper than can be read: is it a template at all?"
    assert refusal(broken).startswith(f"'{broken}' is not JSON: ")
    assert refusal(broken).endswith(": write it anew with `npx cdk synth`")
    assert refusal(tmp_path) == f"'{tmp_path}' is not a file: write it anew with `npx cdk synth`"
    long = tmp_path / ("x" * 300)
    assert refusal(long) == f"'{long}' cannot be read: File name too long"


@pytest.mark.parametrize(("more", "read"), [(0, True), (1, False)])
def test_a_file_of_64_mebibytes_is_read_and_no_larger_one(tmp_path: Path, more: int, *, read: bool) -> None:
    path = tmp_path / "large"
    most = 64 * 2**20
    with path.open("wb") as file:
        file.write(b"1")
        file.truncate(most + more)
    told = refusal(path)
    assert (told == f"'{path}' has {most + more} bytes, {most} are read: is it a template at all?") != read


def test_files_are_read_again_up_to_16_mebibytes(tmp_path: Path) -> None:
    """The first reading counts for nothing, and a later one at least as much as a file of two kibibytes."""
    large, small = (Path(written(tmp_path, name, "1" + " " * (size - 1))) for name, size in (("L", 2**20), ("S", 1)))
    files = Files(tmp_path)
    for _ in range(1 + 15):
        files.whole(large)
    for _ in range(1 + 512):
        assert files.whole(small) == 1
    for again in (small, large):
        with pytest.raises(UnreadableError) as fault:
            files.whole(again)
        assert str(fault.value) == (
            f"'{small}' is named so often that more than 16777216 bytes would be read again: "
            "split the app, or write it anew with `npx cdk synth`"
        )


@pytest.mark.parametrize(
    ("value", "names", "told"),
    [
        ({"a": {"b": 1}}, ("a", "b"), 1),
        ({"a": 1}, ("a", "b"), None),
        ({}, ("a",), None),
        (None, ("a",), None),
        (1, (), 1),
    ],
)
def test_what_stands_under_names(value: Any, names: tuple[str, ...], told: Any) -> None:
    assert at(value, *names) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ([], "it holds no JSON object"),
        ("null", "it holds no JSON object"),
        ({"Resources": []}, "its Resources are not a JSON object"),
    ],
)
def test_a_file_that_is_no_template(tmp_path: Path, value: Any, told: str) -> None:
    path = written(tmp_path, "T.json", value)
    with pytest.raises(UnreadableError) as fault:
        Template.read(path, "Mail", HERE)
    assert str(fault.value) == f"{path!r} is not a template: {told}"


def test_a_template_without_resources(tmp_path: Path) -> None:
    path = written(tmp_path, "T.json", {})
    assert Template.read(path, "Mail", HERE) == Template(path, "Mail", HERE, {}, home=Home("Mail"))


def test_a_template_in_a_file(tmp_path: Path) -> None:
    elements = {"Resources": {"P": policy(PolicyName={"Ref": "Name"})}}
    path = written(tmp_path, "T.json", elements)
    template = Template.read(path, "Mail", HERE, "MailStack", {"Name": "partner"})
    home = Home("Mail", "MailStack")
    assert template == Template(path, "Mail", HERE, elements, "MailStack", {"Name": "partner"}, home=home)
    [declared] = template.policies(takes_defaults=True)
    assert declared == replace(DECLARED, template=path, stack_name="MailStack", home=home)
    assert list(template.whole()) == [template]


def nesting(url: Any, **parameters: Any) -> dict[str, Any]:
    """Return a template with a nested stack."""
    properties = {"TemplateURL": url, "Parameters": parameters}
    return {"Resources": {"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": properties}}}


def assets(folder: Path, **files: Any) -> None:
    """Write the manifest that maps assets to files."""
    manifest = {"files": {name: {"source": {"path": path}} for name, path in files.items()}}
    written(folder, "T.assets.json", manifest)


URL = {"Fn::Sub": "https://s3.${AWS::Region}.amazonaws.com/bucket/abc.json"}


def test_a_template_in_a_template(tmp_path: Path) -> None:
    elements = {"Parameters": {"Name": {}}, "Resources": {"P": policy(PolicyName={"Ref": "Name"})}}
    inner = written(tmp_path, "I.json", elements)
    assets(tmp_path, abc="I.json")
    outer = written(tmp_path, "T.template.json", nesting(URL, Name={"Ref": "Given"}, Other={"Ref": "Unknown"}))
    whole = list(Template.read(outer, "Mail", HERE, parameters={"Given": "partner"}).whole())
    assert [each.path for each in whole] == [outer, inner]
    home = Home("Mail", within="Inner")
    assert whole[1] == Template(inner, "Mail/Inner", HERE, elements, home=home)
    [declared] = whole[1].policies(takes_defaults=True)
    assert declared == replace(DECLARED, stack="Mail/Inner", template=inner, home=home)


def test_a_template_in_a_nested_template(tmp_path: Path) -> None:
    """The CDK lists all of them with the outermost template."""
    inner = written(tmp_path, "I.json", {"Resources": {"P": policy()}})
    middle = written(tmp_path, "M.nested.template.json", nesting("https://bucket/inner.json"))
    assets(tmp_path, abc="M.nested.template.json", inner="I.json")
    outer = Template.read(written(tmp_path, "T.template.json", nesting(URL)), "Mail", HERE, "MailStack")
    whole = list(outer.whole())
    assert [each.path for each in whole] == [outer.path, middle, inner]
    assert [list(each.nested_ids()) for each in whole] == [["Inner"], ["Inner"], []]
    assert whole[2].home == Home("Mail", "MailStack", within="Inner/Inner")


@pytest.mark.parametrize("parameters", [None, "text", {"Ref": "All"}, {"Name": {"Ref": "Unknown"}}])
def test_a_template_that_is_given_nothing(tmp_path: Path, parameters: Any) -> None:
    named = {"P": policy(PolicyName={"Ref": "Name"})}
    written(tmp_path, "I.json", {"Parameters": {"Name": {"Type": "String"}}, "Resources": named})
    assets(tmp_path, abc="I.json")
    elements = nesting(URL)
    elements["Resources"]["Inner"]["Properties"]["Parameters"] = parameters
    outer = Template.read(written(tmp_path, "T.template.json", elements), "Mail", HERE)
    [declared] = [each for template in outer.whole() for each in template.policies(takes_defaults=True)]
    assert declared.policy_name == {"Ref": "Name"}


def test_a_template_in_itself(tmp_path: Path) -> None:
    assets(tmp_path, abc="T.template.json")
    path = written(tmp_path, "T.template.json", nesting(URL))
    with pytest.raises(UnreadableError) as fault:
        list(Template.read(path, "Mail", HERE).whole())
    assert str(fault.value) == f"{path!r} is nested in itself: write it anew with `npx cdk synth`"


@pytest.mark.parametrize(
    "resource",
    [
        {"Type": "AWS::CloudFormation::Stack"},
        {"Type": "AWS::CloudFormation::Other", "Properties": {"TemplateURL": URL}},
        {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://elsewhere.example/def.json"}},
        {"Type": "AWS::CloudFormation::Stack", "Properties": {}},
    ],
)
def test_what_is_no_template_of_this_app(tmp_path: Path, resource: Any) -> None:
    written(tmp_path, "I.json", {"Resources": {"P": policy()}})
    assets(tmp_path, abc="I.json")
    path = written(
        tmp_path, "T.template.json", {"Resources": {"Inner": resource, "Last": nesting(URL)["Resources"]["Inner"]}}
    )
    assert [each.stack for each in Template.read(path, "Mail", HERE).whole()] == ["Mail", "Mail/Last"]


def test_without_a_manifest_nothing_is_nested(tmp_path: Path) -> None:
    path = written(tmp_path, "T.template.json", nesting(URL))
    assert len(list(Template.read(path, "Mail", HERE).whole())) == 1


def test_a_manifest_that_names_no_file(tmp_path: Path) -> None:
    assets(tmp_path, abc=12)
    path = written(tmp_path, "T.template.json", nesting(URL))
    assert len(list(Template.read(path, "Mail", HERE).whole())) == 1


def test_what_the_cdk_has_not_looked_up_is_not_known(tmp_path: Path) -> None:
    """No rule judges it, and a report names what was to be looked up."""
    resource = policy(
        EmailIdentity={"Ref": "Identity"},
        PolicyName="dummy-value-for-/mail/name",
        Policy={
            "Statement": {
                "Effect": "Allow",
                "Principal": {"AWS": {"Fn::Sub": ["arn:${P}:iam::dummy-value-for-/mail/partner:root", {"P": "aws"}]}},
                "Action": "ses:SendEmail",
                "Resource": "arn:aws:ses:eu-west-1:111111111111:identity/news.dummy-value-for-/mail/domain",
                "Condition": {"DateLessThan": {"aws:CurrentTime": "dummy-value-for-/mail/end"}},
            }
        },
    )
    identity = {"Type": "AWS::SES::EmailIdentity", "Properties": {"EmailIdentity": "news.dummy-value-for-/mail/domain"}}
    path = written(tmp_path, "Mail.template.json", {"Resources": {"P": resource, "Identity": identity}})
    [declared] = Template.read(path, "Mail", HERE).policies(takes_defaults=True)
    assert declared.known_identity is None
    assert declared.policy_name == {"Ref": "dummy-value-for-/mail/name"}
    [statement] = declared.statements()
    assert list(statement.texts("Resource")) == [
        (
            "Properties/Policy/Statement/Resource",
            "arn:aws:ses:eu-west-1:111111111111:identity/news.${dummy-value-for-/mail/domain}",
        )
    ]
    assert [each.values for each in statement.conditions()] == [("${dummy-value-for-/mail/end}",)]
    now = datetime(2026, 1, 1, tzinfo=UTC)
    judged = [finding.message for rule in RULES for finding in rule.findings([declared], now)]
    assert [message for message in judged if "dummy" in message.replace("${dummy-value-for-", "")] == []


@pytest.mark.parametrize("depth", [100, 450, 700, 950, 5000])
def test_a_deep_template_is_read_or_told(tmp_path: Path, depth: int) -> None:
    path = written(tmp_path, "deep", '{"Metadata": ' * depth + "{}" + "}" * depth)
    told = []
    try:
        Template.read(path, "Mail", HERE)
    except UnreadableError as fault:
        told = [str(fault)]
    assert told in ([], [f"{path!r} is nested deeper than can be read: is it a template at all?"])

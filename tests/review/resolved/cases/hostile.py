"""Files that an attacker or a program may write: one sentence, soon, and no traceback."""

import json
from pathlib import Path
from typing import Any, Final

from tests.review.resolved.required import Case, Must, Told, exits, one_sentence, says_not
from tests.review.resolved.words import PARTNER, Json, allow, policy, whole
from tests.review.templates import assembly, stack, write

LINK: Final = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "x"}}


def no_traceback(told: list[Told]) -> str | None:
    """Require that there is no traceback."""
    return next((each.complaints for each in told if "Traceback" in each.complaints), None)


def text(content: str) -> Any:
    """Return a function that writes this text as a template's file."""
    return lambda folder: write(folder / "Mail.json", content)


def linked(target: str) -> Any:
    """Return a function that writes an assembly whose template is a link."""

    def make(folder: Path) -> Path:
        assembly(folder / "cdk.out")
        file = folder / "cdk.out" / "Mail.template.json"
        write(folder / "outside.json", whole(PARTNER))
        file.unlink()
        file.symlink_to(target)
        return folder / "cdk.out"

    return make


def outside(folder: Path) -> Path:
    """Write an assembly whose template is outside its folder."""
    write(folder / "outside.json", whole(PARTNER))
    return assembly(folder / "cdk.out", Mail=stack("../outside.json"))


def doubled(folder: Path) -> Path:
    """Write nested templates, each with two links to the next."""
    out = assembly(folder / "cdk.out", *_links(0))
    files = {f"a{level}": {"source": {"path": f"{level}.nested.template.json"}} for level in range(40)}
    write(out / "Mail.assets.json", {"files": files})
    for level in range(40):
        last = {"Resources": {"P": policy(PARTNER)}}
        each = last if level == 39 else {"Resources": dict(zip("AB", _links(level + 1), strict=True))}
        write(out / f"{level}.nested.template.json", each)
    return out


def _links(level: int) -> tuple[Json, Json]:
    url = f"https://s3.eu-west-1.amazonaws.com/bucket/a{level}.json"
    path = {"aws:asset:path": f"{level}.nested.template.json", "aws:asset:property": "TemplateURL"}
    link = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}, "Metadata": path}
    return link, link


def template(content: Json) -> Any:
    """Return a function that writes a template's file."""
    return lambda folder: write(folder / "Mail.json", content)


def grown() -> Json:
    """Return a template with nested Subs, each of which doubles its text."""
    value: Any = "x"
    for _ in range(60):
        value = {"Fn::Sub": ["${V}${V}", {"V": value}]}
    return whole(allow(value))


def chained() -> Json:
    """Return a template with identities, each of which refers twice to the one before."""
    made = {
        f"I{level}": {
            "Type": "AWS::SES::EmailIdentity",
            "Properties": {"EmailIdentity": {"Fn::Sub": f"${{I{level - 1}}}${{I{level - 1}}}"} if level else "a"},
        }
        for level in range(60)
    }
    return {"Resources": {"P": policy(PARTNER, EmailIdentity={"Ref": "I59"})} | made}


def forked() -> Json:
    """Return a template with conditions, each of which refers twice to the one before, and a branch for each."""
    conditions: Json = {"C0": {"Fn::Equals": [{"Ref": "Who"}, "x"]}}
    for level in range(1, 40):
        conditions[f"C{level}"] = {"Fn::And": [{"Condition": f"C{level - 1}"}, {"Condition": f"C{level - 1}"}]}
    branches = [{"Fn::If": [f"C{level}", f"{level:012}", "222222222222"]} for level in range(40)]
    sections = {"Parameters": {"Who": {"Type": "String"}}, "Conditions": conditions}
    return whole(allow({"AWS": branches}), sections=sections)


def independent() -> Json:
    """Return a template with branches of conditions that do not depend on each other."""
    names = [f"C{number}" for number in range(40)]
    return whole(
        allow({"AWS": [{"Fn::If": [name, f"{number:012}", "222222222222"]} for number, name in enumerate(names)]}),
        sections={
            "Parameters": {f"Is{name}": {"Type": "String"} for name in names},
            "Conditions": {name: {"Fn::Equals": [{"Ref": f"Is{name}"}, "x"]} for name in names},
        },
    )


def circular() -> Json:
    """Return a template with conditions and references that refer to themselves."""
    return whole(
        allow({"Fn::GetAtt": ["A", "Arn"]}),
        sections={"Conditions": {"C": {"Fn::Not": [{"Condition": "D"}]}, "D": {"Fn::Not": [{"Condition": "C"}]}}},
        A={"Type": "AWS::IAM::Role", "Properties": {"RoleName": {"Fn::Sub": "${B}"}}},
        B={"Type": "AWS::IAM::Role", "Properties": {"RoleName": {"Ref": "A"}}},
        Q=policy(PARTNER, PolicyName="q", condition="C"),
    )


def listed() -> Json:
    """Return a template whose document is a text that contains a list."""
    text = json.dumps({"Statement": [allow("|")]})
    parts = [text.partition("|")[0], {"Ref": "Who"}, text.partition("|")[2]]
    sections = {"Parameters": {"Who": {"Type": "CommaDelimitedList", "Default": "222222222222,333333333333"}}}
    return sections | {"Resources": {"P": policy(Policy={"Fn::Join": ["", parts]})}}


def figures() -> Json:
    """Return a template with a number of networks that has too many digits."""
    networks = {"Fn::Cidr": ["10.0.0.0/16", "9" * 5000, "8"]}
    return whole(allow("222222222222", None, Condition={"IpAddress": {"aws:SourceIp": networks}}))


def values() -> Json:
    """Return a template with `CfnJson` values, each of which contains the one before twice."""
    made = {
        f"J{level}": {
            "Type": "Custom::AWSCDKCfnJson",
            "Properties": {
                "Value": {"Fn::Join": ["", ["[", of := {"Fn::GetAtt": [f"J{level - 1}", "Value"]}, ",", of, "]"]]}
                if level
                else '["222222222222"]'
            },
        }
        for level in range(10)
    }
    return whole(allow({"Fn::GetAtt": ["J9", "Value"]}), **made)


_GOOD: Final = json.dumps(policy(PARTNER))
_TWICE: Final = f'{{"Resources": {{"P": {_GOOD}, "P": {{"Type": "AWS::SNS::Topic"}}}}}}'
_INSIDE: Final = json.dumps(whole(PARTNER)).replace('"Effect"', '"Effect": "Deny", "Effect"')


def refused(name: str, given: Any, *, why: str, control: bool = False) -> list[Case]:
    """Return the cases of a file that must be refused."""
    must: tuple[Must, ...] = (one_sentence,)
    return [Case(f"{name}: {command}", why, command, (given,), must, (), control) for command in ("explain", "check")]


def endured(name: str, content: Json, *, why: str, control: bool = False) -> Case:
    """Return a case of a template that may be read or refused, but soon."""
    return Case(name, why, "check", (template(content),), (no_traceback, exits(0, 1, 2)), (), control)


CASES: Final[tuple[Case, ...]] = (
    *refused("a resource twice", text(_TWICE), why="JSON leaves open which of them is meant"),
    *refused("a key of a statement twice", text(_INSIDE), why="JSON leaves open which of them is meant"),
    *refused("a template that is a link to itself", linked("Mail.template.json"), why="it cannot be read"),
    *refused("a template that is a link to a device", linked("/dev/zero"), why="it never ends", control=True),
    *refused(
        "a template that is a link to outside", linked("../outside.json"), why="an assembly has its own templates"
    ),
    *refused("a template outside of the assembly", outside, why="an assembly has its own templates"),
    *refused("a resource that is a text", template({"Resources": {"P": "text"}}), why="it is no template"),
    *refused("a resource that is a list", template({"Resources": {"P": []}}), why="it is no template"),
    *refused("a type that is a figure", template({"Resources": {"P": {"Type": 5}}}), why="it is no template"),
    *refused("nested stacks that double", doubled, why="nobody can look at all of them"),
    endured("a text that doubles", grown(), why="it is larger than any document", control=True),
    endured("identities that double", chained(), why="it is larger than any identity"),
    endured("conditions that double", forked(), why="there are only two ways", control=True),
    endured(
        "conditions of which each is its own",
        independent(),
        why="there are more ways than anybody can look at",
        control=True,
    ),
    endured("what leads to itself", circular(), why="CloudFormation refuses it, and nobody waits for it", control=True),
    endured("a list in a text", listed(), why="CloudFormation refuses it"),
    endured("a number of thousands of figures", figures(), why="CloudFormation refuses it"),
    endured("values that double", values(), why="they are lists in texts, which CloudFormation refuses"),
    Case(
        "a text that turns around",
        "JSON that is shown somewhere must not look like something else",
        "explain",
        (template(whole(allow("222222222222", "\u202emoc@example.com\x1b[2J\u2066"))),),
        (exits(0), says_not("[\u202e\u2066\x1b\x9b]")),
    ),
)

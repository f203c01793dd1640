"""A template as the deploy reads it: the value of each function, and what remains of one without a known value."""

import json
from typing import Any, Final

import pytest

from ses_sending_policy.analysis.reading.declared import KnownEnvironment
from ses_sending_policy.analysis.reading.intrinsics import text_of
from ses_sending_policy.analysis.reading.resolver import Evaluation
from ses_sending_policy.analysis.reading.scope import Scope
from ses_sending_policy.rules.document import compact
from tests.analysis.reading.declared_policies import HERE
from tests.analysis.reading.evaluated import NOTHING, ROLE, TEMPLATE


def resolved(value: Any, environment: KnownEnvironment = HERE, **given: Any) -> Any:
    """Return `value`, resolved with the defaults of the parameters."""
    scope = Scope(TEMPLATE, "Mail", environment, "MailStack", given)
    return Evaluation(takes_defaults=True).of(scope).resolved(value)


def join(*parts: Any) -> dict[str, Any]:
    return {"Fn::Join": ["", list(parts)]}


def att(name: str, attribute: Any) -> dict[str, Any]:
    return {"Fn::GetAtt": [name, attribute]}


OPEN: Final = {"Ref": "Open"}
SECOND: Final = {"Fn::Select": ["1", [{"Fn::Split": [",", OPEN]}, "*"]]}
ASKED: Final = {"Fn::Equals": [OPEN, {"Ref": "Who"}]}
KNOWN: Final[list[tuple[Any, Any]]] = [
    ("text", "text"),
    (12, 12),
    (None, None),
    ({"a": ["b", {"Ref": "Who"}]}, {"a": ["b", "222222222222"]}),
    # References
    ({"Ref": "Who"}, "222222222222"),
    ({"Ref": "Count"}, "5"),
    ({"Ref": "Several"}, ["a", "b", "c"]),
    ({"Ref": "Numbers"}, ["1", "2"]),
    ({"Ref": "Only"}, "one"),
    ({"Ref": "Hidden"}, "h"),
    ({"Ref": "AWS::Region"}, "eu-west-1"),
    ({"Ref": "AWS::AccountId"}, "111111111111"),
    ({"Ref": "AWS::Partition"}, "aws"),
    ({"Ref": "AWS::URLSuffix"}, "amazonaws.com"),
    ({"Ref": "AWS::StackName"}, "MailStack"),
    (NOTHING, None),
    ([1, NOTHING, 2], [1, 2]),
    ({"a": 1, "b": NOTHING}, {"a": 1}),
    ({"Ref": "Identity"}, "example.com"),
    ({"Ref": "Mine"}, "Sender"),
    (att("Mine", "Arn"), f"{ROLE}/mail/Sender"),
    ({"Fn::GetAtt": "Mine.Arn"}, f"{ROLE}/mail/Sender"),
    (att("Mine", {"Fn::Join": ["", ["A", "rn"]]}), f"{ROLE}/mail/Sender"),
    (att("Named", "Arn"), "arn:aws:iam::111111111111:user/Jane"),
    ({"Ref": "Topic"}, "arn:aws:sns:eu-west-1:111111111111:t"),
    (att("Topic", "TopicName"), "t"),
    (att("Bucket", "Arn"), "arn:aws:s3:::b"),
    (att("Json", "Value"), {"StringLike": {"a": "b"}}),
    (att("JsonObject", "Value"), {"a": "1"}),
    (att("JsonText", "Value"), "*"),
    (att("JsonNumber", "Value"), "5"),
    # Texts
    ({"Fn::Join": ["-", ["a", {"Ref": "Who"}, "b"]]}, "a-222222222222-b"),
    ({"Fn::Join": ["-", {"Ref": "Several"}]}, "a-b-c"),
    ({"Fn::Join": ["-", ["a", NOTHING, 1]]}, "a-1"),
    ({"Fn::Sub": "${Who}/${AWS::Region}/${Mine.Arn}"}, f"222222222222/eu-west-1/{ROLE}/mail/Sender"),
    ({"Fn::Sub": ["${a}-${Who}", {"a": {"Ref": "Count"}}]}, "5-222222222222"),
    ({"Fn::Sub": ["${Who}", {"Who": "other"}]}, "other"),
    ({"Fn::Sub": ["${a-b}${c-d}", {"a-b": "e"}]}, "e${c-d}"),
    ({"Fn::Sub": "a${}b"}, "a${}b"),
    ({"Fn::Sub": "${!aws:username}${!Who}"}, "${aws:username}${Who}"),
    ({"Fn::Sub": "${aws:PrincipalTag/team}$"}, "${aws:PrincipalTag/team}$"),
    ("${Who}", "${Who}"),
    ({"Fn::Base64": "a"}, "YQ=="),
    ({"Fn::Split": [",", "a,b"]}, ["a", "b"]),
    ({"Fn::Select": ["1", {"Fn::Split": [":", "a:b"]}]}, "b"),
    ({"Fn::Select": [2, {"Ref": "Several"}]}, "c"),
    ({"Fn::Select": [{"Ref": "Numbers"}, []]}, {"Fn::Select": [["1", "2"], []]}),
    ({"Fn::Cidr": ["10.0.0.0/16", "2", "8"]}, ["10.0.0.0/24", "10.0.1.0/24"]),
    ({"Fn::Length": {"Ref": "Several"}}, "3"),
    ({"Fn::ToJsonString": {"a": [1, {"Ref": "Who"}]}}, '{"a":[1,"222222222222"]}'),
    # Mappings and conditions
    ({"Fn::FindInMap": ["M", "prod", "id"]}, "333333333333"),
    ({"Fn::FindInMap": ["M", "prod", "all"]}, ["x", "y"]),
    ({"Fn::FindInMap": ["M", "prod", "n"]}, "1"),
    ({"Fn::FindInMap": ["Of", {"Ref": "AWS::Region"}, "id"]}, "eu"),
    ({"Fn::FindInMap": ["M", "none", "id", {"DefaultValue": {"Ref": "Who"}}]}, "222222222222"),
    ({"Fn::If": ["Yes", "a", "b"]}, "a"),
    ({"Fn::If": ["No", "a", "b"]}, "b"),
    ({"Fn::If": ["Yes", {"Ref": "Who"}, "b"]}, "222222222222"),
    ({"Fn::If": ["IsOther", "a", {"Ref": "AWS::NoValue"}]}, None),
    ([{"Fn::If": ["No", "a", NOTHING]}], []),
]


@pytest.mark.parametrize(("value", "told"), KNOWN, ids=repr)
def test_what_is_known_is_filled_in(value: Any, told: Any) -> None:
    assert resolved(value) == told


STAYING: Final[list[tuple[Any, Any, str]]] = [
    (OPEN, OPEN, "${Open}"),
    ({"Fn::Sub": "${Open}"}, OPEN, "${Open}"),
    (join(OPEN), OPEN, "${Open}"),
    ({"Fn::Sub": "a-${Who}-${Open}-${Count}"}, join("a-222222222222-", OPEN, "-5"), "a-222222222222-${Open}-5"),
    ({"Fn::Join": ["-", ["a", {"Ref": "Who"}, {"Fn::Sub": "${Open}-5"}]]}, join("a-222222222222-", OPEN, "-5"), ""),
    (att("Plain", "Arn"), join(f"{ROLE}/", OPEN, "-role"), f"{ROLE}/${{Open}}-role"),
    (att("Made", "Arn"), att("Made", "Arn"), "${Made.Arn}"),
    ({"Fn::GetAtt": "Made.Arn"}, att("Made", "Arn"), "${Made.Arn}"),
    (att("Stored", "Value"), OPEN, "${Open}"),
    ({"Ref": "Bare"}, {"Ref": "Bare"}, "${Bare}"),
    (att("OddType", "Arn"), att("OddType", "Arn"), ""),
    (att("Nameless", "Arn"), att("Nameless", "Arn"), ""),
    (att("Branched", "Arn"), att("Branched", "Arn"), ""),
    ({"Fn::GetAtt": 12}, {"Fn::GetAtt": 12}, ""),
    (att("Mine", ["Arn"]), att("Mine", ["Arn"]), ""),
    ({"Fn::GetAtt": ["Mine"]}, {"Fn::GetAtt": ["Mine"]}, ""),
    ({"Fn::Sub": 12}, {"Fn::Sub": 12}, ""),
    ({"Fn::Sub": ["{{resolve:ssm:/a}}", 12]}, {"Fn::Sub": ["{{resolve:ssm:/a}}", 12]}, ""),
    (att("Odd", "Value"), att("Odd", "Value"), "${Odd.Value}"),
    (att("Keyed", "Value"), {"${Open}:aud": join(OPEN, "!")}, ""),
    (att("JsonOfOpen", "Value"), OPEN, "${Open}"),
    (att("JsonOfList", "Value"), att("JsonOfList", "Value"), "${JsonOfList.Value}"),
    (att("JsonNone", "Value"), att("JsonNone", "Value"), "${JsonNone.Value}"),
    (att("NoJson", "Value"), att("NoJson", "Value"), "${NoJson.Value}"),
    ({"Ref": "Path"}, {"Ref": "ssm:/mail/partner"}, "${ssm:/mail/partner}"),
    ("{{resolve:ssm:/mail/partner}}", {"Ref": "ssm:/mail/partner"}, "${ssm:/mail/partner}"),
    (join("{{resolve:ssm:", "/a:1}}-x"), join({"Ref": "ssm:/a:1"}, "-x"), "${ssm:/a:1}-x"),
    ({"Ref": "Looked"}, ["a", {"Ref": "ssm:/a"}], ""),
    ({"Fn::FindInMap": ["M", "prod", "kept"]}, [{"a": join({"Ref": "ssm:/a"}, "-x")}], ""),
    ({"Ref": "Missing"}, {"Ref": "Missing"}, "${Missing}"),
    ({"Ref": 12}, {"Ref": 12}, ""),
    ({"Ref": "A"}, {"Ref": "A"}, "${A}"),
    ({"Fn::If": ["IsOpen", {"Ref": "Who"}, NOTHING]}, {"Fn::If": ["IsOpen", "222222222222", NOTHING]}, ""),
    ({"Fn::If": [ASKED, {"Ref": "Who"}, "b"]}, {"Fn::If": [ASKED, "222222222222", "b"]}, ""),
    ({"Fn::If": ["Loop", "a", "b"]}, {"Fn::If": ["Loop", "a", "b"]}, "${Fn::If 'Loop' 'a' 'b'}"),
    ({"Fn::Select": ["9", ["a"]]}, {"Fn::Select": ["9", ["a"]]}, "${Fn::Select '9' ['a']}"),
    ({"Fn::Split": [",", join("*,", OPEN, ",a")]}, ["*", {"Fn::Split": [",", OPEN]}, "a"], ""),
    ({"Fn::Split": [",", join(OPEN, "a,*")]}, [{"Fn::Split": [",", join(OPEN, "a")]}, "*"], ""),
    ({"Fn::Select": ["1", {"Fn::Split": [",", join(OPEN, ",*")]}]}, SECOND, ""),
    ({"Fn::Select": ["0", {"Fn::Split": [",", join("*,", OPEN)]}]}, "*", ""),
    ({"Fn::Length": {"Fn::Split": [",", join("*,", OPEN)]}}, {"Fn::Length": ["*", {"Fn::Split": [",", OPEN]}]}, ""),
    ({"Fn::Split": [",", join(["a"], ",*")]}, {"Fn::Split": [",", join(["a"], ",*")]}, ""),
    ({"Fn::Split": ["ab", join(OPEN, "ab")]}, {"Fn::Split": ["ab", join(OPEN, "ab")]}, ""),
    ({"Fn::Split": [",", OPEN]}, {"Fn::Split": [",", OPEN]}, "${Fn::Split ',' Open}"),
    ({"Fn::GetAZs": {"Ref": "AWS::Region"}}, {"Fn::GetAZs": "eu-west-1"}, "${Fn::GetAZs 'eu-west-1'}"),
    ({"Fn::Transform": {"Name": {"Ref": "Who"}}}, {"Fn::Transform": {"Name": "222222222222"}}, ""),
    ({"Fn::FindInMap": ["M", "none", "id"]}, {"Fn::FindInMap": ["M", "none", "id"]}, ""),
    ({"Fn::FindInMap": ["M", "prod"]}, {"Fn::FindInMap": ["M", "prod"]}, ""),
    ({"Fn::ImportValue": {"Fn::Sub": "x-${Who}"}}, {"Fn::ImportValue": "x-222222222222"}, ""),
    ({"Fn::Length": OPEN}, {"Fn::Length": OPEN}, "${Fn::Length Open}"),
    ({"Fn::Base64": OPEN}, {"Fn::Base64": OPEN}, "${Fn::Base64 Open}"),
    ({"Fn::Cidr": ["10.0.0.0/16", "300"]}, {"Fn::Cidr": ["10.0.0.0/16", "300"]}, ""),
    ({"Fn::ToJsonString": {"a": OPEN}}, join('{"a":"', OPEN, '"}'), '{"a":"${Open}"}'),
]


@pytest.mark.parametrize(("value", "told", "text"), STAYING, ids=repr)
def test_what_is_not_known_stays_in_one_form_and_has_a_name(value: Any, told: Any, text: str) -> None:
    assert resolved(value) == told
    if text:
        assert text_of(resolved(value)) == text


def test_what_an_arn_is_made_of_is_divided_though_the_account_is_not_known() -> None:
    arn = att("Topic", "TopicArn")
    parts = {"Fn::Split": [":", arn]}
    nowhere = KnownEnvironment()
    assert resolved({"Fn::Select": [5, parts]}, nowhere) == "t"
    assert resolved({"Fn::Select": [4, parts]}, nowhere) == {"Ref": "AWS::AccountId"}
    assert resolved({"Ref": "AWS::Partition"}, KnownEnvironment(region="cn-north-1")) == "aws-cn"
    assert resolved({"Ref": "AWS::URLSuffix"}, KnownEnvironment(region="cn-north-1")) == "amazonaws.com.cn"


def test_what_a_deploy_told_is_taken() -> None:
    told = {"Who": "9", "Several": "x,y", "Mine.Arn": "arn", "Fn::ImportValue role": "r", "Path": "p"}
    values = [{"Ref": "Who"}, {"Ref": "Several"}, att("Mine", "Arn"), {"Fn::ImportValue": "role"}, {"Ref": "Path"}]
    assert resolved(values, HERE, **told) == ["9", ["x", "y"], "arn", "r", "p"]


def test_functions_of_a_transform_are_none_without_it() -> None:
    scope = Scope({"Mappings": TEMPLATE["Mappings"]})
    functions: list[dict[str, Any]] = [
        {"Fn::Length": ["a"]},
        {"Fn::ToJsonString": {}},
        {"Fn::FindInMap": ["M", "none", "id", {"DefaultValue": "x"}]},
    ]
    for function in functions:
        assert Evaluation().of(scope).resolved(function) == function


@pytest.mark.parametrize("key", ["Fn::Transform", "Fn::ForEach::X"])
@pytest.mark.parametrize("names", [[], ["M"], ["M", "prod"]])
def test_what_a_macro_may_bring_has_no_default(names: list[str], key: str) -> None:
    mappings: Any = {key: {"Name": "AWS::Include"}, "N": {"prod": {"id": "one"}}}
    for name in reversed(names):
        mappings = {name: mappings}
    scope = Scope({"Transform": TEMPLATE["Transform"], "Mappings": mappings})
    function = {"Fn::FindInMap": ["M", "prod", "id", {"DefaultValue": "x"}]}
    assert Evaluation().of(scope).resolved(function) == function


def test_a_proof_takes_no_default() -> None:
    proof = Evaluation().of(Scope(TEMPLATE, "Mail", HERE))
    assert proof.resolved([{"Ref": "Who"}, {"Ref": "Only"}]) == [{"Ref": "Who"}, "one"]
    reading = Evaluation(takes_defaults=True)
    reading.of(Scope(TEMPLATE, "Mail", HERE)).resolved([{"Ref": "Who"}, {"Ref": "Open"}])
    assert reading.defaults == {"Who": "222222222222"}


PSEUDO: Final = [{"Ref": f"AWS::{name}"} for name in ("Partition", "URLSuffix")]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (KnownEnvironment(region="eu-west-1"), ["aws", "amazonaws.com"]),
        (KnownEnvironment(region="cn-north-1"), ["aws-cn", "amazonaws.com.cn"]),
        (KnownEnvironment(region="us-gov-west-1"), ["aws-us-gov", "amazonaws.com"]),
        (KnownEnvironment("aws-cn"), ["aws-cn", "amazonaws.com.cn"]),
        (KnownEnvironment("aws-cn", "eu-west-1"), ["aws-cn", "amazonaws.com.cn"]),
        (KnownEnvironment("aws-iso"), ["aws-iso", PSEUDO[1]]),
        (KnownEnvironment(), PSEUDO),
    ],
)
def test_a_partition_comes_from_the_region_unless_it_is_known(environment: KnownEnvironment, expected: Any) -> None:
    assert resolved(PSEUDO, environment) == expected


FIGURES: Final = "9" * 5000
"""More digits than Python converts to a number."""


def test_no_text_grows_without_end() -> None:
    """Each name refers ten times to the one before: thirty of them would never be done."""
    resources = {
        f"I{number}": {
            "Type": "AWS::SES::EmailIdentity",
            "Properties": {"EmailIdentity": {"Fn::Sub": f"${{I{number - 1}}}" * 10 if number else "x"}},
        }
        for number in range(30)
    }
    found = Evaluation().of(Scope({"Resources": resources})).resolved({"Ref": "I29"})
    assert len(compact(found)) < 2**20


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::Cidr": ["10.0.0.0/16", FIGURES]},
        {"Fn::Cidr": ["10.0.0.0/16", "1", FIGURES]},
        {"Fn::Cidr": [f"10.0.0.0/{FIGURES}", "1"]},
        {"Fn::Select": [FIGURES, ["a"]]},
        "x" * 2**19 + "{{resolve:ssm:/a}}",
    ],
    ids=["networks", "bits", "mask", "index", "text"],
)
def test_what_is_too_long_stays(value: Any) -> None:
    assert resolved(value) == value


def test_what_a_text_is_written_as_is_no_function() -> None:
    assert json.loads('{"Ref":"Who"}') == {"Ref": "Who"}
    assert resolved('{"Ref":"Who"}') == '{"Ref":"Who"}'

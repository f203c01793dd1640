"""Templates in which something may carry a sending policy, and what a review must make of each."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.review.templates import STATEMENT, resource, template

DOCUMENT = {"Version": "2012-10-17", "Statement": [STATEMENT]}
TEXT = json.dumps(DOCUMENT)
FOREIGN = {"Version": "2012-10-17", "Statement": [STATEMENT | {"Action": ["s3:*", "es:Http*"]}]}
TOKEN = {"ServiceToken": "arn:aws:lambda:eu-west-1:111111111111:function:f"}
OWN = {"EmailIdentity": "example.com", "PolicyName": "Partner"}
UNKNOWN: dict[str, Any] = {"Fn::GetAtt": ["Other", "Document"]}
LINK = "https://s3.eu-west-1.amazonaws.com/templates/inner.json"


def call(service: Any = "SESv2", action: Any = "createEmailIdentityPolicy", **parameters: Any) -> str:
    """Return a call as `AwsCustomResource` writes it."""
    own = OWN | {"Policy": TEXT}
    return json.dumps({"service": service, "action": action, "parameters": own | parameters})


def custom(kind: str = "Custom::Partner", /, **properties: Any) -> dict[str, Any]:
    """Return a custom resource of somebody else's."""
    return {"Type": kind, "Properties": TOKEN | properties}


def with_actions(*actions: Any, key: str = "Action") -> dict[str, Any]:
    """Return a document whose statement is about these actions."""
    statement = {name: value for name, value in STATEMENT.items() if name != "Action"}
    return {"Version": "2012-10-17", "Statement": [statement | {key: list(actions)}]}


def loop(collection: Any, body: Any, transform: Any = "AWS::LanguageExtensions", variable: str = "A") -> dict[str, Any]:
    """Return a template with a loop over resources."""
    return {"Transform": transform, "Resources": {"Fn::ForEach::Loop": [variable, collection, body]}}


@dataclass(frozen=True)
class Case:
    """A template, and what a review makes of it.

    :param name: what is special about the template.
    :param template: the template.
    :param finds: the rules of the findings.
    :param unread: the logical ids of what could not be read.
    """

    name: str
    template: dict[str, Any]
    finds: frozenset[str] = field(default_factory=frozenset)
    unread: tuple[str, ...] = ()


def read(name: str, **resources: Any) -> Case:
    """Return a case of a policy for everybody that is recognised by its shape."""
    return Case(name, template(**resources), frozenset({"SES001"}))


def unread(name: str, **resources: Any) -> Case:
    """Return a case of something that is reported as unread."""
    return Case(name, template(**resources), unread=tuple(resources))


def quiet(name: str, **resources: Any) -> Case:
    """Return a control case: nothing in it can carry a sending policy."""
    return Case(name, template(**resources))


CALLS = [
    read("a call under a type of its own", P=custom("Custom::SesPolicy", Create=call())),
    read("a call under CloudFormation's type", P=custom("AWS::CloudFormation::CustomResource", Update=call())),
    read("a call that is an object", P=custom(Create=json.loads(call()))),
    read(
        "a call with a number that only the deploy knows",
        P=custom("Custom::AWS", Create={"Fn::Join": ["", [call()[:-1], ', "n": ', {"Ref": "Number"}, "}"]]}),
    ),
    read("a call of a branch", P=custom(Create={"Fn::If": ["A", call("S3", "x"), call()]})),
    quiet("calls of other services in branches", P=custom(Create={"Fn::If": ["A", call("S3", "x"), call("IAM", "y")]})),
    unread("a call of a service that only the deploy knows", P=custom(Create=call({"Ref": "Service"}))),
    unread(
        "a call of a service by a function",
        P=custom(Create={"Fn::Join": ["", ['{"service": "', {"Ref": "S"}, '", "action": "putIdentityPolicy"}']]}),
    ),
    unread(
        "a call of an action by a function",
        P=custom(Update={"Fn::Sub": '{"service": "SES", "action": "${Action}", "parameters": {}}'}),
    ),
    unread("a call of an action that its service does not have", P=custom(Create=call("SES"))),
    unread("a call of an action of the older service", P=custom(Update=call("SESv2", "putIdentityPolicy"))),
    unread("a call that only the deploy knows", P=custom("Custom::AWS", Create=UNKNOWN)),
    unread("a call that only the deploy knows, under another type", P=custom(Create=UNKNOWN)),
    unread("a call that is half of one", P=custom("Custom::AWS", Create={"Fn::Sub": '{"service": "SES", ${Rest}'})),
    unread("a call whose document is no policy", P=custom("Custom::AWS", Create=call(Policy="everybody"))),
    unread("a call whose document has no statement", P=custom("Custom::AWS", Create=call(Policy="{}"))),
    unread("a call whose document only the deploy knows", P=custom("Custom::AWS", Create=call(Policy="${Document}"))),
    unread(
        "a call without parameters", P=custom("Custom::AWS", Create='{"service":"SES","action":"putIdentityPolicy"}')
    ),
    unread("a policy that is written at the end", P=custom("Custom::AWS", Create=call("S3", "x"), Delete=call())),
    unread("a statement beside a call", P=custom(Create=call("S3", "x"), Grants=[STATEMENT])),
    unread("a policy beside a call", P=custom(Create=call("S3", "x"), **OWN, Policy=DOCUMENT)),
    quiet("a call of another service", P=custom(Create=call("S3", "putBucketPolicy"))),
    quiet("a call of ES, which is not SES", P=custom(Create=call("ES", "updateElasticsearchDomainConfig"))),
    quiet("a call of another action", P=custom(Create=call("SES", "setActiveReceiptRuleSet"))),
    quiet(
        "a call of another service, with an action by a function",
        P=custom(Create={"Fn::Sub": '{"service": "S3", "action": "${Action}", "parameters": {}}'}),
    ),
    quiet(
        "another action of a service by a function",
        P=custom(Create={"Fn::Sub": '{"service": "${Service}", "action": "putObject", "parameters": {}}'}),
    ),
    quiet(
        "a call of another service with a number that only the deploy knows",
        P=custom("Custom::AWS", Create={"Fn::Join": ["", ['{"service":"S3","action":"x","n":', {"Ref": "N"}, "}"]]}),
    ),
    quiet("a call that is deleted alone", P=custom("Custom::AWS", Delete=call("SES", "deleteIdentityPolicy"))),
    quiet("a property that has the name of an event", P=custom(Create="always")),
]

OTHERS = [
    read("identity, name and policy", P=custom(Identity="example.com", PolicyName="p", Policy=DOCUMENT)),
    read("other names of the same", P=custom(identityName="example.com", name="p", PolicyDocument=TEXT)),
    read("a module", P=custom("Our::Mail::Partner::MODULE", Domain="example.com", PolicyName="p", Policy=DOCUMENT)),
    read(
        "a registry's type", P=custom("Our::Mail::Partner", EmailAddress="a@example.com", PolicyName="p", Policy=TEXT)
    ),
    unread("a policy without a name", P=custom(Identity="example.com", Policy=DOCUMENT)),
    unread("a policy of what is no identity", P=custom(Identity="no identity", PolicyName="p", Policy=DOCUMENT)),
    unread("two policies", P=custom(Identity="example.com", PolicyName="p", Policy=DOCUMENT, PolicyDocument=FOREIGN)),
    unread("a policy and a statement elsewhere", P=custom(**OWN, Policy=DOCUMENT, More=[STATEMENT])),
    unread("a statement", P=custom(Grants={"Items": [STATEMENT]})),
    unread("a statement in a text", P=custom(Grants=json.dumps([STATEMENT]))),
    unread("a statement in a text in a text", P=custom(Grants=json.dumps({"of": TEXT}))),
    unread("a statement in a text of functions", P=custom(Grants={"Fn::Sub": TEXT.replace("example", "${Name}")})),
    unread("a statement as JSON", P=custom(Grants={"Fn::ToJsonString": DOCUMENT})),
    unread("a statement of a branch", P=custom(Grants={"Fn::If": ["A", STATEMENT, {"Ref": "AWS::NoValue"}]})),
    unread("statements that only the deploy knows", P=custom(Grants={"Statement": UNKNOWN})),
    unread("a statement that only the deploy knows", P=custom(Grants={"Statement": [UNKNOWN]})),
    unread(
        "statements that only the deploy knows, in a text",
        P=custom(Grants={"Fn::Sub": 'grants = {"Statement": ${Other.Document}}'}),
    ),
    unread("an action that only the deploy knows", P=custom(Grants=with_actions({"Ref": "Action"}))),
    unread("actions that only the deploy knows", P=custom(Grants={"Effect": "Allow", "Action": UNKNOWN})),
    unread("every action", P=custom(Grants=with_actions("*"))),
    unread("every action of many services", P=custom(Grants=with_actions("s*"))),
    unread("capitals", P=custom(Grants=with_actions("SES:SendEmail"))),
    unread("all but some actions", P=custom(Grants=with_actions("s3:*", key="NotAction"))),
    unread("in small letters", P=custom(grants={"effect": "Allow", "actions": ["ses:SendEmail"]})),
    unread("of CloudFormation's own type", P=custom("AWS::CloudFormation::CustomResource", Grants=DOCUMENT)),
    unread("a module's parameter", P=custom("AWS::Mail::Partner::MODULE", Grants=DOCUMENT)),
    quiet("another service's policy", P=custom(Identity="example.com", PolicyName="p", Policy=FOREIGN)),
    quiet("an action of another service by a function", P=custom(Grants=with_actions({"Fn::Sub": "s3:${Action}"}))),
    quiet("all but those of SES", P=custom(Grants=with_actions("ses:*", key="NotAction"))),
    quiet("a statement of another language", P=custom(Statement={"Fn::Sub": "select ${Column} from t"})),
    quiet("a policy as the JSON of a resource of the CDK's", P=custom("Custom::AWSCDKCfnJson", Value=TEXT)),
    quiet("no policy", P=custom(Name="example.com", Action="ses:SendEmail", Text="{not JSON", Number=5)),
    quiet("what only the deploy knows", P=custom(Value=UNKNOWN, Items=[{"Ref": "A"}])),
    quiet("a policy of IAM's", P={"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": DOCUMENT}}),
    quiet("a skill", P={"Type": "Alexa::ASK::Skill", "Properties": {"Grants": DOCUMENT}}),
]

OURS = [
    read("a document that is a text", P=resource(Policy=TEXT)),
    read("a document that is a text of functions", P=resource(Policy={"Fn::Sub": TEXT})),
    read("a document that is joined", P=resource(Policy={"Fn::Join": ["", [TEXT[:30], TEXT[30:]]]})),
    read("a document as JSON", P=resource(Policy={"Fn::ToJsonString": DOCUMENT})),
    unread("a document that only the deploy knows", P=resource(Policy=UNKNOWN)),
    unread("a document that is no policy", P=resource(Policy="everybody")),
    unread("a document without statements", P=resource(Policy={"Version": "2012-10-17"})),
    unread("statements of ours that only the deploy knows", P=resource(Policy={"Statement": UNKNOWN})),
    unread("one statement of ours that only the deploy knows", P=resource(UNKNOWN)),
    unread(
        "a policy whose account is not looked up yet",
        P=resource(STATEMENT | {"Principal": {"AWS": "dummy-value-for-/mail/partner"}}),
    ),
    unread("a policy whose identity is not looked up yet", P=resource(EmailIdentity="dummy-value-for-/mail/domain")),
    unread(
        "a call whose name is not looked up yet",
        P=custom("Custom::AWS", Create=call(PolicyName="dummy-value-for-/mail/name")),
    ),
    read("a branch of ours", P=resource({"Fn::If": ["A", STATEMENT, STATEMENT | {"Action": "ses:*"}]})),
    unread("an include in a document", P=resource(STATEMENT | {"Fn::Transform": {"Name": "AWS::Include"}})),
    unread("a loop in a document", P=resource(STATEMENT | {"Fn::ForEach::L": ["A", ["B"], {"${A}": "x"}]})),
]

STACKS = [
    unread("a nested stack elsewhere", S={"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": LINK}}),
    unread("a nested stack of a function", S={"Type": "AWS::CloudFormation::Stack", "Properties": UNKNOWN}),
    unread("a stack set", S={"Type": "AWS::CloudFormation::StackSet", "Properties": {"TemplateURL": LINK}}),
    unread(
        "a stack set with a template", S={"Type": "AWS::CloudFormation::StackSet", "Properties": {"TemplateBody": "{}"}}
    ),
    unread("an application", S={"Type": "AWS::Serverless::Application", "Properties": {"Location": LINK}}),
    unread("a product", S={"Type": "AWS::ServiceCatalog::CloudFormationProvisionedProduct", "Properties": {}}),
    unread(
        "a resource that is included", P={"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": LINK}}}
    ),
    unread("a macro in a custom resource", P=custom(**{"Fn::Transform": {"Name": "Ours"}})),
    unread("a macro in short form", P=custom(Grants={"Transform": {"Name": "Ours"}})),
    Case("a macro over all", {"Transform": "Ours", "Resources": {}}, unread=("Transform",)),
    Case("two macros over all", {"Transform": ["Ours", "Theirs"], "Resources": {}}, unread=("Transform",)),
    Case(
        "an include over all",
        {"Transform": {"Name": "AWS::Include", "Parameters": {"Location": LINK}}, "Resources": {}},
        unread=("Transform",),
    ),
    Case("an include at the top", {"Fn::Transform": {"Name": "AWS::Include"}, "Resources": {}}, unread=("Transform",)),
    Case(
        "an include of resources",
        {"Resources": {"Fn::Transform": {"Name": "AWS::Include"}, "P": custom()}},
        unread=("Fn::Transform",),
    ),
    Case("transforms of AWS's own", {"Transform": ["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"]}),
    quiet("a macro in a queue", Q={"Type": "AWS::SQS::Queue", "Properties": {"Fn::Transform": {"Name": "Ours"}}}),
]

EVERYBODY = {"P${A}": resource()}
LOOPS = [
    Case("a loop over texts", loop(["One", "Two"], EVERYBODY), frozenset({"SES001"})),
    Case(
        "a loop in a loop",
        loop(["One"], {"Fn::ForEach::Inner": ["B", ["x", "y"], {"${A}${B}": resource()}]}),
        frozenset({"SES001"}),
    ),
    Case("a loop without characters that an id has not", loop(["a.b"], {"P&{A}": resource()}), frozenset({"SES001"})),
    Case(
        "a loop of a loop of one",
        loop([str(n) for n in range(400)], {"Fn::ForEach::Inner": ["B", ["x"], {"${A}${B}": resource()}]}),
        frozenset({"SES001"}),
    ),
    Case("a loop over nothing", loop([], EVERYBODY)),
    Case("a loop over a parameter", loop({"Ref": "Names"}, EVERYBODY), unread=("Fn::ForEach::Loop",)),
    Case("a loop over something unknown", loop(["One", UNKNOWN], EVERYBODY), unread=("Fn::ForEach::Loop",)),
    Case(
        "a loop without its transform",
        loop(["One"], EVERYBODY, "AWS::Serverless-2016-10-31"),
        unread=("Fn::ForEach::Loop",),
    ),
    Case("a loop of too many", loop([str(n) for n in range(501)], EVERYBODY), unread=("Fn::ForEach::Loop",)),
    Case(
        "a loop that is none",
        {"Transform": "AWS::LanguageExtensions", "Resources": {"Fn::ForEach::Loop": 5}},
        unread=("Fn::ForEach::Loop",),
    ),
    Case("a loop over queues by a parameter", loop({"Ref": "Names"}, {"Q${A}": {"Type": "AWS::SQS::Queue"}})),
    Case(
        "a loop over calls",
        loop(["One"], {"P${A}": custom("Custom::AWS", Create=call({"Ref": "S"}))}),
        unread=("POne",),
    ),
]

CASES = [*CALLS, *OTHERS, *OURS, *STACKS, *LOOPS]

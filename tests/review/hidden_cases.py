"""Templates in which texts, functions and macros hide a policy, or seem to: more of `unread_cases`."""

import base64
import json
from typing import Any, Final
from urllib.parse import quote

from tests.review.templates import STATEMENT, resource, template
from tests.review.unread_cases import (
    DOCUMENT,
    FOREIGN,
    LINK,
    OWN,
    TEXT,
    UNKNOWN,
    Case,
    call,
    custom,
    loop,
    quiet,
    read,
    unread,
)

YAML: Final = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Principal: '*'\n    Action: ses:SendEmail\n"
MACRO: Final[dict[str, Any]] = {"Fn::Transform": {"Name": "Ours", "Parameters": {"Of": "1"}}}
INCLUDE: Final = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": LINK}}}
WORDS: Final = {"Parameters": {"Word": {"Type": "String", "AllowedValues": ["true", "false"]}}}
CALLS: Final = {"Parameters": {"Word": {"Type": "String", "AllowedValues": [call(), "false"]}}}


def policy(document: Any, kind: str = "Custom::Partner", **more: Any) -> dict[str, Any]:
    """Return somebody else's custom resource with an identity, a name and a document."""
    return custom(kind, **OWN | {"Policy": document} | more)


def with_word(section: dict[str, Any], *unread_ids: str, **properties: Any) -> Case:
    """Return a case of a custom resource in a template with a parameter `Word`."""
    name = f"a word of {len(unread_ids)} calls: {', '.join(properties)}"
    return Case(name, section | template(P=custom("Custom::Flag", **properties)), unread=unread_ids)


def beside(section: str, content: Any, *, is_quiet: bool = False) -> Case:
    """Return a case of a policy for everybody, with something in another section of the template."""
    found = {section: content} | template(P=resource())
    return Case(f"a macro in {section}", found, frozenset({"SES001"}), () if is_quiet else ("Transform",))


HIDDEN: Final = [
    unread("a document in the Systems Manager", P=policy("{{resolve:ssm:/mail/policy}}")),
    unread("a document that is a parameter", P=policy({"Ref": "Document"})),
    unread("a document that a resource gives", P=policy(UNKNOWN)),
    unread("a document that is imported", P=policy({"Fn::ImportValue": "document"})),
    unread("a document of a module's that a parameter gives", P=policy({"Ref": "Document"}, "Our::Mail::P::MODULE")),
    unread("a document of a branch that is not known", P=policy({"Fn::If": ["A", DOCUMENT, UNKNOWN]})),
    unread("a document in base 64 by a function", P=policy({"Fn::Base64": TEXT})),
    unread("a document in base 64", P=policy(base64.b64encode(TEXT.encode()).decode())),
    unread("a document in YAML", P=policy(YAML)),
    unread("a document in YAML with a function", P=policy({"Fn::Sub": YAML.replace("Allow", "${Effect}")})),
    unread("a document in other quotes", P=policy(TEXT.replace('"', "'"))),
    unread("a document as a part of an address", P=policy(quote(TEXT))),
    unread("a document in pieces", P=policy([TEXT[:60], TEXT[60:]])),
    unread("a document in small pieces", P=policy([TEXT[at : at + 9] for at in range(0, len(TEXT), 9)])),
    unread("a document in an object", P=policy({"Body": YAML})),
    unread(
        "statements in base 64",
        P=policy({"Version": "2012-10-17", "Statement": base64.b64encode(json.dumps(STATEMENT).encode()).decode()}),
    ),
    unread("a document for an identity that is not known", P=policy(UNKNOWN, EmailIdentity={"Ref": "Domain"})),
    unread("a hidden document for two identities", P=policy(UNKNOWN, Domain="example.org")),
    unread("a hidden document farther in", P=custom(Config=[OWN | {"Policy": UNKNOWN}])),
    unread("a hidden document in a text", P=custom(Config=json.dumps(OWN | {"Policy": YAML}))),
    unread("a hidden document beside a policy", P=policy(DOCUMENT, More=OWN | {"Policy": YAML})),
    unread("a hidden document beside a call", P=policy(UNKNOWN, Create=call("S3", "x"))),
    unread(
        "a call with capitals",
        P=custom(
            Create={"Service": "SESv2", "Action": "createEmailIdentityPolicy", "Parameters": OWN | {"Policy": UNKNOWN}}
        ),
    ),
    unread(
        "a call in a list",
        P=custom(Calls=[{"service": "SESv2", "action": "x", "parameters": OWN | {"Policy": {"Ref": "Document"}}}]),
    ),
    unread("a statement at an event without a call", P=custom(Create=json.loads(call("S3", "x")), Update=DOCUMENT)),
    quiet("another service's policy in a text", P=policy(json.dumps(FOREIGN))),
    quiet("another service's policy with a function", P=policy(FOREIGN | {"Id": UNKNOWN})),
    quiet("a policy that is a word", P=policy("REJECT")),
    quiet("a document of what is no identity", P=policy(UNKNOWN, EmailIdentity="no identity")),
    quiet("a document and no name", P=custom(Identity="example.com", Document=UNKNOWN)),
    quiet(
        "a call of another service with three such keys",
        P=custom(Create={"service": "S3", "action": "x", "parameters": OWN | {"Policy": UNKNOWN}}),
    ),
]

MACROS: Final = [
    unread("a macro beside a type of AWS's", Q={"Type": "AWS::SQS::Queue"} | MACRO),
    unread("an include beside a type of AWS's", Q={"Type": "AWS::SQS::Queue", "Properties": {}} | INCLUDE),
    quiet("an include in the metadata of AWS's", Q={"Type": "AWS::SQS::Queue", "Metadata": INCLUDE}),
    Case(
        "a macro in a loop over queues",
        loop({"Ref": "Names"}, {"Q${A}": {"Type": "AWS::SQS::Queue"} | MACRO}),
        unread=("Fn::ForEach::Loop",),
    ),
    Case(
        "a macro in place of a resource in a loop",
        loop({"Ref": "Names"}, {"Fn::Transform": {"Type": "AWS::SQS::Queue", "Name": "Ours"}}),
        unread=("Fn::ForEach::Loop",),
    ),
    beside("Mappings", {"Who": {"prod": {"id": "1"}} | MACRO}),
    beside("Mappings", INCLUDE),
    beside("Conditions", {"Open": {"Fn::Equals": ["a", "b"]}} | MACRO),
    beside("Parameters", {"Who": {"Type": "String", "Default": MACRO}}),
    beside("Rules", INCLUDE),
    beside("Outputs", INCLUDE, is_quiet=True),
    beside("Metadata", INCLUDE, is_quiet=True),
    beside("Mappings", {"Transform": {"prod": {"Name": "x"}}}, is_quiet=True),
]

UNDECIDED: Final = [
    Case(
        "an effect that only the deploy knows",
        template(P=resource(STATEMENT | {"Effect": {"Ref": "Effect"}})),
        unread=("P",),
    ),
    Case(
        "an effect that only the deploy knows, in a call",
        template(P=custom(Create=call(Policy=json.dumps(DOCUMENT | {"Statement": STATEMENT | {"Effect": "${E}"}})))),
        unread=("P",),
    ),
    unread(
        "an effect that only the deploy knows, of others",
        P=policy(DOCUMENT | {"Statement": STATEMENT | {"Effect": UNKNOWN}}),
    ),
    read("an effect of a branch", P=resource(STATEMENT | {"Effect": {"Fn::If": ["A", "Allow", "Deny"]}})),
    Case(
        "an effect by default",
        {"Parameters": {"Effect": {"Type": "String", "Default": "Allow"}}}
        | template(P=resource(STATEMENT | {"Effect": {"Ref": "Effect"}})),
        frozenset({"SES001"}),
    ),
    quiet("tolerations", P=custom(Manifest=[{"effect": "NoExecute", "actions": ["*"]}])),
    quiet("tolerations in a text", P=custom(Manifest=json.dumps([{"effect": "NoSchedule", "action": "*"}]))),
    quiet(
        "tolerations in a text of functions",
        P=custom(Manifest={"Fn::Join": ["", ['[{"effect": "NoSchedule", "action": "*"} ', {"Ref": "More"}]]}),
    ),
    unread("an effect in other letters", P=custom(Grants={"effect": "allow", "actions": ["ses:*"]})),
    unread("an effect by a function", P=custom(Grants={"effect": UNKNOWN, "actions": ["ses:*"]})),
    quiet("a text of another service that is no JSON", P=custom(Text='# x\n{"Effect":"Allow","Action":["s3:Get*"]}')),
    unread("a text that is no JSON", P=custom(Text='# x\n{"Effect":"Allow","Action":["s3:Get*", "Ses:SendEmail"]}')),
    unread("a text with a wildcard that is no JSON", P=custom(Text='# x\n{"Effect":"Allow","Action":"*"}')),
    with_word(WORDS, Create={"Ref": "Word"}, Update="x"),
    with_word(WORDS, Delete={"Ref": "Word"}),
    with_word(WORDS, **OWN, Policy={"Ref": "Word"}),
    with_word(CALLS, "P", Create={"Ref": "Word"}),
]

MORE: Final = [*HIDDEN, *MACROS, *UNDECIDED]

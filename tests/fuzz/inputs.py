"""Inputs that an attacker would try: almost right, far too long, far too deep, or with invalid characters.

Each input depends only on a seed, so that a fault can be reproduced.
"""

import json
from pathlib import Path
from random import Random
from typing import Any, Final
from urllib.parse import quote

from ses_sending_policy.rules.wire import RESOURCE_TYPE
from tests.support.events import Resource, document, statement

TOKEN: Final = "3709feb27d9890ae"
STACK_ID: Final = "arn:aws:cloudformation:eu-west-1:111111111111:stack/Mail/0a1b2c3d"
URL: Final = "https://example.com/answer?X-Amz-Date=20261125T120000Z"

# Texts that are right somewhere.
_WHOLE: Final = (
    *("example.com", "a@example.com", "partner", STACK_ID, URL, "2026-11-25T12:00:00Z", "10.0.0.0/8", "1200"),
    *("arn:aws:ses:eu-west-1:111111111111:identity/", "arn:aws:ses:*:111111111111:identity/example.com"),
    *(f"example.com|partner|{TOKEN}", "a|b@example.com|partner|unclaimed"),
    *(f"Mail/Partner/{TOKEN}", f"Mail/Partner/{TOKEN}/adopted"),
    *("arn:aws:iam::222222222222:root", "222222222222", "*@example.com", "ses:SendEmail", "Allow", "Deny", "*"),
)
# Texts that have broken other parsers.
_PARTS: Final = (
    *("|", "/", "@", ".", "-", ":", "*", "?", "$", "${", "}", "${aws:x}", "arn:", "https://", "[", "]", "%", "\\", '"'),
    *("\x00", "\n", "\r", "\t", "\x1b[31m", "\x7f", "\x85", " ", "\u00a0", "\u2028", "\u200b", "\u202e", "\ufeff"),
    *("\ud800", "\udfff", "\u0130", "\u1e9e", "\u0660", "\u2100", "\uff0e", "\U0001f4e7", "e\u0301"),
    *("unclaimed", "adopted", TOKEN, "a", "0", "-1", "1e999", "NaN", "null", "{}", "Ref", "<script>", "```", "]]>"),
)
_NAMES: Final = (
    *("Id", "Version", "Statement", "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource"),
    *("NotResource", "Condition", "AWS", "Service", "StringLike", "ForAllValues:StringEqualsIfExists", "DateLessThan"),
    *("IpAddress", "NumericLessThan", "Bool", "Null", "ses:FromAddress", "aws:SourceArn", "aws:CurrentTime"),
    *("Ref", "Fn::Join", "Fn::Sub", "Fn::If", "Fn::GetAtt", "Type", "Properties", "Policy", "PolicyName"),
    *("EmailIdentity", "WhenExists", "OnDelete", "Wire", "Metadata", "Create", "Update", "Parameters", "TemplateURL"),
)
_TEMPLATE: Final = "Mail.template.json"
_ODD: Final[tuple[Any, ...]] = (None, True, False, 0, -1, 10**400, 0.5, float("inf"), float("nan"), "", [], {})
_TIMES: Final = (1, 1, 1, 1, 1, 1, 2, 64, 1100, 20_000)
# Around the depth that Python's stack can hold, which differs between functions.
_DEPTHS: Final = (1, 5, 20, 60, 70, 120, 180, 240, 320, 480, 640, 900, 990, 1100, 3000)


def text(random: Random) -> str:
    """Return a text that is almost right, sometimes with a part repeated many times."""
    made = random.choice(_WHOLE)
    for _ in range(random.choice((0, 0, 1, 1, 2, 4))):
        part = random.choice((random.choice(_PARTS), random.choice(_WHOLE), chr(random.randrange(0x110000))))
        start = random.randrange(len(made) + 1)
        end = min(len(made), start + random.choice((0, 0, 1, 3)))
        made = made[:start] + part * random.choice(_TIMES) + made[end:]
        made = made[:40_000]
    return made


def scalar(random: Random) -> Any:
    """Return what may stand where a text is expected."""
    return random.choice(_ODD) if random.random() < 0.3 else text(random)


def anything(random: Random, depth: int = 4) -> Any:
    """Return any JSON, mostly with names that mean something here."""
    kind = random.random()
    if depth == 0 or kind < 0.4:
        return scalar(random)
    if kind < 0.6:
        return [anything(random, depth - 1) for _ in range(random.randrange(4))]
    names = [random.choice(_NAMES) if random.random() < 0.9 else text(random) for _ in range(random.randrange(4))]
    return {name: anything(random, depth - 1) for name in names}


def deep(random: Random) -> Any:
    """Return a deeply nested value: more than Python's stack can hold, or just less."""
    value, name = scalar(random), random.choice((None, *_NAMES))
    for _ in range(random.choice(_DEPTHS)):
        value = [value] if name is None else {name: value}
    return value


def broken(random: Random, value: Any) -> Any:
    """Return `value` with something else in some places."""
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        place = value
        while keys := list(place) if isinstance(place, dict) else list(range(len(place))):
            key = random.choice(keys)
            if isinstance(place[key], dict | list) and place[key] and random.random() < 0.7:
                place = place[key]
                continue
            match random.randrange(5):
                case 0:
                    del place[key]
                case 1:
                    place[key] = [place[key]]
                case 2:
                    place[key] = deep(random)
                case 3:
                    place[key] = scalar(random)
                case _:
                    place[key] = anything(random)
            break
    return value


def policy(random: Random) -> Any:
    """Return what a user may declare as a policy document."""
    whole = document(*(statement(**_conditions(random)) for _ in range(random.randrange(3))))
    return anything(random) if random.random() < 0.1 else broken(random, whole)


def _conditions(random: Random) -> dict[str, Any]:
    if random.random() < 0.5:
        return {}
    operators = ("StringLike", "ForAllValues:StringEqualsIfExists", "DateLessThan", "IpAddress", "NumericLessThan")
    return {"Condition": {random.choice(operators): {random.choice(("ses:FromAddress", "aws:SourceIp")): text(random)}}}


def policy_text(random: Random) -> str:
    """Return what SES may return as a policy."""
    said = text(random) if random.random() < 0.1 else dumped(policy(random))
    if random.random() < 0.2:
        start = random.randrange(len(said) + 1)
        said = said[:start] + random.choice(_PARTS) + said[start + random.randrange(2) :]
    return said


def dumped(value: Any) -> str:
    """Return `value` as JSON; if it is too deep for the encoder, a JSON text that is as deep."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "[" * 3000 + "]" * 3000


def properties(random: Random) -> Any:
    """Return what CloudFormation may send as a policy's properties."""
    changes = {"EmailIdentity": text(random)} if random.random() < 0.3 else {}
    return broken(random, Resource().properties(Policy=policy(random), **changes))


def event(random: Random) -> Any:
    """Return what may be sent to the function as an event."""
    whole = random.choice(
        (Resource().create(URL), Resource().update(URL, text(random)), Resource().delete(URL, text(random)))
    )
    url = text(random) if random.random() < 0.5 else URL
    whole["ResponseURL"] = f"{url}/?X-Amz-Signature=SIGNATURE"
    return anything(random) if random.random() < 0.1 else broken(random, whole)


def template(random: Random) -> Any:
    """Return what a user may give as a template."""
    if random.random() < 0.1:
        return anything(random)
    resources = {
        random.choice(("Partner", "Other", text(random))): _resource(random) for _ in range(random.randrange(4))
    }
    whole = {"Resources": resources}
    return broken(random, whole) if random.random() < 0.3 else whole


def _resource(random: Random) -> Any:
    if random.random() < 0.05:
        return random.choice((anything(random), {"Fn::Transform": anything(random)}))
    if random.random() < 0.2:
        link = {"TemplateURL": "https://s3/abc.json", "Parameters": {"Name": text(random)}}
        return {"Type": "AWS::CloudFormation::Stack", "Properties": broken(random, link)}
    if random.random() < 0.7:
        return {"Type": RESOURCE_TYPE, "Properties": properties(random)}
    parameters = {"EmailIdentity": text(random), "PolicyName": text(random), "Policy": policy_text(random)}
    call = {"service": "SESv2", "action": "createEmailIdentityPolicy", "parameters": parameters}
    return {"Type": "Custom::AWS", "Properties": {"Create": dumped(broken(random, call))}}


def assembly(random: Random) -> dict[str, str]:
    """Return the files that a user may give as a cloud assembly, by their names."""
    line = random.choice(("7", "0", "9" * 5000, text(random)))
    entries = [
        {"type": "aws:cdk:logicalId", "data": "Partner"},
        {"type": "aws:cdk:creationStack", "data": [text(random), f"f ({Path.cwd()}/{text(random)}:{line})"]},
        {"type": "aws:cdk:acknowledged-rules", "data": {"ses-sending-policy::SES101": text(random)}},
    ]
    stack = {
        "type": "aws:cloudformation:stack",
        "environment": random.choice(("aws://111111111111/eu-west-1", "aws://unknown-account/unknown-region")),
        "properties": {"templateFile": random.choice((_TEMPLATE, _TEMPLATE, _TEMPLATE, text(random)))},
        "metadata": {"/Mail/Partner/Resource": entries},
        "displayName": text(random),
    }
    if random.random() < 0.2:
        stack["additionalMetadataFile"] = random.choice((_TEMPLATE, "..", ".", "/dev/zero", text(random)))
    nested = random.choice((_TEMPLATE, "before.json", "..", text(random)))
    found = {
        "ruleName": "SES101",
        "reason": text(random),
        "acknowledgedAt": "Mail",
        "violatingConstructs": [{"constructPath": "Mail/Partner/Resource"}],
    }
    report = {"pluginReports": [{"pluginName": "ses-sending-policy", "suppressedViolations": [found]}]}
    stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": random.choice((".", "..", text(random)))}}
    return {
        "manifest.json": dumped(broken(random, {"version": "55.0.0", "artifacts": {"Mail": stack, "Stage": stage}})),
        "validation-report.json": dumped(broken(random, report)),
        "Mail.assets.json": dumped(broken(random, {"files": {"abc": {"source": {"path": nested}}}})),
        _TEMPLATE: dumped(template(random)),
    }


def answer(random: Random) -> bytes:
    """Return a body that may answer a call to SES or CloudFormation."""
    listed = {"EmailIdentities": [{"IdentityName": text(random)}], "NextToken": text(random)}
    said = random.choice(({"Policies": {text(random): policy_text(random)}}, listed, {"__type": text(random)}))
    xml = f"<DescribeStacksResponse><StackId>{text(random)}</StackId></DescribeStacksResponse>"
    body = xml if random.random() < 0.2 else dumped(broken(random, said))
    return body.encode(errors="surrogatepass")


def request(random: Random) -> tuple[str, str, list[tuple[str, str]], bytes]:
    """Return a signed request with something wrong in it: its method, target, headers and body."""
    time, service = "20260101T120000Z", random.choice(("s3", "s3", "ses"))
    names = ["host", "x-amz-content-sha256", "x-amz-date", *([text(random)] if random.random() < 0.1 else [])]
    said = {
        "Credential": f"111111111111/{time[:8]}/eu-west-1/{service}/aws4_request",
        "SignedHeaders": ";".join(names),
        "Signature": "0" * 64,
    }
    said = {name: text(random) if random.random() < 0.1 else value for name, value in said.items()}
    host, payload = (text(random) if random.random() < 0.3 else value for value in ("127.0.0.1", "UNSIGNED-PAYLOAD"))
    headers = [("Host", host), ("X-Amz-Date", time), ("X-Amz-Content-Sha256", payload)]
    target = f"/v2/email{text(random) if random.random() < 0.1 else ''}?a={text(random)}"
    if random.random() < 0.5:
        headers.append(
            ("Authorization", f"AWS4-HMAC-SHA256 {', '.join(f'{name}={value}' for name, value in said.items())}")
        )
    else:
        said |= {"Algorithm": "AWS4-HMAC-SHA256", "Date": time, "Expires": random.choice(("60", text(random)))}
        target += "".join(f"&X-Amz-{name}={quote(value, errors='replace')}" for name, value in said.items())
    if random.random() < 0.3:
        headers.append((text(random), text(random)))
    # A server reads bytes from a socket, which cannot contain half a character.
    headers = [(_whole(name), _whole(value)) for name, value in headers]
    return random.choice(("GET", _whole(text(random)))), _whole(target), headers, text(random).encode(errors="replace")


def _whole(made: str) -> str:
    return made.encode(errors="replace").decode()

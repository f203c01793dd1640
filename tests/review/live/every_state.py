"""Policies in every state that `drift` knows: as an assembly declares them, and as SES holds them."""

import json
from pathlib import Path
from typing import Any, Final

from emulator import Emulator, StoredPolicy
from tests.review.templates import stack, template, write

ACCOUNT: Final = "111111111111"
REGION: Final = "eu-west-1"
TOKEN: Final = "0123456789abcdef"
NEWS: Final = "news.drift.example"
SHOP: Final = "shop@drift.example"
GONE: Final = "gone.drift.example"
OTHERS: Final = {"type": "aws:cloudformation:stack", "environment": "aws://999999999999/us-east-1"}


def statement(identity: str, account: str = "222222222222", address: str = "", **elements: Any) -> dict[str, Any]:
    """Return a statement that lets an account send as some addresses of an identity."""
    return {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": ["ses:SendEmail", "ses:SendRawEmail"],
        "Resource": f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{identity}",
        **({"Condition": {"StringLike": {"ses:FromAddress": address}}} if address else {}),
    } | elements


def policy(identity: Any, name: Any, *statements: Any, **more: Any) -> dict[str, Any]:
    """Return a policy's resource, as it is in a template."""
    properties = {
        "EmailIdentity": identity,
        "PolicyName": name,
        "Policy": {"Version": "2012-10-17", "Statement": list(statements) or [statement(identity)]},
        "Wire": "1",
    }
    return {"Type": "Custom::SendingPolicy", "Properties": properties} | more


def role(identity: str) -> dict[str, Any]:
    """Return a statement for a role that only the deploy knows."""
    return statement(identity, Principal={"AWS": {"Fn::GetAtt": ["Role", "Arn"]}})


def declare(folder: Path) -> Path:
    """Write the assembly."""
    resources = {
        "Same": policy(NEWS, "same", statement(NEWS, address="*@news.drift.example")),
        "Unmarked": policy(NEWS, "unmarked"),
        "Wider": policy(NEWS, "wider", statement(NEWS, address="weekly@news.drift.example")),
        "Other": policy(NEWS, "other", statement(NEWS, "333333333333")),
        "Worded": policy(NEWS, "worded"),
        "Taken": policy(NEWS, "taken"),
        "Again": policy(NEWS, "again"),
        "Lost": policy(NEWS, "lost"),
        "Sender": policy(SHOP, "sender", role(SHOP)),
        "Impostor": policy(SHOP, "impostor", role(SHOP)),
        "Perhaps": policy(SHOP, "perhaps", Condition="IsProd"),
        "Somewhere": policy({"Ref": "Identity"}, "somewhere"),
        "Nowhere": policy(GONE, "nowhere"),
    }
    there = policy("elsewhere.example", "elsewhere")
    mail = stack() | {"metadata": {f"/App/{each}": [{"type": "aws:cdk:logicalId", "data": each}] for each in resources}}
    far = OTHERS | {"properties": {"templateFile": "Far.template.json"}}
    write(folder / "manifest.json", {"version": "55.0.0", "artifacts": {"Mail": mail, "Far": far}})
    write(folder / "Mail.template.json", template(**resources))
    write(folder / "Far.template.json", template(Far=there))
    return folder


def owned(logical_id: str, stack_name: str = "Mail", more: str = "") -> dict[str, str]:
    """Return the marker of a resource's policy."""
    return {"Id": f"{stack_name}/{logical_id}/{TOKEN}{more}"}


def hold(aws: Emulator) -> None:
    """Let SES hold a policy in every state."""
    client = aws.client("sesv2")
    there = {each["IdentityName"] for each in client.list_email_identities()["EmailIdentities"]}
    for identity in {NEWS, SHOP} - there:
        client.create_email_identity(EmailIdentity=identity)
    arn = "arn:aws:iam::222222222222:role/sender"
    twice = [statement(NEWS), statement(NEWS, address="weekly@news.drift.example")]
    for identity, name, marker, statements in (
        (NEWS, "same", owned("Same"), [statement(NEWS, address="*@news.drift.example")]),
        (NEWS, "unmarked", {}, [statement(NEWS)]),
        (NEWS, "wider", owned("Wider"), [statement(NEWS, address="*@news.drift.example")]),
        (NEWS, "other", {}, [statement(NEWS, "444444444444")]),
        (NEWS, "worded", owned("Worded"), twice),
        (NEWS, "taken", owned("Theirs", "Other"), [statement(NEWS, "444444444444")]),
        (NEWS, "again", owned("Again", "Old", "/adopted"), [statement(NEWS)]),
        (NEWS, "planted", {}, [statement(NEWS, Principal="*")]),
        (NEWS, "left", owned("Left"), [statement(NEWS, "555555555555")]),
        (SHOP, "sender", owned("Sender"), [statement(SHOP, Principal={"AWS": arn})]),
        (SHOP, "impostor", owned("Impostor"), [statement(SHOP, Principal={"AWS": arn}, Action="ses:SendEmail")]),
    ):
        document = marker | {"Version": "2012-10-17", "Statement": statements}
        aws.ses.put_policy(StoredPolicy(ACCOUNT, REGION, identity, name, json.dumps(document)))

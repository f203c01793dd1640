"""The handlers that are compared: this project's, and those that a user would use without it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.peers import aws_custom_resource
from tests.support.events import ACCOUNT, REGION, Resource, document, statement
from tests.support.fake_aws import FakeAws
from tests.support.function import FunctionProcess, WarmProcess

HERE: Final = Path(__file__).parent
NODE_MODULES: Final = HERE / "node_modules"

DOCUMENTS: Final = {"First": document(), "Second": document(statement("444444444444"))}
"""The document that is declared first, and the one that an Update changes it to."""

Start = Callable[[FakeAws], WarmProcess]
Properties = Callable[[str], dict[str, Any]]


@dataclass(frozen=True)
class Handler:
    """One handler, and what its users declare.

    :param key: its name in the JSON.
    :param title: its name in the table.
    :param start: starts its function, cold.
    :param properties: returns the resource's properties for one of `DOCUMENTS`.
    :param resource_type: the type of the resource.
    :param declares: what a user declares, in words.
    :param conceded: concessions that were made to it, in words.
    """

    key: str
    title: str
    start: Start = field(repr=False)
    properties: Properties = field(repr=False)
    resource_type: str
    declares: str
    conceded: tuple[str, ...] = ()


def handlers(folder: Path) -> list[Handler]:
    """Return all handlers, this project's first. Assemblies are written to `folder`."""
    rendered = aws_custom_resource.Rendered(folder, DOCUMENTS)
    return [_ours(), _custom_resource(rendered), _custom_resource(rendered, ignoring=True), _naive()]


def _ours() -> Handler:
    return Handler(
        key="ours",
        title="ours",
        start=lambda world: world.another_function(),
        properties=lambda name: Resource().properties(Policy=DOCUMENTS[name]),
        resource_type="Custom::SendingPolicy",
        declares="SendingPolicy with its defaults, the asset as the construct lays it out",
    )


def _custom_resource(rendered: aws_custom_resource.Rendered, *, ignoring: bool = False) -> Handler:
    which = aws_custom_resource.IGNORING if ignoring else aws_custom_resource.PLAIN

    def start(world: FakeAws) -> WarmProcess:
        home = rendered.handler.parent
        environment = {
            **world.environment,
            "NODE_PATH": str(NODE_MODULES),
            "NODE_EXTRA_CA_CERTS": world.environment["SSL_CERT_FILE"],
            # Keeps it from reading the AWS profile of the user.
            "HOME": str(home),
        }
        return WarmProcess(["node", str(aws_custom_resource.RUNTIME), str(rendered.handler)], home, environment)

    return Handler(
        key="aws_custom_resource_ignoring" if ignoring else "aws_custom_resource",
        title="AwsCustomResource, onDelete ignoring NotFound" if ignoring else "AwsCustomResource",
        start=start,
        properties=lambda name: rendered.properties(which, name),
        resource_type=aws_custom_resource.RESOURCE_TYPE,
        declares=(
            "create-, update- and deleteEmailIdentityPolicy with the fixed id <identity>|<name>, "
            + ("ignoreErrorCodesMatching NotFoundException on Delete" if ignoring else "no ignoreErrorCodesMatching")
        ),
        conceded=(
            "its runtime puts back the port of ResponseURL, which the handler drops (row 10)",
            "installLatestAwsSdk is false: no npm install within the function",
        ),
    )


def _naive() -> Handler:
    def properties(name: str) -> dict[str, Any]:
        return {
            "ServiceToken": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:naive",
            "Identity": "example.com",
            "PolicyName": "partner",
            "Policy": json.dumps(DOCUMENTS[name]),
        }

    def start(world: FakeAws) -> WarmProcess:
        # Lambda sets both AWS_REGION and this; boto3 reads only this.
        environment = {**world.environment, "AWS_DEFAULT_REGION": REGION}
        return FunctionProcess(HERE / "peers" / "naive", environment, "handler.handler")

    return Handler(
        key="naive_crhelper",
        title="naive crhelper",
        start=start,
        properties=properties,
        resource_type="Custom::NaivePolicy",
        declares="crhelper and boto3 with their defaults: Create and Update update, Delete deletes",
        conceded=(
            "until the fault, SES makes what an update does not find: where that is a 404, none of its Creates works",
            "its function has 60 s: from 135 s on, crhelper sleeps two minutes on each Delete",
        ),
    )

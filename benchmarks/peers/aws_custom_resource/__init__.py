"""CDK's own `AwsCustomResource`: its handler and its properties, as `cdk synth` writes them."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import custom_resources as cr

from tests.support.events import ACCOUNT, REGION

RUNTIME: Final = Path(__file__).with_name("runtime.js")
RESOURCE_TYPE: Final = "Custom::AWS"
PLAIN: Final = "Plain"
IGNORING: Final = "Ignoring"

# CDK adds 8 characters of a hash to each logical id.
_HASH: Final = 8


class Rendered:
    """A synthesized app: an `AwsCustomResource` for each document, without and with an `ignoreErrorCodesMatching`.

    :param folder: the folder for the cloud assembly.
    :param documents: the policies, each by a name.
    """

    def __init__(self, folder: Path, documents: Mapping[str, dict[str, Any]]) -> None:
        app = cdk.App(outdir=str(folder / "cdk.out"), builtin_cloud_formation_validation=False)
        for name, ignored in ((PLAIN, None), (IGNORING, "NotFoundException")):
            stack = cdk.Stack(app, name, env=cdk.Environment(account=ACCOUNT, region=REGION))
            for called, document in documents.items():
                _resource(stack, called, document, ignored)
        assembly = app.synth()
        templates = {name: assembly.get_stack_by_name(name).template for name in (PLAIN, IGNORING)}
        [asset] = {key for template in templates.values() for key in _assets(template)}
        self._templates = templates
        # The extension tells Node.js the module type, which a package.json around could tell differently.
        self.handler: Final = folder / "handler.cjs"
        shutil.copy(Path(assembly.directory, f"asset.{asset}", "index.js"), self.handler)

    def properties(self, name: str, document: str) -> dict[str, Any]:
        """Return the properties of a resource as CloudFormation puts them into an event: every scalar is a string."""
        [properties] = (
            resource["Properties"]
            for logical_id, resource in self._templates[name]["Resources"].items()
            if resource["Type"] == RESOURCE_TYPE and logical_id[:-_HASH] == document
        )
        token = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:AWS679f53fac002430cb0da5b7982bd2287"
        strings = {key: json.dumps(value) if isinstance(value, bool) else value for key, value in properties.items()}
        return strings | {"ServiceToken": token}


def _resource(stack: cdk.Stack, called: str, document: dict[str, Any], ignored: str | None) -> None:
    whose = {"EmailIdentity": "example.com", "PolicyName": "partner"}
    policy = {"Policy": json.dumps(document)}
    physical_id = cr.PhysicalResourceId.of("example.com|partner")

    def call(action: str, parameters: dict[str, str], ignored: str | None = None) -> cr.AwsSdkCall:
        return cr.AwsSdkCall(
            service="SESv2",
            action=action,
            parameters=parameters,
            physical_resource_id=physical_id,
            ignore_error_codes_matching=ignored,
        )

    cr.AwsCustomResource(
        stack,
        called,
        on_create=call("createEmailIdentityPolicy", whose | policy),
        on_update=call("updateEmailIdentityPolicy", whose | policy),
        on_delete=call("deleteEmailIdentityPolicy", whose, ignored),
        policy=cr.AwsCustomResourcePolicy.from_sdk_calls(resources=[f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/*"]),
        # Use the SDK of the runtime, as the documentation advises: else the function runs `npm install`.
        install_latest_aws_sdk=False,
    )


def _assets(template: dict[str, Any]) -> set[str]:
    functions = (item for item in template["Resources"].values() if item["Type"] == "AWS::Lambda::Function")
    return {function["Properties"]["Code"]["S3Key"].removesuffix(".zip") for function in functions}

"""The custom resource of a policy in the template."""

from collections.abc import Callable, Mapping
from typing import Any

import aws_cdk as cdk
from constructs import Construct

from ses_sending_policy.rules.wire import RESOURCE_TYPE


class PolicyResource(cdk.CfnResource):
    """A resource whose properties are computed each time that they are read.

    So statements may be added until the synth, Aspects see what is declared by then, and the CDK finds the references
    in it. A `Lazy` would do the same, but takes two more calls to Node to make.

    :param scope: the policy's construct.
    :param properties: computes the properties.
    """

    def __init__(self, scope: Construct, properties: Callable[[], Mapping[str, Any]]) -> None:
        self._made = properties
        super().__init__(scope, "Resource", type=RESOURCE_TYPE)

    @property
    def _cfn_properties(self) -> Any:  # noqa: ANN401 - as the CDK declares it
        return self._made()

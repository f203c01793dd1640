"""The resource of a policy, as CloudFormation gets it."""

from collections.abc import Callable, Mapping
from typing import Any

import aws_cdk as cdk
from constructs import Construct

from ses_sending_policy.rules.wire import RESOURCE_TYPE


class PolicyResource(cdk.CfnResource):
    """A resource whose properties are asked for whenever somebody looks at them, the CDK included.

    So statements may come until the synth, Aspects see what is declared by then, and the CDK finds the references in
    it. A `Lazy` in its place would take two calls to Node more to make, and is asked as often.

    :param scope: the policy.
    :param properties: makes them.
    """

    def __init__(self, scope: Construct, properties: Callable[[], Mapping[str, Any]]) -> None:
        self._made = properties
        super().__init__(scope, "Resource", type=RESOURCE_TYPE)

    @property
    def _cfn_properties(self) -> Any:  # noqa: ANN401 - as the CDK declares it
        return self._made()

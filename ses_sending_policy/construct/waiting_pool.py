"""Reports a Cognito user pool that waits for the policy that names it."""

import aws_cdk as cdk
import jsii
from constructs import IConstruct, IValidation


@jsii.implements(IValidation)
class WaitingPool:
    """Reports a user pool that depends on the policy that names it: CloudFormation refuses such a circle.

    :param policy: the policy's resource.
    :param user_pool: the pool; an imported pool depends on nothing.
    """

    def __init__(self, policy: cdk.CfnResource, user_pool: IConstruct) -> None:
        self._policy = policy
        self._user_pool = user_pool

    def validate(self) -> list[str]:
        """Return a sentence if there is a circle. By now the CDK has turned dependencies into those of resources."""
        made = self._user_pool.node.default_child
        awaited = made.obtain_dependencies() if isinstance(made, cdk.CfnResource) else []
        # jsii may return the same resource as several Python objects, so logical ids are compared.
        own = self._policy.logical_id
        if not any(isinstance(each, cdk.CfnResource) and each.logical_id == own for each in awaited):
            return []
        sentence = (
            f"user pool {self._user_pool.node.path!r} waits for this policy, which names it, so that neither can be "
            "made first: name the account's pools with cognito.UserPool.from_user_pool_arn and an ARN that ends in "
            "userpool/*"
        )
        return [sentence]

"""Values that the CDK has not looked up yet: what stands for one in the synth before the CDK has asked the account."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ses_sending_policy.rules.errors import DeclarationError

# "Dummy values should preferably have valid shapes so that downstream consumers of lookup values don't throw validation
# exceptions if they encounter a dummy value (or all possible downstream consumers need to effectively check for the
# well-known shape of the dummy value); throwing an exception would error out the synthesis operation and prevent the
# lookup and the second, real, synthesis from happening."
# https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.GetContextValueOptions.html
_SHAPES: Final = (
    # "When using `valueFromLookup` an initial value of 'dummy-value-for-${parameterName}' [...] is returned prior to
    # the lookup being performed."
    # https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ssm-readme.html
    # "Parameter names can include only the following symbols and letters: a-zA-Z0-9_.- In addition, the slash
    # character ( / ) is used to delineate hierarchies in parameter names." One that is shared is named by its ARN.
    # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
    r"dummy-value-for-(?:arn:[a-z-]+:ssm:[^:]*:[^:]*:parameter)?[\w./-]*",
    # What `Role.from_lookup` and `Repository.from_lookup` make the ARN of, in aws-cdk-lib 2.275.
    r"123456789012:[a-z]+/DUMMY_ARN",
    # The id and the network of `Vpc.from_lookup`, and the id of `Key.from_lookup`, in the same. No account has such.
    r"\bvpc-12345\b",
    r"\b1\.2\.3\.4/5\b",
    r"\b1234abcd-12ab-34cd-56ef-1234567890ab\b",
)
# No other lookup gives a text that a rule of ours would refuse: a hosted zone has the name that it was asked for by,
# and a default that the user gives is the value where the account has none, so that it must be a good one.

TOLD: Final = frozenset(
    {
        *("vpc-provider", "key-provider", "hosted-zone", "availability-zones", "endpoint-service-availability-zones"),
        *("ami", "load-balancer", "load-balancer-listener", "security-group"),
    }
)
"""The providers whose values are told by their shapes, or say nothing of who may send; others may give any text.

https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cloud_assembly_schema.ContextProvider.html
"""

DUMMY: Final = "|".join(_SHAPES)
"""A pattern of what stands for a value, be it the whole of a text or a part."""

_DUMMY: Final = re.compile(DUMMY)


def dummies(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON has
    """Yield what stands for a value in the texts of `value`.

    >>> list(dummies({"AWS": ["arn:aws:iam::dummy-value-for-/mail/partner:root"]}))
    ['dummy-value-for-/mail/partner']
    """
    if isinstance(value, str):
        yield from _DUMMY.findall(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from dummies(item)
    elif isinstance(value, list):
        for item in value:
            yield from dummies(item)


def check_looked_up(value: Any) -> None:  # noqa: ANN401 - whatever JSON has
    """Raise `DeclarationError` where something in `value` was never looked up."""
    for dummy in dummies(value):
        raise DeclarationError(
            f"{dummy!r} stands for a value that the CDK did not look up: deploy what `npx cdk synth` writes where it "
            "may ask the account, and not what the app alone does"
        )

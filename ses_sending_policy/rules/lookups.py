"""Finds placeholders of the CDK's context lookups: the dummy values of a synth before the CDK has asked the account."""

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
    # character ( / ) is used to delineate hierarchies in parameter names." A shared parameter is named by its ARN.
    # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
    r"dummy-value-for-(?:arn:[a-z-]+:ssm:[^:]*:[^:]*:parameter)?[\w./-]*",
    # A part of the ARNs of `Role.from_lookup` and `Repository.from_lookup`, in aws-cdk-lib 2.275.
    r"123456789012:[a-z]+/DUMMY_ARN",
    # The id and the network of `Vpc.from_lookup`, and the id of `Key.from_lookup`, likewise. No account has these.
    r"\bvpc-12345\b",
    r"\b1\.2\.3\.4/5\b",
    r"\b1234abcd-12ab-34cd-56ef-1234567890ab\b",
)
# No other lookup gives a placeholder that one of our rules would refuse: a hosted zone has the name that was asked for,
# and a default that the user gives is used if the account has no value, so it must be a valid one.

PROVIDERS_OF_KNOWN_DUMMIES: Final = frozenset(
    {
        *("vpc-provider", "key-provider", "hosted-zone", "availability-zones", "endpoint-service-availability-zones"),
        *("ami", "load-balancer", "load-balancer-listener", "security-group"),
    }
)
"""The lookup providers whose placeholders are found by their shapes, or do not matter; others can give any text.

https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cloud_assembly_schema.ContextProvider.html
"""

DUMMY: Final = "|".join(_SHAPES)
"""A regular expression for any placeholder, as the whole of a text or as a part of it."""

_DUMMY: Final = re.compile(DUMMY)


def dummies(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON has
    """Yield every placeholder in the texts of `value`.

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
    """Raise `DeclarationError` if `value` contains a placeholder of a lookup."""
    for dummy in dummies(value):
        raise DeclarationError(
            f"{dummy!r} is a placeholder for a value that the CDK did not look up: deploy the output of "
            "`npx cdk synth` with access to the account, and not that of the app alone"
        )

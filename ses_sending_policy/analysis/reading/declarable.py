"""Find parts of a document that a template cannot carry, because the deploy would change them on their way to SES."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ses_sending_policy.rules.document import Json

# An element, an operator or a key of a condition begins with a letter. Other keys would be misread on their way to SES:
# `__proto__` by JavaScript, `$jsii.byref` by jsii, and "Ref" or "Fn::..." as a function by CloudFormation.
_KEY: Final = re.compile(r"(?!Ref\Z|Fn::)[A-Za-z].*", re.DOTALL)

# Texts that are misread: the CDK would take them for a CDK token, or CloudFormation for a dynamic reference, which
# would fetch a parameter or a secret and hand it to SES:
# "{{resolve:service-name:reference-key}}"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
_REPLACED: Final = (
    (re.compile(r"\{\{\s*resolve\s*:", re.IGNORECASE), "CloudFormation would take for a reference to a secret"),
    (re.compile(r"[$#]\{Token\["), "the CDK would take for a token"),
    (re.compile(r"[\ud800-\udfff]"), "is not a text: it has half a character"),
)


def undeclarable(value: Json) -> Iterator[str]:
    """Yield a sentence for each part of the document `value` that would not reach SES unchanged."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not _KEY.fullmatch(key):
                yield f"it has the key {key!r}, which a template cannot carry"
            yield from undeclarable(key)
            yield from undeclarable(item)
    elif isinstance(value, list):
        for item in value:
            yield from undeclarable(item)
    elif value is None:
        yield "it has a null, which a template cannot carry"
    elif isinstance(value, str):
        for pattern, reason in _REPLACED:
            if pattern.search(value):
                yield f"it has {value!r}, which {reason}"

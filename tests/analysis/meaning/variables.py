"""Policy variables in the values of a condition, for instance `${aws:username}`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.analysis.meaning.aws_reading import AwsReading
from tests.analysis.meaning.operators import LITERAL, WITH_VARIABLES, bare

# "The variable is marked using a `$` prefix followed by a pair of curly braces (`{ }`)."
# "To add a default value to a variable, surround the default value with single quotes (`' '`), and separate the
# variable text and the default value with a comma and space (`, `)."
_VARIABLE: Final = re.compile(r"\$\{([^{}',]*)(?:, '([^']*)')?\}")

# "In these cases, you can use the following predefined policy variables: ${*} - use where you need an * (asterisk)
# character."
_CHARACTERS: Final = {"*": LITERAL["*"], "?": LITERAL["?"], "$": "$"}


class InvalidStatementError(Exception):
    """A variable has no value, in a reading in which its statement then has no effect."""


def are_variables(version: Any, operator: str) -> bool:
    """Return whether what looks like a variable is one.

    "If you don't include the `Version` element and set it to an appropriate version date, variables like
    `${aws:username}` are treated as literal strings in the policy."
    """
    return version == "2012-10-17" and bare(operator).startswith(WITH_VARIABLES)


def names(value: str) -> set[str]:
    """Return the keys whose variables are in a value."""
    return {found[1].lower() for found in _VARIABLE.finditer(value) if found[1] not in _CHARACTERS}


def resolved(value: str, keys: Mapping[str, Sequence[str]], world: AwsReading) -> str | None:
    """Return a value with its variables replaced by the request's values; None if a variable has no value.

    "When policy variables reference a condition context key that has no value or is not present in an authorization
    context for a request, the value is effectively null. There is no equal or like value."

    :param keys: the request's values, by the key in lower case: "Key names are case-insensitive."
    """
    texts: list[str] = []
    end = 0
    for found in _VARIABLE.finditer(value):
        texts.append(value[end : found.start()])
        end = found.end()
        has = _CHARACTERS.get(found[1]) or _value(found, keys)
        if has is None:
            if world.unresolved == "invalid":
                # "If AWS cannot resolve a variable this might cause the entire statement to be invalid."
                raise InvalidStatementError
            if world.unresolved == "null":
                return None
            has = found[0]
        texts.append(has)
    return "".join((*texts, value[end:]))


def _value(found: re.Match[str], keys: Mapping[str, Sequence[str]]) -> str | None:
    has = keys.get(found[1].lower(), ())
    # "You can't use a multivalued condition key as a variable."
    text = has[0] if len(has) == 1 else found[2]
    return None if text is None else "".join(LITERAL.get(each, each) for each in text)

"""What SES refuses, each rule under the sentence it comes from.

This is written from AWS's documentation alone and shares no line with the product that it tests.
The quotations are from https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html where nothing else is said.
A message marked "reported" was seen on real AWS by others (https://github.com/floci-io/floci/pull/1750 and
https://github.com/alchemy-run/alchemy); AWS documents the code (BadRequestException) and never the words.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from emulator.errors import SesError

# "Identity owners can associate up to 20 policies with each unique identity."
MAX_POLICIES: Final = 20

# "Policies can't exceed 4 kilobytes (KB) in size." Bytes or characters, AWS doesn't say: the stricter is taken,
# of the form that SES keeps (see `compact`).
MAX_BYTES: Final = 4096

# "Policy names can't exceed 64 characters. Additionally, they can only include alphanumeric characters,
# dashes, and underscores."
MAX_NAME: Final = 64
_NAME = re.compile(r"[A-Za-z0-9_-]+")

# "Each statement can include the elements described in the following table", four of them with Required: Yes.
_REQUIRED: Final = ("Effect", "Principal", "Action", "Resource")

# "Effect ... Valid values: "Allow" or "Deny"."
_EFFECTS: Final = ("Allow", "Deny")

_CONSTRAINT: Final = "1 validation error detected: Value at '{}' failed to satisfy constraint: Member must {}"
_INSIGNIFICANT = re.compile(r'("(?:[^"\\]|\\.)*")|[ \t\r\n]+', re.DOTALL)


def check_name(name: str) -> None:
    """Refuse a policy name that SES refuses."""
    if not name:  # the minimum is the model's: PolicyName {"min": 1}
        raise _bad(_CONSTRAINT.format("policyName", "have length greater than or equal to 1"))
    if len(name) > MAX_NAME:  # reported
        raise _bad(_CONSTRAINT.format("policyName", f"have length less than or equal to {MAX_NAME}"))
    if not _NAME.fullmatch(name):  # reported
        raise _bad(
            "PolicyName is invalid. Policy names must only include alpha-numeric characters, dashes, and underscores."
        )


def check_present(policy: object) -> str:
    """Return the policy's text, or refuse a request that has none."""
    if policy is None:  # reported
        raise _bad(_CONSTRAINT.format("policy", "not be null"))
    if not isinstance(policy, str):
        raise SesError("SerializationException", f"Policy must be a string, not {type(policy).__name__}")
    if not policy:  # the minimum is the model's: Policy {"min": 1}
        raise _bad(_CONSTRAINT.format("policy", "have length greater than or equal to 1"))
    return policy


def check_document(text: str, arn: str, *, any_case: bool = False) -> None:
    """Refuse a document that SES would not attach to the identity of this ARN.

    :param any_case: whether `Effect` may be written in small letters as well.
    """
    size = len(compact(text).encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise _bad(f"Policy is {size} bytes long, the maximum is {MAX_BYTES}")
    # "Each authorization policy is a JSON document that is attached to an identity."
    document = _parsed(text)
    if not isinstance(document, dict):
        raise _bad("Policy must be a JSON object")
    for number, statement in enumerate(_statements(document), start=1):
        _check_statement(f"Statement {number}", statement, arn, any_case=any_case)


def compact(text: str) -> str:
    """Return JSON without the white space between its tokens, and else exactly as it was sent."""
    return _INSIGNIFICANT.sub(lambda token: token[1] or "", text)


def without_id(text: str) -> str:
    """Return the document as an SES would keep it that forgets the element `Id`."""
    kept = {key: value for key, value in json.loads(text).items() if key != "Id"}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _bad(message: str) -> SesError:
    return SesError("BadRequestException", message)


def _parsed(text: str) -> object:
    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise _bad(f"Policy is not valid JSON: {error}") from error


def _statements(document: Mapping[str, Any]) -> list[Any]:
    # "Each policy has to include at least one statement." One alone may stand without its list:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html
    if "Statement" not in document:
        raise _bad("Policy must have a Statement")
    found = document["Statement"]
    statements = found if isinstance(found, list) else [found]
    if not statements:
        raise _bad("Policy must have at least one Statement")
    return statements


def _check_statement(where: str, statement: object, arn: str, *, any_case: bool) -> None:
    if not isinstance(statement, dict):
        raise _bad(f"{where} must be a JSON object")
    for element in _REQUIRED:
        # "Each policy has to include at least one valid principal": an empty element names nobody and nothing.
        if not statement.get(element):
            raise _bad(f"{where} must have the element {element}")
    effect = statement["Effect"]
    if (str(effect).capitalize() if any_case else effect) not in _EFFECTS:
        raise _bad(f"{where} has the Effect {effect}, it must be Allow or Deny")
    _check_resource(where, statement["Resource"], arn)
    for key in _condition_keys(where, statement.get("Condition", {})):
        # Reported for Cognito's first example, whose fix was the prefix in lower case alone:
        # https://github.com/awsdocs/amazon-cognito-developer-guide/pull/41
        if key.startswith("AWS:"):
            raise _bad(f"Unknown or unapplicable condition field '{key}'.")


def _check_resource(where: str, resource: object, arn: str) -> None:
    # "Each policy has to specify one resource, and that resource has to be the ARN of the identity that the
    # policy is attached to."
    values = resource if isinstance(resource, list) else [resource]
    if len(values) != 1 or not isinstance(values[0], str):
        raise _bad(f"{where} must have exactly one Resource, the ARN of the identity: {arn}")
    if not values[0].startswith("arn:"):  # reported
        raise _bad(f"Invalid ARN: ARNs must start with 'arn:': {values[0]}")
    if values[0] != arn:
        raise _bad(f"{where} has the Resource {values[0]}, it must be the ARN of the identity: {arn}")


def _condition_keys(where: str, condition: object) -> Iterator[str]:
    if not isinstance(condition, dict) or not all(isinstance(keys, dict) for keys in condition.values()):
        raise _bad(f"{where} has a Condition that is not an object of operators with their keys")
    for keys in condition.values():
        yield from keys

"""The rules by which SES refuses a policy or its name, each with the AWS sentence that it comes from.

This is written from AWS's documentation alone and shares no line with the product that it tests.
The quotations are from https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html unless another page is named.
A message marked "reported" was seen on real AWS by others (https://github.com/floci-io/floci/pull/1750 and
https://github.com/alchemy-run/alchemy); AWS documents the code (BadRequestException) and never the message.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from emulator.conditions import check_condition
from emulator.errors import SesError, bad_request
from emulator.grammar import check_names, is_scalar, one_or_more, parsed
from emulator.principals import check_principal

# "Identity owners can associate up to 20 policies with each unique identity."
MAX_POLICIES: Final = 20

# "Policies can't exceed 4 kilobytes (KB) in size." AWS doesn't say whether bytes or characters count: this counts
# bytes, which is stricter, of the form that SES keeps (see `compact`).
MAX_BYTES: Final = 4096

# "Policy names can't exceed 64 characters. Additionally, they can only include alphanumeric characters,
# dashes, and underscores."
MAX_NAME: Final = 64
_NAME = re.compile(r"[A-Za-z0-9_-]+")

# "There are two policy-wide elements: Id and Version", and the statements.
_DOCUMENT: Final = ("Version", "Id", "Statement")

# "Each statement can include the elements described in the following table", four of them with Required: Yes.
_REQUIRED: Final = ("Effect", "Principal", "Action", "Resource")
_STATEMENT: Final = (*_REQUIRED, "Sid", "Condition")

# "Effect ... Valid values: "Allow" or "Deny"."
_EFFECTS: Final = ("Allow", "Deny")

# "Consists of a service namespace, a colon, and the name of an action. Action names can include wildcards."
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html; the actions in the anatomy's table
# are all of SES, and other guides write `SES:`. Whether an action exists is not checked, because it is not known
# whether SES does.
_ACTION: Final = re.compile(r"\*|ses:[a-z0-9*?]+", re.IGNORECASE)

_CONSTRAINT: Final = "1 validation error detected: Value at '{}' failed to satisfy constraint: Member must {}"
_INSIGNIFICANT = re.compile(r'("(?:[^"\\]|\\.)*")|[ \t\r\n]+', re.DOTALL)


def check_name(name: str) -> None:
    """Refuse a policy name that SES refuses."""
    if not name:  # botocore's model of the API has the minimum: PolicyName {"min": 1}
        raise bad_request(_CONSTRAINT.format("policyName", "have length greater than or equal to 1"))
    if len(name) > MAX_NAME:  # reported
        raise bad_request(_CONSTRAINT.format("policyName", f"have length less than or equal to {MAX_NAME}"))
    if not _NAME.fullmatch(name):  # reported
        raise bad_request(
            "PolicyName is invalid. Policy names must only include alpha-numeric characters, dashes, and underscores."
        )


def check_present(policy: object) -> str:
    """Return the text of the policy in a request; refuse a request without one."""
    if policy is None:  # reported
        raise bad_request(_CONSTRAINT.format("policy", "not be null"))
    if not isinstance(policy, str):
        raise SesError("SerializationException", f"Policy must be a string, not {type(policy).__name__}")
    if not policy:  # botocore's model of the API has the minimum: Policy {"min": 1}
        raise bad_request(_CONSTRAINT.format("policy", "have length greater than or equal to 1"))
    return policy


def check_document(text: str, arn: str, *, any_case: bool = False) -> None:
    """Refuse a document that SES would not attach to the identity with this ARN.

    :param any_case: whether to accept `Effect` in small letters as well.
    """
    size = len(compact(text).encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise bad_request(f"Policy is {size} bytes long, the maximum is {MAX_BYTES}")
    # "Each authorization policy is a JSON document that is attached to an identity."
    document = parsed(text)
    if not isinstance(document, dict):
        raise bad_request("Policy must be a JSON object")
    check_names("Policy", document, _DOCUMENT)
    # "Id ... Any string" and "Version ... Any string": so a version that IAM does not know is accepted.
    for element in ("Version", "Id"):
        _check_text("Policy", document, element)
    statements = _statements(document)
    for number, statement in enumerate(statements, start=1):
        _check_statement(f"Statement {number}", statement, arn, any_case=any_case)
    # "Sid ... Uniquely identifies the statement. ... Any string."
    sids = [str(statement["Sid"]) for statement in statements if "Sid" in statement]
    for sid in sids:
        if sids.count(sid) > 1:
            raise bad_request(f"Policy has more than one statement of the Sid {sid}")


def compact(text: str) -> str:
    """Return JSON without white space between its tokens, and otherwise exactly as it was sent."""
    return _INSIGNIFICANT.sub(lambda token: token[1] or "", text)


def without_id(text: str) -> str:
    """Return the document without its element `Id`."""
    kept = {key: value for key, value in json.loads(text).items() if key != "Id"}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _statements(document: Mapping[str, Any]) -> list[Any]:
    # "Each policy has to include at least one statement." A single statement needs no list:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html
    if "Statement" not in document:
        raise bad_request("Policy must have a Statement")
    found = document["Statement"]
    statements = found if isinstance(found, list) else [found]
    if not statements:
        raise bad_request("Policy must have at least one Statement")
    return statements


def _check_statement(where: str, statement: object, arn: str, *, any_case: bool) -> None:
    if not isinstance(statement, dict):
        raise bad_request(f"{where} must be a JSON object")
    for element in _REQUIRED:
        # "Each policy has to include at least one valid principal": an empty element counts as missing.
        if not statement.get(element):
            raise bad_request(f"{where} must have the element {element}")
    check_names(where, statement, _STATEMENT)
    _check_text(where, statement, "Sid")
    effect = statement["Effect"]
    if (str(effect).capitalize() if any_case else effect) not in _EFFECTS:
        raise bad_request(f"{where} has the Effect {effect}, it must be Allow or Deny")
    check_principal(where, statement["Principal"])
    for action in one_or_more(f"{where}: Action", statement["Action"]):
        if not (isinstance(action, str) and _ACTION.fullmatch(action)):
            raise bad_request(f"{where} has the Action {action}, it must be one of SES, as ses:SendEmail")
    _check_resource(where, statement["Resource"], arn)
    check_condition(where, statement.get("Condition", {}))


def _check_text(where: str, value: Mapping[str, Any], element: str) -> None:
    if not is_scalar(value.get(element, "")):
        raise bad_request(f"{where} has the element {element}, which must be a string")


def _check_resource(where: str, resource: object, arn: str) -> None:
    # "Each policy has to specify one resource, and that resource has to be the ARN of the identity that the
    # policy is attached to."
    values = resource if isinstance(resource, list) else [resource]
    if len(values) != 1 or not isinstance(values[0], str):
        raise bad_request(f"{where} must have exactly one Resource, the ARN of the identity: {arn}")
    if not values[0].startswith("arn:"):  # reported
        raise bad_request(f"Invalid ARN: ARNs must start with 'arn:': {values[0]}")
    if values[0] != arn:
        raise bad_request(f"{where} has the Resource {values[0]}, it must be the ARN of the identity: {arn}")

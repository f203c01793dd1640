"""Predicts which documents the function refuses at the deploy because of parts that the synth did not know."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ses_sending_policy.analysis.findings.at_deploy import AT_DEPLOY, refusals
from ses_sending_policy.analysis.reading.intrinsics import name_of, unknown_functions
from ses_sending_policy.rules.document import Json, as_list, is_intrinsic
from ses_sending_policy.rules.wire import Declaration, read_acknowledged, read_unknown

# The types of resources whose ARN no rule refuses as a principal.
_SENDERS: Final = ("AWS::IAM::Role", "AWS::IAM::User")
ARNS: Final = (*_SENDERS, "AWS::Cognito::UserPool")
"""The types of resources whose ARN no rule refuses as the value of a condition."""


@dataclass(frozen=True, slots=True)
class DeployRefusal:
    """What the rules that the function checks at the deploy find in a document.

    :param refused: the sentence of a finding that is certain before the deploy. Default: - none.
    :param open: the parts that the rules check and only the deploy knows, as `${Fn::ImportValue partner}`. Default: -
        none.
    """

    refused: str = ""
    open: tuple[str, ...] = ()

    @classmethod
    def of(cls, properties: Mapping[str, Json], wanted: Declaration, arns: Mapping[str, str]) -> "DeployRefusal":
        """Return what the rules find in the document of `wanted`.

        :param properties: the resource properties that the function gets.
        :param wanted: the policy that these properties declare.
        :param arns: for each resource with a type in `ARNS`: that type, by the reference to its ARN.
        """
        unknown, acknowledged = read_unknown(properties), read_acknowledged(properties)
        if not unknown or set(acknowledged) >= AT_DEPLOY:
            return cls()
        document = wanted.document.elements
        found = refusals(document, wanted.target.identity.name, unknown, acknowledged)
        return cls(found[0].sentence if found else "", tuple(sorted(set(_open(document, arns)))))


def _open(document: Mapping[str, Json], arns: Mapping[str, str]) -> Iterator[str]:
    for statement in as_list(document.get("Statement", [])):
        parts = {"": statement} if is_intrinsic(statement) or not isinstance(statement, Mapping) else statement
        for element, value in parts.items():
            for name in map(name_of, unknown_functions(value)):
                is_harmless = arns.get(name) in (ARNS if element == "Condition" else _SENDERS)
                # No rule checks the Resource: SES itself refuses any but the identity's ARN.
                if element not in ("Resource", "Sid") and not is_harmless:
                    yield f"${{{name}}}"

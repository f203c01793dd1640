"""What the function refuses of a document that synth did not know, as far as that is known before the deploy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ses_sending_policy.analysis.findings.at_deploy import AT_DEPLOY, refusals
from ses_sending_policy.analysis.reading.intrinsics import name_of, unknown_functions
from ses_sending_policy.rules.document import Json, as_list, is_intrinsic
from ses_sending_policy.rules.wire import Declaration, read_acknowledged, read_unknown

# What a rule finds nothing in, whatever the deploy makes of it: as a principal, and as a value of a condition.
_SENDERS: Final = ("AWS::IAM::Role", "AWS::IAM::User")
ARNS: Final = (*_SENDERS, "AWS::Cognito::UserPool")
"""The types of resources whose ARN no rule refuses."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the rules of the deploy say of a document.

    :param refused: the sentence of what is known to be wrong with it. Default: - nothing is.
    :param open: what the rules look at and only the deploy knows, as `${Fn::ImportValue partner}`. Default: - nothing.
    """

    refused: str = ""
    open: tuple[str, ...] = ()

    @classmethod
    def of(cls, properties: Mapping[str, Json], wanted: Declaration, arns: Mapping[str, str]) -> "Ruling":
        """Return what they say.

        :param properties: what the function is handed.
        :param wanted: what these declare.
        :param arns: the types of resources by what gives their ARN, as `Role.Arn`, as far as they are `ARNS`.
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
                # SES refuses each Resource that is not the identity's own.
                if element not in ("Resource", "Sid") and not is_harmless:
                    yield f"${{{name}}}"

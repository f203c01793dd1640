"""The document of one policy: takes the user's statements, checks them, and gives the document for the template."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from ses_sending_policy.analysis.reading.intrinsics import text_of
from ses_sending_policy.analysis.reading.sizes import least_bytes
from ses_sending_policy.construct.account_statement import AccountStatement, made
from ses_sending_policy.construct.identity import NamedIdentity
from ses_sending_policy.construct.tokens import hidden, plain
from ses_sending_policy.rules.document import Json, as_list, is_intrinsic, statement_faults
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.limits import check_policy_size

# The Version that `iam.PolicyDocument` writes.
_VERSION: Final = "2012-10-17"


class DeclaredDocument:
    """The declared document of one policy; every part of it is checked when it is given.

    The user's objects are kept and read again at synth: as everywhere in the CDK, a statement may be changed until
    then.

    :param construct: the policy's construct.
    :param identity: the policy's identity; its ARN is the Resource of every statement that has none.
    :param document: the document that statements are added to. Its `Id` is left out, and synth says so.
    :param may_adopt: whether the policy may be adopted, so that the owner's marker gets longer.
    """

    def __init__(
        self,
        construct: Construct,
        identity: NamedIdentity,
        document: iam.PolicyDocument | Mapping[str, Json] | None,
        *,
        may_adopt: bool,
    ) -> None:
        self.construct = construct
        self.may_adopt = may_adopt
        self.statements: list[iam.PolicyStatement | AccountStatement] = []
        # How many statements there were when `open` made its document.
        self._given = 0
        self.identity = identity
        self._document = document if isinstance(document, iam.PolicyDocument) else self._parsed(document)
        self._seen = self._base()
        self._check(self._seen["Statement"], 0)

    def _parsed(self, document: Mapping[str, Json] | None) -> dict[str, Json]:
        if document is None:
            return {"Version": _VERSION}
        if not isinstance(document, Mapping):
            raise DeclarationError(
                f"document is a {type(document).__name__}: give an iam.PolicyDocument, or a dict as json.loads makes it"
            )
        elements: dict[str, Json] = plain(document, "document")
        if "Id" in elements:
            given = text_of(cdk.Stack.of(self.construct).resolve(elements.pop("Id")))
            cdk.Annotations.of(self.construct).add_info_v2(
                "ses-sending-policy:document-id",
                f"the Id {given!r} of the document is left out: it is the place of the owner's marker",
            )
        return elements

    def add(self, statements: Iterable[iam.PolicyStatement | AccountStatement]) -> None:
        """Add all `statements`; if one is wrong, raise `DeclarationError` and add none."""
        if not isinstance(statements, Iterable):
            raise DeclarationError(f"statements is a {type(statements).__name__}: give a list of them")
        # A list, because a generator can be read only once.
        statements = list(statements)
        first = len(self._seen["Statement"])
        for number, statement in enumerate(statements, first):
            if not isinstance(statement, iam.PolicyStatement | AccountStatement):
                raise DeclarationError(
                    f"statement {number} is a {type(statement).__name__}: give an iam.PolicyStatement, "
                    "or the whole document as `document`"
                )
        self._check([self._filled(statement.to_statement_json()) for statement in statements], first)
        if "open" in vars(self):
            self.open.add_statements(*map(made, statements))
        else:
            self.statements += statements

    @cached_property
    def open(self) -> iam.PolicyDocument:
        """The document as an object of the CDK; from now on, each statement that is added to it is in the policy.

        The statements that it begins with are for reading: in the policy they stay as they were declared.
        """
        declared = self._declared().get("Statement", [])
        faults = [
            f"statement {number} is a token, which an iam.PolicyDocument cannot hold: use add_statements to add to it"
            for number, statement in enumerate(as_list(declared))
            if not isinstance(statement, Mapping) or is_intrinsic(statement)
        ]
        if faults:
            raise DeclarationError.of(faults)
        parsed = [iam.PolicyStatement.from_json(dict(statement)) for statement in as_list(declared)]
        self._given = len(parsed) + len(self.statements)
        return iam.PolicyDocument(statements=[*parsed, *map(made, self.statements)])

    def elements(self, added: Sequence[Json]) -> dict[str, Json]:
        """Return the document as it is now, with its CDK tokens.

        :param added: the JSON of `statements`.
        """
        base = self._base()
        opened = (self.open.to_json() or {}).get("Statement", []) if "open" in vars(self) else []
        more = [*added, *opened[self._given :]]
        return base | {"Statement": base["Statement"] + [self._filled(statement) for statement in more]}

    def _declared(self) -> dict[str, Json]:
        # The JSON of an `iam.PolicyDocument` without a statement is null.
        return self._document if isinstance(self._document, dict) else self._document.to_json() or {}

    def _base(self) -> dict[str, Json]:
        elements = self._declared()
        return {**elements, "Statement": [self._filled(item) for item in as_list(elements.get("Statement", []))]}

    def _filled(self, statement: Json) -> Json:
        if not isinstance(statement, Mapping) or is_intrinsic(statement):
            return statement
        # In a new object, because the user may have given the same statement to another identity's policy.
        resource = {} if "NotResource" in statement else {"Resource": self.identity.arn}
        return {**resource, **statement}

    def _check(self, statements: list[Json], first: int) -> None:
        faults = [
            fault
            for number, statement in enumerate(statements, first)
            for fault in statement_faults(hidden(statement), f"statement {number}")
        ]
        if faults:
            raise DeclarationError.of(faults)
        seen = self._seen | {"Statement": self._seen["Statement"][:first] + statements}
        check_policy_size(least_bytes(hidden(seen)), has_marker=False)
        self._seen = seen

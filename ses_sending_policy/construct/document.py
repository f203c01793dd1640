"""One policy's document, from the user's objects to what is handed to CDK."""

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

# What `iam.PolicyDocument` writes.
_VERSION: Final = "2012-10-17"


class DeclaredDocument:
    """What was declared as one policy's document; every part of it is checked when it is given.

    The user's objects are kept as they are and read once more at synth, for what is done to a statement until then
    is part of the policy, as it is everywhere in the CDK.

    :param construct: the policy that it belongs to.
    :param identity: the identity that it hangs on; its ARN is the Resource of every statement that has none.
    :param document: the document that statements are added to. Its `Id` is left out, and synth says so.
    :param may_adopt: whether the owner's marker may come to say that the policy was there before.
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
        # How many statements the open document has had from here.
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
        """Add `statements`, or raise `DeclarationError` and add none of them."""
        if not isinstance(statements, Iterable):
            raise DeclarationError(f"statements is a {type(statements).__name__}: give a list of them")
        # A generator is read once.
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
        """What is declared, as the CDK's document, from now on open: each statement that it gets is the policy's.

        What it has in the beginning is there to be read: the policy says that as it was declared.
        """
        declared = self._declared().get("Statement", [])
        faults = [
            f"statement {number} is a token, which the CDK's document cannot hold: read what is declared in its place"
            for number, statement in enumerate(as_list(declared))
            if not isinstance(statement, Mapping) or is_intrinsic(statement)
        ]
        if faults:
            raise DeclarationError.of(faults)
        parsed = [iam.PolicyStatement.from_json(dict(statement)) for statement in as_list(declared)]
        self._given = len(parsed) + len(self.statements)
        return iam.PolicyDocument(statements=[*parsed, *map(made, self.statements)])

    def elements(self, added: Sequence[Json]) -> dict[str, Json]:
        """Return the document as it is now, with its tokens.

        :param added: what `statements` are as JSON.
        """
        base = self._base()
        opened = (self.open.to_json() or {}).get("Statement", []) if "open" in vars(self) else []
        more = [*added, *opened[self._given :]]
        return base | {"Statement": base["Statement"] + [self._filled(statement) for statement in more]}

    def _declared(self) -> dict[str, Json]:
        # An `iam.PolicyDocument` without a statement says that it is nothing at all.
        return self._document if isinstance(self._document, dict) else self._document.to_json() or {}

    def _base(self) -> dict[str, Json]:
        elements = self._declared()
        return {**elements, "Statement": [self._filled(item) for item in as_list(elements.get("Statement", []))]}

    def _filled(self, statement: Json) -> Json:
        if not isinstance(statement, Mapping) or is_intrinsic(statement):
            return statement
        # In a new object: the user may have given the same one to another identity's policy.
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

"""A policy as a template declares it, intrinsic functions and all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ses_sending_policy.rules.document import Json, compact, is_intrinsic
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.findings.intrinsics import is_known, text_of
from ses_sending_policy.rules.identity import Identity


@dataclass(frozen=True, slots=True)
class Environment:
    """Where a stack is deployed, as far as that is known.

    :param partition: as `aws`. Default: - nobody knows.
    :param region: as `eu-west-1`. Default: - nobody knows.
    :param account: twelve digits. Default: - nobody knows.
    """

    partition: str | None = None
    region: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """A policy that a template declares.

    :param stack: what people call the stack: its path in the app, or its name.
    :param logical_id: the resource's.
    :param identity: the property `EmailIdentity`, with what is known filled in.
    :param policy_name: the property `PolicyName`, the same.
    :param document: the property `Policy`, the same.
    :param environment: where the stack is deployed.
    :param template: the path of the template's file. Default: - none, for who has no files.
    :param stack_name: the stack's name, where it is known. Default: - it is not.
    :param may_adopt: whether the owner's marker may come to say that the policy was there before.
    :param is_conditional: whether a condition of the template decides if there is such a policy at all.
    """

    stack: str
    logical_id: str
    identity: Json
    policy_name: Json
    document: Json
    environment: Environment = field(default_factory=Environment)
    template: str = ""
    stack_name: str = ""
    may_adopt: bool = False
    is_conditional: bool = False

    @property
    def owner(self) -> str:
        """Where a person looks for it."""
        return f"{self.stack}/{self.logical_id}"

    @property
    def identity_text(self) -> str:
        """What people call the identity, with what only the deploy knows as `${...}`."""
        return text_of(self.identity)

    @property
    def known_identity(self) -> Identity | None:
        """The identity, or None where only the deploy knows it, or SES has none of that name."""
        text = self.identity_text
        try:
            return Identity.parse(text) if is_known(text) else None
        except DeclarationError:
            return None

    @property
    def place(self) -> tuple[str, ...]:
        """What two stacks have in common whose policies meet: account and region, where both are known."""
        environment = self.environment
        if environment.account and environment.region:
            return (environment.account, environment.region)
        return (self.stack,)

    @property
    def identity_key(self) -> tuple[str, ...]:
        """The same for two policies if they are known to be on the same identity."""
        identity = self.known_identity
        return (*self.place, identity.name) if identity else (self.stack, "", compact(self.identity))

    def statements(self) -> Iterator["Statement"]:
        """Yield the statements; what is none of the shape of one is nobody's to judge here."""
        for path, elements in self._elements():
            if _is_readable(elements):
                yield Statement(path, elements)

    @property
    def has_unknown_statements(self) -> bool:
        """Whether only the deploy knows which statements there are."""
        return not all(_is_readable(elements) for _, elements in self._elements())

    def _elements(self) -> Iterator[tuple[str, Json]]:
        found = self.document.get("Statement") if isinstance(self.document, Mapping) else None
        return each("Properties/Policy/Statement", found)


def _is_readable(elements: Json) -> bool:
    return isinstance(elements, Mapping) and not is_intrinsic(elements)


def each(path: str, value: Json) -> Iterator[tuple[str, Json]]:
    """Yield what stands in a place where one may stand for a list of one, each with its own path."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield f"{path}/{number}", item
    else:
        yield path, value


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a declared policy.

    :param path: where it stands in the resource, as `Properties/Policy/Statement/0`.
    :param elements: the statement.
    """

    path: str
    elements: Mapping[str, Json]

    @property
    def allows(self) -> bool:
        """Whether it is known to give something."""
        return self.elements.get("Effect") == "Allow"

    def texts(self, element: str) -> Iterator[tuple[str, str]]:
        """Yield each text of an element, with its path."""
        if element in self.elements:
            for path, value in each(f"{self.path}/{element}", self.elements[element]):
                yield path, text_of(value)

    def principals(self, element: str = "Principal") -> Iterator[tuple[str, str, str]]:
        """Yield each principal: its path, its kind as `AWS` or `Service`, and its text."""
        principal = self.elements.get(element)
        path = f"{self.path}/{element}"
        if isinstance(principal, str):
            # AWS's own examples have a user's ARN so.
            yield path, "AWS", principal
        elif isinstance(principal, Mapping) and not is_intrinsic(principal):
            for kind, values in principal.items():
                for place, value in each(f"{path}/{kind}", values):
                    yield place, kind, text_of(value)

    def conditions(self) -> Iterator["Condition"]:
        """Yield each condition that can be read."""
        operators = self.elements.get("Condition")
        if not isinstance(operators, Mapping) or is_intrinsic(operators):
            return
        for operator, keys in operators.items():
            if isinstance(keys, Mapping) and not is_intrinsic(keys):
                for key, value in keys.items():
                    path = f"{self.path}/Condition/{operator}/{key}"
                    yield Condition(path, operator, key, tuple(text_of(item) for _, item in each("", value)))

    @property
    def has_unknown_conditions(self) -> bool:
        """Whether only the deploy knows which conditions there are."""
        operators = self.elements.get("Condition", {})
        if not isinstance(operators, Mapping) or is_intrinsic(operators):
            return True
        return any(not isinstance(keys, Mapping) or is_intrinsic(keys) for keys in operators.values())


@dataclass(frozen=True, slots=True)
class Condition:
    """One key of one operator, and the values that it is compared with.

    :param path: where it stands in the resource.
    :param operator: as it is written, as `ForAllValues:StringLike`.
    :param key: as it is written, as `ses:Recipients`.
    :param values: any of them is enough; with what only the deploy knows as `${...}`.
    """

    path: str
    operator: str
    key: str
    values: tuple[str, ...]

    @property
    def quantifier(self) -> str:
        """`ForAllValues`, `ForAnyValue`, or nothing."""
        return self.operator.rpartition(":")[0]

    @property
    def comparison(self) -> str:
        """The operator alone, as `StringLike`."""
        return self.operator.rpartition(":")[2].removesuffix("IfExists")

    @property
    def is_optional(self) -> bool:
        """Whether it holds as well where the request has no such key."""
        return self.quantifier == "ForAllValues" or self.operator.endswith("IfExists")

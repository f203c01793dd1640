"""The documents of a stack's policies, rendered together: a call to Node costs more than a whole document."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from constructs import Dependable, IConstruct, IValidation

from ses_sending_policy.analysis.findings.at_deploy import AT_DEPLOY
from ses_sending_policy.analysis.grants.grant import grants_of
from ses_sending_policy.analysis.grants.sentence import sentence
from ses_sending_policy.analysis.reading.declared import only_if
from ses_sending_policy.analysis.reading.dummies import without_dummies
from ses_sending_policy.analysis.reading.intrinsics import text_of
from ses_sending_policy.analysis.reading.resolver import Evaluation
from ses_sending_policy.analysis.reading.scope import Scope
from ses_sending_policy.analysis.reading.sizes import least_bytes
from ses_sending_policy.analysis.reading.variants import TooManyVariantsError, variants
from ses_sending_policy.construct.document import DeclaredDocument
from ses_sending_policy.construct.identity import NamedIdentity
from ses_sending_policy.construct.proxies import direct
from ses_sending_policy.construct.tokens import has_token, is_resolved
from ses_sending_policy.construct.unknowns import acknowledged, unknown_places
from ses_sending_policy.rules.document import Json, document_faults
from ses_sending_policy.rules.limits import SPREAD, oversize
from ses_sending_policy.rules.normal_form import normalise
from ses_sending_policy.rules.ownership import Marker
from ses_sending_policy.rules.wire import UNKNOWNS, write_unknown

_Elements = Mapping[str, Json]

_REFERENCE = re.compile(r"\$\{([^{}]*)\}")
# Of the characters that tell the sentences of one policy apart.
_LEAST_DIGITS = 8

# Every token has this length; it is made of the stack's id, which nobody knows yet.
_TOKEN = "0" * 16
_LONGEST_MARKER = Marker("s" * 128, "L" * 255, _TOKEN, adopted=True)


def _read(documents: Sequence[DeclaredDocument]) -> dict[DeclaredDocument, _Elements]:
    # One document of all statements, rendered and thrown away: one call for all of them.
    statements = [statement for document in documents for statement in document.statements]
    given = [statement for statement in statements if isinstance(statement, iam.PolicyStatement)]
    together = iam.PolicyDocument(statements=given).to_json() if given else {"Statement": []}
    theirs = iter(together["Statement"])
    rendered = (
        next(theirs) if isinstance(statement, iam.PolicyStatement) else statement.to_statement_json()
        for statement in statements
    )
    return {document: document.elements(list(islice(rendered, len(document.statements)))) for document in documents}


def _judged(elements: Json) -> Json:
    """Return what rules may judge: what is still to be looked up is nothing that a template knows."""
    return without_dummies(elements)


def _sentences(elements: _Elements, identity: str) -> Iterator[str]:
    """Yield a sentence for each grant of a document; of each branch where a condition decides.

    What the template has beside the document is not known while it is put together: a parameter stays one.
    """
    scope = Scope({})
    try:
        found = variants(scope, "", lambda resolver: resolver.resolved(elements), takes_defaults=False)
        ways = [(way.condition, way.value) for way in found]
    except TooManyVariantsError:
        # The findings tell of it, and what is shown here fails no synth.
        ways = [("", Evaluation().of(scope).resolved(elements))]
    said: dict[str, list[str]] = {}
    for condition, value in ways:
        for each in dict.fromkeys(sentence(grant) for grant in grants_of(value, identity)):
            said.setdefault(each, []).append(condition)
    for words, conditions in said.items():
        # What is so in each branch does not depend on one.
        only = [""] if len(conditions) == len(ways) else [f", {only_if(each)}" for each in conditions]
        yield from (words + each for each in only)


def _keyed(policy: str, identity: str, sentences: Iterator[str]) -> dict[str, str]:
    """Return the sentences of a policy, each under a key that it has whatever others there are.

    The key is short, and not the sentence: CloudFormation gives every character that is not ASCII back as `?`, and two
    keys would become one.
    """
    keyed: dict[str, str] = {}
    for each in sorted(set(sentences)):
        digest = sha256(f"{identity} {each}".encode()).hexdigest()
        keys = (f"{policy}/{digest[:digits]}" for digits in range(_LEAST_DIGITS, len(digest) + 1))
        # One that somebody chose to have the digits of another takes no place of that.
        # As it stands, cfn-lint would take a reference for one that somebody forgot to make (E1029).
        keyed[next(key for key in keys if key not in keyed)] = _REFERENCE.sub(r"${ \1 }", each)
    return keyed


@jsii.implements(cdk.IAnyProducer)
class _Producer:
    def __init__(self, make: Callable[[cdk.IResolveContext], Any]) -> None:
        self._make = make

    def produce(self, context: cdk.IResolveContext) -> Any:  # noqa: ANN401 - as the CDK declares it
        return self._make(context)


@jsii.implements(IValidation)
class StackDocuments(Dependable):
    """The documents of the policies that share one provider.

    A synth goes through four phases. CDK lets Aspects look around. It prepares: it turns what depends on what into
    resources, for which `dependency_roots` is asked, and then looks for references to other stacks among the tokens,
    and makes exports and parameters of them. It validates: here the documents get their final form, which takes
    resolved tokens, for a token says nothing of where it sorts. And it writes them. A nested stack is written as the
    last of what is prepared, for its template is an asset, and is hashed before CDK validates: there a `Lazy` for each
    document knows whether CDK prepares or writes.

    :param stack: the stack that they are in.
    :param preparing: called when CDK begins to prepare.
    :param prepared: called when CDK has prepared; of a nested stack while it does, for that is written by then.
    :param label: what a reader of this synth knows an identity by.
    """

    def __init__(
        self,
        stack: cdk.Stack,
        preparing: Callable[[], None],
        prepared: Callable[[], None],
        label: Callable[[NamedIdentity], str],
    ) -> None:
        super().__init__()
        self._stack = stack
        self._tell_preparing = preparing
        self._tell_prepared = prepared
        self._label = label
        self._documents: list[DeclaredDocument] = []
        self._prepared: dict[DeclaredDocument, _Elements] = {}
        self._final: dict[DeclaredDocument, _Elements] = {}
        self._policy_names: dict[DeclaredDocument, str] = {}
        self._resources: dict[DeclaredDocument, cdk.CfnResource] = {}
        self._told: set[str] = set()
        self._is_nested = isinstance(stack, cdk.NestedStack)
        self._later: dict[DeclaredDocument, cdk.IResolvable] = {}
        self._is_preparing = False
        self._roots: list[IConstruct] = []

    def begin_with(self, construct: IConstruct, resource: cdk.CfnResource) -> None:
        """Be asked what `construct` is when CDK looks what depends on it: it begins to prepare.

        :param construct: something that something depends on.
        :param resource: all that it makes.
        """
        self._roots = [resource]
        Dependable.implement(construct, self)

    @property
    def dependency_roots(self) -> list[IConstruct]:
        """What waits for the construct waits for its resource."""
        self.forget()
        self._is_preparing = True
        self._tell_preparing()
        return self._roots

    def add(self, document: DeclaredDocument, policy_name: str, resource: cdk.CfnResource) -> None:
        """Take `document` in, which is that of the policy of this name and has this resource."""
        self._documents.append(document)
        self._policy_names[document] = policy_name
        self.forget()
        if not self._is_nested:
            self._resources[document] = resource
            return
        self._later[document] = cdk.Lazy.uncached_any(_Producer(lambda context: self._now(document, context.preparing)))
        for name in UNKNOWNS:
            resource.add_property_override(name, cdk.Lazy.uncached_any(self._lazily(document, name)))

    def forget(self) -> None:
        """Read every document anew, because one of them has changed."""
        self._prepared = {}
        self._final = {}

    def now(self, document: DeclaredDocument) -> _Elements | cdk.IResolvable:
        """Return what `document` is in this phase, or what tells it when CDK asks."""
        return self._later.get(document) or self._now(document, self._is_preparing)

    def _now(self, document: DeclaredDocument, is_preparing: bool) -> _Elements:  # noqa: FBT001 - as the CDK tells it
        if document in self._final:
            return self._final[document]
        if not is_preparing:
            # Somebody looks at it outside of a synth, or a nested stack is written.
            return self._normalised(_read([document]))[document]
        # Read at once and not one by one, for CDK does nothing else in between.
        if not self._prepared:
            self._prepared = _read(self._documents)
            if self._is_nested:
                self._tell_prepared()
                self._tell(self._normalised(self._prepared))
        return self._prepared[document]

    def _lazily(self, document: DeclaredDocument, name: str) -> _Producer:
        def unknown(context: cdk.IResolveContext) -> Json:
            return self._unknown(document, self._stack.resolve(self._now(document, context.preparing))).get(name)

        return _Producer(unknown)

    def _tell(self, documents: Mapping[DeclaredDocument, _Elements]) -> None:
        """Say in the metadata of the template what the documents give: a sentence for each grant.

        `cdk diff` shows each that came or went in a line of its own; the metadata of a resource it does not show.
        """
        sentences: dict[str, str] = {}
        for document, elements in documents.items():
            identity = self._text(self._label(document.identity))
            found = _sentences(_judged(elements), identity)
            sentences |= _keyed(self._text(self._policy_names[document]), identity, found)
        options = direct(self._stack.template_options)
        others = {key: value for key, value in (options.metadata or {}).items() if key not in self._told}
        if sentences or self._told:
            options.metadata = others | sentences
        self._told = {*sentences}

    def _text(self, value: str) -> str:
        return text_of(_judged(self._stack.resolve(value))) if has_token(value) else value

    def _unknown(self, document: DeclaredDocument, elements: _Elements) -> dict[str, list[str]]:
        """Return the properties by which the function judges what nobody knows here; none where all is known."""
        places = list(unknown_places(_judged(elements)))
        return write_unknown(places, acknowledged(document.construct) & AT_DEPLOY if places else ())

    def _normalised(self, declared: dict[DeclaredDocument, _Elements]) -> dict[DeclaredDocument, _Elements]:
        if all(map(is_resolved, declared.values())):
            return {document: normalise(elements) for document, elements in declared.items()}
        # By name and not in a list: CDK drops from a list what resolves to nothing.
        resolved = self._stack.resolve({str(number): elements for number, elements in enumerate(declared.values())})
        return {document: normalise(resolved[str(number)]) for number, document in enumerate(declared)}

    def validate(self) -> list[str]:
        """Return a sentence for each thing that SES would refuse."""
        if not self._is_nested:
            self._tell_prepared()
        self._final = self._normalised(self._prepared or _read(self._documents))
        self._prepared = {}
        self._is_preparing = False
        if not self._is_nested:
            self._tell(self._final)
            for document, resource in self._resources.items():
                for name, values in self._unknown(document, self._final[document]).items():
                    resource.add_property_override(name, values)
        return [
            f"{document.construct.node.path}: {fault}"
            for document, elements in self._final.items()
            for fault in self._faults(document, _judged(elements))
        ]

    def _faults(self, document: DeclaredDocument, elements: _Elements) -> Iterator[str]:
        yield from document_faults(elements)
        # Whose marker it is takes a call to Node.
        if oversize(least_bytes(elements, _LONGEST_MARKER)):
            fault = oversize(least_bytes(elements, self._marker(document)))
            if fault:
                yield f"{fault}; {SPREAD}"

    def _marker(self, document: DeclaredDocument) -> Marker:
        name = self._stack.stack_name
        logical_id = self._stack.resolve(self._resources[document].logical_id)
        # A nested stack gets its name from CloudFormation; one character it has at least.
        return Marker("s" if has_token(name) else name, logical_id, _TOKEN, adopted=document.may_adopt)

"""Renders the documents of all policies of a stack together, because calls to Node are slow."""

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
# The least hex digits in the key of a sentence.
_LEAST_DIGITS = 8

# Stands for the owner token, which has the same length but is made from the stack's id, which is not known yet.
_TOKEN = "0" * 16
_LONGEST_MARKER = Marker("s" * 128, "L" * 255, _TOKEN, adopted=True)


def _read(documents: Sequence[DeclaredDocument]) -> dict[DeclaredDocument, _Elements]:
    # One temporary document with all statements, so that one call to Node renders all of them.
    statements = [statement for document in documents for statement in document.statements]
    given = [statement for statement in statements if isinstance(statement, iam.PolicyStatement)]
    together = iam.PolicyDocument(statements=given).to_json() if given else {"Statement": []}
    theirs = iter(together["Statement"])
    rendered = (
        next(theirs) if isinstance(statement, iam.PolicyStatement) else statement.to_statement_json()
        for statement in statements
    )
    return {document: document.elements(list(islice(rendered, len(document.statements)))) for document in documents}


def _sentences(elements: _Elements, identity: str) -> Iterator[str]:
    """Yield a sentence for each grant of a document, in each branch of its conditions.

    The rest of the template is not known yet, so parameters stay references.
    """
    scope = Scope({})
    try:
        found = variants(scope, "", lambda resolver: resolver.resolved(elements), takes_defaults=False)
        ways = [(way.condition, way.value) for way in found]
    except TooManyVariantsError:
        # A finding reports this, and the sentences here must not make a synth fail.
        ways = [("", Evaluation().of(scope).resolved(elements))]
    said: dict[str, list[str]] = {}
    for condition, value in ways:
        for each in dict.fromkeys(sentence(grant) for grant in grants_of(value, identity)):
            said.setdefault(each, []).append(condition)
    for words, conditions in said.items():
        # A grant that is in every branch does not depend on a condition.
        only = [""] if len(conditions) == len(ways) else [f", {only_if(each)}" for each in conditions]
        yield from (words + each for each in only)


def _keyed(policy: str, identity: str, sentences: Iterator[str]) -> dict[str, str]:
    """Return the sentences of a policy, each under a key that does not depend on the other sentences.

    The key is a short hash and not the sentence itself: CloudFormation returns every character that is not ASCII as
    `?`, so that two sentences could get the same key.
    """
    keyed: dict[str, str] = {}
    for each in sorted(set(sentences)):
        digest = sha256(f"{identity} {each}".encode()).hexdigest()
        keys = (f"{policy}/{digest[:digits]}" for digits in range(_LEAST_DIGITS, len(digest) + 1))
        # More digits are taken if the key is used already, as by a sentence that was crafted to have the same digits.
        # Spaces within `${}`, because cfn-lint would report a reference in a text without `Fn::Sub` (E1029).
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

    A synth has four phases. First, the CDK visits Aspects. Second, it prepares: it turns dependencies into those of
    resources, for which it reads `dependency_roots`, then finds references to other stacks among the tokens and makes
    exports and parameters for them. Third, it validates: here the documents get their normal form, which needs resolved
    tokens, because a token cannot be sorted. Fourth, it writes the templates. But a nested stack is written at the end
    of the second phase, because its template is an asset, which is hashed before the validation. So there each document
    is a `Lazy`, which is told whether the CDK prepares or writes.

    :param stack: the stack of the policies.
    :param preparing: called when the CDK begins to prepare.
    :param prepared: called when the CDK has prepared; for a nested stack earlier, before the nested stack is written.
    :param label: returns the declared name of an identity.
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
        self._on_preparing = preparing
        self._on_prepared = prepared
        self._label = label
        self._documents: list[DeclaredDocument] = []
        self._prepared: dict[DeclaredDocument, _Elements] = {}
        self._final: dict[DeclaredDocument, _Elements] = {}
        self._policy_names: dict[DeclaredDocument, str] = {}
        self._resources: dict[DeclaredDocument, cdk.CfnResource] = {}
        self._sentence_keys: set[str] = set()
        self._is_nested = isinstance(stack, cdk.NestedStack)
        self._later: dict[DeclaredDocument, cdk.IResolvable] = {}
        self._is_preparing = False
        self._roots: list[IConstruct] = []

    def begin_with(self, construct: IConstruct, resource: cdk.CfnResource) -> None:
        """Make the CDK read `dependency_roots` for `construct`: that read tells that the CDK begins to prepare.

        :param construct: a construct that another one depends on.
        :param resource: the only resource of that construct.
        """
        self._roots = [resource]
        Dependable.implement(construct, self)

    @property
    def dependency_roots(self) -> list[IConstruct]:
        """The resource that dependents of the construct wait for; the CDK reads this when it begins to prepare."""
        self.forget()
        self._is_preparing = True
        self._on_preparing()
        return self._roots

    def add(self, document: DeclaredDocument, policy_name: str, resource: cdk.CfnResource) -> None:
        """Register the document of a policy, with the policy's name and resource."""
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
        """Forget all rendered documents, because one of them has changed."""
        self._prepared = {}
        self._final = {}

    def now(self, document: DeclaredDocument) -> _Elements | cdk.IResolvable:
        """Return the content of `document` in this phase of the synth; in a nested stack, a `Lazy` of it."""
        return self._later.get(document) or self._now(document, self._is_preparing)

    def _now(self, document: DeclaredDocument, is_preparing: bool) -> _Elements:  # noqa: FBT001 - as the CDK tells it
        if document in self._final:
            return self._final[document]
        if not is_preparing:
            # Read outside of a synth, or while a nested stack is written.
            return self._normalised(_read([document]))[document]
        # All documents are read at once, since they cannot change while the CDK prepares.
        if not self._prepared:
            self._prepared = _read(self._documents)
            if self._is_nested:
                self._on_prepared()
                self._write_sentences(self._normalised(self._prepared))
        return self._prepared[document]

    def _lazily(self, document: DeclaredDocument, name: str) -> _Producer:
        def unknown(context: cdk.IResolveContext) -> Json:
            return self._unknown(document, self._stack.resolve(self._now(document, context.preparing))).get(name)

        return _Producer(unknown)

    def _write_sentences(self, documents: Mapping[DeclaredDocument, _Elements]) -> None:
        """Write a sentence for each grant of the documents into the template's metadata.

        `cdk diff` shows each added or removed sentence in a line of its own, but not the metadata of a resource.
        """
        sentences: dict[str, str] = {}
        for document, elements in documents.items():
            identity = self._text(self._label(document.identity))
            found = _sentences(without_dummies(elements), identity)
            sentences |= _keyed(self._text(self._policy_names[document]), identity, found)
        options = direct(self._stack.template_options)
        others = {key: value for key, value in (options.metadata or {}).items() if key not in self._sentence_keys}
        if sentences or self._sentence_keys:
            options.metadata = others | sentences
        self._sentence_keys = {*sentences}

    def _text(self, value: str) -> str:
        return text_of(without_dummies(self._stack.resolve(value))) if has_token(value) else value

    def _unknown(self, document: DeclaredDocument, elements: _Elements) -> dict[str, list[str]]:
        """Return the properties by which the function checks values unknown to synth; none if synth knows all."""
        places = list(unknown_places(without_dummies(elements)))
        return write_unknown(places, acknowledged(document.construct) & AT_DEPLOY if places else ())

    def _normalised(self, declared: dict[DeclaredDocument, _Elements]) -> dict[DeclaredDocument, _Elements]:
        if all(map(is_resolved, declared.values())):
            return {document: normalise(elements) for document, elements in declared.items()}
        # In a mapping and not in a list, because the CDK drops items from a list that resolve to nothing.
        resolved = self._stack.resolve({str(number): elements for number, elements in enumerate(declared.values())})
        return {document: normalise(resolved[str(number)]) for number, document in enumerate(declared)}

    def validate(self) -> list[str]:
        """Finish the documents, and return a sentence for each thing that SES would refuse."""
        self._finish()
        return [
            f"{document.construct.node.path}: {fault}"
            for document, elements in self._final.items()
            for fault in self._faults(document, without_dummies(elements))
        ]

    def _finish(self) -> None:
        """Bring the documents into their normal form, and write what depends on them into the template."""
        if not self._is_nested:
            self._on_prepared()
        self._final = self._normalised(self._prepared or _read(self._documents))
        self._prepared = {}
        self._is_preparing = False
        if not self._is_nested:
            self._write_sentences(self._final)
            for document, resource in self._resources.items():
                for name, values in self._unknown(document, self._final[document]).items():
                    resource.add_property_override(name, values)

    def _faults(self, document: DeclaredDocument, elements: _Elements) -> Iterator[str]:
        yield from document_faults(elements)
        # First with the longest marker: the real one takes a call to Node, which a small document need not cost.
        if oversize(least_bytes(elements, _LONGEST_MARKER)):
            fault = oversize(least_bytes(elements, self._marker(document)))
            if fault:
                yield f"{fault}; {SPREAD}"

    def _marker(self, document: DeclaredDocument) -> Marker:
        name = self._stack.stack_name
        logical_id = self._stack.resolve(self._resources[document].logical_id)
        # A nested stack gets its name from CloudFormation: count one character, so that no document is refused wrongly.
        return Marker("s" if has_token(name) else name, logical_id, _TOKEN, adopted=document.may_adopt)

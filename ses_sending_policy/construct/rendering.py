"""The documents of a stack's policies, rendered together: a call to Node costs more than a whole document."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from constructs import IValidation

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
from ses_sending_policy.construct.tokens import has_token
from ses_sending_policy.construct.unknowns import acknowledged, unknown_places
from ses_sending_policy.rules.document import Json, document_faults
from ses_sending_policy.rules.limits import SPREAD, oversize
from ses_sending_policy.rules.normal_form import normalise
from ses_sending_policy.rules.ownership import Marker
from ses_sending_policy.rules.wire import UNKNOWNS, write_unknown

_Elements = Mapping[str, Json]

_GRANTS = "Grants"

# Every token has this length; it is made of the stack's id, which nobody knows yet.
_TOKEN = "0" * 16
_LONGEST_MARKER = Marker("s" * 128, "L" * 255, _TOKEN, adopted=True)


def _read(documents: Sequence[DeclaredDocument]) -> dict[DeclaredDocument, _Elements]:
    # One document of all statements, rendered and thrown away: one call for all of them.
    statements = [statement for document in documents for statement in document.statements]
    together = iam.PolicyDocument(statements=statements).to_json() if statements else {"Statement": []}
    rendered = iter(together["Statement"])
    return {document: document.elements(list(islice(rendered, len(document.statements)))) for document in documents}


def _judged(elements: Json) -> Json:
    """Return what rules may judge: what is still to be looked up is nothing that a template knows."""
    return without_dummies(elements)


def _sentences(elements: _Elements, identity: str) -> Iterator[tuple[str, str]]:
    """Yield a sentence for each grant of a document, with its effect; of each branch where a condition decides.

    What the template has beside the document is not known while it is put together: a parameter stays one.
    """
    scope = Scope({})
    try:
        found = variants(scope, "", lambda resolver: resolver.resolved(elements), takes_defaults=False)
        ways = [(way.condition, way.value) for way in found]
    except TooManyVariantsError:
        # The findings tell of it, and what is shown here fails no synth.
        ways = [("", Evaluation().of(scope).resolved(elements))]
    said: dict[tuple[str, str], list[str]] = {}
    for condition, value in ways:
        for each in dict.fromkeys((sentence(grant), grant.effect) for grant in grants_of(value, identity)):
            said.setdefault(each, []).append(condition)
    for (words, effect), conditions in said.items():
        # What is so in each branch does not depend on one.
        only = [""] if len(conditions) == len(ways) else [f", {only_if(each)}" for each in conditions]
        yield from ((words + each, effect) for each in only)


@jsii.implements(cdk.IAnyProducer)
class _Producer:
    def __init__(self, make: Callable[[cdk.IResolveContext], Json]) -> None:
        self._make = make

    def produce(self, context: cdk.IResolveContext) -> Any:  # noqa: ANN401 - as the CDK declares it
        return self._make(context)


@jsii.implements(IValidation)
class StackDocuments:
    """The documents of the policies that share one provider.

    A synth goes through three phases. CDK prepares: it looks for references to other stacks among the tokens, and
    makes exports and parameters of them. It validates: here the documents get their final form, which takes
    resolved tokens, for a token says nothing of where it sorts. And it writes them.

    :param stack: the stack that they are in.
    :param prepared: called when CDK has prepared; of a nested stack while it does, for that is written by then.
    """

    def __init__(self, stack: cdk.Stack, prepared: Callable[[], None]) -> None:
        self._stack = stack
        self._told_prepared = prepared
        self._documents: list[DeclaredDocument] = []
        self._prepared: dict[DeclaredDocument, _Elements] = {}
        self._final: dict[DeclaredDocument, _Elements] = {}
        self._resources: dict[DeclaredDocument, cdk.CfnResource] = {}
        # The template of a nested stack is an asset, and is hashed before CDK validates.
        self._is_nested = stack.nested_stack_parent is not None
        self._is_preparing = False
        stack.node.add_validation(self)

    def add(self, document: DeclaredDocument) -> cdk.IResolvable:
        """Return what stands in a property for `document`."""
        self._documents.append(document)
        self.forget()
        return cdk.Lazy.uncached_any(_Producer(lambda context: self._elements(document, context)))

    def describe(self, document: DeclaredDocument, resource: cdk.CfnResource) -> None:
        """Say in the metadata of `resource` what `document` gives: a sentence for each grant, and its effect.

        `cdk diff` shows a key that came or went in a line of its own, and a list with all that is around it.
        """
        if self._is_nested:
            producer = _Producer(lambda context: self._grants(document, self._elements(document, context)))
            resource.add_metadata(_GRANTS, cdk.Lazy.uncached_any(producer))
            for name in UNKNOWNS:
                resource.add_property_override(name, cdk.Lazy.uncached_any(self._lazily(document, name)))
        else:
            self._resources[document] = resource

    def forget(self) -> None:
        """Read every document anew, because one of them has changed."""
        self._prepared = {}
        self._final = {}
        self._is_preparing = False

    def _elements(self, document: DeclaredDocument, context: cdk.IResolveContext) -> _Elements:
        """Return what `document` is in this phase."""
        if document in self._final:
            return self._final[document]
        # CDK is asked once and not for every document, where it cannot do something else in between.
        if self._is_preparing or context.preparing:
            self._is_preparing = not self._is_nested
            if not self._prepared:
                self._prepared = _read(self._documents)
                if self._is_nested:
                    self._told_prepared()
            return self._prepared[document]
        # Somebody looks at it outside of a synth.
        return self._normalised(_read([document]))[document]

    def _grants(self, document: DeclaredDocument, elements: _Elements) -> dict[str, str]:
        label = document.identity_label
        identity = text_of(_judged(self._stack.resolve(label))) if has_token(label) else label
        return dict(sorted(_sentences(_judged(elements), identity)))

    def _lazily(self, document: DeclaredDocument, name: str) -> _Producer:
        return _Producer(
            lambda context: self._unknown(document, self._stack.resolve(self._elements(document, context))).get(name)
        )

    def _unknown(self, document: DeclaredDocument, elements: _Elements) -> dict[str, list[str]]:
        """Return the properties by which the function judges what nobody knows here; none where all is known."""
        places = list(unknown_places(_judged(elements)))
        return write_unknown(places, acknowledged(document.construct) & AT_DEPLOY if places else ())

    def _normalised(self, declared: dict[DeclaredDocument, _Elements]) -> dict[DeclaredDocument, _Elements]:
        # By name and not in a list: CDK drops from a list what resolves to nothing.
        resolved = self._stack.resolve({str(number): elements for number, elements in enumerate(declared.values())})
        return {document: normalise(resolved[str(number)]) for number, document in enumerate(declared)}

    def validate(self) -> list[str]:
        """Return a sentence for each thing that SES would refuse."""
        if not self._is_nested:
            self._told_prepared()
        self._final = self._normalised(self._prepared or _read(self._documents))
        self._prepared = {}
        self._is_preparing = False
        for document, resource in self._resources.items():
            resource.add_metadata(_GRANTS, self._grants(document, self._final[document]))
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
        resource = cast("cdk.CfnResource", document.construct.node.default_child)
        logical_id = self._stack.resolve(resource.logical_id)
        # A nested stack gets its name from CloudFormation; one character it has at least.
        return Marker("s" if has_token(name) else name, logical_id, _TOKEN, adopted=document.may_adopt)

"""The parsers that read other people's input, and what each promises whatever the input is."""

import argparse
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from emulator.signature import SignatureError, claimed
from provider.event import Event, MalformedEventError
from ses_sending_policy.cli import command_named, parser
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.aws_answers import is_answer
from ses_sending_policy.review.text_output import TextOutput
from ses_sending_policy.rules.document import Document, LivePolicy, document_faults
from ses_sending_policy.rules.equivalence import differences, digest
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.identity import Identity, IdentityArn
from ses_sending_policy.rules.normal_form import normalise
from ses_sending_policy.rules.ownership import Marker, PhysicalId, StackId
from ses_sending_policy.rules.wire import Declaration, OnDelete, WhenExists, read_on_delete, read_target, write
from tests.fuzz import inputs
from tests.support.events import document

# The commands that only read files.
_READERS = ("explain", "check", "diff")

MARKER = Marker("Mail", "Partner", inputs.TOKEN)
DECLARED = Document(document())


def physical_id(text: str) -> None:
    """Require that an id which somebody made up gives None, never an error."""
    made = PhysicalId.parse(text)
    assert made is None or PhysicalId.parse(str(made)) == made


def marker(text: Any) -> None:
    """Require the same of a document's `Id`, of whatever type it is."""
    made = Marker.parse(text)
    assert made is None or str(made) == text


def identity(text: str) -> None:
    """Require that a name is refused, or accepted and then reads the same again."""
    with suppress(DeclarationError):
        made = Identity.parse(text)
        assert Identity.parse(made.name) == made
    with suppress(DeclarationError):
        arn = IdentityArn.parse(text, any_region=True)
        assert IdentityArn.parse(str(arn), any_region=True) == arn
    with suppress(DeclarationError):
        assert StackId.parse(text).text == text


def wire(properties: Any) -> None:
    """Require that what is read can be written and read again, and that everything else is refused."""
    if not isinstance(properties, Mapping):
        return  # an event has no other type
    with suppress(DeclarationError):
        read_target(properties)
    with suppress(DeclarationError):
        assert isinstance(read_on_delete(properties), OnDelete)
    with suppress(DeclarationError):
        declared = Declaration.read(properties)
        assert isinstance(declared.when_exists, WhenExists)
        again = write(
            email_identity=declared.target.identity.name,
            policy_name=declared.target.policy_name,
            policy=declared.document.elements,
            when_exists=declared.when_exists,
            on_delete=declared.on_delete,
        )
        assert repr(Declaration.read(again)) == repr(declared)  # because NaN is not equal to itself
        _document(declared.document)


def _document(declared: Document) -> None:
    assert len(digest(declared.elements, "aws")) == 64
    # The function's answers and the documents that it writes are JSON in UTF-8.
    once = normalise(declared.elements)
    assert normalise(once) == once
    text = declared.text(MARKER)
    text.encode()
    live = LivePolicy(text)
    assert live.marker == MARKER
    assert LivePolicy(live.with_id("")).marker is None
    differences(live, declared, "aws")


def live_policy(text: str) -> None:
    """Require that whatever SES returns has an owner or none, and can be compared."""
    live = LivePolicy(text)
    owner = live.marker
    told = differences(live, DECLARED, "aws")
    "; ".join(told).encode(errors="surrogatepass")
    if isinstance(live.elements, dict):
        assert (digest(live.elements, "aws") == digest(DECLARED.elements, "aws")) == (not told)
    if owner is not None:
        assert LivePolicy(live.with_id("")).marker is None


def policy(value: Any) -> None:
    """Require that whatever a user declares is a document, or has faults that can be described."""
    faults = list(document_faults(value))
    assert all(faults)
    if not faults:
        with suppress(DeclarationError):
            _document(Document({key: item for key, item in value.items() if key != "Id"}))


def event(given: Any) -> None:
    """Require that an unreadable event gives one kind of error, which does not contain the answer URL's signature."""
    try:
        read = Event.read(given)
    except MalformedEventError as refusal:
        assert "SIGNATURE" not in str(refusal)  # noqa: PT017 - most events are refused, and all may be
        return
    assert "SIGNATURE" not in repr(replace(read, properties={}, old_properties={}))
    assert read.birth is None or read.birth == read.birth // 1
    assert read.service_timeout >= 0


def answer(body: bytes) -> None:
    """Require that what counts as SES's answer can be read, and that no body raises an error."""
    for status, is_xml in product((200, 404), (True, False)):
        is_answer("DescribeStacks", status, body, {}, is_xml=is_xml)
        if is_answer("GetEmailIdentityPolicies", status, body, {}, is_xml=is_xml) and status == 200 and not is_xml:
            assert all(isinstance(each, str) for each in json.loads(body)["Policies"].values())
        if is_answer("ListEmailIdentities", status, body, {}, is_xml=is_xml) and status == 200 and not is_xml:
            said = json.loads(body)
            assert all(each["IdentityName"] for each in said["EmailIdentities"])
            assert isinstance(said.get("NextToken", ""), str)


def template(value: Any) -> None:
    """Require that each command answers in each of its formats, or says what it cannot look at."""
    _review("Mail.template.json", {"Mail.template.json": inputs.dumped(value)})


def assembly(files: Mapping[str, str]) -> None:
    """Require the same for a whole assembly."""
    _review(".", files)


def _review(asked: str, files: Mapping[str, str]) -> None:
    with TemporaryDirectory() as folder:
        for name, text in {"before.json": "{}", **files}.items():
            Path(folder, name).write_text(text, encoding="utf-8", errors="surrogatepass")
        for name in _READERS:
            words = [str(Path(folder, each)) for each in (["before.json", asked] if name == "diff" else [asked])]
            _answer(name, parser([name]).parse_args([name, *words]))


def _answer(name: str, options: argparse.Namespace) -> None:
    command = command_named(name)
    with suppress(ReviewError):
        answer = command.answer(options)
        for write_as in command.formats.values():
            # As it is written: half a surrogate pair becomes an escape again.
            write_as(answer.value, TextOutput()).encode("utf-8", "backslashreplace")


def signature(given: tuple[str, str, list[tuple[str, str]], bytes]) -> None:
    """Require that a request without a valid signature is refused, and never raises an error."""
    method, target, headers, body = given
    try:
        claimed(method, target, headers).verify("secret", body, 1767268800.0)
    except SignatureError:
        return
    raise AssertionError("it was let in")


@dataclass(frozen=True)
class Target:
    """A parser that is fuzzed.

    :param given: makes an input.
    :param holds: raises if a promise is broken.
    :param few: how many inputs `make test` tries.
    """

    given: Callable[[Random], Any]
    holds: Callable[[Any], None]
    few: int = 1000


TARGETS: Mapping[str, Target] = {
    "physical id": Target(inputs.text, physical_id),
    "marker": Target(inputs.scalar, marker),
    "identity": Target(inputs.text, identity),
    "wire": Target(inputs.properties, wire),
    "policy": Target(inputs.policy, policy),
    "live policy": Target(inputs.policy_text, live_policy),
    "event": Target(inputs.event, event),
    "answer": Target(inputs.answer, answer),
    "template": Target(inputs.template, template, few=40),
    "signature": Target(inputs.request, signature),
    "assembly": Target(inputs.assembly, assembly, few=40),
}

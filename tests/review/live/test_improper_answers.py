"""Anything may come from what stands between us and AWS: what is no answer of AWS is reported as not looked at."""

import os
import resource as resource_limit
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial, reduce
from itertools import count, product
from operator import getitem
from pathlib import Path
from typing import Any, Final

import pytest

from ses_sending_policy.cli import parser
from ses_sending_policy.cli.adopt import adopted
from ses_sending_policy.cli.command import CommandResult
from ses_sending_policy.cli.drift import drift
from ses_sending_policy.cli.plan import plan, verified
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.account import SesAccount
from ses_sending_policy.review.live.aws import Aws
from ses_sending_policy.review.live.calls import pages
from ses_sending_policy.rules.faults import CallError
from tests.provider.transport.raw import Says, closes, http, resets, says, wire
from tests.review.live.every_state import REGION
from tests.review.live.improper import (
    DRIPS,
    IDENTITY,
    OPERATIONS,
    SERVICES,
    ImproperAws,
    paths_of,
    proper_answer,
)
from tests.review.live.looking import hurried
from tests.review.templates import assembly, resource

pytestmark = pytest.mark.xdist_group("improper")

HTML: Final = b"<html><body>Welcome to this hotel<br></body></html>"
XHTML: Final = b'<html xmlns="http://www.w3.org/1999/xhtml"><body>Welcome to this hotel</body></html>'

# What comes over the wire, and a word of the reason that a person reads.
IMPROPER: Final[dict[str, tuple[Says, str]]] = {
    "200 with HTML": (says(http(200, HTML, "text/html")), "HTTP 200 with 51 bytes of text/html"),
    "200 with HTML that says it is JSON": (says(http(200, HTML)), "HTTP 200"),
    "200 with HTML that is XML": (says(http(200, XHTML, "text/xml")), "HTTP 200"),
    "200 with nothing": (says(http(200)), "HTTP 200"),
    "204": (says(http(204)), "HTTP 204"),
    "200 with null": (says(http(200, b"null")), "HTTP 200"),
    "200 with a list": (says(http(200, b"[]")), "HTTP 200"),
    "200 with a text": (says(http(200, b'"Policies"')), "HTTP 200"),
    "200 with other JSON": (says(http(200, b'{"status":"ok"}')), "HTTP 200"),
    "200 with other XML": (says(http(200, b"<ListTopicsResponse/>", "text/xml")), "HTTP 200"),
    "200 with too deep JSON": (says(http(200, b"[" * 100_000)), "HTTP 200"),
    "200 with bytes that are no text": (says(http(200, b'{"Policies":"\xff"}')), "HTTP 200"),
    "302 to a login": (says(http(302, b"", "text/html", "Location: http://127.0.0.1:9/")), "HTTP 302"),
    "401 with HTML": (says(http(401, HTML, "text/html")), "HTTP 401"),
    "403 with HTML": (says(http(403, HTML, "text/html")), "HTTP 403"),
    "403 with other JSON": (says(http(403, b'{"error":"log in"}')), "HTTP 403"),
    "404 with HTML": (says(http(404, HTML, "text/html")), "HTTP 404"),
    "404 with HTML that is XML": (says(http(404, XHTML, "text/xml")), "HTTP 404"),
    "404 with nothing": (says(http(404)), "HTTP 404"),
    "407 with HTML": (says(http(407, HTML, "text/html")), "HTTP 407"),
    "429 with HTML": (says(http(429, HTML, "text/html")), "HTTP 429"),
    "502 with HTML": (says(http(502, HTML, "text/html")), "HTTP 502"),
    "503 with nothing": (says(http(503)), "HTTP 503"),
    "a body that is cut": (closes(http(200, b"{" * 99)[:-9]), "closed"),
    # Python reads the end of the line as the end of the header.
    "a header that is cut": (closes(b"HTTP/1.1 200 OK\r\nConte"), "HTTP 200"),
    "a reset": (resets(), "closed"),
    "nothing": (closes(), "closed"),
    "what is not HTTP": (closes(b"SSH-2.0-OpenSSH_9.6\r\n"), "closed"),
}

Command = Callable[[Aws, Path], CommandResult[Any]]


def _options(*arguments: object) -> Any:
    return parser([str(arguments[0])]).parse_args([str(each) for each in arguments])


def _drift(aws: Aws, _: Path) -> CommandResult[Any]:
    return drift(aws, _options("drift", "--stack=Mail", "--all"), [])


def _adopt(aws: Aws, _: Path) -> CommandResult[Any]:
    return adopted(SesAccount(aws), _options("adopt", IDENTITY))


def _plan(aws: Aws, folder: Path) -> CommandResult[Any]:
    return plan(aws, _options("plan", folder / "cdk.out", f"--out={folder / 'new.json'}"))


def _verify(aws: Aws, folder: Path) -> CommandResult[Any]:
    return verified(aws, _options("plan", folder / "cdk.out", f"--verify={folder / 'plan.json'}"))


_OF_STACKS: Final = ("GetCallerIdentity", "DescribeStacks", "GetTemplate", "ListStackResources", "ListExports")
CALLS: Final[dict[str, tuple[Command, tuple[str, ...]]]] = {
    "drift": (_drift, OPERATIONS),
    "adopt": (_adopt, ("GetCallerIdentity", "GetEmailIdentityPolicies")),
    "plan": (_plan, (*_OF_STACKS, "GetEmailIdentityPolicies")),
    "plan --verify": (_verify, (*_OF_STACKS, "GetEmailIdentityPolicies")),
}


@pytest.fixture(scope="module")
def between() -> Iterator[ImproperAws]:
    """Give an emulated AWS, and let this process find it."""
    made = ImproperAws()
    with wire(made) as server:
        before = dict(os.environ)
        ours = {"AWS_ENDPOINT_URL": server.url, "AWS_REGION": REGION, "AWS_EC2_METADATA_DISABLED": "true"}
        keys = {"AWS_ACCESS_KEY_ID": "111111111111", "AWS_SECRET_ACCESS_KEY": "test", "NO_PROXY": "127.0.0.1"}
        os.environ.clear()
        os.environ.update({name: value for name, value in before.items() if not name.startswith("AWS_")} | ours | keys)
        yield made
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="module")
def aws(between: ImproperAws) -> Aws:
    """Give the one way to AWS, at a pace that takes no time."""
    assert between
    return hurried()


@pytest.fixture(scope="module")
def folder(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with an assembly and a plan of it."""
    made = tmp_path_factory.mktemp("improper")
    assembly(made / "cdk.out", resource(EmailIdentity=IDENTITY))
    plan(aws, _options("plan", made / "cdk.out", f"--out={made / 'plan.json'}"))
    return made


def _told(command: str, aws: Aws, folder: Path) -> tuple[int, str]:
    """Return the exit code of a command, and what it says."""
    try:
        answer = CALLS[command][0](aws, folder)
    except ReviewError as fault:
        return 2, str(fault)
    return answer.code, "; ".join([*answer.notes, *answer.unseen])


@pytest.fixture(autouse=True)
def proper(between: ImproperAws, folder: Path) -> None:
    """Let each test begin with proper answers."""
    between.again()
    (folder / "new.json").unlink(missing_ok=True)


@pytest.mark.parametrize("command", CALLS)
def test_each_command_looks_at_what_is_proper(between: ImproperAws, aws: Aws, folder: Path, command: str) -> None:
    code, said = _told(command, aws, folder)
    assert (code, said) == (1 if command == "plan" else 0, said), said
    # An account is asked only once who it is.
    assert set(between.called) == set(CALLS[command][1])


# One of each protocol, and the first call: that all other calls go the same way is tested below.
@pytest.mark.parametrize("operation", ["GetEmailIdentityPolicies", "ListExports", "GetCallerIdentity"])
@pytest.mark.parametrize("kind", IMPROPER)
def test_what_is_no_answer_is_nothing_that_was_looked_at(
    between: ImproperAws, aws: Aws, folder: Path, kind: str, operation: str
) -> None:
    act, word = IMPROPER[kind]
    between.spoiled[operation] = act
    code, said = _told("drift", aws, folder)
    assert (code, word in said) == (2, True), said


@pytest.mark.parametrize(("kind", "operation"), [*product(DRIPS, ["GetEmailIdentityPolicies", "ListExports"])])
def test_an_answer_that_drips_has_an_end(between: ImproperAws, folder: Path, kind: str, operation: str) -> None:
    between.spoiled[operation] = DRIPS[kind]
    code, said = _told("drift", hurried(answer_seconds=0.7), folder)
    assert (code, "Read timeout on endpoint URL" in said) == (2, True), said


@pytest.mark.parametrize(
    ("command", "operation"), [(name, each) for name, (_, operations) in CALLS.items() for each in operations]
)
def test_no_command_takes_a_page_for_an_answer(
    between: ImproperAws, aws: Aws, folder: Path, command: str, operation: str
) -> None:
    between.spoiled[operation] = says(http(200, HTML, "text/html"))
    code, said = _told(command, aws, folder)
    assert (code, "is no answer of AWS: check the network, the proxy" in said) == (2, True), said
    assert not (folder / "new.json").exists()


# The parts that an answer must have; nothing depends on any other part.
NEEDED: Final = {
    "GetCallerIdentity": ["Account", "Arn"],
    "GetEmailIdentityPolicies": ["Policies"],
    "ListEmailIdentities": ["EmailIdentities", "EmailIdentities/0/IdentityName"],
    "DescribeStacks": [
        "Stacks",
        "Stacks/0",
        "Stacks/0/StackId",
        "Stacks/0/StackStatus",
        "Stacks/0/Parameters/0/ParameterKey",
        "Stacks/0/Outputs/0/OutputKey",
        "Stacks/0/Outputs/0/OutputValue",
    ],
    "GetTemplate": ["TemplateBody"],
    "ListStackResources": [
        "StackResourceSummaries",
        "StackResourceSummaries/0/LogicalResourceId",
        "StackResourceSummaries/0/ResourceType",
        "StackResourceSummaries/0/ResourceStatus",
    ],
    "ListExports": ["Exports/0/Name", "Exports/0/Value"],
}
_WRONG: Final[tuple[Any, ...]] = (None, 5, [], {}, "", [[]], {"a": {}}, "login")

_MAY_BE_EMPTY: Final = ("StackResourceSummaries", "OutputValue", "Value")


def _edit(path: tuple[Any, ...], answer: dict[str, Any], **put: Any) -> None:
    """Put another value at a path, or remove what is there."""
    around = reduce(getitem, path[:-1], answer)
    if "value" in put:
        around[path[-1]] = put["value"]
    else:
        del around[path[-1]]


def _parts(operation: str) -> list[tuple[Any, ...]]:
    return list(paths_of(proper_answer(operation)))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_answer_without_what_its_page_has_is_none(between: ImproperAws, aws: Aws, operation: str) -> None:
    parameters = {"GetEmailIdentityPolicies": {"EmailIdentity": IDENTITY}}.get(operation, {"StackName": "Mail"})
    asked = {} if operation in ("GetCallerIdentity", "ListEmailIdentities", "ListExports") else parameters
    missed = {}
    for path in _parts(operation):
        between.edited[operation] = partial(_edit, path)
        try:
            aws.once(SERVICES[operation], operation, **asked)
        except CallError as error:
            missed["/".join(map(str, path))] = str(error)
    assert all(f"{operation}: HTTP 200 " in each for each in missed.values())
    assert list(missed) == NEEDED[operation]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_whatever_an_answer_holds_nothing_breaks(between: ImproperAws, aws: Aws, folder: Path, operation: str) -> None:
    """A wrong value that nobody reads goes unnoticed, and no command ends in a traceback."""
    for path in _parts(operation):
        # XML can express four of these.
        for value in _WRONG if SERVICES[operation] == "sesv2" else _WRONG[-4:]:
            between.again()
            between.edited[operation] = partial(_edit, path, value=value)
            code, said = _told("drift", aws, folder)
            # A list may be empty, and so may a value.
            is_name = "/".join(map(str, path)) in NEEDED[operation] and str(path[-1]) not in _MAY_BE_EMPTY
            assert code in ((2,) if is_name and value in (None, "") else (0, 1, 2)), (path, value, said)
            assert said.isprintable(), said


@pytest.mark.parametrize("operation", ["ListEmailIdentities", "ListStackResources", "ListExports"])
@pytest.mark.parametrize("tokens", [["same"], ["one", "other"]], ids=len)
def test_pages_have_an_end(between: ImproperAws, aws: Aws, folder: Path, operation: str, tokens: list[str]) -> None:
    between.edited[operation] = lambda answer: answer.update(
        NextToken=tokens[between.called.count(operation) % len(tokens)]
    )
    code, said = _told("drift", aws, folder)
    assert (code, "of the answer came twice, so its pages do not end" in said) == (2, True), said
    assert between.called.count(operation) == len(tokens) + 1


def test_pages_that_are_ever_new_have_an_end() -> None:
    tokens = map(str, count())
    with pytest.raises(CallError, match=r"more than 1000 pages"):
        deque(pages(lambda **_: {"NextToken": next(tokens)}), maxlen=0)


def test_a_plan_that_cannot_be_written_whole_leaves_the_one_before(
    between: ImproperAws, aws: Aws, folder: Path, tmp_path: Path
) -> None:
    """The disk gets full half-way: the plan is longer than a file may be."""
    there, hard = resource_limit.getrlimit(resource_limit.RLIMIT_FSIZE)
    out = tmp_path / "plan.json"
    out.write_text("the one before", encoding="utf-8")
    [text] = proper_answer("GetEmailIdentityPolicies")["Policies"].values()
    between.edited["GetEmailIdentityPolicies"] = lambda answer: answer["Policies"].update(
        {f"p{number}": text for number in range(500)}
    )
    resource_limit.setrlimit(resource_limit.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(ReviewError, match=r"plan.json' cannot be written: File too large$"):
            plan(aws, _options("plan", folder / "cdk.out", f"--out={out}"))
    finally:
        resource_limit.setrlimit(resource_limit.RLIMIT_FSIZE, (there, hard))
    assert (out.read_text(encoding="utf-8"), list(tmp_path.iterdir())) == ("the one before", [out])

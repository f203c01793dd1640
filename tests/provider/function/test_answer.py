"""The answer to CloudFormation: delivered once, or the function fails; rows 1 to 10 and 16 to 19 of the fault table."""

import socket
import ssl
import time
from contextlib import closing

import pytest
import trustme

from provider.failures import REASON_LENGTH
from tests.support.cloudformation import answer_place, vouched_by
from tests.support.events import Resource
from tests.support.fake_aws import FakeAws
from tests.support.rows import row

UNDELIVERED = "UndeliveredError: CloudFormation accepted no answer; the log tells each try"
PARTNER = Resource()


@row(1, "the answer's PUT gets 500 once", "tried again, delivered once accepted")
def test_row_01_a_server_error_is_tried_again(aws: FakeAws) -> None:
    aws.answers.script.append(500)
    assert aws.function(PARTNER.create(aws.url)) is None
    assert len(aws.answers.puts) == 2
    assert aws.answers.puts[0].body == aws.answers.puts[1].body
    assert aws.answers.arrived[-1]["Status"] == "SUCCESS"


@row(2, "the answer's PUT gets 500 for ever", "bounded tries with the same body, then the function fails")
def test_row_02_tries_are_bounded(aws: FakeAws) -> None:
    aws.answers.always = 500
    with aws.another_function(hurried=True) as function:
        assert function(PARTNER.create(aws.url)) == UNDELIVERED
    assert len(aws.answers.puts) == 8
    assert len({put.body for put in aws.answers.puts}) == 1
    assert aws.answers.arrived[0]["Status"] == "SUCCESS"


@pytest.mark.parametrize("status", [400, 403, 404])
@row(3, "the answer's PUT gets 403: the URL has expired", "stops at once, fails, logs without the query")
def test_row_03_a_refusal_is_final(aws: FakeAws, status: int) -> None:
    aws.answers.always = status
    assert aws.function(PARTNER.create(aws.url)) == UNDELIVERED
    assert len(aws.answers.puts) == 1
    assert f"HTTP {status}" in aws.function.text
    assert "SECRET" not in aws.function.text


@pytest.mark.parametrize("status", [301, 307])
@row(4, "the answer's PUT is redirected", "not taken for success; the function fails")
def test_row_04_a_redirection_is_no_success(aws: FakeAws, status: int) -> None:
    aws.answers.always = status
    assert aws.function(PARTNER.create(aws.url)) == UNDELIVERED
    assert len(aws.answers.puts) == 1


@row(5, "the answer's host refuses connections, or has no address", "bounded tries, then the function fails")
@pytest.mark.parametrize("host", ["localhost:{free_port}", "nowhere.invalid"])
def test_row_05_nobody_listens(aws: FakeAws, host: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        free_port = free.getsockname()[1]
    url = f"https://{host.format(free_port=free_port)}/answer?X-Amz-Signature=SECRET"
    with aws.another_function(hurried=True) as function:
        assert function(PARTNER.create(url)) == UNDELIVERED
        tries = [line["tries"] for line in function.log_lines if line["event"] == "answer not accepted"]
        assert tries == list(range(1, 9))


@row(6, "the answer's host accepts and never answers", "every try has its own limit; bounded, then the function fails")
def test_row_06_a_silent_host(aws: FakeAws) -> None:
    aws.answers.always = "hang"
    # This answer needs no call to SES, so all of the little time that is left can be spent on sending it.
    event = PARTNER.create(aws.url, PolicyName="no such name")
    started = time.monotonic()
    assert aws.function(event, seconds=7) == UNDELIVERED
    assert 4 < time.monotonic() - started < 30
    assert "no answer within" in aws.function.text


@row(7, "the connection breaks in the middle of the answer", "tried again")
def test_row_07_a_reset_is_tried_again(aws: FakeAws) -> None:
    aws.answers.script.append("reset")
    assert aws.function(PARTNER.create(aws.url)) is None
    assert [answer["Status"] for answer in aws.answers.arrived] == ["SUCCESS", "SUCCESS"]
    assert aws.calls == ["Create", "Update"]


@row(8, "the answer's host shows a certificate that nobody vouches for", "refused; never sends; the function fails")
def test_row_08_a_bad_certificate(aws: FakeAws) -> None:
    with answer_place(vouched_by(trustme.CA())) as stranger:
        assert aws.function(PARTNER.create(stranger.response_url())) == UNDELIVERED
        assert stranger.puts == []
    assert "untrusted certificate" in aws.function.text


@row(
    9,
    "a plain http answer URL",
    "refused in production",
    note="there is no flag that allows it: the emulator answers over TLS, so nothing needs one",
)
def test_row_09_plain_http(aws: FakeAws) -> None:
    event = PARTNER.create("http://localhost:1/answer?X-Amz-Signature=SECRET")
    assert aws.function(event) == ("MalformedEventError: ResponseURL is no https address: only https is answered")
    assert aws.calls == []


@row(10, "an answer URL with a port, an odd path and %7C in it", "exact path and query are kept")
def test_row_10_the_exact_url(aws: FakeAws) -> None:
    path = "arn%3Aaws%3A%7C/a%2Fb//c;d"
    aws.handle(PARTNER.create(aws.answers.response_url(path=path)))
    assert aws.answers.puts[0].path == f"/{path}?X-Amz-Signature=SECRET&X-Amz-Expires=7200"
    assert aws.answers.puts[0].headers["content-type"] == ""


@row(16, "the function raises without a message", "a Reason that is not empty")
def test_row_16_a_reason_in_any_case(aws: FakeAws) -> None:
    # The endpoint's name contains the region's name, and no endpoint can have this one.
    event = PARTNER.create(aws.url) | {
        "StackId": "arn:aws:cloudformation:-:111111111111:stack/Mail/0a1b2c3d",
    }
    answer = aws.handle(event)
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith("Crashed: InvalidRegionError")
    assert "trace" in {key for line in aws.hurried.log_lines for key in line}


@row(17, "a very long error", "a body of at most 4,096 bytes, its code first")
def test_row_17_a_long_reason_keeps_its_head(aws: FakeAws) -> None:
    statements = [{"Effect": "Perhaps" * 100} for _ in range(30)]
    answer = aws.handle(PARTNER.create(aws.url, Policy={"Statement": statements}))
    assert answer["Reason"].startswith("InvalidDeclaration: Policy: statement 0 has no Principal")
    assert answer["Reason"].endswith("… (whole in the log)")
    assert len(answer["Reason"]) == REASON_LENGTH
    whole = next(line["reason"] for line in aws.hurried.log_lines if line["event"] == "declared wrongly")
    assert "statement 29 has no Resource" in whole


@row(
    18,
    "Data that is too large or no JSON",
    "the ids are kept, Data dropped",
    note="Data is three strings of the wire, none longer than 320 characters: only the size can go wrong",
)
def test_row_18_a_large_answer_keeps_its_ids(aws: FakeAws) -> None:
    local = "\N{SNOWMAN}" * 64
    domain = ".".join(["d" * 60] * 4)
    identity = f"{local}@{domain}"
    aws.ses.add_identity(identity)
    policy = {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "222222222222"},
                "Action": "ses:SendEmail",
                "Resource": f"arn:aws:ses:eu-west-1:111111111111:identity/{identity}",
            }
        ]
    }
    event = PARTNER.create(aws.url, EmailIdentity=identity, Policy=policy) | {"RequestId": "r" * 3100}
    answer = aws.handle(event)
    assert (answer["Status"], answer["Data"]) == ("SUCCESS", {})
    assert answer["PhysicalResourceId"].startswith(f"{identity}|partner|")


def test_crhelper_logs_nothing_of_its_own(aws: FakeAws) -> None:
    aws.handle(PARTNER.create(aws.url))
    assert [line for line in aws.hurried.log if not line.startswith("{")] == []


def test_the_answer_place_speaks_tls_only(aws: FakeAws) -> None:
    """The answer place of the tests uses real TLS: a client that does not trust its certificate cannot answer there."""
    host, port = aws.answers.url.removeprefix("https://").split(":")
    with (
        socket.create_connection((host, int(port)), timeout=5) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        ssl.create_default_context().wrap_socket(plain, server_hostname=host)

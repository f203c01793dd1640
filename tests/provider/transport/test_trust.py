"""Which certificates are accepted: those of the few authorities read first, and of all others in the bundle."""

import ssl
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme

from provider.connect import Limit
from provider.transport import Connection, HttpsRequest, UnsentError
from provider.trust import Trust, few_of
from tests.provider.transport.raw import http, says, wire
from tests.support.cloudformation import vouched_by

GET = HttpsRequest("GET", "/", {}, b"")
AWS, ANOTHER = (trustme.CA(organization_name=name) for name in ("Amazon", "Another"))
BUNDLE = ANOTHER.cert_pem.bytes() + AWS.cert_pem.bytes()


def trust(folder: Path, bundle: bytes = BUNDLE) -> Trust:
    """Return the function's `Trust` for a bundle."""
    (folder / "bundle.pem").write_bytes(bundle)

    def make(few: bytes) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(None if few else folder / "bundle.pem", cadata=few or None)
        return context

    return Trust(make, bundle)


def status(context: ssl.SSLContext, trusts: Trust, times: int = 1) -> tuple[int, int]:
    """Return a server's last status, and how many connections were made; it has this certificate."""
    with wire(says(http(200)), context) as made:
        for _ in range(times):
            with closing(Connection("localhost", urlsplit(made.url).port or 0, trusts)) as to:
                answer = to.exchange(GET, Limit.of(30), 9)
        return answer.status, made.connections


def test_who_is_vouched_for_by_aws_is_accepted_at_once(tmp_path: Path) -> None:
    assert status(vouched_by(AWS), trust(tmp_path), 2) == (200, 2)


def test_who_is_vouched_for_by_another_is_accepted_and_then_at_once(tmp_path: Path) -> None:
    assert status(vouched_by(ANOTHER), trust(tmp_path), 2) == (200, 3)


@pytest.mark.parametrize("name", ["Amazon", "Another"])
def test_who_only_has_the_name_of_an_authority_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsentError, match="untrusted certificate"):
        status(vouched_by(trustme.CA(organization_name=name)), trust(tmp_path))


@pytest.mark.parametrize("authority", [AWS, ANOTHER], ids=["AWS", "another"])
def test_who_has_another_host_s_certificate_is_refused(tmp_path: Path, authority: trustme.CA) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("elsewhere.example").configure_cert(context)
    with pytest.raises(UnsentError, match="untrusted certificate: Hostname mismatch"):
        status(context, trust(tmp_path))


def test_of_a_bundle_the_few_are_those_of_aws() -> None:
    assert few_of(BUNDLE) == ssl.PEM_cert_to_DER_cert(AWS.cert_pem.bytes().decode())
    assert few_of(b"# Amazon\n" + ANOTHER.cert_pem.bytes()) == b""


@pytest.mark.parametrize("more", ["X509 CRL", "TRUSTED CERTIFICATE"])
def test_a_bundle_that_says_more_than_whom_to_trust_is_read_as_a_whole(more: str) -> None:
    assert few_of(BUNDLE + f"-----BEGIN {more}-----\nAAAA\n-----END {more}-----\n".encode()) == b""


def test_what_is_malformed_is_openssl_s_to_judge(tmp_path: Path) -> None:
    """OpenSSL refuses the whole file, and says so."""
    strange = b"-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n"
    with pytest.raises(UnsentError, match="PEM"):
        status(vouched_by(AWS), trust(tmp_path, strange + BUNDLE))

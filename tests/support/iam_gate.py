"""A proxy to SES that asks IAM about each call of the function, because ministack lets every role do everything."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from botocore import xform_name
from botocore.exceptions import ClientError

from emulator import Emulator

_PATH = re.compile(r"/v2/email/identities/([^/]+)/policies(?:/([^/]+))?")
_OPERATIONS = {
    "GET": "GetEmailIdentityPolicies",
    "POST": "CreateEmailIdentityPolicy",
    "PUT": "UpdateEmailIdentityPolicy",
    "DELETE": "DeleteEmailIdentityPolicy",
}


@dataclass(frozen=True)
class Asked:
    """A call, and what IAM said about it.

    :param operation: for instance `GetEmailIdentityPolicies`.
    :param identity: the identity of its policies.
    :param allowed: whether the role was allowed to make it.
    :param role_policies: the names of the role's policies then.
    """

    operation: str
    identity: str
    allowed: bool
    role_policies: tuple[str, ...]


@dataclass
class IamGate:
    """The proxy.

    :param aws: the AWS behind it.
    :param stack: the stack whose function calls; it must have exactly one role of a function.
    :param url: its address, for the function's `AWS_ENDPOINT_URL_SESV2`.
    """

    aws: Emulator
    stack: str
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    """All calls, in the order of their arrival."""

    @property
    def denied(self) -> set[tuple[str, str]]:
        """The operations that were denied, each with its identity."""
        return {(each.operation, each.identity) for each in self.asked if not each.allowed}

    @property
    def role_policies(self) -> list[str]:
        """The names of the role's policies now."""
        found: list[str] = self.aws.client("iam").list_role_policies(RoleName=self._role["RoleName"])["PolicyNames"]
        return sorted(found)

    @property
    def _role(self) -> dict[str, Any]:
        roles = self.aws.client("iam").list_roles()["Roles"]
        [role] = [
            each
            for each in roles
            if each["RoleName"].startswith(f"{self.stack}-")
            and "lambda.amazonaws.com" in json.dumps(each["AssumeRolePolicyDocument"])
        ]
        return dict(role)

    def serve(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Return the response to a call: a denial, or what SES says."""
        found = _PATH.fullmatch(path)
        assert found, f"{method} {path} is none of the function's four calls"
        identity, operation = unquote(found[1]), _OPERATIONS[method]
        place = self.aws.place
        arn = f"arn:aws:ses:{place.region}:{place.account}:identity/{identity}"
        role = self._role
        [result] = self.aws.client("iam").simulate_principal_policy(
            PolicySourceArn=role["Arn"], ActionNames=[f"ses:{operation}"], ResourceArns=[arn]
        )["EvaluationResults"]
        allowed = result["EvalDecision"] == "allowed"
        self.asked.append(Asked(operation, identity, allowed, tuple(self.role_policies)))
        if not allowed:
            said = (
                f"User: arn:aws:sts::{place.account}:assumed-role/{role['RoleName']}/function is not authorized to "
                f"perform: ses:{operation} on resource: {arn} because no identity-based policy allows the "
                f"ses:{operation} action"
            )
            return _refused(HTTPStatus.FORBIDDEN, "AccessDeniedException", said)
        names = {"PolicyName": unquote(found[2])} if found[2] else {}
        policy = {"Policy": json.loads(body)["Policy"]} if body else {}
        try:
            call = getattr(self.aws.client("sesv2"), xform_name(operation))
            done = call(EmailIdentity=identity, **names, **policy)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            return _refused(status, error.response["Error"]["Code"], error.response["Error"]["Message"])
        given = {name: value for name, value in done.items() if name != "ResponseMetadata"}
        return HTTPStatus.OK, {}, json.dumps(given).encode()


def _refused(status: int, code: str, message: str) -> tuple[int, dict[str, str], bytes]:
    return status, {"x-amzn-ErrorType": code}, json.dumps({"message": message}).encode()


@contextmanager
def iam_gate(aws: Emulator, stack: str) -> Iterator[IamGate]:
    """Run a proxy to the SES of `aws` for the function of `stack`."""
    gate = IamGate(aws, stack)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_call(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, said = gate.serve(self.command, self.path, body)
            self.send_response(status)
            for name, value in (
                {"Content-Type": "application/json", "Content-Length": str(len(said))} | headers
            ).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = do_PUT = do_DELETE = handle_call  # noqa: N815 - http.server's

        def log_message(self, *arguments: object) -> None:
            """Log nothing: the tests read `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    gate.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield gate
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

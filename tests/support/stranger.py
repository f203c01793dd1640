"""Another user of the machine, who asks a local AWS for this and that. Run by its path.

It reads from standard input, as JSON, which `uid` to become, or null to stay who it is; the `credentials`; the
addresses `endpoint` and `ses`; the `paths`, asked without a signature; and the `calls`, made by boto3 with the
credentials. It writes the status of each to standard output, and the uid that it had then.
"""

import json
import os
import ssl
import sys
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

import boto3
import botocore.config
import botocore.exceptions
import urllib3

# A stranger has no file of this AWS, and no reason to trust its certificate.
urllib3.disable_warnings()
NOBODY_S = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
NOBODY_S.check_hostname = False
NOBODY_S.verify_mode = ssl.CERT_NONE


def status(url: str, method: str, path: str, headers: dict[str, str], body: str | None) -> int:
    """Return the status of an unsigned request."""
    address = urlsplit(url)
    host, port = str(address.hostname), address.port
    connection = (
        HTTPSConnection(host, port, timeout=60, context=NOBODY_S)
        if address.scheme == "https"
        else HTTPConnection(host, port, timeout=60)
    )
    try:
        connection.request(method, path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def clients(asked: dict[str, Any]) -> dict[str, Any]:
    """Return a client of each service that is called."""
    session = boto3.session.Session(**asked["credentials"], region_name="eu-west-1")
    return {
        service: session.client(
            service,
            endpoint_url=asked["ses"] if service == "sesv2" else asked["endpoint"],
            verify=False,
            config=botocore.config.Config(proxies={}, retries={"total_max_attempts": 1}),
        )
        for service, _, _ in asked["calls"]
    }


def called(client: Any, operation: str, arguments: dict[str, Any]) -> int:
    """Return the status of a call."""
    try:
        answer = getattr(client, operation)(**arguments)
    except botocore.exceptions.ClientError as error:
        answer = error.response
    code: int = answer["ResponseMetadata"]["HTTPStatusCode"]
    return code


def main() -> None:
    """Become the other user, ask, and tell."""
    asked = json.load(sys.stdin)
    ours = clients(asked)
    # What botocore loads with the first call lies where another user may not read.
    if asked["uid"] is not None:
        for service, operation, arguments in asked["calls"]:
            called(ours[service], operation, arguments)
            ours[service].close()
        os.setgroups([])
        os.setgid(asked["uid"])
        os.setuid(asked["uid"])
    told = {
        "uid": os.getuid(),
        "paths": [status(asked[server], *rest) for server, *rest in asked["paths"]],
        "calls": [called(ours[service], operation, arguments) for service, operation, arguments in asked["calls"]],
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()

"""Sends requests to a local AWS as another user of the machine. Run by its path.

It reads JSON from standard input: `uid`, the user to become, or null to stay the same; the `credentials`; the
addresses `endpoint` and `ses`; the `paths`, requested without a signature; and the `calls`, made by boto3 with the
credentials. It writes the status of each to standard output as JSON, with its uid then.
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

# Another user has no file of this AWS, and does not trust its certificate.
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
    """Return a client for each service that is called."""
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
    """Become the other user, send the requests, and write what came back."""
    asked = json.load(sys.stdin)
    ours = clients(asked)
    # Make each call once before, because another user may not be allowed to read what botocore loads at a first call.
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

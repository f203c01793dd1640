"""Makes boto3's clients, so that they start fast on little CPU and no call goes on after the answer is sent.

A client sends through `provider.sender` in place of botocore's own transport, which limits each wait, but not the whole
call: a server that sends a byte now and then, or that has several dead addresses, can cause any number of waits.

`provider.sender` and `provider.shortcuts` use names of botocore that a later Lambda runtime may not have any more. If
one is gone, the client is made as boto3 makes it, and the log says so.
"""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from provider.json_log import JsonLog

if TYPE_CHECKING:
    from provider.sender import Sender

IsProper = Callable[[str, bytes], bool]
"""Tells whether a body can be the service's response to a request with this HTTP method."""


class NotSentError(BotoCoreError):  # type: ignore[misc]  # botocore ships no types
    """A call of which nothing was sent, so that it cannot have been carried out."""

    fmt = "{error}"


class NoAnswerError(BotoCoreError):  # type: ignore[misc]  # botocore ships no types
    """A call that may have been carried out, but that got no valid response."""

    fmt = "{error}"


def is_json(_method: str, body: bytes) -> bool:
    """Return whether a response body is a JSON object, as a service with a JSON protocol sends."""
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


def is_xml(_method: str, body: bytes) -> bool:
    """Return whether a response body is XML, as a service with an XML protocol sends."""
    try:
        ET.fromstring(body)  # noqa: S314 - botocore parses it the same way, and its size has a limit
    except (ET.ParseError, ValueError, LookupError, RecursionError):
        return False
    return True


_senders: "Final[list[Sender]]" = []


def client(service: str, region: str, config: Config, is_proper: IsProper | None = None) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    """Return boto3's client for `service` in the function's own account.

    A call takes at most the connect and read timeouts of `config` together. It raises `NotSentError` or `NoAnswerError`
    if no valid response comes back.

    :param is_proper: see `IsProper`. Default: - a body in the service's format, JSON or XML, is accepted.
    """
    session = botocore.session.get_session()
    try:
        made = _made(session, service, region, config)
    except Exception as error:  # noqa: BLE001 - whatever it is, plain boto3 works without the shortcuts, or raises too
        session = botocore.session.get_session()
        made = boto3.Session(botocore_session=session).client(service, region_name=region, config=config)
        _tell(service, error)
    try:
        _send(made, session, config, is_proper)
    except Exception as error:  # noqa: BLE001 - whatever it is, the client still has botocore's own transport
        _tell(service, error)
    return made


def _made(session: Any, service: str, region: str, config: Config) -> Any:  # noqa: ANN401 - botocore ships no types
    """Return a client made with the shortcuts of `provider.shortcuts`."""
    from provider.shortcuts import Known  # noqa: PLC0415 - if it fails, `client` logs that

    if not session.get_config_variable("data_path"):
        is_usual = not any(map(session.get_config_variable, ("use_fips_endpoint", "use_dualstack_endpoint")))
        session.register_component("data_loader", Known(service, region if is_usual else ""))
    return boto3.Session(botocore_session=session).client(service, region_name=region, config=config)


def _send(made: Any, session: Any, config: Config, is_proper: IsProper | None) -> None:  # noqa: ANN401 - botocore ships no types
    """Make the client send its requests through a `Sender` of its own."""
    from provider.sender import Sender  # noqa: PLC0415 - if it fails, `client` logs that

    model = made.meta.service_model
    is_error = is_json if "json" in model.metadata["protocol"] else is_xml
    seconds = config.connect_timeout + config.read_timeout
    sender = Sender(seconds, is_error, is_proper or is_error, session.get_config_variable("ca_bundle"))
    for event, act in (("before-call", sender.begin), ("before-send", sender.send)):
        made.meta.events.register(f"{event}.{model.service_id.hyphenize()}", act)
    _senders.append(sender)


def _tell(service: str, error: Exception) -> None:
    log = JsonLog()
    said = f"{service}: {type(error).__name__}: {error}"
    log.write("botocore is another one, goes on as boto3 does", error=said)


def hang_up() -> None:
    """Close every connection: Lambda may freeze the function for hours, and an open one may be dead after that."""
    for sender in _senders:
        sender.close()

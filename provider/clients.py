"""boto3's clients, made for a function that has little processor time, and that must not outlast its answer.

What a client sends goes through `provider.sender` in place of botocore's own transport: each wait of that one has a
limit, but a server that says a byte now and then, or has several dead addresses, makes as many waits as it likes.

What is done in another way than boto3's leans on names of botocore that a runtime of tomorrow may have no more. Then
it is done in boto3's way, and the log says so.
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
"""Tells whether a body may be that of an answer, given HTTP's method."""


class NotSentError(BotoCoreError):  # type: ignore[misc]  # botocore ships no types
    """A call that never left the machine."""

    fmt = "{error}"


class NoAnswerError(BotoCoreError):  # type: ignore[misc]  # botocore ships no types
    """A call that may have been carried out: no proper answer came."""

    fmt = "{error}"


def is_json(_method: str, body: bytes) -> bool:
    """Return whether an answer is one that a service of JSON gives."""
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


def is_xml(_method: str, body: bytes) -> bool:
    """Return whether an answer is one that a service of XML gives."""
    try:
        ET.fromstring(body)  # noqa: S314 - botocore parses it the same way, and its size has a limit
    except (ET.ParseError, ValueError, LookupError, RecursionError):
        return False
    return True


_senders: "Final[list[Sender]]" = []


def client(service: str, region: str, config: Config, is_proper: IsProper | None = None) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    """Return boto3's client for `service` in the function's own account.

    A call takes no longer than the two limits of `config` together. It raises `NotSentError` or `NoAnswerError` where
    nothing proper comes back.

    :param is_proper: see `IsProper`. Default: - the service's format is looked at.
    """
    session = botocore.session.get_session()
    try:
        made = _made(session, service, region, config)
    except Exception as error:  # noqa: BLE001 - whatever it is, boto3 alone does without, or raises it once more
        session = botocore.session.get_session()
        made = boto3.Session(botocore_session=session).client(service, region_name=region, config=config)
        _tell(service, error)
    try:
        _send(made, session, config, is_proper)
    except Exception as error:  # noqa: BLE001 - whatever it is, botocore's own transport is there
        _tell(service, error)
    return made


def _made(session: Any, service: str, region: str, config: Config) -> Any:  # noqa: ANN401 - botocore ships no types
    """Return the client, made by way of the shortcuts."""
    from provider.shortcuts import Known  # noqa: PLC0415 - its failure is told, see above

    if not session.get_config_variable("data_path"):
        is_usual = not any(map(session.get_config_variable, ("use_fips_endpoint", "use_dualstack_endpoint")))
        session.register_component("data_loader", Known(service, region if is_usual else ""))
    return boto3.Session(botocore_session=session).client(service, region_name=region, config=config)


def _send(made: Any, session: Any, config: Config, is_proper: IsProper | None) -> None:  # noqa: ANN401 - botocore ships no types
    """Let what the client sends go through a sender of its own."""
    from provider.sender import Sender  # noqa: PLC0415 - its failure is told, see above

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
    """End each connection: a function may be frozen for hours, and nothing of it should be halfway then."""
    for sender in _senders:
        sender.close()

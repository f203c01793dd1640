"""Compares where the function's clients send their calls, and how they sign them, with plain boto3's clients.

It runs by itself, with any botocore: `python endpoints.py FOLDER`, with the asset's folder, and after it, if wanted,
some services and settings, or `some` for one region of each partition. It prints each difference on a line, and last
how many cases were compared.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import boto3
import botocore.session
from botocore.config import Config

CALLS: Final = {
    "sesv2": ("get_email_identity_policies", {"EmailIdentity": "example.com"}),
    "cloudformation": ("describe_stacks", {"StackName": "Mail"}),
    "logs": ("describe_log_groups", {}),
    "sns": ("list_topics", {}),
}
# What an operator may have set. `{}` stands for a folder with `_FILES`.
SETTINGS: Final[dict[str, dict[str, str]]] = {
    "usual": {},
    "fips": {"AWS_USE_FIPS_ENDPOINT": "true"},
    "dualstack": {"AWS_USE_DUALSTACK_ENDPOINT": "true"},
    "both": {"AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true"},
    "url": {"AWS_ENDPOINT_URL": "https://all.example:1234"},
    "url-fips": {"AWS_ENDPOINT_URL_SESV2": "https://ses.example", "AWS_USE_FIPS_ENDPOINT": "true"},
    "file": {"AWS_CONFIG_FILE": "{}/variants"},
    "file-url": {"AWS_CONFIG_FILE": "{}/urls"},
    "data": {"AWS_DATA_PATH": "{}"},
}
_FILES: Final = {
    "variants": "[default]\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\n",
    "urls": "[default]\nservices = here\n[services here]\nsesv2 =\n  endpoint_url = https://ses.example\n",
}
_UNKNOWN: Final = ("eu-nowhere-9", "cn-nowhere-9", "us-gov-nowhere-9", "mars-east-1", "elsewhere", "eu-west-1-fips")
_CONFIG: Final = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 1, "mode": "standard"})


class SentError(Exception):
    """Raised instead of sending a call."""


def _known() -> dict[str, Any]:
    """Return endpoints.json, botocore's large file."""
    data: dict[str, Any] = botocore.session.get_session().get_component("data_loader").load_data("endpoints")
    return data


def regions(*, some: bool) -> list[str]:
    """Return the names of all regions and pseudo regions that botocore knows, and some that it does not."""
    loader = botocore.session.get_session().get_component("data_loader")
    partitions = [each["regions"].keys() for each in loader.load_data("partitions")["partitions"]]
    if some:
        return ["us-gov-east-1-fips", "fips-us-east-1", _UNKNOWN[0], *(min(names) for names in partitions if names)]
    found = set(_UNKNOWN).union(*partitions)
    for partition in _known()["partitions"]:
        services = [partition["services"].get(name, {"endpoints": {}}) for name in ("email", *CALLS)]
        found |= partition["regions"].keys() | {name for each in services for name in each["endpoints"]}
    return sorted(found)


def told(make: Callable[[], Any], service: str) -> Any:
    """Return what a client's call would be, or the error that prevents it."""
    seen: list[Any] = []

    def stop(request: Any, **_: object) -> None:
        signature = request.headers.get("Authorization", b"").decode().partition("/")[2].partition(",")[0]
        # Without the day, which may change meanwhile.
        seen.append([request.url, signature.split("/")[1:]])
        raise SentError

    try:
        client = make()
        client.meta.events.register_first(f"before-send.{client.meta.service_model.service_id.hyphenize()}", stop)
        operation, arguments = CALLS[service]
        getattr(client, operation)(**arguments)
    except SentError:
        return [*seen, client.meta.endpoint_url, client.meta.region_name, client.meta.partition]
    except Exception as error:  # noqa: BLE001 - whatever boto3 says, the function's client has to say too
        return [type(error).__name__, str(error)]
    raise RuntimeError("a call that was not sent, and did not fail")


def compared(services: list[str], settings: list[str], folder: str, *, some: bool) -> Iterator[tuple[str, Any, Any]]:
    """Yield each case, with what plain boto3 does and what the function does; `folder` takes files."""
    from provider.clients import client  # noqa: PLC0415 - from the asset's folder

    known, names = _known(), regions(some=some)
    for partition in known["partitions"]:
        partition["dnsSuffix"] = f"own.{partition['dnsSuffix']}"
    for name, text in (_FILES | {"endpoints.json": json.dumps(known)}).items():
        Path(folder, name).write_text(text, encoding="utf-8")
    for setting in settings:
        set_now = {name: value.format(folder) for name, value in SETTINGS[setting].items()}
        os.environ |= set_now
        # One session for all, because it keeps what it has read.
        session = boto3.Session()
        for service, region in product(services, names):
            plain = told(partial(session.client, service, region_name=region, config=_CONFIG), service)
            yield f"{service} {region} {setting}", plain, told(partial(client, service, region, _CONFIG), service)
        for name in set_now:
            del os.environ[name]


def main() -> None:
    """Compare everything, or what the arguments name."""
    asset, *asked = sys.argv[1:]
    sys.path.insert(0, asset)
    os.environ |= {"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "B"}
    services = [each for each in CALLS if each in asked] or list(CALLS)
    settings = [each for each in SETTINGS if each in asked] or list(SETTINGS)
    counted = {"compared": 0, "different": 0, "sent": 0}
    with TemporaryDirectory() as folder:
        for case, plain, ours in compared(services, settings, folder, some="some" in asked):
            counted["compared"] += 1
            counted["sent"] += isinstance(plain[0], list)
            if plain != ours:
                counted["different"] += 1
                sys.stdout.write(f"{case}: plain {plain}, ours {ours}\n")
    sys.stdout.write(json.dumps(counted | {"botocore": botocore.__version__}) + "\n")


if __name__ == "__main__":
    main()

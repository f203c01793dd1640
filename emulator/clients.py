"""boto3 clients of the local AWS, which ignore the user's environment variables, configuration files and proxies."""

import os
from typing import Any, Final

import boto3
import botocore.config
import botocore.loaders
import botocore.session

from emulator.account_region import AccountRegion

# Settings that botocore would otherwise read from the environment or the home directory.
_NOBODYS: Final = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
    "ca_bundle": (None, None, None, None),
}
# Shared by all clients of a process, because reading the models from disk is slow and tests make hundreds of clients.
_MODELS: Final = botocore.loaders.create_loader()


def client(
    service: str,
    place: AccountRegion,
    secret: str,
    url: str,
    authority: str | None = None,
    **config: Any,  # noqa: ANN401 - botocore checks them
) -> Any:  # noqa: ANN401 - boto3 makes its classes at run time
    """Return a boto3 client that signs as the account of `place`, in its region; `config` is a botocore `Config`."""
    session = botocore.session.Session(session_vars=_NOBODYS)
    session.register_component("data_loader", _MODELS)
    return boto3.session.Session(
        aws_access_key_id=place.account,
        aws_secret_access_key=secret,
        region_name=place.region,
        botocore_session=session,
    ).client(
        service,
        endpoint_url=url,
        verify=authority,
        # With an empty mapping, unlike None, botocore ignores the proxies of the environment too.
        config=botocore.config.Config(proxies={}, **config),
    )

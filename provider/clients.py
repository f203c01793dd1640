"""boto3's clients, made for a function that has little processor time: Lambda gives it by memory."""

from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.loaders import Loader


class _OneService(Loader):  # type: ignore[misc]  # botocore ships no types
    """Finds the model of a service whose name is known.

    botocore's own looks at the folders of all its services first, some four hundred, and twice for a client: that is a
    quarter of what a client costs.

    :param service: as `sesv2`.
    :param paths: where models are, beside botocore's own.
    """

    def __init__(self, service: str, paths: str | None) -> None:
        super().__init__(paths)
        self._service = service

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - botocore's own signature
        return [self._service]


def client(service: str, region: str, config: Config) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    """Return boto3's client for `service` in the function's own account."""
    session = botocore.session.get_session()
    session.register_component("data_loader", _OneService(service, session.get_config_variable("data_path")))
    return boto3.Session(botocore_session=session).client(service, region_name=region, config=config)

"""Makes boto3's clients faster to create: botocore loads only the files of the one service and region in use."""

import os
import re
from typing import Any

from botocore.loaders import Loader


class Known(Loader):  # type: ignore[misc]  # botocore ships no types
    """A botocore loader that knows the one service in use, and takes its region's partition from a small file.

    botocore's own loader lists the folders of all services, some four hundred, twice for each client. And it parses
    1.25 MB of `endpoints.json`. The endpoint itself comes from the rules beside the service's model, and all that these
    need of that file is also in `partitions.json`, of 7 KB.

    :param service: the service's name, as `sesv2`.
    :param region: the region's name, as `eu-west-1`; if empty, `endpoints.json` is read.
    """

    def __init__(self, service: str, region: str) -> None:
        super().__init__()
        self._service = service
        # A user's own folder of models may have an `endpoints.json` too: with such a folder, read that file as usual.
        self._region = "" if os.path.isdir(self.CUSTOMER_DATA_PATH) else region  # noqa: PTH112 - pathlib is slow to import

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - botocore's own signature
        """Return the one service, without looking at the folders."""
        return [self._service]

    def load_data_with_path(self, name: str) -> tuple[Any, str]:
        """Return the content of a botocore data file, and its folder."""
        if name == "endpoints":
            for each in self.load_data("partitions")["partitions"]:
                if re.match(each["regionRegex"], self._region):
                    return {"partitions": [_partition(each)]}, self.BUILTIN_DATA_PATH
        found: tuple[Any, str] = super().load_data_with_path(name)
        return found


def _partition(known: dict[str, Any]) -> dict[str, Any]:
    """Return a partition in the format of `endpoints.json`, without its services and regions."""
    return {
        "partition": known["id"],
        "dnsSuffix": known["outputs"]["dnsSuffix"],
        "regionRegex": known["regionRegex"],
        "regions": {},
        "services": {},
        "defaults": {
            "hostname": "{service}.{region}.{dnsSuffix}",
            "protocols": ["https"],
            "signatureVersions": ["v4"],
        },
    }

"""What botocore would look for among all that it has of AWS, where the function knows what it wants."""

import os
import re
from typing import Any

from botocore.loaders import Loader


class Known(Loader):  # type: ignore[misc]  # botocore ships no types
    """Finds the model of a service whose name is known, and where it is in a region whose name is like others.

    botocore's own looks at the folders of all its services first, some four hundred, and twice for a client; and it
    parses 1.25 MB of what is particular about each service in each region. What a call goes to is for the rules beside
    the service's model to say; of that file they need nothing that is not in another one, of 7 KB.

    :param service: as `sesv2`.
    :param region: as `eu-west-1`; empty for the large file.
    """

    def __init__(self, service: str, region: str) -> None:
        super().__init__()
        self._service = service
        # Whoever has models in a folder of their own may have such a file there too.
        self._region = "" if os.path.isdir(self.CUSTOMER_DATA_PATH) else region  # noqa: PTH112 - pathlib takes its time to load

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - botocore's own signature
        """Return the one service."""
        return [self._service]

    def load_data_with_path(self, name: str) -> tuple[Any, str]:
        """Return what a file of botocore has, and where that is."""
        if name == "endpoints":
            for each in self.load_data("partitions")["partitions"]:
                if re.match(each["regionRegex"], self._region):
                    return {"partitions": [_partition(each)]}, self.BUILTIN_DATA_PATH
        found: tuple[Any, str] = super().load_data_with_path(name)
        return found


def _partition(known: dict[str, Any]) -> dict[str, Any]:
    """Return a partition as the large file has it, without what is particular about services and regions."""
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

"""The control API of the strict SES, under `/_ses/`: tests in another process read and change its state there."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

from emulator.account_region import AccountRegion
from emulator.faults import ScriptedFault
from emulator.identities import MemoryIdentities
from emulator.messages import HttpRequest, HttpResponse, answer
from emulator.service import PolicyService
from emulator.store import StoredPolicy

PREFIX: Final = "/_ses/"


class Control:
    """Answers the requests under `/_ses/`.

    | request | does |
    | --- | --- |
    | `GET policies` | lists all policies: account, region, identity, name, document |
    | `PUT policies` | adds a policy without checks, as if it had been made by hand long ago |
    | `GET calls`, `DELETE calls` | lists the log of calls; clears it |
    | `GET settings`, `PUT settings` | shows the settings; changes those that are named |
    | `GET faults`, `POST faults`, `DELETE faults` | tells how many are left; adds one or a list; removes all |
    | `PUT identities`, `DELETE identities` | creates or removes an identity, if identities are held in memory |
    | `POST stop` | asks the process that runs this SES to end |
    """

    def __init__(self, service: PolicyService, memory: MemoryIdentities | None, stop: Callable[[], None]) -> None:
        self._memory = memory
        self._routes: dict[str, Callable[[Any], Any]] = {
            "GET policies": lambda _: [asdict(policy) for policy in service.policies()],
            "PUT policies": lambda value: service.seed(StoredPolicy(**value)),
            "GET calls": lambda _: [asdict(call) for call in service.log.calls()],
            "DELETE calls": lambda _: service.log.clear(),
            "GET settings": lambda _: asdict(service.settings),
            "PUT settings": service.change,
            "GET faults": lambda _: {"left": service.script.left()},
            "POST faults": lambda value: service.script.add(_faults(value)),
            "DELETE faults": lambda _: service.script.clear(),
            "PUT identities": lambda value: self._held().add(*_named(value)),
            "DELETE identities": lambda value: self._held().remove(*_named(value)),
            "POST stop": lambda _: stop(),
        }

    def serve(self, request: HttpRequest) -> HttpResponse:
        """Answer one request. The answer to a wrong request says what is wrong with it."""
        asked = f"{request.method} {request.target.removeprefix(PREFIX)}"
        if asked not in self._routes:
            return answer({"message": f"{asked!r} must be one of {', '.join(self._routes)}"}, 404)
        try:
            return answer(self._routes[asked](json.loads(request.body or b"null")))
        except (ValueError, TypeError, KeyError) as error:
            return answer({"message": f"{asked}: {error}"}, 400)

    def _held(self) -> MemoryIdentities:
        if self._memory is None:
            raise ValueError("identities are upstream's, make them there with CreateEmailIdentity")
        return self._memory


def _faults(value: Any) -> list[ScriptedFault]:  # noqa: ANN401 - JSON
    return [ScriptedFault(**fault) for fault in (value if isinstance(value, list) else [value])]


def _named(value: Mapping[str, str]) -> tuple[str, AccountRegion | None]:
    everywhere = "account" not in value and "region" not in value
    return value["identity"], None if everywhere else AccountRegion(value["account"], value["region"])

"""Settings of the strict SES: a switch for each point where AWS's documentation is unclear or reports contradict it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Literal, get_args

from emulator.quota import Quota

UpdateMissing = Literal["not-found", "upsert", "no-op"]
DeleteMissing = Literal["not-found", "ok"]
CreateWhenFull = Literal["already-exists", "limit-exceeded"]
NameCase = Literal["another", "same"]
NameUnicode = Literal["not-found", "bad-request"]

MAX_STALE_SECONDS: Final = 60
"""The most seconds that a read may be stale. Earlier states of policies are kept for this time."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the strict SES behaves where it is not known how the real SES does.

    :param update_missing: what an Update of a missing policy does. "This API returns successfully even if a policy with
        the specified name does not exist"
        (https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_UpdateEmailIdentityPolicy.html) may mean that it
        is created or that nothing happens; a report has a 404 (https://github.com/floci-io/floci/pull/1750).
    :param delete_missing: what a Delete of a missing policy does: AWS has the same sentence, and the report a 404.
    :param create_when_full: which of two refusals a Create of an existing name gets if the identity has 20 policies.
    :param drops_id: whether a document is kept without its `Id`, which is optional and has no effect.
    :param stale_seconds: how stale reads are: a read shows the policies as they were this many seconds ago. AWS says
        nothing about it; reads of other services were seen to be 1 to 2.7 s behind.
    :param canonical: whether a read returns documents as `canonical` rewrites them, and `Effect` is taken in any case.
    :param name_case: whether a domain in capitals is another identity than in lower case. "Domain names are
        case-insensitive. If you verify example.com, you can send from EXAMPLE.com also"
        (https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html) is about sending only.
    :param name_unicode: whether a name that is not ASCII is looked up like others, or refused. AWS says only of the
        addresses that a mail goes to that non-ASCII characters "must be encoded using Punycode"
        (https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Destination.html).
    :param quota: how many calls are allowed; None for any number.
    """

    update_missing: UpdateMissing = "not-found"
    delete_missing: DeleteMissing = "not-found"
    create_when_full: CreateWhenFull = "already-exists"
    drops_id: bool = False
    stale_seconds: float = 0.0
    canonical: bool = False
    name_case: NameCase = "another"
    name_unicode: NameUnicode = "not-found"
    quota: Quota | None = None

    def __post_init__(self) -> None:
        for name, allowed in (
            ("update_missing", get_args(UpdateMissing)),
            ("delete_missing", get_args(DeleteMissing)),
            ("create_when_full", get_args(CreateWhenFull)),
            ("drops_id", (False, True)),
            ("canonical", (False, True)),
            ("name_case", get_args(NameCase)),
            ("name_unicode", get_args(NameUnicode)),
        ):
            if getattr(self, name) not in allowed:
                raise ValueError(
                    f"setting {name} {getattr(self, name)!r} must be one of {', '.join(map(repr, allowed))}"
                )
        stale = self.stale_seconds
        if not isinstance(stale, int | float) or not 0 <= stale <= MAX_STALE_SECONDS:
            raise ValueError(f"setting stale_seconds {stale!r} must be a number from 0 to {MAX_STALE_SECONDS}")

    def changed(self, values: Mapping[str, Any]) -> "Settings":
        """Return a copy of the settings, changed by `values`; the quota may be a mapping, as in JSON."""
        known = {field.name for field in fields(self)}
        if unknown := sorted(set(values) - known):
            raise ValueError(f"setting {unknown[0]!r} is unknown, it must be one of {', '.join(sorted(known))}")
        quota = values.get("quota", self.quota)
        given = {name: getattr(self, name) for name in known} | dict(values)
        return Settings(**(given | {"quota": Quota(**quota) if isinstance(quota, Mapping) else quota}))

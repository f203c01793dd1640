"""The random parts of a history: declarations, and faults of SES."""

from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st

from emulator.faults import ScriptedFault
from tests.support.events import Resource, document, statement
from tests.support.kept import Properties

# Few, so that the resources often declare the same policy.
PLACES: Final = [("example.com", "partner"), ("example.com", "other"), ("other.example", "partner")]
NAMES: Final = ["A", "B"]

# The second one means the same as the first.
PRINCIPALS: Final[list[Any]] = ["222222222222", ["arn:aws:iam::222222222222:root"], "333333333333"]


def policy(principal: Any, identity: str) -> dict[str, Any]:
    """Return a document; a principal in a list comes with another Sid and other spellings of the actions."""
    other_words = (
        {"Sid": "Else", "Action": ["SES:sendrawemail", "ses:SendEmail"]} if isinstance(principal, list) else {}
    )
    return document(statement(principal, identity, **other_words))


@dataclass(frozen=True)
class Declares:
    """What a resource declares, in short, because Hypothesis prints it."""

    place: tuple[str, str]
    principal: Any
    when_exists: str
    on_delete: str

    @property
    def properties(self) -> Properties:
        """The same as the properties of an event."""
        identity, name = self.place
        return Resource().properties(
            EmailIdentity=identity,
            PolicyName=name,
            Policy=policy(self.principal, identity),
            WhenExists=self.when_exists,
            OnDelete=self.on_delete,
        )


_DENIED: Final[dict[str, Any]] = {
    "status": 403,
    "code": "AccessDeniedException",
    # As long as IAM's own message.
    "message": "User: arn:aws:sts::111111111111:assumed-role/Mail-ProviderRole-1Q2W3E4R/Mail-Provider-5T6Z7U8I is not "
    "authorized to perform: ses:UpdateEmailIdentityPolicy on resource: arn:aws:ses:eu-west-1:111111111111:identity/"
    "example.com because no identity-based policy allows the ses:UpdateEmailIdentityPolicy action",
}

declarations = st.builds(
    Declares,
    st.sampled_from(PLACES),
    st.sampled_from(PRINCIPALS),
    st.sampled_from(["FAIL", "ADOPT", "OVERWRITE"]),
    # The last one is invalid.
    st.sampled_from([*["DELETE", "RELEASE"] * 4, "KEEP"]),
)
templates = st.dictionaries(st.sampled_from(NAMES), declarations, max_size=2)
places = st.sampled_from(PLACES)
faults = st.builds(
    lambda kind, operation, times: ScriptedFault(**kind, operation=operation, times=times),
    st.sampled_from(
        [
            {"ending": "refusal", "status": 400, "code": "BadRequestException"},
            {"ending": "refusal", "status": 400, "code": "BadRequestException", "message": "Invalid principal"},
            {"ending": "refusal"} | _DENIED,
            {"ending": "refusal", "status": 429, "code": "TooManyRequestsException"},
            {"ending": "refusal", "status": 500},
            {"ending": "refusal", "status": 503, "applied": True},
            {"ending": "reset"},
            {"ending": "reset", "applied": True},
        ]
    ),
    st.sampled_from(
        [None, *(f"{verb}EmailIdentityPolicy" for verb in ("Create", "Update", "Delete")), "GetEmailIdentityPolicies"]
    ),
    # The last one outlasts every retry.
    st.sampled_from([1, 1, 1, 2, 3, 150]),
)
# A rename that is denied halfway, and cannot be undone either: independent draws would hardly ever give that.
_HALF_A_RENAME: Final = [
    ScriptedFault("refusal", operation="UpdateEmailIdentityPolicy", times=150, **_DENIED),
    ScriptedFault("refusal", operation="DeleteEmailIdentityPolicy", status=400, code="BadRequestException"),
]
troubles = st.one_of(st.lists(faults, min_size=1, max_size=3), st.just(_HALF_A_RENAME))
"""One to three faults, or half a rename, for the next calls."""

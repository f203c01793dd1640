"""What is drawn at random for a history: declarations, and what goes wrong at SES."""

from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st

from emulator.faults import ScriptedFault
from tests.support.events import Resource, document, statement
from tests.support.kept import Properties

# So few that they meet.
PLACES: Final = [("example.com", "partner"), ("example.com", "other"), ("other.example", "partner")]
NAMES: Final = ["A", "B"]

# The second one says the same as the first.
PRINCIPALS: Final[list[Any]] = ["222222222222", ["arn:aws:iam::222222222222:root"], "333333333333"]


def policy(principal: Any, identity: str) -> dict[str, Any]:
    """Return a document; a principal in a list comes with other words for the same."""
    other_words = (
        {"Sid": "Else", "Action": ["SES:sendrawemail", "ses:SendEmail"]} if isinstance(principal, list) else {}
    )
    return document(statement(principal, identity, **other_words))


@dataclass(frozen=True)
class Declares:
    """What one resource declares, in few words: hypothesis prints it."""

    place: tuple[str, str]
    principal: Any
    when_exists: str
    on_delete: str

    @property
    def properties(self) -> Properties:
        """As CloudFormation carries it."""
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
    # As long as IAM words it.
    "message": "User: arn:aws:sts::111111111111:assumed-role/Mail-ProviderRole-1Q2W3E4R/Mail-Provider-5T6Z7U8I is not "
    "authorized to perform: ses:UpdateEmailIdentityPolicy on resource: arn:aws:ses:eu-west-1:111111111111:identity/"
    "example.com because no identity-based policy allows the ses:UpdateEmailIdentityPolicy action",
}

declarations = st.builds(
    Declares,
    st.sampled_from(PLACES),
    st.sampled_from(PRINCIPALS),
    st.sampled_from(["FAIL", "ADOPT", "OVERWRITE"]),
    # Nobody can read the last one.
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
    # The last one is more than anybody's patience.
    st.sampled_from([1, 1, 1, 2, 3, 150]),
)
# A rename that is denied half way, and cannot be taken back either: three draws would hardly ever meet so.
_HALF_A_RENAME: Final = [
    ScriptedFault("refusal", operation="UpdateEmailIdentityPolicy", times=150, **_DENIED),
    ScriptedFault("refusal", operation="DeleteEmailIdentityPolicy", status=400, code="BadRequestException"),
]
troubles = st.one_of(st.lists(faults, min_size=1, max_size=3), st.just(_HALF_A_RENAME))
"""Some faults for the next calls."""

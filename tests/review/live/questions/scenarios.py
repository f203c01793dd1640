"""Ten changes that a reader judges by the output of `diff` or `plan`; questions and key are in this folder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tests.review.diffed import policy
from tests.review.live.every_state import ACCOUNT, REGION, statement

AGENCY: Final = "222222222222"
PARTNER: Final = "333333333333"
PRINTER: Final = "444444444444"
DOMAIN: Final = "example.com"


@dataclass(frozen=True, slots=True)
class Held:
    """A policy that SES holds.

    :param identity: its identity.
    :param name: its name.
    :param statements: its statements.
    :param owner: the logical id of its resource in stack Mail, if it has one.
    :param marker: its `Id`, if that is somebody else's.
    """

    identity: str
    name: str
    statements: Sequence[Any]
    owner: str = ""
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A change of stack Mail, in the account 111111111111 and eu-west-1.

    :param command: `diff` or `plan`.
    :param form: the output format.
    :param before: the stack's resources before the change; for `plan`, the deployed ones.
    :param after: the stack's resources after the change.
    :param parameters: the parameters of the template after the change.
    :param held: what SES holds, for `plan`.
    """

    command: str
    form: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    held: Sequence[Held] = ()


def _denied(identity: str, *accounts: str, address: str) -> Any:
    arns = [f"arn:aws:iam::{each}:root" for each in accounts]
    return statement(identity, address=address, Effect="Deny", Principal={"AWS": arns})


def _both(identity: str) -> Any:
    return statement(identity, Principal={"AWS": [f"arn:aws:iam::{each}:root" for each in (AGENCY, PARTNER)]})


def _everybody(**elements: Any) -> Any:
    return statement(DOMAIN, Principal="*", **elements)


_weekly = policy(statement(DOMAIN, AGENCY, "weekly@example.com"), name="agency")
_news = statement("news.example.com", PARTNER, "*@news.example.com")
_guarded = policy(_both(DOMAIN), _denied(DOMAIN, AGENCY, PARTNER, address="ceo@example.com"), name="partners")

NEW_PARTNER: Final = Scenario(
    "diff",
    "text",
    before={"Agency": _weekly},
    after={
        "Agency": _weekly,
        "Partner": policy(statement(DOMAIN, PARTNER, "news-*@example.com"), name="partner"),
    },
)

DENY_GOES: Final = Scenario(
    "diff",
    "text",
    before={
        "Team": policy(statement(DOMAIN, AGENCY), _denied(DOMAIN, AGENCY, address="ceo@example.com"), name="team"),
        "Newsletter": policy(_news, name="newsletter", identity="news.example.com"),
    },
    after={
        "Team": policy(statement(DOMAIN, AGENCY), name="team"),
        "Newsletter": policy(
            statement("news.example.com", PARTNER, "weekly@news.example.com"),
            name="newsletter",
            identity="news.example.com",
        ),
    },
)

ORGANIZATION: Final = Scenario(
    "diff",
    "markdown",
    before={
        "Relay": policy(_everybody(), name="relay"),
        "Invoices": policy(
            statement("billing.example.com", PRINTER, "invoice@billing.example.com"),
            name="invoices",
            identity="billing.example.com",
        ),
    },
    after={
        "Relay": policy(_everybody(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}), name="relay"),
        "Invoices": policy(
            statement("billing.example.com", PRINTER, "reminder@billing.example.com"),
            name="invoices",
            identity="billing.example.com",
        ),
    },
)

ADDRESS_OVER_DOMAIN: Final = Scenario(
    "diff",
    "text",
    before={"Partners": _guarded},
    after={
        "Partners": _guarded,
        "Assistant": policy(
            statement("ceo@example.com", PARTNER),
            name="assistant",
            identity="ceo@example.com",
        ),
    },
)

KNOWN_AT_DEPLOY: Final = Scenario(
    "diff",
    "markdown",
    before={"Agency": _weekly},
    after={
        "Agency": _weekly,
        "Partner": policy(
            statement(
                DOMAIN,
                address="news@example.com",
                Principal={"AWS": {"Fn::Join": ["", ["arn:aws:iam::", {"Ref": "PartnerAccount"}, ":root"]]}},
            ),
            name="partner",
        ),
    },
    parameters={"PartnerAccount": {"Type": "String"}},
)

_SIGN_IN: Final = "signin.questions.example"
_steady = statement(_SIGN_IN, AGENCY, f"help@{_SIGN_IN}")
_pool = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/eu-west-1_Ab1Cd2Ef3"

SIGN_IN: Final = Scenario(
    "plan",
    "text",
    before={"Partner": policy(_steady, name="partner", identity=_SIGN_IN)},
    after={
        "Partner": policy(_steady, name="partner", identity=_SIGN_IN),
        "SignIn": policy(
            statement(
                _SIGN_IN,
                Principal={"Service": "email.cognito-idp.amazonaws.com"},
                Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": _pool}},
            ),
            name="sign-in",
            identity=_SIGN_IN,
        ),
    },
    held=[Held(_SIGN_IN, "partner", [_steady], owner="Partner")],
)

_TAKEN: Final = "taken.questions.example"

TAKEN: Final = Scenario(
    "plan",
    "markdown",
    before={},
    after={
        "Newsletter": policy(statement(_TAKEN, AGENCY), name="newsletter", identity=_TAKEN),
        "Partner": policy(
            statement(_TAKEN, PARTNER, f"*@{_TAKEN}"), name="partner", identity=_TAKEN, WhenExists="ADOPT"
        ),
    },
    held=[
        Held(_TAKEN, "newsletter", [statement(_TAKEN, PRINTER)], marker=f"Shop/Newsletter/{16 * '0'}"),
        # The same policy in other words, written by hand.
        Held(
            _TAKEN,
            "partner",
            [statement(_TAKEN, PARTNER, f"*@{_TAKEN}") | {"Sid": "Partner", "Principal": {"AWS": [PARTNER]}}],
        ),
    ],
)

_LEGACY: Final = "legacy.questions.example"
_FULL: Final = "full.questions.example"

REFUSED: Final = Scenario(
    "plan",
    "text",
    before={},
    after={
        "Legacy": policy(
            statement(_LEGACY, PARTNER, f"orders@{_LEGACY}"), name="legacy", identity=_LEGACY, WhenExists="ADOPT"
        ),
        "OneMore": policy(statement(_FULL, AGENCY, f"help@{_FULL}"), name="one-more", identity=_FULL),
    },
    held=[
        Held(_LEGACY, "legacy", [statement(_LEGACY, PARTNER, f"*@{_LEGACY}")]),
        *(Held(_FULL, f"p{number}", [statement(_FULL, PRINTER)]) for number in range(20)),
    ],
)

_RENAMED: Final = "renamed.questions.example"
_moved = statement(_RENAMED, AGENCY, f"news@{_RENAMED}")

RENAMED: Final = Scenario(
    "plan",
    "text",
    before={
        "Partner": policy(_moved, name="partner", identity=_RENAMED),
        "Newsletter": policy(statement(_RENAMED, PARTNER), name="newsletter", identity=_RENAMED),
    },
    after={
        "Partner": policy(_moved, name="partner-news", identity=_RENAMED),
        "Newsletter": policy(
            statement(_RENAMED, PARTNER),
            statement(_RENAMED, PRINTER, f"invoice@{_RENAMED}"),
            name="newsletter",
            identity=_RENAMED,
        ),
    },
    held=[
        Held(_RENAMED, "partner", [_moved], owner="Partner"),
        # Narrowed by hand since it was deployed.
        Held(_RENAMED, "newsletter", [statement(_RENAMED, PARTNER, f"weekly@{_RENAMED}")], owner="Newsletter"),
    ],
)

_REMOVED: Final = "removed.questions.example"
_kept = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
_stays = statement(_REMOVED, AGENCY, f"news@{_REMOVED}")

REMOVED: Final = Scenario(
    "plan",
    "markdown",
    before={
        "Agency": policy(_stays, name="agency", identity=_REMOVED),
        "Partner": policy(statement(_REMOVED, PARTNER), name="partner", identity=_REMOVED),
        "Archive": policy(
            statement(_REMOVED, PRINTER, f"archive@{_REMOVED}"), name="archive", identity=_REMOVED, **_kept
        ),
    },
    after={"Agency": policy(_stays, name="agency", identity=_REMOVED)},
    held=[
        Held(_REMOVED, "agency", [_stays], owner="Agency"),
        Held(_REMOVED, "partner", [statement(_REMOVED, PARTNER)], owner="Partner"),
        Held(_REMOVED, "archive", [statement(_REMOVED, PRINTER, f"archive@{_REMOVED}")], owner="Archive"),
    ],
)

SCENARIOS: Final[Mapping[str, Scenario]] = {
    "new-partner": NEW_PARTNER,
    "deny-goes": DENY_GOES,
    "organization": ORGANIZATION,
    "address-over-domain": ADDRESS_OVER_DOMAIN,
    "known-at-deploy": KNOWN_AT_DEPLOY,
    "sign-in": SIGN_IN,
    "taken": TAKEN,
    "refused": REFUSED,
    "renamed": RENAMED,
    "removed": REMOVED,
}
"""Each scenario by its name, in the order of the questions."""

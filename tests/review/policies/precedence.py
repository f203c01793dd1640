"""What a policy of an address does to those of its domain: the address's policies take precedence.

https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-identity-owner-tasks-policy.html; and of subdomains,
https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html.
"""

from tests.review.policies.cases import (
    OWNER,
    Change,
    Check,
    Policy,
    allow,
    deny,
    found,
    of,
    on,
    silent,
)
from tests.review.policies.versions import LESS, MORE, ONE, SAME, THREE

BOB, EVE = ({"AWS": f"arn:aws:iam::{OWNER}:user/{name}"} for name in ("bob", "eve"))
CEO, NEWSROOM = "ceo@example.com", "news.example.com"


DOMAIN_DENIES_BOB = on("example.com", deny(BOB))
DOMAIN_GRANTS = on("example.com", allow(ONE, of("*@example.com")))
_HIDDEN = "for mail from the address its own policy counts, and the domain's does not"


def _on_if(policy: Policy) -> Policy:
    return Policy(policy.statements, policy.on, policy.name, policy.version, {"Condition": "IsProd"})


_SWITCH = {
    "Parameters": {"Stage": {"Type": "String"}},
    "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
}

_PLACES: list[tuple[str, str, tuple[str, ...], tuple[Policy, ...], tuple[Policy, ...]]] = [
    (
        "an address's own Deny beside its domain's",
        _HIDDEN,
        MORE,
        (DOMAIN_DENIES_BOB,),
        (DOMAIN_DENIES_BOB, on(CEO, deny(THREE))),
    ),
    (
        "an address's Allow beside its domain's Deny",
        _HIDDEN,
        MORE,
        (on("example.com", deny(ONE)),),
        (on("example.com", deny(ONE)), on(CEO, allow(ONE))),
    ),
    (
        "an address's Allow to another beside the domain's Deny of one",
        _HIDDEN,
        MORE,
        (DOMAIN_DENIES_BOB,),
        (DOMAIN_DENIES_BOB, on(CEO, allow(EVE))),
    ),
    (
        "an address's Deny is gone, and the domain grants",
        "the domain's policy counts again",
        MORE,
        (DOMAIN_GRANTS, on(CEO, deny(ONE))),
        (DOMAIN_GRANTS,),
    ),
    (
        "an address's grant is gone, and the domain grants another",
        "the domain's policy counts again",
        MORE,
        (DOMAIN_GRANTS, on(CEO, allow(THREE))),
        (DOMAIN_GRANTS,),
    ),
    (
        "the domain's Deny of one that the address hides elsewhere",
        "all other addresses of the domain are free",
        MORE,
        (DOMAIN_DENIES_BOB, on(CEO, deny(BOB))),
        (on(CEO, deny(BOB)),),
    ),
    (
        "the same Deny on domain and address",
        "the address's own says the same",
        SAME,
        (DOMAIN_DENIES_BOB, on(CEO, deny(BOB), name="a")),
        (DOMAIN_DENIES_BOB, on(CEO, deny(BOB), name="b")),
    ),
    (
        "a Deny on an address of another domain",
        "it hides nothing of this one's",
        LESS,
        (DOMAIN_DENIES_BOB,),
        (DOMAIN_DENIES_BOB, on("ceo@example.org", deny(EVE))),
    ),
    (
        "a Deny on another domain",
        "two domains have nothing in common",
        LESS,
        (DOMAIN_DENIES_BOB,),
        (DOMAIN_DENIES_BOB, on("example.org", deny(EVE))),
    ),
    (
        "a grant moves from the one domain to the other",
        "two domains have nothing in common",
        ("broadened",),
        (on("example.com", allow(ONE, of("news@*"))), on("example.org", allow(THREE, of("news@*")))),
        (on("example.com", allow(THREE, of("news@*"))), on("example.org", allow(ONE, of("news@*")))),
    ),
    (
        "a subdomain's own policy beside its domain's Deny",
        "a subdomain's settings come before its domain's",
        MORE,
        (DOMAIN_DENIES_BOB,),
        (DOMAIN_DENIES_BOB, on(NEWSROOM, deny(EVE))),
    ),
    (
        "a subdomain's Deny is gone, and the domain grants",
        "the domain's policy counts again",
        MORE,
        (on("example.com", allow(ONE)), on(NEWSROOM, deny(ONE))),
        (on("example.com", allow(ONE)),),
    ),
    (
        "a subdomain's grant beside its domain's Deny",
        "the caller says which identity is meant",
        MORE,
        (on("example.com", deny(ONE)),),
        (on("example.com", deny(ONE)), on(NEWSROOM, allow(ONE))),
    ),
]

PRECEDENCE: list[Change] = [
    *(Change(name, why, before, after, verdicts) for name, why, verdicts, before, after in _PLACES),
    *(
        Change(name, why, before, after, MORE, around=(_SWITCH, _SWITCH))
        for name, why, before, after in (
            (
                "an address's Deny becomes conditional, and the domain grants",
                "where it is not deployed, the domain's policy counts",
                (DOMAIN_GRANTS, on(CEO, deny(ONE))),
                (DOMAIN_GRANTS, _on_if(on(CEO, deny(ONE)))),
            ),
            (
                "an address's grant becomes conditional, and the domain grants another",
                "where it is not deployed, the domain's policy counts",
                (DOMAIN_GRANTS, on(CEO, allow(THREE))),
                (DOMAIN_GRANTS, _on_if(on(CEO, allow(THREE)))),
            ),
            (
                "an address's Deny is no longer conditional, and the domain denies",
                "where it was not deployed, the domain's policy counted",
                (DOMAIN_DENIES_BOB, _on_if(on(CEO, deny(EVE)))),
                (DOMAIN_DENIES_BOB, on(CEO, deny(EVE))),
            ),
            (
                "the domain's Deny becomes conditional",
                "where it is not deployed, nothing denies",
                (DOMAIN_DENIES_BOB,),
                (_on_if(DOMAIN_DENIES_BOB),),
            ),
        )
    ),
]

HIDING: list[Check] = [
    found("SES103", "a Deny of an address beside its domain's", _HIDDEN, DOMAIN_DENIES_BOB, on(CEO, deny(EVE))),
    found(
        "SES103",
        "an Allow of an address beside its domain's Deny",
        _HIDDEN,
        on("example.com", deny(ONE)),
        on(CEO, allow(ONE)),
    ),
    found(
        "SES103",
        "a Deny of another address of a subdomain",
        _HIDDEN,
        on(NEWSROOM, deny(BOB)),
        on("ceo@news.example.com", deny(EVE)),
    ),
    silent(
        "SES103",
        "an address of another domain",
        "it is not that domain's",
        DOMAIN_DENIES_BOB,
        on("ceo@example.org", allow(ONE)),
    ),
    silent("SES103", "an address alone", "no domain has a policy", on(CEO, allow(ONE))),
    silent(
        "SES103", "two policies of one address", "they add up", on(CEO, allow(ONE)), on(CEO, deny(THREE), name="guard")
    ),
]

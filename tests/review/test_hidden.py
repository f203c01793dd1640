"""What `explain` says of a domain's grants if one of its addresses or subdomains has a policy of its own.

"Sending authorization policies that you attach to email address identities take precedence over policies that you
attach to their corresponding domain identities."
https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-identity-owner-tasks-policy.html
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.review.apps import app
from tests.review.policies.cases import Policy, account, allow, deny, of, on, when
from tests.review.policies.playing import played
from tests.review.templates import template, write
from tests.review.test_schemas import names_of_nothing
from tests.support.outline import outline

ONE = account("222222222222")
DOMAIN = on("example.com", allow(ONE))
SENTENCE = "account 222222222222 may send as any address of example.com"
DENIAL = "account 222222222222 may not send with ses:SendEmail and ses:SendRawEmail as any address of example.com"
EIGHT = " or ".join(f"{each}@example.com" for each in "abcdefgh")
CEO = on("ceo@example.com", allow(ONE))
NEWS = on("news.example.com", allow(ONE))
DEEP = on("a@news.example.com", allow(ONE))
OWN = "whose own policy decides"
PERHAPS = "whose own policy may decide"


def perhaps(policy: Policy, *, otherwise: bool = False) -> dict[str, Any]:
    """Return the resource of a policy that exists if IsProd is true."""
    return policy.resource() | {"Condition": "IsTest" if otherwise else "IsProd"}


def written(*policies: Policy | dict[str, Any]) -> dict[str, Any]:
    """Return a template of policies, with conditions that only the deploy decides."""
    resources = {
        f"P{number}": each.resource() if isinstance(each, Policy) else each for number, each in enumerate(policies)
    }
    is_prod = {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}
    return template(**resources) | {
        "Parameters": {"Stage": {"Type": "String"}},
        "Conditions": {"IsProd": is_prod, "IsTest": {"Fn::Not": [is_prod]}},
    }


# The policies, and what is said of the first.
TOLD: dict[str, tuple[list[Policy | dict[str, Any]], str]] = {
    "no other": ([DOMAIN], SENTENCE),
    "an address": ([DOMAIN, CEO], f"{SENTENCE}, except as ceo@example.com {OWN}"),
    "an address in another case": (
        [DOMAIN, on("ceo@EXAMPLE.com", allow(ONE))],
        f"{SENTENCE}, except as ceo@example.com {OWN}",
    ),
    "a subdomain": ([DOMAIN, NEWS], f"{SENTENCE}, except as any address of news.example.com {OWN}"),
    "two": (
        [DOMAIN, NEWS, CEO],
        f"{SENTENCE}, except as any address of news.example.com or ceo@example.com whose own policies decide",
    ),
    "an address of a subdomain": ([DOMAIN, DEEP], f"{SENTENCE}, except as a@news.example.com {OWN}"),
    "an address of a subdomain that has one": (
        [DOMAIN, NEWS, DEEP],
        f"{SENTENCE}, except as any address of news.example.com {OWN}",
    ),
    "of a subdomain itself": (
        [NEWS, DEEP, DOMAIN],
        f"account 222222222222 may send as any address of news.example.com, except as a@news.example.com {OWN}",
    ),
    "an address perhaps": ([DOMAIN, perhaps(CEO)], f"{SENTENCE}, except perhaps as ceo@example.com {PERHAPS}"),
    "an address perhaps and for sure": (
        [DOMAIN, perhaps(CEO), on("ceo@example.com", allow(ONE), name="other")],
        f"{SENTENCE}, except as ceo@example.com {OWN}",
    ),
    "an address of a subdomain that may have one": (
        [DOMAIN, perhaps(NEWS), DEEP],
        f"{SENTENCE}, except as a@news.example.com {OWN}, except perhaps as any address of news.example.com {PERHAPS}",
    ),
    "a denial": (
        [on("example.com", deny(ONE)), CEO],
        f"{DENIAL}, except as ceo@example.com {OWN}",
    ),
    "a grant that reaches the address": (
        [on("example.com", allow(ONE, of("c*@example.com"))), CEO],
        f"account 222222222222 may send as c*@example.com, except as ceo@example.com {OWN}",
    ),
    "more than a person reads": (
        [DOMAIN, *(on(f"{each}@example.com", allow(ONE)) for each in "abcdefghij")],
        f"{SENTENCE}, except as {EIGHT} or 2 more whose own policies decide",
    ),
    "a grant that reaches a part of the subdomain": (
        [on("example.com", allow(ONE, of("*@*.example.com"))), NEWS],
        f"account 222222222222 may send as *@*.example.com, except as any address of news.example.com {OWN}",
    ),
    "a grant to whoever is not another": (
        [on("example.com", allow(ONE, when("StringNotLike", "ses:FromAddress", "a*"))), CEO],
        f"{SENTENCE} but a*, except as ceo@example.com {OWN}",
    ),
    "a grant of an address that the deploy knows": (
        [on("example.com", allow(ONE, of({"Ref": "Sender"}))), CEO],
        f"account 222222222222 may send as ${{Sender}}, except as ceo@example.com {OWN}",
    ),
    "a grant that does not reach the address": (
        [on("example.com", allow(ONE, of("news@example.com"))), CEO],
        "account 222222222222 may send as news@example.com",
    ),
    "a grant of one address": (
        [on("example.com", allow(ONE, of("ceo@Example.com"))), CEO],
        f"account 222222222222 may send as ceo@Example.com, except as ceo@example.com {OWN}",
    ),
    "a grant of one address with a label": (
        [on("example.com", allow(ONE, of("ceo+x@example.com"))), CEO],
        f"account 222222222222 may send as ceo+x@example.com, except as ceo@example.com {OWN}",
    ),
    "a grant of one address of the subdomain": (
        [on("example.com", allow(ONE, of("a@b.news.example.com"))), NEWS],
        f"account 222222222222 may send as a@b.news.example.com, except as any address of news.example.com {OWN}",
    ),
    "a grant of the address at any domain": (
        [on("example.com", allow(ONE, of("ceo@*"))), CEO],
        f"account 222222222222 may send as ceo@*, except as ceo@example.com {OWN}",
    ),
    "a grant in any case": (
        [on("example.com", allow(ONE, when("StringEqualsIgnoreCase", "ses:FromAddress", "CEO@example.com"))), CEO],
        f"account 222222222222 may send as ceo@example.com in any case, except as ceo@example.com {OWN}",
    ),
    "a grant of another case": (
        [on("example.com", allow(ONE, of("CEO@example.com"))), CEO],
        "account 222222222222 may send as CEO@example.com",
    ),
    "a grant of another pattern": (
        [on("example.com", allow(ONE, of("news*@example.com"))), CEO],
        "account 222222222222 may send as news*@example.com",
    ),
    "a grant that does not reach the subdomain": (
        [on("example.com", allow(ONE, of("*@example.com"))), NEWS],
        "account 222222222222 may send as *@example.com",
    ),
    "who manages the domain": (
        [on("example.com", allow(ONE, Action="ses:DeleteEmailIdentity")), CEO],
        "account 222222222222 may call ses:DeleteEmailIdentity as any address of example.com",
    ),
    "an address of its own": ([CEO, DOMAIN], "account 222222222222 may send as ceo@example.com"),
    "another domain's address": ([DOMAIN, on("ceo@example.org", allow(ONE))], SENTENCE),
    "a domain that only ends alike": ([DOMAIN, on("myexample.com", allow(ONE))], SENTENCE),
}


def explained(*paths: Path, form: str = "json") -> str:
    return played("explain", f"--format={form}", *map(str, paths))


def said(written: str, identity: str) -> list[str]:
    """Return the sentences of an identity."""
    policies = json.loads(written)["policies"]
    return [grant["sentence"] for each in policies if each["identity"] == identity for grant in each["grants"]]


@pytest.mark.parametrize(("policies", "sentence"), TOLD.values(), ids=TOLD)
def test_a_grant_says_as_whom_it_does_not_hold(tmp_path: Path, policies: Any, sentence: str) -> None:
    report = explained(write(tmp_path / "mail.json", written(*policies)))
    assert said(report, policies[0].on) == [sentence]
    assert names_of_nothing("explain", json.loads(report)) == []


def test_json_names_them(tmp_path: Path) -> None:
    report = json.loads(explained(write(tmp_path / "mail.json", written(DOMAIN, perhaps(NEWS), CEO))))
    found = {each["identity"]: grant["hidden_for"] for each in report["policies"] for grant in each["grants"]}
    assert found == {
        "example.com": [
            {"identity": "ceo@example.com", "conditional": False},
            {"identity": "news.example.com", "conditional": True},
        ],
        "news.example.com": [],
        "ceo@example.com": [],
    }


@pytest.mark.parametrize("environment", ["aws://333333333333/eu-west-1", "aws://111111111111/us-east-1"])
def test_a_policy_elsewhere_hides_nothing(tmp_path: Path, environment: str) -> None:
    folder = app(tmp_path, Domain=written(DOMAIN), Address=written(CEO))
    assert said(explained(folder), "example.com") == [f"{SENTENCE}, except as ceo@example.com {OWN}"]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["artifacts"]["Address"]["environment"] = environment
    write(folder / "manifest.json", manifest)
    assert said(explained(folder), "example.com") == [SENTENCE]


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("text", f"    - {SENTENCE}, except as\n      ceo@example.com {OWN}\n"),
        ("markdown", "as any address of `example.com`, except as `ceo@example.com` whose own policy decides\n"),
    ],
)
def test_a_person_reads_it(tmp_path: Path, form: str, line: str) -> None:
    assert line in explained(write(tmp_path / "mail.json", written(DOMAIN, CEO)), form=form)


def test_the_page_has_it_on_a_line_of_its_own(tmp_path: Path) -> None:
    page = outline(explained(write(tmp_path / "mail.json", written(DOMAIN, CEO)), form="html"))
    assert f"except as ceo@example.com {OWN}" in [each.text for each in page.all("li")]

"""The review page, one HTML file: who may send as what, the findings, and what a change or deploy does."""

import hashlib
from base64 import b64encode
from importlib.resources import files
from typing import Final

from ses_sending_policy.review.html.changes import changes
from ses_sending_policy.review.html.findings import findings as found
from ses_sending_policy.review.html.identities import anchors, identities
from ses_sending_policy.review.html.markup import Html, element, joined, void
from ses_sending_policy.review.html.page_json import VERSION, DifferenceJson, ExplainedJson, FindingsJson
from ses_sending_policy.review.html.staying import staying
from ses_sending_policy.review.html.steps import steps
from ses_sending_policy.review.html.unread import unread, unread_of
from ses_sending_policy.review.html.verdict import verdict
from ses_sending_policy.rules.errors import SendingPolicyError

_LIMITS: Final = (
    "This page shows what templates declare. What else may send is not on it: policies that were made by hand, and "
    "what IAM allows within the account of an identity."
)

_TITLES: Final = {False: "Who may send as what", True: "What changes in who may send"}


def page(
    explained: ExplainedJson,
    findings: FindingsJson | None = None,
    difference: DifferenceJson | None = None,
    *,
    title: str = "",
    commit: str = "",
    time: str = "",
) -> str:
    """Return an HTML page that needs no network, no script and no other file.

    The same input gives the same page, whatever its order, and no text of the input becomes markup. The page reads no
    clock and no repository.

    :param explained: the JSON of `explain`; with a difference, of the state after it.
    :param findings: the JSON of `check`. Default: - none, and the page says that nothing was checked.
    :param difference: the JSON of `diff` or `plan`. Default: - the page shows one state, without a comparison.
    :param title: for instance the title of a pull request. Default: - the page has a title of its own.
    :param commit: the commit that was reviewed. Default: - none is shown.
    :param time: when it was reviewed. Default: - none is shown.
    :raises SendingPolicyError: if one of the JSONs has a version that this package does not read.
    """
    for name, given in (("explained", explained), ("findings", findings), ("difference", difference)):
        if given is not None and given.get("version") != VERSION:
            raise SendingPolicyError(
                f"{name} of version {given.get('version')!r} cannot be shown, only version {VERSION}: "
                "make them and the page with the same ses-sending-policy"
            )
    policies = explained["policies"]
    missing = unread_of(explained, difference)
    parts = [
        *([unread(missing)] if missing else []),
        *([changes(difference["changes"])] if difference else []),
        *([staying(difference["stays"])] if difference and difference.get("stays") else []),
        *(_planned(difference) if difference else []),
        *([found(findings["findings"], anchors(policies))] if findings else []),
        identities(policies, "Who may send from now on" if difference else "Who may send"),
    ]
    title = title or _TITLES[difference is not None]
    header = element(
        "header",
        element("p", "Review of sending policies", class_="eyebrow"),
        element("h1", title),
        *_origin(commit, time),
        verdict(policies, findings["findings"] if findings else None, difference, missing),
    )
    body = element("body", header, element("main", *parts), element("footer", element("p", _LIMITS)))
    return f"<!doctype html>\n{element('html', _head(title), body, lang='en')}"


def _planned(difference: DifferenceJson) -> list[Html]:
    told, parameters = difference.get("steps", []), difference.get("parameters", [])
    return [steps(told, difference.get("unchanged", []), parameters)] if told or parameters else []


def _origin(commit: str, time: str) -> list[Html]:
    told = [
        *([joined("commit ", element("code", commit))] if commit else []),
        *([element("time", time, datetime=time)] if time else []),
    ]
    return [element("p", *told[:1], *(joined(" · ", each) for each in told[1:]), class_="muted")] if told else []


def _head(title: str) -> Html:
    style = Html(f"\n{files(__package__).joinpath('html', 'page.css').read_text(encoding='utf-8')}")
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    # Even if markup got into the page, a browser would load and run nothing of it.
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return element(
        "head",
        void("meta", charset="utf-8"),
        void("meta", http_equiv="Content-Security-Policy", content=policy),
        void("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", style),
    )

"""The review page, one HTML file: who may send as what, the findings, and what a change or deploy does."""

import hashlib
from base64 import b64encode
from importlib.resources import files
from typing import Final

from ses_sending_policy.review.heading import Heading
from ses_sending_policy.review.html.changes import changes
from ses_sending_policy.review.html.findings import findings as found
from ses_sending_policy.review.html.identities import anchors, identities
from ses_sending_policy.review.html.markup import Html, element, joined, void
from ses_sending_policy.review.html.page_json import DifferenceJson, ExplainedJson, FindingsJson, PlanJson
from ses_sending_policy.review.html.staying import staying
from ses_sending_policy.review.html.steps import plan_of, steps
from ses_sending_policy.review.html.unread import UnreadPartsJson, unread
from ses_sending_policy.review.html.verdict import verdict

_LIMITS: Final = (
    "This page shows what templates declare. What else may send is not on it: policies that were made by hand, and "
    "what IAM allows within the account of an identity."
)

_TITLES: Final = {False: "Who may send as what", True: "What changes in who may send"}


def page(
    explained: ExplainedJson,
    findings: FindingsJson,
    difference: DifferenceJson | PlanJson | None,
    heading: Heading,
) -> str:
    """Return an HTML page that needs no network, no script and no other file.

    The same input gives the same page, whatever its order, and no text of the input becomes markup. The page reads no
    clock and no repository.

    :param explained: the JSON of `explain`; with a difference, of the state after it.
    :param findings: the JSON of `check` for that state.
    :param difference: the JSON of `diff` or `plan`; None for a page of one state.
    :param heading: the title, commit and time at the top of the page.
    """
    policies = explained["policies"]
    missing: UnreadPartsJson = difference["unread"] if difference else explained["unread"]
    parts = [
        *([unread(missing)] if missing else []),
        *([changes(difference["changes"])] if difference else []),
        *([staying(difference["stays"])] if difference and difference["stays"] else []),
        *_planned(plan_of(difference)),
        found(findings["findings"], anchors(policies)),
        identities(policies, "Who may send from now on" if difference else "Who may send"),
    ]
    title = heading.title or _TITLES[difference is not None]
    header = element(
        "header",
        element("p", "Review of sending policies", class_="eyebrow"),
        element("h1", title),
        *_origin(heading),
        verdict(policies, findings["findings"], difference, missing),
    )
    body = element("body", header, element("main", *parts), element("footer", element("p", _LIMITS)))
    return f"<!doctype html>\n{element('html', _head(title), body, lang='en')}"


def _planned(plan: PlanJson | None) -> list[Html]:
    if plan is None or not (plan["steps"] or plan["parameters"]):
        return []
    return [steps(plan["steps"], plan["unchanged"], plan["parameters"])]


def _origin(heading: Heading) -> list[Html]:
    time = heading.time
    told = [
        *([joined("commit ", element("code", heading.commit))] if heading.commit else []),
        *([element("time", time, datetime=time)] if time else []),
    ]
    return [element("p", *told[:1], *(joined(" · ", each) for each in told[1:]), class_="muted")] if told else []


def _head(title: str) -> Html:
    style = Html(f"\n{files(__package__).joinpath('page.css').read_text(encoding='utf-8')}")
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

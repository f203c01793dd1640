"""Writes an explanation, a comparison or a plan as the HTML review page."""

import json

from ses_sending_policy.review.check import CheckResult
from ses_sending_policy.review.check_formats import check_json
from ses_sending_policy.review.comparison import Comparison
from ses_sending_policy.review.comparison_formats import comparison_json
from ses_sending_policy.review.explanation import Explanation
from ses_sending_policy.review.explanation_formats import explanation_json
from ses_sending_policy.review.heading import Heading
from ses_sending_policy.review.page import page

# The page is made from the JSON that users get as well, so it shows nothing that the JSON does not have.


def explanation_html(explanation: Explanation, check: CheckResult, heading: Heading) -> str:
    """Return the page of one state: who may send as what, and the findings."""
    return _page(explanation, check, None, heading)


def comparison_html(comparison: Comparison, explanation: Explanation, check: CheckResult, heading: Heading) -> str:
    """Return the page of a change: what changes, and the state after it."""
    return _page(explanation, check, comparison, heading)


def plan_html(plan: str, explanation: Explanation, check: CheckResult, heading: Heading) -> str:
    """Return the page of a plan: what changes, what the deploy does at SES, and the state after it.

    :param plan: the plan as JSON.
    """
    return page(
        json.loads(explanation_json(explanation)),
        json.loads(check_json(check)),
        json.loads(plan),
        title=heading.title,
        commit=heading.commit,
        time=heading.time,
    )


def _page(explanation: Explanation, check: CheckResult, comparison: Comparison | None, heading: Heading) -> str:
    return page(
        json.loads(explanation_json(explanation)),
        json.loads(check_json(check)),
        json.loads(comparison_json(comparison)) if comparison else None,
        title=heading.title,
        commit=heading.commit,
        time=heading.time,
    )

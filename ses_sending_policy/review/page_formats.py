"""An explanation and a comparison as the review page."""

import json

from ses_sending_policy.review.check import CheckResult
from ses_sending_policy.review.check_formats import check_json
from ses_sending_policy.review.comparison import Comparison
from ses_sending_policy.review.comparison_formats import comparison_json
from ses_sending_policy.review.explanation import Explanation
from ses_sending_policy.review.explanation_formats import explanation_json
from ses_sending_policy.review.heading import Heading
from ses_sending_policy.review.page import page

# The page is made from the JSON that everybody can have, and so shows nothing that is not in there.


def explanation_html(explanation: Explanation, check: CheckResult, heading: Heading) -> str:
    """Return who may send as what, and what is wrong with that."""
    return _page(explanation, check, None, heading)


def comparison_html(comparison: Comparison, explanation: Explanation, check: CheckResult, heading: Heading) -> str:
    """Return what changes, and the state after that."""
    return _page(explanation, check, comparison, heading)


def plan_html(plan: str, explanation: Explanation, check: CheckResult, heading: Heading) -> str:
    """Return what changes, what the deploy does at SES, and the state after that.

    :param plan: as JSON.
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

"""Statements whose time is over, and others that only seem expired.

`aws:CurrentTime` and `aws:EpochTime` are in every request, as
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html says; several values of one
condition are alternatives.
"""

from tests.review.policies.cases import NEWS, PARTNER, Check, account, allow, both, deny, found, silent, when

ONE = account(PARTNER)
PAST, LONG_PAST, FUTURE = "2021-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"
NOW, EPOCH = "aws:CurrentTime", "aws:EpochTime"

_OVER = [
    (when("DateLessThan", NOW, PAST), "the end has been"),
    (when("DateLessThanEquals", NOW, PAST), "the end has been"),
    (when("DateLessThan", NOW, LONG_PAST, PAST), "both ends have been"),
    (when("DateLessThan", NOW, "2021-01-01T01:00:00+01:00"), "the end has been in each zone"),
    (when("DateLessThan", NOW, "1609459200"), "it is a date in seconds"),
    (when("NumericLessThan", EPOCH, "1609459200"), "it is a date in seconds"),
    (when("DateLessThan", EPOCH, "1609459200"), "it is a date in seconds"),
    (when("DateLessThanIfExists", NOW, PAST), "the key is always there"),
    (both(when("DateGreaterThan", NOW, LONG_PAST), when("DateLessThan", NOW, PAST)), "the window has closed"),
    (both(when("DateGreaterThan", NOW, FUTURE), when("DateLessThan", NOW, PAST)), "the end has been"),
]

_NOT_OVER = [
    (when("DateGreaterThan", NOW, PAST), "it has begun"),
    (when("DateLessThan", NOW, PAST, FUTURE), "one of the ends is to come"),
    (when("DateLessThan", NOW, FUTURE), "the end is to come"),
    (when("DateNotEquals", NOW, PAST), "it is any other time"),
    (both(when("DateGreaterThan", NOW, PAST), when("DateLessThan", NOW, FUTURE)), "the window is open"),
    (when("NumericGreaterThan", EPOCH, "1609459200"), "it has begun"),
    (when("DateGreaterThan", "aws:TokenIssueTime", PAST), "it is when the session began"),
    (when("StringLike", "ses:FromDisplayName", PAST), "it is a name"),
]

OVER: list[Check] = [
    *(
        found("SES105|SES121", f"an Allow where {condition}", why, allow(ONE, both(NEWS, condition)))
        for condition, why in _OVER
    ),
    *(
        found("SES105|SES122", f"a Deny where {condition}", why, allow(ONE, NEWS), deny(ONE, condition))
        for condition, why in _OVER[:4]
    ),
    *(
        silent(
            "SES105 SES121", f"an Allow where {condition}, which is not over", why, allow(ONE, both(NEWS, condition))
        )
        for condition, why in _NOT_OVER
    ),
]

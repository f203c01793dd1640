"""The construct, the findings, `diff` and the sentences read every moment in the same way."""

import json
from datetime import UTC, datetime, timedelta

from aws_cdk import aws_iam as iam
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ses_sending_policy.analysis.findings.comparisons import PastWindow
from ses_sending_policy.analysis.grants.change import Verdict
from ses_sending_policy.analysis.grants.difference import difference
from ses_sending_policy.analysis.grants.grant import grants_of
from ses_sending_policy.analysis.grants.sentence import sentence
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.intrinsics import is_known
from ses_sending_policy.construct.grants import statement
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.moments import Moment
from tests.analysis.findings import declare

PARTNER = iam.AccountPrincipal("222222222222")
FAR = datetime(9999, 1, 1, tzinfo=UTC)


def until(text: str) -> list[Declared]:
    return declare.when("DateLessThan", "aws:CurrentTime", text)


def is_taken_by_the_construct(text: str) -> bool:
    """Return whether a grant may end at this time; if so, it is written as given."""
    try:
        granted = statement(iam.Effect.ALLOW, PARTNER, "Partner", {}, {"not_after": text})
    except DeclarationError as refusal:
        assert str(refusal).startswith(f"not_after is {text!r}")  # noqa: PT017 - one of two outcomes that are right
        return False
    assert granted.to_statement_json()["Condition"] == {"DateLessThan": {"aws:CurrentTime": text}}
    return True


def is_past(text: str, now: datetime) -> bool:
    return bool(list(PastWindow().findings(until(text), now)))


def said(text: str) -> str:
    [policy] = until(text)
    [grant] = grants_of(policy.document, "example.com")
    return sentence(grant)


# Texts that look like a moment, right or with something wrong.
WRITTEN = st.from_regex(
    r"(19|20|21)[0-9]{2}(-?[01][0-9](-?[0-3][0-9]([T ][0-2][0-9](:?[0-5][0-9](:[0-6][0-9](\.[0-9]{1,3})?)?)?)?)?)?"
    r"(Z|[+-][01][0-9]:?[0-5][0-9])?",
    fullmatch=True,
)
DIGITS = st.from_regex(r"[0-9]{1,14}", fullmatch=True)
TEXTS = st.one_of(WRITTEN, DIGITS, st.text(max_size=20).filter(is_known))


@example("2021-01")
@example("2021")
@example("20210105")
@example("1612345678")
@example("2021-01-05 10:00")
@example("2021-01-05T10Z")
@example("2021-01-05T10:00:00+02:00")
@example("1612345678000")
@given(TEXTS)
@settings(max_examples=300)
def test_all_read_it_alike(text: str) -> None:
    moment = Moment.read(text)
    assert is_taken_by_the_construct(text) == bool(moment)
    if moment:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(moment.seconds * 1_000_000))
        assert is_past(text, at + timedelta(seconds=1))
        assert not is_past(text, at - timedelta(seconds=1))
        assert difference(until(text), until(str(moment))).verdict is Verdict.UNCHANGED
        assert said(text) == said(str(moment))
        assert str(moment) in said(text)
    else:
        assert not is_past(text, FAR)
        for other in ("2000-01-01", "9998-01-01"):
            assert difference(until(text), until(other)).verdict in (Verdict.BROADENED, Verdict.CHANGED)
            assert difference(until(other), until(text)).verdict in (Verdict.BROADENED, Verdict.CHANGED)
        assert difference(until(text), until(text)).verdict is Verdict.UNCHANGED
        assert f"the unknown time {json.dumps(text, ensure_ascii=False)}" in said(text)

"""Lists that a nested stack gets as one text, part of which is known."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ses_sending_policy.review.assembly import reviewed
from ses_sending_policy.review.check import CheckResult
from ses_sending_policy.review.comparison import Comparison
from ses_sending_policy.review.source_location import Repository
from tests.review.apps import nested
from tests.review.resolving import OTHER, PARTNER, REF, mail, parameter

ROLE = {"Fn::GetAtt": ["Role", "Arn"]}
LISTED = mail(REF, Parameters=parameter(Type="CommaDelimitedList")) | {"Outputs": {"Other": {"Value": OTHER}}}
STORED = "{{resolve:ssm:/mail/partner}}"


@pytest.mark.parametrize("unknown", [STORED, ROLE, {"Ref": "AWS::StackId"}])
@pytest.mark.parametrize("parts", [["", ", *"], ["*,", ""], [f"{PARTNER},", "x , * ,a"]])
def test_everybody_in_a_list_that_is_known_in_part(unknown: Any, parts: list[str], tmp_path: Path) -> None:
    out = nested(tmp_path, LISTED, {"Fn::Join": ["", [parts[0], unknown, parts[1]]]})
    check = CheckResult.of(reviewed([out]), Repository(tmp_path), datetime.now(UTC))
    assert [each.finding.rule for each in check.findings].count("SES001") == 1


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ([STORED, f",{PARTNER}"], [STORED, f", {PARTNER} "], "unchanged"),
        ([STORED, f",{PARTNER}"], [STORED, ",444444444444"], "broadened"),
        ([STORED, ""], [STORED, f",{PARTNER}"], "broadened"),
        ([STORED, "a"], [STORED, "b"], "broadened"),
        ([ROLE, f",{PARTNER}"], [ROLE, f",{PARTNER}"], "unchanged"),
        ([ROLE, f",{PARTNER}"], [ROLE, ",444444444444"], "broadened"),
        ([ROLE, "a"], [ROLE, "b"], "broadened"),
        ([{"Ref": "AWS::AccountId"}, ""], [{"Ref": "AWS::AccountId"}, f",{PARTNER}"], "broadened"),
    ],
)
def test_a_list_that_is_known_in_part_is_compared(before: Any, after: Any, verdict: str, tmp_path: Path) -> None:
    one, other = (
        reviewed([nested(tmp_path / name, LISTED, {"Fn::Join": ["", parts]})])
        for name, parts in (("before", before), ("after", after))
    )
    assert Comparison.of(one, other).verdict == verdict

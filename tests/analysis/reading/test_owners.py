"""Whose code makes a resource."""

from typing import Any

import pytest

from ses_sending_policy.analysis.reading.owners import is_amazons, is_others


@pytest.mark.parametrize(
    ("kind", "amazons", "others"),
    [
        ("AWS::S3::Bucket", True, False),
        ("Alexa::ASK::Skill", True, False),
        ("AWS::CloudFormation::CustomResource", False, True),
        ("AWS::First::Example::MODULE", False, True),
        ("Custom::AWS", False, True),
        ("Custom::SendingPolicy", False, False),
        (None, False, False),
        ({"Ref": "Kind"}, False, False),
    ],
)
def test_whose_code_makes_a_resource(kind: Any, *, amazons: bool, others: bool) -> None:
    assert is_amazons(kind) is amazons
    assert is_others(kind) is others

"""How many bytes a policy document has at least, whatever its unknown values turn out to be."""

from typing import Any

import pytest

from ses_sending_policy.analysis.reading.sizes import least_bytes
from ses_sending_policy.rules.ownership import Marker

EMPTY = least_bytes({"Sid": ""})


@pytest.mark.parametrize(
    ("value", "least"),
    [
        ("abc", 3),
        ("\u00e9", 2),
        ("\ud800", 3),
        ({"Ref": "AWS::AccountId"}, 12),
        ({"Ref": "AWS::Partition"}, 3),
        ({"Ref": "AWS::Region"}, 9),
        ({"Ref": "Open"}, 0),
        ({"Fn::GetAtt": ["Role", "Arn"]}, 0),
        ({"Fn::Sub": "a${AWS::AccountId}b${Open}${}"}, 14),
        ({"Fn::Join": ["--", ["a", {"Ref": "Open"}, {"Ref": "AWS::Region"}]]}, 14),
        ({"Fn::Join": ["--", {"Ref": "Open"}]}, 0),
        ({"Fn::Join": ["", ["a", 5]]}, 1),
    ],
)
def test_a_text_has_so_many_bytes_at_least(value: Any, least: int) -> None:
    assert least_bytes({"Sid": value}) == EMPTY + least


TOKEN = "0123456789abcdef"


def test_a_document_counts_as_ses_stores_it() -> None:
    """Without spaces, with lists of one as one, and with the marker of its owner instead of an `Id` of its own."""
    account = {"Ref": "AWS::AccountId"}
    document = {"Id": "mine", "Statement": {"Action": ["ses:SendEmail"], "Resource": ["a", account, account, 5]}}
    stored = '{"Statement":[{"Action":"ses:SendEmail","Resource":["000000000000","5","a"]}]}'
    assert least_bytes(document) == len(stored)
    marked = '{"Id":"Mail/Partner/0123456789abcdef",' + stored[1:]
    assert least_bytes(document, Marker("Mail", "Partner", TOKEN)) == len(marked)

"""The page of intrinsic functions has every function, and says whether it is resolved."""

import re
from typing import Final

from ses_sending_policy.analysis.reading.functions import EXTENDED, PLAIN
from ses_sending_policy.analysis.reading.lookups import HANDLERS
from ses_sending_policy.analysis.reading.loops import LOOP
from ses_sending_policy.analysis.reading.questions import COMPARED, JOINED, NAMED
from ses_sending_policy.analysis.reading.resource_values import VALUES
from tests.conftest import ROOT

PAGE: Final = (ROOT / "docs/reference/intrinsic-functions.md").read_text(encoding="utf-8")

# As listed in CloudFormation's reference, with those on its pages of conditions and of rules.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html
LISTED: Final = """
    Base64 Cidr FindInMap ForEach GetAtt GetAZs GetStackOutput ImportValue Join Length Select Split Sub ToJsonString
    Transform And Equals If Not Or Contains EachMemberEquals EachMemberIn RefAll ValueOf ValueOfAll
"""


def rows() -> dict[str, str]:
    """Return what the page says of each function."""
    return dict(re.findall(r"^\| `((?:Fn::\w+)|Ref|Condition)` \| ([a-z ]+) \|", PAGE, re.MULTILINE))


def test_each_function_of_the_reference_has_a_row() -> None:
    assert rows().keys() == {"Ref", "Condition", *(f"Fn::{name}" for name in LISTED.split())}
    assert set(rows().values()) == {"resolved", "said as unknown", "not looked at"}


def test_what_is_resolved_is_what_the_resolver_has() -> None:
    said = {name for name, what in rows().items() if what == "resolved"}
    assert said == {*PLAIN, *EXTENDED, *HANDLERS, *JOINED, COMPARED, NAMED, LOOP.strip(":")}


def test_each_resource_that_has_a_value_has_a_row() -> None:
    told = {
        (kind, attribute)
        for kind, attributes in re.findall(r"^\| `(AWS::\w+::\w+)` \| [^|]+ \| ([^|]*)\|", PAGE, re.MULTILINE)
        for attribute in ("", *re.findall(r"`(\w+)`", attributes))
    }
    assert told == VALUES.keys()

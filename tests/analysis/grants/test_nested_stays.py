"""A policy in a nested stack, after a change that makes the stack unreadable: it counts as long as it may exist."""

from dataclasses import replace
from typing import Any

import pytest

from ses_sending_policy.analysis.grants.staying import Aftermath, Deployment
from ses_sending_policy.analysis.reading.declared import KnownEnvironment
from ses_sending_policy.analysis.reading.home import Home
from ses_sending_policy.analysis.reading.removal import Removal, Stay
from ses_sending_policy.analysis.reading.template import Template
from tests.analysis.findings.declare import policy

STACK = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "s3://b/abc.json"}}
UNREAD = ["its nested stack is in NEW and cannot be read"]


def root(**resources: Any) -> Template:
    return Template("Mail.json", "Mail", KnownEnvironment(), {"Resources": resources}, home=Home("Mail", "mail"))


@pytest.mark.parametrize(
    ("within", "resources", "reasons"),
    [
        ("Inner", {"Inner": STACK}, UNREAD),
        ("Inner", {"Other": STACK}, []),
        ("Inner/Deep", {"Inner": STACK}, UNREAD),
        ("Inner/Deep", {"Other": STACK}, []),
    ],
)
def test_why_it_stays(within: str, resources: dict[str, Any], reasons: list[str]) -> None:
    [found] = policy()
    old = replace(found, home=Home("Mail", "mail", within), removal=Removal(None, None))
    before, after = (Deployment.of([("mail", each)]) for each in (root(Inner=STACK), root(**resources)))
    stays = list(Aftermath(before, after, []).staying([old]))
    assert [each.stay for each in stays] == [Stay(each) for each in reasons]
    assert [each.verb for each in stays] == ["may stay"] * len(reasons)

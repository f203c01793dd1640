"""What the how-tos on moving a policy share: what the policy says, whose it is, and a step of a page as events."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from emulator import StoredPolicy
from ses_sending_policy.rules.document import Document, LivePolicy
from ses_sending_policy.rules.equivalence import differences
from tests.support.events import Resource, document, statement
from tests.support.fake_aws import FakeAws
from tests.support.kept import Properties
from tests.support.pages import declared, step, synthesized
from tests.support.stack import Stack

BY_HAND = step("adopt-a-policy", "adopts").run({})["document"]
"""The document that docs/howto/adopt-a-policy.md finds at SES, and that each policy on these pages has."""

FAILS = {"Fails": Resource().properties(PolicyName="other", Policy=document(statement(Effect="Perhaps")))}
"""Another resource of a stack, which fails and so rolls the stack back."""


def different(texts: Iterable[str]) -> list[str]:
    """Return those of `texts` that differ from `BY_HAND` in who may send."""
    return [text for text in texts if differences(LivePolicy(text), Document(BY_HAND), "aws")]


def holders(policies: Iterable[StoredPolicy]) -> dict[str, str]:
    """Return the marker of each policy by its name, without its token, or `nobody`; check that all say the same."""
    held = {each.name: each.document for each in policies}
    assert different(held.values()) == []
    markers = {name: LivePolicy(text).marker for name, text in held.items()}
    return {name: str(each).replace(f"/{each.token}", "") if each else "nobody" for name, each in markers.items()}


def held(aws: FakeAws) -> dict[str, str]:
    """Return the marker of each policy by its name, without its token, or `nobody`."""
    return holders(aws.ses.policies())


@cache
def _resources(page: str, name: str) -> Mapping[str, Mapping[str, Any]]:
    with TemporaryDirectory() as folder:
        return declared(synthesized(Path(folder), {"Mail": [step(page, name)]}), "Mail")


def properties(page: str, name: str) -> dict[str, Properties]:
    """Return the properties that a step of a page declares, as the function gets them, by logical id."""
    token = {"ServiceToken": Resource().properties()["ServiceToken"]}
    return {key: {**each["Properties"], **token} for key, each in _resources(page, name).items()}


def follow(stack: Stack, page: str, name: str, others: Mapping[str, Properties] | None = None) -> str:
    """Deploy a stack with one step of a page and with `others`; return its status."""
    policies = {key: each.get("DeletionPolicy") for key, each in _resources(page, name).items()}
    stack.retained = frozenset(key for key, policy in policies.items() if policy == "Retain")
    return stack.deploy({**properties(page, name), **(others or {})})

"""Two stacks with policies on each other's identities, through changes and to their deletion."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from emulator import Emulator, StoredPolicy
from ses_sending_policy.rules.document import Document, LivePolicy
from ses_sending_policy.rules.equivalence import differences
from tests.deployed.conftest import Cdk

pytestmark = pytest.mark.xdist_group("deployed")


@dataclass(frozen=True)
class Declared:
    """A policy in its stack's template: its place at SES, its owner, and its document."""

    identity: str
    name: str
    owner: str
    document: Document


def resolved(value: Any, references: dict[str, str]) -> Any:
    """Return a value of a template as CloudFormation resolves it."""
    match value:
        case {"Ref": str(name)}:
            return references[name]
        case {"Fn::Join": [separator, parts]}:
            return separator.join(resolved(part, references) for part in parts)
        case dict():
            return {key: resolved(item, references) for key, item in value.items()}
        case list():
            return [resolved(item, references) for item in value]
    return value


def declared(assembly: Path, stack: str) -> Iterator[Declared]:
    """Yield the policies of a stack."""
    resources = json.loads((assembly / f"{stack}.template.json").read_text(encoding="utf-8"))["Resources"]
    identities = {key: item for key, item in resources.items() if item["Type"] == "AWS::SES::EmailIdentity"}
    references = {key: item["Properties"]["EmailIdentity"] for key, item in identities.items()}
    for logical_id, resource in resources.items():
        if resource["Type"] == "Custom::SendingPolicy":
            identity, name, document = (
                resolved(resource["Properties"][key], references) for key in ("EmailIdentity", "PolicyName", "Policy")
            )
            yield Declared(identity, name, f"stack {stack} ({logical_id})", Document(document))


def held_as_declared(cdk: Cdk, others: list[StoredPolicy], *stacks: str) -> Counter[str]:
    """Check that SES holds the policies of `stacks` and no others; return how many each identity has."""
    wanted = {(each.identity, each.name): each for stack in stacks for each in declared(cdk.folder, stack)}
    held = {(each.identity, each.name): each for each in cdk.aws.ses.policies() if each not in others}
    assert held.keys() == wanted.keys()
    for place, policy in wanted.items():
        live = LivePolicy(held[place].document)
        assert differences(live, policy.document, "aws") == [], place
        assert live.marker is not None, place
        assert live.marker.owner == policy.owner
    return Counter(identity for identity, _ in held)


def lives(aws: Emulator, since: int) -> dict[str, list[tuple[str, str]]]:
    """Return what was done to each policy since a call, and on which identity, in order, by the policy's name."""
    found = defaultdict(list)
    for call in aws.ses.calls()[since:]:
        if call.policy_name is not None:
            found[call.policy_name].append((call.operation.removesuffix("EmailIdentityPolicy"), call.identity))
    return dict(found)


def stayed(identity: str) -> list[tuple[str, str]]:
    return [("Create", identity), ("Update", identity), ("Delete", identity)]


def moved(old: str, new: str) -> list[tuple[str, str]]:
    return [*stayed(old)[:2], *stayed(new)[:2], ("Delete", old), ("Delete", new)]


# Over 40 lines: one deploy after the other, each from where the one before ended.
def test_ses_holds_what_two_stacks_declare_after_every_step(cdk: Cdk, local_aws: Emulator, tmp_path: Path) -> None:
    composition = replace(cdk, folder=tmp_path, app="tests/deployed/composition.py")
    others, since = local_aws.ses.policies(), len(local_aws.ses.calls())

    stacks: dict[str, Any] = {
        "Mail": {"weekly": "weekly.example", "users": True},
        "Partners": {"courier": "trade.example"},
    }
    composition.deploy(**stacks)
    held = held_as_declared(composition, others, "Mail", "Partners")
    assert held == {"trade.example": 5, "weekly.example": 1, "shop.example": 1}

    # A new name is a new identity for CloudFormation, and the policy follows it; the courier's policy moves by itself.
    stacks["Mail"]["weekly"] = stacks["Partners"]["courier"] = "monthly.example"
    composition.deploy(**stacks)
    held = held_as_declared(composition, others, "Mail", "Partners")
    assert held == {"trade.example": 4, "monthly.example": 2, "shop.example": 1}

    stacks["Mail"]["users"] = False
    composition.deploy(**stacks)
    held = held_as_declared(composition, others, "Mail", "Partners")
    assert held == {"trade.example": 3, "monthly.example": 2, "shop.example": 1}

    composition.run("destroy", "Partners", "--force", **stacks)
    assert held_as_declared(composition, others, "Mail") == {"trade.example": 2, "monthly.example": 1}

    composition.destroy(**stacks)
    assert held_as_declared(composition, others) == {}

    # A policy on an identity that does not exist yet or any more would have been refused. So each identity was created
    # before its policies, and deleted after them.
    assert [call for call in local_aws.ses.calls()[since:] if call.code] == []
    assert lives(local_aws, since) == {
        "Mail-Partner-71DE5641": stayed("trade.example"),
        "guard": stayed("trade.example"),
        "Mail-Users-EC99D0D5": stayed("trade.example"),
        "Mail-Agency-B0745B5D": moved("weekly.example", "monthly.example"),
        "Partners-Fulfilment-0D4C1310": stayed("shop.example"),
        "Partners-Reseller-5BFD73D6": stayed("trade.example"),
        "Partners-Courier-B14D6176": moved("trade.example", "monthly.example"),
    }

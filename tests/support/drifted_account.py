"""An account of many identities in which some policies are not as they were declared."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from emulator import StrictSes
from emulator.store import StoredPolicy
from ses_sending_policy.rules.wire import RESOURCE_TYPE
from tests.support.events import ACCOUNT, REGION, statement

IDENTITIES: Final = 100
POLICIES: Final = 10
_TOKEN: Final = "0123456789abcdef"
_STATES: Final = ("changed", "missing", "foreign", "undeclared", "undecided", "unmarked", "moved", "wider")
PLANTED: Final = 40


def identity(number: int) -> str:
    """Return the name of an identity."""
    return f"{number:03}.planted.example"


@dataclass
class DriftedAccount:
    """What is declared, what SES holds, and what `drift` must say of it.

    :param resources: the template's resources.
    :param held: the text of each policy at SES, by identity and name.
    :param states: the state of each policy, by identity and name.
    """

    resources: dict[str, Any] = field(default_factory=dict)
    held: dict[tuple[str, str], str] = field(default_factory=dict)
    states: dict[tuple[str, str], str] = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        """Write an assembly, and return its folder."""
        folder.mkdir(parents=True, exist_ok=True)
        mail = {
            "type": "aws:cloudformation:stack",
            "environment": f"aws://{ACCOUNT}/{REGION}",
            "properties": {"templateFile": "Mail.template.json"},
        }
        (folder / "manifest.json").write_text(json.dumps({"artifacts": {"Mail": mail}}), encoding="utf-8")
        (folder / "Mail.template.json").write_text(json.dumps({"Resources": self.resources}), encoding="utf-8")
        return folder

    def hold(self, ses: StrictSes) -> None:
        """Put all of it into SES."""
        for number in range(IDENTITIES):
            ses.add_identity(identity(number))
        for (name, policy_name), text in self.held.items():
            ses.put_policy(StoredPolicy(ACCOUNT, REGION, name, policy_name, text))


def planted() -> DriftedAccount:
    """Return 100 identities of 10 policies each, of which 40 are not as declared, five in each of eight ways."""
    world = DriftedAccount()
    every = [(number, policy) for number in range(IDENTITIES) for policy in range(POLICIES)]
    step = len(every) // PLANTED
    for place, (number, policy) in enumerate(every):
        kind = _STATES[place // step % len(_STATES)] if place % step == 0 else ""
        _add(world, identity(number), f"policy{policy}", f"P{number}x{policy}", kind)
    return world


def _add(world: DriftedAccount, name: str, policy_name: str, logical_id: str, kind: str) -> None:
    declared = statement(f"{len(world.held) % 7 + 2}" * 12, name)
    live: dict[str, Any] = dict(declared)
    marker = f"Mail/{logical_id}/{_TOKEN}"
    match kind:
        case "changed":
            live["Principal"] = {"AWS": "999999999999"}
        case "wider":
            declared["Condition"] = {"StringLike": {"ses:FromAddress": f"weekly@{name}"}}
            live["Condition"] = {"StringLike": {"ses:FromAddress": f"*@{name}"}}
        case "undecided":
            declared["Principal"] = {"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}
        case "foreign":
            marker = f"Other/{logical_id}/{_TOKEN}"
        case "unmarked":
            marker = "by hand"
        case "moved":
            # The same document under another name: the declared one is missing, and this one is declared nowhere.
            world.held[name, f"{policy_name}-moved"] = json.dumps(_document(live, marker))
            world.states[name, f"{policy_name}-moved"] = "undeclared"
    if kind != "undeclared":
        world.resources[logical_id] = _resource(name, policy_name, declared)
    if kind not in {"missing", "moved"}:
        world.held[name, policy_name] = json.dumps(_document(live, marker))
    world.states[name, policy_name] = {
        "": "in-sync",
        "unmarked": "in-sync",
        "moved": "missing",
        "wider": "changed",
    }.get(kind, kind)


def _document(statement_: Any, marker: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Id": marker, "Statement": [statement_]}


def _resource(name: str, policy_name: str, statement_: Any) -> dict[str, Any]:
    properties = {
        "EmailIdentity": name,
        "PolicyName": policy_name,
        "Policy": {"Version": "2012-10-17", "Statement": [statement_]},
        "Wire": "1",
    }
    return {"Type": RESOURCE_TYPE, "Properties": properties}

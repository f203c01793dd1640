"""A template that is being rewritten: what is added to it, under names that nothing else has."""

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from tests.review.resolved.literal import ACCOUNT, REGION

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
PSEUDO: Final = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Region": REGION,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
}
"""The values of the pseudo parameters in a stack's environment."""

NO_VALUE: Final = {"Ref": "AWS::NoValue"}
OTHERS: Final = ("999999999999", "*", "ses:*", "arn:aws:iam::999999999999:root", "Deny", "*@example.com")
"""Values that CloudFormation never chooses, which would be found if the command did."""


@dataclass
class Scope:
    """What the rewriting adds to one template.

    :param seed: with the place in the template, decides everything random.
    :param has_place: whether the account and region of the stack are known.
    :param has_parameters: whether values may become defaults of parameters.
    :param left: the places that stay as they are.
    """

    seed: int
    has_place: bool
    has_parameters: bool
    left: frozenset[str] = frozenset()
    done: list[str] = field(default_factory=list)
    """The places that were rewritten."""
    sections: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_extended: bool = False
    """Whether a function of `AWS::LanguageExtensions` is used."""

    @property
    def pseudo(self) -> dict[str, str]:
        """The values of the pseudo parameters, as far as they are known."""
        return PSEUDO if self.has_place else {}

    def add(self, section: str, prefix: str, content: Any) -> str:
        """Add something to a section, and return its name."""
        entries = self.sections.setdefault(section, {})
        name = f"{prefix}{len(entries)}"
        entries[name] = content
        return name

    def written(self, resources: dict[str, Any]) -> dict[str, Any]:
        """Return the template with these resources and everything that was added."""
        added = {name: content for name, content in self.sections.items() if name != "Resources"}
        transform = {"Transform": "AWS::LanguageExtensions"} if self.is_extended else {}
        return transform | added | {"Resources": resources | self.sections.get("Resources", {})}

    def mapped(self, random: Random, value: Any) -> dict[str, Any]:
        """Return a lookup in a mapping that gives the value."""
        keys: list[Any] = []
        names: list[str] = []
        for _ in range(2):
            known = random.choice(sorted(self.pseudo)[:2]) if self.pseudo and random.random() < 0.4 else None
            # "You can use the following functions in a Fn::FindInMap function: Fn::FindInMap, Ref".
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap.html
            here = self.mapped(random, "Here") if random.random() < 0.1 else "Here"
            keys.append({"Ref": known} if known else here)
            names.append(PSEUDO[known] if known else "Here")
        other = [*OTHERS] if isinstance(value, list) else random.choice(OTHERS)
        mapping = {"Other": {names[1]: other}, names[0]: {"Another": other, names[1]: value}}
        return {"Fn::FindInMap": [self.add("Mappings", "Map", mapping), *keys]}

    def condition(self, random: Random, *, is_so: bool, depth: int = 0) -> str:
        """Return the name of a condition that is known to be true, or known to be false."""
        return self.add("Conditions", "Is" if is_so else "No", self._expression(random, depth, is_so=is_so))

    def _expression(self, random: Random, depth: int, *, is_so: bool) -> dict[str, Any]:
        def part(*, holds: bool) -> dict[str, Any]:
            return self._expression(random, depth + 1, is_so=holds)

        kind = random.choice(["Equals", "place", "Not", "And", "Or", "named"] if depth < 3 else ["Equals"])
        match kind:
            case "Not":
                return {"Fn::Not": [part(holds=not is_so)]}
            case "And" | "Or":
                # A true part decides an Or, a false one an And; the other parts are all the opposite.
                decides = kind == "Or"
                rest = [part(holds=not decides) for _ in range(random.randrange(1, 3))]
                parts = [*rest, part(holds=is_so)]
                random.shuffle(parts)
                return {f"Fn::{kind}": parts}
            case "named":
                return {"Condition": self.condition(random, is_so=is_so, depth=depth + 1)}
            case "place" if self.has_place:
                name = random.choice(sorted(PSEUDO))
                return {"Fn::Equals": [{"Ref": name}, PSEUDO[name] if is_so else "elsewhere"]}
        value = self.mapped(random, "this") if random.random() < 0.3 else "this"
        # Texts are compared with case.
        return {"Fn::Equals": [value, "this" if is_so else random.choice(["that", "This"])]}

    def json_value(self, value: Any) -> dict[str, Any]:
        """Return the value of a CDK `CfnJson` made from a JSON text."""
        token = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:utils"
        made = {"Type": "Custom::AWSCDKCfnJson", "Properties": {"ServiceToken": token, "Value": value}}
        return {"Fn::GetAtt": [self.add("Resources", "Json", made), "Value"]}

    def parameter(self, value: str | list[str]) -> dict[str, Any]:
        """Return a reference to a parameter whose default is the value."""
        default = value if isinstance(value, str) else ",".join(value)
        kind = "String" if isinstance(value, str) else "CommaDelimitedList"
        return {"Ref": self.add("Parameters", "Given", {"Type": kind, "Default": default})}

    def add_what_is_never_made(self, random: Random, resource: dict[str, Any]) -> None:
        """Add a resource that lets everybody send, with a condition that is false."""
        text = json.dumps(resource)
        for other in ("222222222222", "333333333333"):
            text = text.replace(other, "*")
        copy = json.loads(text) | {"Condition": self.condition(random, is_so=False)}
        self.add("Resources", "Never", copy)

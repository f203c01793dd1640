"""What CloudFormation makes of a template, as far as these tests rewrite it: this checks the tests, not the command.

Written from https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tests.review.resolved.literal import ACCOUNT
from tests.review.resolved.scope import PSEUDO

_NOTHING: Final = object()
_VARIABLE: Final = re.compile(r"\$\{(!?)([^}]*)\}")


@dataclass(frozen=True)
class Evaluated:
    """A template whose parameters have their defaults."""

    template: dict[str, Any]

    def resources(self) -> dict[str, Any]:
        """Return the resources that are created, with literals only."""
        return {
            name: {key: self.value(each) for key, each in resource.items() if key != "Condition"}
            for name, resource in self.template["Resources"].items()
            if "Condition" not in resource or self.is_so({"Condition": resource["Condition"]})
        }

    def is_so(self, condition: dict[str, Any]) -> bool:
        """Return whether a condition is true."""
        [(function, of)] = condition.items()
        if function == "Condition":
            return self.is_so(self.template["Conditions"][of])
        if function == "Fn::Equals":
            one, other = map(self.value, of)
            return bool(one == other)
        held = [self.is_so(each) for each in of]
        return {"Fn::Not": not held[0], "Fn::And": all(held), "Fn::Or": any(held)}[function]

    def value(self, value: Any) -> Any:
        """Return the result of a value."""
        if isinstance(value, list):
            return [each for each in map(self.value, value) if each is not _NOTHING]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            [(function, of)] = value.items()
            if function in self._functions:
                return self._functions[function](of)
        found = {key: self.value(each) for key, each in value.items()}
        return {key: each for key, each in found.items() if each is not _NOTHING}

    @property
    def _functions(self) -> dict[str, Callable[[Any], Any]]:
        return {
            "Ref": self._ref,
            "Fn::GetAtt": self._attribute,
            "Fn::If": lambda of: self.value(of[1] if self.is_so({"Condition": of[0]}) else of[2]),
            "Fn::Join": lambda of: of[0].join(self.value(of[1])),
            "Fn::Split": lambda of: self.value(of[1]).split(of[0]),
            "Fn::Select": lambda of: self.value(of[1])[int(self.value(of[0]))],
            "Fn::FindInMap": self._find,
            "Fn::Sub": self._sub,
            "Fn::Length": lambda of: str(len(self.value(of))),
            "Fn::ToJsonString": lambda of: json.dumps(self.value(of), separators=(",", ":")),
        }

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _NOTHING
        if name in PSEUDO:
            return PSEUDO[name]
        if parameter := self.template.get("Parameters", {}).get(name):
            default = parameter["Default"]
            return default if parameter["Type"] == "String" else default.split(",")
        return self.value(self.template["Resources"][name]["Properties"]["EmailIdentity"])

    def _attribute(self, of: list[str]) -> Any:
        resource = self.template["Resources"][of[0]]
        properties = self.value(resource["Properties"])
        if resource["Type"] == "Custom::AWSCDKCfnJson":
            return json.loads(properties["Value"])
        kind = resource["Type"].removeprefix("AWS::IAM::")
        return f"arn:aws:iam::{ACCOUNT}:{kind.lower()}{properties.get('Path', '/')}{properties[f'{kind}Name']}"

    def _find(self, of: list[Any]) -> Any:
        name, first, second, *more = map(self.value, of)
        found = self.template["Mappings"][name].get(first, {}).get(second)
        return more[0]["DefaultValue"] if found is None else found

    def _sub(self, of: Any) -> str:
        text, names = (of, {}) if isinstance(of, str) else of

        def replaced(found: re.Match[str]) -> str:
            is_literal, name = found.groups()
            if is_literal:
                return f"${{{name}}}"
            if name in names:
                return str(self.value(names[name]))
            return str(self._attribute(name.split(".")) if "." in name else self._ref(name))

        return _VARIABLE.sub(replaced, text)

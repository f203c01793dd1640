"""Unroll `Fn::ForEach` loops, if the template itself has the list that a loop goes over."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ses_sending_policy.rules.document import Json, as_list

LOOP: Final = "Fn::ForEach::"
"""The prefix of a loop's key."""

# "If you use the Fn::ForEach intrinsic function in your template, you must also use the AWS::LanguageExtensions
# transform."
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
_TRANSFORM: Final = "AWS::LanguageExtensions"

# "You can use the Fn::ForEach intrinsic function in the Conditions, Outputs, and Resources (including the resource
# properties) sections of a CloudFormation template." Loops in properties are not unrolled, but reported.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
_SECTIONS: Final = ("Conditions", "Outputs", "Resources")

# "Using the Fn::ForEach intrinsic function does not change the quotas, which apply to the resultant template." A
# template may have 500 resources.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
_MOST: Final = 500

# A budget of steps: a real loop takes some thousand, but loops inside loops could take any number.
_STEPS: Final = 500_000


class _UnknownError(Exception):
    """What a loop makes is unknown before the deploy, or it is more than CloudFormation takes."""


def unrolled(template: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return `template` with each loop replaced by what it makes.

    A loop stays as it is if the template does not have the list that it goes over, or if a section would get more
    entries than CloudFormation allows.
    """
    if _TRANSFORM not in as_list(template.get("Transform")):
        return template
    return {name: _section(value) if name in _SECTIONS else value for name, value in template.items()}


def _section(section: Json) -> Json:
    if not isinstance(section, Mapping):
        return section
    made: dict[str, Json] = {}
    unrolling = _Unrolling()
    for key, value in section.items():
        try:
            made.update(unrolling.made_by(key, value))
        except _UnknownError:
            made[key] = value
    return made


@dataclass(slots=True)
class _Unrolling:
    """Unrolls the loops of one section of a template, with a limited number of steps and entries."""

    made: int = 0
    steps: int = 0

    def made_by(self, key: str, value: Json) -> Mapping[str, Json]:
        """Return the entries that the loop at `key` makes, or the one entry `value` if that is no loop.

        Raises `_UnknownError` if what the loop makes is unknown or too much.
        """
        return dict(self._made(key, value))

    def _made(self, key: str, value: Json, *, is_made: bool = False) -> Iterator[tuple[str, Json]]:
        if not key.startswith(LOOP):
            self.made += is_made
            if self.made > _MOST:
                raise _UnknownError
            yield key, value
            return
        match value:
            case [str(name), [*items], Mapping() as body] if all(isinstance(item, str) for item in items):
                for item in items:
                    for inner, content in body.items():
                        self._step()
                        made = _named(inner, name, item), self._replaced(content, name, item)
                        yield from self._made(*made, is_made=True)
            case _:
                raise _UnknownError

    def _step(self) -> None:
        self.steps += 1
        if self.steps > _STEPS:
            raise _UnknownError

    def _replaced(self, value: Json, name: str, item: str) -> Json:
        # "All instances of ${Identifier} or &{Identifier} in the OutputKey and OutputValue parameters will be replaced
        # with the values from the Collection parameter." A Ref is replaced as well: AWS's own examples use one.
        self._step()
        if value == {"Ref": name}:
            return item
        if isinstance(value, str):
            return _named(value, name, item)
        if isinstance(value, list):
            return [self._replaced(each, name, item) for each in value]
        if isinstance(value, Mapping):
            made = {_named(key, name, item): self._replaced(each, name, item) for key, each in value.items()}
            # An `Fn::Sub` without references left is its text: AWS's own examples write names of conditions and
            # resources so.
            text = made.get("Fn::Sub")
            return text if len(made) == 1 and isinstance(text, str) and "${" not in text else made
        return value


def _named(text: str, name: str, item: str) -> str:
    # "The &{} syntax allows non-alphanumeric characters in the Collection to be used in OutputKey parameters": such
    # characters are left out, since a logical id cannot have them.
    return text.replace(f"${{{name}}}", item).replace(f"&{{{name}}}", re.sub(r"[^A-Za-z0-9]", "", item))

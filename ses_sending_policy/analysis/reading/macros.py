"""Macros and loops of a template. What they make is unknown before the deploy, unless the template itself tells."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ses_sending_policy.analysis.reading.intrinsics import text_of
from ses_sending_policy.analysis.reading.loops import LOOP
from ses_sending_policy.analysis.reading.scope import Scope, at
from ses_sending_policy.rules.document import Json, as_list

MACRO: Final = "Fn::Transform"
"""The key of a macro that changes a part of a template."""

OVER_ALL: Final = "Transform"
"""The key of a macro over the whole template. A review uses it as the logical id of this, or of one over a section."""

# "Transforms are macros hosted by CloudFormation." These ones make AWS's own types only, or unroll loops. AWS::Include
# is not among them, because it adds any text of the user's.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html
_TRANSFORMS: Final = re.compile(
    r"AWS::(CodeDeployBlueGreen|LanguageExtensions|ServiceCatalog|SecretsManager-[\d-]+|Serverless-[\d-]+)"
)

# The sections with values or conditions that a policy may use.
_SECTIONS: Final = ("Mappings", "Conditions", "Parameters", "Rules")

_A_LOOP: Final = "a loop"


def over_all(elements: Mapping[str, Json]) -> tuple[str, str, Json] | None:
    """Find macros over the whole template or over sections that policies use; None if there are none.

    Returns the macros' names in words, why the result is unknown, and the parts of the template that they change.

    "For macros included in the Transform template section, this is the entire template except for the Transform
    section. For macros included in an Fn::Transform intrinsic function call, this includes all sibling nodes (and their
    children)".
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-author.html
    """
    given = [item for name in (OVER_ALL, MACRO) for item in as_list(elements.get(name)) if item is not None]
    names = [text_of(at(item, "Name") if isinstance(item, Mapping) else item) for item in given]
    others = [name for name in names if not _TRANSFORMS.fullmatch(name)]
    if others:
        content = {name: value for name, value in elements.items() if name != "Metadata"}
        return f"the transform {', '.join(others)}", "it may make any resource", content
    found = {name: [each for each in macros(elements.get(name)) if each != _A_LOOP] for name in _SECTIONS}
    parts = [f"{', '.join(each)} in {name}" for name, each in found.items() if each]
    if not parts:
        return None
    content = {name: elements[name] for name, each in found.items() if each}
    return " and ".join(parts), "what a policy takes from there is not known before the deploy", content


def macros(value: Json) -> Iterator[str]:
    """Yield words such as `the macro Name` or `a loop` for each macro and each loop in `value`."""
    if isinstance(value, list):
        for item in value:
            yield from macros(item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key == MACRO or (key == OVER_ALL and at(item, "Name") is not None):
                yield f"the macro {text_of(at(item, 'Name'))}"
            elif key.startswith(LOOP):
                yield _A_LOOP
            else:
                yield from macros(item)


def is_made(scope: Scope, section: str) -> bool:
    """Return whether a macro, or a loop that is not unrolled, may make entries of a section of a template."""
    kept, key = scope.kept, ("is made", section)
    if key not in kept:
        kept[key] = any(True for _ in macros(at(scope.elements, section)))
    return bool(kept[key])

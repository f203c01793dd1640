"""Macros and loops of a template. What they make is unknown before the deploy, unless the template itself says it."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ses_sending_policy.analysis.reading.intrinsics import text_of
from ses_sending_policy.analysis.reading.loops import LOOP
from ses_sending_policy.analysis.reading.scope import at
from ses_sending_policy.rules.document import Json, as_list

MACRO: Final = "Fn::Transform"
"""The key of a macro over a part of a template."""

OVER_ALL: Final = "Transform"
"""The key of a macro over the whole template; a review gives it as the logical id of this, or of one over a section."""

# "Transforms are macros hosted by CloudFormation." AWS::Include is left out, because it adds any text of the user's.
# The others make AWS's own types, or unroll loops.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html
_TRANSFORMS: Final = re.compile(
    r"AWS::(CodeDeployBlueGreen|LanguageExtensions|ServiceCatalog|SecretsManager-[\d-]+|Serverless-[\d-]+)"
)

# The sections that a policy may take a value or its condition from.
_SECTIONS: Final = ("Mappings", "Conditions", "Parameters", "Rules")

_A_LOOP: Final = "a loop"


def over_all(elements: Mapping[str, Json]) -> tuple[str, str, Json] | None:
    """Return the macros over a whole template or its sections, what to report, and what they get; None without any.

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
    """Yield a few words on each macro and each loop in `value`."""
    if isinstance(value, list):
        for item in value:
            yield from macros(item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key == MACRO or (key == OVER_ALL and at(item, "Name") is not None):
                yield f"the macro {macro_name(item)}"
            elif key.startswith(LOOP):
                yield _A_LOOP
            else:
                yield from macros(item)


def macro_name(value: Json) -> str:
    """Return a macro's name."""
    return text_of(at(value, "Name"))


def is_made(section: Json) -> bool:
    """Return whether a part of a section is made by a macro, or by a loop over something unknown."""
    return any(True for _ in macros(section))

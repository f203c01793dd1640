"""A template and all that its references may refer to: its environment, its parent, and its nested templates."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ses_sending_policy.analysis.reading.declared import KnownEnvironment
from ses_sending_policy.analysis.reading.home import Home
from ses_sending_policy.rules.document import Json


def at(value: Json, *names: str) -> Json:
    """Return the value under the keys `names`, one inside the other, or None if there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


@dataclass(slots=True, eq=False)
class Scope:
    """A template, and everything that its references may refer to.

    :param elements: the template as parsed JSON.
    :param stack: the stack's label for people.
    :param environment: where the stack is deployed, as far as that is known.
    :param stack_name: the stack's name. Default: - it is unknown.
    :param given: values of references that a deployed stack told, by the text that stands for the reference inside
        `${...}`.
    :param home: the deployed stack that the template belongs to. Default: - it is unknown.
    :param parent: the template that nests this one, and the logical id of the nested stack there. Default: - none.
    :param children: the templates that this one nests, by the logical ids of their stacks.
    :param app: the templates that are deployed together with it, each with its own exports.
    :param kept: a cache of results that depend on no assumption about the deploy.
    """

    elements: Json
    stack: str = ""
    environment: KnownEnvironment = field(default_factory=KnownEnvironment)
    stack_name: str = ""
    given: Mapping[str, Json] = field(default_factory=dict)
    home: Home = field(default_factory=Home)
    parent: "tuple[Scope, str] | None" = None
    children: "dict[str, Scope]" = field(default_factory=dict)
    app: "list[Scope]" = field(default_factory=list)
    kept: dict[object, Any] = field(default_factory=dict)

    def section(self, name: str) -> Iterator[tuple[str, Mapping[str, Json]]]:
        """Yield name and content of each object in the section `name` of the template, as `Resources`."""
        found = at(self.elements, name)
        for key, value in found.items() if isinstance(found, Mapping) else ():
            if isinstance(value, Mapping):
                yield key, value

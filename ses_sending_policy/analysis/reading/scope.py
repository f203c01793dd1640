"""What there is to know of one template: itself, where it is deployed, and the templates around it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ses_sending_policy.analysis.reading.declared import KnownEnvironment
from ses_sending_policy.analysis.reading.home import Home
from ses_sending_policy.rules.document import Json


def at(value: Json, *names: str) -> Json:
    """Return what stands under `names`, one in the other, or None where nothing does."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


@dataclass(slots=True, eq=False)
class Scope:
    """A template, and what a reference in it may be to.

    :param elements: the template as parsed JSON.
    :param stack: what people call the stack.
    :param environment: where it is deployed, as far as that is known.
    :param stack_name: the stack's name, where it is known. Default: - it is not.
    :param given: what references give, by what stands between the brackets of `${...}`, as far as a deploy told.
    :param home: the stack that is deployed with it. Default: - nobody knows.
    :param parent: the template that it is nested in, and the logical id of its stack there. Default: - none.
    :param children: the templates that are nested in it, by the logical ids of their stacks.
    :param app: the templates that are deployed together with it, each with its own exports.
    :param kept: what was found of it without any assumption, by what it is.
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
        """Yield what is declared in a section of the template, as `Resources`, by its name."""
        found = at(self.elements, name)
        for key, value in found.items() if isinstance(found, Mapping) else ():
            if isinstance(value, Mapping):
                yield key, value

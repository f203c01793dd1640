"""A policy as a template declares it, and as it is read."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from ses_sending_policy.analysis.reading.home import Home
from ses_sending_policy.analysis.reading.removal import Removal
from ses_sending_policy.analysis.reading.scope import Scope
from ses_sending_policy.analysis.reading.template_policies import policies_of
from ses_sending_policy.rules.document import Json
from ses_sending_policy.rules.wire import RESOURCE_TYPE
from tests.support.events import document

HERE: Final = KnownEnvironment("aws", "eu-west-1", "111111111111")
DECLARED: Final = Declared(
    "Mail", "P", "example.com", "partner", document(), HERE, home=Home("Mail"), removal=Removal(None, None)
)


def policy(**properties: Any) -> dict[str, Any]:
    """Return a resource as the construct renders it."""
    own = {"EmailIdentity": "example.com", "PolicyName": "partner", "Policy": document()}
    return {"Type": RESOURCE_TYPE, "Properties": own | properties}


def declared_policies(
    template: Json,
    *,
    stack: str,
    environment: KnownEnvironment,
    path: str = "",
    stack_name: str = "",
    parameters: Mapping[str, Json] | None = None,
    home: Home | None = None,
) -> Iterator[Declared]:
    """Yield the policies of a template that stands alone; parameters take their defaults.

    :param template: the template as parsed JSON.
    :param stack: the stack's label for people.
    :param environment: where the stack is deployed, as far as that is known.
    :param path: the path of the template's file.
    :param stack_name: the stack's name; empty if it is unknown.
    :param parameters: values of references that a deployed stack told, by the text that stands for the reference inside
        `${...}`.
    :param home: the deployed stack that the template belongs to.
    """
    home = home or Home(stack, stack_name)
    scope = Scope(template, stack, environment, stack_name, parameters or {}, home)
    return policies_of(scope, path, takes_defaults=True)

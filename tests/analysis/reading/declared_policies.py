"""A policy as a template declares it, and as it is read."""

from typing import Any, Final

from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from ses_sending_policy.analysis.reading.home import Home
from ses_sending_policy.analysis.reading.removal import Removal
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

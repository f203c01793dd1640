"""An AWS on this machine to deploy to and test on: ministack, and in front of it an SES that checks policies strictly.

    from emulator import Emulator

    with Emulator() as aws:
        subprocess.run(["cdk", "deploy"], env=aws.shell(), check=True)
        assert aws.ses.policies()

It imports nothing of the product that it tests.
"""

from emulator.account_region import AccountRegion
from emulator.calls import LoggedCall
from emulator.cloud import Emulator
from emulator.errors import EmulatorError
from emulator.faults import ScriptedFault
from emulator.quota import Quota
from emulator.ses import StrictSes
from emulator.settings import Settings
from emulator.store import StoredPolicy

__all__ = [
    "AccountRegion",
    "Emulator",
    "EmulatorError",
    "LoggedCall",
    "Quota",
    "ScriptedFault",
    "Settings",
    "StoredPolicy",
    "StrictSes",
]

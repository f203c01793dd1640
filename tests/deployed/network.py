"""The network of docs/howto/choose-a-provider.md exactly as on the page, but on an identity of its own."""

import aws_cdk as cdk
from aws_cdk import aws_ses as ses

from tests.conftest import ROOT
from tests.support.events import ACCOUNT, REGION
from tests.support.pages import python_blocks

app = cdk.App()
stack = cdk.Stack(app, "Networked", env=cdk.Environment(account=ACCOUNT, region=REGION))
ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain("networked.example"))
block = next(python_blocks(ROOT / "docs" / "howto" / "choose-a-provider.md"))
block.with_in_place_of('"example.com"', '"networked.example"').run({"stack": stack})
app.synth()

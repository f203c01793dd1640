"""The whole way of an adoption: from what SES holds to code, to a deploy by events, and back."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import aws_cdk as cdk

from ses_sending_policy.analysis.reading.declared import KnownEnvironment
from ses_sending_policy.analysis.reading.resolver import Evaluation
from ses_sending_policy.analysis.reading.scope import Scope
from ses_sending_policy.analysis.reading.template_policies import resources
from ses_sending_policy.review.assembly import reviewed
from ses_sending_policy.review.live.account import NoIdentityError
from ses_sending_policy.review.live.adoption import Adoption
from ses_sending_policy.review.live.adoption_formats import adoption_python
from ses_sending_policy.review.live.declared_policies import of_files
from ses_sending_policy.review.live.drift import DriftResult
from tests.support.events import ACCOUNT, REGION, Resource
from tests.support.fake_aws import FakeAws

PLACE: Final = KnownEnvironment("aws", REGION, ACCOUNT)


class Shelf:
    """The account of an emulated AWS, read from where its SES keeps the policies.

    :param world: the emulated AWS.
    :param identities: the identities that exist.
    """

    id = ACCOUNT
    partition = "aws"
    region = REGION

    def __init__(self, world: FakeAws, identities: list[str]) -> None:
        self._world = world
        self._identities = identities

    def policies(self, identity: str) -> Mapping[str, str]:
        """See `Account.policies`."""
        if identity not in self._identities:
            raise NoIdentityError(identity)
        return {each.name: each.document for each in self._world.ses.policies() if each.identity == identity}

    def identities(self) -> Iterator[str]:
        """See `Account.identities`."""
        yield from self._identities


def load(path: Path) -> ModuleType:
    """Import a file, and return its module."""
    spec = spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass
class App:
    """One app of adopted identities, deployed by events.

    :param world: the emulated AWS.
    :param folder: where the code and the assembly are written.
    :param identities: the identities to adopt.
    """

    world: FakeAws
    folder: Path
    identities: list[str]
    adoptions: dict[str, Adoption] = field(default_factory=dict)
    physical_ids: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def account(self) -> Shelf:
        """The account of the identities."""
        return Shelf(self.world, self.identities)

    @property
    def assembly(self) -> Path:
        """The folder of the assembly."""
        return self.folder / "cdk.out"

    def adopt(self) -> None:
        """Write a module for each identity."""
        for number, identity in enumerate(self.identities):
            self.adoptions[identity] = Adoption.of(self.account, identity)
            (self.folder / f"stack{number}.py").write_text(adoption_python(self.adoptions[identity]), "utf-8")

    def synth(self) -> None:
        """Synthesize the modules as one app; that fails on every finding that nobody has acknowledged."""
        # The CDK's own validation takes seconds, and looks at nothing of ours.
        app = cdk.App(outdir=str(self.assembly), builtin_cloud_formation_validation=False)
        environment = cdk.Environment(account=ACCOUNT, region=REGION)
        for number, identity in enumerate(self.identities):
            module = load(self.folder / f"stack{number}.py")
            module.SendingPolicies(app, self.adoptions[identity].stack_name, env=environment)
        app.synth()

    def resources(self) -> Iterator[tuple[Resource, dict[str, Any]]]:
        """Yield each policy's resource, and its properties as CloudFormation passes them on."""
        for adoption in self.adoptions.values():
            path = self.assembly / f"{adoption.stack_name}.template.json"
            template = json.loads(path.read_text(encoding="utf-8"))
            resolver = Evaluation().of(Scope(template, environment=PLACE))
            for logical_id, resource in resources(template):
                if resource["Type"] == "Custom::SendingPolicy":
                    yield Resource(adoption.stack_name, logical_id), dict(resolver.resolved(resource["Properties"]))

    def deploy(self) -> None:
        """Create or update each resource."""
        for resource, properties in self.resources():
            key = (resource.stack_name, resource.logical_id)
            url = self.world.url
            if key in self.physical_ids:
                event = resource.update(url, self.physical_ids[key], **properties)
            else:
                event = resource.create(url, **properties)
            answer = self.world.handle(event)
            assert answer["Status"] == "SUCCESS", answer["Reason"]
            self.physical_ids[key] = answer["PhysicalResourceId"]

    def destroy(self) -> None:
        """Delete each resource."""
        for resource, properties in self.resources():
            physical_id = self.physical_ids.pop((resource.stack_name, resource.logical_id))
            answer = self.world.handle(resource.delete(self.world.url, physical_id, **properties))
            assert answer["Status"] == "SUCCESS", answer["Reason"]

    def drift(self) -> list[str]:
        """Return the state of each policy, as `drift` finds it."""
        found = DriftResult.of(self.account, list(of_files(reviewed([self.assembly]))), lambda *_: None)
        return [each.state.value for each in found.policies]

"""Reads the artifacts in the manifest of a cloud assembly."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ses_sending_policy.analysis.reading.declared import KnownEnvironment
from ses_sending_policy.analysis.reading.dummies import known_text
from ses_sending_policy.analysis.reading.files import UnreadableError
from ses_sending_policy.analysis.reading.scope import at
from ses_sending_policy.analysis.reading.strict import brief
from ses_sending_policy.rules.document import Json

_ANEW: Final = "write it anew with `npx cdk synth`"


def check_other(manifest: Path, name: str, artifact: Json) -> None:
    """Refuse an artifact that is no JSON object. Refuse one that has a template but is no stack: nothing reads it."""
    if not isinstance(artifact, Mapping):
        raise UnreadableError(
            f"{str(manifest)!r} has the artifact {brief(name)} that is {brief(artifact)}, and not an object: {_ANEW}"
        )
    if at(artifact, "properties", "templateFile") is not None:
        raise UnreadableError(
            f"{str(manifest)!r} has the artifact {brief(name)} with a templateFile and the type "
            f"{brief(artifact.get('type'))}, and templates are those of 'aws:cloudformation:stack': {_ANEW}"
        )


def environment_of(artifact: Json) -> KnownEnvironment:
    """Return the account and region that a stack is deployed in, as far as the artifact tells them."""
    # For instance "aws://111111111111/eu-west-1", or "aws://unknown-account/unknown-region".
    account, _, region = str(at(artifact, "environment")).removeprefix("aws://").partition("/")
    known = [known_text(value) if value and not value.startswith("unknown-") else None for value in (region, account)]
    return KnownEnvironment(None, *known)


def file_of(manifest: Path, artifact: Json, name: str) -> str:
    """Return the file name in the property `name` of an artifact; raise `UnreadableError` if there is no proper one."""
    file = at(artifact, "properties", name)
    # Half a surrogate pair or a NUL is not printable, and no file's name has one.
    if not isinstance(file, str) or not file.isprintable():
        raise UnreadableError(f"{str(manifest)!r} has an artifact without {name}: {_ANEW}")
    return file

"""Read CloudFormation templates from files, with the templates of their nested stacks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from ses_sending_policy.analysis.reading.dummies import without_dummies
from ses_sending_policy.analysis.reading.files import Files, UnreadableError
from ses_sending_policy.analysis.reading.home import Home
from ses_sending_policy.analysis.reading.intrinsics import text_of
from ses_sending_policy.analysis.reading.loops import unrolled
from ses_sending_policy.analysis.reading.removal import kept
from ses_sending_policy.analysis.reading.resolver import Evaluation, Resolver
from ses_sending_policy.analysis.reading.scope import Scope, at
from ses_sending_policy.analysis.reading.shapes import resource_faults
from ses_sending_policy.analysis.reading.strict import brief
from ses_sending_policy.analysis.reading.template_policies import policies_of, resources
from ses_sending_policy.analysis.reading.variants import is_deployed
from ses_sending_policy.rules.document import Json

NESTED: Final = "AWS::CloudFormation::Stack"
"""The type of a nested stack."""

# The most levels of nested stacks that are read. Apps have two or three levels.
_MOST_LEVELS: Final = 64

# "Parameter values: Maximum size of a parameter value. 4,096 bytes"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
_MOST_CHARACTERS: Final = 4096


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was read from a file.

    :param path: the file's path.
    :param stack: the stack's label for people: its path in the app, or its name.
    :param environment: where the stack is deployed, as far as that is known.
    :param elements: the template as parsed JSON.
    :param stack_name: the stack's name. Default: - it is unknown.
    :param parameters: values of references that a deployed stack told, by the text that stands for the reference inside
        `${...}`. Default: - none is known.
    :param files: reads the files to which the template may refer. Default: - those in its own folder.
    :param home: the deployed stack that the template belongs to. Default: - it is unknown.
    :param root: the path of the template of the deployed stack. Default: - `path`.
    """

    path: str
    stack: str
    environment: KnownEnvironment
    elements: Mapping[str, Json]
    stack_name: str = ""
    parameters: Mapping[str, Json] = field(default_factory=dict)
    files: Files | None = field(default=None, compare=False, repr=False)
    home: Home = field(default_factory=Home)
    root: str = field(default="", compare=False)
    scope: Scope = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        found = Scope(self.elements, self.stack, self.environment, self.stack_name, self.parameters, self.home)
        object.__setattr__(self, "scope", found)

    @classmethod
    def read(
        cls,
        path: str,
        stack: str,
        environment: KnownEnvironment,
        stack_name: str = "",
        parameters: Mapping[str, Json] | None = None,
        *,
        files: Files | None = None,
        home: Home | None = None,
        root: str = "",
    ) -> "Template":
        """Return the template in the file at `path`, or raise `UnreadableError` if the file holds no template."""
        around = files or Files.beside(path)
        elements = without_dummies(around.whole(path))
        if not isinstance(elements, dict):
            raise UnreadableError(f"{path!r} is not a template: it holds no JSON object")
        # A template may lack `Resources`: the CDK leaves the section out if a stack has none.
        if not isinstance(elements.get("Resources", {}), dict):
            raise UnreadableError(f"{path!r} is not a template: its Resources are not a JSON object")
        for fault in resource_faults(elements):
            raise UnreadableError(f"{path!r} is not a template: {fault}")
        home = home or Home(stack, stack_name)
        return cls(path, stack, environment, unrolled(elements), stack_name, parameters or {}, around, home, root)

    def whole(self, faults: list[str] | None = None) -> Iterator["Template"]:
        """Yield this template and those of its nested stacks, or raise `UnreadableError` if one cannot be read.

        :param faults: a list to which a sentence is added for each nested template that cannot be read; all others are
            yielded. Default: - the first nested template that cannot be read raises.
        """
        files = self.files or Files.beside(self.path)
        left: list[tuple[Template, tuple[Path, ...]]] = [(self, ())]
        while left:
            template, around = left.pop()
            yield template
            inner = (*around, files.inside(template.path))
            nested: list[Template] = []
            for link in template._links():  # noqa: SLF001 - another of this class
                try:
                    nested += template._linked(link, files, inner)  # noqa: SLF001 - the same
                except UnreadableError as fault:
                    if faults is None:
                        raise
                    faults.append(str(fault))
            left += [(each, inner) for each in reversed(nested)]

    def policies(self, *, takes_defaults: bool) -> Iterator[Declared]:
        """Yield the policies that this template declares, without those of nested stacks.

        :param takes_defaults: whether a parameter without a given value takes its default. Otherwise its value is
            unknown.
        """
        yield from policies_of(self.scope, self.path, takes_defaults=takes_defaults)

    def resolved(self, value: Json) -> Json:
        """Return a value of this template, resolved without assuming any parameter's value."""
        return Resolver.unassuming(self.scope).resolved(value)

    def nested_ids(self) -> Iterator[str]:
        """Yield the logical ids of nested stacks whose templates are files of this app, or raise `UnreadableError`."""
        files = self.files or Files.beside(self.path)
        yield from (logical_id for logical_id, url, _ in self._links() if self._asset(files, url))

    def _links(self) -> Iterator[tuple[str, str, Json]]:
        """Yield logical id, template URL and parameters of each nested stack."""
        # A new evaluation, so that nothing found here is kept: the app's other templates are not read yet.
        evaluation = Evaluation()
        for logical_id, resource in resources(self.elements):
            properties = resource.get("Properties")
            if resource.get("Type") != NESTED or not isinstance(properties, Mapping):
                continue
            if is_deployed(self.scope, logical_id, evaluation) is not False:
                given = evaluation.of(self.scope).resolved(properties.get("Parameters"))
                yield logical_id, text_of(properties.get("TemplateURL")), given

    def _linked(self, link: tuple[str, str, Json], files: Files, around: tuple[Path, ...]) -> Iterator["Template"]:
        """Yield the template of the nested stack `link` if it is a file of this app; else nothing."""
        logical_id, url, parameters = link
        file = self._asset(files, url)
        if file is None:
            return
        path = str(Path(self.path).parent / file)
        if files.inside(path) in around:
            raise UnreadableError(f"{path!r} is nested in itself: write it anew with `npx cdk synth`")
        if len(around) > _MOST_LEVELS:
            raise UnreadableError(f"{path!r} is nested in more than {_MOST_LEVELS} stacks: is it a template at all?")
        self._check(logical_id, parameters)
        home = self.home.nested(logical_id, kept(at(self.elements, "Resources", logical_id), "DeletionPolicy"))
        label, root = f"{self.stack}/{logical_id}", self.root or self.path
        nested = Template.read(path, label, self.environment, files=files, home=home, root=root)
        nested.scope.parent = (self.scope, logical_id)
        nested.scope.app = self.scope.app
        self.scope.children[logical_id] = nested.scope
        yield nested

    def _check(self, logical_id: str, parameters: Json) -> None:
        """Raise `UnreadableError` if a parameter gets a longer value than CloudFormation takes.

        Without this limit, nested stacks could double a value at each level.
        """
        for name, value in parameters.items() if isinstance(parameters, Mapping) else ():
            if isinstance(value, str) and len(value) > _MOST_CHARACTERS:
                raise UnreadableError(
                    f"{brief(logical_id)} in {self.path!r} is given {len(value)} characters as its parameter "
                    f"{brief(name)}, and CloudFormation takes {_MOST_CHARACTERS}: is it a template at all?"
                )

    def _asset(self, files: Files, url: str) -> str | None:
        """Return the file of the asset at `url`, or None if the asset is none of this app's.

        The CDK lists the templates of nested stacks, at any depth, in the asset manifest of the deployed stack.
        """
        name = url.rpartition("/")[2].removesuffix(".json")
        for path in dict.fromkeys((self.path, self.root or self.path)):
            manifest = path.removesuffix(".template.json") + ".assets.json"
            if Path(path).parent == Path(self.path).parent and files.has(manifest):
                file = files.entry(manifest, "files", name, "source", "path")
                if isinstance(file, str):
                    return file
        return None

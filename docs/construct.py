"""Write docs/reference/construct.md from the signatures and docstrings of the public names.

`python docs/construct.py` writes it; a test fails where the page is older than the code, and the script where a
public name, a method or a parameter has no description.
"""

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import ses_sending_policy

PAGE = Path(__file__).parent / "reference" / "construct.md"

_HEAD = """\
# The construct

<!-- written by docs/construct.py from the docstrings of ses_sending_policy: change it there -->

What `from ses_sending_policy import ...` gives. `cdk` is `aws_cdk`; `iam`, `ec2`, `kms`, `lambda_`, `logs`, `cognito`,
`sns`, `sqs` and `cloudwatch` are its modules. Parameters behind a `*` are given by name, and those with a default may
be left out. Before each example goes

```python given
import aws_cdk as cdk
from aws_cdk import aws_ses as ses
from ses_sending_policy import SendingPolicy, SendingPolicyDriftCheck, SendingPolicyProvider

app = cdk.App()
stack = cdk.Stack(app, "Mail")
identity = ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain("example.com"))
policy = SendingPolicy(cdk.Stack(app, "News"), "News", identity="news.example.com")
policy.allow_account("333333333333")
```
"""

_FIRST: Final = (
    "SendingPolicy",
    "Narrowing",
    "WhenExists",
    "DelegatedIdentity",
    "SendingPolicyProvider",
    "SendingPolicyDriftCheck",
    "DeclarationError",
)

_CALLED: Final = {
    "SendingPolicyProvider": "provider",
    "SendingPolicyDriftCheck": "check",
    "DelegatedIdentity": "delegated",
}

# As wide as the lines of these pages.
_WIDTH: Final = 110

_BETWEEN_US: Final = {
    # What a policy asks of its provider.
    "SendingPolicyProvider": {
        "check_serves",
        "documents",
        "environment",
        "keep_log",
        "lanes",
        "listed",
        "properties",
        "serve",
        "settings",
        "stack",
        "stack_identities",
    },
    "DeclarationError": {"of"},  # the rules make their errors with it
}


@dataclass(frozen=True)
class Docs:
    """A docstring, in its parts.

    :param text: what stands before the parameters.
    :param parameters: meaning and default of each, the default empty where none is told.
    """

    text: str
    parameters: Mapping[str, tuple[str, str]]

    @classmethod
    def of(cls, node: ast.ClassDef | ast.FunctionDef, name: str) -> "Docs":
        """Return those of `node`, or raise `ValueError` where it has none.

        :param name: what the error calls it.
        """
        found = ast.get_docstring(node)
        if not found:
            raise ValueError(f"{name} has no description: write its docstring")
        text, *fields = re.split(r"^:param (\w+):", found, flags=re.MULTILINE)
        names, meanings = fields[::2], fields[1::2]
        return cls(text.strip(), {name: _halves(said) for name, said in zip(names, meanings, strict=True)})

    def parameter(self, name: str, of: str) -> tuple[str, str]:
        """Return the meaning and the default of a parameter, or raise `ValueError` where it has no description."""
        meaning, default = self.parameters.get(name, ("", ""))
        if not meaning:
            raise ValueError(f"parameter {name!r} of {of} has no description: write ':param {name}:'")
        return meaning, default


def _halves(said: str) -> tuple[str, str]:
    meaning, _, default = " ".join(said.split()).partition("Default: ")
    return meaning.strip(), default.removeprefix("- ").strip()


def _linked(text: str) -> str:
    """Return Markdown of a docstring's text: its example is a block, and a name of the page leads to its section."""
    prose, _, example = text.partition("Example::\n")
    linked = re.sub(rf"`({'|'.join(_names())})`", lambda name: f"[`{name[1]}`](#{name[1].lower()})", prose.strip())
    # What stands alone as an address is a link, as in the source.
    linked = re.sub(r"(?<!\S)(https://\S+)", r"<\1>", linked)
    block = f"\n\n```python\n{textwrap.dedent(example).strip()}\n```" if example else ""
    return linked + block


def _names() -> list[str]:
    """Return the classes of the page in the order of reading; one that nobody placed comes last."""
    public = [name for name in ses_sending_policy.__all__ if isinstance(getattr(ses_sending_policy, name), type)]
    return [*_FIRST, *sorted(set(public) - set(_FIRST))]


def _sources(name: str) -> list[ast.ClassDef]:
    """Return what a class is made of in this package, what it builds on last."""
    ours = [
        each
        for each in inspect.getmro(getattr(ses_sending_policy, name))
        if each.__module__.startswith("ses_sending_policy.")
    ]
    modules = [ast.parse(textwrap.dedent(inspect.getsource(each))).body[0] for each in ours]
    return [module for module in modules if isinstance(module, ast.ClassDef)]


def _type(annotation: ast.expr | None) -> str:
    """Return a type as its author wrote it, without the quotes that only Python wants."""
    return "" if annotation is None else ast.unparse(annotation).replace("'", "")


def _arguments(function: ast.FunctionDef) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the type and the default of each parameter, the default empty where it is needed."""
    given = function.args
    for argument in given.args[1:]:
        yield argument.arg, _type(argument.annotation), ""
    if given.vararg:
        yield f"*{given.vararg.arg}", _type(given.vararg.annotation), ""
    for argument, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        yield argument.arg, _type(argument.annotation), "" if default is None else ast.unparse(default)
    if given.kwarg:
        yield f"**{given.kwarg.arg}", re.sub(r"Unpack\[(\w+)\]", r"\1", _type(given.kwarg.annotation)), ""


def _table(rows: list[tuple[str, str, str, str]]) -> str:
    lines = [("name", "type", "meaning", "default"), ("---",) * 4, *rows]
    # A cell ends at a bar, also where it is code.
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def _parameters(function: ast.FunctionDef, docs: Docs, of: str) -> str:
    rows = []
    gone = docs.parameters.keys() - {shown.lstrip("*") for shown, *_ in _arguments(function)}
    if gone:
        raise ValueError(f"{of} has no parameter {', '.join(sorted(gone))}: take it out of the docstring")
    for shown, type_, default in _arguments(function):
        name = shown.lstrip("*")
        meaning, told = docs.parameter(name, of)
        if default and not told:
            raise ValueError(f"parameter {name!r} of {of} has the default {default}: write what it means")
        needed = "none" if shown.startswith("*") else "needed"
        rows.append((f"`{shown}`", _linked(f"`{type_}`"), _linked(meaning), _linked(told) or needed))
    return "\n" + _table(rows) if rows else ""


def _signature(function: ast.FunctionDef, call: str, returned: str) -> str:
    """Return how it is called, with the types in the table below."""
    words, named = [], False
    for name, _, default in _arguments(function):
        is_named = any(name == each.arg for each in function.args.kwonlyargs)
        if is_named and not named and not function.args.vararg:
            words.append("*")
        named = named or is_named
        words.append(f"{name}={default}" if default else name)
    line = f"{call}({', '.join(words)}){returned}"
    if len(line) > _WIDTH:
        line = f"{call}(\n" + "".join(f"    {word},\n" for word in words) + f"){returned}"
    return f"\n{textwrap.indent(line, '    ')}\n"


def _method(function: ast.FunctionDef, cls: str, words: list[str]) -> str:
    name = f"{cls}.{function.name}"
    docs = Docs.of(function, name)
    heading = f"\n### {function.name}\n"
    if "property" in words:
        return f"{heading}\n`{_type(function.returns)}`. {_linked(docs.text)}\n"
    returned = "" if _type(function.returns) in {"", "None"} else f" -> {_type(function.returns)}"
    call = name if {"classmethod", "staticmethod"} & set(words) else f"{_called(cls)}.{function.name}"
    signature = _signature(function, call, returned)
    return f"{heading}{signature}\n{_linked(docs.text)}\n{_parameters(function, docs, name)}"


def _called(cls: str) -> str:
    """Return what an object of the class is called in an example."""
    return _CALLED.get(cls, "policy")


def _values(cls: str, called: str, body: list[ast.stmt]) -> Iterator[str]:
    """Yield an item for each member of an enum, or attribute of an object, with the string that stands under it."""
    for line, below in pairwise([*body, ast.Pass()]):
        match line:
            case ast.Assign(targets=[ast.Name(id=name)]) if called == cls:
                pass
            case ast.AnnAssign(target=ast.Attribute(value=ast.Name(id="self"), attr=name)):
                pass
            case _:
                continue
        if name.startswith("_") or name in _BETWEEN_US.get(cls, ()):
            continue
        match below:
            case ast.Expr(value=ast.Constant(value=str(meaning))):
                yield f"- `{called}.{name}`: {_linked(meaning)}\n"
            case _:
                raise ValueError(f"{cls}.{name} has no description: write a string under it")


def _section(name: str) -> str:
    sources = _sources(name)
    own, hidden = sources[0], _BETWEEN_US.get(name, set())
    docs = Docs.of(own, name)
    parts = [f"\n## {name}\n"]
    functions = {each.name: each for node in sources[::-1] for each in node.body if isinstance(each, ast.FunctionDef)}
    made = functions.get("__init__")
    if made:
        parts.append(_signature(made, name, ""))
    parts.append(f"\n{_linked(docs.text)}\n")
    if made:
        parts.append(_parameters(made, docs, name))
    parts += _fields(own, docs) if name == "Narrowing" else []
    values = [*_values(name, name, own.body), *_values(name, _called(name), made.body if made else [])]
    parts += ["\n", *values] if values else []
    for function in functions.values():
        if not function.name.startswith("_") and function.name not in hidden:
            parts.append(_method(function, name, [ast.unparse(each) for each in function.decorator_list]))
    return "".join(parts)


def _fields(node: ast.ClassDef, docs: Docs) -> list[str]:
    rows = []
    for line in node.body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            meaning, default = docs.parameter(line.target.id, node.name)
            rows.append((f"`{line.target.id}`", f"`{_type(line.annotation)}`", meaning, default))
    return ["\n", _table(rows)]


def written() -> str:
    """Return the page as the code has it now."""
    return _HEAD + "".join(_section(name) for name in _names())


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(written(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} is written\n")

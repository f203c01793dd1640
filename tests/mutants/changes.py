"""Small changes of a module's code, each of which a good test should notice.

What decides something is changed: branches, and also tables and patterns, because here a rule is a table if it can be
one. What decides nothing is never changed: annotations, docstrings, imports, assertions, and how a value's class
is made.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

Site = tuple[ast.AST, str, int | None]
"""A node, the name of a field, and the place in that field if it is a list."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a module.

    :param scope: the class and function that it is in, as `Class.function`; empty at the top level.
    :param line: the line of the changed code.
    :param before: the code there.
    :param after: the code that replaces it.
    """

    scope: str
    line: int
    before: str
    after: str
    _site: Site
    _node: Any

    @property
    def text(self) -> str:
        """The change in one line, which does not depend on line numbers."""
        return f"{self.scope or 'top'}: {_line(self.before)} -> {_line(self.after)}"

    def is_in(self, function: ast.FunctionDef) -> bool:
        """Return whether it is in the body of `function`, and not in its signature or decorators."""
        return function.body[0].lineno <= self.line <= (function.end_lineno or self.line)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Change the tree until the end of the block."""
        parent, name, place = self._site
        before = getattr(parent, name)
        after = self._node
        if place is not None:
            after = [*before[:place], *([] if self._node is None else [self._node]), *before[place + 1 :]]
        setattr(parent, name, after)
        try:
            yield
        finally:
            setattr(parent, name, before)


def changes(tree: ast.Module) -> Iterator[Change]:
    """Yield every change of a module; none of them is applied."""
    members = _members(tree)
    for scope, site, node in _sites(tree, ""):
        before = ast.unparse(node)
        for other in _others(node, site, members):
            after = "" if other is None else ast.unparse(other)
            if after != before:
                told = (_entry(node, other), "") if isinstance(node, ast.Dict) and other else (before, after)
                yield Change(scope, getattr(node, "lineno", 0), *told, site, _placed(other, node))


def _entry(whole: ast.Dict, rest: ast.Dict) -> str:
    """Return the entry of `whole` that `rest` lacks."""
    [at] = [index for index, value in enumerate(whole.values) if value not in rest.values]
    key = whole.keys[at]
    return f"{ast.unparse(key)}: {ast.unparse(whole.values[at])}" if key else f"**{ast.unparse(whole.values[at])}"


# What decides nothing: annotations, docstrings, decorators.
_SKIPPED_FIELDS: Final = {"annotation", "returns", "decorator_list", "type_params"}
_SKIPPED_NODES: Final = (ast.Import, ast.ImportFrom, ast.Assert, ast.Pass)
_TYPE_MAKERS: Final = {"TypeVar", "NewType"}


def _sites(node: ast.AST, scope: str) -> Iterator[tuple[str, Site, Any]]:
    for name, value in ast.iter_fields(node):
        if name in _SKIPPED_FIELDS or (isinstance(node, ast.AnnAssign) and name == "target"):
            continue
        children = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for place, child in children:
            if not isinstance(child, ast.AST) or isinstance(child, _SKIPPED_NODES) or _is_idle(child):
                continue
            yield scope, (node, name, place), child
            inner = f"{scope}.{child.name}".lstrip(".") if isinstance(child, _SCOPES) else scope
            yield from _sites(child, inner)


_SCOPES: Final = (ast.FunctionDef, ast.ClassDef)


def _is_idle(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assign(value=ast.Call(func=ast.Name(id=maker))) if maker in _TYPE_MAKERS:
            return True
    return False


def _members(tree: ast.Module) -> dict[str, list[str]]:
    """Return the members of each enumeration that the module uses, by the enumeration's name."""
    members: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name[0].isupper() and attr.isupper():
                known = members.setdefault(name, [])
                if attr not in known:
                    known.append(attr)
    return members


def is_late(tree: ast.Module, change: Change) -> bool:
    """Return whether a change has no effect before a test begins: it is in a function that makes no table."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and change.is_in(node)]
    return bool(functions) and _makers(tree).isdisjoint(each.name for each in functions)


def _makers(tree: ast.Module) -> set[str]:
    """Return the module's functions that run while it is loaded, because they make a table or are called for one."""
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    found: set[str] = set()
    waiting = list(_loaded(tree.body))
    while waiting:
        names = {node.id for node in ast.walk(waiting.pop()) if isinstance(node, ast.Name)}
        new = (names & functions.keys()) - found
        found |= new
        waiting += [functions[name] for name in new]
    return found


def _loaded(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _loaded(node.body)
        elif not isinstance(node, ast.FunctionDef):
            yield node


_OPPOSITES: Final[dict[type[ast.AST], Any]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


def _others(node: Any, site: Site, members: dict[str, list[str]]) -> Iterator[Any]:
    yield from _other_expressions(node)
    yield from _other_arguments(node, site)
    yield from _other_values(node, members)
    yield from _other_statements(node)
    parent, name, _ = site
    if name == "test" and isinstance(parent, ast.If | ast.While | ast.IfExp):
        yield ast.Constant(value=False)
        if not isinstance(parent, ast.While):
            yield ast.Constant(value=True)
    if name == "ifs" or (isinstance(parent, ast.List | ast.Set) and name == "elts" and len(parent.elts) > 1):
        yield None
    if isinstance(parent, ast.Match) and name == "cases" and len(parent.cases) > 1:
        yield None


def _other_expressions(node: Any) -> Iterator[Any]:
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=comparators):
            yield ast.Compare(left=left, ops=[_OPPOSITES[type(operator)]()], comparators=comparators)
        case ast.BoolOp(op=operator, values=values):
            yield ast.BoolOp(op=_OPPOSITES[type(operator)](), values=values)
            for index in range(len(values)):
                rest = [*values[:index], *values[index + 1 :]]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(op=operator, values=rest)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.BinOp(left=left, op=operator, right=right):
            if type(operator) in _OPPOSITES:
                yield ast.BinOp(left=left, op=_OPPOSITES[type(operator)](), right=right)
            yield from (left, right)
        case ast.IfExp(body=body, orelse=orelse):
            yield from (body, orelse)


# Without these a value has another type, and any test that runs the line would notice.
_TYPED: Final = {"len", "re.compile", "bool", "hashlib.sha256", "sha256"}


def _other_arguments(node: Any, site: Site) -> Iterator[Any]:
    match node:
        case ast.Call(func=function, args=arguments, keywords=keywords) if not _raised(site):
            match arguments:
                case [ast.Starred() | ast.Set()]:
                    pass
                case [argument] if ast.unparse(function) not in _TYPED:
                    yield argument
            for index in range(len(keywords)):
                rest = [*keywords[:index], *keywords[index + 1 :]]
                yield ast.Call(func=function, args=arguments, keywords=rest)


def _raised(site: Site) -> bool:
    # Only exceptions can be raised: any test that runs the line would notice.
    return isinstance(site[0], ast.Raise)


def _other_values(node: Any, members: dict[str, list[str]]) -> Iterator[Any]:
    match node:
        case ast.Constant(value=bool(value)):
            yield ast.Constant(value=not value)
        case ast.Constant(value=int(value) | float(value)):
            yield ast.Constant(value=value + 1)
        case ast.Constant(value=str(value)) if value:
            yield from map(ast.Constant, ["", *_other_patterns(value)])
        case ast.Dict(keys=keys, values=values) if len(keys) > 1:
            for index in range(len(keys)):
                yield ast.Dict(keys=[*keys[:index], *keys[index + 1 :]], values=[*values[:index], *values[index + 1 :]])
        case ast.Attribute(value=ast.Name(id=name), attr=attr, ctx=ast.Load()) if attr in members.get(name, []):
            known = members[name]
            yield ast.Attribute(value=node.value, attr=known[(known.index(attr) + 1) % len(known)], ctx=ast.Load())
        case ast.Slice(lower=lower, upper=upper) if lower is not None or upper is not None:
            yield ast.Slice(lower=None, upper=None)


# Quantifiers and lookarounds: where a pattern is most easily wrong.
_QUANTITY: Final = re.compile(r"\{(\d+)(,?)(\d*)\}|(?<=[\])\w.])[+*?]|\(\?<?[!=][^()]*\)")


def _other_patterns(text: str) -> Iterator[str]:
    """Yield `text` with each of its quantifiers changed, if it is a pattern."""
    if not re.search(r"[\[(\\].*[\])]|\\[dswZ]", text):
        return
    for found in _QUANTITY.finditer(text):
        least, comma, most = found[1], found[2], found[3]
        if least is None:
            other = {"+": "*", "*": "+", "?": ""}.get(found[0], "")
            yield text[: found.start()] + other + text[found.end() :]
            continue
        for low, high in ((int(least) + 1, most), (least, most and int(most) + 1)):
            yield f"{text[: found.start()]}{{{low}{comma}{high}}}{text[found.end() :]}"


def _other_statements(node: Any) -> Iterator[Any]:
    match node:
        case ast.Expr() | ast.Raise() | ast.AugAssign():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()
        case ast.Return(value=value) if value is not None and not (
            isinstance(value, ast.Constant) and value.value is None
        ):
            yield ast.Return(value=ast.Constant(value=None))
        case ast.Return(value=None):
            yield ast.Pass()
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()


def _placed(other: Any, node: ast.AST) -> Any:
    return None if other is None else ast.fix_missing_locations(ast.copy_location(other, node))


def _line(code: str) -> str:
    return re.sub(r"\s+", " ", code) or "nothing"

"""Looking into the expressions and texts of a pack: which names, fields and facts they use. Nothing is evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from jinja2 import Environment, TemplateSyntaxError, meta, nodes

_ENVIRONMENT = Environment(autoescape=True)  # never renders: it only reads what is written
_FILTERS = ("money", "day", "time", "label")
_ENVIRONMENT.filters.update(dict.fromkeys(_FILTERS, str))
_FIELD = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
_BY_FIELD = frozenset({"selectattr", "rejectattr"})

Fields = frozenset[str]


@lru_cache(maxsize=8192)
def parse_text(text: str) -> nodes.Template:
    """Return the syntax tree of a text.

    Raises: jinja2.TemplateSyntaxError.
    """
    return _ENVIRONMENT.parse(text)


def parse_expression(source: str) -> nodes.Expr:
    """Return the syntax tree of an expression.

    Raises: jinja2.TemplateSyntaxError.
    """
    output = parse_text(f"{{{{ ({source}) }}}}").body[0]
    assert isinstance(output, nodes.Output)
    expression = output.nodes[0]
    assert isinstance(expression, nodes.Expr)
    return expression


def syntax_error(text: str, *, expression: bool) -> str:
    """Return what is wrong with a text or an expression, "" when it can be read."""
    if expression and not text.strip():
        return "it is empty"
    try:
        tree = parse_expression(text) if expression else parse_text(text)
    except (TemplateSyntaxError, AssertionError, IndexError) as error:
        return str(error) or "not an expression"
    unknown = {filtered.name for filtered in _all(tree, nodes.Filter)} - _ENVIRONMENT.filters.keys()
    return f"there is no filter {', '.join(sorted(unknown))}" if unknown else ""


def _all(tree: nodes.Node, kind: type[nodes.Filter]) -> Iterator[nodes.Filter]:
    if isinstance(tree, kind):
        yield tree
    yield from tree.find_all(kind)


def root_of(expression: nodes.Node) -> str:
    """Return the name an expression starts from (`a` of `a.b[0] | list`), "" when it has none."""
    while isinstance(expression, nodes.Getattr | nodes.Getitem | nodes.Filter):
        if expression.node is None:
            return ""
        expression = expression.node
    return expression.name if isinstance(expression, nodes.Name) else ""


def names_in(text: str, *, expression: bool = False) -> frozenset[str]:
    """Return the names whose values a text or an expression needs."""
    tree = parse_text(f"{{{{ ({text}) }}}}" if expression else text)
    return frozenset(meta.find_undeclared_variables(tree))


def optional_names(text: str) -> frozenset[str]:
    """Return the names that a text asks about before using (`{% if second is defined %}`)."""
    tests = (test for test in parse_text(text).find_all(nodes.Test) if test.name == "defined")
    return frozenset(root_of(test.node) for test in tests)


def plain(text: str) -> str:
    """Return what is always said of a text: its fields become a placeholder, its conditions disappear."""
    return _TAG.sub("", _FIELD.sub("□", text))


@dataclass
class Uses:
    """What a text or an expression uses.

    facts:  ids of facts. paths: `card.last_four` for every field of a named value.
    wrong:  (name, field) where a value of known form has no such field.
    """

    facts: set[str] = field(default_factory=set)
    paths: set[str] = field(default_factory=set)
    wrong: list[tuple[str, str]] = field(default_factory=list)


def uses_of(text: str, forms: Mapping[str, Fields], *, expression: bool = False) -> Uses:
    """Return what a text or an expression uses. `forms` gives the fields of values whose form is known."""
    walk = _Walk(dict(forms))
    walk.visit(parse_text(f"{{{{ ({text}) }}}}" if expression else text))
    return walk.uses


class _Walk:
    """One pass over a syntax tree, with the names that loops bind."""

    def __init__(self, forms: dict[str, Fields]) -> None:
        self.forms = forms
        self.bound: dict[str, str] = {}
        self.uses = Uses()

    def visit(self, node: nodes.Node) -> None:
        match node:
            case nodes.For():
                self.loop(node)
            case nodes.Getattr():
                self.attribute(node)
            case nodes.Filter():
                self.filter(node)
            case nodes.Call() if self.asks_for_fact(node):
                return
        for child in node.iter_child_nodes():
            self.visit(child)

    def loop(self, node: nodes.For) -> None:
        root = root_of(node.iter)
        if isinstance(node.target, nodes.Name) and root:
            self.bound[node.target.name] = self.bound.get(root, root)

    def attribute(self, node: nodes.Getattr) -> None:
        steps = _dotted(node)
        if steps and steps[0] == "facts" and len(steps) == 3:
            self.uses.facts.add(f"{steps[1]}.{steps[2]}")
        elif isinstance(node.node, nodes.Name):
            self.field(node.node.name, node.attr)
        elif isinstance(node.node, nodes.Filter | nodes.Getitem) and (root := root_of(node.node)):
            self.field(root, node.attr)

    def field(self, name: str, attribute: str) -> None:
        if name in ("facts", "loop"):
            return
        name = self.bound.get(name, name)
        self.uses.paths.add(f"{name}.{attribute}")
        form = self.forms.get(name)
        if form is not None and attribute not in form:
            self.uses.wrong.append((name, attribute))

    def asks_for_fact(self, node: nodes.Call) -> bool:
        target = node.node
        if not (isinstance(target, nodes.Getattr) and target.attr == "get" and root_of(target) == "facts"):
            return False
        self.uses.facts |= {str(named.value) for named in node.args if isinstance(named, nodes.Const)}
        return True

    def filter(self, node: nodes.Filter) -> None:
        root = root_of(node)
        if root and node.name in _BY_FIELD and node.args and isinstance(node.args[0], nodes.Const):
            self.field(root, str(node.args[0].value))
        if root and node.name == "map":
            for keyword in node.kwargs:
                if keyword.key == "attribute" and isinstance(keyword.value, nodes.Const):
                    self.field(root, str(keyword.value.value))


def _dotted(node: nodes.Node) -> list[str]:
    steps: list[str] = []
    while isinstance(node, nodes.Getattr):
        steps.append(node.attr)
        node = node.node
    return [node.name, *reversed(steps)] if isinstance(node, nodes.Name) else []

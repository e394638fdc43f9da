"""YAML that can say on which line a value stands.

Parsing uses the C loader; the second, slower parse that knows the lines happens only once there is a problem to report.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TypeVar

import msgspec
import yaml

from tellerline.domain.problem import PackProblem

T = TypeVar("T")
Path = tuple[str | int, ...]

_PLACE = re.compile(r" - at `([^`]*)`$")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_REMEDIES = (
    (
        re.compile(r"Expected `str.*got `(float|int|bool)`"),
        "put the value in quotes, so that it is read as text",
    ),
    (re.compile(r"Expected `str.*got `(object|array)`"), "write one text, in quotes when it holds a colon"),
    (re.compile(r"unknown field"), "remove the key, or correct its spelling"),
    (re.compile(r"missing required field"), "add the key"),
    (re.compile(r"Invalid enum value"), "use one of the values in the guide"),
    (re.compile(r"Expected `date"), "write the day as 2026-01-31, without quotes"),
)


class PackLoader(yaml.CSafeLoader):
    """Safe YAML in which only true and false are truth values, as in YAML 1.2: a step may have a key `on`."""


PackLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
PackLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


class LocatedYaml:
    """The YAML text of a pack file. `first_line` is where it starts when it is part of a larger file."""

    def __init__(self, file: str, text: str, first_line: int = 1) -> None:
        self.file = file
        self.text = text
        self.first_line = first_line

    def parse(self, problems: list[PackProblem]) -> object:
        """Return the content; None, and a problem, when it is no YAML."""
        try:
            return yaml.load(self.text, Loader=PackLoader)  # noqa: S506  a safe loader
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + self.first_line if error.problem_mark else self.first_line
            what = f"not YAML: {error.problem or error.context}"
            problems.append(PackProblem(self.file, line, what, "check indentation, colons and quotes here"))
            return None

    def convert(self, raw: object, kind: type[T], problems: list[PackProblem], at: Path = ()) -> T | None:
        """Return `raw`, which stands at `at`, as a `kind`; None, and a problem, when it is not one."""
        try:
            return msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            message = str(error)
            place = _PLACE.search(message)
            inner = _parse_place(place[1]) if place else ()
            what = _PLACE.sub("", message)
            problems.append(self.problem((*at, *inner), what[0].lower() + what[1:], _remedy(what)))
            return None

    def problem(self, at: Path, what: str, remedy: str) -> PackProblem:
        """Return the error `what` of the value at `at`."""
        return PackProblem(self.file, self.line_of(at), what, remedy)

    def line_of(self, at: Path) -> int:
        """Return the line of the value at `at`, or of the nearest value around it that exists."""
        node, line = self._root, self.first_line
        for step in at:
            node = _child(node, step)
            if node is None:
                break
            line = node.start_mark.line + self.first_line
        return line

    @cached_property
    def _root(self) -> yaml.Node | None:
        try:
            return yaml.compose(self.text, Loader=yaml.CSafeLoader)
        except yaml.MarkedYAMLError:  # `parse` has told where; nothing in it has a line of its own
            return None


def _child(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        found: yaml.Node = node.value[step]
        return found
    return None


def _parse_place(place: str) -> Path:
    """Turn `$.rows[3].value` into its steps."""
    return tuple(name or int(number) for name, number in _STEP.findall(place))


def _remedy(what: str) -> str:
    return next((remedy for pattern, remedy in _REMEDIES if pattern.search(what)), "compare with the guide")

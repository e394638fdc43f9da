"""The house rules as functions: each takes one file and yields `line: what is wrong: what to do instead`."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 70
CLASS_LINES_MAX = 300
UNDOCUMENTED_PERCENT_MAX = 5

VAGUE_NAMES = frozenset(
    {"utils", "util", "common", "helpers", "helper", "manager", "managers", "base", "misc"}
)
BINARY = frozenset(
    {".png", ".jpg", ".gif", ".ico", ".woff2", ".pdf", ".xlsx", ".docx", ".npz", ".gz", ".onnx"}
)

# Written in pieces, so that this file does not break its own rule.
MACHINE_PATH = re.compile(
    r"(?<![\w.}>-])(?:/(?:home|Users|root|work)/(?=\w|\.)|/opt/(?:py|wh)\w|[A-Z]:\\Users\\)"
)
REGISTRY_HOST = re.compile(
    r"\b(?:"
    + "|".join(
        [
            r"pypi\." + "org",
            "files.python" + "hosted",
            r"registry\." + "npmjs",
            r"registry\." + "yarnpkg",
            "npm" + "mirror",
            r"mirrors\.\w+\.(?:com|edu)",
        ]
    )
    + r")",
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def project_files(root: Path) -> list[Path]:
    """List the files that git tracks or would track, in order."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout.decode()
    paths = {root / name for name in listed.split("\0") if name}
    return sorted(path for path in paths if path.is_file())


def sizes(source: str) -> Iterator[str]:
    """Find a file, a function or a class over its limit."""
    line_count = len(source.splitlines())
    if line_count > FILE_LINES_MAX:
        yield f"1: the file has {line_count} lines, at most {FILE_LINES_MAX}: split it by noun"
    for node in ast.walk(ast.parse(source)):
        limit = (
            FUNCTION_LINES_MAX
            if isinstance(node, Function)
            else CLASS_LINES_MAX
            if isinstance(node, ast.ClassDef)
            else None
        )
        if limit and isinstance(node, Function | ast.ClassDef) and _length(node) > limit:
            yield f"{node.lineno}: {node.name} has {_length(node)} lines, at most {limit}: split it"


def _length(node: Function | ast.ClassDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def excepts(source: str) -> Iterator[str]:
    """Find a bare except, and a broad one without a comment that names its boundary."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ExceptHandler):
            continue
        if node.type is None:
            yield f"{node.lineno}: bare except: name the error"
        elif _is_broad(node.type) and not _names_boundary(lines, node):
            yield f"{node.lineno}: broad except: name the error, or the boundary in `# boundary: …`"


def _is_broad(caught: ast.expr) -> bool:
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(isinstance(name, ast.Name) and name.id in ("Exception", "BaseException") for name in names)


def _names_boundary(lines: list[str], handler: ast.ExceptHandler) -> bool:
    """Look for the comment above the except, on its line, or between it and its body."""
    around = lines[max(handler.lineno - 2, 0) : handler.body[0].lineno]
    return any(re.search(r"#\s*boundary: \w", line) for line in around)


def fakes_in_product(path: Path, source: str) -> Iterator[str]:
    """Find product code that imports `tellerline.testing`; only `exam` may."""
    if {"exam", "testing"} & set(path.parts):
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            named = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        else:
            continue
        if any(re.match(r"tellerline\.testing(\.|$)", name) for name in named):
            yield f"{node.lineno}: product code imports tellerline.testing: only exam and the tests may"


def vague_name(path: Path) -> Iterator[str]:
    """Find a module or folder whose name says nothing of what it holds."""
    vague = VAGUE_NAMES.intersection([*path.parent.parts, path.stem])
    if vague:
        yield f"1: {', '.join(vague)} says nothing: name the noun it holds"


def addresses(text: str) -> Iterator[str]:
    """Find a path of somebody's machine, or the host name of a package registry."""
    for number, line in enumerate(text.splitlines(), start=1):
        if MACHINE_PATH.search(line):
            yield f"{number}: a path of one machine: make it relative"
        if REGISTRY_HOST.search(line):
            yield f"{number}: the address of a registry: leave it to the reader's own settings"


def undocumented(source: str) -> tuple[int, list[str]]:
    """Count the public classes and functions of a module, and list those without a docstring."""
    public = list(_public(ast.parse(source)))
    return len(public), [f"{node.lineno}: {node.name} has no docstring" for node in public if not _says(node)]


def _public(parent: ast.Module | ast.ClassDef) -> Iterator[Function | ast.ClassDef]:
    for node in parent.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def _says(node: Function | ast.ClassDef) -> bool:
    """An overload or an override says what the signature or the parent says."""
    marks = {ast.unparse(mark).rpartition(".")[2] for mark in node.decorator_list}
    return ast.get_docstring(node) is not None or not marks.isdisjoint({"overload", "override", "setter"})

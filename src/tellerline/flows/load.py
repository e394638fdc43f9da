"""Reading the procedures of a pack: `flows/<flow>/flow.yaml` and, beside it, what is said in each language."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import msgspec

from tellerline.domain.language import LANGUAGES, Language
from tellerline.domain.located import LocatedYaml
from tellerline.domain.problem import PackProblem
from tellerline.flows.spec import STEP_KINDS, Flow, Step

RawCopy: TypeAlias = "dict[str, object]"
"""The content of a copy file: key → a text, or a list of {when, text}."""


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to say something, and when it fits."""

    text: str
    when: str = ""


@dataclass
class CopyFile:
    """The texts of one language. `raw` is what the file holds, `texts` the same as wordings; `readable` if it has a form."""

    yaml: LocatedYaml
    raw: RawCopy = field(default_factory=dict)
    texts: dict[str, list[Wording]] = field(default_factory=dict)
    readable: bool = False


@dataclass
class FlowFiles:
    """A procedure with its files."""

    flow: Flow
    yaml: LocatedYaml
    copies: dict[Language, CopyFile]


def load_flows(
    folder: Path,
) -> tuple[dict[str, Flow], dict[str, dict[Language, RawCopy]], list[PackProblem]]:
    """Return the flows of the pack in `folder` and their raw copy, both by flow, and what kept others from being read."""
    files, problems = read_flows(folder)
    flows = {found.flow.flow: found.flow for found in files}
    copies = {
        found.flow.flow: {language: copy.raw for language, copy in found.copies.items()} for found in files
    }
    return flows, copies, problems


def read_flows(folder: Path) -> tuple[list[FlowFiles], list[PackProblem]]:
    """Read every procedure of the pack in `folder`, in the order of their names."""
    problems: list[PackProblem] = []
    found: list[FlowFiles] = []
    for path in sorted(path for path in (folder / "flows").iterdir() if path.is_dir()):
        files = _read_flow(folder, path, problems)
        if files is not None:
            found.append(files)
    return found, problems


def _read_flow(folder: Path, path: Path, problems: list[PackProblem]) -> FlowFiles | None:
    where = (path / "flow.yaml").relative_to(folder).as_posix()
    if not (path / "flow.yaml").is_file():
        problems.append(
            PackProblem(where, 0, "there is no such file", "write the procedure, or remove the folder")
        )
        return None
    source = LocatedYaml(where, (path / "flow.yaml").read_text(encoding="utf-8"))
    raw = source.parse(problems)
    flow = source.convert(raw, Flow, problems) if raw is not None else None
    copies = {language: read_copy(folder, path / f"copy.{language}.yaml", problems) for language in LANGUAGES}
    if flow is None:
        return None
    if flow.flow != path.name:
        what = f"the flow is called {flow.flow!r}, its folder {path.name!r}"
        problems.append(source.problem(("flow",), what, "give both the same name"))
    wrong = [_wrong_kind(source, index, step) for index, step in enumerate(flow.steps)]
    wrong += _wrong_ids(source, flow)
    problems += [problem for problem in wrong if problem is not None]
    return FlowFiles(flow, source, copies) if not any(wrong) else None


def read_copy(folder: Path, path: Path, problems: list[PackProblem]) -> CopyFile:
    """Read a file of texts of the pack in `folder`."""
    where = path.relative_to(folder).as_posix()
    if not path.is_file():
        problems.append(PackProblem(where, 0, "there is no such file", "write what is said in this language"))
        return CopyFile(LocatedYaml(where, ""))
    found = CopyFile(LocatedYaml(where, path.read_text(encoding="utf-8")))
    raw = found.yaml.parse(problems)
    if raw is None:
        return found
    mapping = found.yaml.convert(raw, dict[str, object], problems)
    found.readable = mapping is not None
    found.raw = mapping or {}
    for key, value in found.raw.items():
        if isinstance(value, str):
            found.texts[key] = [Wording(value)]
            continue
        wordings = found.yaml.convert(value, list[Wording], problems, (key,))
        if wordings:
            found.texts[key] = wordings
        elif wordings is not None:
            problems.append(
                found.yaml.problem((key,), f"{key} has no wording", "write one, or remove the key")
            )
    return found


def _wrong_kind(source: LocatedYaml, index: int, step: Step) -> PackProblem | None:
    kinds = [kind for kind in STEP_KINDS if getattr(step, kind) is not None]
    if len(kinds) == 1:
        return None
    has = f"is {' and '.join(kinds)} at once" if kinds else "does nothing"
    remedy = f"give it exactly one of: {', '.join(STEP_KINDS)}"
    return source.problem(("steps", index), f"step {step.id!r} {has}", remedy)


def _wrong_ids(source: LocatedYaml, flow: Flow) -> list[PackProblem | None]:
    if not flow.steps:
        return [source.problem(("steps",), "the flow has no steps", "write at least one")]
    seen: set[str] = set()
    problems: list[PackProblem | None] = []
    for index, step in enumerate(flow.steps):
        if step.id in seen:
            at = ("steps", index, "id")
            problems.append(
                source.problem(at, f"there is another step {step.id!r}", "give each step its own id")
            )
        seen.add(step.id)
    return problems

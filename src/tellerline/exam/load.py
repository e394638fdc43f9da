"""Reading exam cases from a pack. Every problem is collected, with its file and line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from tellerline.domain.language import LANGUAGES, Language
from tellerline.domain.located import LocatedYaml
from tellerline.domain.problem import PackProblem
from tellerline.exam.ability import ABILITIES, folder_of
from tellerline.exam.case import Case

REMEDY_IN_GUIDE = "see the guide to the exam"


class Placed(msgspec.Struct, frozen=True):
    """A case with its row and place. `flow` is set for the cases beside a flow; `file` is relative to the pack."""

    case: Case
    language: Language
    file: str
    line: int
    flow: str = ""

    @property
    def ability(self) -> int:
        """The ability examined; 0 for a case beside a flow that names none."""
        return self.case.ability or 0


def load_exam(pack: Path) -> tuple[list[Placed], list[PackProblem]]:
    """Read `exam/<ability>/<language>.yaml` of the pack in folder `pack`."""
    placed: list[Placed] = []
    problems: list[PackProblem] = []
    numbers = {folder_of(number): number for number in ABILITIES}
    for folder in sorted(path for path in (pack / "exam").glob("[0-9]*") if path.is_dir()):
        number = numbers.get(folder.name)
        if number is None:
            file = folder.relative_to(pack).as_posix()
            remedy = f"name it after an ability, as {folder_of(3)!r}"
            problems.append(PackProblem(file, 0, f"{folder.name!r} is no ability's folder", remedy))
            continue
        for path in sorted(folder.glob("*.yaml")):
            placed += _read(pack, path, problems, ability=number)
    return placed, problems + list(_repeated(placed))


def load_flow_cases(pack: Path) -> tuple[list[Placed], list[PackProblem]]:
    """Read the cases that stand beside the flows, `flows/<flow>/cases.yaml`; each says its language."""
    placed: list[Placed] = []
    problems: list[PackProblem] = []
    for path in sorted((pack / "flows").glob("*/cases.yaml")):
        placed += _read(pack, path, problems, flow=path.parent.name)
    return placed, problems + list(_repeated(placed))


def _read(
    pack: Path, path: Path, problems: list[PackProblem], *, ability: int | None = None, flow: str = ""
) -> Iterator[Placed]:
    file = path.relative_to(pack).as_posix()
    source = LocatedYaml(file, path.read_text("utf-8"))
    content = source.parse(problems)
    found = None if content is None else source.convert(content, list[object], problems)
    for index, raw in enumerate(found or []):
        case = source.convert(raw, Case, problems, (index,))
        if case is None:
            continue
        language = case.start.language or _language_of(path)
        wrong = _misplaced(case, path, language, ability)
        if wrong or language is None:
            key, what = wrong or ("start", "a case beside a flow says its language")
            problems.append(source.problem((index, key), what, REMEDY_IN_GUIDE))
            continue
        yield Placed(case, language, file, source.line_of((index,)), flow)


def _language_of(path: Path) -> Language | None:
    return next((language for language in LANGUAGES if language == path.stem), None)


def _misplaced(
    case: Case, path: Path, language: Language | None, ability: int | None
) -> tuple[str, str] | None:
    """Say which key contradicts the place of the file, and how."""
    if ability is None:
        return None
    if case.ability != ability:
        return "ability", f"case {case.id} of ability {case.ability} stands in {path.parent.name}"
    if language is None or language != _language_of(path):
        return "start", f"case {case.id} begins in {language} and stands in {path.name}"
    return None


def _repeated(placed: list[Placed]) -> Iterator[PackProblem]:
    seen: dict[str, Placed] = {}
    for item in placed:
        first = seen.setdefault(item.case.id, item)
        if first is not item:
            what = f"case {item.case.id} stands in {first.file}:{first.line} already"
            yield PackProblem(item.file, item.line, what, "give each case an id of its own")

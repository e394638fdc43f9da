"""Laying accepted changes over a pack: the folder that comes out is what a release is made of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import yaml

from tellerline.domain.located import PackLoader
from tellerline.domain.problem import PackProblem
from tellerline.domain.proposal import (
    ArticleChange,
    Change,
    ExampleChange,
    FactChange,
    SourceChange,
    TableChange,
)
from tellerline.knowledge.learning.article_form import render_article

Row = dict[str, Any]
DAY = timedelta(days=1)


def lay_over(pack: Path, changes: Iterable[Change], on: date, problems: list[PackProblem]) -> None:
    """Put `changes`, which come into force on day `on`, into the files of the pack in folder `pack`, in their order.

    A change that fits nothing there is a problem, and left out.
    """
    for change in changes:
        match change:
            case ArticleChange():
                path = pack / "articles" / change.language / f"{change.id}.md"
                _replace(path, render_article(change, on))
            case TableChange():
                _add_table(pack, change)
            case SourceChange() | FactChange():
                _edit_table(pack, change, on, problems)
            case ExampleChange():
                _add_example(pack, change, problems)


def _add_table(pack: Path, change: TableChange) -> None:
    path = pack / "facts" / f"{change.id}.yaml"
    if not path.exists():
        head = {
            "id": change.id,
            "title": msgspec.to_builtins(change.title),
            "owner": change.owner,
            "source": msgspec.to_builtins(change.source),
            "audience": "public",
            "products": change.products,
            "rows": [],
        }
        _write(path, head)


def _edit_table(pack: Path, change: SourceChange | FactChange, on: date, problems: list[PackProblem]) -> None:
    file = f"facts/{change.table}.yaml"
    path = pack / file
    if not path.is_file():
        problems.append(
            PackProblem(file, 0, "there is no such table any more", "withdraw the proposal, or add the table")
        )
        return
    table = _read(path)
    if isinstance(change, SourceChange):
        table["source"] = msgspec.to_builtins(change.source)
    else:
        table["rows"] = put_row(table.get("rows", []), change, on)
    _write(path, table)


def put_row(rows: list[Row], change: FactChange, on: date) -> list[Row]:
    """Return the rows of a table with a figure put in from its first day on.

    The figure held until then ends on the day before. One that is to follow later stays, and ends the new one; one
    that the new figure interrupts goes on after it.
    """
    first, last = change.valid_from or on, change.valid_to
    later = [row["valid_from"] for row in rows if row["key"] == change.key and row["valid_from"] > first]
    if last is None and later:
        last = min(later) - DAY
    new = {
        "key": change.key,
        "label": msgspec.to_builtins(change.label),
        "unit": change.unit,
        **({"currency": change.currency} if change.unit == "money" else {}),
        "value": msgspec.to_builtins(change.value),
        "valid_from": first,
        "valid_to": last,
    }
    kept: list[Row] = []
    place: int | None = None
    for row in rows:
        if row["key"] != change.key:
            kept.append(row)
            continue
        place = len(kept) if place is None else place
        kept += _around(row, first, last)
    kept.insert(len(kept) if place is None else place, new)
    return kept


def _around(row: Row, first: date, last: date | None) -> list[Row]:
    """Return what is left of an interval before and after another."""
    begins, ends = row["valid_from"], row["valid_to"]
    if (ends is not None and ends < first) or (last is not None and begins > last):
        return [row]
    left = [{**row, "valid_to": first - DAY}] if begins < first else []
    if last is not None and (ends is None or ends > last):
        left.insert(0, {**row, "valid_from": last + DAY})
    return left


def _add_example(pack: Path, change: ExampleChange, problems: list[PackProblem]) -> None:
    file = f"intents/{change.language}/{change.intent}.yaml"
    path = pack / file
    if not path.is_file():
        problems.append(PackProblem(file, 0, "there is no such intent any more", "withdraw the proposal"))
        return
    examples = _read(path)
    if change.text not in examples:
        _write(path, [*examples, change.text])


def _read(path: Path) -> Any:  # noqa: ANN401  a file of any shape
    return yaml.load(path.read_text("utf-8"), Loader=PackLoader)  # noqa: S506  a safe loader


def _write(path: Path, content: object) -> None:
    _replace(path, yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1_000))


def _replace(path: Path, text: str) -> None:
    """Write a file anew: the one of before may be shared with the pack itself."""
    path.unlink(missing_ok=True)
    path.write_text(text, "utf-8")

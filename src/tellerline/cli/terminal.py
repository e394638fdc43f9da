"""What every command shares: where data and pack are, and how results are printed."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tellerline.domain.problem import PackProblem
from tellerline.settings import Settings, load_settings

Data = Annotated[Path | None, typer.Option("--data", help="Folder of the record.")]
Pack = Annotated[Path | None, typer.Option("--pack", help="Folder of the bank pack.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
console = Console()
notes = Console(stderr=True)


def settings_from(**given: object) -> Settings:
    """Read the settings of a command."""
    return load_settings(os.environ, **given)


def print_json(value: object) -> None:
    """Print JSON for programs: plain, whole lines."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def show_problems(problems: Sequence[PackProblem]) -> None:
    """Print what is wrong with a pack, one problem a line."""
    for problem in problems:
        console.print(problem.render(), highlight=False, markup=False, soft_wrap=True)

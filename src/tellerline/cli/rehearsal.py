"""`tellerline matrix` and `tellerline simulate`: conversations that nobody held, by the thousand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tellerline.cli.terminal import AsJson, Pack, console, notes, settings_from
from tellerline.domain.errors import Invalid
from tellerline.domain.language import LANGUAGES, Language


def matrix(
    flow: Annotated[list[str] | None, typer.Option(help="Only this flow; may be given again.")] = None,
    case: Annotated[
        list[int] | None, typer.Option(help="Only this dialogue case (1–49); may be given again.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Only zh or en.")] = None,
    seed: Annotated[int, typer.Option(help="Which words, ways and customers are drawn.")] = 0,
    sample: Annotated[int | None, typer.Option(help="Only so many cells, drawn by the seed.", min=1)] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write the grid and its conversations to this file.")
    ] = None,
    as_json: AsJson = False,
    pack: Pack = None,
) -> None:
    """Hold a conversation for every flow, dialogue case and language; exits 1 when a cell fails."""
    from tellerline.exam.matrix.page import write_page
    from tellerline.exam.matrix.run import run_matrix

    report = run_matrix(
        settings_from(pack=pack),
        flows=flow or [],
        numbers=case or [],
        language=_language(language),
        seed=seed,
        sample=sample,
        say=notes.print,
    )
    if html is not None:
        write_page(report, html)
        notes.print(f"the page is {html}")
    report.show(console, as_json=as_json)
    raise typer.Exit(report.exit_code)


def simulate(
    seeds: Annotated[int, typer.Option(help="How many seeds; each is one run.", min=1)] = 20,
    seed: Annotated[int, typer.Option(help="The first seed.")] = 0,
    as_json: AsJson = False,
    pack: Pack = None,
) -> None:
    """Simulate customers, a faulty bank and a dying process, one run for each seed; exits 1 when a law is broken."""
    from tellerline.exam.simulation.run import run_simulation

    report = run_simulation(settings_from(pack=pack), seeds=seeds, first=seed, say=notes.print)
    report.show(console, as_json=as_json)
    raise typer.Exit(report.exit_code)


def _language(name: str | None) -> Language | None:
    if name is None:
        return None
    found = next((language for language in LANGUAGES if language == name), None)
    if found is None:
        raise Invalid("language", f"--language is zh or en, not {name!r}", field="language")
    return found

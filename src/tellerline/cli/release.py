"""Releases from the command line: publish a pack as one of two persons, try it, take it back, see what it changes."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import msgspec
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tellerline.cli.knowledge import Token, moment_of, person_of, print_shown, proposal_line, run
from tellerline.cli.terminal import (
    AsJson,
    Data,
    Pack,
    console,
    notes,
    print_json,
    settings_from,
    show_problems,
)
from tellerline.domain.errors import Invalid
from tellerline.settings import Settings

if TYPE_CHECKING:  # each is loaded by the command that needs it
    from tellerline.dialogue.compare import Changed
    from tellerline.dialogue.learning import Learning, Shown

TEXT_MAX = 240  # characters of an answer shown in the table; --json has all


class Asked(NamedTuple):
    """What `replay` is to compare."""

    conversation: str | None
    release: str | None
    since: datetime | None
    limit: int


def publish(
    token: Token,
    title: Annotated[str, typer.Option(help="What it is about.")],
    folder: Annotated[
        Path | None, typer.Argument(help="The pack; that of the settings, unless named.")
    ] = None,
    share: Annotated[
        int, typer.Option(min=1, max=100, help="Percent of new conversations; below 100 it is on trial.")
    ] = 100,
    at: Annotated[
        datetime | None, typer.Option(help="When it comes into force, bank time; else once approved.")
    ] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Check and build a pack, and propose its release; `knowledge approve` by a second person puts it in force.

    Exits 1 when the pack has an error; the release in force then stays.
    """
    settings = settings_from(data=data, pack=folder)
    person, moment = person_of(settings, token), moment_of(at)
    release = _built(settings)

    async def work(learning: Learning) -> Shown:
        made = await learning.propose_pack(title, person, release, share=share, in_force_at=moment)
        return await learning.show(made.id)

    print_shown(run(settings, work), as_json=as_json)


def _built(settings: Settings) -> str:
    from tellerline.app import shared_encoder
    from tellerline.dialogue import pack

    try:
        return pack.build(settings.pack, settings.data / "releases", shared_encoder(), say=notes.print)
    except pack.PackRefused as refused:
        show_problems(refused.problems)
        notes.print("the pack was not published; the release in force stays in force")
        raise typer.Exit(1) from refused


def rollback(
    token: Token,
    reason: Annotated[str, typer.Option(help="Why.")],
    data: Data = None,
    pack: Pack = None,
) -> None:
    """Take back the pack published last, or its trial: new conversations begin on the release of before.

    Open conversations finish on what they began with. A running counter does so within seconds.
    """
    settings = settings_from(data=data, pack=pack)
    person = person_of(settings, token)
    done = run(settings, lambda learning: learning.roll_back(person, reason))
    console.print(proposal_line(done), markup=False, highlight=False, soft_wrap=True)


def status(data: Data = None, pack: Pack = None, as_json: AsJson = False) -> None:
    """Show which releases are on this machine, which are in force, and how many open conversations are on each."""
    from tellerline.cli.record import release_rows

    settings = settings_from(data=data, pack=pack)
    rows = asyncio.run(release_rows(settings))
    if as_json:
        print_json([row._asdict() for row in rows])
        return
    table = Table("release", "new conversations", "open conversations", "on this machine", title="Releases")
    for row in rows:
        share = f"{row.share} %" if row.share else ""
        table.add_row(row.release, share, str(row.open), "yes" if row.kept else "no")
    console.print(table)


def replay_one(settings: Settings, conversation: str, *, as_json: bool) -> int:
    """Run one conversation again on its own release; return the exit code."""
    from tellerline.cli.record import difference_rows, replay_conversation

    difference = asyncio.run(replay_conversation(settings, conversation))
    rows = difference_rows(difference) if difference else None
    if as_json:
        print_json({"conversation": conversation, "difference": rows})
    elif rows is None:
        console.print(f"{conversation}: every event is the same")
    else:
        console.print(f"{conversation}: event {rows['sequence']} differs")
        console.print(rows)
    return 1 if difference else 0


def compare(settings: Settings, asked: Asked, *, as_json: bool) -> int:
    """Take recorded turns again on a candidate and list every changed answer; return the exit code."""
    from tellerline.cli.record import candidate, compare_conversations
    from tellerline.dialogue.draft import BANK_ZONE
    from tellerline.dialogue.pack import PackRefused

    if asked.conversation is None and asked.since is None:
        raise Invalid("since", "name a conversation, or a moment with --since", field="since")
    since = None if asked.since is None else asked.since.replace(tzinfo=BANK_ZONE)
    try:
        release = candidate(settings, asked.release, notes.print)
    except PackRefused as refused:
        show_problems(refused.problems)
        return 1
    with _progress() as bar:
        task = bar.add_task("taking turns again")
        total, changed = asyncio.run(
            compare_conversations(
                settings,
                release,
                conversation=asked.conversation,
                since=since,
                limit=asked.limit,
                progress=lambda done, count: bar.update(task, completed=done, total=count),
            )
        )
    if as_json:
        found = [msgspec.to_builtins(each) for each in changed]
        print_json({"release": release.version, "conversations": total, "changed": found})
    else:
        _print_changed(changed)
        console.print(f"{total} conversation(s) on {release.version}: {len(changed)} changed answer(s)")
    return 1 if changed else 0


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=notes, transient=True)


def _print_changed(changed: list[Changed]) -> None:
    if not changed:
        return
    table = Table(
        "conversation", "turn", "asked", "before", "after", show_lines=True, title="Changed answers"
    )
    for each in changed:
        after = f"– {each.why}" if each.why else each.after
        cells = (each.conversation, str(each.turn), each.asked, each.before[:TEXT_MAX], after[:TEXT_MAX])
        table.add_row(*cells)
    console.print(table, markup=False)

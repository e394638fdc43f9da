"""Quality from the command line: score what has closed, look at scorecards and at what was found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from tellerline.cli.terminal import AsJson, Data, Pack, console, notes, print_json, settings_from
from tellerline.domain.errors import Invalid

PERIOD_DAYS = 30
WORKERS_MAX = 64
Since = Annotated[
    datetime | None, typer.Option(help="Of what was closed since then (UTC); 30 days, unless told.")
]

quality_app = typer.Typer(no_args_is_help=True, help="Score conversations, and see what was found.")


@quality_app.command("score")
def score(
    since: Since = None,
    again: Annotated[bool, typer.Option("--again", help="Also what has a score by this rubric.")] = False,
    workers: Annotated[int, typer.Option(help="Processes; as many as cores, unless told.")] = 0,
    data: Data = None,
    pack: Pack = None,
    as_json: AsJson = False,
) -> None:
    """Score conversations that have closed and have no score by this rubric."""
    from tellerline.cli.quality_batch import score_batch

    if not 0 <= workers <= WORKERS_MAX:
        raise Invalid("workers", f"--workers is 1 to {WORKERS_MAX}", field="workers")
    done = score_batch(
        settings_from(data=data, pack=pack), _moment(since), again=again, workers=workers, say=notes.print
    )
    if as_json:
        print_json(msgspec.to_builtins(done))
    else:
        how = f"in {done.took_s:.1f} s on {done.workers} process(es)"
        console.print(f"{done.scored} conversation(s) scored by rubric {done.rubric} {how}")


@quality_app.command("cards")
def cards(since: Since = None, data: Data = None, as_json: AsJson = False) -> None:
    """Show the scorecards: the assistant's, and each representative's."""
    from tellerline.cli.quality_batch import read_cards

    found = read_cards(settings_from(data=data), _moment(since))
    if as_json:
        print_json({"cards": msgspec.to_builtins(found)})
        return
    for card in found:
        table = Table("ability", "met", "of", "95 % interval", "band", title=card.who or card.side)
        for one in card.abilities:
            interval = f"{one.rate.low:.0%} – {one.rate.high:.0%}"
            table.add_row(
                str(one.ability), str(one.rate.passed), str(one.rate.count), interval, one.band or "–"
            )
        console.print(table)


@quality_app.command("show")
def show(conversation: str, data: Data = None, as_json: AsJson = False) -> None:
    """Show what was found in a conversation, with the words that show it."""
    from tellerline.cli.quality_batch import read_score

    found = read_score(settings_from(data=data), conversation)
    if as_json:
        print_json(msgspec.to_builtins(found))
        return
    table = Table("indicator", "", "whose", "events", "words")
    for one in found.findings:
        events = ", ".join(map(str, one.sequences))
        table.add_row(
            one.indicator, "met" if one.passed else "missed", one.who or one.side, events, one.quote
        )
    console.print(table)


def _moment(since: datetime | None) -> datetime:
    from tellerline.domain.clock import SystemClock

    if since is None:
        return SystemClock().now().astimezone(UTC) - timedelta(days=PERIOD_DAYS)
    return since.replace(tzinfo=UTC) if since.tzinfo is None else since

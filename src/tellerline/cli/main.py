"""The commands. Each reads its settings, builds what it needs, and prints for people or, with --json, for programs."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from tellerline.cli import release as release_commands
from tellerline.cli.knowledge import difference_lines, knowledge_app
from tellerline.cli.quality import quality_app
from tellerline.cli.rehearsal import matrix, simulate
from tellerline.cli.staff import staff_app
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
from tellerline.domain.language import Language

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The customer-service counter of a bank.")
pack_app = typer.Typer(no_args_is_help=True, help="Check, build and compare bank packs.")
audit_app = typer.Typer(no_args_is_help=True, help="Verify the record.")
db_app = typer.Typer(no_args_is_help=True, help="Look after the record's database.")
app.add_typer(pack_app, name="pack")
pack_app.command("publish")(release_commands.publish)
pack_app.command("rollback")(release_commands.rollback)
pack_app.command("status")(release_commands.status)
app.add_typer(audit_app, name="audit")
app.add_typer(db_app, name="db")
app.add_typer(knowledge_app, name="knowledge")
app.add_typer(staff_app, name="staff")
app.add_typer(quality_app, name="quality")
app.command()(matrix)
app.command()(simulate)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    data: Data = None,
    pack: Pack = None,
) -> None:
    """Start the counter: the customer's page, the HTTP interface and the feeds."""
    from tellerline.app import serve as run

    run(settings_from(host=host, port=port, data=data, pack=pack), say=notes.print)


@app.command()
def chat(
    customer: Annotated[str, typer.Option(help="Sign in as this demo customer, e.g. demo-wangfang.")] = "",
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    pack: Pack = None,
) -> None:
    """Talk with the assistant in the terminal; `/why` explains the last turn, `/quit` leaves."""
    from tellerline.cli.chat import chat as run

    asyncio.run(run(settings_from(pack=pack), customer or None, check_language(language), console))


@app.command()
def demo(as_json: AsJson = False, pack: Pack = None) -> None:
    """List the demonstration bank's customers and how to sign in as them."""
    from tellerline.app import DEMO_STAFF, demo_customers

    customers = asyncio.run(demo_customers(settings_from(pack=pack)))
    if as_json:
        print_json(customers)
        return
    table = Table("token", "name", "phone", "last four of ID", "what there is to try", title="Demo customers")
    for row in customers:
        name, story = row["name"], row["story"]
        assert isinstance(name, dict)
        assert isinstance(story, dict)
        cells = [row["token"], name["zh"], row["phone"], row["id_last_four"], f"{story['zh']}\n{story['en']}"]
        table.add_row(*(str(cell) for cell in cells))
    console.print(table)
    staff = Table("name", "staff token", title="Staff who may propose and approve (tellerline knowledge)")
    for name, token in DEMO_STAFF.items():
        staff.add_row(name, token)
    console.print(staff)


@app.command()
def exam(
    ability: Annotated[int | None, typer.Option(help="Only this ability (1–25).")] = None,
    flow: Annotated[str | None, typer.Option(help="Only the cases beside this flow.")] = None,
    language: Annotated[str | None, typer.Option(help="Only zh or en.")] = None,
    as_json: AsJson = False,
    pack: Pack = None,
) -> None:
    """Run the ability exam; exits 1 when a case fails."""
    from tellerline.exam import run_exam

    report = run_exam(
        settings_from(pack=pack), ability=ability, flow=flow, language=language, say=notes.print
    )
    report.show(console, as_json=as_json)
    raise typer.Exit(0 if report.cases == report.passed else 1)


@app.command()
def replay(
    conversation: Annotated[str | None, typer.Argument(help="Only this conversation.")] = None,
    release: Annotated[
        str | None, typer.Option(help="A candidate: a version in data/releases, or a pack's folder.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(help="Take the turns of conversations since then again; bank time.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many conversations, the newest.")] = 10_000,
    data: Data = None,
    pack: Pack = None,
    as_json: AsJson = False,
) -> None:
    """Run recorded conversations again; exits 1 when anything comes out otherwise.

    One conversation on its own release has to give the same events, byte for byte. With --release or --since, every
    answer that the candidate (the pack of the settings, unless named) changes is listed.
    """
    settings = settings_from(data=data, pack=pack)
    if release is None and since is None:
        if conversation is None:
            raise Invalid(
                "conversation", "name a conversation, or a moment with --since", field="conversation"
            )
        raise typer.Exit(release_commands.replay_one(settings, conversation, as_json=as_json))
    asked = release_commands.Asked(conversation, release, since, limit)
    raise typer.Exit(release_commands.compare(settings, asked, as_json=as_json))


@app.command()
def gaps(
    days: Annotated[int, typer.Option(help="How many days back.")] = 30,
    data: Data = None,
    pack: Pack = None,
    as_json: AsJson = False,
) -> None:
    """List what customers asked and the bank had no answer to, gathered by subject, the most frequent first."""
    from tellerline.cli.gaps import day_of, read_gaps

    groups = asyncio.run(read_gaps(settings_from(data=data, pack=pack), days=days))
    if as_json:
        print_json({"groups": [msgspec.to_builtins(group) for group in groups]})
        return
    table = Table("asked", "languages", "last", "examples", title="Questions without an answer")
    for group in groups:
        languages = ", ".join(f"{name} {count}" for name, count in group.languages.items())
        table.add_row(str(group.count), languages, day_of(group.last_at), "\n".join(group.examples))
    console.print(table)


@audit_app.command("verify")
def audit_verify(
    conversation: Annotated[str | None, typer.Option(help="Only this conversation.")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Follow the hash chains of the record; exits 1 when anything was altered, removed or added."""
    from tellerline.cli.record import verify_record

    findings = [
        msgspec.to_builtins(finding) for finding in verify_record(settings_from(data=data), conversation)
    ]
    if as_json:
        print_json({"findings": findings})
    else:
        for finding in findings:
            console.print(finding)
        console.print(f"{len(findings)} finding(s)" if findings else "the record is whole")
    raise typer.Exit(1 if findings else 0)


@db_app.command("upgrade")
def db_upgrade(data: Data = None) -> None:
    """Create the record's database, or bring it to this version."""
    from tellerline.store.database import upgrade

    changed = upgrade(settings_from(data=data).data / "record.sqlite3")
    console.print("upgraded" if changed else "already up to date")


@pack_app.command("lint")
def pack_lint(folder: Annotated[Path | None, typer.Argument()] = None, as_json: AsJson = False) -> None:
    """Check a pack as of today: flows, copy, facts, articles, rules, intents; exits 1 when there is an error."""
    from tellerline.dialogue.pack_lint import lint_everything
    from tellerline.domain.clock import SystemClock
    from tellerline.reply.format import BANK_ZONE

    today = SystemClock().now().astimezone(BANK_ZONE).date()
    problems = lint_everything(folder or settings_from().pack, today)
    errors = sum(problem.severity == "error" for problem in problems)
    if as_json:
        print_json({"errors": errors, "problems": [msgspec.to_builtins(problem) for problem in problems]})
    else:
        show_problems(problems)
        console.print(f"{errors} error(s), {len(problems) - errors} warning(s)")
    raise typer.Exit(1 if errors else 0)


@pack_app.command("build")
def pack_build(
    folder: Annotated[Path | None, typer.Argument()] = None,
    data: Data = None,
    releases: Annotated[
        Path | None, typer.Option(help="Where releases are kept; data/releases, unless told.")
    ] = None,
    like: Annotated[
        Path | None, typer.Option(help="A pack that this one varies; its fit is taken over.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a pack, train its understanding, index its knowledge, and keep the release; exits 1 on an error."""
    from tellerline.app import shared_encoder
    from tellerline.dialogue import pack

    settings = settings_from(data=data, pack=folder)
    kept = releases or settings.data / "releases"
    try:
        release = pack.build(settings.pack, kept, shared_encoder(), like=like, say=notes.print)
        problems = []
    except pack.PackRefused as refused:
        release, problems = "", refused.problems
    if as_json:
        print_json({"release": release, "problems": [msgspec.to_builtins(problem) for problem in problems]})
    elif release:
        console.print(release)
    else:
        show_problems(problems)
        notes.print("the pack was not built; the release in force stays in force")
    raise typer.Exit(0 if release else 1)


@pack_app.command("diff")
def pack_diff(
    before: Annotated[Path, typer.Argument()],
    after: Annotated[Path | None, typer.Argument()] = None,
    as_json: AsJson = False,
) -> None:
    """Show what differs between two packs: figures, articles, phrases, other files; exits 1 when anything does.

    AFTER is the pack of the settings, unless given. A release is found as data/releases/VERSION/pack.
    """
    from tellerline.knowledge.learning.difference import compare_packs

    found = compare_packs(before, after or settings_from().pack)
    if as_json:
        print_json(msgspec.to_builtins(found))
    else:
        for line in difference_lines(found) or ["nothing differs"]:
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1 if found else 0)


@app.command()
def cases(
    state: Annotated[str, typer.Option(help="open, closed or all.")] = "open",
    owner: Annotated[str | None, typer.Option(help="Only whose cases.")] = None,
    due_in: Annotated[int | None, typer.Option(help="Only those due within so many hours.")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List what the bank owes its customers, by deadline."""
    from tellerline.cli.cases import read_cases, time_left
    from tellerline.domain.clock import SystemClock

    rows = asyncio.run(read_cases(settings_from(data=data), state=state, owner=owner, due_in_hours=due_in))
    if as_json:
        print_json({"cases": msgspec.to_builtins(rows)})
        return
    table = Table("number", "kind", "owner", "due (UTC)", "left", "stage", "alarm", "summary")
    for row in rows:
        left, alarm = time_left(row, SystemClock().now()), f"{row.alarmed} %" if row.alarmed else ""
        due = f"{row.due_at:%Y-%m-%d %H:%M}"
        table.add_row(row.number, row.kind, row.owner, due, left, row.stage, alarm, row.summary[:60])
    console.print(table)


@app.command()
def doctor(data: Data = None, pack: Pack = None, as_json: AsJson = False) -> None:
    """Tell whether this machine has what Tellerline needs; exits 1 when something is missing."""
    from tellerline.cli.doctor import examine

    checks = examine(settings_from(data=data, pack=pack))
    if as_json:
        print_json([msgspec.to_builtins(check) for check in checks])
    else:
        table = Table("check", "", "what was found")
        for check in checks:
            table.add_row(
                check.check, "ok" if check.passed else "missing" if check.needed else "not yet", check.found
            )
        console.print(table)
    raise typer.Exit(0 if all(check.passed or not check.needed for check in checks) else 1)


def check_language(language: str) -> Language:
    """Return the language. Raises: Invalid when it is not served."""
    if language == "zh":
        return "zh"
    if language == "en":
        return "en"
    raise Invalid("language", f"--language is zh or en, not {language!r}", field="language")

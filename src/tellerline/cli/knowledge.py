"""Proposals from the command line: bring documents, see what they change, approve as a second person."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import msgspec
import typer

from tellerline.cli.terminal import AsJson, Data, Pack, console, print_json, settings_from
from tellerline.domain.errors import Invalid
from tellerline.domain.proposal import Proposal, ProposalId
from tellerline.settings import Settings

if TYPE_CHECKING:  # each is loaded by the command that needs it
    from tellerline.dialogue.learning import Learning, Shown
    from tellerline.knowledge.learning.difference import Difference

T = TypeVar("T")
Token = Annotated[str, typer.Option("--token", help="Your staff token: it says who you are.")]
Name = Annotated[str, typer.Argument(help="The proposal's id.")]

knowledge_app = typer.Typer(
    no_args_is_help=True, help="Propose, check and approve changes of what the bank says."
)


def run(settings: Settings, work: Callable[[Learning], Awaitable[T]]) -> T:
    """Do `work` with the proposals of a data folder."""
    from tellerline.app import open_learning

    async def held() -> T:
        async with open_learning(settings) as learning:
            return await work(learning)

    return asyncio.run(held())


@knowledge_app.command("propose")
def propose(
    documents: Annotated[list[Path], typer.Argument(help="Documents: .md, .html, .docx, .pdf, .xlsx.")],
    token: Token,
    title: Annotated[str, typer.Option(help="What it is about.")],
    at: Annotated[
        datetime | None, typer.Option(help="When it comes into force, bank time; else once approved.")
    ] = None,
    data: Data = None,
    pack: Pack = None,
    as_json: AsJson = False,
) -> None:
    """Propose what documents change, and check it; exits 1 when the check finds an error."""
    settings = settings_from(data=data, pack=pack)
    person, moment = person_of(settings, token), moment_of(at)

    async def work(learning: Learning) -> Shown:
        made = await learning.propose(title, person, in_force_at=moment)
        for path in documents:
            await learning.bring(made.id, person, path.name, path.read_bytes())
        await learning.check(made.id, person)
        return await learning.show(made.id)

    shown = run(settings, work)
    print_shown(shown, as_json=as_json)
    raise typer.Exit(0 if shown.proposal.state == "checked" else 1)


@knowledge_app.command("list")
def list_all(data: Data = None, pack: Pack = None, as_json: AsJson = False) -> None:
    """List proposals, the newest first."""
    found = run(settings_from(data=data, pack=pack), lambda learning: learning.proposals())
    if as_json:
        print_json([msgspec.to_builtins(proposal) for proposal in found])
        return
    for proposal in found:
        console.print(proposal_line(proposal), markup=False, highlight=False, soft_wrap=True)


@knowledge_app.command("show")
def show(proposal: Name, data: Data = None, pack: Pack = None, as_json: AsJson = False) -> None:
    """Show a proposal: what it changes, what the check found, who did what."""
    settings = settings_from(data=data, pack=pack)
    print_shown(run(settings, lambda learning: learning.show(ProposalId(proposal))), as_json=as_json)


@knowledge_app.command("approve")
def approve(
    proposal: Name,
    token: Token,
    digest: Annotated[str, typer.Option(help="Of what you have read; `show` tells it.")],
    data: Data = None,
    pack: Pack = None,
) -> None:
    """Approve a proposal as a second person; a running counter takes it up within seconds."""
    settings = settings_from(data=data, pack=pack)
    person = person_of(settings, token)
    done = run(settings, lambda learning: learning.approve(ProposalId(proposal), person, digest))
    console.print(proposal_line(done), markup=False, highlight=False, soft_wrap=True)


@knowledge_app.command("withdraw")
def withdraw(
    proposal: Name,
    token: Token,
    reason: Annotated[str, typer.Option(help="Why.")],
    data: Data = None,
    pack: Pack = None,
) -> None:
    """Withdraw a proposal that is not in force, or decline it."""
    settings = settings_from(data=data, pack=pack)
    person = person_of(settings, token)
    done = run(settings, lambda learning: learning.withdraw(ProposalId(proposal), person, reason))
    console.print(proposal_line(done), markup=False, highlight=False, soft_wrap=True)


@knowledge_app.command("touched")
def touched(proposal: Name, data: Data = None, pack: Pack = None, as_json: AsJson = False) -> None:
    """List the answers given so far that rest on what a proposal replaces."""
    settings = settings_from(data=data, pack=pack)
    found = run(settings, lambda learning: learning.touched(ProposalId(proposal)))
    if as_json:
        print_json([msgspec.to_builtins(answer) for answer in found])
        return
    for answer in found:
        line = f"{answer.at:%Y-%m-%d %H:%M} {answer.conversation} {answer.source} {answer.version}: {answer.text}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print(f"{len(found)} answer(s)")


@knowledge_app.command("phrases")
def phrases(data: Data = None, pack: Pack = None, as_json: AsJson = False) -> None:
    """List phrases that conversations of the last 30 days suggest to learn."""
    found = run(settings_from(data=data, pack=pack), lambda learning: learning.phrasings())
    if as_json:
        print_json([msgspec.to_builtins(phrase) for phrase in found])
        return
    for phrase in found:
        line = f"{len(phrase.conversations)} × {phrase.language} {phrase.intent}: {phrase.text}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print(f"{len(found)} phrase(s)")


def person_of(settings: Settings, token: str) -> str:
    """Return whose staff token this is. Raises: Invalid."""
    from tellerline.app import staff_tokens
    from tellerline.web.staff import Staff

    person = Staff(staff_tokens(settings)).person(token)
    if person is None:
        raise Invalid("token", "this staff token is nobody's; see TELLERLINE_STAFF_TOKENS", field="token")
    return person


def moment_of(at: datetime | None) -> datetime | None:
    """Return a moment given in bank time."""
    from tellerline.dialogue.draft import BANK_ZONE

    return None if at is None else at.replace(tzinfo=BANK_ZONE)


def proposal_line(proposal: Proposal) -> str:
    """Write a proposal on one line."""
    moment = f"{proposal.in_force_at:%Y-%m-%d %H:%M %Z}" if proposal.in_force_at else "once approved"
    by = f"{proposal.maker} → {proposal.checker}" if proposal.checker else proposal.maker
    line = f"{proposal.id} {proposal.state} {moment} {proposal.title} ({by}) {proposal.digest}"
    return f"{line}: {proposal.trouble}" if proposal.trouble else line


def print_shown(shown: Shown, *, as_json: bool) -> None:
    """Print a proposal with what it changes."""
    if as_json:
        print_json(msgspec.to_builtins(shown._asdict()))
        return
    lines = [proposal_line(shown.proposal), *difference_lines(shown.difference)]
    lines += [finding.render() for finding in shown.proposal.findings]
    lines += [f"{step.at:%Y-%m-%d %H:%M} {step.person or 'service'}: {step.step}" for step in shown.steps]
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def difference_lines(difference: Difference | None) -> list[str]:
    """Return a difference for reading, one change a line."""
    if difference is None:
        return []
    lines = [
        f"{row.fact} {row.label.zh} / {row.label.en}: {row.old.en if row.old else '–'} → {row.new.en if row.new else '–'}"
        f" from {row.valid_from}{f' to {row.valid_to}' if row.valid_to else ''}"
        for row in difference.facts
    ]
    for file in (*difference.articles, *difference.other):
        lines += [f"{file.file}: {file.what}", *(f"  {line}" for line in file.lines[2:])]
    for phrase in difference.phrases:
        lines += [f"{phrase.language} {phrase.intent}: + {text}" for text in phrase.added]
        lines += [f"{phrase.language} {phrase.intent}: - {text}" for text in phrase.removed]
    return lines

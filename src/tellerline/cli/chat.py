"""A conversation in the terminal, with the demo phone and the reasons at hand."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import msgspec
from rich.console import Console
from rich.panel import Panel

from tellerline.app import App, build
from tellerline.domain import event as e
from tellerline.domain.data import Record
from tellerline.domain.errors import Refused
from tellerline.domain.language import Language
from tellerline.settings import Settings

HELP = "/why explains the last turn · /phone shows the demo phone · /quit leaves"


async def chat(settings: Settings, customer: str | None, language: Language, console: Console) -> None:
    """Talk until the customer leaves. Nothing is kept: the record lies in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        kept = msgspec.structs.replace(settings, silence_s=0, data=settings.data)
        app = build(msgspec.structs.replace(kept, data=Path(folder)), releases=settings.data / "releases")
        async with app.open():
            await _talk(app, customer, language, console)


async def _talk(app: App, customer: str | None, language: Language, console: Console) -> None:
    opened = await app.counter.open(channel="terminal", language=language, customer_token=customer)
    console.print(f"[dim]{HELP}[/dim]")
    after = await _show(app, opened.id, 0, console)
    number = 0
    while True:
        try:
            said = await asyncio.to_thread(console.input, "[bold]> [/bold]")
        except EOFError:
            return
        if said == "/quit":
            return
        if said == "/phone":
            await _show_phone(app, customer, console)
        elif said == "/why":
            await _show_why(app, opened.id, console)
        elif said.strip():
            number += 1
            await app.counter.answer(opened.id, client_id=f"t{number}", text=said)
            after = await _show(app, opened.id, after, console)


async def _show(app: App, conversation: e.ConversationId, after: int, console: Console) -> int:
    """Print what was said since `after`, open the secure widget if asked to; return the last sequence seen."""
    widget = None
    for event in await app.counter.events(conversation, after=after):
        after = event.sequence
        if isinstance(event.body, e.MessageSent):
            console.print(Panel(event.body.text, title="AI", title_align="left", border_style="cyan"))
            if event.body.choices:
                console.print("   ".join(f"[{choice.label}]" for choice in event.body.choices), markup=False)
            widget = event.body.widget or widget
    if widget is not None:
        return await _verify(app, conversation, widget, after, console)
    return after


async def _verify(app: App, conversation: e.ConversationId, method: str, after: int, console: Console) -> int:
    """Play the secure widget; an empty answer leaves it."""
    try:
        challenge = await app.counter.start_verification(conversation, method)
    except Refused as refusal:
        console.print(f"[red]{refusal.detail}[/red]")
        return after
    answer = await _widget_answer(method, challenge.hint, console)
    if answer is None:
        return after
    result = await app.counter.check_verification(conversation, challenge.id, answer)
    if not result.passed:
        console.print(f"[red]{result.reason}[/red]")
    return await _show(app, conversation, after, console)


async def _widget_answer(method: str, hint: str, console: Console) -> Record | None:
    if method == "identify":
        phone = await asyncio.to_thread(console.input, "secure widget — phone: ")
        if not phone:
            return None
        return {"phone": phone, "id_last_four": await asyncio.to_thread(console.input, "last four of ID: ")}
    if method == "otp":
        code = await asyncio.to_thread(
            console.input, f"secure widget — code sent to {hint} (/phone shows it): "
        )
        return {"code": code} if code else None
    await asyncio.to_thread(
        console.input, "secure widget — approve the face check on the phone, then Enter: "
    )
    return {}


async def _show_phone(app: App, customer: str | None, console: Console) -> None:
    for entry in await app.demo.phone(customer) if customer else []:
        console.print(f"[dim]{entry['at']}[/dim] {entry['text']}")


async def _show_why(app: App, conversation: e.ConversationId, console: Console) -> None:
    events = await app.counter.all_events(conversation)
    begins = [event.sequence for event in events if isinstance(event.body, e.TurnStarted)]
    for event in events:
        if begins and event.sequence >= begins[-1]:
            body = msgspec.to_builtins(event.body)
            console.print(f"{event.sequence:>4} {e.kind_of(event.body):<24}", body, soft_wrap=True)

"""The copilot at work: what it says to whom, and the guard on words as they are typed."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

import msgspec

from tellerline.desk.account import Account
from tellerline.desk.copilot import Help, help_with
from tellerline.desk.room import DeskRoom
from tellerline.desk.thread import Thread
from tellerline.desk.words import language_of
from tellerline.dialogue.draft import BANK_ZONE
from tellerline.domain.event import ConversationId
from tellerline.domain.language import Text
from tellerline.knowledge.answer import Answer

ANSWERS_MAX = 2_000  # kept, by the message they answer
QUESTION_CHARS_MAX = 500


class Stop(msgspec.Struct, frozen=True):
    """A rule that a draft breaks."""

    rule: str
    severity: str
    quote: str
    title: Text


class Helping:
    """Makes the copilot's cards, and tells those who may speak when they change."""

    def __init__(self, room: DeskRoom) -> None:
        self._room = room
        self._answers: OrderedDict[tuple[str, int], Answer | None] = OrderedDict()
        self._told: dict[tuple[str, str], bytes] = {}

    async def help(self, thread: Thread, who: Account) -> Help:
        """Return what the copilot has to say to `who` about a conversation."""
        return help_with(
            thread,
            self._room.release_of(thread),
            self._room.pack,
            skill=who.skill,
            now=self._room.clock.now(),
            answer=await self._answer(thread),
        )

    def check(self, thread: Thread, text: str) -> list[Stop]:
        """Return the rules that a draft breaks, those that hold it back first. Nothing is kept."""
        language = language_of(text, thread.tracker.language)
        found = self._room.release_of(thread).inspect_reply(text, language)
        return [
            Stop(finding.rule, finding.severity, finding.quote, self._room.pack.rule_title(finding.rule))
            for finding in found
        ]

    async def _answer(self, thread: Thread) -> Answer | None:
        """Answer the customer's last message, once for each."""
        last = next((word for word in reversed(thread.words) if word.author == "customer"), None)
        if last is None or thread.unanswered_since is None:
            return None
        key = (thread.tracker.conversation, last.sequence)
        if key not in self._answers:
            release = self._room.release_of(thread)
            today = self._room.clock.now().astimezone(BANK_ZONE).date()
            language = thread.tracker.language
            question = last.text[:QUESTION_CHARS_MAX]
            found, _ = await asyncio.to_thread(
                lambda: release.knowledge.answer(question, language=language, on=today)
            )
            self._answers[key] = found
            while len(self._answers) > ANSWERS_MAX:
                self._answers.popitem(last=False)
        return self._answers[key]

    async def tell(self) -> None:
        """Tell everybody who may speak in a conversation that has moved on, if there is anything new."""
        moved, self._room.moved = self._room.moved, set()
        for conversation in moved:
            thread = self._room.threads.get(conversation)
            if thread is not None:
                await self._tell(conversation, thread)

    async def _tell(self, conversation: ConversationId, thread: Thread) -> None:
        for line in self._room.lines.followers(conversation):
            who = self._room.book.account(line.account) if thread.may_speak(line.account) else None
            if who is None:
                continue
            help_ = await self.help(thread, who)
            message = {"kind": "copilot", "conversation": conversation, **msgspec.structs.asdict(help_)}
            written = msgspec.json.encode(message)
            if self._told.get((conversation, line.account)) != written:
                self._told[conversation, line.account] = written
                line.send(message)
        if thread.tracker.closed:
            for name in [name for name in self._told if name[0] == conversation]:
                del self._told[name]

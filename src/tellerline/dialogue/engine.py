"""One turn of one conversation, from what was received to what is sent.

    received messages → reading → commands → decide ⇄ effects → words through the guard → the record

All events of a turn are appended in one transaction. Only where the bank is asked to act is the record written first
(`action.commit_requested`), so that a crash can never make it act twice; the turn then goes on from there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from tellerline.dialogue.attended import divide, obeyed, prompt_of
from tellerline.dialogue.decide import decay_level, decide
from tellerline.dialogue.draft import BANK_ZONE, CommitEffect, Utterance
from tellerline.dialogue.effects import Effects
from tellerline.dialogue.interpret import NAME, interpret
from tellerline.dialogue.ports import EventLog
from tellerline.dialogue.promising import cases_of
from tellerline.dialogue.release import Release
from tellerline.dialogue.tracker import Tracker, fold
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.clock import Clock
from tellerline.domain.errors import Invalid
from tellerline.domain.language import Language
from tellerline.domain.reading import Context
from tellerline.understanding.affect import follow_mood

SECRETS = {"card", "cvv", "expiry", "password", "code"}  # kinds a customer is warned about having typed
ROUNDS_MAX = 60  # decide–effect rounds in one turn
SNAPSHOT_EVERY = 60  # events between snapshots


class Watcher(Protocol):
    """Told of events after they are in the record."""

    def __call__(self, conversation: e.ConversationId, events: Sequence[e.Event]) -> None:
        """Pass the events on."""
        ...


class Conversation:
    """A conversation in memory: its tracker, the messages of the open turn, and what is not yet in the record."""

    def __init__(self, tracker: Tracker, messages: list[e.Event], stored: int) -> None:
        self.tracker = tracker
        self.messages = messages  # received and not yet answered
        self.stored = stored
        self.snapshot_at = stored
        self.new: list[e.Event] = []

    def add(self, body: e.Body, at: datetime) -> e.Event:
        """Append to the conversation in memory."""
        event = e.Event(self.tracker.sequence + 1, at, body)
        fold(self.tracker, event)
        self.new.append(event)
        if isinstance(body, e.MessageReceived | e.SystemNoticed):
            self.messages.append(event)
        elif isinstance(body, e.TurnEnded):
            self.messages = [m for m in self.messages if m.sequence > self.tracker.answered]
        return event


async def load_conversation(log: EventLog, conversation: e.ConversationId) -> Conversation:
    """Fold a stored conversation, from its newest snapshot on.

    Raises: NotFound.
    """
    loaded = await log.load(conversation)
    tracker = (
        msgspec.msgpack.decode(loaded.snapshot, type=Tracker)
        if loaded.snapshot
        else Tracker(conversation=conversation)
    )
    folded = tracker.sequence
    messages: list[e.Event] = []
    for event in loaded.events:
        fold(tracker, event)
        if isinstance(event.body, e.MessageReceived | e.SystemNoticed):
            messages.append(event)
    found = Conversation(tracker, [m for m in messages if m.sequence > tracker.answered], tracker.sequence)
    found.snapshot_at = folded
    return found


class Engine:
    """Takes turns. Holds no conversation itself; the caller keeps one `Conversation` per lock."""

    def __init__(
        self,
        log: EventLog,
        releases: Mapping[str, Release],
        effects: Effects,
        clock: Clock,
        watcher: Watcher,
        ready: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        """ready: has a release at hand that may have to be loaded, or even compiled, without holding up other turns."""
        self._log = log
        self._releases = releases
        self._effects = effects
        self._clock = clock
        self._watcher = watcher
        self._ready = ready

    async def have_release(self, conversation: Conversation) -> Release:
        """Return the release the conversation began with, once it is at hand. Raises: NotFound, code `release`."""
        if self._ready is not None:
            await self._ready(conversation.tracker.release)
        return self.release_of(conversation)

    def release_of(self, conversation: Conversation) -> Release:
        """Return the release the conversation began with, and will finish on."""
        return self._releases[conversation.tracker.release]

    async def save(self, conversation: Conversation) -> None:
        """Write what is new to the record, in one transaction, then tell the watcher.

        Raises: Conflict when another process was first; the caller must load again.
        """
        if not conversation.new:
            return
        tracker, events = conversation.tracker, conversation.new
        snapshot = None
        if tracker.sequence - conversation.snapshot_at >= SNAPSHOT_EVERY and not conversation.messages:
            snapshot = msgspec.msgpack.encode(tracker)
        name = e.ConversationId(tracker.conversation)
        await self._log.append(name, events, snapshot=snapshot)
        conversation.new = []
        conversation.stored = tracker.sequence
        if snapshot is not None:
            conversation.snapshot_at = tracker.sequence
        self._watcher(name, events)

    async def take_turn(self, conversation: Conversation) -> None:
        """Answer everything received so far; a turn that a crash left open is taken up where it stands."""
        if not conversation.messages and not conversation.tracker.turn_open:
            return
        release = await self.have_release(conversation)
        taken_up = conversation.tracker.turn_open
        commands = [] if taken_up else await self._begin(conversation, release)
        if taken_up or commands or not conversation.tracker.owner:
            await self._work(conversation, release, commands)
        conversation.add(e.TurnEnded(conversation.tracker.turn + 1), self._clock.now())
        await self.save(conversation)

    async def _begin(self, conversation: Conversation, release: Release) -> list[c.Command]:
        """Understand what was received and record what it was taken to mean."""
        now = self._clock.now()
        tracker = conversation.tracker
        taken = list(conversation.messages)
        decayed = decay_level(tracker, now)
        if decayed is not None:
            conversation.add(decayed, now)
        notices = [m.body.command for m in taken if isinstance(m.body, e.SystemNoticed)]
        messages = [m.body for m in taken if isinstance(m.body, e.MessageReceived)]
        reading, commands = None, list(notices)
        if messages:
            text = "\n".join(message.text for message in messages)
            context = Context(tracker.language, now.astimezone(BANK_ZONE).date(), _names(tracker))
            reading = await asyncio.to_thread(release.reader.read, text, context)
        conversation.add(e.TurnStarted(taken[-1].sequence, reading), now)
        if reading is not None:
            if any(SECRETS.intersection(message.redacted) for message in messages):
                commands.append(c.NoteSecret())
            problem = next((message.problem for message in messages if message.problem), "")
            if problem == "too_long":
                commands.append(c.CannotHandle("too_long"))
            else:
                commands += interpret(reading, tracker, release, now)
            if tracker.owner:
                commands = obeyed(commands, notices, tracker)
            affect, mood = reading.affect, follow_mood(tracker.mood, reading.affect)
            if affect.emotion != tracker.emotion or affect.intensity >= 0.5 or mood != tracker.mood:
                conversation.add(e.AffectNoticed(affect.emotion, affect.intensity, mood), now)
        conversation.add(e.CommandsDecided(NAME if messages else "system", commands), now)
        return commands

    async def _work(self, conversation: Conversation, release: Release, commands: list[c.Command]) -> None:
        outcomes: list[e.Body] = []
        said: list[Utterance] = []
        spoken = not commands or not any(  # nobody waits for a word
            isinstance(message.body, e.MessageReceived) for message in conversation.messages
        )
        for _ in range(ROUNDS_MAX):
            now = self._clock.now()
            decision = decide(conversation.tracker, commands, release, now, outcomes=outcomes, spoken=spoken)
            commands = []
            spoken = spoken or bool(decision.utterances)
            for body in decision.bodies:
                conversation.add(body, now)
            said += decision.utterances
            if not decision.effects:
                self._speak(conversation, release, said, now)
                return
            outcomes = []
            for effect in decision.effects:
                if isinstance(effect, CommitEffect):
                    if any(not utterance.key.endswith("/acknowledge") for utterance in said):
                        self._speak(conversation, release, said, now)  # told before the bank is asked
                        said = []
                    await self.save(conversation)
                outcome = await self._effects.perform(effect, conversation.tracker)
                conversation.add(outcome, self._clock.now())
                outcomes.append(outcome)
        raise Invalid("turn_without_end", "the turn did not come to rest")

    def _speak(
        self, conversation: Conversation, release: Release, said: list[Utterance], now: datetime
    ) -> None:
        """Put what is to be said through the guard and into the record."""
        language = conversation.tracker.language
        if conversation.tracker.owner:
            divided = divide(said, conversation.tracker, by_customer=_is_by_customer(conversation))
            said = divided.said
            for utterance in divided.prompted:
                conversation.add(prompt_of(utterance, language, release), now)
        for utterance in join(said):
            rule = release.check_reply(utterance.text, language)
            if rule is None:
                said_now = conversation.add(_message(utterance, utterance.text, language), now)
                self._keep_promises(conversation, release, said_now)
                continue
            conversation.add(e.ReplyBlocked(rule, utterance.flow, utterance.step), now)
            rendered = release.copies["patterns"].render("held_back", language, {"language": language})
            if rendered is not None:
                conversation.add(_message(utterance, rendered.text, language), now)

    def _keep_promises(self, conversation: Conversation, release: Release, said: e.Event) -> None:
        """Open a case for what was just promised and no case keeps."""
        assert isinstance(said.body, e.MessageSent)
        opened = [event.body for event in conversation.new if isinstance(event.body, e.CaseOpened)]
        for case in cases_of(conversation.tracker, release, said.body, said.at, opened=opened):
            conversation.add(case, said.at)


def join(said: Sequence[Utterance]) -> list[Utterance]:
    """Make one message of neighbours that belong together: the same flow, and no choices or widget in between."""
    joined: list[Utterance] = []
    for utterance in said:
        last = joined[-1] if joined else None
        if (
            last is None
            or last.choices
            or last.widget
            or last.author != utterance.author
            or (last.flow != utterance.flow and None not in (last.flow, utterance.flow))
        ):
            joined.append(utterance)
            continue
        joined[-1] = Utterance(
            f"{last.text}\n\n{utterance.text}",
            utterance.key,
            last.sources + [source for source in utterance.sources if source not in last.sources],
            utterance.choices,
            utterance.flow or last.flow,
            utterance.step or last.step,
            utterance.case or last.case,
            utterance.widget,
            utterance.author,
        )
    return joined


def _message(utterance: Utterance, text: str, language: Language) -> e.MessageSent:
    return e.MessageSent(
        utterance.author,
        text,
        language,
        utterance.choices,
        utterance.sources,
        utterance.flow,
        utterance.step,
        utterance.case,
        utterance.widget,
    )


def _is_by_customer(conversation: Conversation) -> bool:
    """Tell whether the open turn comes from the customer, and not from a representative filling in a form."""
    return not any(isinstance(m.body, e.SystemNoticed) and m.body.by for m in conversation.messages)


def _names(tracker: Tracker) -> tuple[str, ...]:
    """Return the payees seen in this conversation, for matching names that sound alike."""
    names: list[str] = []
    for frame in tracker.stack:
        rows = frame.values.get("payees")
        names += [str(row["name"]) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return tuple(names)

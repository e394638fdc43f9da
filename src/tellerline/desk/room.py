"""The desk's state: the conversations that matter to somebody, the floor, the open lines; kept up to date by the record.

Every change comes back through `noticed`, whoever caused it, so the state is a fold of the record and nothing else. What
people do is in `acts`; what happens by itself, rings that run out and people who fall silent, is in `watch`.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence

from tellerline.desk.account import Account, AccountName
from tellerline.desk.floor import (
    Ask,
    Floor,
    Member,
    Offer,
    Presence,
    State,
)
from tellerline.desk.lines import Line, Lines
from tellerline.desk.pack import DeskPack
from tellerline.desk.permission import may
from tellerline.desk.ports import Conversations, DeskBook
from tellerline.desk.thread import Thread, fold, new_thread
from tellerline.desk.view import View, changes_between, event_view, view_of
from tellerline.desk.work import Work, work_of
from tellerline.dialogue.release import Release
from tellerline.domain import event as e
from tellerline.domain.clock import Clock
from tellerline.domain.errors import NotFound
from tellerline.domain.language import Text

HANDLED_MAX = 20  # conversations the waiting estimate is made of, by queue
STARTING = (e.HandoverRequested, e.HandoverAccepted)
"""What makes a conversation the desk's concern."""


class DeskRoom:
    """See the module's head.

    names:   what people are called: staff by account, customers, masked, as `customer/<id>`.
    handled: how long the latest conversations took, in seconds, by queue.
    unseen:  whose work has changed and was not told yet; moved: followed conversations in which something happened.
    """

    def __init__(
        self,
        *,
        book: DeskBook,
        pack: DeskPack,
        releases: Mapping[str, Release],
        clock: Clock,
    ) -> None:
        self.book, self.pack, self.releases, self.clock = book, pack, releases, clock
        self.floor, self.lines = Floor(), Lines()
        self.threads: dict[e.ConversationId, Thread] = {}
        self.changed = asyncio.Event()
        self.names: dict[str, Text] = {}
        self._conversations: Conversations | None = None
        self._views: dict[e.ConversationId, View] = {}
        self._concerned: dict[str, set[e.ConversationId]] = defaultdict(set)
        self.handled: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=HANDLED_MAX))
        self._versions: dict[str, int] = defaultdict(int)
        self._loading: set[asyncio.Task[Thread]] = set()
        self.unseen: set[str] = set()
        self.moved: set[e.ConversationId] = set()

    @property
    def conversations(self) -> Conversations:
        """The counter; it is put together after the desk."""
        assert self._conversations is not None, "the desk is not attached to a counter"
        return self._conversations

    def attach(self, conversations: Conversations) -> None:
        """Take the counter."""
        self._conversations = conversations

    # --- people

    def enter(self, account: Account) -> None:
        """Know a person: what can be routed to them, and that they are there."""
        queues = frozenset(account.queues) if may(account.role, "desk.serve") else frozenset[str]()
        self.floor.members[account.account] = Member(
            account.account,
            queues,
            frozenset(account.languages),
            frozenset(account.licences),
            account.capacity,
        )
        self.names[account.account] = account.shown
        if account.account not in self.floor.presence:
            self.floor.presence[account.account] = Presence("offline", "", self.clock.now())

    def set_presence(self, account: AccountName, state: State, reason: str = "") -> Presence:
        """Note what a person is doing; tell them and whoever rings."""
        presence = Presence(state, reason, self.clock.now(), self.lines.is_connected(account))
        self.floor.presence[account] = presence
        self.lines.tell([account], {"kind": "presence", "presence": presence})
        self.touch(account)
        return presence

    def open_line(self, line: Line) -> None:
        """A page of theirs is open."""
        self.lines.open(line)
        before = self.floor.presence.get(line.account)
        if before is None or before.state == "offline":
            self.set_presence(line.account, "break", "signed_in")
        else:
            self.set_presence(line.account, before.state, before.reason)

    def close_line(self, line: Line) -> None:
        """A page of theirs is closed; `watch` notices when none is left for a while."""
        followed = list(line.following)
        self.lines.close(line)
        for conversation in followed:
            self.lines.tell_viewers(conversation)
        presence = self.floor.presence.get(line.account)
        if presence is not None and not self.lines.is_connected(line.account):
            now = self.clock.now()
            self.floor.presence[line.account] = Presence(
                presence.state, presence.reason, now, connected=False
            )
            self.changed.set()

    def touch(self, *accounts: str) -> None:
        """Their work may have changed."""
        self.unseen.update(accounts)
        self.changed.set()

    # --- conversations

    def release_of(self, thread: Thread) -> Release:
        """Return the release of a conversation."""
        return self.releases[thread.tracker.release]

    def noticed(self, conversation: e.ConversationId, events: Sequence[e.Event]) -> None:
        """Take in what has been written into the record. Never waits; the engine's watcher."""
        thread = self.threads.get(conversation)
        if thread is None:
            if any(isinstance(event.body, STARTING) for event in events):
                self._load_soon(conversation)
            return
        fresh = [event for event in events if event.sequence > thread.sequence]
        if not fresh:
            return
        if fresh[0].sequence != thread.sequence + 1:
            del self.threads[conversation]
            self._load_soon(conversation)
            return
        self._take_in(conversation, thread, fresh)

    def _take_in(self, conversation: e.ConversationId, thread: Thread, fresh: Sequence[e.Event]) -> None:
        before, owner = set(_concerned(thread)), thread.owner
        for event in fresh:
            fold(thread, event)
        self._settle(conversation, thread)
        if owner and not thread.owner and thread.accepted_at is not None and thread.asked is not None:
            took_s = (fresh[-1].at - thread.accepted_at).total_seconds()
            self.handled[thread.asked.queue].append(took_s)
        after = set(_concerned(thread))
        for account in before - after:
            self._concerned[account].discard(conversation)
        for account in after - before:
            self._concerned[account].add(conversation)
        self._tell_followers(conversation, thread, fresh)
        self._tell_mentioned(conversation, fresh)
        self.touch(*before, *after)

    def _settle(self, conversation: e.ConversationId, thread: Thread) -> None:
        """Bring the floor up to date with a conversation."""
        floor = self.floor
        ask = self.ask_of(thread)
        if ask is None:
            floor.asks.pop(conversation, None)
            floor.refused.pop(conversation, None)
        else:
            floor.asks[conversation] = ask
        if thread.offer is None:
            floor.offers.pop(conversation, None)
        else:
            offer = thread.offer
            floor.offers[conversation] = Offer(
                offer.offer, conversation, AccountName(offer.representative), offer.expires_at, offer.by
            )
        if thread.state == "attended":
            floor.held[conversation] = AccountName(thread.owner)
        else:
            floor.held.pop(conversation, None)

    def ask_of(self, thread: Thread) -> Ask | None:
        """Return a conversation's wait for a representative, or None when it does not wait."""
        asked, transfer = thread.asked, thread.transfer
        waits = thread.tracker.waiting is not None and not thread.owner and not thread.tracker.closed
        warm = transfer is not None and transfer.warm and bool(thread.owner)
        if asked is None or not (waits or warm):
            return None
        queue = (transfer.queue if transfer is not None else "") or asked.queue
        return Ask(
            e.ConversationId(thread.tracker.conversation),
            queue,
            asked.priority,
            asked.at,
            thread.tracker.language,
            self.pack.queue(queue).licence,
            transfer.to if transfer is not None else "",
            transfer.representative if warm and transfer is not None else "",
        )

    def _tell_followers(
        self, conversation: e.ConversationId, thread: Thread, fresh: Sequence[e.Event]
    ) -> None:
        """Send events to who follows, and with the last of them the parts of the view that are different now."""
        if not self.lines.is_followed(conversation):
            self._views.pop(conversation, None)
            return
        self.moved.add(conversation)
        view = view_of(thread, self.release_of(thread), self.pack)
        known = self._views.get(conversation)
        changes = view if known is None else changes_between(known, view)
        self._views[conversation] = view
        for line in self.lines.followers(conversation):
            told = line.following[conversation]
            for event in fresh:
                if event.sequence <= told:
                    continue
                shown = event_view(event, line.role)
                last = event is fresh[-1]
                line.send(
                    {
                        "kind": "event",
                        "conversation": conversation,
                        "event": shown or {"sequence": event.sequence, "at": event.at, "kind": "hidden"},
                        "changes": changes if last else {},
                    }
                )
                line.following[conversation] = event.sequence

    def _tell_mentioned(self, conversation: e.ConversationId, fresh: Sequence[e.Event]) -> None:
        for event in fresh:
            if isinstance(event.body, e.NoteWritten) and event.body.to:
                note = event.body
                self.lines.tell(
                    note.to,
                    {
                        "kind": "mention",
                        "conversation": conversation,
                        "sequence": event.sequence,
                        "by": note.representative,
                        "form": note.form,
                        "text": note.text,
                    },
                )

    def _load_soon(self, conversation: e.ConversationId) -> None:
        task = asyncio.ensure_future(self.thread(conversation))
        self._loading.add(task)
        task.add_done_callback(self._loading.discard)

    async def thread(self, conversation: e.ConversationId) -> Thread:
        """Return a conversation, read from the record if need be. Raises: NotFound."""
        known = self.threads.get(conversation)
        if known is not None:
            return known
        thread = new_thread(conversation)
        while True:
            events = await self.conversations.all_events(conversation, after=thread.sequence)
            fresh = [event for event in events if event.sequence > thread.sequence]
            if not fresh:
                break
            for event in fresh:
                fold(thread, event)
        if conversation in self.threads:  # somebody else was first
            return self.threads[conversation]
        if thread.sequence == 0:
            raise NotFound("conversation", "there is no such conversation")
        self.threads[conversation] = thread
        self._settle(conversation, thread)
        concerned = _concerned(thread)
        for account in concerned:
            self._concerned[account].add(conversation)
        self.touch(*concerned)
        return thread

    async def follow(self, line: Line, conversation: e.ConversationId, after: int) -> None:
        """Tell `line` all events after `after`, then each as it happens. Raises: NotFound."""
        thread = await self.thread(conversation)
        last = after
        while True:
            events = await self.conversations.all_events(conversation, after=last)
            for event in events:
                shown = event_view(event, line.role)
                if shown is not None:
                    line.send({"kind": "event", "conversation": conversation, "event": shown, "changes": {}})
                last = event.sequence
            if last >= thread.sequence:
                break
        view = self._views.get(conversation) or view_of(thread, self.release_of(thread), self.pack)
        self._views[conversation] = view
        self.lines.follow(line, conversation, thread.sequence)
        self.moved.add(conversation)
        self.changed.set()
        line.send(
            {
                "kind": "caught_up",
                "conversation": conversation,
                "sequence": thread.sequence,
                "changes": view,
            }
        )
        self.lines.tell_viewers(conversation)

    def unfollow(self, line: Line, conversation: e.ConversationId) -> None:
        """Tell `line` no more of a conversation."""
        self.lines.unfollow(line, conversation)
        self.lines.tell_viewers(conversation)

    # --- work and waiting

    def work(self, account: str) -> Work:
        """Return a person's work."""
        concerned = sorted(self._concerned.get(account, ()))
        threads = [self.threads[name] for name in concerned if name in self.threads]
        work = work_of(account, threads, self.floor, self.pack, self._shown, self.clock.now())
        self._versions[account] += 1
        work.version = self._versions[account]
        return work

    def _shown(self, thread: Thread) -> tuple[Release, Text | None]:
        return self.release_of(thread), self.names.get(f"customer/{thread.tracker.customer}")


def _concerned(thread: Thread) -> set[str]:
    """Return who has a conversation among their work."""
    names = {thread.owner, *thread.joined, *thread.watching}
    if thread.offer is not None:
        names.add(thread.offer.representative)
    names.update(promise.owner for promise in thread.promises if promise.state == "open")
    return names - {""}

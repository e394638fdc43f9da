"""The open lines to the staff's pages, and who follows which conversation. Sending never waits."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tellerline.desk.account import AccountName
from tellerline.desk.permission import Role
from tellerline.domain.event import ConversationId

BEHIND_MAX = 2_000  # messages a slow page may lag before its line is cut; it comes back and asks again
FOLLOWED_MAX = 50  # conversations one line may follow

Message: TypeAlias = dict[str, Any]


@dataclass(eq=False)
class Line:
    """One page of one person. `cut` is set when it lags too far."""

    account: AccountName
    role: Role
    session: bytes = b""
    waiting: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)
    following: dict[ConversationId, int] = field(default_factory=dict)  # up to which sequence it was told
    cut: asyncio.Event = field(default_factory=asyncio.Event)

    def send(self, message: Message) -> None:
        """Send a message, or cut the line when too many wait."""
        if self.waiting.qsize() >= BEHIND_MAX:
            self.cut.set()
            return
        self.waiting.put_nowait(message)


class Lines:
    """All open lines."""

    def __init__(self) -> None:
        self._by_account: dict[AccountName, set[Line]] = defaultdict(set)
        self._followers: dict[ConversationId, set[Line]] = defaultdict(set)

    def open(self, line: Line) -> None:
        """Add a line."""
        self._by_account[line.account].add(line)

    def close(self, line: Line) -> None:
        """Take a line away."""
        for conversation in list(line.following):
            self.unfollow(line, conversation)
        self._by_account[line.account].discard(line)
        if not self._by_account[line.account]:
            del self._by_account[line.account]

    def follow(self, line: Line, conversation: ConversationId, sequence: int) -> None:
        """From here on `line` is told what happens after `sequence`."""
        line.following[conversation] = sequence
        self._followers[conversation].add(line)

    def unfollow(self, line: Line, conversation: ConversationId) -> None:
        """Tell it no more."""
        line.following.pop(conversation, None)
        followers = self._followers.get(conversation)
        if followers is not None:
            followers.discard(line)
            if not followers:
                del self._followers[conversation]

    def followers(self, conversation: ConversationId) -> list[Line]:
        """Return who follows a conversation."""
        return list(self._followers.get(conversation, ()))

    def is_followed(self, conversation: ConversationId) -> bool:
        """Tell whether anybody follows it."""
        return conversation in self._followers

    def of(self, account: str) -> list[Line]:
        """Return the lines of a person."""
        return list(self._by_account.get(AccountName(account), ()))

    def is_connected(self, account: str) -> bool:
        """Tell whether a page of theirs is open."""
        return AccountName(account) in self._by_account

    def accounts(self) -> list[AccountName]:
        """List who is connected."""
        return list(self._by_account)

    def viewers(self, conversation: ConversationId) -> list[str]:
        """List who has a conversation open."""
        return sorted({line.account for line in self._followers.get(conversation, ())})

    def tell(self, accounts: Iterable[str], message: Message) -> None:
        """Send a message to every line of these people."""
        for account in accounts:
            for line in self.of(account):
                line.send(message)

    def tell_viewers(self, conversation: ConversationId) -> None:
        """Let everybody who has a conversation open see who else has."""
        viewers = self.viewers(conversation)
        for line in self.followers(conversation):
            line.send({"kind": "viewers", "conversation": conversation, "accounts": viewers})

    def tell_typing(self, conversation: ConversationId, who: str) -> None:
        """Let everybody else who follows see that `who` is typing."""
        for line in self.followers(conversation):
            if line.account != who:
                line.send({"kind": "typing", "conversation": conversation, "who": who})

    def tell_read(self, reader: Line, conversation: ConversationId, sequence: int) -> None:
        """Let colleagues see how far somebody has read."""
        message = {"kind": "read", "conversation": conversation, "who": reader.account, "sequence": sequence}
        for line in self.followers(conversation):
            if line is not reader:
                line.send(message)

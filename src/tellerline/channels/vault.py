"""Numbers a customer typed that the bank needs and the record must not keep, in memory only and not for long."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from tellerline.domain.data import Record
from tellerline.domain.errors import Refused
from tellerline.domain.event import ConversationId

CONVERSATIONS_MAX = 20_000
TOKENS_MAX = 20


class Vault:
    """Tokens and what they stand for, per conversation; the oldest conversations are forgotten first."""

    def __init__(self) -> None:
        self._held: OrderedDict[ConversationId, dict[str, str]] = OrderedDict()

    def hold(self, conversation: ConversationId, values: Mapping[str, str]) -> None:
        """Remember what the tokens of a message stand for."""
        if not values:
            return
        held = self._held.setdefault(conversation, {})
        held.update(values)
        while len(held) > TOKENS_MAX:
            held.pop(next(iter(held)))
        self._held.move_to_end(conversation)
        while len(self._held) > CONVERSATIONS_MAX:
            self._held.popitem(last=False)

    def reveal(self, conversation: str, arguments: Record) -> Record:
        """Replace tokens by what they stand for, on the way to the bank.

        Raises: Refused, code `token_forgotten`, after a restart: the customer has to give the number again.
        """
        held = self._held.get(ConversationId(conversation), {})
        return {name: self._value(held, value) for name, value in arguments.items()}  # type: ignore[misc]

    @staticmethod
    def _value(held: Mapping[str, str], value: object) -> object:
        if not isinstance(value, str) or not value.startswith("[phone:"):
            return value
        if value not in held:
            raise Refused("token_forgotten", "a number given before a restart has to be given again")
        return held[value]

"""Recognising a customer who comes back: the proof of who it is says as well in which language they asked to be served."""

from __future__ import annotations

import msgspec

from tellerline.bank.contract import Challenge, Identity, Proof
from tellerline.domain.clock import Clock
from tellerline.domain.data import Record
from tellerline.domain.party import Caller
from tellerline.domain.remembered import Speaks
from tellerline.memory.kind import may_be_told
from tellerline.memory.port import Memory


class RememberingIdentity:
    """Implements `Identity` by another one, whose proofs it completes."""

    def __init__(self, identity: Identity, memory: Memory, clock: Clock) -> None:
        self._identity = identity
        self._memory = memory
        self._clock = clock

    async def sign_in(self, customer_token: str) -> Proof:
        """See `Identity.sign_in`."""
        proof = await self._identity.sign_in(customer_token)
        if not may_be_told(proof.level):
            return proof
        items = await self._memory.recall(proof.customer, at=self._clock.now())
        spoken = next((item.value.language for item in items if isinstance(item.value, Speaks)), None)
        return msgspec.structs.replace(proof, language=spoken)

    async def start(self, method: str, *, conversation: str, caller: Caller) -> Challenge:
        """See `Identity.start`."""
        return await self._identity.start(method, conversation=conversation, caller=caller)

    async def check(self, challenge: str, answer: Record, *, conversation: str) -> Proof:
        """See `Identity.check`."""
        return await self._identity.check(challenge, answer, conversation=conversation)

"""Office work: attachments both ways, letters, lists, and what the staff bring in workbooks."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from typing import Literal

import msgspec

from tellerline.desk.account import Account
from tellerline.desk.attachment import check_attachment, clean_name
from tellerline.desk.ground import Ground, check_open, check_speaks
from tellerline.desk.letter import FORMS, case_letter, conversation_letter, render
from tellerline.desk.permission import check_permission
from tellerline.desk.sheet import read_phrases, read_skills, write_list
from tellerline.desk.thread import Thread
from tellerline.dialogue.release import Release
from tellerline.domain import event as e
from tellerline.domain.errors import Conflict, Invalid, NotFound
from tellerline.domain.language import LANGUAGES, Language

FILES_MAX = 20  # of one conversation
LIST_COLUMNS = (
    "conversation", "state", "queue", "reason", "priority", "asked_at", "owner", "language", "intent", "flags", "promises",
)  # fmt: skip


class File(msgspec.Struct, frozen=True):
    """A file to be saved by a browser."""

    name: str
    media_type: str
    data: bytes


class Attached(msgspec.Struct, frozen=True):
    """An attachment that was taken."""

    attachment: str
    name: str
    media_type: str
    size_bytes: int
    sequence: int


class Office:
    """See the module's head. current: the release in force, by whose rules canned replies are checked."""

    def __init__(self, ground: Ground, current: Callable[[], Release]) -> None:
        self._ground = ground
        self._current = current

    # --- attachments

    async def attach(self, who: Account, conversation: e.ConversationId, name: str, data: bytes) -> Attached:
        """Send the customer a file. Raises: Invalid, code `attachment`; Refused, code `not_owner`."""
        check_permission(who.role, "conversation.attach")
        await self._ground.access(who, conversation)

        def check(thread: Thread) -> None:
            check_speaks(thread, who)

        return await self._attach(conversation, name, data, "representative", check, who.account)

    async def bring(self, conversation: e.ConversationId, name: str, data: bytes) -> Attached:
        """Take a file from the customer, while somebody is there or asked for who can look at it.

        Raises: Conflict, code `nobody_to_read`; Invalid, code `attachment`.
        """

        def check(thread: Thread) -> None:
            check_open(thread)
            if not thread.owner and thread.tracker.waiting is None:
                raise Conflict("nobody_to_read", "a file is read by a representative only; ask for one first")

        return await self._attach(conversation, name, data, "customer", check)

    async def _attach(
        self,
        conversation: e.ConversationId,
        name: str,
        data: bytes,
        author: Literal["customer", "representative"],
        check: Callable[[Thread], None],
        account: str = "",
    ) -> Attached:
        """Keep a file by its hash, and note it in the record; the same file again is the same attachment."""
        shown = clean_name(name)
        media_type = await asyncio.to_thread(check_attachment, shown, data)
        digest = hashlib.sha256(data)
        thread = await self._ground.room.thread(conversation)
        added = e.AttachmentAdded(
            author, secrets.token_urlsafe(9), shown, media_type, len(data), digest.hexdigest(), account
        )

        def decide(_: object) -> list[e.Body]:
            check(thread)
            same = _same(thread, added)
            if same is not None:
                return []
            if len(thread.files) >= FILES_MAX:
                raise Invalid(
                    "attachment", f"a conversation holds up to {FILES_MAX} files", field="attachment"
                )
            return [added]

        check(thread)
        await asyncio.to_thread(self._ground.room.book.keep_file, digest.digest(), data)
        await self._ground.room.conversations.record(conversation, decide)
        kept = _same(thread, added) or added
        return Attached(kept.attachment, kept.name, kept.media_type, kept.size_bytes, thread.sequence)

    async def file(self, who: Account, conversation: e.ConversationId, attachment: str) -> File:
        """Return an attachment. Raises: NotFound, code `attachment`."""
        await self._ground.access(who, conversation)
        self._ground.audit(who, "attachment.opened", conversation, {"attachment": attachment})
        return await self.file_of(conversation, attachment)

    async def file_of(self, conversation: e.ConversationId, attachment: str) -> File:
        """Return an attachment of a conversation that the caller may see. Raises: NotFound, code `attachment`."""
        thread = await self._ground.room.thread(conversation)
        found = next((file for file in thread.files if file.attachment == attachment), None)
        data = None
        if found is not None:
            digest = bytes.fromhex(found.digest)
            data = await asyncio.to_thread(self._ground.room.book.file, digest)
        if found is None or data is None:
            raise NotFound("attachment", "there is no such attachment in this conversation")
        return File(found.name, found.media_type, data)

    # --- letters and lists

    async def letter(
        self,
        who: Account,
        conversation: e.ConversationId,
        *,
        form: str,
        language: Language,
        case: str = "",
    ) -> File:
        """Write a conversation, or one of its cases, as a letter. Raises: NotFound, code `case`."""
        check_permission(who.role, "letter.write")
        thread = await self._ground.access(who, conversation)
        bank, now = self._ground.room.release_of(thread).bank, self._ground.room.clock.now()
        if case:
            promise = next((promise for promise in thread.promises if promise.number == case), None)
            if promise is None:
                raise NotFound("case", "there is no such case in this conversation")
            letter = case_letter(promise, bank=bank, language=language, now=now)
        else:
            events = await self._ground.room.conversations.all_events(conversation)
            letter = conversation_letter(
                events, conversation=conversation, bank=bank, language=language, now=now
            )
        data = await asyncio.to_thread(render, letter, form)
        self._ground.audit(who, "letter.written", conversation, {"form": form, "case": case})
        return File(f"{case or conversation}.{form}", FORMS[form], data)

    def work_list(self, who: Account) -> bytes:
        """Return everything at the desk as a workbook; what was said is not in it."""
        check_permission(who.role, "list.export")
        rows = [
            (
                name,
                thread.state,
                thread.asked.queue if thread.asked is not None else "",
                thread.asked.reason if thread.asked is not None else "",
                thread.asked.priority if thread.asked is not None else "",
                thread.asked.at if thread.asked is not None else None,
                thread.owner,
                thread.tracker.language,
                thread.intent,
                ", ".join(thread.flags),
                ", ".join(promise.number for promise in thread.promises if promise.state == "open"),
            )
            for name, thread in sorted(self._ground.room.threads.items())
        ]
        self._ground.audit(who, "list.exported", "", {"rows": len(rows)})
        return write_list("desk", LIST_COLUMNS, rows)

    # --- what the staff bring

    def bring_phrases(self, who: Account, name: str, data: bytes) -> int:
        """Take canned replies from a workbook, all or none; return how many.

        Raises: Invalid, code `row`, for one that may not be said to a customer as well.
        """
        check_permission(who.role, "phrases.edit")
        phrases = read_phrases(name, data)
        release = self._current()
        for number, phrase in enumerate(phrases, start=2):
            for language in LANGUAGES:
                rule = release.check_reply(phrase.zh if language == "zh" else phrase.en, language)
                if rule is not None:
                    remedy = f"it breaks the rule {rule}; say it otherwise"
                    raise Invalid("row", f"row {number}, {language}: {remedy}", field=language, row=number)
        self._ground.room.book.keep_phrases(phrases)
        self._ground.audit(who, "phrases.brought", "", {"count": len(phrases)})
        return len(phrases)

    def bring_skills(self, who: Account, name: str, data: bytes) -> int:
        """Take who serves what from a workbook, all or none; return how many. Raises: Invalid, code `row`."""
        check_permission(who.role, "skills.edit")
        skills = read_skills(name, data, queues=self._ground.room.pack.queues)
        book = self._ground.room.book
        for number, row in enumerate(skills, start=2):
            if book.account(row.account) is None:
                raise Invalid(
                    "row", f"row {number}: there is no account {row.account}", field="account", row=number
                )
        for row in skills:
            changes = {n: v for n, v in msgspec.structs.asdict(row).items() if n != "account"}

            def change(known: Account, changes: dict[str, object] = changes) -> Account:
                return msgspec.structs.replace(known, **changes)

            self._ground.room.enter(book.change(row.account, change))
        self._ground.audit(who, "skills.brought", "", {"count": len(skills)})
        self._ground.room.changed.set()
        return len(skills)


def _same(thread: Thread, added: e.AttachmentAdded) -> e.AttachmentAdded | None:
    """Return the attachment that is this very file from the same side, if there is one."""
    return next(
        (file for file in thread.files if file.digest == added.digest and file.author == added.author), None
    )

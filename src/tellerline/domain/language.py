"""Languages the counter serves, and texts that exist in each of them."""

from __future__ import annotations

from typing import Literal

import msgspec

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in every language served."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        """Return the text in `language`."""
        return self.zh if language == "zh" else self.en

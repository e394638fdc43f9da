"""The bank's branches: where they are, when they open and what they do."""

from __future__ import annotations

from datetime import date

import msgspec

from tellerline.domain.language import Text


class Branch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One branch in an interval. Hours are `09:00-17:00`, None when closed; `services` are keys of the pack's phrases."""

    key: str
    city: Text
    district: Text
    name: Text
    address: Text
    phone: str
    weekday: str | None
    saturday: str | None
    sunday: str | None
    services: list[str]
    wheelchair: bool
    valid_from: date
    valid_to: date | None

    def in_force(self, on: date) -> bool:
        """Tell whether the branch is as described on day `on`."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    @property
    def short_name(self) -> Text:
        """What customers call the branch: its name without the city and the word for branch."""
        chinese = self.name.zh.removeprefix(self.city.zh.removesuffix("市")).removesuffix("支行")
        english = self.name.en.removeprefix(self.city.en).removesuffix("Branch").strip()
        return Text(chinese or self.name.zh, english or self.name.en)

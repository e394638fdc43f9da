"""The directory of branches: those in a place, as a text with its sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tellerline.domain.citation import Source
from tellerline.domain.language import Language, Text
from tellerline.knowledge.branch import Branch
from tellerline.knowledge.phrases import Phrases
from tellerline.knowledge.terms import fold

TABLE = "branches"
_LISTED_MAX = 6
_WORDS_AFTER = ("市", "区", "新区", " city", " district")  # what customers leave out or add


class Directory:
    """Lists branches."""

    def __init__(self, branches: Sequence[Branch], title: Text, phrases: Phrases) -> None:
        self._branches = branches
        self._title = title
        self._phrases = phrases

    def list_in(self, place: str, language: Language, on: date) -> tuple[str, list[Source]]:
        """List the branches in `place`, a city, district or branch in either language; "" lists the cities.

        Returns "" when there is no branch there.
        """
        open_now = [branch for branch in self._branches if branch.in_force(on)]
        if not place.strip():
            return self._cities(open_now, language, on)
        found = [branch for branch in open_now if _is_in(branch, fold(place))][:_LISTED_MAX]
        lines = [self._line(branch, language) for branch in found]
        return "\n".join(lines), [_source(branch, language, on) for branch in found]

    def _cities(self, branches: Sequence[Branch], language: Language, on: date) -> tuple[str, list[Source]]:
        cities = list(dict.fromkeys(branch.city.in_(language) for branch in branches))
        if not cities:
            return "", []
        since = max(branch.valid_from for branch in branches).isoformat()
        source = Source("fact", TABLE, since, self._title.in_(language), on.isoformat())
        return self._phrases.say("cities", language, cities=self._phrases.join(cities, language)), [source]

    def _line(self, branch: Branch, language: Language) -> str:
        services = [self._phrases.say(f"service_{service}", language) for service in branch.services]
        text = self._phrases.say(
            "branch",
            language,
            name=branch.name.in_(language),
            district=branch.district.in_(language),
            address=branch.address.in_(language),
            phone=branch.phone,
            hours=self._hours(branch, language),
            access=self._phrases.say("access_yes" if branch.wheelchair else "access_no", language),
            services=self._phrases.say("services", language, services=self._phrases.join(services, language)),
        )
        return text.strip()

    def _hours(self, branch: Branch, language: Language) -> str:
        days = {"weekday": branch.weekday, "saturday": branch.saturday, "sunday": branch.sunday}
        open_days = [
            self._phrases.say(f"hours_{day}", language, hours=hours) for day, hours in days.items() if hours
        ]
        closed = [day for day in ("saturday", "sunday") if not days[day]]
        if len(closed) == 2:
            closed = ["weekend"]
        parts = open_days + [self._phrases.say(f"hours_closed_{day}", language) for day in closed]
        return self._phrases.say("hours_separator", language).join(parts)


def _is_in(branch: Branch, place: str) -> bool:
    """Tell whether the branch is in a folded place: the place names it, or is part of its name."""
    for text in (branch.name, branch.city, branch.district):
        for name in (fold(text.zh), fold(text.en)):
            if name in place or _bare(name) in place or (len(place) > 1 and _bare(place) in name):
                return True
    return False


def _bare(name: str) -> str:
    """Return a folded name without the word for what kind of place it is."""
    for word in _WORDS_AFTER:
        if name.endswith(word) and len(name) - len(word) >= 2:
            return name.removesuffix(word)
    return name


def _source(branch: Branch, language: Language, on: date) -> Source:
    identity = f"{TABLE}.{branch.key}"
    return Source("fact", identity, branch.valid_from.isoformat(), branch.name.in_(language), on.isoformat())

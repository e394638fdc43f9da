"""What the head of a flag or affect learns from: its own examples, and messages that are no examples of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tellerline.understanding.intents import reduce_text
from tellerline.understanding.normalise import normalise

FlagExamples = Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]

_SAMPLE_SEED = 20261101
# Negatives of a flag: all moves and small talk, being short and like many things, and so many messages about business.
_OTHERS_PER_HEAD = 4000

# Examples of these intents are no examples against the flag.
_RELATED: dict[str, tuple[str, ...]] = {
    "human_wanted": ("talk_to_human", "complaint", "cancel"),
    "complaint": ("complaint", "collections_complaint", "insult", "query_fee", "wealth_loss"),
    "right_invoked": ("privacy_request", "complaint", "credit_report_dispute", "collections_complaint"),
    "scam": ("scam_check", "already_scammed"),
    "self_harm": ("hardship_plan",),
    "vulnerability": ("hardship_plan", "deceased_deposit", "already_scammed"),
    "abuse": ("insult", "complaint"),
    "anger": ("complaint", "insult", "collections_complaint", "query_fee"),
    "anxiety": (
        "already_scammed",
        "lost_card",
        "scam_check",
        "wealth_loss",
        "unauthorised_transaction",
        "hardship_plan",
    ),
    "confusion": ("explain", "why", "product_question"),
    "shame": ("already_scammed", "hardship_plan"),
    "urgency": ("lost_card", "wait", "already_scammed"),
    "satisfaction": ("praise", "thanks", "finished", "greeting"),
}
# Examples of these intents are examples of the flag.
_SAME: dict[str, tuple[str, ...]] = {
    "human_wanted": ("talk_to_human",),
    "complaint": ("complaint",),
    "scam": ("scam_check", "already_scammed"),
    "abuse": ("insult",),
    "satisfaction": ("praise",),
}
# What is said of these flags is hardly ever an example of the flag too, so it is an example against it.
_APART: dict[str, tuple[str, ...]] = {
    "human_wanted": ("scam", "self_harm", "vulnerability", "satisfaction", "shame", "anxiety"),
    "complaint": ("scam", "self_harm", "vulnerability", "satisfaction", "shame", "confusion", "anxiety"),
    "right_invoked": (
        "scam",
        "self_harm",
        "vulnerability",
        "human_wanted",
        "satisfaction",
        "shame",
        "anxiety",
    ),
    "scam": (
        "human_wanted",
        "complaint",
        "right_invoked",
        "abuse",
        "satisfaction",
        "confusion",
        "anger",
        "urgency",
        "vulnerability",
        "self_harm",
    ),
    "self_harm": (
        "scam",
        "human_wanted",
        "complaint",
        "right_invoked",
        "abuse",
        "satisfaction",
        "vulnerability",
        "anger",
        "confusion",
        "urgency",
    ),
    "vulnerability": ("scam", "human_wanted", "complaint", "right_invoked", "abuse", "satisfaction"),
    "abuse": ("scam", "self_harm", "human_wanted", "complaint", "right_invoked", "vulnerability", "shame"),
    "anger": ("satisfaction", "shame", "confusion", "anxiety", "vulnerability"),
    "anxiety": ("satisfaction", "confusion", "human_wanted", "right_invoked"),
    "confusion": ("satisfaction", "anger", "anxiety", "shame", "human_wanted"),
    "shame": ("satisfaction", "confusion", "human_wanted", "right_invoked", "urgency"),
    "satisfaction": (
        "anger",
        "anxiety",
        "shame",
        "confusion",
        "complaint",
        "scam",
        "self_harm",
        "vulnerability",
    ),
    "urgency": ("satisfaction", "confusion", "shame"),
}
# Ordinary messages that look like one of these flags are ordinary to the others as well.
_LOOKALIKES = ("human_wanted", "complaint", "right_invoked", "scam", "self_harm", "vulnerability", "abuse")


class Flagged:
    """The examples of a pack's flags and affects beside those of its intents.

    flags: language → flag or affect → {positive: phrases, negative: phrases}. texts, labels: the examples of the intents,
    normalised, and the place of each one's intent among `intents`. kinds: intent → kind.
    """

    def __init__(
        self,
        flags: FlagExamples,
        texts: Sequence[str],
        labels: Sequence[int],
        intents: Sequence[str],
        kinds: Mapping[str, str],
    ) -> None:
        self._flags = flags
        self._examples = [(text, intents[label]) for text, label in zip(texts, labels, strict=True)]
        self._kinds = kinds

    @property
    def phrases(self) -> list[str]:
        """Every example of every flag and affect, normalised: words that the intents' examples lack."""
        names = dict.fromkeys(name for languages in self._flags.values() for name in languages)
        return [text for name in names for side in ("positive", "negative") for text in self._own(name, side)]

    def texts(self, name: str) -> tuple[list[str], list[str]]:
        """Return the examples of a flag or affect, and the examples against it with a sample of other messages."""
        positive, negative = self._own(name, "positive"), self._own(name, "negative")
        others: list[str] = []
        for text, intent in self._examples:
            if intent in _SAME.get(name, ()):
                positive.append(text)
            elif intent not in _RELATED.get(name, ()):
                target = negative if self._kinds[intent] in ("control", "chitchat") else others
                target.append(text)
        for flag in _APART.get(name, ()):
            negative += self._own(flag, "positive")
        if name in _LOOKALIKES:
            for flag in _LOOKALIKES:
                negative += self._own(flag, "negative")
        count = min(len(others), _OTHERS_PER_HEAD)
        chosen = np.random.default_rng(_SAMPLE_SEED).choice(len(others), count, replace=False)
        known = {reduce_text(text) for text in positive}
        kept = dict.fromkeys([*negative, *(others[place] for place in sorted(chosen))])
        return list(dict.fromkeys(positive)), [text for text in kept if reduce_text(text) not in known]

    def _own(self, name: str, side: str) -> list[str]:
        groups = [languages[name] for languages in self._flags.values() if name in languages]
        return [normalise(phrase).text for group in groups for phrase in group.get(side) or ()]

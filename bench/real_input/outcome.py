"""What the assistant did with a message, read from the record, and whether that was right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from bench.real_input.accept import Accepted
from tellerline.domain import command as c
from tellerline.domain import event as e

Kind = Literal["answered", "flow", "clarified", "human", "social", "declined"]
Verdict = Literal["right", "partly", "wrong"]

CAUSES = {
    "other_flow": "a flow of another business was started",
    "other_answer": "an answer on another subject was given",
    "other_business": "another business was named and a person offered for it",
    "wrong_options": "asked which, without the right choice",
    "social": "a request was taken for small talk",
    "control": "a request was taken for a move in the conversation",
    "crisis": "treated as somebody in danger of self-harm, who is not",
    "unasked_human": "handed over although the assistant could have helped",
    "not_understood": "asked to put it another way, although the request was clear",
    "no_source": "said that there is no reliable source, although there is one",
    "out_of_scope": "said that a bank does not do this, although it does",
    "silent": "nothing that can be recognised",
}
MISLED = frozenset(
    {
        "other_flow",
        "other_answer",
        "other_business",
        "wrong_options",
        "social",
        "control",
        "crisis",
        "unasked_human",
    }
)
"""Causes where the customer was led astray; the others only failed to help, and said so."""

_DECLINED: dict[str, tuple[str, Kind]] = {
    "unsupported": ("out_of_scope", "declined"),
    "no_evidence": ("no_source", "declined"),
    "unclear": ("rephrase", "clarified"),
    "empty": ("rephrase", "clarified"),
}


class Part(msgspec.Struct, frozen=True):
    """One thing that was done. `name` is written as in accept.yaml; `options` are the intents offered as choices."""

    kind: Kind
    name: str
    options: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    def __str__(self) -> str:
        more = [*self.options, *self.articles]
        return f"{self.name}({', '.join(more)})" if more else self.name


class Judgement(msgspec.Struct, frozen=True):
    """A verdict, what decided it, and for a wrong one the cause."""

    verdict: Verdict
    kind: Kind
    cause: str = ""


def parts_of(events: Sequence[e.Event]) -> list[Part]:
    """Read what was done in one turn."""
    found = list(_parts([event.body for event in events]))
    kept = [part for index, part in enumerate(found) if part not in found[:index]]
    return kept or list(_said([event.body for event in events]))


def describe(parts: Sequence[Part]) -> str:
    """Write what was done, the same for the same doing."""
    return " + ".join(str(part) for part in parts) or "nothing"


def _parts(bodies: Sequence[e.Body]) -> Iterator[Part]:
    offered = [
        x.intent
        for body in bodies
        if isinstance(body, e.CommandsDecided)
        for x in body.commands
        if isinstance(x, c.Unsupported)
    ]
    articles = _articles(bodies)
    for intent in offered:
        yield Part("human", f"intent:{intent}", articles=articles)
    for body in bodies:
        match body:
            case e.FlowStarted(flow=flow) | e.FlowQueued(flow=flow):
                yield Part("flow", f"flow:{flow}")
            case e.HandoverRequested(reason=reason):
                yield Part("human", "crisis" if reason == "crisis" else "human")
            case e.KnowledgeAnswered() if not offered:
                yield Part("answered", "answer", articles=articles)
            case e.QuestionAsked(what="clarify") if asked := _asked(body):
                yield Part("clarified", "clarify", options=asked)
            case e.CannotHandleNoticed(reason=reason) if reason in _DECLINED:
                name, kind = _DECLINED[reason]
                yield Part(kind, name)
            case e.CommandsDecided():
                yield from (
                    Part("social", f"chitchat:{x.topic}") for x in body.commands if isinstance(x, c.ChitChat)
                )


def _asked(question: e.QuestionAsked) -> tuple[str, ...]:
    values = tuple(option.value for option in question.options)
    return () if values == ("talk_to_human",) else values


def _articles(bodies: Sequence[e.Body]) -> tuple[str, ...]:
    """Name what was quoted: articles by id, figures quoted without an article by their table."""
    sources = [source for body in bodies if isinstance(body, e.KnowledgeAnswered) for source in body.sources]
    names = [source.id.split("#")[0] for source in sources if source.kind == "article"]
    names = names or [source.id.split(".")[0] for source in sources]
    return tuple(dict.fromkeys(names))


def _said(bodies: Sequence[e.Body]) -> Iterator[Part]:
    """Name a turn that only said something by the approved text that was said."""
    for body in bodies:
        if isinstance(body, e.MessageSent) and body.author == "assistant":
            keys = [source.id.rpartition("/")[2] for source in body.sources if source.kind == "copy"]
            yield from (Part("social", f"said:{key}") for key in keys if key != "acknowledge")


class Judge:
    """Compares what was done with what is acceptable."""

    def __init__(self, accepted: Accepted, also: Accepted | None = None) -> None:
        self._accepted = accepted
        self._also = also

    def judge(self, parts: Sequence[Part]) -> Judgement:
        """Return the verdict: right when an acceptable thing was done and no flow was started that is not acceptable."""
        strays = [
            part for part in parts if part.kind == "flow" and self._cause(part) and not self._meets_also(part)
        ]
        right = [part for part in parts if not self._cause(part)]
        if strays:
            return Judgement("wrong", "flow", "other_flow")
        if not right:
            first = parts[0] if parts else Part("declined", "nothing")
            return Judgement("wrong", first.kind, self._cause(first) or "silent")
        kind = min((self._as_kind(part) for part in right), key=_RANK.index)
        if self._also is not None and not any(self._meets_also(part) for part in parts):
            return Judgement("partly", kind)
        return Judgement("right", kind)

    def _meets_also(self, part: Part) -> bool:
        return self._also is not None and not Judge(self._also)._cause(part)

    def _as_kind(self, part: Part) -> Kind:
        """An offer of a person that comes with an article on the subject is an answer."""
        answered = part.kind == "human" and any(self._accepted.takes_article(x) for x in part.articles)
        return "answered" if answered else part.kind

    def _cause(self, part: Part) -> str:
        """Return why `part` is not acceptable; "" when it is."""
        accepted, (form, _, name) = self._accepted, part.name.partition(":")
        match form:
            case "flow":
                fits, cause = accepted.takes_flow(name), "other_flow"
            case "answer":
                fits, cause = bool(part.articles) and accepted.takes_article(part.articles[0]), "other_answer"
            case "intent":
                return self._cause_of_offer(part, name)
            case "clarify":
                asked = any(accepted.takes_intent(intent) for intent in part.options)
                fits, cause = asked or accepted.takes("clarify"), "wrong_options"
            case "rephrase":
                fits, cause = accepted.takes("clarify"), "not_understood"
            case "chitchat":
                fits, cause = accepted.takes_chitchat(name), "social"
            case "said":
                fits, cause = accepted.takes_said(name), "control"
            case "human":
                fits, cause = accepted.takes("human"), "unasked_human"
            case _:
                fits, cause = accepted.takes(form), form if form in CAUSES else "silent"
        return "" if fits else cause

    def _cause_of_offer(self, part: Part, intent: str) -> str:
        """Judge "you need X, a person can do it", with the article quoted before it, if any."""
        accepted = self._accepted
        if any(accepted.takes_article(article) for article in part.articles):
            return ""
        if not accepted.takes_intent(intent):
            return "other_business"
        return "other_answer" if part.articles else ""


_RANK: list[Kind] = ["flow", "answered", "clarified", "human", "social", "declined"]

"""What would have been right: the acceptable outcomes of a message, from its labels and a reading of its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from bench.real_input.sample import Row

FOLDER = Path(__file__).parent
_TELLING = ("rates", "branch_hours")  # flows that only tell; an article on their subject does as well


class Accepted:
    """An acceptable set of outcomes, asked in the terms in which the record speaks."""

    def __init__(self, outcomes: Iterable[str], table: dict[str, Any], flows: dict[str, str]) -> None:
        """table: the content of accept.yaml; flows: flow of an intent."""
        self.outcomes = frozenset(outcomes)
        self._subjects: dict[str, list[str]] = table["subjects"]
        self._tables: dict[str, list[str]] = table["tables"]
        self._flows = flows

    def takes(self, outcome: str) -> bool:
        """Tell whether `outcome` itself is among the acceptable ones."""
        return outcome in self.outcomes

    def takes_flow(self, flow: str) -> bool:
        """Tell whether starting `flow` is right."""
        wanted = {self._flows.get(intent) for intent in self._named("intent")}
        return f"flow:{flow}" in self.outcomes or flow in wanted

    def takes_article(self, name: str) -> bool:
        """Tell whether an answer from article `name`, or from the table of figures `name`, is on the subject."""
        return any(self._takes_article(article) for article in self._tables.get(name, [name]))

    def _takes_article(self, article: str) -> bool:
        if "answer" in self.outcomes or f"answer:{article}" in self.outcomes:
            return True
        intents = set(self._named("intent"))
        for intent, flow in self._flows.items():
            if flow in _TELLING and self.takes_flow(flow):
                intents.add(intent)
        return any(article in self._subjects.get(intent, []) for intent in intents)

    def takes_intent(self, intent: str) -> bool:
        """Tell whether being offered `intent`, as a choice or with a person, is right."""
        flow = self._flows.get(intent)
        if f"intent:{intent}" in self.outcomes or (flow is not None and self.takes_flow(flow)):
            return True
        if intent == "talk_to_human":
            return "human" in self.outcomes
        return any(f"answer:{article}" in self.outcomes for article in self._subjects.get(intent, []))

    def takes_chitchat(self, topic: str) -> bool:
        """Tell whether social talk on `topic` is right."""
        return "chitchat:any" in self.outcomes or f"chitchat:{topic}" in self.outcomes

    def takes_said(self, key: str) -> bool:
        """Tell whether the approved text `key` is right where nothing else was done."""
        if f"said:{key}" in self.outcomes or "chitchat:any" in self.outcomes:
            return True
        return "clarify" in self.outcomes and key != "finished"

    def _named(self, kind: str) -> list[str]:
        return [x.removeprefix(f"{kind}:") for x in self.outcomes if x.startswith(f"{kind}:")]


class Acceptance:
    """The tables of accept.yaml."""

    def __init__(self, flows: dict[str, str]) -> None:
        """flows: flow of each intent that has one."""
        self._table: dict[str, Any] = yaml.safe_load((FOLDER / "accept.yaml").read_text(encoding="utf-8"))
        self._flows = flows

    def of(self, outcomes: Sequence[str]) -> Accepted:
        """Return the acceptable set written as `outcomes`, groups opened."""
        return Accepted(self._open(outcomes), self._table, self._flows)

    def of_row(self, row: Row) -> Accepted:
        """Return what is acceptable for a row of an open set."""
        read = self._table["rows"].get(row.id, {})
        if "accept" in read:
            return self.of(read["accept"])
        return self.of([*self._by_label(row), *read.get("and", [])])

    def _by_label(self, row: Row) -> list[str]:
        if row.set == "nlupp":
            return self._by_rule(set(row.labels))
        table: dict[str, list[str]] = self._table[row.set]
        return [outcome for label in row.labels for outcome in table[label]]

    def _by_rule(self, labels: set[str]) -> list[str]:
        for rule in self._table["nlupp"]:
            either: list[set[str]] = [set(rule[key]) for key in ("any", "and_any") if key in rule]
            if set(rule.get("all", [])) <= labels and all(labels & some for some in either):
                accept: list[str] = rule["accept"]
                return accept
        raise AssertionError("the last rule has no condition")

    def _open(self, outcomes: Sequence[str]) -> list[str]:
        opened: list[str] = []
        for outcome in outcomes:
            if outcome.startswith("group:"):
                opened += self._open(self._table["groups"][outcome.removeprefix("group:")])
            else:
                opened.append(outcome)
        return opened

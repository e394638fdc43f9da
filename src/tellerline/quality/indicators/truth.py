"""Indicators of whether what is said is so: figures, sums, what was done, what was noted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from tellerline.domain import event as e
from tellerline.domain.finance.deposit import term_interest
from tellerline.quality.opportunity import Opportunity, Tools, judge, judge_event
from tellerline.quality.transcript import Said, Transcript

_MILLE = Decimal(10_000)
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s?(?:%|％|percent|per cent)")
_MONEY = re.compile(
    r"(?:CNY|RMB|[¥￥])\s?(\d[\d,]*(?:\.\d+)?)(?:\s?(万))?|(\d[\d,]*(?:\.\d+)?)\s?(万)?\s?(?:元|块|yuan)",
    re.IGNORECASE,
)
_TERM = re.compile(
    r"(\d+|[一二两三五])\s?(个月|年|(?:-| )?months?|(?:-| )?years?)|\b(one|two|three|five|six|twelve)[ -](months?|years?)",
    re.IGNORECASE,
)
_INTEREST = re.compile(r"利息|\binterest\b", re.IGNORECASE)
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_WORDS = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "五": 5,
    "one": 1,
    "two": 2,
    "three": 3,
    "five": 5,
    "six": 6,
    "twelve": 12,
}
_EFFECTS = (
    e.ActionCommitted, e.CaseOpened, e.CaseClosed, e.LevelChanged, e.SlotSet, e.HandoverRequested, e.TransferRequested,
)  # fmt: skip
SUM_TOLERANCE_MINOR = 2


class _Sum(NamedTuple):
    """What a message says of interest: principal, yearly rate in percent, months, interest."""

    principal: Decimal
    rate: Decimal
    months: int
    interest: Decimal


def claim_supported(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """Every rate said is one of the bank's facts in force, came from the bank's system, or was the customer's own."""
    for said in transcript.staff():
        stated = [found[1] for found in _PERCENT.finditer(said.text)]
        if not stated:
            continue
        known = set(tools.rates(said.at.date())) | _told(transcript, said)
        wrong = next((one for one in stated if _plain(one) not in known), None)
        sentence = next((one for one in said.sentences if wrong is not None and wrong in one.text), None)
        yield judge(said, passed=wrong is None, words=sentence)


def sum_right(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """Interest that is stated with its principal, rate and term is what these give."""
    for said in transcript.staff():
        stated = _read_sum(said.text)
        if stated is not None:
            due = term_interest(int(stated.principal * 100), stated.rate, stated.months).interest_minor
            off = abs(due - stated.interest * 100)
            yield judge(said, passed=off <= SUM_TOLERANCE_MINOR)


def status_true(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """What is said to be done, the record shows as done."""
    for said in transcript.staff():
        claim = next((one for one in said.sentences if one.main == "done"), None)
        if claim is not None:
            effect = [
                one.sequence
                for one in transcript.events
                if one.sequence < said.sequence and isinstance(one.body, _EFFECTS)
            ]
            failed = [
                one.sequence
                for one in transcript.events
                if one.sequence < said.sequence and isinstance(one.body, e.ActionFailed)
            ]
            true = bool(effect) and (not failed or max(effect) > max(failed))
            yield judge(said, passed=true, words=claim)


def summary_true(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """Every figure of a summary stands in the conversation."""
    for one in transcript.events:
        body = one.body
        if not isinstance(body, (e.HandoverRequested, e.WrappedUp)):
            continue
        figures = {found[0].replace(",", "") for found in _DIGITS.finditer(body.summary)}
        if figures:
            said = " ".join(_spoken(transcript, one.sequence)).replace(",", "")
            known = {found[0] for found in _DIGITS.finditer(said)}
            found = judge_event(transcript, one.sequence, passed=figures <= known)
            yield found._replace(quote=body.summary)


def _told(transcript: Transcript, said: Said) -> set[str]:
    """Return the figures that the customer, the bank's system or a cited source gave before `said`."""
    texts = [one.text for one in transcript.customers() if one.sequence < said.sequence]
    for one in transcript.events:
        if one.sequence > said.sequence:
            break
        if isinstance(one.body, (e.LookupDone, e.ActionPrepared, e.ActionCommitted, e.SlotSet)):
            texts.append(repr(one.body))
        elif isinstance(one.body, e.MessageSent) and one.body.author == "assistant" and one.body.sources:
            texts.append(one.body.text)
    return {_plain(found[0].replace(",", "")) for text in texts for found in _DIGITS.finditer(text)}


def _spoken(transcript: Transcript, before: int) -> Iterator[str]:
    for one in transcript.events:
        if one.sequence >= before:
            return
        yield repr(one.body)


def _plain(figure: str) -> str:
    return f"{Decimal(figure).normalize():f}"


def _read_sum(text: str) -> _Sum | None:
    """Return the one sum a message states; None when it states none, or not all of its parts."""
    rates, terms = list(_PERCENT.finditer(text)), list(_TERM.finditer(text))
    amounts = [_amount(found) for found in _MONEY.finditer(text)]
    if len(rates) != 1 or len(terms) != 1 or len(amounts) != 2 or not _INTEREST.search(text):
        return None
    number = terms[0][1] or terms[0][3]
    unit = (terms[0][2] or terms[0][4]).lower()
    count = int(number) if number.isdigit() else _WORDS[number.lower()]
    months = count * (12 if "年" in unit or "year" in unit else 1)
    return _Sum(max(amounts), Decimal(rates[0][1]), months, min(amounts))


def _amount(found: re.Match[str]) -> Decimal:
    number, ten_thousands = found[1] or found[3], found[2] or found[4]
    return Decimal(number.replace(",", "")) * (_MILLE if ten_thousands else 1)

"""Finding what a customer means among the things on offer: by position, last four digits, name, amount or words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rapidfuzz import fuzz

from tellerline.domain.data import Record
from tellerline.domain.event import Choice
from tellerline.domain.reading import Entity
from tellerline.understanding.sound import sound_of

NAME_SCORE_MIN = 85
LABEL_SCORE_MIN = 82
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]{2,}")
_CHINESE = re.compile(r"[\u3400-\u9fff]{2,}")


def clue_of(text: str, entities: Sequence[Entity]) -> Record:
    """Collect what a message says that may point at one of several things."""
    clue: Record = {"text": text}
    for entity in entities:
        if entity.type in ("last_four", "name", "ordinal", "merchant", "money", "date", "product", "place"):
            clue.setdefault(entity.type, entity.value)
            if entity.type == "date" and entity.until:
                clue.setdefault("until", entity.until)
            if entity.type == "money" and entity.unit:
                clue.setdefault("currency", entity.unit)
    return clue


def is_pointed(clue: Record) -> bool:
    """Tell whether a clue holds more than the words of the message."""
    return bool(clue.keys() - {"text", "place"})


def match_records(records: Sequence[Record], clue: Record, *, by_words: bool = True) -> list[Record]:
    """Return the records the clue points at: one when it is clear, several when it is ambiguous, none when it does not fit.

    Strong signs narrow what weaker ones are asked about; a sign that fits nothing is a sign of something else.
    by_words: mere words of the message count too, where it has no other sign or they narrow what it leaves open.
    """
    ordinal = clue.get("ordinal")
    if isinstance(ordinal, int):
        index = ordinal - 1 if ordinal > 0 else len(records) + ordinal
        if 0 <= index < len(records):
            return [records[index]]
    found = list(records)
    pointed = missed = False
    for sign, fits in _SIGNS.items():
        if sign in clue:
            kept = [record for record in found if fits(record, clue)]
            if kept:
                found, pointed = kept, True
            elif sign in ("last_four", "name"):
                missed = True  # it may belong to something else in the message: the paying account, say
    if missed and not pointed:
        return []
    if (len(found) == 1 and len(records) > 1) or not by_words:
        return found if pointed else []
    text = str(clue.get("text", ""))
    if pointed:
        return named_in(found, text) or found
    return by_label(found, text) or named_in(found, text)


def _fits_last_four(record: Record, clue: Record) -> bool:
    return clue["last_four"] in (record.get("last_four"), record.get("payee_last_four"))


def _fits_name(record: Record, clue: Record) -> bool:
    said = str(clue["name"])
    names = [str(record[key]) for key in ("name", "payee_name", "counterparty") if record.get(key)]
    return any(same_name(said, name) for name in names)


def same_name(said: str, name: str) -> bool:
    """Tell whether two names are the same or sound the same (王玮 / 王伟, Wang Wei)."""
    if said.lower() in name.lower() or name.lower() in said.lower():
        return True
    return fuzz.ratio(_sound(said), _sound(name)) >= NAME_SCORE_MIN


def _sound(name: str) -> str:
    return sound_of(name)


def _fits_merchant(record: Record, clue: Record) -> bool:
    said = str(clue["merchant"]).lower()
    labels = (
        str(record.get("merchant") or ""),
        str(record.get("counterparty") or ""),
        str(record.get("summary") or ""),
    )
    return any(
        label and (said in label.lower() or fuzz.partial_ratio(said, label.lower()) >= 90) for label in labels
    )


def _fits_money(record: Record, clue: Record) -> bool:
    said = clue["money"]
    amounts = [record[key] for key in ("amount_minor", "principal_minor") if isinstance(record.get(key), int)]
    currency = clue.get("currency")
    if isinstance(said, int) and currency in _FOREIGN and record.get("currency") != currency:
        low, high = _FOREIGN[str(currency)]
        return any(said * low <= int(str(amount)) <= said * high for amount in amounts)
    return said in amounts


_FOREIGN = {"USD": (5, 9), "EUR": (6, 10), "GBP": (7, 12), "HKD": (0.7, 1.2)}
"""Yuan for one unit, widely: which of a few entries was meant, never an amount."""


def _fits_date(record: Record, clue: Record) -> bool:
    on = str(record.get("on") or record.get("at") or record.get("maturity_on") or "")[:10]
    return bool(on) and str(clue["date"]) <= on <= str(clue.get("until") or clue["date"])


_KIND_OF_PRODUCT = {"credit_card": "credit", "debit_card": "debit", "demand_deposit": "current"}


def _fits_product(record: Record, clue: Record) -> bool:
    return record.get("kind") is not None and record["kind"] == _KIND_OF_PRODUCT.get(str(clue["product"]))


_SIGNS: dict[str, Callable[[Record, Record], bool]] = {
    "last_four": _fits_last_four,
    "name": _fits_name,
    "merchant": _fits_merchant,
    "money": _fits_money,
    "date": _fits_date,
    "product": _fits_product,
}


def record_labels(record: Record) -> list[str]:
    """Return what a record is called, in every language."""
    found: list[str] = []
    for key in ("label", "name", "bank", "payee_bank", "merchant", "counterparty"):
        value = record.get(key)
        if isinstance(value, dict):
            found += [str(text) for text in value.values()]
        elif value:
            found.append(str(value))
    return found


def by_label(records: Sequence[Record], text: str) -> list[Record]:
    """Return the records whose label the text is, or nearly is; [] when it is none."""
    said = text.strip().lower().strip("。.!！?？")
    if len(said) < 2:
        return []
    exact = [r for r in records if any(said == label.lower() for label in record_labels(r))]
    if exact:
        return exact
    scored = [
        (max((fuzz.ratio(said, label.lower()) for label in record_labels(r)), default=0), r) for r in records
    ]
    best = max((score for score, _ in scored), default=0)
    if best < LABEL_SCORE_MIN:
        return []
    kept = [record for score, record in scored if score >= best - 3]
    return kept if len(kept) < len(records) or len(records) == 1 else []


def named_in(records: Sequence[Record], text: str) -> list[Record]:
    """Return the records of which the text has most of the words that tell them apart; [] when it has none of any."""
    said = text.lower()
    words = [_words(record) for record in records]
    common = set.intersection(*words) if len(words) > 1 else set()
    weights = [sum(len(word) for word in own - common if _is_said(word, said)) for own in words]
    best = max(weights, default=0)
    kept = [record for record, weight in zip(records, weights, strict=True) if weight == best]
    return kept if best and len(kept) < len(records) else []


def begins_in(word: str, text: str) -> bool:
    """Tell whether a text in lower case has a word beginning so: "over" is not in "cover", "loan" is in "loans"."""
    if word[0].isascii():
        return re.search(rf"(?<![a-z0-9]){re.escape(word.lower())}", text) is not None
    return word.lower() in text


def _is_said(word: str, text: str) -> bool:
    if word[0].isascii():
        return re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text) is not None
    return word in text


def _words(record: Record) -> set[str]:
    """Return what a record may be called by: words of its labels, pairs of Chinese characters, a bank's short names."""
    found: set[str] = set()
    for label in record_labels(record):
        found |= {word.lower() for word in _LATIN.findall(label)}
        for run in _CHINESE.findall(label):
            found |= {run[place : place + 2] for place in range(len(run) - 1)}
    bank = record.get("bank") or record.get("payee_bank")
    if isinstance(bank, dict):
        name = str(bank.get("zh", "")).removesuffix("银行")
        found |= {f"{character}行" for character in name.removeprefix("中国") or name[:1]}
        capitals = "".join(word[0] for word in str(bank.get("en", "")).split() if word[0].isupper())
        found |= {capitals.lower()} if len(capitals) > 1 else set()
    return found


def match_option(options: Sequence[Choice], text: str, ordinal: int | None) -> Choice | None:
    """Return the offered option the customer means, or None."""
    if ordinal is not None:
        index = ordinal - 1 if ordinal > 0 else len(options) + ordinal
        return options[index] if 0 <= index < len(options) else None
    said = text.strip().lower().strip("。.!！?？")
    for option in options:
        if said and said in (option.label.lower(), option.value.lower()):
            return option
    scored = [(fuzz.ratio(said, option.label.lower()), option) for option in options]
    best = max(scored, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] >= LABEL_SCORE_MIN else None

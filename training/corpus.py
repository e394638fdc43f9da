"""The texts the encoder is trained on, and which of them bring a label.

`label` is None wherever a benchmark of ours scores few examples, near out-of-scope or folds (Banking77, its
out-of-scope splits, NLU++): the encoder sees the wording of those rows but never which belong together. Rows kept for
measuring (the public CLINC150 test split, the banking77_oos validation splits, the pack's exam) are not read at all.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

LABEL_MAX = 400
"""A label with more rows than this is thinned, so that `contentonly` does not become the language."""


@dataclass(frozen=True)
class Row:
    """One text of the corpus.

    label: rows with the same label mean the same, across languages too; pair: rows with the same pair are translations.
    """

    text: str
    language: str
    source: str
    label: str | None = None
    pair: str | None = None


def read_corpus(data: Path, pack: Path, translations: Path) -> list[Row]:
    """Read every row once, in a fixed order; a text that comes back with the same label is dropped."""
    seen: set[tuple[str, str | None, str | None]] = set()
    rows: list[Row] = []
    for row in (
        *_english_rows(data),
        *_chinese_rows(data),
        *_pack_rows(pack),
        *_translated_rows(translations),
    ):
        key = (row.text.lower(), row.label, row.pair)
        if row.text.strip() and key not in seen:
            seen.add(key)
            rows.append(row)
    return rows


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _english_rows(data: Path) -> Iterator[Row]:
    for row in _table(data / "banking77/train.csv"):
        yield Row(row["text"], "en", "banking77")
    for line in (data / "nlupp/banking.jsonl").read_text("utf-8").splitlines():
        yield Row(json.loads(line)["text"], "en", "nlupp")
    for row in _table(data / "clinc150/train.csv"):
        yield Row(row["text"], "en", "clinc150", f"clinc:{row['label']}")
    for row in _table(data / "clinc150/oos_train_plus.csv"):
        yield Row(row["text"], "en", "clinc150")
    for row in _table(data / "hwu64/train.csv"):
        yield Row(row["text"], "en", "hwu64", f"hwu:{row['label']}")
    seen: set[str] = set()
    for row in _table(data / "multidogo_finance/train.csv"):
        text = row["utt"].strip()
        if text.lower() not in seen:
            seen.add(text.lower())
            yield Row(text, "en", "multidogo")


def _chinese_rows(data: Path) -> Iterator[Row]:
    for name in (
        "金融意图理解",
        "保险意图理解",
        "金融问题识别",
        "金融情绪识别",
        "金融槽位识别",
        "理财知识解读",
        "金融术语解释",
        "信息安全合规",
    ):
        for row in _table(data / f"fin_eva/{name}.csv"):
            text = row.get("question") or next(iter(row.values()))
            for part in re.split(r"[\n。？！]", text or ""):
                if 4 <= len(part.strip()) <= 80:
                    yield Row(part.strip(), "zh", "fin_eva")


def _pack_rows(pack: Path) -> Iterator[Row]:
    titles = yaml.safe_load((pack / "intents/intents.yaml").read_text("utf-8"))["intents"]
    for language in ("zh", "en"):
        for path in sorted((pack / "intents" / language).glob("*.yaml")):
            label = None if path.stem in {"out_of_scope", "none_of_these"} else f"pack:{path.stem}"
            for text in yaml.safe_load(path.read_text("utf-8")):
                yield Row(str(text), language, "pack-intents", label)
            if label and path.stem in titles:
                yield Row(titles[path.stem]["title"][language], language, "pack-intents", label)
        for path in sorted((pack / "flags" / language).glob("*.yaml")):
            examples = yaml.safe_load(path.read_text("utf-8"))
            for kind in ("positive", "negative"):
                for text in examples.get(kind, ()):
                    label = f"flag:{path.stem}" if kind == "positive" else None
                    yield Row(str(text), language, "pack-flags", label)
        for path in sorted((pack / "articles" / language).glob("*.md")):
            yield from _article_rows(path, language)


def _article_rows(path: Path, language: str) -> Iterator[Row]:
    _, head, body = path.read_text("utf-8").split("---", 2)
    front = yaml.safe_load(head)
    label = f"article:{front['id']}"
    yield Row(front["title"], language, "pack-articles", label, pair=front["id"])
    for question in front.get("questions") or ():
        yield Row(str(question), language, "pack-articles", label)
    plain = re.sub(r"\{\{.*?\}\}", "100", re.sub(r"\{%.*?%\}|^#+|^[-|>*]+", " ", body, flags=re.MULTILINE))
    for sentence in re.split(r"[。！？\n]|(?<=[.!?])\s", plain):
        text = sentence.strip(" -|*#\t")
        if 6 <= len(text) <= 200:
            yield Row(text, language, "pack-articles")


def _translated_rows(folder: Path) -> Iterator[Row]:
    """Yield both sides of each localised translation (columns: id, English, Chinese) as one pair."""
    for path in sorted(folder.glob("zh_*.tsv")):
        for line in path.read_text("utf-8").splitlines():
            parts = line.split("\t")
            if len(parts) < 3 or parts[0] in {"id", "english_id"}:
                continue
            pair = f"{path.stem}:{parts[0]}"
            yield Row(parts[1], "en", path.stem, pair=pair)
            yield Row(parts[2], "zh", path.stem, pair=pair)

"""Development figures of the shipped encoder: `python -m training.measure --data DIR`. No test split is read.

Every figure but the last uses the vectors as they are: a nearest-centroid or nearest-neighbour rule, so that it is the
encoder that is measured and not a classifier.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import yaml

from tellerline.models.adapters.encoder import load_encoder
from tellerline.models.contract import SentenceEncoder
from training.build import split_pairs
from training.corpus import read_corpus
from training.source import Floats

PACK = Path("packs/harbour")


def main() -> None:
    """Print one line of JSON for each measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    encoder = load_encoder()
    print(json.dumps({"encoder": encoder.name}))
    report("latency, 20 tokens, ms", measure_latency(encoder))
    report("translations held out, R@1 of 300", measure_translations(encoder, data))
    for language in ("zh", "en"):
        report(f"articles, R@1, {language}", measure_articles(encoder, language))
    for language in ("zh", "en"):
        report(f"pack intents, 5-fold, {language}", measure_folds(encoder, *read_intents(language), folds=5))
    with (data / "banking77/train.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    texts, labels = (
        [row["text"] for row in rows],
        np.unique([row["label"] for row in rows], return_inverse=True)[1],
    )
    report("banking77 train, 10-fold", measure_folds(encoder, texts, labels, folds=10))


def report(name: str, figures: dict[str, float]) -> None:
    """Print one measure."""
    print(
        json.dumps({"measure": name} | {key: round(value, 4) for key, value in figures.items()}), flush=True
    )


def measure_latency(encoder: SentenceEncoder) -> dict[str, float]:
    """Return processor time of one new message, both languages."""
    figures = {}
    for language, text in {
        "zh": "我上个月在网上买的东西退货了但是退款{}一直没到信用卡上怎么回事",
        "en": "i returned what i bought last month but the refund {} never came to my credit card",
    }.items():
        times = []
        for number in range(200):
            began = time.thread_time()
            encoder.encode([text.format(number)])
            times.append(1e3 * (time.thread_time() - began))
        figures |= {
            f"{language} p50": float(np.median(times)),
            f"{language} p95": float(np.quantile(times, 0.95)),
        }
    return figures


def measure_translations(encoder: SentenceEncoder, data: Path) -> dict[str, float]:
    """Find each held-out translation's other side among all of them."""
    rows = read_corpus(data, PACK, Path("training/data"))
    _, held = split_pairs(rows)
    sides: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        if row.pair and row.text in held:
            sides[row.pair][row.language] = row.text
    whole = [side for side in sides.values() if len(side) == 2]
    chinese = encoder.encode([side["zh"] for side in whole])
    near = chinese @ encoder.encode([side["en"] for side in whole]).T
    wanted = np.arange(len(whole))
    return {
        "zh->en": float((near.argmax(1) == wanted).mean()),
        "en->zh": float((near.argmax(0) == wanted).mean()),
        "cosine": float(near.diagonal().mean()),
    }


def measure_articles(encoder: SentenceEncoder, language: str) -> dict[str, float]:
    """Find, for the exam's development questions, the article by the nearest of its title and questions."""
    owners, texts = [], []
    for path in sorted((PACK / "articles" / language).glob("*.md")):
        front = yaml.safe_load(path.read_text("utf-8").split("---", 2)[1])
        for text in (front["title"], *(front.get("questions") or ())):
            owners.append(front["id"])
            texts.append(str(text))
    asked = yaml.safe_load((PACK / f"exam/retrieval/{language}.yaml").read_text("utf-8"))["dev"]["answerable"]
    asked = [case for case in asked if case.get("articles")]
    near = encoder.encode([case["ask"] for case in asked]) @ encoder.encode(texts).T
    hits = [owners[best] in case["articles"] for best, case in zip(near.argmax(1), asked, strict=True)]
    return {"R@1": float(np.mean(hits)), "questions": len(asked)}


def read_intents(language: str) -> tuple[list[str], np.ndarray]:
    """Return the pack's examples and their intents."""
    texts, labels = [], []
    for path in sorted((PACK / "intents" / language).glob("*.yaml")):
        examples = [str(text) for text in yaml.safe_load(path.read_text("utf-8"))]
        texts += examples
        labels += [path.stem] * len(examples)
    return texts, np.unique(labels, return_inverse=True)[1]


def measure_folds(
    encoder: SentenceEncoder, texts: list[str], labels: np.ndarray, folds: int
) -> dict[str, float]:
    """Return accuracy by 5 nearest neighbours and by ridge regression on the vectors."""
    vectors: Floats = encoder.encode(texts)
    fold = np.random.default_rng(0).permutation(len(texts)) % folds
    neighbours, ridge = [], []
    for index in range(folds):
        known, asked = fold != index, fold == index
        near = vectors[asked] @ vectors[known].T
        best = np.argpartition(-near, 5, axis=1)[:, :5]
        votes = np.zeros((int(asked.sum()), int(labels.max()) + 1))
        for column in best.T:
            votes[np.arange(len(votes)), labels[known][column]] += np.take_along_axis(
                near, column[:, None], 1
            )[:, 0]
        neighbours.append((votes.argmax(1) == labels[asked]).mean())
        ones = np.eye(int(labels.max()) + 1)[labels[known]]
        square = vectors[known].T @ vectors[known] + 0.3 * np.eye(vectors.shape[1])
        mapping = np.linalg.solve(square, vectors[known].T @ ones)
        ridge.append(((vectors[asked] @ mapping).argmax(1) == labels[asked]).mean())
    return {"5-nn": float(np.mean(neighbours)), "ridge": float(np.mean(ridge)), "rows": len(texts)}


if __name__ == "__main__":
    main()

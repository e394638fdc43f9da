"""`python -m bench.understanding --data DIR`: how well messages are understood, beside two floors."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import matplotlib
import numpy as np

matplotlib.use("Agg")
from matplotlib import pyplot as plt

from bench.machine import describe, quantile, table
from bench.understanding import corpora, rows, several
from bench.understanding.contenders import Both, Contender, Letters, Meaning
from bench.understanding.development import development_rows
from bench.understanding.minilm import MiniLM
from bench.understanding.rows import Row
from tellerline.app import shared_encoder
from tellerline.dialogue import pack
from tellerline.domain.reading import Context
from tellerline.models.adapters.encoder import runtime
from tellerline.models.contract import SentenceEncoder
from tellerline.understanding.reader import Understanding
from tellerline.understanding.remember import RememberingEncoder

HERE = Path(__file__).parent
RELEASES = HERE.parents[1] / "data" / "releases"
TARGETS = {
    "Banking77, all rows": "≥ 95.0 % on its test split",
    "Banking77, 10 an intent": "≥ 89 %",
    "Banking77, 5 an intent": "≥ 84.5 %",
    "CLINC150": "≥ 97.2 %; outside ≥ 93 %",
    "near: 27 of 77 withheld": "AUROC ≥ 90; outside ≥ 55 %",
    "NLU++ banking, 1 fold": "micro-F1 ≥ 68",
    "NLU++ banking, 14 folds": "micro-F1 ≥ 93",
}


def contenders(encoder: SentenceEncoder, minilm: SentenceEncoder | None) -> list[Contender]:
    """Return who is measured; MiniLM only where its weights are given."""
    public = [Meaning(MiniLM.name + " + logistic regression", minilm)] if minilm else []
    return [Letters(), *public, Meaning("our encoder + logistic regression", encoder), Both(encoder)]


def open_rows(
    data: Path, encoder: SentenceEncoder, minilm: SentenceEncoder | None, folds: int
) -> Iterator[Row]:
    """Yield the rows of the open sets."""
    banking, clinc = corpora.banking77(data), corpora.clinc150(data)
    near, far = corpora.banking77_near(data)
    draws = min(rows.DRAWS, folds)
    for contender in contenders(encoder, minilm):
        yield rows.whole("Banking77, all rows", contender, banking, folds)
        yield rows.few("Banking77, 10 an intent", contender, banking, 10, draws)
        yield rows.few("Banking77, 5 an intent", contender, banking, 5, draws)
        yield rows.withheld("near: 27 of 77 withheld", contender, banking, 1)
        yield rows.with_outside("near: the published 50/27 split", contender, near)
        yield rows.with_outside("far: banking-like CLINC150 rows", contender, near._replace(test_outside=far))
        yield rows.with_outside("CLINC150", contender, clinc)
    yield from nlupp_rows(data, encoder, minilm, folds)


def nlupp_rows(
    data: Path, encoder: SentenceEncoder, minilm: SentenceEncoder | None, folds: int
) -> Iterator[Row]:
    """Yield the rows of NLU++: learning from one fold, and from all but one."""
    corpus = corpora.nlupp(data)
    parts = np.unique(corpus.folds)
    kernels = {"TF-IDF + ridge": several.letters, "Tellerline": several.both(encoder)}
    if minilm:
        kernels[MiniLM.name + " + ridge"] = several.meaning(minilm)
    for name, kernel in sorted(kernels.items(), reverse=True):
        little = [(corpus.folds == part, corpus.folds != part) for part in parts]
        much = [(seen_not, seen) for seen, seen_not in little][: max(folds, 3)]
        yield several.score("NLU++ banking, 1 fold", name, kernel, corpus, little)
        yield several.score("NLU++ banking, 14 folds", name, kernel, corpus, much)


def pack_rows(encoder: SentenceEncoder, folds: int) -> Iterator[Row]:
    """Yield the pack's own examples in cross-validation, both languages learned together and judged apart."""
    by_language = {language: corpora.pack(language) for language in ("zh", "en")}
    joint, origin = corpora.joined(list(by_language.values()))
    for contender in contenders(encoder, None):
        yield from rows.by_part("pack, own examples", contender, joint, origin, list(by_language), folds)


def latency(encoder: SentenceEncoder, understanding: Understanding) -> list[list[str]]:
    """Measure a whole reading of the development messages, and the encoder alone, ms."""
    lines = [(text, language) for language, found in corpora.development().items() for text, *_ in found]
    whole, alone = [], []
    for text, language in lines:
        began = time.perf_counter()
        understanding.read(text, Context(language, date(2026, 11, 23)))  # type: ignore[arg-type]
        whole.append((time.perf_counter() - began) * 1_000)
    for text, _ in lines[:400]:
        began = time.perf_counter()
        encoder.encode([text + " "])
        alone.append((time.perf_counter() - began) * 1_000)
    return [
        [name, f"{quantile(took, 0.5):.2f}", f"{quantile(took, 0.95):.2f}", f"{quantile(took, 0.99):.2f}"]
        for name, took in (("whole understanding", whole), ("encoder alone", alone))
    ]


def _percent(value: float | None, digits: int = 1) -> str:
    return "–" if value is None else f"{100 * value:.{digits}f}"


def _cells(row: Row) -> list[str]:
    interval = "–" if row.interval is None else f"{100 * row.interval[0]:.1f}–{100 * row.interval[1]:.1f}"
    return [
        row.task,
        row.contender,
        str(row.count),
        _percent(row.accuracy),
        interval,
        _percent(row.macro_f1),
        _percent(row.outside_recall),
        _percent(row.auroc),
        _percent(row.calibration_error),
        TARGETS.get(row.task, "") if row.contender == "Tellerline" else "",
    ]


HEAD = ["task", "who", "rows", "accuracy %", "95 %", "F1 %", "outside recall %", "AUROC %", "ECE %", "target"]


def draw(found: list[Row]) -> None:
    """Draw accuracy per task and contender."""
    tasks = list(dict.fromkeys(row.task for row in found if row.accuracy is not None))
    names = list(dict.fromkeys(row.contender for row in found))
    figure, axes = plt.subplots(figsize=(9, 0.5 * len(tasks) + 1.5))
    for name in names:
        mine = [
            (row.accuracy, tasks.index(row.task)) for row in found if row.contender == name and row.accuracy
        ]
        axes.plot([100 * share for share, _ in mine], [place for _, place in mine], "o", label=name)
    axes.set_yticks(range(len(tasks)), tasks)
    axes.invert_yaxis()
    axes.set(xlabel="accuracy, % (NLU++: all labels of a text right)")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(HERE / "understanding.png", dpi=110)


def main() -> None:
    """Measure, print, and write `understanding.md`."""
    parser = argparse.ArgumentParser(prog="python -m bench.understanding", description=__doc__)
    parser.add_argument(
        "--data", type=Path, help="folder of the open sets; without it only the pack is measured"
    )
    parser.add_argument(
        "--minilm", type=Path, help="folder with MiniLM's weights, for the public encoder's rows"
    )
    parser.add_argument(
        "--vectors", type=Path, default=Path("/tmp"), help="where sentence vectors are kept between runs"
    )
    parser.add_argument("--folds", type=int, default=rows.FOLDS, help="how many of the ten parts are run")
    parser.add_argument("--quick", action="store_true", help="one part of ten, one draw")
    chosen = parser.parse_args()
    encoder = RememberingEncoder(shared_encoder(), chosen.vectors / f"bench-{shared_encoder().name}.npz")
    minilm = MiniLM(chosen.minilm) if chosen.minilm else None
    public = RememberingEncoder(minilm, chosen.vectors / "bench-minilm.npz") if minilm else None
    folds = 1 if chosen.quick else chosen.folds
    found: list[Row] = []
    generated = pack_rows(encoder, folds)
    for row in generated:
        print(*_cells(row), sep=" | ", flush=True)
        found.append(row)
    understanding = _understanding()
    found += development_rows(understanding)
    if chosen.data:
        for row in open_rows(chosen.data, encoder, public, folds):
            print(*_cells(row), sep=" | ", flush=True)
            found.append(row)
    encoder.keep()
    if public:
        public.keep()
    (HERE / "understanding.md").write_text(
        report(found, latency(shared_encoder(), understanding), folds), encoding="utf-8"
    )
    draw(found)


def report(found: list[Row], times: list[list[str]], folds: int) -> str:
    """Return the page."""
    head = (
        f"Cross-validation: {folds} of ten parts were run, few-shot rows over {min(folds, rows.DRAWS)} draws."
    )
    size = sum(path.stat().st_size for path in runtime.FOLDER.iterdir() if path.suffix in (".onnx", ".json"))
    return "\n".join(
        [
            "# Understanding",
            "",
            head,
            "",
            f"Encoder `{shared_encoder().name}`, {size / 2**20:.1f} MiB. {describe()}.",
            "",
            table(HEAD, [_cells(row) for row in found]),
            "",
            table(["ms, one core", "p50", "p95", "p99"], times),
            "",
            "![Accuracy](understanding.png)",
            "",
        ]
    )


def _understanding() -> Understanding:
    version = pack.build(corpora.PACK, RELEASES, shared_encoder())
    return pack.load(RELEASES, version, shared_encoder()).reader


if __name__ == "__main__":
    main()

"""`python -m bench.knowledge`: what the search finds and answers, both languages side by side."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot as plt

from bench.knowledge.answers import TODAY, Answers, judge_answers
from bench.knowledge.questions import Half, Question, read_questions
from bench.knowledge.rankers import Rank, bm25, dense, hybrid, tfidf
from bench.knowledge.rerank import reranked
from bench.machine import describe, quantile, table
from tellerline.domain.language import LANGUAGES, Language
from tellerline.domain.reading import Context
from tellerline.knowledge.analyse import Analyser
from tellerline.knowledge.compile import compile_knowledge
from tellerline.knowledge.exam import read_exam
from tellerline.knowledge.ground import Compiled, Knowledge
from tellerline.knowledge.keep import save_knowledge
from tellerline.knowledge.retrieve import Retriever
from tellerline.knowledge.terms import Terms
from tellerline.models.adapters.encoder import load_encoder
from tellerline.models.contract import SentenceEncoder
from tellerline.understanding.entities.finder import EntityFinder

HERE = Path(__file__).parent
PACK = HERE.parents[1] / "packs" / "harbour"
TARGET = 0.9
Found = dict[str, dict[Language, tuple[float, float, float]]]


def measure(rank: Rank, questions: Sequence[Question], language: Language) -> tuple[float, float, float]:
    """Return R@1, R@3 and MRR on the questions that one article answers."""
    places = []
    for question in questions:
        if question.kind == "single":
            found = rank(question.in_(language))
            places.append(next((n for n, name in enumerate(found, 1) if name in question.articles), 0))
    count = len(places)
    return (
        sum(place == 1 for place in places) / count,
        sum(0 < place <= 3 for place in places) / count,
        sum(1 / place for place in places if place) / count,
    )


def rank_all(compiled: Compiled, encoder: SentenceEncoder, questions: Sequence[Question]) -> Found:
    """Measure every ranker in both languages."""
    retriever = Retriever(compiled.index, Analyser(Terms(compiled.terms)), encoder)
    exams = read_exam(PACK, [])
    found: Found = {}
    for language in LANGUAGES:
        articles = list(compiled.library.articles[language].values())
        rankers = {
            "BM25 over whole articles (floor)": bm25(articles, language),
            "TF-IDF, nearest listed question": tfidf(articles, language),
            "dense alone, nearest listed question": dense(articles, encoder),
            "hybrid (the product)": hybrid(retriever, language),
            "hybrid + re-rank (tried)": reranked(
                retriever, language, encoder, exams[language].dev.answerable
            ),
        }
        for name, rank in rankers.items():
            found.setdefault(name, {})[language] = measure(rank, questions, language)
    return found


def report(found: Found, answers: dict[Language, Answers], half: Half, count: int, size_kb: float) -> str:
    """Return the tables."""
    percent = "{:.1f}".format
    rows = [
        [name, *(percent(100 * by[language][n]) for n in range(3) for language in LANGUAGES)]
        for name, by in found.items()
    ]
    head = ["articles found, %", "R@1 zh", "R@1 en", "R@3 zh", "R@3 en", "MRR zh", "MRR en"]
    fields = {
        "answers given that are right": "precision",
        "single questions answered right": "recall",
        "unanswerable ones left unanswered": "abstained",
        "several-article questions, both needs met": "several",
        "constraint questions, every row cited": "constraints",
    }
    said = [
        [what, *(percent(100 * getattr(answers[language], field)) for language in LANGUAGES)]
        for what, field in fields.items()
    ]
    for what, share in (("processor time of an answer, p50, ms", 0.5), ("p99, ms", 0.99)):
        said.append([what, *(f"{quantile(answers[language].times, share):.1f}" for language in LANGUAGES)])
    intro = (
        f"{count} questions in each language, the {half} half of `dev/questions.yaml` (by a fixed seed);"
        f" index {size_kb:.0f} kB on disk; {describe()}."
    )
    return "\n\n".join((intro, table(head, rows), table(["the product's answers, %", "zh", "en"], said)))


def draw(found: Found) -> None:
    """Draw R@1 of every ranker."""
    figure, axis = plt.subplots(figsize=(7.5, 3.2))
    for offset, (language, colour) in enumerate(zip(LANGUAGES, ("#b4462c", "#1b6b8f"), strict=True)):
        places = [n + 0.36 * offset for n in range(len(found))]
        axis.barh(
            places, [100 * by[language][0] for by in found.values()], 0.34, color=colour, label=language
        )
    axis.axvline(100 * TARGET, color="#777", linestyle=":", label="target")
    axis.set_yticks([n + 0.18 for n in range(len(found))], list(found))
    axis.invert_yaxis()
    axis.set_xlabel("R@1, % of questions in wording the articles do not have")
    axis.legend(loc="lower right", fontsize=8)
    figure.tight_layout()
    figure.savefig(HERE / "report.svg")


def main() -> None:
    """Compile the pack, ask everything, print and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("tuning", "reporting"), default="reporting")
    parser.add_argument(
        "--wrong", action="store_true", help="list what was answered wrongly (tuning half only)"
    )
    given = parser.parse_args()
    encoder = load_encoder()
    compiled, _ = compile_knowledge(PACK, encoder)
    with tempfile.TemporaryDirectory() as folder:
        save_knowledge(compiled, Path(folder))
        size_kb = sum(file.stat().st_size for file in Path(folder).iterdir()) / 1_000
    finder = EntityFinder()
    knowledge = Knowledge(
        compiled, lambda text, language, on: finder.find(text, Context(language, on)), encoder
    )
    questions = read_questions(given.half)
    for language in LANGUAGES:  # the first question pays for what is made on demand
        knowledge.answer("warm up 热身", language=language, on=TODAY)
    answers = {
        language: judge_answers(knowledge, compiled.library.articles[language], questions, language)
        for language in LANGUAGES
    }
    found = rank_all(compiled, encoder, questions)
    text = report(found, answers, given.half, len(questions), size_kb)
    print(text)
    if given.half == "reporting":
        (HERE / "report.md").write_text(f"# What the search finds and answers\n\n{text}\n", "utf-8")
        draw(found)
    if given.half == "tuning" and given.wrong:
        print("\n".join(line for language in LANGUAGES for line in answers[language].wrong))


if __name__ == "__main__":
    main()

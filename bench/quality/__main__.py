"""`python -m bench.quality`: precision, recall and κ of each indicator and language, and counterfactual flips."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.machine import describe
from bench.quality.development import (
    MEASURED,
    OCCASION,
    WHO,
    Marks,
    load_excerpts,
    load_second,
    make_events,
    mark_of,
)
from bench.quality.flips import count_flips
from bench.quality.tools import load_scorer
from tellerline.domain.event import ConversationId
from tellerline.domain.language import LANGUAGES, Language
from tellerline.quality.agreement import KAPPA_MIN, Agreement, Mark, agree
from tellerline.quality.review import machine_marks

REPORT = Path(__file__).parent / "quality.md"
FLIPS_MAX = 0.03
FAILS_MIN = 5

HEAD = """# What the indicators find

{count} excerpts of conversations ({each}), written for this purpose and kept in `dev/`. Each was marked twice from the
rubric, the second time shuffled and without the first labels, but by the same hand and on the same day: the marker knew the
texts. So *κ of the two markings* is an upper bound of how reproducible the rubric is, and no agreement of two people. The
set was seen while the indicators were written: its figures are those of a development set. The examples that the speech
acts are learned from are other sentences (`src/tellerline/quality/acts.*.yaml`).

Precision and recall are of *failures*, the machine's against the first marking; an indicator that needs an occasion
(marked °) has the marks pass, fail and not applicable, the others pass and fail. `fails` is how many failures the first
marking has: where there are fewer than {least}, *too few*, a figure says little. An indicator **advises only** in a
language until both κ are at least {kappa}; its release for a bank needs 200 items marked by the bank's own reviewers.

"""


def rows(language: Language, machine: dict[str, dict[str, Mark]]) -> Iterator[str]:
    """Yield the rows of one language."""
    excerpts, second = load_excerpts()[language], load_second()
    for name in MEASURED:
        first = [mark_of(name, one.fail, one.passed) for one in excerpts]
        marks = [second.get(one.id, Marks()) for one in excerpts]
        again = [mark_of(name, one.fail, one.passed) for one in marks]
        found = [_as_marked(name, machine[one.id][name]) for one in excerpts]
        if "fail" not in {*first, *found}:
            continue
        hits = sum(a == b == "fail" for a, b in zip(first, found, strict=True))
        precision, recall = _share(hits, found.count("fail")), _share(hits, first.count("fail"))
        people, both = agree(first, again), agree(first, found)
        state = "too few" if first.count("fail") < FAILS_MIN else ""
        state = state if min(_kappa(people), _kappa(both)) >= KAPPA_MIN else "advises only"
        title = f"{name}°" if name in OCCASION else name
        cells = (
            title,
            first.count("fail"),
            precision,
            recall,
            f"{_kappa(people):.2f}",
            f"{_kappa(both):.2f}",
            state,
        )
        yield f"| {' | '.join(map(str, cells))} |"


def main() -> None:
    """Measure, print and write the report."""
    scorer, excerpts = load_scorer(), load_excerpts()

    def marks(turns: Sequence[str], language: Language) -> dict[str, Mark]:
        return machine_marks(scorer.score(ConversationId("dev"), make_events(turns, language)).findings, WHO)

    lines = [
        HEAD.format(
            count=sum(map(len, excerpts.values())),
            each=", ".join(f"{len(found)} {language}" for language, found in excerpts.items()),
            least=FAILS_MIN,
            kappa=KAPPA_MIN,
        ).rstrip("\n")
    ]
    began = time.perf_counter()
    for language in LANGUAGES:
        machine = {one.id: marks(one.turns, language) for one in excerpts[language]}
        lines += [
            "",
            f"## {'Chinese' if language == 'zh' else 'English'}",
            "",
            "| indicator | fails | precision | recall | κ of the two markings | κ of machine and first | |",
            "|-|-|-|-|-|-|-|",
            *rows(language, machine),
        ]
    took_ms = 1_000 * (time.perf_counter() - began) / sum(map(len, excerpts.values()))
    lines += [
        "",
        "## Counterfactual flips",
        "",
        f"Marks that changed with what must not matter; at most {FLIPS_MAX:.0%}.",
        "",
    ]
    lines += ["| language | changed | flipped | of | share |", "|-|-|-|-|-|"]
    for language in LANGUAGES:
        for kind, (flipped, total) in count_flips(excerpts[language], language, marks, MEASURED).items():
            lines.append(f"| {language} | {kind} | {flipped} | {total} | {flipped / max(1, total):.1%} |")
    lines += ["", f"Scoring took {took_ms:.0f} ms for an excerpt. {describe()}."]
    REPORT.write_text("\n".join(lines) + "\n", "utf-8")
    print(REPORT.read_text("utf-8"))


def _as_marked(name: str, mark: Mark) -> Mark:
    return "pass" if mark == "na" and name not in OCCASION else mark


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "–"


def _kappa(found: Agreement) -> float:
    return 1.0 if found.kappa is None else found.kappa


if __name__ == "__main__":
    main()

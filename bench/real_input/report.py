"""The report: counts with their intervals, invariants, and every wrong one with what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import sqrt

from bench.real_input.outcome import CAUSES, MISLED, Kind
from bench.real_input.sample import SEED
from bench.real_input.trial import Reviews, Tried

SETS = {
    "banking77": "Banking77",
    "nlupp": "NLU++ banking",
    "multidogo": "MultiDoGO finance",
    "chinese": "Chinese, written for this",
}
KINDS: dict[Kind, str] = {
    "answered": "answered with source",
    "flow": "flow started rightly",
    "clarified": "clarified",
    "human": "handed over or offered",
    "social": "social reply",
    "declined": "honestly declined",
}
_HEAD = f"""# Real input

500 unedited customer messages drawn by seed ({SEED}) from three open sets, and 100 Chinese ones written without
sight of the example phrases that the intents are trained on. Each is the first message of a conversation of its own, sent
by a customer of the demonstration bank who is signed in. [README.md](README.md) says how they are drawn and judged, and what
each word means.

```sh
.venv/bin/python -m bench.real_input.run --data <folder of the open sets>
```

Release of the pack: """
_TAIL = """
## Where the messages come from

Messages quoted above are unedited rows of these sets, quoted under their licences; nothing else of the sets is part of this
project.

- Banking77 (PolyAI, [task-specific-datasets](https://github.com/PolyAI-LDN/task-specific-datasets), commit 57ec275), CC BY
  4.0. Casanueva et al., *Efficient Intent Detection with Dual Sentence Encoders*, 2020. Training part.
- NLU++ banking (PolyAI, the same repository and commit), CC BY 4.0. Casanueva et al., *NLU++*, 2022. Folds 0 to 14.
- MultiDoGO finance (Amazon, [multi-domain-goal-oriented-dialogues-dataset](https://github.com/awslabs/multi-domain-goal-oriented-dialogues-dataset),
  commit baa3063), CDLA-Permissive-1.0. Peskov et al., *Multi-Domain Goal-Oriented Dialogues*, 2019. Training and
  development parts, customer turns.
- The Chinese messages are part of this project: [zh.yaml](zh.yaml).
"""


def wilson(right: int, count: int) -> tuple[float, float]:
    """Return the 95% interval of a proportion (Wilson, 1927)."""
    z, share = 1.96, right / count
    middle = share + z * z / (2 * count)
    spread = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return max(0.0, (middle - spread) / (1 + z * z / count)), (middle + spread) / (1 + z * z / count)


def render(tried: Sequence[Tried], reviews: Reviews, release: str) -> str:
    """Write the whole report. release: the pack's release that answered."""
    sections = [
        f"{_HEAD}`{release}`",
        _counts(tried),
        _invariants(tried),
        _reading(tried, reviews),
        _causes(tried),
        _wrong(tried),
        _TAIL,
    ]
    return "\n".join(section.strip("\n") + "\n" for section in sections)


def _counts(tried: Sequence[Tried]) -> str:
    lines = [
        "## Counts",
        "",
        "| | messages | " + " | ".join(KINDS.values()) + " | partly | wrong | right (95% interval) |",
    ]
    lines.append("|-|" + "-:|" * (len(KINDS) + 4))
    for name, title in SETS.items():
        lines += _row(title, [one for one in tried if one.set == name])
    for language, title in (("en", "**English**"), ("zh", "**Chinese**")):
        lines += _row(title, [one for one in tried if one.language == language])
    return "\n".join([*lines, *_row("**all**", tried)])


def _row(title: str, tried: Sequence[Tried]) -> list[str]:
    if not tried:
        return []
    right = [one for one in tried if one.judgement.verdict == "right"]
    kinds = Counter(one.judgement.kind for one in right)
    partly = sum(one.judgement.verdict == "partly" for one in tried)
    low, high = wilson(len(right), len(tried))
    cells = [title, len(tried), *(kinds[kind] for kind in KINDS), partly, len(tried) - len(right) - partly]
    share = f"{len(right) / len(tried):.1%} ({low:.1%}–{high:.1%})"
    return [f"| {' | '.join(map(str, cells))} | {share} |"]


def _invariants(tried: Sequence[Tried]) -> str:
    rules = Counter(found.rule for one in tried for found in one.shortcomings)
    figures = rules["figure_without_source"]
    lines = [
        "## Invariants",
        "",
        f"Of {len(tried)} messages:",
        "",
        f"- {sum(bool(one.crash) for one in tried)} crashes",
        f"- {rules['no_reply'] + rules['empty_reply']} empty or missing replies",
        f"- {rules['no_source']} replies without a source",
        f"- {figures} replies with a figure that is in no cited source, no bank result and no word of the customer",
        "",
    ]
    crashes = Counter(one.crash for one in tried if one.crash)
    lines += [f"- {count} crashed: `{_line(crash)}`" for crash, count in crashes.most_common()]
    for one in tried:
        lines += [f"- `{one.id}` {found.rule}: {_line(found.detail)}" for found in one.shortcomings]
    return "\n".join(lines)


def _reading(tried: Sequence[Tried], reviews: Reviews) -> str:
    read = [one for one in tried if one.read]
    chinese = sum(one.language == "zh" for one in read)
    milder = sum(one.automatic.verdict != "right" and one.judgement.verdict == "right" for one in read)
    stricter = sum(one.automatic.verdict == "right" and one.judgement.verdict != "right" for one in read)
    automatic = sum(one.automatic.verdict == "right" for one in tried)
    lines = [
        "## Read one by one",
        "",
        f"Verdicts are given by rules from the labels. {len(read)} replies, {chinese} of them Chinese, were also read one",
        f"by one: {milder} verdicts were changed to right, {stricter} to wrong or partly, with reasons in",
        "[reviewed.yaml](reviewed.yaml). All figures here include these changes; by the rules alone",
        f"{automatic} of {len(tried)} are right.",
    ]
    stale = reviews.count - len(read)
    if stale > 0:
        lines.append(f"{stale} further readings no longer count: the assistant does something else now.")
    return "\n".join(lines)


def _causes(tried: Sequence[Tried]) -> str:
    wrong = [one for one in tried if one.judgement.verdict == "wrong"]
    misled = sum(one.judgement.cause in MISLED for one in wrong)
    lines = [
        "## Causes",
        "",
        f"{misled} of the {len(wrong)} wrong ones led the customer astray; the other {len(wrong) - misled} only failed to",
        "help, and said so.",
        "",
        f"| cause | {' | '.join(SETS.values())} | all |",
        "|-|" + "-:|" * (len(SETS) + 1),
    ]
    for cause, title in CAUSES.items():
        counts = Counter(one.set for one in wrong if one.judgement.cause == cause)
        if counts:
            lines.append(f"| {title} | {' | '.join(str(counts[name]) for name in SETS)} | {counts.total()} |")
    return "\n".join(lines)


def _wrong(tried: Sequence[Tried]) -> str:
    lines = ["## The wrong ones"]
    for cause, title in CAUSES.items():
        found = [one for one in tried if one.judgement.verdict == "wrong" and one.judgement.cause == cause]
        if found:
            lines += ["", f"### {title[0].upper()}{title[1:]}", "", *(_item(one) for one in found)]
    partly = [one for one in tried if one.judgement.verdict == "partly"]
    if partly:
        lines += ["", "### Only a part of the message was served", "", *(_item(one) for one in partly)]
    return "\n".join(lines)


def _item(one: Tried) -> str:
    reason = f" {one.reason}" if one.reason else ""
    return f"- {SETS[one.set]} `{one.id}`: “{_line(one.text)}” → {one.did}{'.' if reason else ''}{reason}"


def _line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")

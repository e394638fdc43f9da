"""The form of a case refuses what it does not know, and says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from tellerline.exam.load import load_exam, load_flow_cases

GOOD = """
- id: first
  title: A case
  ability: 3
  turns:
    - say: hello
      expect: {flow: {idle: true}}
"""


def exam(pack: Path, text: str, *, folder: str = "03-listening", name: str = "en.yaml") -> list[str]:
    """Load one file of cases; return the problems, as they are printed."""
    path = pack / "exam" / folder / name
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    placed, problems = load_exam(pack)
    assert problems or placed
    return [problem.render() for problem in problems]


def test_a_good_case_is_placed(tmp_path: Path) -> None:
    assert exam(tmp_path, GOOD) == []
    placed, _ = load_exam(tmp_path)
    assert [(x.case.id, x.ability, x.language, x.file, x.line) for x in placed] == [
        ("first", 3, "en", "exam/03-listening/en.yaml", 2)
    ]


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ("expect: {flw: {}}", "expect: {flow: {idle: true}}", "en.yaml:7: error: object contains unknown field `flw`"),
        ("sagt: hello", "say: hello", "unknown field `sagt`"),
        ("{say: hello, wait: 3}", "say: hello", "one of say, verify, wait, choose and again, not 2"),
        ("wait: 0", "say: hello", "wait is 1 to"),
        ("say: []", "say: hello", "at least one message"),
        ("expect: {commands: [StartFlw]}", "expect: {flow: {idle: true}}", "there is no command 'StartFlw'"),
        ("expect: {events: [flow.begun]}", "expect: {flow: {idle: true}}", "there is no event 'flow.begun'"),
        ("expect: {bank: {committed: [card.melt]}}", "expect: {flow: {idle: true}}", "there is no operation 'card.melt'"),
        ("ability: 26", "ability: 3", "ability 26 is not one of 1 to 25"),
        ("ability: 4", "ability: 3", "case first of ability 4 stands in 03-listening"),
        ("title: 7", "title: A case", "expected `str`, got `int`"),
    ],
)  # fmt: skip
def test_a_wrong_key_is_named_with_its_line(tmp_path: Path, wrong: str, right: str, told: str) -> None:
    text = GOOD.replace(f"- {right}", f"- {wrong}") if wrong.startswith("{") else GOOD.replace(right, wrong)
    if "wait: 3" in wrong:
        text = GOOD.replace("say: hello\n", "say: hello\n      wait: 3\n")
    problems = exam(tmp_path, text)
    assert len(problems) == 1
    assert told in problems[0]


def test_a_customer_is_needed_above_level_0(tmp_path: Path) -> None:
    text = GOOD.replace("  turns:", "  start: {level: 1}\n  turns:")
    assert "need a customer" in exam(tmp_path, text)[0]


def test_a_moment_needs_its_offset(tmp_path: Path) -> None:
    text = GOOD.replace("  turns:", "  start: {at: 2026-11-23 10:00:00}\n  turns:")
    assert "offset" in exam(tmp_path, text)[0]


def test_a_case_in_the_other_language_is_misplaced(tmp_path: Path) -> None:
    text = GOOD.replace("  turns:", "  start: {language: zh}\n  turns:")
    assert "begins in zh and stands in en.yaml" in exam(tmp_path, text)[0]


def test_a_folder_is_named_after_an_ability(tmp_path: Path) -> None:
    assert "is no ability's folder" in exam(tmp_path, GOOD, folder="03-hearing")[0]


def test_an_id_is_used_once(tmp_path: Path) -> None:
    assert "stands in exam/03-listening/en.yaml:2 already" in exam(tmp_path, GOOD + GOOD)[0]


def test_what_is_not_yaml_is_told(tmp_path: Path) -> None:
    assert "not YAML" in exam(tmp_path, "- id: [")[0]


def test_cases_beside_a_flow_say_their_language(tmp_path: Path) -> None:
    path = tmp_path / "flows" / "transfer" / "cases.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(
        GOOD + GOOD.replace("first", "second").replace("  turns:", "  start: {language: zh}\n  turns:")
    )
    placed, problems = load_flow_cases(tmp_path)
    assert [(x.case.id, x.flow, x.language) for x in placed] == [("second", "transfer", "zh")]
    assert ["a case beside a flow says its language" in x.what for x in problems] == [True]

"""Emotion and urgency, from the model's heads and from the surface."""

from __future__ import annotations

from tellerline.domain.reading import Affect, Mood
from tellerline.understanding.affect import follow_mood, read_affect


def test_the_strongest_emotion_wins():
    affect = read_affect("太过分了", {"anger": 0.9, "anxiety": 0.6, "urgency": 0.1})
    assert (affect.emotion, affect.intensity, affect.urgency) == ("anger", 0.9, 0.1)


def test_weak_signs_are_neutral():
    affect = read_affect("查余额", {"anger": 0.4})
    assert (affect.emotion, affect.intensity) == ("neutral", 0.0)


def test_shouting_raises_intensity():
    calm = read_affect("give me my money back", {"anger": 0.6})
    loud = read_affect("GIVE ME MY MONEY BACK!!!", {"anger": 0.6})
    assert loud.intensity > calm.intensity


def test_pressing_words_are_urgent_without_the_model():
    assert read_affect("马上给我冻结", {}).urgency > 0.5
    assert read_affect("block it immediately", {}).urgency > 0.5
    assert read_affect("不急", {}).urgency == 0


def test_nothing_exceeds_one():
    affect = read_affect("HELP ME NOW!!! HELP!!! 马上!!!", {"anxiety": 1.0, "urgency": 1.0})
    assert affect.intensity <= 1
    assert affect.urgency <= 1


def test_mild_words_are_less_intense():
    strong = read_affect("气炸了", {"anger": 0.9, "intensity": 0.9})
    mild = read_affect("有点烦", {"anger": 0.9, "intensity": 0.1})
    assert mild.emotion == strong.emotion == "anger"
    assert mild.intensity < strong.intensity


def trends(*affects: tuple[str, float]) -> list[str]:
    mood, found = Mood(), list[str]()
    for emotion, intensity in affects:
        mood = follow_mood(mood, Affect(emotion, intensity))  # type: ignore[arg-type]  tests name emotions freely
        found.append(mood.trend)
    return found


def test_growing_anger_rises_and_comes_to_rest():
    course = trends(
        ("neutral", 0), ("anger", 0.6), ("anger", 0.9), ("anger", 0.9), ("anger", 0.9), ("anger", 0.9)
    )
    assert course[0] == "steady"
    assert course[1:3] == ["rising", "rising"]
    assert course[-1] == "steady"


def test_one_flat_message_between_heated_ones_is_no_turn():
    assert "falling" not in trends(("anger", 0.9), ("neutral", 0), ("anger", 0.9), ("anger", 0.9))


def test_calm_and_pleasure_let_the_mood_fall():
    course = trends(("anger", 0.9), ("anger", 0.9), ("neutral", 0), ("satisfaction", 0.9), ("neutral", 0))
    assert course[:2] == ["rising", "rising"]
    assert "falling" in course[2:]
    assert "rising" not in course[2:]


def test_a_pleased_customer_stays_steady():
    assert trends(("satisfaction", 0.9), ("satisfaction", 1.0)) == ["steady", "steady"]

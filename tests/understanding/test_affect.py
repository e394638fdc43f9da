"""Emotion and urgency, from the model's heads and from the surface."""

from __future__ import annotations

from tellerline.understanding.affect import read_affect


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

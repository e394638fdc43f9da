"""A model keeps through saving, is calibrated, and knows its own examples."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from tellerline.understanding.intents import FORMAT, OUT_OF_SCOPE, EncoderChanged, Model


def best(model: Model, text: str) -> tuple[str, float]:
    top = model.ranked(model.score(text).intents)[0]
    return top.intent, top.probability


def test_a_saved_model_is_the_same_model(model, encoder, tmp_path):
    path = tmp_path / "model.npz"
    model.save(path)
    loaded = Model.load(path, encoder)
    assert loaded.form == model.form
    for text in ("查余额", "I lost my card", "🙂", ""):
        assert np.array_equal(loaded.score(text).intents, model.score(text).intents)


def test_a_model_of_another_format_is_refused(model, encoder, tmp_path):
    path = tmp_path / "model.npz"
    Model(msgspec.structs.replace(model.form, format=FORMAT + 1), model.arrays, encoder).save(path)
    with pytest.raises(ValueError, match="format"):
        Model.load(path, encoder)


def test_a_model_trained_with_another_encoder_is_refused(model, encoder, tmp_path):
    class Other:
        name, dimension, encode = "another", encoder.dimension, encoder.encode

    path = tmp_path / "model.npz"
    model.save(path)
    with pytest.raises(EncoderChanged, match="another"):
        Model.load(path, Other())


@pytest.mark.parametrize("text", ["查余额", "what's the weather", "", "🙂", "asdf qwer", "是"])
def test_probabilities_sum_to_one(model, text):
    assert model.score(text).intents.sum() == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("帮我看看卡里还有多少钱", "check_balance"),
        ("我的银行卡被偷了", "lost_card"),
        ("转人工", "talk_to_human"),
        ("人工", "talk_to_human"),
        ("human", "talk_to_human"),
        ("I want to speak to a real person", "talk_to_human"),
        ("是的", "affirm"),
        ("ok", "affirm"),
        ("不是", "deny"),
        ("算了不办了", "cancel"),
        ("when does my credit card bill fall due", "credit_card_bill"),
        ("what is the interest rate for savings", "ask_rates"),
        ("写一首关于春天的诗", OUT_OF_SCOPE),
        ("recommend me a good movie", OUT_OF_SCOPE),
    ],
)
def test_plain_requests_are_surely_understood(model, text, intent):
    assert best(model, text)[0] == intent
    assert best(model, text)[1] >= 0.5


def test_an_example_word_for_word_is_all_but_certain(model):
    text = next(text for text, intent in model.form.known.items() if intent == "make_transfer")
    assert best(model, text.upper() + "。")[1] >= 0.95


def test_out_of_scope_is_always_among_the_ranked(model):
    assert OUT_OF_SCOPE in {score.intent for score in model.ranked(model.score("查余额").intents)}


def test_flags_are_raised_where_they_should_be(model):
    heads = dict(zip(model.form.heads, model.score("我不想活了").heads, strict=True))
    assert heads["self_harm"] > 0.5
    heads = dict(zip(model.form.heads, model.score("警察让我把钱转到安全账户").heads, strict=True))
    assert heads["scam"] > 0.5
    heads = model.score("查一下我的余额").heads
    assert max(heads) < 0.5

"""Run the shipped encoder on one core: a branch for English, another for whatever has a Chinese character in it.

Why two: the English branch is MiniLM as it is, which no small bilingual model matched; the other was trained until its
vectors of Chinese, and of Chinese mixed with English, lie where the English branch puts the same meaning.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime as ort
import opencc
from numpy.typing import NDArray
from tokenizers import Tokenizer

FOLDER = Path(__file__).parent

DIMENSION = 384
HEAD_TOKENS_MAX = 28
TAIL_TOKENS_MAX = 44
"""Of a long text both ends are kept, more of the end: a story closes with what is asked."""
HEAD_CHARACTERS_MAX = 400
TAIL_CHARACTERS_MAX = 600
"""Cut before splitting into tokens, so that the time of a huge text is bounded; no ordinary token spans the gap."""
REMEMBERED_MAX = 256
"""Texts whose vectors are kept: intents, flags and retrieval ask for the same message within one turn."""

_CHINESE = re.compile("[\u3400-\u9fff]")


class _Branch:
    """A tokenizer and a model that belong together."""

    def __init__(self, model: Path, tokenizer: str) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # Given a path and not bytes, the runtime keeps no second copy of the file: 36 MB less for both branches.
        self._session = ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_str(tokenizer)

    def encode(self, text: str) -> NDArray[np.float32]:
        ids = self._tokenizer.encode(text).ids
        if len(ids) > HEAD_TOKENS_MAX + TAIL_TOKENS_MAX:
            ids = ids[:HEAD_TOKENS_MAX] + ids[-TAIL_TOKENS_MAX:]
        (vectors,) = self._session.run(["embedding"], {"ids": np.array([ids], dtype=np.int64)})
        vector: NDArray[np.float32] = vectors[0]
        return vector


class OnnxEncoder:
    """A `SentenceEncoder` over ONNX Runtime; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        content = hashlib.sha256()
        branches = []
        for language in ("en", "zh"):
            model = folder / f"{language}.onnx"
            tokenizer = (folder / f"{language}.tokenizer.json").read_text("utf-8")
            content.update(model.read_bytes())
            content.update(tokenizer.encode())
            branches.append(_Branch(model, tokenizer))
        self._english, self._chinese = branches
        self._simplify = opencc.OpenCC("t2s")
        self._name = f"tellerline-encoder-{content.hexdigest()[:12]}"
        self._remembered = lru_cache(maxsize=REMEMBERED_MAX)(self._encode_one)

    @property
    def name(self) -> str:
        """Version by content: models and tokenizers."""
        return self._name

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        return DIMENSION

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode each text by itself.

        Why: the int8 arithmetic scales by the largest value it sees, so texts run together would change one another.
        Shapes: [len(texts), dimension], L2-normalised.
        """
        vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
        for index, text in enumerate(texts):
            vectors[index] = self._remembered(_shorten(text))
        return vectors

    def forget(self) -> None:
        """Forget the texts whose vectors are kept: for measurements."""
        self._remembered.cache_clear()

    def _encode_one(self, text: str) -> NDArray[np.float32]:
        if _CHINESE.search(text):
            return self._chinese.encode(self._simplify.convert(text))
        return self._english.encode(text)


def load_encoder() -> OnnxEncoder:
    """Load the shipped encoder; takes a fraction of a second, therefore done once by whoever composes the rooms."""
    return OnnxEncoder(FOLDER)


def _shorten(text: str) -> str:
    if len(text) > HEAD_CHARACTERS_MAX + TAIL_CHARACTERS_MAX:
        text = f"{text[:HEAD_CHARACTERS_MAX]} {text[-TAIL_CHARACTERS_MAX:]}"
    # A lone surrogate, which JSON may carry, is no text to the tokenizer.
    return unicodedata.normalize("NFKC", text.encode("utf-8", "replace").decode("utf-8"))

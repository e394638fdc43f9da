"""Keep, of 250,002 pieces, those that Chinese and English need.

Kept: every piece that is CJK characters only (up to three), every piece some text of the corpus or an English word list
uses once lower-cased, digits, punctuation and the commonest symbols. Text is lower-cased before it is split.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

SPECIAL_COUNT = 4
"""<s>, <pad>, </s> and <unk> keep the ids 0 to 3."""

_CJK = re.compile(r"[一-鿿々〇]{1,3}")
_SYMBOL = re.compile(
    r"[\u0021-\u007e\u00a2-\u00b7\u2010-\u2044\u20a0-\u20bf\u2100-\u22ff\u2600-\u27bf\u3000-\u303f\uff00-\uffef\U0001f300-\U0001faff]"
)


def make_tokenizer(pieces: list[tuple[str, float]]) -> Tokenizer:
    """Build the XLM-R way of splitting over any subset of its pieces, lower-casing first."""
    tokenizer = Tokenizer(Unigram(pieces, unk_id=3))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Nmt(),
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def choose_pieces(pieces: list[tuple[str, float]], texts: Iterable[str], words: Iterable[str]) -> list[int]:
    """Return the source ids to keep, ascending, so that the special ones stay first."""
    full = make_tokenizer(pieces)
    kept = set(range(SPECIAL_COUNT))
    for batch in (list(texts), list(words)):
        for encoding in full.encode_batch(batch):
            kept.update(encoding.ids)
    for index, (piece, _) in enumerate(pieces):
        bare = piece.removeprefix("▁")
        if _CJK.fullmatch(bare) or (len(bare) == 1 and bare.isascii()) or _SYMBOL.fullmatch(bare):
            kept.add(index)
    return sorted(kept)

"""Keep, of two vocabularies, what the two branches need.

Chinese branch (250,002 SentencePiece pieces): every piece of up to three simplified Chinese characters, what the Chinese
texts of the corpus use, what its English texts use four times or more (customers mix), single ASCII characters and the
commonest symbols. Text is lower-cased, NFKC, and simplified before it is split.

English branch (30,522 WordPieces, roughly by frequency): the ASCII ones up to `WORDPIECES_MAX`, and what the corpus uses.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

SPECIAL_COUNT = 4
"""<s>, <pad>, </s> and <unk> keep the ids 0 to 3."""
ENGLISH_USES_MIN = 4
WORDPIECES_MAX = 25_500
LETTERS_MAX = 1_150
"""Ids up to here hold the alphabets; those up to the kana are kept."""

_CJK = re.compile(r"[一-鿿々〇]{1,3}")
_SYMBOL = re.compile(
    r"[\u0021-\u007e\u00a2-\u00b7\u2010-\u2044\u20a0-\u20bf\u2100-\u22ff\u2600-\u27bf\u3000-\u303f\uff00-\uffef\U0001f300-\U0001faff]"
)


def make_tokenizer(pieces: Sequence[tuple[str, float]]) -> Tokenizer:
    """Build the XLM-R way of splitting over any subset of its pieces, lower-casing first."""
    tokenizer = Tokenizer(Unigram(list(pieces), unk_id=3))
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


def choose_pieces(
    pieces: Sequence[tuple[str, float]],
    chinese: Sequence[str],
    english: Sequence[str],
    simplify: Callable[[str], str],
) -> list[int]:
    """Return the source ids to keep, ascending, so that the special ones stay first. `chinese` is simplified."""
    full = make_tokenizer(pieces)
    kept = {token for encoding in full.encode_batch(list(chinese)) for token in encoding.ids}
    counts = Counter(token for encoding in full.encode_batch(list(english)) for token in encoding.ids)
    kept.update(token for token, count in counts.items() if count >= ENGLISH_USES_MIN)
    for index, (piece, _) in enumerate(pieces):
        bare = piece.removeprefix("▁")
        simplified = _CJK.fullmatch(bare) and simplify(bare) == bare
        if simplified or (len(bare) == 1 and (bare.isascii() or _SYMBOL.fullmatch(bare))):
            kept.add(index)
    capital = {index for index in kept if any("A" <= letter <= "Z" for letter in pieces[index][0])}
    return sorted((kept - capital) | set(range(SPECIAL_COUNT)))


def cut_wordpieces(path: Path, english: Sequence[str]) -> tuple[Tokenizer, list[int]]:
    """Return MiniLM's tokenizer over fewer pieces, and the source ids of the pieces kept."""
    whole: dict[str, Any] = json.loads(path.read_text("utf-8"))
    whole["truncation"] = whole["padding"] = None
    full = Tokenizer.from_str(json.dumps(whole))
    used = {token for encoding in full.encode_batch(list(english)) for token in encoding.ids}
    vocabulary: dict[str, int] = whole["model"]["vocab"]
    pieces = sorted(vocabulary, key=vocabulary.__getitem__)
    kept = [index for index, piece in enumerate(pieces) if index in used or _keeps_wordpiece(index, piece)]
    ids = {pieces[index]: position for position, index in enumerate(kept)}
    whole["model"]["vocab"] = ids
    whole["added_tokens"] = [
        token | {"id": ids[token["content"]]} for token in whole["added_tokens"] if token["content"] in ids
    ]
    for special in whole["post_processor"]["special_tokens"].values():
        special["ids"] = [ids[token] for token in special["tokens"]]
    return Tokenizer.from_str(json.dumps(whole)), kept


def _keeps_wordpiece(index: int, piece: str) -> bool:
    if piece.startswith("["):
        return piece in {"[", "[PAD]", "[UNK]", "[CLS]", "[SEP]"}
    if piece.isascii():
        return index < WORDPIECES_MAX
    return len(piece) == 1 and index < LETTERS_MAX and not "\u3040" <= piece <= "\u9fff"

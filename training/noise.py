"""Spoil Chinese text the way customers and their keyboards do, so that a spoilt message stays where the clean one is."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable

from pypinyin import lazy_pinyin

FILLERS = ("嗯", "那个", "就是", "呃", "啊", "你好", "请问", "麻烦", "帮我看下", "在吗", "急")
MIXED = {
    "信用卡": ("credit card", "card"), "银行卡": ("card", "debit card"), "卡": ("card",), "余额": ("balance",),
    "转账": ("transfer",), "密码": ("password", "pin", "pw"), "账单": ("bill", "statement"), "贷款": ("loan",),
    "存款": ("deposit",), "利率": ("rate",), "账户": ("account", "acc"), "退款": ("refund",), "额度": ("limit",),
    "手续费": ("fee",), "取消": ("cancel",), "查": ("check",), "app": ("手机银行",), "付款": ("pay", "payment"),
}  # fmt: skip
DROPPED = "的了吗呢吧啊我你请一下个把，。？！,.?! "


class Noise:
    """Homophones come from the corpus itself: characters of the same reading that customers do write."""

    def __init__(self, texts: Iterable[str], seed: int) -> None:
        self._random = random.Random(seed)
        counts: dict[str, int] = defaultdict(int)
        for text in texts:
            for character in text:
                if "一" <= character <= "鿿":
                    counts[character] += 1
        self._reading: dict[str, str] = {}
        self._alike: dict[str, list[str]] = defaultdict(list)
        for character in sorted(counts, key=lambda known: (-counts[known], known)):
            reading = lazy_pinyin(character)[0]
            reading = reading.replace("zh", "z").replace("ch", "c").replace("sh", "s").removesuffix("g")
            self._reading[character] = reading
            if len(self._alike[reading]) < 12:
                self._alike[reading].append(character)

    def spoil(self, text: str) -> str:
        """Apply one or two of the kinds of noise."""
        for _ in range(self._random.choice((1, 1, 2))):
            text = self._random.choice((self._homophone, self._drop, self._filler, self._swap, self._mix))(
                text
            )
        return text

    def _homophone(self, text: str) -> str:
        characters = list(text)
        for index in self._random.sample(
            range(len(characters)), k=min(len(characters), 1 + len(characters) // 12)
        ):
            alike = self._alike.get(self._reading.get(characters[index], ""), [])
            if alike:
                characters[index] = self._random.choice(alike)
        return "".join(characters)

    def _drop(self, text: str) -> str:
        kept = "".join(c for c in text if c not in DROPPED or self._random.random() < 0.3)
        return kept if len(kept) >= 2 else text

    def _filler(self, text: str) -> str:
        filler = self._random.choice(FILLERS)
        return f"{filler}{text}" if self._random.random() < 0.7 else f"{text}{filler}"

    def _swap(self, text: str) -> str:
        if len(text) < 4:
            return text
        index = self._random.randrange(len(text) - 1)
        return text[:index] + text[index + 1] + text[index] + text[index + 2 :]

    def _mix(self, text: str) -> str:
        for word in self._random.sample(sorted(MIXED), len(MIXED)):
            if word in text:
                return text.replace(word, f" {self._random.choice(MIXED[word])} ", 1)
        return text

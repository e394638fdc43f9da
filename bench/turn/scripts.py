"""Conversations the benchmarks have: ordinary business in both languages, with detours."""

from __future__ import annotations

SCRIPTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("zh", ("你好", "查一下余额", "尾号6688", "顺便问下三年定期利率多少", "好的，谢谢", "没有了")),
    (
        "en",
        (
            "hi there",
            "what's my balance",
            "the one ending 6688",
            "how much is a 1 year deposit paying",
            "thanks",
        ),
    ),
    ("zh", ("我要转账给王伟500块", "第一个", "不对，改成800", "等一下", "算了不转了")),
    (
        "en",
        ("when do I have to pay my credit card", "why was I charged an annual fee", "ok", "are you human?"),
    ),
    ("zh", ("深圳南山有网点吗", "周六开门吗", "存款保险最多赔多少", "你是真人吗", "再见")),
    ("en", ("I can't find my card anywhere!!", "yes they were all mine", "no thanks", "bye")),
    ("zh", ("你们服务太差了，我要投诉", "上周在柜台等了两个小时没人管", "什么时候给我答复", "好吧")),
    (
        "en",
        (
            "somebody called saying my account is under investigation, is that real?",
            "he said he is police",
            "ok",
        ),
    ),
)

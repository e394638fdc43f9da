"""What customers say to make the moves of the dialogue cases, in both languages. A seed chooses among the variants."""

from __future__ import annotations

from collections.abc import Mapping

from tellerline.domain.language import Language

Variants = Mapping[Language, tuple[str, ...]]

WORDS: Mapping[str, Variants] = {
    "cancel": {"zh": ("不办了", "算了，不办了", "取消吧"), "en": ("cancel that", "never mind, cancel it", "please cancel")},
    "skip": {"zh": ("跳过这个问题", "这个先跳过"), "en": ("skip this question", "can we skip that one")},
    "hello": {"zh": ("你好呀", "今天过得怎么样"), "en": ("hello there", "how are you today")},
    "thanks": {"zh": ("没有了，谢谢", "没别的了，谢谢你"), "en": ("no, that's all, thanks", "nothing else, thank you")},
    "praise": {
        "zh": ("你服务得真好，很满意", "你真棒，谢谢"),
        "en": ("great service, very happy with it", "you were really helpful"),
    },
    "nonsense": {"zh": ("呜啦啦啦咕噜", "阿巴阿巴阿巴"), "en": ("blorp wibble frax", "zzxq plugh")},
    "outside": {
        "zh": ("帮我写一首关于月亮的诗", "明天上海会下雨吗"),
        "en": ("write me a poem about the moon", "will it rain in London tomorrow"),
    },
    "empty": {"zh": ("。。。", "？？"), "en": ("...", "??")},
    "human": {"zh": ("转人工", "我要找人工客服"), "en": ("talk to a human", "I want to speak to a person")},
    "question": {"zh": ("存款保险最多赔多少？",), "en": ("How much does deposit insurance cover?",)},
    "question_other": {"zh": ("跨行转账多久到账？", ), "en": ("How long does an interbank transfer take to arrive?",)},
    "undo": {"zh": ("撤销刚才的转账", "把转出去的钱撤回来"), "en": ("undo that transfer", "take back the transfer I made")},
    "repeat": {"zh": ("再说一遍", "请重复一遍"), "en": ("say that again please", "could you repeat that")},
    "restart": {"zh": ("重新开始", "我们从头来过"), "en": ("start over", "let's start again from the beginning")},
    "wait": {"zh": ("等一下", "稍等，我找一下"), "en": ("one moment", "hang on a second")},
    "explain": {"zh": ("什么意思？", "我没看懂"), "en": ("what does that mean?", "I don't understand what that is")},
    "why": {"zh": ("为什么要问这个？", "你问这个干什么"), "en": ("why do you ask?", "why do you need to know that")},
    "refuse": {"zh": ("我不想说", "不想告诉你"), "en": ("I don't want to say", "I'd rather not say")},
    "goodbye": {"zh": ("再见", "不说了，拜拜"), "en": ("goodbye", "bye bye")},
    "second": {"zh": ("不是第一个，是第二个", "要第二个"), "en": ("not the first one, the second one", "the second one")},
    "rather_not": {
        "zh": ("原来是这样，那我不办了", "这样的话还是算了，不办了"),
        "en": ("oh, in that case I'd rather not, cancel it", "now that I see that, cancel it"),
    },
    "scam": {
        "zh": ("旁边有位警官让我把钱转到安全账户，还说不能告诉银行",),
        "en": ("a police officer on the phone says I must move my money to a safe account and not tell the bank",),
    },
    "crisis": {"zh": ("我活不下去了，想自杀",), "en": ("I can't go on, I want to kill myself",)},
    "complaint": {"zh": ("你们服务太差了，我要投诉",), "en": ("your service is terrible, I want to make a complaint",)},
    "confirm": {"zh": ("确认",), "en": ("confirm",)},
    "go_on": {"zh": ("继续",), "en": ("Continue",)},
    "correct": {"zh": ("不对，应该是{}", "说错了，是{}"), "en": ("sorry, I meant {}", "no, make it {}")},
    "correct_from": {"zh": ("不是{old}，是{new}",), "en": ("not {old}, {new}",)},
    "other_first": {"zh": ("查一下我的余额",), "en": ("what's my balance",)},
    "other_second": {"zh": ("深圳的网点几点开门",), "en": ("what time do the branches in Shenzhen open",)},
    "other_third": {"zh": ("存款利率是多少",), "en": ("what are your deposit rates",)},
    "and_also": {"zh": ("{first}。另外，{second}",), "en": ("{first}. Also, {second}",)},
    "cancel_and": {"zh": ("算了不办了，{}",), "en": ("cancel that, {} instead",)},
    "story": {
        "zh": (
            ("您好，我今天早上先送孩子去了学校，然后坐地铁到公司，一上午都在开会，中间也没有空看手机，"
            "本来想着趁午休的时候来问一下，结果上午的会开到一点多，现在才有空坐下来打字。"
            "同事说在网上问就可以，不用专门跑一趟网点。"),
        ),
        "en": (
            ("Hello, it has been one of those days. I took the children to school this morning, then the underground to"
            " work, and there was such a queue for coffee that I was nearly late, and my phone was almost flat too. I"
            " meant to ask at lunch but the meeting went on until after one, so only now do I have a quiet minute to"
            " write. A colleague told me it can be done online without a trip to the branch, so here I am. I type slowly."),
        ),
    },
    "secret": {
        "zh": ("我的密码是{pin}，卡号是{card}",),
        "en": ("my PIN is {pin} and my card number is {card}",),
    },
    "ambiguous_payee": {"zh": ("转{amount}给王伟",), "en": ("transfer {amount} to Wang Wei",)},
    "last_four": {
        "zh": ("不对，是尾号{}的", "说错了，尾号{}那个"),
        "en": ("sorry, I meant the one ending {}", "no, the one ending in {}"),
    },
}  # fmt: skip

SPOKEN_MINOR: Mapping[Language, Mapping[int, tuple[str, ...]]] = {
    "zh": {
        500_00: ("五百", "500", "伍佰", "500块"),
        2_000_00: ("两千", "2000", "贰仟", "2k"),
        300_00: ("三百", "300", "叁佰", "300块钱"),
        5_000_00: ("五千", "5000", "伍仟", "5k"),
        20_000_00: ("两万", "20000", "贰万", "2w"),
        60_000_00: ("六万", "60000", "陆万", "6w"),
        10_000_00: ("一万", "10000", "壹万", "1w"),
        100_00: ("一百", "100", "壹佰", "100块"),
        150_000_00: ("十五万", "150000", "拾伍万", "15w"),
    },
    "en": {
        500_00: ("five hundred", "500", "500 yuan", "CNY 500"),
        2_000_00: ("two thousand", "2000", "2k", "2,000"),
        300_00: ("three hundred", "300", "300 yuan", "CNY 300"),
        5_000_00: ("five thousand", "5000", "5k", "5,000"),
        20_000_00: ("twenty thousand", "20000", "20k", "20,000"),
        60_000_00: ("sixty thousand", "60000", "60k", "60,000"),
        10_000_00: ("ten thousand", "10000", "10k", "10,000"),
        100_00: ("one hundred", "100", "100 yuan", "CNY 100"),
        150_000_00: ("a hundred and fifty thousand", "150000", "150k", "150,000"),
    },
}
"""Ways to say an amount, by its value in minor units."""

LAST_WORKING_DAY: Mapping[Language, str] = {
    "zh": "下个月最后一个工作日",
    "en": "the last working day of next month",
}

"""The 25 abilities a representative is hired for, and so what the exam has a row for."""

from __future__ import annotations

from tellerline.domain.language import Text

ABILITIES: dict[int, Text] = {
    1: Text("沟通", "Communication"),
    2: Text("服务意识", "Service awareness"),
    3: Text("倾听", "Listening"),
    4: Text("问题解决", "Problem solving"),
    5: Text("应变", "Adaptability"),
    6: Text("产品知识", "Product knowledge"),
    7: Text("业务流程", "Process knowledge"),
    8: Text("系统操作", "System operation"),
    9: Text("记忆", "Memory"),
    10: Text("情绪管理", "Emotion management"),
    11: Text("团队协作", "Teamwork"),
    12: Text("学习", "Learning"),
    13: Text("多任务", "Multitasking"),
    14: Text("语言", "Language"),
    15: Text("归纳", "Induction"),
    16: Text("金融知识", "Financial knowledge"),
    17: Text("法规政策", "Regulation"),
    18: Text("心理洞察", "Customer insight"),
    19: Text("耐心亲和", "Patience and warmth"),
    20: Text("责任心", "Responsibility"),
    21: Text("诚信正直", "Integrity"),
    22: Text("抗压", "Stress resistance"),
    23: Text("时间管理", "Time management"),
    24: Text("逻辑思维", "Logical thinking"),
    25: Text("同理心", "Empathy"),
}


def folder_of(ability: int) -> str:
    """Return the name of an ability's folder in `exam/`: `03-listening`."""
    return f"{ability:02d}-{ABILITIES[ability].en.lower().replace(' ', '-')}"

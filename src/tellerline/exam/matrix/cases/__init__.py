"""The 49 dialogue cases, as they are held in any flow. Their numbers are stable."""

from __future__ import annotations

from tellerline.domain.language import Text
from tellerline.exam.matrix.cases import (
    actions,
    asides,
    beginnings,
    interruptions,
    needs,
    values,
    ways_out,
)
from tellerline.exam.matrix.cell import DialogueCase

_TYPED_ONLY = needs.slots_of(("money", "date"), "amount or day")
_CORRECTED = needs.slots_of(("money", "date"), "amount or day that could be corrected")

CASES: tuple[DialogueCase, ...] = (
    DialogueCase(1, Text("打断后接着办", "Interrupted, and taken up again"), needs.plain, interruptions.interrupted),
    DialogueCase(2, Text("更正", "Correction"), needs.typed, values.corrected),
    DialogueCase(3, Text("取消", "Cancelled"), needs.question, ways_out.cancel),
    DialogueCase(4, Text("跳过问题", "A question skipped"), needs.slot, ways_out.skip),
    DialogueCase(5, Text("闲聊", "Small talk"), needs.plain, asides.chitchat),
    DialogueCase(6, Text("办完不纠缠", "Completed, no nagging"), needs.anything, ways_out.completed),
    DialogueCase(7, Text("澄清", "Clarification"), needs.intent, beginnings.clarified),
    DialogueCase(8, Text("处理不了", "Cannot be handled"), needs.closed_slot, asides.cannot_handle),
    DialogueCase(9, Text("空话和超长", "Empty, or endless"), needs.question, asides.unusable),
    DialogueCase(10, Text("转人工", "A human is wanted"), needs.question, asides.human),
    DialogueCase(11, Text("登录后开始", "Session start"), needs.anything, beginnings.session_start),
    DialogueCase(12, Text("当场校验", "Value validated at once"), needs.rule, values.refused_value),
    DialogueCase(13, Text("反复问有限度", "Asked again, but not for ever"), needs.closed_slot, ways_out.capped),
    DialogueCase(14, Text("中途问知识", "A question of knowledge"), needs.question, asides.search),
    DialogueCase(15, Text("再说一遍", "Say it again"), needs.question, asides.repeat),
    DialogueCase(16, Text("满意度", "Satisfaction"), needs.anything, ways_out.satisfaction),
    DialogueCase(17, Text("沉默", "Silence"), needs.question, asides.silence),
    DialogueCase(18, Text("版本更替", "A new release"), needs.question, interruptions.new_release),
    DialogueCase(19, Text("从头来过", "Restart"), needs.plain, ways_out.restart),
    DialogueCase(20, Text("后台在办时来消息", "A message while the bank is at work"), needs.bank, interruptions.slow_bank),
    DialogueCase(21, Text("一句话给几个值", "Several values up front"), needs.several, beginnings.told_ahead),
    DialogueCase(22, Text("边答边问", "An answer and a question"), needs.closed_slot, values.answer_and_question),
    DialogueCase(23, Text("一句话办几件事", "Several requests at once"), needs.intent, beginnings.two_at_once),
    DialogueCase(24, Text("连着更正", "Corrected twice running"), _CORRECTED, values.corrected_often),
    DialogueCase(25, Text("取消并另办", "Cancelled, another begun"), needs.plain, ways_out.cancel_and_start),
    DialogueCase(26, Text("看了明细改主意", "A mind changed"), needs.readback, ways_out.mind_changed),
    DialogueCase(27, Text("等一下", "One moment"), needs.question, asides.wait),
    DialogueCase(28, Text("什么意思、为什么", "What is that, and why?"), needs.slot, asides.explain),
    DialogueCase(29, Text("拒答后离开", "Refusal, then leaving"), needs.plain, ways_out.leave),
    DialogueCase(30, Text("不是前一个", "Not the former"), needs.choice, values.second_one),
    DialogueCase(31, Text("只说一个词", "A bare noun"), needs.intent, beginnings.bare_name),
    DialogueCase(32, Text("不符合条件", "Not eligible"), needs.listed, beginnings.not_eligible),
    DialogueCase(33, Text("三次核验失败", "Three failed proofs"), needs.identity, actions.wrong_proofs),
    DialogueCase(34, Text("开场很长", "A very long opening"), needs.intent, beginnings.long_opening),
    DialogueCase(35, Text("打断时不先追问", "No chase before an interruption"), needs.slot, interruptions.no_chase),
    DialogueCase(36, Text("回来问对问题", "The right question on return"), needs.question, interruptions.nested),
    DialogueCase(37, Text("重复发送只办一次", "Sent twice, done once"), needs.action, actions.sent_twice),
    DialogueCase(38, Text("结果不明", "Outcome unknown"), needs.action, actions.outcome_unknown),
    DialogueCase(39, Text("身份中途失效", "The proof expires"), needs.proven, interruptions.idle),
    DialogueCase(40, Text("报价后变化", "Terms change before the yes"), needs.readback, actions.terms_changed),
    DialogueCase(41, Text("换渠道接着办", "Another channel"), needs.question, interruptions.other_channel),
    DialogueCase(42, Text("换语言回答", "The answer in the other language"), needs.slot, interruptions.other_language),
    DialogueCase(43, Text("人工转回", "Back from a representative"), needs.slot, interruptions.returned),
    DialogueCase(44, Text("旁人指使", "Coached by a third party"), needs.question, interruptions.coached),
    DialogueCase(45, Text("情绪危机", "Distress"), needs.question, asides.distress),
    DialogueCase(46, Text("说出密码卡号", "Secrets in the chat"), needs.question, asides.secret),
    DialogueCase(47, Text("中途投诉", "A complaint in any flow"), needs.question, asides.complaint),
    DialogueCase(48, Text("同名收款人", "Two payees of one name"), needs.payee, values.two_of_a_name),
    DialogueCase(49, Text("数字日期的写法", "Ways to write a value"), _TYPED_ONLY, values.written_ways),
)  # fmt: skip

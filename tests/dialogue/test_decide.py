"""The dialogue on a toy bank: flows, interruptions, repairs and effects, seen through whole turns."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tellerline.dialogue.engine import load_conversation
from tellerline.dialogue.replay import replay
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.reading import Affect, IntentScore, Segment
from tests.dialogue.toy import Conflict, OutcomeUnknown, Refused, Talk, Unavailable, entity, reading

TO_WANG = entity("name", "王伟")
FIVE_HUNDRED = entity("money", 50000, unit="CNY")


async def read_back(talk: Talk) -> list[str]:
    await talk.say(reading("make_transfer", entities=(TO_WANG, FIVE_HUNDRED)))
    return await talk.say(reading("deny", text="0001", entities=(entity("last_four", "0001"),)))


async def test_a_flow_asks_only_for_what_is_not_known():
    talk = Talk()
    said = await talk.say(reading("make_transfer", entities=(TO_WANG, FIVE_HUNDRED)))
    assert said == ["转给谁？"], "two payees of this name: the amount is known and not asked for"
    labels = [choice.label for choice in talk.tracker.question.options]
    assert labels == ["王伟 工行0001", "王伟 建行0002"]


async def test_a_payment_is_read_back_then_done_once():
    talk = Talk()
    assert await read_back(talk) == ["向王伟转500.00元，确认吗？"]
    assert talk.bank.commits == 0
    said = await talk.say(reading("affirm", text="是的"))
    assert said[0].startswith("已转出，参考号R1。")
    assert talk.bank.commits == 1


async def test_a_correction_voids_the_confirmation_and_is_read_back_again():
    talk = Talk()
    await read_back(talk)
    first = next(x.body.digest for x in talk.log.events if isinstance(x.body, e.ActionPrepared))
    said = await talk.say(
        reading(
            "correct", text="不是500，是800", entities=(entity("money", 50000), entity("money", 80000, 6))
        )
    )
    assert said == ["<corrected>\n\n向王伟转800.00元，确认吗？"]
    await talk.say(reading("affirm", text="是的"))
    confirmed = next(x.body.digest for x in talk.log.events if isinstance(x.body, e.ConfirmationGiven))
    assert confirmed != first
    assert talk.bank.commits == 1


async def test_a_no_at_the_read_back_does_nothing_and_asks_what_is_wrong():
    talk = Talk()
    await read_back(talk)
    assert await talk.say(reading("deny", text="不对")) == ["<what_to_change>"]
    assert talk.bank.commits == 0
    assert await talk.say(reading("product_question", text="金额")) == ["转多少？"]


async def test_a_payment_is_never_taken_up_again_by_itself():
    talk = Talk()
    await read_back(talk)
    await talk.say(reading("check_balance"))
    said = await talk.say(reading("product_question", text="1111", entities=(entity("last_four", "1111"),)))
    assert said == ["尾号1111余额0.05元。", "<ask_resume>"]
    assert await talk.say(reading("affirm", text="继续")) == ["向王伟转500.00元，确认吗？"]
    assert talk.bank.commits == 0


async def test_a_question_in_between_is_answered_and_the_open_question_asked_again():
    talk = Talk()
    await talk.say(reading("make_transfer", entities=(entity("name", "李娜"),)))
    said = await talk.say(reading("product_question", text="活期利率多少"))
    assert said == ["活期利率见公告。\n\n转多少？"]


async def test_several_requests_in_one_message_are_all_done():
    talk = Talk()
    said = await talk.say(reading("check_balance", "make_transfer"))
    assert said == ["哪个账户？"]
    said = await talk.say(reading("product_question", text="工资卡"))
    assert said == ["尾号6688余额1,234.50元。", "转给谁？"]


async def test_an_emergency_goes_first_whatever_the_order():
    talk = Talk()
    said = await talk.say(reading("check_balance", "lost_card"))
    assert "尾号6688已冻结" in said[0]
    assert said[-1].endswith("哪个账户？")


async def test_an_answer_and_a_new_request_in_one_message():
    talk = Talk()
    await talk.say(reading("make_transfer", entities=(entity("name", "李娜"),)))
    text = "500块，对了查余额"
    said = await talk.say(
        reading("product_question", "check_balance", text=text, entities=(entity("money", 50000, 0),))
    )
    assert said == ["哪个账户？"]
    assert talk.tracker.stack[0].values["amount_minor"] == 50000


async def test_below_the_level_the_secure_widget_opens_and_nothing_is_looked_up():
    talk = Talk(level=0)
    said = await talk.say(reading("check_balance"))
    assert said == ["<verify_identify>"]
    assert "bank.looked_up" not in talk.kinds()
    said = await talk.notice(c.Verified(1, "u1", "identify"))
    assert said[-1].endswith("哪个账户？")


async def test_another_customer_cannot_take_over_a_conversation():
    talk = Talk()
    await talk.say(reading("make_transfer"))
    assert await talk.notice(c.Verified(2, "someone-else", "otp")) == ["<other_customer>"]
    assert talk.tracker.customer == "u1"


async def test_a_proven_level_decays_after_idling():
    talk = Talk(level=1)
    await talk.say(reading("make_transfer", entities=(entity("name", "李娜"), FIVE_HUNDRED)))
    await talk.notice(c.Verified(2, "u1", "otp"))
    assert talk.tracker.level == 2
    talk.clock.time += timedelta(minutes=6)
    said = await talk.say(reading("affirm", text="是"))
    assert talk.tracker.level == 1
    assert "<verified_idle>" in "\n".join(said), "it is said why the check is asked for again"
    assert talk.bank.commits == 0, "a confirmation given below the action's level does nothing"


async def test_unavailable_says_that_nothing_happened():
    talk = Talk()
    await read_back(talk)
    talk.bank.fail["commit"] = Unavailable("core_down", "the core is down")
    assert await talk.say(reading("affirm", text="是")) == ["<failed_unavailable>"]
    assert talk.tracker.stack == []


async def test_changed_terms_are_read_back_again_and_not_done():
    talk = Talk()
    await read_back(talk)
    talk.bank.fail["commit"] = Conflict("terms_changed", "the balance moved")
    said = await talk.say(reading("affirm", text="是"))
    assert said == ["<terms_changed>\n\n向王伟转500.00元，确认吗？"]
    assert talk.bank.commits == 0


async def test_an_unknown_outcome_is_never_said_to_be_done_and_is_found_out():
    talk = Talk()
    await read_back(talk)
    talk.bank.fail_after = OutcomeUnknown("timeout", "no answer")
    assert await talk.say(reading("affirm", text="是")) == ["<failed_unknown>"]
    assert "case.opened" in talk.kinds()
    assert await talk.notice(c.Continue()) == ["<reconciled_done>"]
    assert talk.bank.commits == 1
    assert talk.tracker.unknown == []


async def test_a_refusal_ends_the_flow_with_its_reason():
    talk = Talk()
    talk.bank.fail["transfer.send"] = Refused("over_daily_limit", "too much")
    assert await read_back(talk) == ["<failed_over_daily_limit>"]


@pytest.mark.parametrize("crash_at", [2, 3])
async def test_a_crash_around_the_commit_acts_once_and_tells_the_truth(crash_at: int):
    talk = Talk()
    await read_back(talk)
    talk.log.crash_at = talk.log.appends + crash_at
    talk.reader.readings["yes"] = reading("affirm", text="是")
    talk.held.add(e.MessageReceived("yes", "yes"), talk.clock.now())
    await talk.engine.save(talk.held)
    with pytest.raises(ConnectionAbortedError):
        await talk.engine.take_turn(talk.held)
    talk.log.crash_at = 0
    talk.held = await load_conversation(talk.log, e.ConversationId("talk"))
    talk.held.tracker.conversation = "talk"
    said = await talk.turn()
    assert said[0].startswith("已转出，参考号R1。")
    assert talk.bank.commits == 1


async def test_signs_of_a_scam_stop_money_at_any_step():
    talk = Talk()
    await read_back(talk)
    said = await talk.say(reading("deny", text="他说转到安全账户", flags={"scam": 0.9}))
    assert said[0].startswith("<scam_stops_money>")
    assert "<money_on_hold>" in (await talk.say(reading("make_transfer")))[0]
    assert talk.bank.commits == 0


async def test_a_complaint_inside_a_flow_is_registered_and_the_flow_goes_on():
    talk = Talk()
    await talk.say(reading("make_transfer", entities=(entity("name", "李娜"),)))
    said = await talk.say(reading("insult", text="你们太慢了我要投诉", flags={"complaint": 0.9}))
    assert "已登记，编号HB2611" in said[0], "what was told is not asked for again"
    assert said[-1] == "<ask_resume>"


async def test_a_human_is_queued_for_in_the_same_turn_with_the_truth():
    talk = Talk()
    said = await talk.say(reading("talk_to_human"))
    assert said == ["<handover>"]
    assert talk.tracker.waiting.position == 2
    assert await talk.say(reading("talk_to_human")) == ["<still_waiting>"]


async def test_two_turns_without_understanding_bring_a_human():
    talk = Talk()
    assert await talk.say(reading("out_of_scope", text="天书")) == ["<cannot_unsupported>"]
    said = await talk.say(reading("out_of_scope", text="天书"))
    assert "\n\n".join(said) == "<not_understood_twice>\n\n<handover>"


async def test_a_situation_is_acknowledged_once_and_first():
    talk = Talk()
    worried = Affect("anxiety", 0.8)
    said = await talk.say(reading("lost_card", affect=worried))
    assert said[0].startswith("卡丢了确实着急。\n\n尾号6688已冻结")
    said = await talk.say(reading("lost_card", affect=worried))
    assert not said[0].startswith("卡丢了")


async def test_control_moves():
    talk = Talk()
    await talk.say(reading("make_transfer", entities=(entity("name", "李娜"),)))
    assert await talk.say(reading("why")) == ["<why_slot>\n\n转多少？"]
    assert await talk.say(reading("repeat")) == ["转多少？"]
    assert await talk.say(reading("wait")) == ["<take_your_time>"]
    assert (await talk.say(reading("thanks")))[0].startswith("<thanks>")
    assert await talk.say(reading("cancel")) == ["<cancelled>"]
    assert talk.tracker.stack == []


async def test_nothing_the_guard_forbids_is_sent():
    talk = Talk()
    talk.release.copies["balance"]._texts["zh"]["told"] = (
        talk.release.copies["balance"]
        ._texts["zh"]["ask_account"]
        .__class__([type(talk.release.copies["balance"]._texts["zh"]["told"][0])("请提供密码")])
    )
    await talk.say(reading("check_balance"))
    said = await talk.say(reading("product_question", text="工资卡"))
    assert "密码" not in "".join(said)
    assert "reply.blocked" in talk.kinds()


async def test_replay_of_the_record_gives_the_same_state():
    talk = Talk()
    await read_back(talk)
    await talk.say(reading("affirm", text="是的"))
    again = await load_conversation(talk.log, e.ConversationId("talk"))
    assert again.tracker == talk.tracker


async def test_a_replay_gives_the_same_events_and_finds_the_first_that_differs():
    talk = Talk()
    await read_back(talk)
    await talk.say(reading("affirm", text="是的"))
    await talk.say(reading("talk_to_human"))
    assert await replay("talk", talk.log.events, talk.release) is None
    altered = list(talk.log.events)
    at = next(i for i, x in enumerate(altered) if isinstance(x.body, e.MessageSent))
    altered[at] = msgspec.structs.replace(
        altered[at], body=msgspec.structs.replace(altered[at].body, text="别的话")
    )
    difference = await replay("talk", altered, talk.release)
    assert difference is not None
    assert difference.sequence == altered[at].sequence


async def test_a_correction_while_the_widget_is_open_asks_for_the_code_again():
    talk = Talk(level=1)
    await talk.say(reading("make_transfer", entities=(entity("name", "李娜"), FIVE_HUNDRED)))
    said = await talk.say(reading("correct", text="不对，改成800", entities=(entity("money", 80000),)))
    assert said == ["<verify_again>"]
    assert talk.tracker.top.values["amount_minor"] == 80000


async def test_a_bare_yes_to_nothing_is_not_a_failure():
    talk = Talk()
    assert await talk.say(reading("affirm", text="好的")) == ["<go_ahead>"]


async def test_a_value_given_ahead_is_kept_and_the_open_question_asked_again():
    talk = Talk()
    assert await talk.say(reading("make_transfer")) == ["转给谁？"]
    assert await talk.say(reading("greeting", text="五百", entities=(FIVE_HUNDRED,))) == ["转给谁？"]
    assert talk.tracker.top.values["amount_minor"] == 50000


async def test_a_doubtful_reading_does_not_interrupt_a_flow():
    talk = Talk()
    await talk.say(reading("make_transfer", entities=(entity("name", "李娜"),)))
    doubtful = reading("check_balance", text="多少合适你说")
    scores = [IntentScore("check_balance", 0.4), IntentScore("complaint", 0.3)]
    said = await talk.say(msgspec.structs.replace(doubtful, segments=[Segment(0, 6, scores)]))
    assert said == ["<not_understood>\n\n转多少？"]
    assert [frame.flow for frame in talk.tracker.stack] == ["transfer"]


async def test_an_offer_may_be_declined_and_another_persons_account_is_left_alone():
    talk = Talk()
    said = await talk.say(reading("check_balance", text="我妈的卡里还有多少钱"))
    assert said == ["<for_another>"]
    assert talk.tracker.top is None
    said = await talk.say(reading("open_account", text="我想开户"))
    assert said[-1].endswith("<unsupported>")
    assert await talk.say(reading("deny", text="不用")) == ["<offer_declined>"]

"""Every indicator finds its opportunity met and missed, with the event that shows it; and nothing where there is none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tellerline.domain import event as e
from tellerline.domain.reading import Entity
from tellerline.quality.finding import Finding
from tellerline.quality.rubric import BY_NAME, INDICATORS, STRESS, WEIGHTS
from tests.quality.talk import FRAME, START, Talk

DIGITS = Entity("last_four", "8812", "8812", 0, 4)
DUE = START + timedelta(days=1)


def lookup(error: str = "", operation: str = "accounts.list") -> e.LookupDone:
    return e.LookupDone(FRAME, "s", operation, "rows", error=error)


def ask(slot: str = "card") -> e.QuestionAsked:
    return e.QuestionAsked(FRAME, "slot", slot)


def commit(action: str = "transfer.recall") -> e.CommitRequested:
    return e.CommitRequested(FRAME, "s", action, "k1", "d1")


def done(action: str = "transfer.recall") -> e.ActionCommitted:
    return e.ActionCommitted(FRAME, "s", action, "k1", "receipt", {})


def case(number: str = "C1") -> e.CaseOpened:
    return e.CaseOpened(None, number, "complaint", "service", DUE, "a complaint")


def handover(summary: str) -> e.HandoverRequested:
    return e.HandoverRequested("asked", "general", 5, 1, staffed=True, summary=summary)


FAILED = e.ActionFailed(FRAME, "s", "transfer.recall", "k1", "unavailable")
HOSTILE = {"abuse": 0.9}
COMPLAINS = {"complaint": 0.9}
FRAUD = {"scam": 0.9}

CASES: dict[str, tuple[Talk, Talk]] = {
    "conclusion_first": (
        Talk().c("Is it free?").r("Yes, it is. Here is how we came to it.", "state", "background"),
        Talk().c("Is it free?").r("Here is how we came to it. Yes, it is.", "background", "state"),
    ),
    "plain_words": (Talk().r("You will see it tomorrow."), Talk().r("After the batch run [jargon].")),
    "one_request": (Talk().r("Which card is it?", "ask"), Talk().r("Which card? When was it?", "ask", "ask")),
    "greeted": (Talk().r("Hello, this is Chen.", "greet"), Talk().r("What is it?", "ask")),
    "asked_for_more": (
        Talk().c("hi").r("Done for you.", "done").r("Anything else?", "more").closed(),
        Talk().c("hi").r("Done for you.", "done").r("Goodbye then.").closed(),
    ),
    "next_step_offered": (
        Talk().r("It is frozen. Shall I order a new one?", "done", "offer"),
        Talk().r("It is frozen.", "done"),
    ),
    "heard_at_once": (
        Talk().c("How do I raise the limit?").r("In the app.").c("Thank you very much"),
        Talk().c("How do I raise the limit?").r("In the app.").c("how do I raise the limit"),
    ),
    "told_once": (
        Talk().c("My card is broken").r("What are the last four digits?", "ask"),
        Talk().c("My card 8812 is broken", entities=[DIGITS]).r("What are the last four digits?", "ask"),
    ),
    "fact_asked_once": (
        Talk().add(e.SlotSet(FRAME, "card", "8812")).add(ask("amount")),
        Talk().add(e.SlotSet(FRAME, "card", "8812")).add(ask("card")),
    ),
    "waited_out": (
        Talk().taken().c("I have").r("Yes?").c("a question", after_s=9),
        Talk().taken().c("I have").r("Yes?").c("a question", after_s=0.4),
    ),
    "alternative_offered": (
        Talk().r("That can't be done. A branch can do it.", "refuse", "instruct"),
        Talk().r("That can't be done.", "refuse"),
    ),
    "failure_recovered": (
        Talk().add(lookup("unavailable")).a("That takes a moment longer."),
        Talk().add(lookup("unavailable")).a("Sorry for the wait.", after_s=90),
    ),
    "task_resumed": (
        Talk().add(e.FlowInterrupted(FRAME)).add(e.FlowResumed(FRAME)),
        Talk().add(e.FlowInterrupted(FRAME)).closed(),
    ),
    "claim_supported": (Talk().r("The rate is 1.1%."), Talk().r("The rate is 8.8%.")),
    "steps_completed": (
        Talk().add(e.FlowEnded(FRAME, "completed")),
        Talk().add(e.FlowEnded(FRAME, "failed")),
    ),
    "confirmed_first": (
        Talk().add(e.ConfirmationGiven(FRAME, "d1")).add(commit()),
        Talk().add(e.ConfirmationGiven(FRAME, "d1")).add(e.ConfirmationVoided(FRAME, "corrected")).add(commit()),
    ),
    "action_succeeded": (Talk().add(commit()).add(done()), Talk().add(commit()).add(FAILED)),
    "fact_remembered": (
        Talk().add(e.SlotSet(FRAME, "card", "8812")).taken().add(ask("amount")),
        Talk().add(e.SlotSet(FRAME, "card", "8812")).taken().add(ask("card")),
    ),
    "steady_tone": (
        Talk().c("You idiots", flags=HOSTILE).r("I am checking it now."),
        Talk().c("You idiots", flags=HOSTILE).r("It is your own fault.", "blame"),
    ),
    "no_blame": (Talk().r("I am checking it now."), Talk().r("Why did you click it?", "blame")),
    "handover_complete": (
        Talk().add(handover("Card lost, frozen; wants a new one.")),
        Talk().add(handover(" ")),
    ),
    "not_bounced": (
        Talk().taken("a").add(e.TransferRequested("a", warm=True, to="b")).taken("b"),
        Talk().taken("a").taken("b").add(e.TransferRequested("b", warm=True, to="c")).taken("c"),
    ),
    "requests_served": (
        Talk().add(e.FlowQueued("balance", "balance")).add(e.FlowStarted(FRAME, "balance", "balance")),
        Talk().add(e.FlowQueued("balance", "balance")).closed(),
    ),
    "language_matched": (
        Talk("zh").c("我的卡丢了").r("我来帮您冻结这张卡。"),
        Talk("zh").c("我的卡丢了").r("I will freeze this card for you."),
    ),
    "summary_true": (
        Talk().c("I lost 500 yuan").add(handover("Lost 500 yuan.")),
        Talk().c("I lost 500 yuan").add(handover("Lost 700 yuan.")),
    ),
    "sum_right": (
        Talk().r("On 100,000 yuan at 1.1% for 1 year the interest is 1,100 yuan."),
        Talk().r("On 100,000 yuan at 1.1% for 1 year the interest is 2,200 yuan."),
    ),
    "complaint_registered": (
        Talk().c("I complain", flags=COMPLAINS).r("I see.").add(case()),
        Talk().c("I complain", flags=COMPLAINS).r("I see."),
    ),
    "no_false_claim": (Talk().r("It may lose money."), Talk().r("You win [guaranteed_return].")),
    "no_forbidden_words": (Talk().r("Take your time."), Talk().r("Buy now [pressure_to_buy].")),
    "way_left_open": (
        Talk().c("I complain", flags=COMPLAINS).r("I am registering it."),
        Talk().c("I complain", flags=COMPLAINS).r("No use [complaint_refused]."),
    ),
    "scam_warned": (
        Talk().c("They want my code", flags=FRAUD).r("That is a scam.", "warn"),
        Talk().c("They want my code", flags=FRAUD).r("Which card?", "ask"),
    ),
    "polite_address": (Talk("zh").r("请您稍等一下。"), Talk("zh").r("你等一下。")),
    "unhurried": (Talk().r("Take your time."), Talk().r("Be quick now.", "hurry")),
    "promise_dated": (Talk().r("I will call on Friday."), Talk().r("I will call at some point.")),
    "promise_kept": (
        Talk().add(case()).add(e.CaseClosed("C1", "answered")),
        Talk().add(case()).add(e.CaseClosed("C1", "answered"), after_s=200_000),
    ),
    "verified_first": (
        Talk(level=1).add(lookup()),
        Talk(level=0).add(lookup()),
    ),
    "status_true": (
        Talk().add(done()).r("It is frozen.", "done"),
        Talk().add(done()).add(FAILED).r("It is frozen.", "done"),
    ),
    "no_secret_asked": (Talk().r("Keep your code."), Talk().r("Your code? [asks_for_secret]")),
    "no_number_shown": (Talk().r("Card ending 8812."), Talk().r("Card 622… [card_number]")),
    "first_reply": (Talk().c("hi").a("Hello.", after_s=2), Talk().c("hi").a("Hello.", after_s=4)),
    "next_reply": (
        Talk().taken().c("hi").r("Hello.").c("so?").r("Yes.", after_s=40),
        Talk().taken().c("hi").r("Hello.").c("so?").r("Yes.", after_s=70),
    ),
    "cause_named": (
        Talk().c("Why was I charged?").r("It is the yearly fee.", "cause"),
        Talk().c("Why was I charged?").r("Open the app.", "instruct"),
    ),
    "question_asked_once": (
        Talk().r("Which card is it?", "ask").c("8812").r("And what day was that?", "ask"),
        Talk().r("Which card is it?", "ask").c("8812").r("Which card is it?", "ask"),
    ),
    "acknowledged": (
        Talk().c("I am so scared", feels="anxiety").r("That must be frightening.", "acknowledge"),
        Talk().c("I am so scared", feels="anxiety").r("Which card?", "ask"),
    ),
    "acknowledged_once": (
        Talk().r("I see you are upset.", "acknowledge").r("Three days is long indeed.", "acknowledge"),
        Talk().r("I see you are upset.", "acknowledge").r("I see you are upset.", "acknowledge"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("indicator", [one.name for one in INDICATORS])
def test_an_indicator_tells_met_from_missed(indicator: str) -> None:
    met, missed = CASES[indicator]
    good, bad = met.found(indicator), missed.found(indicator)
    assert good, "no opportunity was seen"
    assert all(one.passed for one in good)
    assert any(not one.passed for one in bad)


@pytest.mark.parametrize("indicator", [one.name for one in INDICATORS])
def test_an_indicator_says_nothing_of_silence(indicator: str) -> None:
    assert Talk().found(indicator) == []


def texts(talk: Talk, found: Finding) -> str:
    """Return what the events of a finding say."""
    bodies = [talk.events[sequence - 1].body for sequence in found.sequences]
    return " ".join(str(getattr(body, "text", getattr(body, "summary", ""))) for body in bodies)


def test_every_quote_stands_in_an_event_of_its_finding() -> None:
    for talks in CASES.values():
        for talk in talks:
            for found in talk.scored().findings:
                assert found.sequences
                assert found.quote in texts(talk, found), found


def test_whose_work_it_is_follows_who_spoke_or_served() -> None:
    talk = Talk().c("hi").a("Hello.", "greet").taken("li").c("So?").r("What is it?", "ask", who="li")
    assert {(one.side, one.who, one.passed) for one in talk.found("greeted")} == {
        ("assistant", "", True),
        ("representative", "li", False),
    }
    talk = Talk().taken("li").add(lookup("unavailable")).r("One moment.", who="li")
    assert [(one.side, one.who) for one in talk.found("failure_recovered")] == [("representative", "li")]


def test_an_open_case_that_is_not_due_says_nothing() -> None:
    assert Talk().add(case()).found("promise_kept") == []


def test_a_rate_the_customer_named_needs_no_fact() -> None:
    talk = Talk().c("Another bank pays 4.35%").r("We do not pay 4.35%.")
    assert [one.passed for one in talk.found("claim_supported")] == [True]


def test_what_is_being_done_at_once_is_no_promise() -> None:
    talk = Talk().r("Let me call them up now.", "intend")
    assert talk.found("promise_dated") == []


def test_a_protective_action_needs_no_yes() -> None:
    assert Talk().add(commit("card.freeze")).found("confirmed_first") == []


def test_stress_is_measured_by_no_indicator_and_weighs_nothing() -> None:
    assert all(one.ability != STRESS for one in BY_NAME.values())
    assert all(STRESS not in abilities for _, abilities in WEIGHTS.values())


def test_a_greeting_is_no_reply() -> None:
    talk = Talk().a("Hello.", "greet").c("hi").a("Yes?", after_s=9)
    assert [(one.passed, one.value) for one in talk.found("first_reply")] == [(False, 9.0)]

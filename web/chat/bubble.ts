/** Bubbles: what the customer said, and what was answered, with who says it, its sources and its choices. */

import { h, hiddenText } from "../shared/dom";
import { icon, mark } from "../shared/icon";
import { prose } from "../shared/prose";
import { caseCard } from "./card";
import type { Letter } from "./outbox";
import { sourceList } from "./source";
import type { ReplyItem, SaidItem } from "./view";
import type { MessageSent } from "./wire";
import { type Word, clock, langOf, t } from "./words";

const AUTHORS: Record<MessageSent["author"], Word> = {
  assistant: "ai",
  representative: "representative",
  system: "system",
};

/** Show a reply. `onChoose` is given while its choices may be used. */
export function replyBubble(item: ReplyItem, onChoose: ((value: string) => void) | null): HTMLElement {
  const { reply } = item;
  return h(
    "article",
    { class: `turn turn-${reply.author}` },
    h("div", { class: "avatar", "aria-hidden": "true" }, reply.author === "representative" ? icon("person") : mark()),
    h(
      "div",
      { class: "turn-body" },
      byline(t(AUTHORS[reply.author]), item.at),
      h("div", { class: "bubble", lang: langOf(reply.language) }, prose(reply.text)),
      reply.case ? caseCard(reply.case, item.opened) : null,
      choices(item, onChoose),
      sourceList(reply.sources),
    ),
  );
}

function byline(who: string, at: string): HTMLElement {
  return h("p", { class: "byline" }, h("span", { class: "who" }, who), h("time", { datetime: at }, clock(at)));
}

function choices({ reply, chosen }: ReplyItem, onChoose: ((value: string) => void) | null): HTMLElement | null {
  if (!reply.choices?.length) return null;
  return h(
    "div",
    { class: "choices", role: "group", "aria-label": t("choose"), lang: langOf(reply.language) },
    reply.choices.map((choice) =>
      h(
        "button",
        {
          type: "button",
          class: `choice ${choice.value === chosen ? "choice-chosen" : ""}`,
          disabled: onChoose === null,
          onclick: () => onChoose?.(choice.value),
        },
        choice.value === chosen && icon("check"),
        choice.label,
      ),
    ),
  );
}

/** Show what the customer said, as the record keeps it. */
export function saidBubble(item: SaidItem): HTMLElement {
  return h(
    "article",
    { class: "turn turn-customer" },
    h(
      "div",
      { class: "turn-body" },
      h("p", { class: "byline" }, hiddenText(t("you")), h("time", { datetime: item.at }, clock(item.at))),
      h("div", { class: "bubble" }, plain(item.text)),
      item.isRedacted && h("p", { class: "fate" }, icon("shield"), t("redacted")),
      item.problem === "too_long" && h("p", { class: "fate" }, icon("alert"), t("tooLong")),
    ),
  );
}

/** Show a message on its way. */
export function letterBubble(letter: Letter, act: { retry: () => void; drop: () => void }): HTMLElement {
  const isRefused = letter.stage === "refused";
  return h(
    "article",
    { class: `turn turn-customer turn-${letter.stage}` },
    h(
      "div",
      { class: "turn-body" },
      h("p", { class: "byline" }, hiddenText(t("you")), h("time", { datetime: letter.at }, clock(letter.at))),
      h("div", { class: "bubble" }, plain(letter.label)),
      h("p", { class: "fate" }, isRefused ? icon("alert") : icon("clock"), t(fateOf(letter))),
      isRefused &&
        h(
          "p",
          { class: "fate-actions" },
          letter.code !== "conversation_closed" &&
            h("button", { type: "button", class: "link-button", onclick: act.retry }, t("retry")),
          h("button", { type: "button", class: "link-button", onclick: act.drop }, t("drop")),
        ),
    ),
  );
}

function fateOf(letter: Letter): Word {
  if (letter.stage === "sending") return "sending";
  if (letter.stage === "taken") return "taken";
  if (letter.stage === "waiting") return letter.code === "unreachable" ? "held" : "busy";
  if (letter.code === "body_too_large") return "refusedTooLong";
  return letter.code === "conversation_closed" ? "refusedClosed" : "refused";
}

function plain(text: string): HTMLElement {
  return h("p", { class: "plain" }, text);
}

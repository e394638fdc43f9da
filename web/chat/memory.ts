/** What is remembered of the customer: a dialog to see it, and to have any of it forgotten. */

import { Problem, call } from "../shared/api";
import { fill, h } from "../shared/dom";
import { icon } from "../shared/icon";
import type { Talk } from "./talk";
import type { Memory, Remembered } from "./wire";
import { language, t } from "./words";

/** Open the dialog. It asks the counter anew each time. */
export async function showMemory(talk: Talk): Promise<void> {
  const body = h("div", { class: "memory-body", "aria-live": "polite" });
  const close = (): void => dialog.close();
  const dialog = h(
    "dialog",
    { class: "ask memory", "aria-labelledby": "memory-title", onclose: () => dialog.remove() },
    h(
      "div",
      { class: "memory-head" },
      h("h2", { id: "memory-title" }, t("memory")),
      h("button", { type: "button", class: "icon-button", "aria-label": t("close"), autofocus: true, onclick: close }, icon("close")),
    ),
    h("p", {}, t("memoryText")),
    body,
  );
  document.body.append(dialog);
  dialog.showModal();
  await load(talk, body, "GET", "");
}

/** Tell whether the customer asked for elder mode, as far as that may be known. */
export async function remembersElder(talk: Talk): Promise<boolean> {
  try {
    const memory = await ask(talk, "GET", "");
    return memory.items.some((item) => item.kind === "elder_mode" && item.value === "on");
  } catch {
    return false; // it is a matter of comfort only
  }
}

function ask(talk: Talk, method: string, item: string): Promise<Memory> {
  const path = `${talk.path}/memory${item ? `/${encodeURIComponent(item)}` : ""}`;
  return call<Memory>(method, path, { token: talk.session.token });
}

async function load(talk: Talk, body: HTMLElement, method: string, item: string): Promise<void> {
  try {
    draw(talk, body, (await ask(talk, method, item)).items);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    fill(body, h("p", { role: "alert" }, t(error.code === "level_too_low" ? "memoryKnown" : "memoryFailed")));
  }
}

function draw(talk: Talk, body: HTMLElement, items: readonly Remembered[]): void {
  if (items.length === 0) {
    fill(body, h("p", { class: "memory-none" }, t("memoryNone")));
    return;
  }
  const forget = (item: string): void => {
    if (item || window.confirm(t("memoryForgetSure"))) void load(talk, body, "DELETE", item);
  };
  fill(
    body,
    h("ul", { class: "memory-list" }, items.map((item) => entry(item, () => forget(item.id)))),
    h("button", { type: "button", class: "button button-quiet", onclick: () => forget("") }, t("memoryForgetAll")),
  );
}

function entry(item: Remembered, forget: () => void): HTMLElement {
  const label = item.label[language()];
  return h(
    "li",
    {},
    h(
      "div",
      {},
      h("strong", {}, label),
      h("small", {}, `${t(item.ground === "asked" ? "memoryAsked" : "memoryService")} · ${t("memoryUntil", { on: item.until.slice(0, 10) })}`),
    ),
    h("button", { type: "button", class: "button button-quiet", "aria-label": `${t("memoryForget")}: ${label}`, onclick: forget }, t("memoryForget")),
  );
}

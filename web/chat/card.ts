/** Cards between the bubbles: a registered case, and the place in the queue to a representative. */

import { h } from "../shared/dom";
import { type IconName, icon } from "../shared/icon";
import type { CaseOpened, HandoverRequested } from "./wire";
import type { QueueItem } from "./view";
import { moment, t } from "./words";

function card(kind: string, name: IconName, title: string, ...rest: (Node | null | false)[]): HTMLElement {
  return h(
    "section",
    { class: `card card-${kind}` },
    h("h2", { class: "card-title" }, icon(name), title),
    ...rest,
  );
}

function row(label: string, value: string | Node): HTMLElement {
  return h("div", { class: "card-row" }, h("dt", {}, label), h("dd", {}, value));
}

/** Show a promise with its number and deadline. */
export function caseCard(number: string, opened: CaseOpened | null): HTMLElement {
  return card(
    "case",
    "receipt",
    t("caseTitle"),
    h(
      "dl",
      {},
      row(t("caseNumber"), h("span", { class: "card-number" }, number)),
      opened && row(t("caseDue"), h("time", { datetime: opened.due_at }, moment(opened.due_at))),
    ),
    copyButton(number),
  );
}

function copyButton(text: string): HTMLElement | false {
  if (!("clipboard" in navigator)) return false;
  const label = h("span", {}, t("caseCopy"));
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text).catch(() => undefined);
    label.textContent = t("caseCopied");
  };
  return h("button", { type: "button", class: "link-button", onclick: () => void copy() }, icon("copy"), label);
}

/** Show where the customer stands on the way to a representative. */
export function queueCard(item: QueueItem): HTMLElement {
  if (item.state === "joined") return card("queue card-done", "person", t("queueJoined"));
  if (item.state === "moved") return card("queue card-done", "person", t("queueMoved"));
  return card(
    "queue",
    "person",
    t("queueTitle"),
    h("dl", {}, rows(item.place)),
    h("p", { class: "card-note" }, icon("check"), t("queueKept")),
  );
}

function rows(place: HandoverRequested): HTMLElement[] {
  const found = [row(t("queuePlace"), t("queuePlaceValue", { position: place.position }))];
  if (place.staffed) found.push(row(t("queueWait"), wait(place.wait_minutes)));
  else found.push(row(t("queueWait"), place.opens_at ? t("queueOpens", { at: moment(place.opens_at) }) : t("queueClosed")));
  return found;
}

function wait(minutes: number | undefined): string {
  if (minutes === undefined) return t("queueUnknown");
  return minutes < 1 ? t("queueSoon") : t("queueMinutes", { minutes });
}

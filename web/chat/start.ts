/** The first thing a visitor of the demonstration sees: the bank, and whose customer to be. */

import { fill, h } from "../shared/dom";
import { icon, mark } from "../shared/icon";
import type { DemoCustomer, Language } from "./wire";
import { type Word, language, t } from "./words";

const STARTERS: readonly Word[] = ["starter1", "starter2", "starter3", "starter4", "starter5", "starter6"];

/** Welcome the visitor and let one choose an identity. `onPick` is given a customer's token, or "". */
export function startPage(
  bank: Record<Language, string>,
  customers: readonly DemoCustomer[],
  onPick: (token: string) => void,
): HTMLElement {
  return h(
    "div",
    { class: "start" },
    h(
      "div",
      { class: "start-hero" },
      mark(),
      h("h2", {}, h("span", { class: "start-greeting" }, t(greeting())), t("welcome", { bank: bank[language()] })),
      h("p", {}, t("welcomeText")),
    ),
    h(
      "div",
      { class: "start-pick" },
      h("h3", { id: "pick" }, t("pick")),
      h("ul", { "aria-labelledby": "pick" }, customers.map((customer) => person(customer, onPick)), visitor(onPick)),
      h("p", { class: "start-note" }, icon("shield"), t("pickNote")),
    ),
  );
}

function greeting(): Word {
  const hour = new Date().getHours();
  if (hour < 12) return "morning";
  return hour < 18 ? "afternoon" : "evening";
}

function person(customer: DemoCustomer, onPick: (token: string) => void): HTMLElement {
  const name = customer.name[language()];
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "person", onclick: () => onPick(customer.token) },
      h("span", { class: "person-face", "aria-hidden": "true" }, initial(name)),
      h(
        "span",
        { class: "person-text" },
        h("span", { class: "person-name" }, name, customer.elder && h("span", { class: "tag" }, t("elder"))),
        h("span", { class: "person-story" }, customer.story[language()]),
      ),
    ),
  );
}

function visitor(onPick: (token: string) => void): HTMLElement {
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "person", onclick: () => onPick("") },
      h("span", { class: "person-face person-nobody", "aria-hidden": "true" }, icon("message")),
      h(
        "span",
        { class: "person-text" },
        h("span", { class: "person-name" }, t("visitor")),
        h("span", { class: "person-story" }, t("visitorStory")),
      ),
    ),
  );
}

function initial(name: string): string {
  return /\p{Script=Han}/u.test(name) ? name.slice(0, 1) : name.split(" ").map((part) => part.slice(0, 1)).slice(0, 2).join("");
}

/** Topics to begin with, until the customer has said something. */
export function starters(onSay: (text: string) => void): HTMLElement {
  return h(
    "div",
    { class: "starters", role: "group", "aria-label": t("starters") },
    h("p", {}, t("starters")),
    STARTERS.map((word) => h("button", { type: "button", class: "choice", onclick: () => onSay(t(word)) }, t(word))),
  );
}

/** Say that the counter cannot be reached, and let the visitor try again. */
export function failurePage(word: Word, action: Word, onAct: () => void): HTMLElement {
  return h(
    "div",
    { class: "failure", role: "alert" },
    icon("alert"),
    h("p", {}, t(word)),
    h("button", { type: "button", class: "button", onclick: onAct }, t(action)),
  );
}

/** Show that the page is being connected. */
export function loading(element: Element): void {
  fill(element, h("p", { class: "loading", role: "status" }, h("span", { class: "spinner", "aria-hidden": "true" }), t("loading")));
}

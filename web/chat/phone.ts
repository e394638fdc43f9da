/** The demonstration phone: what the bank sends to a customer's mobile, to be read and answered there. */

import { Problem, call } from "../shared/api";
import { fill, h } from "../shared/dom";
import { icon } from "../shared/icon";
import type { DemoCustomer, PhoneEntry } from "./wire";
import { type Word, clock, language, t } from "./words";

const POLL_MS = 2_000;
const FRESH_MS = 60_000;

export interface PhoneActions {
  /** Put values into the open secure widget; false when none is open that takes them. */
  readonly onFill: (values: Record<string, string>) => void;
  /** Something new arrived. */
  readonly onNews: () => void;
}

export class Phone {
  readonly element = h("div", { class: "phone-tab" });
  readonly #screen = h("div", { class: "phone-screen" });
  readonly #entries = h("ul", { class: "phone-entries", "aria-live": "polite" });
  #customers: readonly DemoCustomer[] = [];
  #owner = "";
  #isFixed = false;
  #timer = 0;
  #seen = "";

  constructor(private readonly act: PhoneActions) {}

  /** Show the phone of the customer who is signed in, or let a visitor choose one. */
  show(customers: readonly DemoCustomer[], signedIn: string): void {
    this.#customers = customers;
    this.#isFixed = signedIn !== "";
    this.#owner = signedIn || this.#owner || customers[0]?.token || "";
    this.#seen = "";
    this.draw();
    this.#poll();
  }

  /** Stop looking for messages. */
  end(): void {
    clearTimeout(this.#timer);
  }

  draw(): void {
    const owner = this.#customers.find((customer) => customer.token === this.#owner);
    this.#seen = "";
    fill(
      this.element,
      !this.#isFixed && this.#picker(),
      owner && this.#card(owner),
      h(
        "div",
        { class: "phone" },
        h("div", { class: "phone-top", "aria-hidden": "true" }, h("span", {}, clock(new Date().toISOString())), h("i")),
        this.#screen,
        h("div", { class: "phone-home", "aria-hidden": "true" }),
      ),
    );
    fill(this.#screen, this.#entries);
  }

  #picker(): HTMLElement {
    const onchange = (event: Event): void => {
      this.#owner = (event.currentTarget as HTMLSelectElement).value;
      this.draw();
      this.#poll();
    };
    return h(
      "label",
      { class: "field" },
      h("span", {}, t("phonePick")),
      h(
        "select",
        { onchange },
        this.#customers.map((customer) =>
          h("option", { value: customer.token, selected: customer.token === this.#owner }, customer.name[language()]),
        ),
      ),
    );
  }

  #card(owner: DemoCustomer): HTMLElement {
    const values = { phone: owner.phone, id_last_four: owner.id_last_four };
    return h(
      "div",
      { class: "phone-owner" },
      h("p", {}, t("phoneOf"), " ", h("strong", {}, owner.name[language()])),
      h(
        "dl",
        {},
        h("div", {}, h("dt", {}, t("phoneNumber")), h("dd", {}, owner.phone)),
        h("div", {}, h("dt", {}, t("idLast")), h("dd", {}, owner.id_last_four)),
      ),
      h("button", { type: "button", class: "link-button", onclick: () => this.act.onFill(values) }, t("fillIn")),
    );
  }

  #poll(): void {
    clearTimeout(this.#timer);
    if (!this.#owner) return;
    void this.#read().finally(() => {
      this.#timer = window.setTimeout(() => this.#poll(), POLL_MS);
    });
  }

  async #read(): Promise<void> {
    if (document.hidden) return;
    const owner = this.#owner;
    try {
      const { entries } = await call<{ entries: PhoneEntry[] }>("GET", `/demo/phone/${encodeURIComponent(owner)}`);
      if (owner === this.#owner) this.#drawEntries(entries);
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // a phone without a line shows what it had
    }
  }

  #drawEntries(entries: readonly PhoneEntry[]): void {
    const face = JSON.stringify(entries) + language();
    if (face === this.#seen) return;
    const newest = entries[0];
    if (this.#seen && newest && Date.now() - Date.parse(newest.at) < FRESH_MS) this.act.onNews();
    this.#seen = face;
    fill(this.#entries, entries.length ? entries.map((entry) => this.#entry(entry)) : h("li", { class: "phone-empty" }, t("phoneEmpty")));
  }

  #entry(entry: PhoneEntry): HTMLElement {
    return h(
      "li",
      { class: `phone-entry phone-${entry.kind}` },
      h(
        "p",
        { class: "phone-from" },
        icon(entry.kind === "sms" ? "message" : "face"),
        h("span", {}, t(entry.kind === "sms" ? "phoneFrom" : "phoneApp")),
        h("time", { datetime: entry.at }, clock(entry.at)),
      ),
      h("p", { class: "phone-text" }, entry.text[language()]),
      entry.code && this.#codeButton(entry.code),
      entry.kind === "face" && this.#faceButtons(entry),
    );
  }

  #codeButton(code: string): HTMLElement {
    return h(
      "button",
      { type: "button", class: "phone-code", onclick: () => this.act.onFill({ code }) },
      h("strong", {}, code),
      h("span", {}, t("fillIn")),
    );
  }

  #faceButtons(entry: PhoneEntry): HTMLElement {
    const STATES: Record<string, Word> = { approved: "approved", declined: "declinedOnPhone", expired: "expiredOnPhone" };
    const word = STATES[entry.state ?? ""];
    if (word) return h("p", { class: "phone-state" }, t(word));
    const answer = (approve: boolean) => (): void => {
      const path = `/demo/phone/${encodeURIComponent(this.#owner)}/checks/${encodeURIComponent(entry.id)}`;
      void call("POST", path, { body: { approve } })
        .catch(() => undefined)
        .finally(() => this.#poll());
    };
    return h(
      "div",
      { class: "phone-answers" },
      h("button", { type: "button", class: "button", onclick: answer(true) }, t("approve")),
      h("button", { type: "button", class: "button button-quiet", onclick: answer(false) }, t("decline")),
    );
  }
}

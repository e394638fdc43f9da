/** The secure widget: identity items, one-time codes and face checks. What is typed here never becomes a message. */

import { Problem } from "../shared/api";
import { type Child, fill, h } from "../shared/dom";
import { type IconName, icon } from "../shared/icon";
import { keep } from "./keep";
import type { Talk } from "./talk";
import type { WidgetItem } from "./view";
import type { Challenge, Checked } from "./wire";
import { type Word, t } from "./words";

const START_MS = 350; // the record may already say that the widget is no longer needed
const POLL_MS = 2_000;
const CHALLENGE_MS = 4.5 * 60_000; // a little less than a code is valid
const RESEND_S = 30;
const CODE = /^\d{6}$/;
const TITLES: Record<WidgetItem["method"], readonly [IconName, Word]> = {
  identify: ["id", "identifyTitle"],
  otp: ["key", "otpTitle"],
  face: ["face", "faceTitle"],
};

interface Kept {
  readonly challenge: Challenge;
  readonly until: number;
}

export class SecureWidget {
  readonly element = h("section", { class: "card widget" });
  readonly #status = h("p", { class: "widget-status", role: "status" });
  #state: WidgetItem["state"] | "new" = "new";
  #challenge: Challenge | null = null;
  #isBusy = false;
  #timer = 0;
  #resend = 0;

  constructor(
    private readonly item: WidgetItem,
    private readonly talk: Talk,
  ) {
    this.#challenge = this.#kept();
    if (item.method !== "identify") this.#timer = window.setTimeout(() => void this.#begin(), START_MS);
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  get method(): WidgetItem["method"] {
    return this.item.method;
  }

  /** Take over the record's word on whether the widget is still needed. */
  update(state: WidgetItem["state"]): void {
    if (state === this.#state) return;
    const hadFocus = this.element.contains(document.activeElement);
    this.#state = state;
    if (state !== "open") this.end();
    if (state === "passed") keep.setChallenge(this.item.method, null);
    this.draw();
    if (hadFocus) document.querySelector<HTMLElement>("#compose")?.focus();
  }

  /** Stop everything that runs by itself. */
  end(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#resend);
  }

  /** Put what was tapped on the demonstration phone into the form. */
  fillIn(values: Record<string, string>): void {
    for (const [name, value] of Object.entries(values)) {
      const input = this.element.querySelector<HTMLInputElement>(`input[name="${name}"]`);
      if (!input) continue;
      input.value = value;
      input.dispatchEvent(new Event("input"));
    }
    this.element.querySelector<HTMLElement>("button[type=submit]")?.focus();
  }

  /** Put the cursor where the customer goes on. */
  focus(): void {
    this.element.querySelector<HTMLElement>("input, button")?.focus({ preventScroll: true });
  }

  /** Draw the widget in the page's language. */
  draw(): void {
    const [name, title] = TITLES[this.item.method];
    this.element.hidden = this.#state === "left";
    this.element.setAttribute("aria-label", t("secure"));
    this.element.classList.toggle("card-done", this.#state !== "open");
    if (this.#state !== "open") {
      fill(this.element, h("h2", { class: "card-title" }, icon("check"), t("passed")));
      return;
    }
    fill(
      this.element,
      h("p", { class: "widget-label" }, icon("shield"), t("secure")),
      h("h2", { class: "card-title" }, icon(name), t(title)),
      this.#form(),
      this.#status,
      h("p", { class: "card-note" }, t("secureNote")),
    );
  }

  #form(): Child {
    if (this.item.method === "identify") return this.#identifyForm();
    return this.item.method === "otp" ? this.#codeForm() : this.#facePart();
  }

  #identifyForm(): HTMLElement {
    const phone = field("phone", t("identifyPhone"), { type: "tel", autocomplete: "tel", maxlength: 20 });
    const last = field("id_last_four", t("identifyId"), {
      inputmode: "text",
      autocomplete: "off",
      maxlength: 4,
      placeholder: t("identifyIdHint"),
    });
    return this.#submitting([phone, last], (form) => {
      const values = { phone: valueOf(form, "phone").replace(/[\s-]/g, ""), id_last_four: valueOf(form, "id_last_four").toUpperCase() };
      if (!/^\+?\d{5,15}$/.test(values.phone)) return this.#refuse("badPhone", "phone");
      if (!/^\d{3}[\dX]$/.test(values.id_last_four)) return this.#refuse("badId", "id_last_four");
      return values;
    });
  }

  #codeForm(): HTMLElement {
    const sent = h("p", { class: "widget-text" }, this.#challenge ? t("otpSent", { hint: this.#challenge.hint }) : t("otpSending"));
    const again = h("button", { type: "button", class: "link-button", onclick: () => void this.#begin(true) }, t("otpAgain"));
    const code = field("code", t("otpLabel"), {
      class: "code-input",
      inputmode: "numeric",
      autocomplete: "one-time-code",
      maxlength: 12,
    });
    const form = this.#submitting([sent, code], (form) => {
      const value = { code: valueOf(form, "code").replace(/\D/g, "") };
      return CODE.test(value.code) ? value : this.#refuse("badCode", "code");
    });
    form.querySelector(".widget-actions")?.append(again);
    if (this.#challenge) this.#countDown(again);
    return form;
  }

  #facePart(): HTMLElement {
    return h(
      "div",
      { class: "widget-face" },
      h("p", { class: "widget-text" }, t("faceText")),
      this.#challenge
        ? h("p", { class: "widget-waiting" }, h("span", { class: "spinner", "aria-hidden": "true" }), t("faceWaiting"))
        : h("button", { type: "button", class: "button", onclick: () => void this.#begin(true) }, t("faceStart")),
    );
  }

  /** A form whose answer is checked by the counter; `read` gives the answer, or null when it cannot be right. */
  #submitting(
    fields: HTMLElement[],
    read: (form: HTMLFormElement) => Record<string, string> | null,
  ): HTMLFormElement {
    const onsubmit = (event: SubmitEvent): void => {
      event.preventDefault();
      const answer = read(event.currentTarget as HTMLFormElement);
      if (answer) void this.#submit(answer);
    };
    return h(
      "form",
      { novalidate: true, autocomplete: "off", onsubmit },
      fields,
      h("div", { class: "widget-actions" }, h("button", { type: "submit", class: "button" }, t("submit"))),
    );
  }

  #refuse(word: Word, name: string): null {
    this.#tell(word, {}, true);
    const input = this.element.querySelector<HTMLInputElement>(`input[name="${name}"]`);
    input?.setAttribute("aria-invalid", "true");
    input?.focus();
    return null;
  }

  /** Begin the verification at the bank, unless one is under way already. */
  async #begin(isAnew = false): Promise<boolean> {
    if (this.#state !== "open" || this.#isBusy) return false;
    if (!this.#challenge || isAnew) {
      this.#isBusy = true;
      try {
        this.#challenge = await this.talk.startVerification(this.item.method);
        const kept: Kept = { challenge: this.#challenge, until: Date.now() + CHALLENGE_MS };
        keep.setChallenge(this.item.method, kept);
        this.#tell(null);
      } catch (error) {
        this.#fail(error);
        return false;
      } finally {
        this.#isBusy = false;
      }
    }
    if (this.item.method !== "identify") this.#drawKeepingInput();
    if (this.item.method === "face") this.#poll();
    return true;
  }

  #drawKeepingInput(): void {
    const old = this.element.querySelector<HTMLInputElement>("input");
    const [value, hadFocus] = [old?.value ?? "", old !== null && document.activeElement === old];
    this.draw();
    const input = this.element.querySelector<HTMLInputElement>("input");
    if (!input) return;
    input.value = value;
    if (hadFocus) input.focus();
  }

  async #submit(answer: Record<string, string>): Promise<void> {
    if (this.#isBusy || !(this.#challenge || (await this.#begin()))) return;
    this.#isBusy = true;
    this.#tell("checking");
    this.element.setAttribute("aria-busy", "true");
    try {
      const challenge = this.#challenge?.challenge ?? "";
      this.#result(await this.talk.checkVerification(this.item.method, challenge, answer));
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isBusy = false;
      this.element.removeAttribute("aria-busy");
    }
  }

  #poll(): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(async () => {
      if (!this.isOpen || !this.#challenge) return;
      try {
        this.#result(await this.talk.checkVerification("face", this.#challenge.challenge, {}));
      } catch (error) {
        if (!(error instanceof Problem && error.isPassing)) this.#fail(error);
        else this.#poll();
      }
    }, POLL_MS);
  }

  #result(checked: Checked): void {
    if (checked.passed) {
      keep.setChallenge(this.item.method, null);
      this.#tell("passed");
      return;
    }
    if (checked.reason === "pending") {
      this.#poll();
      return;
    }
    const isOver = checked.reason !== "wrong" || checked.tries_left === 0;
    if (isOver) {
      this.#challenge = null;
      keep.setChallenge(this.item.method, null);
      this.draw();
    }
    this.#tell(wordFor(checked, this.item.method), { tries: checked.tries_left }, true);
    this.focus();
  }

  #fail(error: unknown): void {
    if (!(error instanceof Problem)) throw error;
    const isLocked = error.code === "locked";
    this.#tell(isLocked ? "locked" : error.status === 0 ? "failedLine" : "failed", {}, true);
  }

  #tell(word: Word | null, given: Record<string, number> = {}, isWrong = false): void {
    this.#status.textContent = word ? t(word, given) : "";
    this.#status.classList.toggle("is-wrong", isWrong);
  }

  #kept(): Challenge | null {
    const kept = keep.challenge(this.item.method) as Kept | null;
    return kept && kept.until > Date.now() ? kept.challenge : null;
  }

  #countDown(button: HTMLButtonElement): void {
    clearInterval(this.#resend);
    let left = RESEND_S;
    const step = (): void => {
      button.disabled = left > 0;
      button.textContent = left > 0 ? t("otpAgainIn", { seconds: left }) : t("otpAgain");
      if (left <= 0) clearInterval(this.#resend);
      left -= 1;
    };
    step();
    this.#resend = window.setInterval(step, 1_000);
  }
}

function wordFor(checked: Checked, method: WidgetItem["method"]): Word {
  switch (checked.reason) {
    case "wrong":
      if (checked.tries_left === 0) return "wrongLast";
      return method === "otp" ? "wrongCode" : "wrong";
    case "expired":
    case "locked":
    case "declined":
      return checked.reason;
    default:
      return "failed";
  }
}

function field(name: string, label: string, attributes: Record<string, string | number>): HTMLElement {
  const clear = (event: Event): void => (event.currentTarget as Element).removeAttribute("aria-invalid");
  const input = h("input", { name, type: "text", autocapitalize: "off", spellcheck: "false", oninput: clear, ...attributes });
  return h("label", { class: "field" }, h("span", {}, label), input);
}

function valueOf(form: HTMLFormElement, name: string): string {
  return form.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.value.trim() ?? "";
}

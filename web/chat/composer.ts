/** The message box: grows with the text, sends on Enter, and leaves Enter alone while an input method composes. */

import { fill, h } from "../shared/dom";
import { icon } from "../shared/icon";
import { keep } from "./keep";
import { t } from "./words";

const TALLEST_PX = 168;
const COMPOSING_KEY = 229; // what browsers report for keys that an input method takes

export interface ComposerActions {
  readonly onSend: (text: string) => void;
  readonly onTyping: () => void;
}

export class Composer {
  readonly element: HTMLElement;
  readonly #input: HTMLTextAreaElement;
  readonly #send: HTMLButtonElement;
  readonly #human: HTMLButtonElement;
  readonly #hint = h("p", { class: "compose-hint", id: "compose-hint" });

  constructor(private readonly act: ComposerActions) {
    this.#input = h("textarea", {
      id: "compose",
      rows: 1,
      maxlength: 20_000,
      enterkeyhint: "send",
      "aria-describedby": "compose-hint",
      onkeydown: (event: KeyboardEvent) => this.#onKey(event),
      oninput: () => this.#onInput(),
    });
    this.#send = h("button", { type: "submit", class: "send" });
    this.#human = h("button", { type: "button", class: "human", onclick: () => act.onSend(t("humanSay")) });
    const onsubmit = (event: SubmitEvent): void => {
      event.preventDefault();
      this.#submit();
    };
    this.element = h(
      "form",
      { class: "composer", onsubmit },
      h("div", { class: "compose-tools" }, this.#human, this.#hint),
      h("div", { class: "compose-box" }, this.#input, this.#send),
    );
    this.#input.value = keep.draft();
    this.relabel();
    this.#grow();
  }

  /** Show the words in the page's language. */
  relabel(): void {
    this.#input.placeholder = t("compose");
    this.#input.setAttribute("aria-label", t("compose"));
    fill(this.#send, icon("send"), h("span", { class: "send-label" }, t("send")));
    this.#send.setAttribute("aria-label", t("send"));
    fill(this.#human, icon("person"), t("human"));
    fill(this.#hint, h("span", { class: "keys" }, t("composeKeys")), " ", t("composeSafety"));
  }

  /** Take messages, or not any more. */
  enable(isOpen: boolean): void {
    this.#input.disabled = !isOpen;
    this.#human.disabled = !isOpen;
    this.#send.disabled = !isOpen || !this.#input.value.trim();
  }

  get isEmpty(): boolean {
    return !this.#input.value;
  }

  focus(): void {
    this.#input.focus({ preventScroll: true });
  }

  #onKey(event: KeyboardEvent): void {
    const isComposing = event.isComposing || event.keyCode === COMPOSING_KEY;
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.altKey || isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #onInput(): void {
    keep.setDraft(this.#input.value);
    this.#send.disabled = !this.#input.value.trim();
    this.#grow();
    if (this.#input.value) this.act.onTyping();
  }

  #submit(): void {
    const text = this.#input.value.trim();
    if (!text || this.#input.disabled) return;
    this.#input.value = "";
    this.#onInput();
    this.act.onSend(text);
  }

  #grow(): void {
    const { style } = this.#input;
    style.height = "auto";
    style.height = `${Math.min(this.#input.scrollHeight, TALLEST_PX)}px`;
    style.overflowY = this.#input.scrollHeight > TALLEST_PX ? "auto" : "hidden";
  }
}

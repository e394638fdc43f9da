/** The top of the page: the bank, the language, and the settings. */

import { type Child, fill, h, hiddenText } from "../shared/dom";
import { type IconName, icon, mark } from "../shared/icon";
import { currentTaste, setTaste, textSize } from "./display";
import type { Taste } from "./keep";
import type { Language } from "./wire";
import { type Word, language, t } from "./words";

export interface HeaderActions {
  readonly onLanguage: (language: Language) => void;
  readonly onNew: () => void;
  readonly onMemory: () => void;
  readonly onPanel: (tab: "phone" | "why") => void;
}

export class Header {
  readonly element = h("header", { class: "header" });
  /** The demonstration's own buttons, where the header is too narrow for them. */
  readonly bar = h("nav", { class: "demo-bar" });
  readonly #settings = h("div", { class: "settings", id: "settings", popover: "auto" });
  #bank: Record<Language, string> = { zh: "港湾银行", en: "Harbour Bank" };
  #who = "";
  #isDemo = false;
  #hasTalk = false;
  #hasMemory = false;

  constructor(private readonly act: HeaderActions) {
    this.#settings.addEventListener("toggle", () => this.#drawSettings());
  }

  /** Say whose page this is and who is signed in. */
  set(state: { bank?: Record<Language, string>; who?: string; isDemo?: boolean; hasTalk?: boolean; hasMemory?: boolean }): void {
    this.#bank = state.bank ?? this.#bank;
    this.#who = state.who ?? this.#who;
    this.#isDemo = state.isDemo ?? this.#isDemo;
    this.#hasTalk = state.hasTalk ?? this.#hasTalk;
    this.#hasMemory = state.hasMemory ?? this.#hasMemory;
    this.draw();
  }

  draw(): void {
    const bank = this.#bank[language()];
    document.title = t("title", { bank });
    const hasPanel = this.#isDemo && this.#hasTalk;
    const other = this.#bank[language() === "zh" ? "en" : "zh"];
    fill(
      this.element,
      h(
        "div",
        { class: "brand" },
        mark(),
        h("h1", {}, h("span", { class: "brand-name" }, bank), h("span", { class: "brand-other", "aria-hidden": "true" }, other)),
      ),
      h("p", { class: "header-who" }, this.#who || t("service")),
      h(
        "div",
        { class: "header-tools" },
        hasPanel && [this.#panelButton("phone"), this.#panelButton("why")],
        this.#languages(),
        h(
          "button",
          { type: "button", class: "icon-button", popovertarget: "settings", "aria-label": t("settings"), title: t("settings") },
          icon("letters"),
        ),
        this.#hasTalk && this.#hasMemory && this.#toolButton("memory", "memory", this.act.onMemory),
        this.#hasTalk && this.#newButton(),
      ),
      this.#settings,
    );
    this.#drawSettings();
    this.bar.setAttribute("aria-label", t("panel"));
    fill(this.bar, hasPanel && [this.#barButton("phone"), this.#barButton("why")]);
  }

  #panelButton(tab: "phone" | "why"): HTMLElement {
    const button = this.#toolButton(tab, tab, () => this.act.onPanel(tab));
    button.classList.add("panel-button");
    button.dataset["tab"] = tab;
    return button;
  }

  #newButton(): HTMLElement {
    const button = this.#toolButton("plus", "newTalk", this.act.onNew);
    button.classList.add("new-talk");
    return button;
  }

  #barButton(tab: "phone" | "why"): HTMLElement {
    const onclick = (): void => this.act.onPanel(tab);
    return h("button", { type: "button", class: "panel-button", "data-tab": tab, onclick }, icon(tab), t(tab));
  }

  #toolButton(name: IconName, word: Word, onclick: () => void): HTMLButtonElement {
    return h("button", { type: "button", class: "icon-button", "aria-label": t(word), title: t(word), onclick }, icon(name));
  }

  #languages(): HTMLElement {
    const button = (value: Language, label: string, rest: string): HTMLElement =>
      h(
        "button",
        {
          type: "button",
          lang: value,
          "aria-pressed": String(language() === value),
          onclick: () => this.act.onLanguage(value),
        },
        label,
        hiddenText(rest),
      );
    return h(
      "div",
      { class: "languages", role: "group", "aria-label": t("language") },
      button("zh", "中", "文"),
      button("en", "EN", " English"),
    );
  }

  #drawSettings(): void {
    fill(
      this.#settings,
      h("h2", {}, t("settings")),
      this.#choice("theme", "theme", [
        ["auto", "themeAuto"],
        ["light", "themeLight"],
        ["dark", "themeDark"],
      ]),
      this.#choice("size", "size", [
        ["standard", "sizeStandard"],
        ["large", "sizeLarge"],
      ]),
      this.#hasTalk && h("button", { type: "button", class: "button button-quiet", onclick: () => this.#newFromSettings() }, t("newTalk")),
    );
  }

  #newFromSettings(): void {
    this.#settings.hidePopover();
    this.act.onNew();
  }

  #choice(name: "theme" | "size", legend: Word, options: readonly (readonly [string, Word])[]): Child {
    return h(
      "fieldset",
      {},
      h("legend", {}, t(legend)),
      options.map(([value, word]) =>
        h(
          "label",
          {},
          h("input", {
            type: "radio",
            name,
            value,
            checked: (name === "size" ? textSize() : currentTaste().theme) === value,
            onchange: () => setTaste({ [name]: value } as Partial<Taste>),
          }),
          t(word),
        ),
      ),
    );
  }
}

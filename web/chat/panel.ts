/** The demonstration panel beside the conversation: the phone, and the why. On small screens it lies over the page. */

import { fill, h } from "../shared/dom";
import { icon } from "../shared/icon";
import { currentTaste, setTaste } from "./display";
import type { Phone } from "./phone";
import type { Why } from "./why";
import { t } from "./words";

export type Tab = "phone" | "why";

const WIDE = window.matchMedia("(min-width: 1080px)");

export class Panel {
  readonly element = h("aside", { class: "panel", id: "panel" });
  readonly #body = h("div", { class: "panel-body", id: "panel-body", role: "tabpanel", tabindex: 0 });
  #tab: Tab = "phone";
  #isOver = false; // lies over the page
  #opener: HTMLElement | null = null;

  constructor(
    private readonly phone: Phone,
    private readonly why: Why,
    private readonly page: () => HTMLElement,
    private readonly onShow: () => void,
  ) {
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#isOver) this.#shut();
    });
    WIDE.addEventListener("change", () => this.#shut());
  }

  get tab(): Tab {
    return this.#tab;
  }

  /** Whether anyone can see it. */
  get isShown(): boolean {
    return WIDE.matches ? currentTaste().panel === "open" : this.#isOver;
  }

  /** Open the panel at a tab; where it is open there already, close it. */
  open(tab: Tab): void {
    if (WIDE.matches) {
      setTaste({ panel: this.isShown && this.#tab === tab ? "shut" : "open" });
    } else {
      this.#opener = document.activeElement as HTMLElement | null;
      this.#isOver = true;
      this.page().inert = true;
      this.element.classList.add("panel-over");
    }
    this.#tab = tab;
    this.draw();
    if (this.#isOver) this.element.querySelector<HTMLElement>("[aria-selected=true]")?.focus();
    this.onShow();
  }

  #shut(): void {
    if (!this.#isOver) return;
    this.#isOver = false;
    this.page().inert = false;
    this.element.classList.remove("panel-over");
    this.draw();
    this.#opener?.focus();
  }

  /** Close it where it lies over the page. */
  shutOver(): void {
    this.#shut();
  }

  draw(): void {
    this.element.setAttribute("aria-label", t("panel"));
    for (const button of document.querySelectorAll<HTMLElement>(".panel-button")) {
      button.setAttribute("aria-expanded", String(this.isShown && button.dataset["tab"] === this.#tab));
    }
    fill(
      this.element,
      h(
        "div",
        { class: "panel-head" },
        h("div", { class: "tabs", role: "tablist", "aria-label": t("panel"), onkeydown: (event: KeyboardEvent) => this.#onKey(event) }, this.#tabButton("phone"), this.#tabButton("why")),
        h("button", { type: "button", class: "icon-button panel-close", "aria-label": t("close"), onclick: () => this.#shut() }, icon("close")),
      ),
      this.#body,
    );
    this.#body.setAttribute("aria-labelledby", `tab-${this.#tab}`);
    fill(this.#body, this.#tab === "phone" ? this.phone.element : this.why.element);
  }

  #tabButton(tab: Tab): HTMLElement {
    const isSelected = this.#tab === tab;
    return h(
      "button",
      {
        type: "button",
        id: `tab-${tab}`,
        role: "tab",
        tabindex: isSelected ? 0 : -1,
        "aria-selected": String(isSelected),
        "aria-controls": "panel-body",
        onclick: () => this.#select(tab),
      },
      icon(tab),
      t(tab),
    );
  }

  #select(tab: Tab): void {
    this.#tab = tab;
    this.draw();
    this.element.querySelector<HTMLElement>(`#tab-${tab}`)?.focus();
    this.onShow();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") this.#select(this.#tab === "phone" ? "why" : "phone");
  }
}

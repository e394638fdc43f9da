/** The conversation on the page: one element per item, kept while the item stays the same. */

import { fill, h } from "../shared/dom";
import { icon } from "../shared/icon";
import { letterBubble, replyBubble, saidBubble } from "./bubble";
import { caseCard, queueCard } from "./card";
import type { Talk } from "./talk";
import type { Item, NoteItem } from "./view";
import { SecureWidget } from "./widget";
import { type Word, day, t } from "./words";

const NEAR_PX = 120;
const QUIET_MS = 1_000;
const SLOW_MS = 8_000;
const SLOWER_MS = 25_000;
const NOTES: Record<NoteItem["note"], Word> = {
  expired: "noteExpired",
  finished: "noteFinished",
  silence: "noteSilence",
  staff: "noteStaff",
  joined: "noteJoined",
};

interface Shown {
  readonly face: string;
  readonly element: HTMLElement;
}

export interface LogActions {
  readonly onChoose: (value: string) => void;
  readonly onNew: () => void;
  readonly starters: () => HTMLElement | null;
}

export class Log {
  readonly element: HTMLElement;
  readonly #list = h("div", { class: "log-list", role: "log", "aria-live": "polite" });
  readonly #starters = h("div", { class: "log-starters" });
  readonly #typing = h("div", { class: "typing-place", role: "status" });
  readonly #below: HTMLButtonElement;
  readonly #shown = new Map<string, Shown>();
  readonly #widgets = new Map<string, SecureWidget>();
  #timers: number[] = [];
  #isTyping = false;
  #isQuiet = false; // drawn anew, nothing to be read out
  #isNews = false; // what comes now is new to the customer
  #isFollowing = true; // the customer looks at the end, and stays there as it grows
  #top = 0;
  #count = 0;

  constructor(private readonly act: LogActions) {
    this.#below = h("button", { type: "button", class: "below", hidden: true, onclick: () => this.toEnd(true) });
    const inner = h("div", { class: "log-inner" }, this.#list, this.#starters, this.#typing);
    this.element = h("div", { class: "log", tabindex: 0, onscroll: () => this.#onScroll() }, inner, this.#below);
    this.relabel();
  }

  /** Draw everything anew in the page's language, without reading it all out again. */
  relabel(): void {
    this.#list.setAttribute("aria-label", t("log"));
    this.element.setAttribute("aria-label", t("log"));
    fill(this.#below, icon("down"), t("newBelow"));
    this.#isQuiet = true;
    this.#shown.clear();
    for (const widget of this.#widgets.values()) widget.draw();
    window.setTimeout(() => {
      this.#isQuiet = false;
      this.#announce();
    }, QUIET_MS);
    this.#announce();
  }

  /** Forget what is shown, for a new conversation. */
  clear(): void {
    this.#shown.clear();
    for (const widget of this.#widgets.values()) widget.end();
    this.#widgets.clear();
    this.#isNews = false;
    this.#announce();
    this.#list.replaceChildren();
    this.#count = 0;
  }

  /** Show the conversation as it is now. */
  draw(talk: Talk): void {
    this.#isNews = talk.isCaughtUp;
    this.#announce();
    const elements = [...this.#items(talk), ...this.#letters(talk)];
    this.#place(elements);
    fill(this.#starters, talk.view.hasSpoken || talk.letters.length || talk.view.isClosed ? null : this.act.starters());
    this.#drawTyping(talk.view.isAwaiting || talk.letters.some((letter) => letter.stage === "taken"));
    const hasMore = elements.length > this.#count;
    this.#count = elements.length;
    const isOwn = talk.letters.some((letter) => letter.stage === "sending");
    if (this.#isFollowing || isOwn || !talk.isCaughtUp) this.toEnd(talk.isCaughtUp);
    else if (hasMore) this.#below.hidden = false;
  }

  /** Show the end of the conversation. */
  toEnd(isSmooth: boolean): void {
    this.#below.hidden = true;
    this.#isFollowing = true;
    this.element.scrollTo({ top: this.element.scrollHeight, behavior: isSmooth ? "smooth" : "instant" });
  }

  /** The open secure widget, if there is one. */
  get widget(): SecureWidget | null {
    return [...this.#widgets.values()].findLast((widget) => widget.isOpen) ?? null;
  }

  #announce(): void {
    this.#list.setAttribute("aria-live", this.#isNews && !this.#isQuiet ? "polite" : "off");
  }

  #items(talk: Talk): HTMLElement[] {
    let lastDay = "";
    return talk.view.items.flatMap((item) => {
      const element = this.#item(item, talk);
      const today = day(item.at);
      if (today === lastDay) return [element];
      lastDay = today;
      return [this.#keep(`day ${today}`, "", () => h("p", { class: "day" }, h("span", {}, today))), element];
    });
  }

  #item(item: Item, talk: Talk): HTMLElement {
    switch (item.kind) {
      case "said":
        return this.#keep(item.key, "", () => saidBubble(item));
      case "reply": {
        const canChoose = talk.view.choosable === item.key && talk.letters.length === 0;
        return this.#keep(item.key, String(canChoose) + item.chosen, () => replyBubble(item, canChoose ? this.act.onChoose : null));
      }
      case "widget":
        return this.#widget(item, talk);
      case "queue":
        return this.#keep(item.key, item.state, () => queueCard(item));
      case "case":
        return this.#keep(item.key, "", () => caseCard(item.opened.number, item.opened));
      case "note":
        return this.#keep(item.key, "", () => this.#note(item));
    }
  }

  #note(item: NoteItem): HTMLElement {
    const isEnd = item.note === "finished" || item.note === "silence" || item.note === "staff";
    return h(
      "div",
      { class: "note" },
      h("p", {}, t(NOTES[item.note])),
      isEnd && h("button", { type: "button", class: "button", onclick: this.act.onNew }, t("startNew")),
    );
  }

  #widget(item: Item & { readonly kind: "widget" }, talk: Talk): HTMLElement {
    let widget = this.#widgets.get(item.key);
    if (!widget) {
      widget = new SecureWidget(item, talk);
      this.#widgets.set(item.key, widget);
    }
    widget.update(item.state);
    return widget.element;
  }

  #letters(talk: Talk): HTMLElement[] {
    return talk.letters.map((letter) =>
      this.#keep(`m ${letter.clientId}`, letter.stage + letter.code, () =>
        letterBubble(letter, {
          retry: () => talk.retry(letter.clientId),
          drop: () => talk.drop(letter.clientId),
        }),
      ),
    );
  }

  /** Return the element of an item, made anew only when its face has changed. */
  #keep(key: string, face: string, make: () => HTMLElement): HTMLElement {
    const shown = this.#shown.get(key);
    if (shown?.face === face) return shown.element;
    const element = make();
    this.#shown.set(key, { face, element });
    return element;
  }

  /** Bring the list to hold exactly these elements, touching only what differs. */
  #place(elements: readonly HTMLElement[]): void {
    const wanted = new Set<Element>(elements);
    for (const child of [...this.#list.children]) if (!wanted.has(child)) child.remove();
    elements.forEach((element, index) => {
      const there = this.#list.children[index];
      if (there !== element) this.#list.insertBefore(element, there ?? null);
    });
  }

  #drawTyping(isTyping: boolean): void {
    if (isTyping === this.#isTyping) return;
    this.#isTyping = isTyping;
    this.#timers.forEach(clearTimeout);
    this.#timers = [];
    if (!isTyping) {
      this.#typing.replaceChildren();
      return;
    }
    const words = h("span", { class: "sr" }, `${t("ai")}: ${t("typing")}`);
    const dots = h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
    fill(this.#typing, h("div", { class: "typing" }, dots, words));
    const tell = (word: Word) => () => {
      words.className = "";
      words.textContent = t(word);
    };
    this.#timers = [window.setTimeout(tell("slow"), SLOW_MS), window.setTimeout(tell("slower"), SLOWER_MS)];
  }

  #isNearEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  #onScroll(): void {
    const isUpwards = this.element.scrollTop < this.#top;
    this.#top = this.element.scrollTop;
    if (this.#isNearEnd()) {
      this.#below.hidden = true;
      this.#isFollowing = true;
    } else if (isUpwards) {
      this.#isFollowing = false;
    }
  }
}

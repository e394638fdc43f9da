/** The customer's chat page, put together. */

import "../shared/tokens.css";
import "./style/start.css";
import "./style/composer.css";
import "./style/page.css";
import "./style/log.css";
import "./style/card.css";
import "./style/panel.css";

import { Problem, call } from "../shared/api";
import { fill, h } from "../shared/dom";
import { icon } from "../shared/icon";
import { Composer } from "./composer";
import { followLanguage, serveElder, setTaste, showTaste } from "./display";
import { Header } from "./header";
import { keep } from "./keep";
import { Log } from "./log";
import { remembersElder, showMemory } from "./memory";
import { Panel } from "./panel";
import { Phone } from "./phone";
import { failurePage, loading, startPage, starters } from "./start";
import { Talk, openSession } from "./talk";
import type { About, DemoCustomer, Language } from "./wire";
import { Why } from "./why";
import { language, t } from "./words";

const BANK: Record<Language, string> = { zh: "港湾银行", en: "Harbour Bank" };
const BACK_MS = 2_500;

class Page {
  readonly #stage = h("div", { class: "stage" });
  readonly #banner = h("div", { class: "banner", role: "status" });
  readonly #main = h("main", { class: "main", tabindex: -1 }, this.#banner, this.#stage);
  readonly #skip = h("a", { class: "skip", href: "#compose", hidden: true });
  readonly #header = new Header({
    onLanguage: (chosen) => this.#setLanguage(chosen),
    onNew: () => this.#askNew(),
    onMemory: () => this.#talk && void showMemory(this.#talk),
    onPanel: (tab) => this.#panel.open(tab),
  });
  readonly #composer = new Composer({
    onSend: (text) => this.#talk?.say(text),
    onTyping: () => this.#talk?.typing(),
  });
  readonly #log = new Log({
    onChoose: (value) => this.#choose(value),
    onNew: () => void this.#startNew(),
    starters: () => starters((text) => this.#choose(text)),
  });
  readonly #phone = new Phone({
    onFill: (values) => this.#fillIn(values),
    onNews: () => this.#showNews(!this.#panel.isShown || this.#panel.tab !== "phone"),
  });
  readonly #why = new Why();
  readonly #front = h("div", { class: "front" });
  readonly #panel: Panel = new Panel(this.#phone, this.#why, () => this.#front, () => this.#onPanel());
  #about: About = { bank: BANK, demo: false, memory: false };
  #customers: readonly DemoCustomer[] = [];
  #talk: Talk | null = null;
  #widgetKey = "";
  #wasLost = false;

  constructor(root: Element) {
    this.#front.append(this.#skip, this.#header.element, this.#header.bar, this.#main);
    root.append(this.#front, this.#panel.element);
    showTaste();
    this.#relabel();
  }

  /** Go on with the conversation of this tab, or begin. */
  async start(): Promise<void> {
    loading(this.#stage);
    try {
      this.#about = await call<About>("GET", "/api/v1/about");
      if (this.#about.demo) {
        this.#customers = (await call<{ customers: DemoCustomer[] }>("GET", "/demo/customers")).customers;
      }
    } catch (error) {
      this.#fail(error, () => void this.start());
      return;
    }
    this.#header.set({ bank: this.#about.bank, isDemo: this.#about.demo, hasMemory: this.#about.memory });
    const session = keep.session();
    if (session) this.#hold(new Talk(session, (talk) => this.#draw(talk)));
    else await this.#startNew();
  }

  async #startNew(): Promise<void> {
    this.#leave();
    if (!this.#about.demo) {
      await this.#open("");
      return;
    }
    fill(this.#stage, startPage(this.#about.bank, this.#customers, (token) => void this.#open(token)));
    this.#main.focus({ preventScroll: true });
  }

  async #open(customer: string): Promise<void> {
    loading(this.#stage);
    try {
      const session = await openSession(language(), customer);
      this.#hold(new Talk(session, (talk) => this.#draw(talk)));
    } catch (error) {
      this.#fail(error, () => void this.#open(customer));
    }
  }

  #hold(talk: Talk): void {
    this.#talk = talk;
    serveElder(this.#customers.find((found) => found.token === talk.session.customer)?.elder ?? false);
    if (this.#about.memory && talk.session.customer) void remembersElder(talk).then((isSo) => isSo && talk === this.#talk && serveElder(true));
    this.#log.clear();
    this.#why.clear();
    fill(this.#stage, this.#log.element, this.#composer.element);
    document.documentElement.dataset["demo"] = String(this.#about.demo);
    this.#skip.hidden = false;
    this.#header.set({ hasTalk: true, who: this.#who() });
    if (this.#about.demo) {
      this.#phone.show(this.#customers, talk.session.customer);
      this.#panel.draw();
    }
    this.#composer.focus();
    this.#draw(talk);
  }

  #leave(): void {
    this.#talk?.end();
    this.#talk = null;
    this.#phone.end();
    this.#panel.shutOver();
    this.#skip.hidden = true;
    keep.clearTab();
    delete document.documentElement.dataset["demo"];
    this.#header.set({ hasTalk: false, who: "" });
    this.#banner.replaceChildren();
  }

  #draw(talk: Talk): void {
    if (talk !== this.#talk) return;
    if (talk.line === "gone") {
      this.#leave();
      fill(this.#stage, failurePage("gone", "startNew", () => void this.#startNew()));
      return;
    }
    if (followLanguage(talk.view.language)) this.#relabel();
    this.#log.draw(talk);
    this.#composer.enable(!talk.view.isClosed);
    this.#drawBanner(talk);
    if (this.#panel.isShown && this.#panel.tab === "why") void this.#why.update(talk);
    this.#offerWidget(talk);
  }

  /** When a secure widget opens and nothing is being typed, the cursor goes there. */
  #offerWidget(talk: Talk): void {
    const open = talk.view.items.findLast((item) => item.kind === "widget" && item.state === "open");
    const key = open?.key ?? "";
    if (key === this.#widgetKey) return;
    this.#widgetKey = key;
    if (key && this.#composer.isEmpty && !this.#isInPanel()) this.#log.widget?.focus();
  }

  #isInPanel(): boolean {
    return this.#panel.element.contains(document.activeElement);
  }

  #drawBanner(talk: Talk): void {
    if (talk.line === "live") {
      if (!this.#wasLost) return;
      this.#wasLost = false;
      fill(this.#banner, h("p", { class: "banner-back" }, icon("check"), t("back")));
      window.setTimeout(() => !this.#wasLost && this.#banner.replaceChildren(), BACK_MS);
    } else if (talk.line === "offline" && !this.#wasLost) {
      this.#wasLost = true;
      fill(this.#banner, h("p", { class: "banner-lost" }, icon("alert"), t("offline")));
    }
  }

  #choose(value: string): void {
    this.#talk?.say(value);
    this.#composer.focus();
  }

  #fillIn(values: Record<string, string>): void {
    this.#panel.shutOver();
    this.#log.widget?.fillIn(values);
  }

  /** Mark the phone's buttons while it holds something unseen. */
  #showNews(isNew: boolean): void {
    for (const button of this.#front.querySelectorAll('[data-tab="phone"]')) button.classList.toggle("has-news", isNew);
  }

  #onPanel(): void {
    if (this.#panel.tab === "phone") this.#showNews(false);
    else if (this.#talk) void this.#why.update(this.#talk);
  }

  #who(): string {
    if (!this.#about.demo || !this.#talk) return "";
    const token = this.#talk.session.customer;
    const customer = this.#customers.find((found) => found.token === token);
    return customer ? t("signedIn", { name: customer.name[language()] }) : t("asVisitor");
  }

  #setLanguage(chosen: Language): void {
    setTaste({ language: chosen });
    const talk = this.#talk;
    this.#relabel();
    this.#header.element.querySelector<HTMLElement>("[aria-pressed=true]")?.focus();
    // Nothing has been said yet: let the assistant greet in the chosen language.
    if (talk && !this.#hasSaid() && talk.view.language !== chosen) {
      talk.end();
      void this.#open(talk.session.customer);
    }
  }

  /** Whether the customer has said anything, be it still on its way to the bank. */
  #hasSaid(): boolean {
    return this.#talk !== null && (this.#talk.view.hasSpoken || this.#talk.letters.length > 0);
  }

  #relabel(): void {
    this.#skip.textContent = t("skip");
    this.#header.set({ who: this.#who() });
    this.#composer.relabel();
    this.#log.relabel();
    this.#panel.draw();
    this.#phone.draw();
    this.#why.draw();
    if (this.#talk) this.#log.draw(this.#talk);
    else if (this.#stage.querySelector(".start")) {
      fill(this.#stage, startPage(this.#about.bank, this.#customers, (token) => void this.#open(token)));
    }
  }

  #askNew(): void {
    if (!this.#hasSaid()) {
      void this.#startNew();
      return;
    }
    const dialog = h(
      "dialog",
      { class: "ask", "aria-labelledby": "ask-title", onclose: () => dialog.remove() },
      h("h2", { id: "ask-title" }, t("newTalkAsk")),
      h("p", {}, t("newTalkText")),
      h(
        "form",
        { method: "dialog", class: "widget-actions" },
        h("button", { class: "button", onclick: () => void this.#startNew() }, t("yes")),
        h("button", { class: "button button-quiet", autofocus: true }, t("no")),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  }

  #fail(error: unknown, again: () => void): void {
    if (!(error instanceof Problem)) throw error;
    fill(this.#stage, failurePage("openFailed", "tryAgain", again));
  }
}

const root = document.querySelector("#page");
if (root) void new Page(root).start();

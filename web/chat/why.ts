/** Why each turn went as it did: reading → commands → steps → evidence → guard. */

import { Problem, call } from "../shared/api";
import { type Child, fill, h } from "../shared/dom";
import { icon } from "../shared/icon";
import { nameOf } from "./source";
import type { Talk } from "./talk";
import type { Source } from "./wire";
import { type Word, t } from "./words";

const LIKELY = 0.05; // intents below are noise
const SIGNAL = 0.25; // flags below are noise
const VALUE_LENGTH_MAX = 80;
const OWN_FIELDS = new Set(["sequence", "at", "kind", "frame", "command"]);

const NOTICES: Record<string, Word> = {
  OpenConversation: "whyGreeting",
  Verified: "whyVerified",
  VerificationFailed: "whyNotVerified",
  Silence: "whySilence",
};

interface Reading {
  readonly language: string | null;
  readonly other: string | null;
  readonly segments: readonly { readonly intents: readonly { readonly intent: string; readonly probability: number }[] }[];
  readonly entities: readonly { readonly type: string; readonly text: string; readonly value: string | number }[];
  readonly affect: { readonly emotion: string; readonly intensity: number; readonly urgency: number };
  readonly flags: Record<string, number>;
}

type Entry = Record<string, unknown> & { readonly kind: string; readonly sequence: number };

interface Turn {
  readonly turn: number;
  readonly messages: readonly Entry[];
  readonly interpreter: string;
  readonly reading: Reading | null;
  readonly commands: readonly (Record<string, unknown> & { readonly command: string })[];
  readonly steps: readonly Entry[];
  readonly evidence: readonly Source[];
  readonly guard: readonly { readonly passed: boolean; readonly rule: string }[];
}

export class Why {
  readonly element = h("div", { class: "why" });
  #turns: readonly Turn[] = [];
  #open = new Set<number>();
  #read = 0;
  #failed = false;

  /** Read what is new, if the conversation has moved on. */
  async update(talk: Talk): Promise<void> {
    if (talk.view.turn <= this.#read) return;
    const wanted = talk.view.turn;
    try {
      const answer = await call<{ turns: Turn[] }>("GET", `${talk.path}/trace`, { token: talk.session.token });
      this.#turns = answer.turns;
      this.#read = wanted;
      this.#failed = false;
      this.#open = new Set([wanted]);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#failed = true;
    }
    this.draw();
  }

  /** Forget the conversation. */
  clear(): void {
    this.#turns = [];
    this.#read = 0;
    this.draw();
  }

  draw(): void {
    fill(
      this.element,
      h("p", { class: "why-text" }, t("whyText")),
      this.#failed && h("p", { role: "alert" }, t("whyFailed")),
      this.#turns.length === 0 && h("p", { class: "why-empty" }, t("whyEmpty")),
      this.#turns.toReversed().map((turn) => this.#turn(turn)),
    );
  }

  #turn(turn: Turn): HTMLElement {
    const ontoggle = (event: Event): void => {
      if ((event.currentTarget as HTMLDetailsElement).open) this.#open.add(turn.turn);
      else this.#open.delete(turn.turn);
    };
    return h(
      "details",
      { class: "why-turn", open: this.#open.has(turn.turn), ontoggle },
      h("summary", {}, h("span", { class: "why-number" }, t("whyTurn", { turn: turn.turn })), h("span", { class: "why-said" }, saidIn(turn))),
      h("div", { class: "why-body" }, turn.reading && reading(turn.reading), commands(turn), steps(turn.steps), evidence(turn.evidence), guard(turn)),
    );
  }
}

function saidIn(turn: Turn): string {
  const said = turn.messages.filter((message) => message.kind === "message.received").map((message) => String(message["text"]));
  if (said.length) return said.join(" / ");
  const noticed = turn.commands[0]?.command ?? "";
  return t(NOTICES[noticed] ?? "whySystem");
}

function part(word: Word, ...children: Child[]): HTMLElement {
  return h("section", { class: "why-part" }, h("h2", {}, t(word)), ...children);
}

function reading(read: Reading): HTMLElement {
  const flags = Object.entries(read.flags).filter(([, probability]) => probability >= SIGNAL);
  const { emotion, intensity } = read.affect;
  const mood = intensity > 0 ? `${emotion} ${percent(intensity)}` : emotion;
  return part(
    "whyReading",
    read.segments.map((segment) =>
      h("ul", { class: "bars" }, segment.intents.filter((score) => score.probability >= LIKELY).slice(0, 4).map((score) => bar(score.intent, score.probability))),
    ),
    h(
      "dl",
      { class: "why-facts" },
      fact("whyLanguage", read.language ?? read.other ?? t("whyNone")),
      fact("whyMood", mood),
      read.entities.length > 0 && fact("whyEntities", read.entities.map((entity) => h("span", { class: "chip" }, h("b", {}, entity.type), ` ${entity.text} → ${String(entity.value)}`))),
      flags.length > 0 && fact("whyFlags", flags.map(([name, probability]) => h("span", { class: "chip chip-flag" }, `${name} ${percent(probability)}`))),
    ),
  );
}

function fact(word: Word, value: Child): HTMLElement {
  return h("div", {}, h("dt", {}, t(word)), h("dd", {}, value));
}

function bar(name: string, probability: number): HTMLElement {
  const meter = h("span", { class: "bar", "aria-hidden": "true" }, h("i"));
  meter.style.setProperty("--part", String(probability));
  return h("li", {}, h("code", {}, name), meter, h("span", { class: "bar-value" }, percent(probability)));
}

function percent(part: number): string {
  return `${Math.round(part * 100)}%`;
}

function commands(turn: Turn): HTMLElement {
  return part(
    "whyCommands",
    turn.interpreter && h("p", { class: "why-by" }, t("whyBy", { interpreter: turn.interpreter })),
    turn.commands.length
      ? h("ul", { class: "why-list" }, turn.commands.map((command) => h("li", {}, h("code", {}, command.command), details(command))))
      : h("p", {}, t("whyNone")),
  );
}

function steps(found: readonly Entry[]): HTMLElement {
  return part(
    "whySteps",
    found.length
      ? h("ol", { class: "why-steps" }, found.map((step) => h("li", {}, h("code", {}, step.kind), details(step))))
      : h("p", {}, t("whyNone")),
  );
}

function details(entry: Record<string, unknown>): HTMLElement | false {
  const shown = Object.entries(entry).filter(([name, value]) => !OWN_FIELDS.has(name) && !isNothing(value));
  if (shown.length === 0) return false;
  return h("span", { class: "why-details" }, shown.map(([name, value]) => h("span", {}, h("b", {}, name), ` ${short(value)}`)));
}

function isNothing(value: unknown): boolean {
  return value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}

function short(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX)}…` : text;
}

function evidence(sources: readonly Source[]): HTMLElement {
  return part(
    "whyEvidence",
    sources.length
      ? h("ul", { class: "why-list" }, sources.map((source) => h("li", {}, nameOf(source), h("code", { class: "why-id" }, `${source.id} @ ${source.version}`))))
      : h("p", {}, t("whyNone")),
  );
}

function guard(turn: Turn): HTMLElement {
  const blocked = turn.guard.filter((check) => !check.passed);
  return part(
    "whyGuard",
    blocked.length
      ? h("ul", { class: "why-list" }, blocked.map((check) => h("li", { class: "is-wrong" }, icon("alert"), t("whyBlocked", { rule: check.rule }))))
      : h("p", { class: "is-right" }, icon("check"), t("whyPassed")),
  );
}

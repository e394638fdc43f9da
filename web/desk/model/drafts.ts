/** What is being written, for each conversation: kept through a refresh, sent once, and refused when it is stale. */

import { defineStore } from "pinia";
import { reactive } from "vue";

import { Problem } from "../../shared/api";
import { act, change } from "./api";
import { explain } from "./notices";
import type { CopilotCard, Draft, Event, Form, Stop, Text } from "./wire";

const KEEP_MS = 700;
const CHECK_MS = 350;
const KEY = "tellerline.draft.";

export type Trouble =
  | { kind: "stale"; events: readonly Event[]; sequence: number }
  | { kind: "held"; rules: readonly { rule: string; quote: string; title?: Text }[] }
  | { kind: "line" }
  | { kind: "other"; text: string };

export interface Writing {
  form: Form;
  readonly texts: Record<Form, string>;
  clientId: string;
  isSending: boolean;
  trouble: Trouble | null;
  stops: readonly Stop[];
  savedAt: string;
  readonly inserted: { card: CopilotCard; text: string }[];
}

export const useDrafts = defineStore("drafts", () => {
  const writings = reactive(new Map<string, Writing>());
  const timers = new Map<string, number>();
  let canCheck = true;

  function of(conversation: string): Writing {
    let writing = writings.get(conversation);
    if (!writing) {
      writing = reactive<Writing>({
        form: "reply",
        texts: { reply: "", note: "", question: "" },
        clientId: "",
        isSending: false,
        trouble: null,
        stops: [],
        savedAt: "",
        inserted: [],
        ...recall(conversation),
      });
      writings.set(conversation, writing);
      if (writing.texts[writing.form]) keep(conversation); // what this tab held may not have reached the server
    }
    return writing;
  }

  function recall(conversation: string): Partial<Writing> {
    const kept = sessionStorage.getItem(KEY + conversation);
    return kept ? (JSON.parse(kept) as Partial<Writing>) : {};
  }

  /** Take the draft the server kept, unless something is being written here. */
  function adopt(conversation: string, draft: Draft | null): void {
    const writing = of(conversation);
    if (!draft || Object.values(writing.texts).some(Boolean)) return;
    writing.form = draft.form;
    writing.texts[draft.form] = draft.text;
  }

  function later(name: string, ms: number, work: () => void): void {
    window.clearTimeout(timers.get(name));
    timers.set(name, window.setTimeout(work, ms));
  }

  /** Note what is written now: in this tab at once, on the server soon, and let the guard look at a reply. */
  function write(conversation: string, text: string): void {
    const writing = of(conversation);
    if (writing.texts[writing.form] !== text) writing.clientId = "";
    writing.texts[writing.form] = text;
    keep(conversation);
    later(`check/${conversation}`, CHECK_MS, () => void check(conversation));
  }

  function keep(conversation: string): void {
    const { form, texts, clientId } = of(conversation);
    sessionStorage.setItem(KEY + conversation, JSON.stringify({ form, texts, clientId }));
    later(`keep/${conversation}`, KEEP_MS, () => void keepOnServer(conversation));
  }

  async function keepOnServer(conversation: string): Promise<void> {
    const writing = of(conversation);
    const path = `conversations/${encodeURIComponent(conversation)}/draft`;
    try {
      const body = { text: writing.texts[writing.form], form: writing.form };
      writing.savedAt = (await change<{ saved_at: string | null }>("PUT", path, body)).saved_at ?? "";
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // this tab still holds it
    }
  }

  async function check(conversation: string): Promise<void> {
    const writing = of(conversation);
    const text = writing.texts.reply;
    if (!canCheck || writing.form !== "reply" || !text.trim()) {
      writing.stops = [];
      return;
    }
    try {
      const { stops } = await act<{ stops: Stop[] }>(conversation, "check", { text });
      if (writing.texts.reply === text) writing.stops = stops;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 404 || error.status === 405) canCheck = false;
    }
  }

  function setForm(conversation: string, form: Form): void {
    const writing = of(conversation);
    writing.form = form;
    writing.trouble = null;
    writing.clientId = "";
    keep(conversation);
  }

  /** Send what is written; `seen` is what the person had read. Returns whether it was taken. */
  async function send(conversation: string, seen: number): Promise<boolean> {
    const writing = of(conversation);
    const { form } = writing;
    const text = writing.texts[form].trim();
    if (!text || writing.isSending) return false;
    writing.isSending = true;
    writing.clientId ||= crypto.randomUUID();
    const client_id = writing.clientId;
    try {
      if (form === "reply") await act(conversation, "messages", { client_id, text, seen });
      else await act(conversation, "notes", { client_id, text, form, to: [] });
    } catch (error) {
      writing.trouble = troubleOf(error);
      return false;
    } finally {
      writing.isSending = false;
    }
    if (form === "reply") void reportCards(conversation, writing, text);
    writing.trouble = null;
    writing.stops = [];
    write(conversation, "");
    return true;
  }

  return { of, adopt, write, setForm, send };
});

function troubleOf(error: unknown): Trouble {
  if (!(error instanceof Problem)) throw error;
  if (error.code === "stale") {
    return { kind: "stale", events: error.data["events"] as Event[], sequence: Number(error.data["sequence"]) };
  }
  if (error.code === "held_back") {
    return { kind: "held", rules: (error.data["rules"] as { rule: string; quote: string }[] | undefined) ?? [] };
  }
  return error.status === 0 ? { kind: "line" } : { kind: "other", text: explain(error) };
}

/** Tell the copilot what became of the texts it lent. */
async function reportCards(conversation: string, writing: Writing, sent: string): Promise<void> {
  for (const { card, text } of writing.inserted.splice(0)) {
    const isWhole = sent.includes(text);
    const body = {
      card: card.id,
      card_kind: card.kind,
      outcome: isWhole ? "inserted" : "edited",
      edited: isWhole ? 0 : changedShare(text, sent),
    };
    await act(conversation, "copilot", body).catch(() => undefined);
  }
}

/** How much of `before` is gone in `after`, 0 to 1, by its characters. */
function changedShare(before: string, after: string): number {
  const left = [...after];
  const kept = [...before].filter((character) => {
    const place = left.indexOf(character);
    if (place >= 0) left.splice(place, 1);
    return place >= 0;
  });
  return Math.min(1, Math.max(0, 1 - kept.length / Math.max(1, before.length)));
}

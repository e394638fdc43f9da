/** The conversations this page has open: their events in order, and the parts of their view. */

import { defineStore } from "pinia";
import { reactive, ref, shallowReactive } from "vue";

import { read } from "./api";
import { now } from "./clock";
import type { Copilot, Event, Parts, Told, View } from "./wire";

const TYPING_MS = 6_000;

/** sequence: the last event the page has. seen: the last one that a person can have read. */
export interface Talk {
  readonly id: string;
  readonly events: Event[];
  parts: Parts | null;
  sequence: number;
  seen: number;
  caughtUp: boolean;
  copilot: Copilot | null;
  viewers: readonly string[];
  readonly read: Record<string, number>;
  readonly typing: Record<string, number>;
}

/** What a colleague wrote to me. */
export interface Mention {
  readonly conversation: string;
  readonly sequence: number;
  readonly by: string;
  readonly form: string;
  readonly text: string;
}

function newTalk(id: string): Talk {
  return reactive<Record<string, unknown>>({
    id,
    events: shallowReactive<Event[]>([]),
    parts: null,
    sequence: 0,
    seen: 0,
    caughtUp: false,
    copilot: null,
    viewers: [],
    read: {},
    typing: {},
  }) as unknown as Talk;
}

export const useTalks = defineStore("talks", () => {
  const talks = shallowReactive(new Map<string, Talk>());
  const mentions = ref<Mention[]>([]);

  /** Return a conversation, empty when it was not open yet. */
  function open(id: string): Talk {
    let talk = talks.get(id);
    if (!talk) {
      talk = newTalk(id);
      talks.set(id, talk);
    }
    return talk;
  }

  function takeEvent(talk: Talk, event: Event, changes: Partial<Parts>): void {
    if (event.sequence > talk.sequence) {
      talk.sequence = event.sequence;
      if (event.kind !== "hidden") talk.events.push(event);
      if (event.kind === "message.received") delete talk.typing["customer"];
    }
    if (talk.parts) talk.parts = { ...talk.parts, ...changes };
  }

  /** Take in a message of the feed that is about a conversation. */
  function take(told: Told): void {
    switch (told.kind) {
      case "event":
        takeEvent(open(told.conversation), told.event, told.changes);
        break;
      case "caught_up": {
        const talk = open(told.conversation);
        const isFirst = talk.parts === null;
        talk.parts = told.changes;
        talk.sequence = Math.max(talk.sequence, told.sequence);
        if (isFirst) talk.seen = talk.sequence;
        talk.caughtUp = true;
        break;
      }
      case "copilot":
        open(told.conversation).copilot = { cards: told.cards, checklist: told.checklist, wrap: told.wrap };
        break;
      case "typing":
        open(told.conversation).typing[told.who] = now.value + TYPING_MS;
        break;
      case "viewers":
        open(told.conversation).viewers = told.accounts;
        break;
      case "read":
        open(told.conversation).read[told.who] = told.sequence;
        break;
      case "mention":
        mentions.value = [...mentions.value, told];
        break;
      default:
        break;
    }
  }

  /** Nothing is known to be up to date until the feed says so again. */
  function lose(): void {
    for (const talk of talks.values()) talk.caughtUp = false;
  }

  function forget(id: string): void {
    talks.delete(id);
  }

  /** Drop everything; another person may sign in here. */
  function clear(): void {
    talks.clear();
    mentions.value = [];
  }

  /** Read what only a fresh view holds: the draft kept on the server, and the copilot's cards as they stand. */
  async function complete(id: string): Promise<View> {
    const view = await read<View>(`conversations/${encodeURIComponent(id)}`);
    void read<Copilot>(`conversations/${encodeURIComponent(id)}/copilot`)
      .then((copilot) => {
        const talk = open(id);
        if (!talk.copilot) talk.copilot = copilot;
      })
      .catch(() => undefined);
    return view;
  }

  function dropMention(mention: Mention): void {
    mentions.value = mentions.value.filter((other) => other !== mention);
  }

  return { talks, mentions, open, take, lose, forget, clear, complete, dropMention };
});

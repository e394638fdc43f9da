/** The line to the server: what the page follows, and how far it can be trusted to be up to date. */

import { defineStore } from "pinia";
import { computed, ref, watch } from "vue";

import { now, setServerTime } from "./clock";
import { useSession } from "./session";
import { Socket } from "./socket";
import { useTalks } from "./talks";
import { useWork } from "./work";
import type { Told } from "./wire";

const FEED = "/api/v1/desk/feed";
const PONG_FRESH_MS = 10_000;
const TYPING_EVERY_MS = 3_000;

export type Lamp = "live" | "catching_up" | "offline";

export const useLine = defineStore("line", () => {
  const session = useSession();
  const work = useWork();
  const talks = useTalks();
  const isOpen = ref(false);
  const wasOpen = ref(false);
  const pongAt = ref(0);
  const heardAt = ref(Date.now());
  const looked = ref("");
  const refused = ref(false);
  const gone = ref("");
  const lastAcknowledged = ref<{ conversation: string; sequence: number } | null>(null);
  const following = new Set<string>();
  let socket: Socket | null = null;
  let typedAt = 0;

  const wanted = computed(() => [...new Set([...work.followed, ...(looked.value ? [looked.value] : [])])]);

  const lamp = computed<Lamp>(() => {
    if (!isOpen.value || now.value - pongAt.value > PONG_FRESH_MS) return "offline";
    return wanted.value.every((id) => talks.talks.get(id)?.caughtUp) ? "live" : "catching_up";
  });

  /** Since when nothing was heard; meaningful while offline. */
  const offlineSince = computed(() => new Date(heardAt.value).toISOString());

  function followWanted(): void {
    if (!isOpen.value) return;
    const names = new Set(wanted.value);
    for (const id of [...following]) {
      if (names.has(id)) continue;
      following.delete(id);
      socket?.say({ kind: "unfollow", conversation: id });
      talks.forget(id);
    }
    for (const id of names) {
      if (following.has(id)) continue;
      following.add(id);
      socket?.say({ kind: "follow", conversation: id, after: talks.open(id).sequence });
    }
  }

  function hear(told: Told): void {
    heardAt.value = Date.now();
    switch (told.kind) {
      case "hello":
        setServerTime(told.at);
        session.enter(told.me);
        work.take(told.work);
        break;
      case "work":
        work.take(told.work);
        break;
      case "presence":
        work.takePresence(told.presence);
        break;
      case "pong":
        pongAt.value = now.value;
        break;
      case "refused":
        if (told.conversation) following.delete(told.conversation);
        if (told.conversation === looked.value && told.code === "conversation") gone.value = told.conversation;
        break;
      default:
        talks.take(told);
    }
  }

  function start(): void {
    stop();
    refused.value = false;
    socket = new Socket(FEED, {
      onOpen: () => {
        isOpen.value = wasOpen.value = true;
        pongAt.value = now.value;
        heardAt.value = Date.now();
        following.clear();
        followWanted();
      },
      onMessage: (message) => hear(message as Told),
      onLost: () => {
        isOpen.value = false;
        following.clear();
        talks.lose();
      },
      onRefused: () => {
        refused.value = true;
        session.leave();
      },
    });
  }

  function stop(): void {
    socket?.end();
    socket = null;
    isOpen.value = wasOpen.value = false;
    following.clear();
  }

  /** Follow this conversation as long as it is looked at, whoever's it is. */
  function look(conversation: string): void {
    looked.value = conversation;
  }

  /** Say that this much was shown to a person. */
  function acknowledge(conversation: string, sequence: number): void {
    if (socket?.say({ kind: "acknowledge", conversation, sequence })) lastAcknowledged.value = { conversation, sequence };
  }

  function typing(conversation: string): void {
    if (Date.now() - typedAt < TYPING_EVERY_MS) return;
    typedAt = Date.now();
    socket?.say({ kind: "typing", conversation });
  }

  watch(wanted, followWanted);

  return { lamp, offlineSince, isOpen, wasOpen, refused, gone, looked, lastAcknowledged, start, stop, look, acknowledge, typing };
});

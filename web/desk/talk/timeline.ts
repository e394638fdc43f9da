/** Events as they are shown: bubbles, notes and lines, with the assistant's turns folded. Pure. */

import type { Event } from "../model/wire";

export type Item =
  | { type: "bubble"; key: string; by: "customer" | "assistant" | "representative" | "system"; event: Event }
  | { type: "note"; key: string; event: Event }
  | { type: "line"; key: string; event: Event; tone: "plain" | "good" | "bad" };

const LINES: Readonly<Record<string, "plain" | "good" | "bad">> = {
  "handover.requested": "plain",
  "handover.accepted": "plain",
  "handover.returned": "plain",
  "transfer.requested": "plain",
  "representative.joined": "plain",
  "representative.left": "plain",
  "watch.started": "plain",
  "watch.ended": "plain",
  "conversation.snoozed": "plain",
  "conversation.woken": "plain",
  "verification.requested": "plain",
  "level.changed": "good",
  "flow.started": "plain",
  "action.committed": "good",
  "action.failed": "bad",
  "case.opened": "plain",
  "case.closed": "good",
  "field.revealed": "plain",
  "attachment.added": "plain",
  "scam.suspected": "bad",
  "reply.blocked": "bad",
  "language.switched": "plain",
  "conversation.wrapped": "plain",
  "conversation.closed": "plain",
};

/** Return what is shown of the events, in their order. */
export function itemsOf(events: readonly Event[]): Item[] {
  const items: Item[] = [];
  for (const event of events) {
    const item = itemOf(event);
    if (item) items.push(item);
  }
  return items;
}

function itemOf(event: Event): Item | null {
  const key = String(event.sequence);
  if (event.kind === "message.received") {
    return String(event["text"] ?? "") ? { type: "bubble", key, by: "customer", event } : null;
  }
  if (event.kind === "message.sent") {
    const author = event["author"];
    const by = author === "representative" || author === "assistant" ? author : "system";
    return { type: "bubble", key, by, event };
  }
  if (event.kind === "note.written") return { type: "note", key, event };
  const tone = LINES[event.kind];
  return tone ? { type: "line", key, event, tone } : null;
}

/** Whether something after `seen` was done by somebody else than `me`, so that it has to be read first. */
export function firstUnread(events: readonly Event[], seen: number, me: string): Event | undefined {
  return events.find(
    (event) =>
      event.sequence > seen &&
      (event.kind === "message.received" ||
        event.kind === "attachment.added" ||
        (event.kind === "message.sent" && event["representative"] && event["representative"] !== me)),
  );
}

export type Piece = { text: string } | { token: string; kind: string; tail: string };
const TOKEN = /\[(card|phone|id|code|password|cvv|email|address|name|account|key|expiry)(?::([^\]\s]{1,20}))?\]/g;

/** Part a text into words and tokens, which stand for numbers that were replaced before anything was kept. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of text.matchAll(TOKEN)) {
    if (found.index > end) pieces.push({ text: text.slice(end, found.index) });
    pieces.push({ token: found[0], kind: found[1] ?? "", tail: (found[2] ?? "").replace(/-\d+$/, "") });
    end = found.index + found[0].length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

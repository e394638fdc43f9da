/** What the page shows of a conversation: a pure fold of its public events. */

import type { CaseOpened, CounterEvent, HandoverRequested, Language, MessageReceived, MessageSent, Method } from "./wire";

export interface SaidItem {
  readonly kind: "said";
  readonly key: string;
  readonly at: string;
  readonly text: string;
  readonly clientId: string;
  readonly isRedacted: boolean;
  readonly problem: string;
}

export interface ReplyItem {
  readonly kind: "reply";
  readonly key: string;
  readonly at: string;
  readonly reply: MessageSent;
  readonly opened: CaseOpened | null;
  /** The value of the choice that was pressed, or "". */
  readonly chosen: string;
}

/** The secure widget. `open` until the level is reached, another one opens, or the conversation closes. */
export interface WidgetItem {
  readonly kind: "widget";
  readonly key: string;
  readonly at: string;
  readonly method: Method;
  readonly level: number;
  readonly state: "open" | "passed" | "left";
}

export interface QueueItem {
  readonly kind: "queue";
  readonly key: string;
  readonly at: string;
  readonly place: HandoverRequested;
  readonly state: "waiting" | "moved" | "joined";
}

export interface CaseItem {
  readonly kind: "case";
  readonly key: string;
  readonly at: string;
  readonly opened: CaseOpened;
}

export interface NoteItem {
  readonly kind: "note";
  readonly key: string;
  readonly at: string;
  readonly note: "expired" | "finished" | "silence" | "staff" | "joined";
}

export type Item = SaidItem | ReplyItem | WidgetItem | QueueItem | CaseItem | NoteItem;

export interface View {
  readonly sequence: number;
  readonly items: readonly Item[];
  readonly language: Language;
  readonly level: number;
  readonly isClosed: boolean;
  /** Something was said and is not answered yet. */
  readonly isAwaiting: boolean;
  /** The customer has said something at all. */
  readonly hasSpoken: boolean;
  /** The reply whose choices may still be used, or "". */
  readonly choosable: string;
  /** Cases that no reply has shown yet. */
  readonly unshown: readonly CaseOpened[];
  readonly turn: number;
}

export const EMPTY: View = {
  sequence: 0,
  items: [],
  language: "zh",
  level: 0,
  isClosed: false,
  isAwaiting: false,
  hasSpoken: false,
  choosable: "",
  unshown: [],
  turn: 0,
};

/** The identity level that each method proves. */
const LEVELS: Record<Method, number> = { identify: 1, otp: 2, face: 3 };

/** Return the view after one more event. */
export function fold(view: View, event: CounterEvent): View {
  const next = { ...view, sequence: event.sequence };
  switch (event.kind) {
    case "conversation.opened":
      return { ...next, language: event.language, level: event.level };
    case "language.switched":
      return { ...next, language: event.language };
    case "message.received":
      return foldSaid(next, event);
    case "message.sent":
      return foldReply(next, event);
    case "verification.requested":
      return next; // the reply that follows carries the widget
    case "level.changed":
      return foldLevel(next, event.level, event);
    case "case.opened":
      return { ...next, unshown: [...next.unshown, event] };
    case "case.advanced":
    case "case.extended":
    case "case.closed":
      return next; // the message that follows tells of it
    case "handover.requested":
      return foldHandover(next, event);
    case "handover.accepted":
      return join(next, event);
    case "handover.returned":
    case "representative.joined":
    case "representative.left":
    case "attachment.added":
      return next; // the message that follows tells of it
    case "turn.ended":
      return foldTurn(next, event);
    case "conversation.closed":
      return { ...note(leave(next), event, event.reason), isClosed: true, isAwaiting: false, choosable: "" };
  }
}

function foldSaid(view: View, event: MessageReceived): View {
  const said: SaidItem = {
    kind: "said",
    key: `e${event.sequence}`,
    at: event.at,
    text: labelOf(view, event.text),
    clientId: event.client_id,
    isRedacted: event.redacted.length > 0,
    problem: event.problem ?? "",
  };
  const items = view.items.map((item) =>
    item.kind === "reply" && item.key === view.choosable ? { ...item, chosen: event.text } : item,
  );
  return { ...view, items: [...items, said], isAwaiting: true, hasSpoken: true, choosable: "" };
}

/** Return how a pressed choice was labelled; other text is itself. */
export function labelOf(view: View, text: string): string {
  for (const item of view.items.toReversed()) {
    if (item.kind !== "reply" || !item.reply.choices) continue;
    return item.reply.choices.find((choice) => choice.value === text)?.label ?? text;
  }
  return text;
}

function foldReply(view: View, event: MessageSent): View {
  const key = `e${event.sequence}`;
  const opened = view.unshown.find((found) => found.number === event.case) ?? null;
  const reply: ReplyItem = { kind: "reply", key, at: event.at, reply: event, opened, chosen: "" };
  let next: View = {
    ...view,
    unshown: view.unshown.filter((found) => found !== opened),
    choosable: event.choices?.length ? key : view.choosable,
  };
  if (event.author === "representative") next = join(next, event);
  next = { ...next, items: [...next.items, reply] };
  if (!event.widget) return next;
  const widget: WidgetItem = {
    kind: "widget",
    key: `w${event.sequence}`,
    at: event.at,
    method: event.widget,
    level: LEVELS[event.widget],
    state: "open",
  };
  next = leave(next);
  return { ...next, items: [...next.items, widget] };
}

/** The representative is there: nobody waits any more. */
function join(view: View, event: CounterEvent): View {
  const isWaiting = view.items.some((item) => item.kind === "queue" && item.state === "waiting");
  const next = { ...view, isAwaiting: false, items: view.items.map((item) => settle(item, "waiting", "joined")) };
  return isWaiting ? note(next, event, "joined") : next;
}

function foldHandover(view: View, place: HandoverRequested): View {
  const items = leave(view).items.map((item) => settle(item, "waiting", "moved"));
  const card: QueueItem = { kind: "queue", key: `q${place.sequence}`, at: place.at, place, state: "waiting" };
  return { ...view, items: [...items, card] };
}

function settle(item: Item, from: QueueItem["state"], to: QueueItem["state"]): Item {
  return item.kind === "queue" && item.state === from ? { ...item, state: to } : item;
}

function foldLevel(view: View, level: number, event: CounterEvent): View {
  const items = view.items.map((item) =>
    item.kind === "widget" && item.state === "open" && level >= item.level
      ? { ...item, state: "passed" as const }
      : item,
  );
  const next = { ...view, items, level };
  return level < view.level ? note(next, event, "expired") : next;
}

/** Close the widgets that are open: another one takes their place, or there is nothing left to prove. */
function leave(view: View): View {
  const items = view.items.map((item) =>
    item.kind === "widget" && item.state === "open" ? { ...item, state: "left" as const } : item,
  );
  return { ...view, items };
}

function foldTurn(view: View, event: { readonly at: string; readonly turn: number }): View {
  const cards = view.unshown.map(
    (opened): CaseItem => ({ kind: "case", key: `c${opened.sequence}`, at: opened.at, opened }),
  );
  return { ...view, isAwaiting: false, turn: event.turn, unshown: [], items: [...view.items, ...cards] };
}

function note(view: View, event: { readonly sequence: number; readonly at: string }, what: NoteItem["note"]): View {
  const item: NoteItem = { kind: "note", key: `n${event.sequence}`, at: event.at, note: what };
  return { ...view, items: [...view.items, item] };
}

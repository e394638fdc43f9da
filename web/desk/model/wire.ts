/** The desk's forms, as docs/reference/desk-protocol.md describes them. */

export type Language = "zh" | "en";
export type Text = Record<Language, string>;
export type Role = "representative" | "supervisor" | "editor" | "compliance" | "administrator";
export type PresenceState =
  | "available"
  | "busy"
  | "wrap_up"
  | "break"
  | "training"
  | "wellbeing"
  | "away"
  | "offline";

export interface Presence {
  readonly state: PresenceState;
  readonly reason: string;
  readonly since: string;
}

export interface Preferences {
  language?: Language;
  theme?: Theme;
  panes?: Partial<Record<PaneName, number>>;
  shut?: PaneName[];
  keys?: Record<string, string>;
}
export type Theme = "system" | "light" | "dark";
export type PaneName = "work" | "customer" | "copilot";

export interface Me {
  readonly account: string;
  readonly shown: Text;
  readonly role: Role;
  readonly permissions: readonly string[];
  readonly csrf: string;
  readonly capacity: number;
  readonly skill?: "novice" | "skilled" | "expert";
  readonly presence: Presence;
  readonly preferences: Preferences;
}

export interface ReadyAccount {
  readonly account: string;
  readonly shown: Text;
  readonly role: Role;
  readonly password: string;
}

export interface SignInOptions {
  readonly password: boolean;
  readonly oidc: { readonly url: string; readonly label: Text } | null;
  readonly accounts: readonly ReadyAccount[];
}

export type Flag = "scam" | "crisis" | "vulnerable" | "complaint" | "elder" | "returning";

export interface Mood {
  readonly level: number;
  readonly trend: "rising" | "falling" | "steady" | string;
  readonly emotion?: string;
  readonly points?: readonly { readonly sequence: number; readonly level: number }[];
}

export interface PromiseOf {
  readonly number: string;
  readonly kind: string;
  readonly due_at: string;
  readonly summary: string;
  readonly owner?: string;
  readonly state?: "open" | "closed";
  readonly resolution?: string;
}

export interface Card {
  readonly conversation: string;
  readonly sequence: number;
  readonly state: TalkState;
  readonly channel: string;
  readonly language: Language;
  readonly customer: Text | null;
  readonly intent: Text | null;
  readonly level: number;
  readonly flags: readonly Flag[];
  readonly mood: Mood;
  readonly emotion: string | null;
  readonly last: { readonly author: string; readonly text: string; readonly at: string } | null;
  readonly unanswered_since: string | null;
  readonly reply_due_at: string | null;
  readonly offer: { readonly id: string; readonly expires_at: string; readonly by: string | null } | null;
  readonly promise: PromiseOf | null;
  readonly snoozed_until: string | null;
}

export const LISTS = ["ringing", "active", "waiting", "promises", "snoozed", "watching"] as const;
export type ListName = (typeof LISTS)[number];

export interface Work extends Record<ListName, readonly Card[]> {
  readonly version: number;
  readonly at: string;
  readonly presence: Presence;
  readonly capacity: { readonly used: number; readonly most: number };
  readonly queue: {
    readonly depth: number;
    readonly waiting_since: string | null;
    readonly next_due_at: string | null;
  };
}

export type TalkState = "assistant" | "waiting" | "ringing" | "attended" | "snoozed" | "closed";

export interface Person {
  readonly account: string;
  readonly shown: Text | null;
}

export interface Status {
  readonly state: TalkState;
  readonly queue: string | null;
  readonly queue_title?: Text | null;
  readonly priority: number | null;
  readonly reason: string | null;
  readonly asked_at: string | null;
  readonly accepted_at?: string | null;
  readonly closed: boolean;
  readonly snoozed_until: string | null;
  readonly unanswered_since: string | null;
  readonly reply_due_at: string | null;
}

export interface People {
  readonly owner: Person | null;
  readonly before: Person | null;
  readonly joined: readonly Person[];
  readonly watching: readonly Person[];
  readonly offer: { readonly id: string; readonly representative: string; readonly expires_at: string } | null;
  readonly transfer?: { readonly warm: boolean; readonly to: string; readonly queue: string } | null;
}

export interface Level {
  readonly level: number;
  readonly title: Text;
  readonly reached: boolean;
  readonly unlocks: readonly (string | Text)[];
}

export interface TalkPart {
  readonly language: Language;
  readonly channel: string;
  readonly opened_at: string;
  readonly customer_known: boolean;
  readonly level: number;
  readonly levels: readonly Level[];
  readonly flags?: readonly Flag[];
}

export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

export interface Handover {
  readonly why: Text | null;
  readonly reason: string;
  readonly level: number;
  readonly facts: readonly Fact[];
  readonly actions: readonly DoneAction[];
  readonly promises: readonly PromiseOf[];
  readonly question: Text | { readonly what: string; readonly slot: string | null } | null;
  readonly mood: Mood;
  readonly waited_s: number | null;
}

export interface Fact {
  readonly flow: string;
  readonly title: Text | null;
  readonly name: string;
  readonly label: Text;
  readonly type?: string;
  readonly value: Value;
  readonly from: string;
}

export interface DoneAction {
  readonly action: string;
  readonly title: Text | null;
  readonly state: string;
  readonly result: Readonly<Record<string, Value>>;
  readonly code: string | null;
  readonly at: string;
}

export interface Question {
  readonly what: string;
  readonly slot: string | null;
  readonly label: Text | null;
  readonly type: string | null;
  readonly options: readonly { readonly label: string; readonly value: string }[];
  readonly attempts: number;
  readonly skippable?: boolean;
}

export interface Guided {
  readonly frame: string;
  readonly flow: string;
  readonly title: Text;
  readonly step: string;
  readonly question: Question | null;
  readonly filled: readonly {
    readonly slot: string;
    readonly label: Text;
    readonly type?: string;
    readonly value: Value;
    readonly shown: Value;
    readonly from: string;
  }[];
  readonly prepared: {
    readonly action: string;
    readonly before: Readonly<Record<string, Value>>;
    readonly after: Readonly<Record<string, Value>>;
    readonly expires_at: string | null;
  } | null;
  readonly prompt: { readonly text: string; readonly language: Language } | null;
  readonly others: readonly { readonly frame: string; readonly flow: string; readonly title: Text }[];
}

export interface Draft {
  readonly text: string;
  readonly form: Form;
  readonly saved_at: string;
}

export type Outcome = "solved" | "promised" | "unsolved" | "wrong_place" | "abandoned";

export interface WrapDraft {
  readonly outcome: Outcome;
  readonly area: string;
  readonly reason: string;
  readonly summary: Text;
}

export interface Wrapped {
  readonly outcome: Outcome;
  readonly area: string;
  readonly reason: string;
  readonly summary: string;
}

/** The parts of a view; the feed replaces each as a whole. */
export interface Parts {
  readonly status: Status;
  readonly people: People;
  readonly talk: TalkPart;
  readonly handover: Handover | null;
  readonly guided: Guided | null;
  readonly mood: Mood;
  readonly cases: readonly PromiseOf[];
  readonly files?: readonly Attached[];
  readonly wrapped?: Wrapped | null;
}

export interface View extends Parts {
  readonly conversation: string;
  readonly sequence: number;
  readonly draft: Draft | null;
}

export interface Attached {
  readonly attachment: string;
  readonly author: string;
  readonly name: string;
  readonly media_type: string;
  readonly size_bytes: number;
}

/** An event, flat: the fields of its kind beside these three. */
export interface Event {
  readonly sequence: number;
  readonly at: string;
  readonly kind: string;
  readonly [field: string]: unknown;
}

export type Form = "reply" | "note" | "question";

export interface Customer {
  readonly known: boolean;
  readonly level: number;
  readonly name: Text | null;
  readonly phone: string | null;
  readonly elder: boolean;
  readonly since_on: string | null;
  readonly risk_level: string | null;
  readonly products: Readonly<Record<string, readonly Readonly<Record<string, Value>>[]>>;
  readonly missing: readonly string[];
  readonly contacts?: readonly Contact[];
}

export interface Contact {
  readonly conversation?: string;
  readonly at: string;
  readonly intent?: Text | null;
  readonly outcome?: string | null;
  readonly summary?: Text | string | null;
}

export type CardKind = "stop" | "must" | "answer" | "do" | "feel" | "wrap" | "next";

export interface CopilotCard {
  readonly id: string;
  readonly kind: CardKind;
  readonly title: Text;
  readonly text: Text | string | null;
  readonly insert: string | null;
  readonly sources: readonly Source[];
  readonly why: Text | null;
  readonly action: { readonly flow: string; readonly values: Readonly<Record<string, string>> } | null;
  readonly before: Readonly<Record<string, Value>> | null;
  readonly after: Readonly<Record<string, Value>> | null;
  readonly severity?: "block" | "warn";
}

export interface Source {
  readonly id: string;
  readonly title?: string;
  readonly on?: string;
  readonly quote?: string;
}

export interface Check {
  readonly id: string;
  readonly title: Text;
  readonly done: boolean;
  readonly required: boolean;
}

export interface Copilot {
  readonly cards: readonly CopilotCard[];
  readonly checklist: readonly Check[];
  readonly wrap: WrapDraft | null;
}

export interface Stop {
  readonly rule: string;
  readonly severity: "block" | "warn";
  readonly quote: string;
  readonly title: Text;
}

export interface Phrase {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

export interface Colleague {
  readonly account: string;
  readonly shown: Text;
  readonly role: Role;
  readonly presence: Presence | null;
  readonly load: number;
  readonly capacity: number;
}

export interface Queue {
  readonly queue: string;
  readonly title: Text;
  readonly depth: number;
  readonly staffed: boolean;
}

export interface Procedure {
  readonly flow: string;
  readonly title: Text;
  readonly level: number;
}

export interface Area {
  readonly id: string;
  readonly title: Text;
  readonly reasons: readonly { readonly id: string; readonly title: Text }[];
}

export interface Answer {
  readonly text: string;
  readonly sources: readonly Source[];
}

/** What the server says on the feed. */
export type Told =
  | { kind: "hello"; at: string; me: Me; work: Work }
  | { kind: "work"; work: Work }
  | { kind: "event"; conversation: string; event: Event; changes: Partial<Parts> }
  | { kind: "caught_up"; conversation: string; sequence: number; changes: Parts }
  | { kind: "read"; conversation: string; who: string; sequence: number }
  | ({ kind: "copilot"; conversation: string } & Copilot)
  | { kind: "typing"; conversation: string; who: string }
  | { kind: "viewers"; conversation: string; accounts: string[] }
  | { kind: "presence"; presence: Presence }
  | { kind: "mention"; conversation: string; sequence: number; by: string; form: string; text: string }
  | { kind: "pong"; at: string }
  | { kind: "refused"; conversation: string | null; code: string; detail: string };

/** The interface's forms, as the OpenAPI document describes them. */

export type Language = "zh" | "en";
export type Method = "identify" | "otp" | "face";

export interface Choice {
  readonly label: string;
  readonly value: string;
}

export interface Source {
  readonly kind: "copy" | "fact" | "article" | "bank" | "case" | "queue" | "sum" | "memory";
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly on: string;
}

interface Base {
  readonly sequence: number;
  readonly at: string;
}

export interface ConversationOpened extends Base {
  readonly kind: "conversation.opened";
  readonly channel: string;
  readonly language: Language;
  readonly level: number;
}

export interface MessageReceived extends Base {
  readonly kind: "message.received";
  readonly client_id: string;
  readonly text: string;
  readonly redacted: readonly string[];
  readonly problem?: "empty" | "too_long";
}

export interface MessageSent extends Base {
  readonly kind: "message.sent";
  readonly author: "assistant" | "representative" | "system";
  readonly text: string;
  readonly language: Language;
  readonly choices?: readonly Choice[];
  readonly sources: readonly Source[];
  readonly flow?: string;
  readonly step?: string;
  readonly case?: string;
  readonly widget?: Method;
}

export interface VerificationRequested extends Base {
  readonly kind: "verification.requested";
  readonly level: number;
  readonly method: string;
}

export interface LevelChanged extends Base {
  readonly kind: "level.changed";
  readonly level: number;
  readonly method: string;
}

export interface CaseOpened extends Base {
  readonly kind: "case.opened";
  readonly number: string;
  readonly case_kind: string;
  readonly due_at: string;
}

export interface CaseAdvanced extends Base {
  readonly kind: "case.advanced";
  readonly number: string;
  readonly stage: "received" | "working" | "waiting" | "closed";
}

export interface CaseExtended extends Base {
  readonly kind: "case.extended";
  readonly number: string;
  readonly due_at: string;
}

export interface CaseClosed extends Base {
  readonly kind: "case.closed";
  readonly number: string;
  readonly resolution: string;
}

export interface HandoverRequested extends Base {
  readonly kind: "handover.requested";
  readonly queue: string;
  readonly position: number;
  readonly staffed: boolean;
  readonly wait_minutes?: number;
  readonly opens_at?: string;
}

export interface HandoverAccepted extends Base {
  readonly kind: "handover.accepted";
  readonly shown: Record<Language, string>;
}

/** What people at the desk do; the message that follows tells of it. */
export interface DeskMoved extends Base {
  readonly kind: "handover.returned" | "representative.joined" | "representative.left" | "attachment.added";
}

export interface LanguageSwitched extends Base {
  readonly kind: "language.switched";
  readonly language: Language;
}

export interface TurnEnded extends Base {
  readonly kind: "turn.ended";
  readonly turn: number;
}

export interface ConversationClosed extends Base {
  readonly kind: "conversation.closed";
  readonly reason: "finished" | "silence" | "staff";
}

export type CounterEvent =
  | ConversationOpened
  | MessageReceived
  | MessageSent
  | VerificationRequested
  | LevelChanged
  | CaseOpened
  | CaseAdvanced
  | CaseExtended
  | CaseClosed
  | HandoverRequested
  | HandoverAccepted
  | DeskMoved
  | LanguageSwitched
  | TurnEnded
  | ConversationClosed;

export type MemoryKind = "contact" | "promise" | "address" | "language" | "channel" | "elder_mode";

export interface Remembered {
  readonly id: string;
  readonly kind: MemoryKind;
  readonly label: Record<Language, string>;
  readonly purpose: string;
  readonly ground: "service" | "asked";
  readonly since: string;
  readonly until: string;
  readonly value: string;
}

export interface Memory {
  readonly items: readonly Remembered[];
}

export interface Opened {
  readonly id: string;
  readonly token: string;
}

export interface About {
  readonly bank: Record<Language, string>;
  readonly demo: boolean;
  readonly memory: boolean;
}

export interface Challenge {
  readonly challenge: string;
  readonly method: Method;
  readonly level: number;
  readonly hint: string;
  readonly tries_left: number;
}

export interface Checked {
  readonly passed: boolean;
  readonly level: number;
  readonly reason: string;
  readonly tries_left: number;
}

export interface DemoCustomer {
  readonly token: string;
  readonly name: Record<Language, string>;
  readonly story: Record<Language, string>;
  readonly phone: string;
  readonly id_last_four: string;
  readonly elder: boolean;
}

export interface PhoneEntry {
  readonly id: string;
  readonly at: string;
  readonly kind: "sms" | "face";
  readonly text: Record<Language, string>;
  readonly code: string | null;
  readonly state: "pending" | "approved" | "declined" | "expired" | null;
}

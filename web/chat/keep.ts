/** What the browser keeps: the open conversation for this tab, the customer's taste for good. Both may be switched off. */

import type { Language } from "./wire";

export interface Session {
  readonly id: string;
  readonly token: string;
  readonly customer: string; // a demonstration customer's token, or "" for a visitor
  readonly language: Language;
}

export interface Unsent {
  readonly clientId: string;
  readonly text: string;
  readonly label: string;
  readonly at: string;
}

export interface Taste {
  readonly language: Language | "";
  readonly theme: "auto" | "light" | "dark";
  readonly size: "" | "standard" | "large";
  readonly panel: "open" | "shut";
}

export const PLAIN_TASTE: Taste = { language: "", theme: "auto", size: "", panel: "open" };

function read<Kept>(storage: () => Storage, key: string): Kept | null {
  try {
    const text = storage().getItem(`tellerline.${key}`);
    return text === null ? null : (JSON.parse(text) as Kept);
  } catch {
    return null; // storage is switched off, or holds something else
  }
}

function write(storage: () => Storage, key: string, value: unknown): void {
  try {
    if (value === null) storage().removeItem(`tellerline.${key}`);
    else storage().setItem(`tellerline.${key}`, JSON.stringify(value));
  } catch {
    // storage is switched off or full: the page works on without it
  }
}

const tab = (): Storage => sessionStorage;
const forGood = (): Storage => localStorage;

export const keep = {
  session: (): Session | null => read<Session>(tab, "session"),
  setSession: (session: Session | null): void => write(tab, "session", session),
  outbox: (): readonly Unsent[] => read<Unsent[]>(tab, "outbox") ?? [],
  setOutbox: (unsent: readonly Unsent[]): void => write(tab, "outbox", unsent.length ? unsent : null),
  draft: (): string => read<string>(tab, "draft") ?? "",
  setDraft: (text: string): void => write(tab, "draft", text || null),
  challenge: (key: string): unknown => read<unknown>(tab, `challenge.${key}`),
  setChallenge: (key: string, value: unknown): void => write(tab, `challenge.${key}`, value),
  taste: (): Taste => ({ ...PLAIN_TASTE, ...read<Partial<Taste>>(forGood, "taste") }),
  setTaste: (taste: Taste): void => write(forGood, "taste", taste),
  clearTab: (): void => {
    try {
      const ours = Object.keys(sessionStorage).filter((key) => key.startsWith("tellerline."));
      for (const key of ours) sessionStorage.removeItem(key);
    } catch {
      // storage is switched off
    }
  },
};

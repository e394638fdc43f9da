/** Messages on their way: sent in order, each once, kept over a reload until the record has them. */

import { Problem, call } from "../shared/api";
import { keep, type Unsent } from "./keep";

const FIRST_PAUSE_MS = 800;
const LONGEST_PAUSE_MS = 15_000;

export type Stage = "sending" | "waiting" | "taken" | "refused";

export interface Letter extends Unsent {
  readonly stage: Stage;
  readonly code: string; // why it was refused
}

export class Outbox {
  #letters: Letter[];
  #isSending = false;
  #pauseMs = FIRST_PAUSE_MS;
  #timer = 0;

  constructor(
    private readonly path: string,
    private readonly token: string,
    private readonly onChange: () => void,
  ) {
    this.#letters = keep.outbox().map((unsent) => ({ ...unsent, stage: "sending", code: "" }));
    window.addEventListener("online", this.#flush);
    void this.#send();
  }

  get letters(): readonly Letter[] {
    return this.#letters;
  }

  /** Stop sending; what is unsent stays kept. */
  end(): void {
    window.removeEventListener("online", this.#flush);
    clearTimeout(this.#timer);
    this.#letters = [];
  }

  /** Send a message; `label` is how the page shows it until the record does. */
  add(text: string, label: string): void {
    const clientId = newId();
    this.#set([...this.#letters, { clientId, text, label, at: new Date().toISOString(), stage: "sending", code: "" }]);
    void this.#send();
  }

  /** The record has the message. */
  settle(clientId: string): void {
    const rest = this.#letters.filter((letter) => letter.clientId !== clientId);
    if (rest.length !== this.#letters.length) this.#set(rest);
  }

  /** Try a refused message again, or give it up. */
  retry(clientId: string): void {
    this.#set(this.#letters.map((letter) => (letter.clientId === clientId ? { ...letter, stage: "sending" } : letter)));
    void this.#send();
  }

  drop(clientId: string): void {
    this.settle(clientId);
  }

  /** Take up sending now, for instance because the line is back. */
  readonly #flush = (): void => {
    clearTimeout(this.#timer);
    this.#pauseMs = FIRST_PAUSE_MS;
    void this.#send();
  };

  flush(): void {
    if (this.#letters.some((letter) => letter.stage === "waiting")) this.#flush();
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      for (let next = this.#next(); next; next = this.#next()) {
        if (!(await this.#deliver(next))) return;
      }
    } finally {
      this.#isSending = false;
    }
  }

  #next(): Letter | undefined {
    return this.#letters.find((letter) => letter.stage === "sending" || letter.stage === "waiting");
  }

  /** Deliver one letter; false when the way is blocked for now. */
  async #deliver(letter: Letter): Promise<boolean> {
    try {
      const body = { client_id: letter.clientId, text: letter.text };
      await call("POST", `${this.path}/messages`, { token: this.token, body });
      this.#pauseMs = FIRST_PAUSE_MS;
      this.#mark(letter, "taken", "");
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (!error.isPassing) {
        this.#mark(letter, "refused", error.code);
        return true;
      }
      this.#mark(letter, "waiting", error.code);
      this.#timer = window.setTimeout(() => void this.#send(), Math.max(this.#pauseMs, error.retryAfterMs));
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
      return false;
    }
  }

  #mark(letter: Letter, stage: Stage, code: string): void {
    this.#set(this.#letters.map((found) => (found.clientId === letter.clientId ? { ...found, stage, code } : found)));
  }

  #set(letters: Letter[]): void {
    this.#letters = letters;
    keep.setOutbox(letters.map(({ clientId, text, label, at }) => ({ clientId, text, label, at })));
    this.onChange();
  }
}

/** Random and unguessable; `crypto.randomUUID` is not there on a page without TLS. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

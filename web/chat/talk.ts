/** One conversation held by this page: its session, its feed, its outbox, and the view folded from what it tells. */

import { call } from "../shared/api";
import { Feed, type FeedState } from "../shared/feed";
import { keep, type Session } from "./keep";
import { type Letter, Outbox } from "./outbox";
import { EMPTY, type View, fold, labelOf } from "./view";
import type { Challenge, Checked, CounterEvent, Language, Method, Opened } from "./wire";

const TYPING_EVERY_MS = 1_500;

/** Open a new conversation and remember it for this tab. Throws `Problem`. */
export async function openSession(language: Language, customer: string): Promise<Session> {
  const body = { channel: "web", language, ...(customer ? { customer_token: customer } : {}) };
  const opened = await call<Opened>("POST", "/api/v1/conversations", { body });
  const session: Session = { ...opened, customer, language };
  keep.clearTab();
  keep.setSession(session);
  return session;
}

export class Talk {
  view: View = EMPTY;
  line: FeedState = "connecting";
  /** Everything that was there when the page opened has been told; what comes now is news. */
  isCaughtUp = false;
  readonly #outbox: Outbox;
  readonly #feed: Feed<CounterEvent>;
  #typedAt = 0;

  constructor(
    readonly session: Session,
    private readonly onChange: (talk: Talk) => void,
  ) {
    this.#outbox = new Outbox(this.path, session.token, () => this.onChange(this));
    this.#feed = new Feed<CounterEvent>(`${this.path}/feed`, session.token, 0, {
      onEvent: (event) => this.#onEvent(event),
      onState: (state) => this.#onState(state),
    });
  }

  get path(): string {
    return `/api/v1/conversations/${this.session.id}`;
  }

  get letters(): readonly Letter[] {
    return this.#outbox?.letters ?? [];
  }

  /** Say something. A pressed choice is said by its value and shown by its label. */
  say(text: string): void {
    this.#outbox.add(text, labelOf(this.view, text));
  }

  retry(clientId: string): void {
    this.#outbox.retry(clientId);
  }

  drop(clientId: string): void {
    this.#outbox.drop(clientId);
  }

  /** Tell the counter that the customer types on after a message, so that the burst is answered as a whole. */
  typing(): void {
    if (!this.view.isAwaiting && this.letters.length === 0) return;
    const now = Date.now();
    if (now - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = now;
    this.#feed.note("typing");
  }

  startVerification(method: Method): Promise<Challenge> {
    return this.#verify<Challenge>({ action: "start", method });
  }

  checkVerification(method: Method, challenge: string, answer: Record<string, string>): Promise<Checked> {
    return this.#verify<Checked>({ action: "check", method, challenge, answer });
  }

  /** Leave the conversation alone; it stays in the record. */
  end(): void {
    this.#feed.end();
    this.#outbox.end();
  }

  #verify<Answer>(body: unknown): Promise<Answer> {
    return call<Answer>("POST", `${this.path}/verification`, { token: this.session.token, body });
  }

  #onEvent(event: CounterEvent): void {
    this.view = fold(this.view, event);
    if (event.kind === "message.received") this.#outbox.settle(event.client_id);
    this.onChange(this);
  }

  #onState(state: FeedState): void {
    if (state === this.line) return;
    this.line = state;
    if (state === "live") {
      this.#outbox?.flush();
      window.setTimeout(() => {
        this.isCaughtUp = true;
        this.onChange(this);
      }, 300);
    }
    this.onChange(this);
  }
}

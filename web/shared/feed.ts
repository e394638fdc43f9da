/** A feed that survives its connection: it always goes on after the last event it has told. */

const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 10_000;
const PING_MS = 25_000;
const PONG_MS = 8_000;
const GONE = 4404; // the conversation is not there (any more) for this token

export type FeedState = "connecting" | "live" | "offline" | "gone";

interface Sequenced {
  readonly sequence: number;
}

export interface FeedListener<Event> {
  readonly onEvent: (event: Event) => void;
  readonly onState: (state: FeedState) => void;
}

export class Feed<Event extends Sequenced> {
  #socket: WebSocket | null = null;
  #after: number;
  #pauseMs = FIRST_PAUSE_MS;
  #timer = 0;
  #heartbeat = 0;
  #ended = false;

  constructor(
    private readonly path: string,
    private readonly token: string,
    after: number,
    private readonly listener: FeedListener<Event>,
  ) {
    this.#after = after;
    window.addEventListener("online", this.#connectNow);
    window.addEventListener("offline", this.#drop);
    document.addEventListener("visibilitychange", this.#onVisible);
    this.#connect();
  }

  /** End the feed for good. */
  end(): void {
    this.#ended = true;
    window.removeEventListener("online", this.#connectNow);
    window.removeEventListener("offline", this.#drop);
    document.removeEventListener("visibilitychange", this.#onVisible);
    clearTimeout(this.#timer);
    clearTimeout(this.#heartbeat);
    this.#socket?.close();
  }

  /** Tell the counter something small, if the line is up: it does not matter if it is lost. */
  note(kind: "typing" | "ping"): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ kind }));
  }

  #connect(): void {
    this.listener.onState("connecting");
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}${this.path}?after=${this.#after}`);
    this.#socket = socket;
    socket.onopen = () => {
      socket.send(JSON.stringify({ token: this.token }));
      this.note("ping"); // the answer shows that the token was taken
      this.#waitForSign(PONG_MS);
    };
    socket.onmessage = (message) => this.#onMessage(String(message.data));
    socket.onclose = (closed) => {
      if (this.#socket === socket) this.#onClose(closed.code);
    };
  }

  #onMessage(text: string): void {
    this.#pauseMs = FIRST_PAUSE_MS;
    this.listener.onState("live");
    this.#waitForSign(PING_MS);
    const event = JSON.parse(text) as Partial<Event>;
    if (event.sequence === undefined || event.sequence <= this.#after) return;
    this.#after = event.sequence;
    this.listener.onEvent(event as Event);
  }

  /** A line that died silently gives no sign: ask for one after a while, and give up soon after that. */
  #waitForSign(ms: number): void {
    clearTimeout(this.#heartbeat);
    this.#heartbeat = window.setTimeout(() => {
      if (ms === PONG_MS) {
        this.#drop();
        return;
      }
      this.note("ping");
      this.#waitForSign(PONG_MS);
    }, ms);
  }

  #onClose(code: number): void {
    clearTimeout(this.#heartbeat);
    this.#socket = null;
    if (this.#ended) return;
    if (code === GONE) {
      this.end();
      this.listener.onState("gone");
      return;
    }
    this.listener.onState("offline");
    const pause = this.#pauseMs * (0.75 + Math.random() / 2);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#connect(), pause);
  }

  readonly #drop = (): void => {
    const socket = this.#socket;
    if (!socket) return;
    socket.onclose = null;
    socket.close();
    this.#onClose(0);
  };

  readonly #connectNow = (): void => {
    if (this.#ended || this.#socket) return;
    clearTimeout(this.#timer);
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#connect();
  };

  readonly #onVisible = (): void => {
    if (!document.hidden) this.#connectNow();
  };
}

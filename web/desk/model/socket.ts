/** One socket for all that the desk hears, opened again whenever it is lost. It knows nothing of what is said on it. */

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 5_000;
const PING_MS = 3_000;
const SILENT_MS = 10_000;
const SIGNED_OUT = 4401;
const FORBIDDEN = 4403;

export interface SocketListener {
  readonly onOpen: () => void;
  readonly onMessage: (message: unknown) => void;
  readonly onLost: () => void;
  readonly onRefused: () => void;
}

export class Socket {
  #socket: WebSocket | null = null;
  #pauseMs = FIRST_PAUSE_MS;
  #timer = 0;
  #pinging = 0;
  #heardAt = 0;
  #ended = false;

  constructor(
    private readonly path: string,
    private readonly listener: SocketListener,
  ) {
    window.addEventListener("online", this.#connectNow);
    window.addEventListener("offline", this.#drop);
    document.addEventListener("visibilitychange", this.#onVisible);
    this.#connect();
  }

  /** Say something, if the line is up; returns whether it was said. */
  say(message: object): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Close it for good. */
  end(): void {
    this.#ended = true;
    window.removeEventListener("online", this.#connectNow);
    window.removeEventListener("offline", this.#drop);
    document.removeEventListener("visibilitychange", this.#onVisible);
    this.#quiet();
    this.#socket?.close();
  }

  #connect(): void {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}${this.path}`);
    this.#socket = socket;
    socket.onopen = () => {
      this.#heardAt = Date.now();
      this.listener.onOpen();
      this.#ping();
      this.#pinging = window.setInterval(() => this.#ping(), PING_MS);
    };
    socket.onmessage = (message) => {
      this.#heardAt = Date.now();
      this.#pauseMs = FIRST_PAUSE_MS;
      this.listener.onMessage(JSON.parse(String(message.data)));
    };
    socket.onclose = (closed) => {
      if (this.#socket === socket) this.#onClose(closed.code);
    };
  }

  /** A line that died silently gives no sign for long; it is given up. */
  #ping(): void {
    if (Date.now() - this.#heardAt > SILENT_MS) this.#drop();
    else this.say({ kind: "ping", at: new Date().toISOString() });
  }

  #quiet(): void {
    window.clearInterval(this.#pinging);
    window.clearTimeout(this.#timer);
  }

  #onClose(code: number): void {
    this.#quiet();
    this.#socket = null;
    if (this.#ended) return;
    this.listener.onLost();
    if (code === SIGNED_OUT || code === FORBIDDEN) {
      this.end();
      this.listener.onRefused();
      return;
    }
    const pause = this.#pauseMs * (0.75 + Math.random() / 2);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
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
    this.#quiet();
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#connect();
  };

  readonly #onVisible = (): void => {
    if (!document.hidden) this.#connectNow();
  };
}

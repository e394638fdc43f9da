/** Calls of the HTTP interface. A failure is a `Problem`, whether the counter or the line refused. */

export const TIMEOUT_MS = 20_000;
const LINE_DOWN = 0;

/** Problem details (RFC 9457). `status` 0: the counter could not be reached. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly retryAfterMs = 0,
    readonly data: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
  }

  /** Whether the same call may succeed later: the line, a busy counter or a part that is out. */
  get isPassing(): boolean {
    return this.status === LINE_DOWN || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** `csrf`: the key that a session's cookie needs beside it for every change. */
export interface Call {
  readonly token?: string | undefined;
  readonly csrf?: string | undefined;
  readonly body?: unknown;
  readonly timeoutMs?: number;
}

/** Call the interface and return its answer. Throws `Problem`. */
export async function call<Answer>(method: string, path: string, given: Call = {}): Promise<Answer> {
  const headers: Record<string, string> = {};
  if (given.token) headers["Authorization"] = `Bearer ${given.token}`;
  if (given.csrf) headers["X-CSRF-Token"] = given.csrf;
  if (given.body !== undefined) headers["Content-Type"] = "application/json";
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      headers,
      body: given.body === undefined ? null : JSON.stringify(given.body),
      signal: AbortSignal.timeout(given.timeoutMs ?? TIMEOUT_MS),
      cache: "no-store",
    });
  } catch {
    throw new Problem(LINE_DOWN, "unreachable", "The counter could not be reached.");
  }
  if (!answer.ok) throw await problemOf(answer);
  return (answer.status === 204 ? undefined : await answer.json()) as Answer;
}

/** Return the problem that a refused answer tells of. */
export async function problemOf(answer: Response): Promise<Problem> {
  const retryAfterMs = Number(answer.headers.get("Retry-After") ?? 0) * 1000;
  const body: unknown = await answer.json().catch(() => ({}));
  const { code, detail, data } = body as { code?: string; detail?: string; data?: Record<string, unknown> };
  return new Problem(answer.status, code ?? "unknown", detail ?? answer.statusText, retryAfterMs, data);
}

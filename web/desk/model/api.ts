/** Calls of the desk, with the session's key against other sites' forms. */

import { type Call, call as plainCall } from "../../shared/api";

const DESK = "/api/v1/desk";
let csrf = "";

/** Use this key from now on; "" when nobody is signed in. */
export function useKey(key: string): void {
  csrf = key;
}

/** Read something. Throws `Problem`. */
export function read<Answer>(path: string, query: Record<string, string> = {}): Promise<Answer> {
  const search = new URLSearchParams(query).toString();
  return plainCall<Answer>("GET", `${DESK}/${path}${search ? `?${search}` : ""}`);
}

/** Change something. Throws `Problem`. */
export function change<Answer = void>(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<Answer> {
  const given: Call = body === undefined ? { csrf } : { csrf, body };
  return plainCall<Answer>(method, `${DESK}/${path}`, given);
}

/** Act in a conversation; returns where the act stands in the record. Throws `Problem`. */
export function act<Answer = { sequence: number }>(conversation: string, path: string, body: unknown = {}): Promise<Answer> {
  return change<Answer>("POST", `conversations/${encodeURIComponent(conversation)}/${path}`, body);
}

/** Return the address of something that the browser itself fetches, such as a download. */
export function address(path: string): string {
  return `${DESK}/${path}`;
}

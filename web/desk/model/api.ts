/** Calls of the desk, with the session's key against other sites' forms. */

import { type Call, Problem, call as plainCall, problemOf } from "../../shared/api";

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

/** Send the customer a file. Throws `Problem`. */
export async function sendFile(conversation: string, file: File): Promise<void> {
  const path = `conversations/${encodeURIComponent(conversation)}/attachments/${encodeURIComponent(file.name)}`;
  const headers = { "Content-Type": file.type || "application/octet-stream", "X-CSRF-Token": csrf };
  const answer = await fetch(`${DESK}/${path}`, { method: "PUT", headers, body: file }).catch(() => {
    throw new Problem(0, "unreachable", "The server could not be reached.");
  });
  if (!answer.ok) throw await problemOf(answer);
}

/** What the customer was asked last, in the words of the bank. Pure. */

import type { Event, Question } from "../model/wire";

/** Whether the bank has named the detail that is asked for; an identifier is no name. */
export function isNamed(question: Question | null | undefined): boolean {
  return Boolean(question?.label && question.label.zh !== question.slot?.replaceAll("_", " "));
}

/** Return the assistant's latest words within a procedure, which ask for what is open. */
export function lastAsked(events: readonly Event[], flow: string): string {
  const asked = events.findLast(
    (event) => event.kind === "message.sent" && event["author"] === "assistant" && event["flow"] === flow,
  );
  const lines = String(asked?.["text"] ?? "").split("\n").filter((line) => line.trim());
  return lines.at(-1) ?? "";
}

/** Short messages about what was done or could not be done, shown for a while. */

import { ref } from "vue";

import { Problem } from "../../shared/api";
import { type Word, hasWord, t } from "../words";

export interface Notice {
  readonly id: number;
  readonly tone: "good" | "bad";
  readonly text: string;
}

const SHOWN_MS = { good: 3_500, bad: 8_000 };
let count = 0;
export const notices = ref<Notice[]>([]);

export function dropNotice(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

function show(tone: Notice["tone"], text: string): void {
  count += 1;
  const id = count;
  notices.value = [...notices.value.filter((notice) => notice.text !== text).slice(-3), { id, tone, text }];
  window.setTimeout(() => dropNotice(id), SHOWN_MS[tone]);
}

/** Say that something was done. */
export function tellDone(text: string): void {
  show("good", text);
}

/** Say why something could not be done. */
export function tellProblem(error: unknown): void {
  show("bad", explain(error));
}

/** Return what a failure means for a person, in the language of the page. */
export function explain(error: unknown): string {
  if (!(error instanceof Problem)) throw error;
  if (error.status === 0) return t("error_line");
  const word = `error_${error.code}`;
  if (hasWord(word)) return t(word as Word);
  if (error.status === 429) return t("error_too_many");
  if (error.status >= 500) return t("error_server");
  return t("error_other", { code: error.code });
}

/** Masked fields that are shown for a moment, and only in this page's memory. */

import { defineStore } from "pinia";
import { reactive } from "vue";

import { act } from "./api";
import { now } from "./clock";
import { useUi } from "./ui";

interface Shown {
  readonly value: string;
  readonly until: number;
}

export const useReveals = defineStore("reveals", () => {
  const ui = useUi();
  const fields = reactive(new Map<string, Shown>());

  function keyOf(field: string): string {
    return `${ui.selected}/${field}`;
  }

  /** Return the value while it may be shown, else "". */
  function shown(field: string): string {
    const found = fields.get(keyOf(field));
    return found && found.until > now.value ? found.value : "";
  }

  function secondsLeft(field: string): number {
    const found = fields.get(keyOf(field));
    return found ? Math.max(0, Math.ceil((found.until - now.value) / 1000)) : 0;
  }

  /** Ask for a field; the reason is written down. Throws `Problem`. */
  async function reveal(field: string, reason: string): Promise<void> {
    const key = keyOf(field);
    const found = await act<{ value: string; until: string }>(ui.selected, "reveal", { field, reason });
    const until = Date.parse(found.until);
    fields.set(key, { value: found.value, until });
    window.setTimeout(() => fields.delete(key), Math.max(0, until - now.value));
  }

  return { shown, secondsLeft, reveal };
});

/** The time as the server has it, ticking once a second. */

import { computed, ref } from "vue";

const TICK_MS = 1_000;
const local = ref(Date.now());
const skewMs = ref(0);

window.setInterval(() => (local.value = Date.now()), TICK_MS);

/** The server's time in milliseconds. */
export const now = computed(() => local.value + skewMs.value);

/** Learn the server's time from one of its messages. */
export function setServerTime(at: string): void {
  skewMs.value = Date.parse(at) - Date.now();
  local.value = Date.now();
}

/** Whole seconds from `at` until now; negative while it lies ahead. */
export function secondsSince(at: string): number {
  return Math.floor((now.value - Date.parse(at)) / 1000);
}

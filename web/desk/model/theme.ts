/** Light, dark, or as the system has it. */

import { ref } from "vue";

import type { Theme } from "./wire";

const KEY = "tellerline.desk.theme";

export const theme = ref<Theme>("system");

/** Show a theme and remember it for the sign-in page of this browser. */
export function showTheme(wanted: Theme): void {
  theme.value = wanted;
  localStorage.setItem(KEY, wanted);
  const root = document.documentElement;
  if (wanted === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = wanted;
}

/** Show what this browser showed last. */
export function recallTheme(): void {
  const kept = localStorage.getItem(KEY);
  showTheme(kept === "light" || kept === "dark" ? kept : "system");
}

/** How the page looks and speaks to this customer: language, light or dark, text size. Kept for the next visit. */

import { type Taste, keep } from "./keep";
import type { Language } from "./wire";
import { language, preferredLanguage, speak } from "./words";

let taste: Taste = keep.taste();

/** Return the customer's taste. */
export function currentTaste(): Taste {
  return taste;
}

/** Change the customer's taste, show it and keep it. */
export function setTaste(change: Partial<Taste>): void {
  taste = { ...taste, ...change };
  keep.setTaste(taste);
  showTaste();
}

/** Show the page as the customer likes it. */
export function showTaste(): void {
  const root = document.documentElement;
  root.dataset["theme"] = taste.theme;
  root.dataset["size"] = taste.size;
  root.dataset["panel"] = taste.panel;
  speak(taste.language || preferredLanguage());
}

/** Follow the conversation's language, unless the customer has chosen one. Say whether anything changed. */
export function followLanguage(spoken: Language): boolean {
  if (taste.language || spoken === language()) return false;
  speak(spoken);
  return true;
}

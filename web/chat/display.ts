/** How the page looks and speaks to this customer: language, light or dark, text size. Kept for the next visit. */

import { type Taste, keep } from "./keep";
import type { Language } from "./wire";
import { language, preferredLanguage, speak } from "./words";

let taste: Taste = keep.taste();
let isElder = false;

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

/** Return the size of the text: the customer's own choice, else large for elders. */
export function textSize(): "standard" | "large" {
  return taste.size || (isElder ? "large" : "standard");
}

/** Say whether the customer is an elder, who is offered large text from the start. */
export function serveElder(isSo: boolean): void {
  isElder = isSo;
  showTaste();
}

/** Show the page as the customer likes it. */
export function showTaste(): void {
  const root = document.documentElement;
  root.dataset["theme"] = taste.theme;
  root.dataset["size"] = textSize();
  root.dataset["panel"] = taste.panel;
  speak(taste.language || preferredLanguage());
}

/** Follow the conversation's language, unless the customer has chosen one. Say whether anything changed. */
export function followLanguage(spoken: Language): boolean {
  if (taste.language || spoken === language()) return false;
  speak(spoken);
  return true;
}

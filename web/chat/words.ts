/** Which language the page speaks, and its words. Changing it redraws the page; nothing is loaded anew. */

import { en } from "./words/en";
import { zh } from "./words/zh";
import type { Language } from "./wire";

export type Word = keyof typeof zh;
export type Words = Record<Word, string>;

const BOOKS: Record<Language, Words> = { zh, en };
const HTML_LANG: Record<Language, string> = { zh: "zh-CN", en: "en" };
let spoken: Language = "zh";

/** Return the language the page speaks. */
export function language(): Language {
  return spoken;
}

/** Let the page speak another language; the caller redraws it. */
export function speak(language: Language): void {
  spoken = language;
  document.documentElement.lang = HTML_LANG[language];
}

/** Return the `lang` of a text in `language`, so that screen readers and fonts treat it rightly. */
export function langOf(language: Language): string {
  return HTML_LANG[language];
}

/** Return the language the browser prefers. */
export function preferredLanguage(): Language {
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** Return a text, with `{name}` replaced by what is given. */
export function t(word: Word, given: Record<string, string | number> = {}): string {
  return BOOKS[spoken][word].replace(/\{(\w+)\}/g, (_, name: string) => String(given[name] ?? ""));
}

/** Return a clock time such as 14:05. */
export function clock(at: string): string {
  return new Date(at).toLocaleTimeString(HTML_LANG[spoken], { hour: "2-digit", minute: "2-digit", hour12: false });
}

/** Return a day as people say it. */
export function day(at: string): string {
  const date = new Date(at);
  const ago = Math.round((startOfDay(new Date()) - startOfDay(date)) / 86_400_000);
  if (ago === 0) return t("today");
  if (ago === 1) return t("yesterday");
  return date.toLocaleDateString(HTML_LANG[spoken], { year: "numeric", month: "long", day: "numeric" });
}

/** Return a moment with its day, for promises. */
export function moment(at: string): string {
  const format: Intl.DateTimeFormatOptions = {
    month: "long",
    day: "numeric",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  };
  return new Date(at).toLocaleString(HTML_LANG[spoken], format);
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

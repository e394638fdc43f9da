/** The language of the page, its words, and how it writes times. Changing it redraws what is shown; nothing is loaded. */

import { computed } from "vue";
import { createI18n } from "vue-i18n";

import type { Language, Text } from "../model/wire";
import { en } from "./en";
import { zh } from "./zh";

export type Word = keyof typeof zh;

const KEY = "tellerline.desk.language";
const HTML_LANG: Record<Language, string> = { zh: "zh-CN", en: "en" };

export const i18n = createI18n({ legacy: false, locale: recall(), messages: { zh, en }, warnHtmlMessage: false });
document.documentElement.lang = HTML_LANG[recall()];

function recall(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === "zh" || kept === "en") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export const language = computed(() => i18n.global.locale.value as Language);

/** Let the page speak another language. */
export function setLanguage(wanted: Language): void {
  i18n.global.locale.value = wanted;
  localStorage.setItem(KEY, wanted);
  document.documentElement.lang = HTML_LANG[wanted];
  document.title = t("title");
}

/** Return a text of the page. With `n` the form for that number is taken. */
export function t(word: Word, given: Record<string, string | number> = {}): string {
  const n = given["n"];
  return typeof n === "number" ? i18n.global.t(word, given, n) : i18n.global.t(word, given);
}

/** Whether there is a text of this name. */
export function hasWord(word: string): boolean {
  return word in zh;
}

/** Return a text by a name made at run time, or the name itself. */
export function named(prefix: string, name: string): string {
  const word = `${prefix}_${name}`;
  return hasWord(word) ? t(word as Word) : name.replaceAll("_", " ");
}

/** Return a text of the bank in the language of the page. */
export function said(text: Text | string | null | undefined): string {
  if (!text) return "";
  return typeof text === "string" ? text : text[language.value] || text.zh || text.en;
}

export function langOf(spoken: Language): string {
  return HTML_LANG[spoken];
}

/** Return a time such as 14:05, with its day when that is not today. */
export function clock(at: string): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString(HTML_LANG[language.value], { hour: "2-digit", minute: "2-digit", hour12: false });
  if (date.toDateString() === new Date().toDateString()) return time;
  const day = date.toLocaleDateString(HTML_LANG[language.value], { month: "short", day: "numeric" });
  return `${day} ${time}`;
}

/** Return a span of seconds as 0:07, 12:30 or 3:05:00. */
export function span(seconds: number): string {
  const all = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const two = (n: number): string => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Return a span in words: "8 seconds", "3 minutes". */
export function ago(seconds: number): string {
  if (seconds < 60) return t("seconds", { n: Math.max(1, Math.floor(seconds)) });
  if (seconds < 3600) return t("minutes", { n: Math.floor(seconds / 60) });
  if (seconds < 86_400) return t("hours", { n: Math.floor(seconds / 3600) });
  return t("days", { n: Math.floor(seconds / 86_400) });
}

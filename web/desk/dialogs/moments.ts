/** Moments people mean when they put something off, and how the browser's own date field writes them. Pure. */

import type { Word } from "../words";

export interface Moment {
  readonly word: Word;
  readonly at: Date;
}

const MINUTE_MS = 60_000;

function at(day: Date, hour: number): Date {
  const found = new Date(day);
  found.setHours(hour, 0, 0, 0);
  return found;
}

/** Return usual moments after `now`, the nearest first. */
export function usualMoments(now: Date): Moment[] {
  const tomorrow = new Date(now.getTime() + 24 * 60 * MINUTE_MS);
  const found: Moment[] = [
    { word: "in_30_minutes", at: new Date(now.getTime() + 30 * MINUTE_MS) },
    { word: "in_2_hours", at: new Date(now.getTime() + 120 * MINUTE_MS) },
    { word: "today_17", at: at(now, 17) },
    { word: "tomorrow_10", at: at(tomorrow, 10) },
    { word: "tomorrow_15", at: at(tomorrow, 15) },
  ];
  return found.filter((moment) => moment.at.getTime() > now.getTime() + MINUTE_MS);
}

/** Write a moment for `<input type="datetime-local">`, in the time of this computer. */
export function localValue(moment: Date): string {
  const shifted = new Date(moment.getTime() - moment.getTimezoneOffset() * MINUTE_MS);
  return shifted.toISOString().slice(0, 16);
}

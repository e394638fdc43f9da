import { dialogs } from "./en/dialogs";
import { record } from "./en/record";
import { screen } from "./en/screen";
import type { zh } from "./zh";

export const en: Record<keyof typeof zh, string> = { ...screen, ...dialogs, ...record };

/** The shortcuts: one table. A binding names physical keys, since an Option key on a Mac types symbols. */

import type { Word } from "../words";

export const ACTIONS = {
  accept: "Alt+KeyA",
  urgent: "Alt+KeyN",
  next: "Alt+KeyJ",
  previous: "Alt+KeyK",
  reply: "Alt+KeyL",
  note: "Alt+KeyP",
  ask: "Alt+KeyH",
  send: "Mod+Enter",
  card1: "Alt+Digit1",
  card2: "Alt+Digit2",
  card3: "Alt+Digit3",
  dismiss: "Alt+KeyX",
  guided: "Alt+KeyG",
  procedure: "Alt+KeyO",
  verify: "Alt+KeyV",
  transfer: "Alt+KeyT",
  freeze: "Alt+Shift+KeyF",
  promise: "Alt+KeyB",
  snooze: "Alt+KeyM",
  wrap: "Alt+KeyE",
  presence: "Alt+KeyS",
  palette: "Mod+KeyK",
  map: "Shift+Slash",
} as const;

export type Action = keyof typeof ACTIONS;
export const ACTION_NAMES = Object.keys(ACTIONS) as Action[];

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const MODIFIERS = ["Mod", "Alt", "Shift"] as const;

/** Return what an action is called. */
export function wordOf(action: Action): Word {
  return `key_${action}`;
}

/** Return the binding in force: the person's own, else the usual one. */
export function bindingOf(action: Action, own: Readonly<Record<string, string>> = {}): string {
  return own[action] ?? ACTIONS[action];
}

/** Whether an input method is at work on this key; such keys belong to it. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** Return the binding that a key press makes, or "" for a modifier alone. */
export function bindingFrom(event: KeyboardEvent): string {
  if (!event.code || /^(Alt|Shift|Control|Meta|OS)/.test(event.code)) return "";
  const held = { Mod: isMac ? event.metaKey : event.ctrlKey, Alt: event.altKey, Shift: event.shiftKey };
  return [...MODIFIERS.filter((name) => held[name]), event.code].join("+");
}

/** Whether a full-width or a plain character stands for the key, whatever the keyboard's layout. */
export function isCharacter(event: KeyboardEvent, plain: string, wide: string): boolean {
  return !event.altKey && !event.ctrlKey && !event.metaKey && (event.key === plain || event.key === wide);
}

/** Write a binding for people: ⌥ on a Mac, Alt elsewhere. */
export function shown(binding: string): string {
  const names: Record<string, string> = isMac
    ? { Mod: "⌘", Alt: "⌥", Shift: "⇧", Enter: "↩", Slash: "/" }
    : { Mod: "Ctrl", Alt: "Alt", Shift: "Shift", Enter: "Enter", Slash: "/" };
  if (binding === ACTIONS.map) return "?";
  return binding
    .split("+")
    .map((part) => names[part] ?? part.replace(/^(Key|Digit)/, ""))
    .join(isMac ? "" : "+");
}

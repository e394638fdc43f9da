/** Shortcuts in force: whoever is on the screen says what an action does, and the keyboard calls it. */

import { onBeforeUnmount, onMounted } from "vue";

import { useSession } from "../model/session";
import { useUi } from "../model/ui";
import { ACTION_NAMES, type Action, bindingFrom, bindingOf, isCharacter, isComposing, shown } from "./bindings";

type Handler = () => void;
const handlers = new Map<Action, Handler[]>();

/** Let an action do this while the component is on the screen. */
export function useAction(action: Action, handler: Handler): void {
  onMounted(() => handlers.set(action, [...(handlers.get(action) ?? []), handler]));
  onBeforeUnmount(() =>
    handlers.set(
      action,
      (handlers.get(action) ?? []).filter((other) => other !== handler),
    ),
  );
}

/** Do an action, if anything on the screen can; each part that offers it knows whether it is meant. */
export function run(action: Action): boolean {
  const found = handlers.get(action) ?? [];
  for (const handler of [...found]) handler();
  return found.length > 0;
}

/** Whether an action can be done now. */
export function canRun(action: Action): boolean {
  return Boolean(handlers.get(action)?.length);
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** Listen to the keyboard while the component is on the screen. */
export function useKeyboard(): void {
  const session = useSession();
  const ui = useUi();

  function onKey(event: KeyboardEvent): void {
    if (isComposing(event) || event.repeat) return;
    if (ui.dialog) return;
    if (isCharacter(event, "?", "？") && !isWriting(event.target)) {
      if (run("map")) event.preventDefault();
      return;
    }
    const pressed = bindingFrom(event);
    if (!pressed || pressed === "Shift+Slash") return;
    const action = ACTION_NAMES.find((name) => bindingOf(name, session.preferences.keys) === pressed);
    if (action && run(action)) event.preventDefault();
  }

  onMounted(() => window.addEventListener("keydown", onKey));
  onBeforeUnmount(() => window.removeEventListener("keydown", onKey));
}

/** Return the shortcut of an action as it is written for people. */
export function useShown(): (action: Action) => string {
  const session = useSession();
  return (action) => shown(bindingOf(action, session.preferences.keys));
}

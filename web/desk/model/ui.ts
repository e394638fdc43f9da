/** What is open on the screen: the conversation looked at, the dialog above it, and the panes beside it. */

import { defineStore } from "pinia";
import { computed, ref, shallowRef } from "vue";

import { useSession } from "./session";
import type { PaneName } from "./wire";

export type DialogName =
  | "keys"
  | "palette"
  | "transfer"
  | "promise"
  | "snooze"
  | "wrap"
  | "verify"
  | "reveal"
  | "procedure"
  | "freeze"
  | "giveBack"
  | "takeOver"
  | "busy"
  | "dismiss"
  | "keep";

export interface Dialog {
  readonly name: DialogName;
  readonly given: Readonly<Record<string, unknown>>;
}

export const PANES: Record<PaneName, { least: number; usual: number; most: number }> = {
  work: { least: 220, usual: 280, most: 420 },
  customer: { least: 240, usual: 288, most: 440 },
  copilot: { least: 260, usual: 316, most: 480 },
};
export const RAIL_PX = 44;
export const TALK_LEAST_PX = 470;
/** Which pane gives way first when the window is narrow. */
const GIVING_WAY: readonly PaneName[] = ["customer", "work", "copilot"];

export const useUi = defineStore("ui", () => {
  const session = useSession();
  const selected = ref("");
  const dialog = shallowRef<Dialog | null>(null);
  const width = ref(window.innerWidth);
  const floating = ref<PaneName | "">("");
  window.addEventListener("resize", () => (width.value = window.innerWidth));

  function open(name: DialogName, given: Record<string, unknown> = {}): void {
    dialog.value = { name, given };
  }

  function close(): void {
    dialog.value = null;
  }

  function paneWidth(pane: PaneName): number {
    const { least, usual, most } = PANES[pane];
    return Math.min(most, Math.max(least, session.preferences.panes?.[pane] ?? usual));
  }

  /** Panes that stand beside the conversation; the others are rails. */
  const docked = computed(() => {
    const shut = new Set(session.preferences.shut ?? []);
    for (const pane of GIVING_WAY) {
      const taken = GIVING_WAY.reduce((sum, name) => sum + (shut.has(name) ? RAIL_PX : paneWidth(name)), 0);
      if (width.value - taken >= TALK_LEAST_PX) break;
      shut.add(pane);
    }
    return GIVING_WAY.filter((pane) => !shut.has(pane));
  });

  function isDocked(pane: PaneName): boolean {
    return docked.value.includes(pane);
  }

  /** Open or shut a pane: beside the conversation where there is room, above it where there is not. */
  function toggle(pane: PaneName): void {
    const shut = session.preferences.shut ?? [];
    if (isDocked(pane)) {
      session.prefer({ shut: [...shut, pane] });
    } else if (floating.value === pane) {
      floating.value = "";
    } else {
      session.prefer({ shut: shut.filter((name) => name !== pane) });
      floating.value = isDocked(pane) ? "" : pane;
    }
  }

  function resize(pane: PaneName, px: number): void {
    session.prefer({ panes: { ...session.preferences.panes, [pane]: Math.round(px) } });
  }

  return { selected, dialog, width, floating, docked, open, close, paneWidth, isDocked, toggle, resize };
});
